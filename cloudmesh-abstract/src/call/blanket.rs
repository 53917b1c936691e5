//! Whatever answers operations as values answers the trait's methods as well.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::Value;

use super::Call;
use crate::{
    Capability, ComputeNodeABC, Console, Flavor, FlavorQuery, Identity, Image, ImageQuery, KeyPair, Keys, Leftover,
    Leftovers, Metadata, Node, NodeId, NodeQuery, NodeSpec, PublicIp, PublicIps, Raw, RawCall, RebootKind, Rename,
    Request, Resize, Result, SecurityGroup, SecurityGroups, SecurityRule, Suspend,
};

macro_rules! accessors {
    ($($name:ident -> $trait:ident if $capability:ident),+ $(,)?) => {
        $(fn $name(&self) -> Option<&dyn $trait> {
            self.capabilities().contains(&Capability::$capability).then_some(self as &dyn $trait)
        })+
    };
}

#[async_trait]
impl<C: Call> ComputeNodeABC for C {
    async fn list(&self, query: &NodeQuery) -> Result<Vec<Node>> {
        self.call(Request::List(query.clone())).await?.try_into()
    }

    async fn find(&self, name: &str) -> Result<Vec<Node>> {
        self.call(Request::Find(name.to_owned())).await?.try_into()
    }

    async fn info(&self, id: &NodeId) -> Result<Node> {
        self.call(Request::Info(id.clone())).await?.try_into()
    }

    async fn create(&self, spec: &NodeSpec) -> Result<Node> {
        self.call(Request::Create(Box::new(spec.clone()))).await?.try_into()
    }

    async fn start(&self, id: &NodeId) -> Result<()> {
        self.call(Request::Start(id.clone())).await?.try_into()
    }

    async fn stop(&self, id: &NodeId) -> Result<()> {
        self.call(Request::Stop(id.clone())).await?.try_into()
    }

    async fn reboot(&self, id: &NodeId, kind: RebootKind) -> Result<()> {
        self.call(Request::Reboot(id.clone(), kind)).await?.try_into()
    }

    async fn destroy(&self, id: &NodeId) -> Result<()> {
        self.call(Request::Destroy(id.clone())).await?.try_into()
    }

    async fn images(&self, query: &ImageQuery) -> Result<Vec<Image>> {
        self.call(Request::Images(query.clone())).await?.try_into()
    }

    async fn image(&self, name: &str) -> Result<Image> {
        self.call(Request::Image(name.to_owned())).await?.try_into()
    }

    async fn flavors(&self, query: &FlavorQuery) -> Result<Vec<Flavor>> {
        self.call(Request::Flavors(query.clone())).await?.try_into()
    }

    async fn flavor(&self, name: &str) -> Result<Flavor> {
        self.call(Request::Flavor(name.to_owned())).await?.try_into()
    }

    async fn whoami(&self) -> Result<Identity> {
        self.call(Request::Whoami).await?.try_into()
    }

    accessors! {
        as_suspend -> Suspend if Suspend,
        as_rename -> Rename if Rename,
        as_resize -> Resize if Resize,
        as_metadata -> Metadata if Metadata,
        as_keys -> Keys if Keys,
        as_public_ips -> PublicIps if PublicIps,
        as_secgroups -> SecurityGroups if Secgroups,
        as_console -> Console if Console,
        as_leftovers -> Leftovers if Leftovers,
        as_raw -> Raw if Raw,
    }

    fn lacks(&self, capability: Capability) -> &str {
        self.why_lacking(capability)
    }
}

#[async_trait]
impl<C: Call> Suspend for C {
    async fn suspend(&self, id: &NodeId) -> Result<()> {
        self.call(Request::Suspend(id.clone())).await?.try_into()
    }

    async fn resume(&self, id: &NodeId) -> Result<()> {
        self.call(Request::Resume(id.clone())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> Rename for C {
    async fn rename(&self, id: &NodeId, name: &str) -> Result<()> {
        self.call(Request::Rename(id.clone(), name.to_owned())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> Resize for C {
    async fn resize(&self, id: &NodeId, flavor: &str) -> Result<()> {
        self.call(Request::Resize(id.clone(), flavor.to_owned())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> Metadata for C {
    async fn get_server_metadata(&self, id: &NodeId) -> Result<BTreeMap<String, String>> {
        self.call(Request::GetServerMetadata(id.clone())).await?.try_into()
    }

    async fn set_server_metadata(&self, id: &NodeId, pairs: &BTreeMap<String, String>) -> Result<()> {
        self.call(Request::SetServerMetadata(id.clone(), pairs.clone())).await?.try_into()
    }

    async fn delete_server_metadata(&self, id: &NodeId, keys: &[String]) -> Result<()> {
        self.call(Request::DeleteServerMetadata(id.clone(), keys.to_vec())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> Keys for C {
    async fn keys(&self) -> Result<Vec<KeyPair>> {
        self.call(Request::Keys).await?.try_into()
    }

    async fn key_upload(&self, key: &KeyPair) -> Result<KeyPair> {
        self.call(Request::KeyUpload(key.clone())).await?.try_into()
    }

    async fn key_delete(&self, name: &str) -> Result<()> {
        self.call(Request::KeyDelete(name.to_owned())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> PublicIps for C {
    async fn list_public_ips(&self) -> Result<Vec<PublicIp>> {
        self.call(Request::ListPublicIps).await?.try_into()
    }

    async fn create_public_ip(&self, pool: Option<&str>) -> Result<PublicIp> {
        self.call(Request::CreatePublicIp(pool.map(str::to_owned))).await?.try_into()
    }

    async fn attach_public_ip(&self, id: &NodeId, address: &str) -> Result<()> {
        self.call(Request::AttachPublicIp(id.clone(), address.to_owned())).await?.try_into()
    }

    async fn detach_public_ip(&self, id: &NodeId, address: &str) -> Result<()> {
        self.call(Request::DetachPublicIp(id.clone(), address.to_owned())).await?.try_into()
    }

    async fn delete_public_ip(&self, address: &str) -> Result<()> {
        self.call(Request::DeletePublicIp(address.to_owned())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> SecurityGroups for C {
    async fn list_secgroups(&self) -> Result<Vec<SecurityGroup>> {
        self.call(Request::ListSecgroups).await?.try_into()
    }

    async fn list_secgroup_rules(&self, group: &str) -> Result<Vec<SecurityRule>> {
        self.call(Request::ListSecgroupRules(group.to_owned())).await?.try_into()
    }

    async fn add_secgroup(&self, name: &str, description: &str) -> Result<SecurityGroup> {
        self.call(Request::AddSecgroup(name.to_owned(), description.to_owned())).await?.try_into()
    }

    async fn remove_secgroup(&self, group: &str) -> Result<()> {
        self.call(Request::RemoveSecgroup(group.to_owned())).await?.try_into()
    }

    async fn add_rules_to_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        self.call(Request::AddRulesToSecgroup(group.to_owned(), rules.to_vec())).await?.try_into()
    }

    async fn remove_rules_from_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        self.call(Request::RemoveRulesFromSecgroup(group.to_owned(), rules.to_vec())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> Console for C {
    async fn console(&self, id: &NodeId) -> Result<String> {
        self.call(Request::Console(id.clone())).await?.try_into()
    }

    async fn log(&self, id: &NodeId) -> Result<String> {
        self.call(Request::Log(id.clone())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> Leftovers for C {
    async fn leftovers(&self) -> Result<Vec<Leftover>> {
        self.call(Request::Leftovers).await?.try_into()
    }

    async fn remove_leftover(&self, leftover: &Leftover) -> Result<()> {
        self.call(Request::RemoveLeftover(leftover.clone())).await?.try_into()
    }
}

#[async_trait]
impl<C: Call> Raw for C {
    async fn raw(&self, call: &RawCall) -> Result<Value> {
        self.call(Request::Raw(call.clone())).await?.try_into()
    }
}
