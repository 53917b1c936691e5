//! The conformance suite, on a real OpenStack.
//!
//! `CLOUDMESH_OPENSTACK` names its `clouds.yaml`, `CLOUDMESH_OPENSTACK_CLOUD` the cloud in it (`demo` unless given), and
//! `CLOUDMESH_OPENSTACK_KEY` a key pair there, if one is to be used.
//! Nodes are made from the first image, in the smallest flavor it fits, on the first network that is not external;
//! everything that is made is removed again. Without the variable nothing is tried, which is a failure when
//! `CLOUDMESH_REQUIRE=all`.

use std::env;
use std::process::ExitCode;

use async_trait::async_trait;
use cloudmesh_abstract::conformance::{Props, Stage, Target};
use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Context, Error, ErrorKind, FlavorQuery, ImageQuery, Result, Settings,
};
use cloudmesh_openstack::OpenStack;
use serde_json::Value;
use tokio::sync::OnceCell;

fn main() -> ExitCode {
    let Ok(path) = env::var("CLOUDMESH_OPENSTACK") else { return left_out() };
    let cloud = env::var("CLOUDMESH_OPENSTACK_CLOUD").unwrap_or_else(|_| "demo".to_owned());
    match settings(&path, &cloud) {
        Ok(settings) => {
            let target = Real { name: format!("{cloud} of {path}"), settings, props: OnceCell::new() };
            cloudmesh_abstract::conformance::main::<OpenStack>(target)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn left_out() -> ExitCode {
    eprintln!("left out: no real OpenStack; CLOUDMESH_OPENSTACK=path/to/clouds.yaml names one");
    if env::var("CLOUDMESH_REQUIRE").as_deref() == Ok("all") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// A cloud of a `clouds.yaml`, as `cloudmesh.yaml` would say it.
fn settings(path: &str, cloud: &str) -> Result<Settings> {
    let broken = |what: &str| Error::new(ErrorKind::Config, format!("`{path}` {what}"));
    let text = std::fs::read_to_string(path).map_err(|error| broken("cannot be read").with_source(error))?;
    let file: Value = serde_yaml::from_str(&text).map_err(|error| broken("is not YAML").with_source(error))?;
    let entry = file["clouds"][cloud].as_object().ok_or_else(|| broken("lacks the cloud"))?;
    let keys = ["auth", "auth_type", "region_name", "interface", "cacert"];
    let known = keys.into_iter().filter_map(|key| Some((format!("credentials.{key}"), entry.get(key)?.clone())));
    Ok(known.fold(Settings::default(), |settings, (path, value)| settings.with(&path, value)))
}

#[derive(Debug)]
struct Real {
    name: String,
    settings: Settings,
    props: OnceCell<Props>,
}

#[derive(Debug)]
struct RealStage {
    settings: Settings,
    props: Props,
}

impl Real {
    async fn find_props(&self) -> Result<Props> {
        let provider = OpenStack::connect(self.settings.parse()?, Context::builder("real").build())?;
        let nothing = |what: &str| Error::new(ErrorKind::NotFound, format!("{} has no {what}", self.name));
        let image = provider.images(&ImageQuery::new()).await?.into_iter().next().ok_or_else(|| nothing("image"))?;
        let mut flavors = provider.flavors(&FlavorQuery::new()).await?;
        flavors.retain(|flavor| flavor.disk_gb >= image.min_disk_gb.map(u64::from));
        let flavor = flavors.into_iter().min_by_key(|flavor| flavor.memory_mb).ok_or_else(|| nothing("flavor"))?;
        let session = provider.cloud().await?;
        let networks = session.list_networks().await.map_err(|error| nothing("network").with_source(error))?;
        let network = networks.into_iter().find(|network| network.external() != Some(true));
        let mut props =
            Props::new(image.name, flavor.name).with_secgroup("default").with_raw("compute/flavors?limit=1");
        props.network = network.and_then(|network| network.name().clone());
        props.key = env::var("CLOUDMESH_OPENSTACK_KEY").ok();
        Ok(props)
    }
}

#[async_trait]
impl Target for Real {
    fn name(&self) -> String {
        self.name.clone()
    }

    async fn open(&self) -> Result<Box<dyn Stage>> {
        let props = self.props.get_or_try_init(|| self.find_props()).await?.clone();
        Ok(Box::new(RealStage { settings: self.settings.clone(), props }))
    }
}

impl Stage for RealStage {
    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn wrong_settings(&self) -> Option<Settings> {
        let secrets = ["credentials.auth.password", "credentials.auth.application_credential_secret"];
        let secret = secrets.into_iter().find(|path| self.settings.get(path).is_some())?;
        Some(self.settings.clone().with(secret, "this is not the secret"))
    }

    fn props(&self) -> Props {
        self.props.clone()
    }
}
