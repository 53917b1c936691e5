//! One cloud.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use cloudmesh_abstract::names::PatternError;
use serde_json::Value;

use super::{Nodes, wait};
use crate::{
    Brought, Flavor, FlavorQuery, GroupChanges, Identity, Image, ImageQuery, KeyPair, Leftover, Node, NodeId,
    NodeQuery, NodeSpec, PublicIp, PublicKey, RawCall, RebootKind, Result, SecurityGroup, SecurityRule,
};

/// One cloud of the configuration, as [`Provider`](crate::Provider), without `async`. Clones share connections, sign-in
/// and limits.
///
/// What a cloud lacks fails with [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported).
///
/// ```
/// # #[cfg(feature = "memory")] {
/// use cloudmesh_compute::{Goal, NodeSpec, Provider, blocking, config::Config, memory};
///
/// let credentials = format!("{{user: albert, password: {}}}", memory::PASSWORD);
/// let text = format!("cloudmesh: {{compute: {{lab: {{cm: {{kind: memory}}, credentials: {credentials}}}}}}}");
/// let config = Config::from_text(&text, "example")?;
///
/// let lab = blocking::Provider::from(Provider::builder("lab").config(config.into()).build()?);
/// lab.create(&NodeSpec::new("web-1", "ubuntu-24.04", "m1.small"))?;
/// let running = lab.nodes("web-1")?.wait(Goal::Running)?;
/// assert_eq!(running[0].name, "web-1");
/// # }
/// # Ok::<(), cloudmesh_compute::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Provider {
    inner: crate::Provider,
}

impl Provider {
    /// As [`Provider::new`](crate::Provider::new).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn new(name: &str) -> Result<Self> {
        crate::Provider::new(name).map(Self::from)
    }

    /// As [`Provider::with_config`](crate::Provider::with_config).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn with_config(name: &str, file: impl AsRef<Path>) -> Result<Self> {
        crate::Provider::with_config(name, file).map(Self::from)
    }

    /// The original: its name, its configuration, its plan.
    pub fn original(&self) -> &crate::Provider {
        &self.inner
    }

    /// Waits for any work with the original.
    ///
    /// # Errors
    ///
    /// Those of the work; [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) inside an async runtime.
    pub fn run<T>(&self, work: impl AsyncFnOnce(&crate::Provider) -> Result<T>) -> Result<T> {
        wait(work(&self.inner))
    }

    /// As [`Provider::nodes`](crate::Provider::nodes).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn nodes(&self, pattern: &str) -> Result<Nodes<'_>, PatternError> {
        Ok(Nodes::new(self.inner.nodes(pattern)?))
    }

    /// As [`Provider::upload_key`](crate::Provider::upload_key).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn upload_key(&self, name: &str, key: &PublicKey, replace: bool) -> Result<Brought> {
        wait(self.inner.upload_key(name, key, replace))
    }

    /// As [`Provider::upload_secgroup`](crate::Provider::upload_secgroup).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn upload_secgroup(&self, wanted: &SecurityGroup, exact: bool) -> Result<GroupChanges> {
        wait(self.inner.upload_secgroup(wanted, exact))
    }

    /// As [`Provider::nodes_of`](crate::Provider::nodes_of).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn nodes_of<S: AsRef<str>>(&self, patterns: &[S]) -> Result<Nodes<'_>, PatternError> {
        Ok(Nodes::new(self.inner.nodes_of(patterns)?))
    }
}

/// The comforts above the traits.
macro_rules! comforts {
    ($($name:ident($($value:ident: $type:ty),*) -> $answer:ty;)*) => {
        impl Provider {
            $(
                #[doc = concat!(
                    "As [`Provider::", stringify!($name), "`](crate::Provider::", stringify!($name),
                    ").\n\n# Errors\n\nAs there."
                )]
                pub fn $name(&self, $($value: $type),*) -> Result<$answer> {
                    wait(self.inner.$name($($value),*))
                }
            )*
        }
    };
}

comforts! {
    get_public_ip(id: &NodeId) -> Option<IpAddr>;
    find_available_public_ip() -> Option<PublicIp>;
    assign_public_ip(id: &NodeId) -> PublicIp;
    create_if_not_exists(spec: &NodeSpec) -> Node;
}

impl From<crate::Provider> for Provider {
    fn from(inner: crate::Provider) -> Self {
        Self { inner }
    }
}

/// The methods of the traits, one line each.
macro_rules! waiting {
    ($($trait:ident { $($name:ident($($value:ident: $type:ty),*) -> $answer:ty;)* })*) => {
        impl Provider {
            $($(
                #[doc = concat!(
                    "As [`", stringify!($trait), "::", stringify!($name), "`](crate::", stringify!($trait), "::",
                    stringify!($name), ").\n\n# Errors\n\nAs there."
                )]
                pub fn $name(&self, $($value: $type),*) -> Result<$answer> {
                    wait(crate::$trait::$name(&self.inner, $($value),*))
                }
            )*)*
        }
    };
}

waiting! {
    ComputeNodeABC {
        list(query: &NodeQuery) -> Vec<Node>;
        find(name: &str) -> Vec<Node>;
        info(id: &NodeId) -> Node;
        create(spec: &NodeSpec) -> Node;
        start(id: &NodeId) -> ();
        stop(id: &NodeId) -> ();
        reboot(id: &NodeId, kind: RebootKind) -> ();
        destroy(id: &NodeId) -> ();
        images(query: &ImageQuery) -> Vec<Image>;
        image(name: &str) -> Image;
        flavors(query: &FlavorQuery) -> Vec<Flavor>;
        flavor(name: &str) -> Flavor;
        whoami() -> Identity;
    }
    Suspend {
        suspend(id: &NodeId) -> ();
        resume(id: &NodeId) -> ();
    }
    Rename {
        rename(id: &NodeId, name: &str) -> ();
    }
    Resize {
        resize(id: &NodeId, flavor: &str) -> ();
    }
    Metadata {
        get_server_metadata(id: &NodeId) -> BTreeMap<String, String>;
        set_server_metadata(id: &NodeId, pairs: &BTreeMap<String, String>) -> ();
        delete_server_metadata(id: &NodeId, keys: &[String]) -> ();
    }
    Keys {
        keys() -> Vec<KeyPair>;
        key_upload(key: &KeyPair) -> KeyPair;
        key_delete(name: &str) -> ();
    }
    PublicIps {
        list_public_ips() -> Vec<PublicIp>;
        create_public_ip(pool: Option<&str>) -> PublicIp;
        attach_public_ip(id: &NodeId, address: &str) -> ();
        detach_public_ip(id: &NodeId, address: &str) -> ();
        delete_public_ip(address: &str) -> ();
    }
    SecurityGroups {
        list_secgroups() -> Vec<SecurityGroup>;
        list_secgroup_rules(group: &str) -> Vec<SecurityRule>;
        add_secgroup(name: &str, description: &str) -> SecurityGroup;
        remove_secgroup(group: &str) -> ();
        add_rules_to_secgroup(group: &str, rules: &[SecurityRule]) -> ();
        remove_rules_from_secgroup(group: &str, rules: &[SecurityRule]) -> ();
    }
    Console {
        console(id: &NodeId) -> String;
        log(id: &NodeId) -> String;
    }
    Leftovers {
        leftovers() -> Vec<Leftover>;
        remove_leftover(leftover: &Leftover) -> ();
    }
    Raw {
        raw(call: &RawCall) -> Value;
    }
}
