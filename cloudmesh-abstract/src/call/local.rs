//! A provider in this process.

use async_trait::async_trait;

use super::Call;
use crate::{
    Capabilities, Capability, ComputeNodeABC, Context, Error, ErrorKind, Flavor, Image, KeyPair, Node, PublicIp, Reply,
    Request, Result, SecurityGroup,
};

/// A linked provider, asked by value. It writes the cloud's name on what comes back, answers or errors.
#[derive(Debug)]
pub struct Local {
    provider: Box<dyn ComputeNodeABC>,
    kind: &'static str,
    context: Context,
}

impl Local {
    /// A provider of this kind, and the context it was made with.
    pub fn new(kind: &'static str, provider: Box<dyn ComputeNodeABC>, context: Context) -> Self {
        Self { provider, kind, context }
    }

    fn unsupported(&self, capability: Capability) -> Error {
        let reason = self.provider.lacks(capability);
        Error::new(ErrorKind::Unsupported, format!("`{capability}` is not supported on {}: {reason}", self.kind))
    }

    fn has<T>(&self, part: Option<T>, capability: Capability) -> Result<T> {
        part.ok_or_else(|| self.unsupported(capability))
    }

    /// The only place where an operation as a value becomes a method.
    async fn dispatch(&self, request: Request) -> Result<Reply> {
        use Request as R;
        let p = self.provider.as_ref();
        Ok(match request {
            R::List(query) => p.list(&query).await?.into(),
            R::Find(name) => p.find(&name).await?.into(),
            R::Info(id) => p.info(&id).await?.into(),
            R::Create(spec) => p.create(&spec).await?.into(),
            R::Start(id) => p.start(&id).await?.into(),
            R::Stop(id) => p.stop(&id).await?.into(),
            R::Reboot(id, kind) => p.reboot(&id, kind).await?.into(),
            R::Destroy(id) => p.destroy(&id).await?.into(),
            R::Images(query) => p.images(&query).await?.into(),
            R::Image(name) => p.image(&name).await?.into(),
            R::Flavors(query) => p.flavors(&query).await?.into(),
            R::Flavor(name) => p.flavor(&name).await?.into(),
            R::Whoami => p.whoami().await?.into(),
            R::Keys | R::KeyUpload(_) | R::KeyDelete(_) => self.keys(request).await?,
            R::ListPublicIps
            | R::CreatePublicIp(_)
            | R::AttachPublicIp(..)
            | R::DetachPublicIp(..)
            | R::DeletePublicIp(_) => self.public_ips(request).await?,
            R::ListSecgroups
            | R::ListSecgroupRules(_)
            | R::AddSecgroup(..)
            | R::RemoveSecgroup(_)
            | R::AddRulesToSecgroup(..)
            | R::RemoveRulesFromSecgroup(..) => self.secgroups(request).await?,
            other => self.node_extras(other).await?,
        })
    }

    async fn keys(&self, request: Request) -> Result<Reply> {
        let keys = self.has(self.provider.as_keys(), Capability::Keys)?;
        Ok(match request {
            Request::KeyUpload(key) => keys.key_upload(&key).await?.into(),
            Request::KeyDelete(name) => keys.key_delete(&name).await?.into(),
            _ => keys.keys().await?.into(),
        })
    }

    async fn public_ips(&self, request: Request) -> Result<Reply> {
        let ips = self.has(self.provider.as_public_ips(), Capability::PublicIps)?;
        Ok(match request {
            Request::CreatePublicIp(pool) => ips.create_public_ip(pool.as_deref()).await?.into(),
            Request::AttachPublicIp(id, address) => ips.attach_public_ip(&id, &address).await?.into(),
            Request::DetachPublicIp(id, address) => ips.detach_public_ip(&id, &address).await?.into(),
            Request::DeletePublicIp(address) => ips.delete_public_ip(&address).await?.into(),
            _ => ips.list_public_ips().await?.into(),
        })
    }

    async fn secgroups(&self, request: Request) -> Result<Reply> {
        let groups = self.has(self.provider.as_secgroups(), Capability::Secgroups)?;
        Ok(match request {
            Request::ListSecgroupRules(group) => groups.list_secgroup_rules(&group).await?.into(),
            Request::AddSecgroup(name, description) => groups.add_secgroup(&name, &description).await?.into(),
            Request::RemoveSecgroup(group) => groups.remove_secgroup(&group).await?.into(),
            Request::AddRulesToSecgroup(group, rules) => groups.add_rules_to_secgroup(&group, &rules).await?.into(),
            Request::RemoveRulesFromSecgroup(group, rules) => {
                groups.remove_rules_from_secgroup(&group, &rules).await?.into()
            }
            _ => groups.list_secgroups().await?.into(),
        })
    }

    async fn node_extras(&self, request: Request) -> Result<Reply> {
        use Capability as C;
        use Request as R;
        let p = self.provider.as_ref();
        Ok(match request {
            R::Suspend(id) => self.has(p.as_suspend(), C::Suspend)?.suspend(&id).await?.into(),
            R::Resume(id) => self.has(p.as_suspend(), C::Suspend)?.resume(&id).await?.into(),
            R::Rename(id, name) => self.has(p.as_rename(), C::Rename)?.rename(&id, &name).await?.into(),
            R::Resize(id, flavor) => self.has(p.as_resize(), C::Resize)?.resize(&id, &flavor).await?.into(),
            R::GetServerMetadata(id) => self.has(p.as_metadata(), C::Metadata)?.get_server_metadata(&id).await?.into(),
            R::SetServerMetadata(id, pairs) => {
                self.has(p.as_metadata(), C::Metadata)?.set_server_metadata(&id, &pairs).await?.into()
            }
            R::DeleteServerMetadata(id, keys) => {
                self.has(p.as_metadata(), C::Metadata)?.delete_server_metadata(&id, &keys).await?.into()
            }
            R::Console(id) => self.has(p.as_console(), C::Console)?.console(&id).await?.into(),
            R::Log(id) => self.has(p.as_console(), C::Console)?.log(&id).await?.into(),
            R::Leftovers => self.has(p.as_leftovers(), C::Leftovers)?.leftovers().await?.into(),
            R::RemoveLeftover(leftover) => {
                self.has(p.as_leftovers(), C::Leftovers)?.remove_leftover(&leftover).await?.into()
            }
            R::Raw(call) => self.has(p.as_raw(), C::Raw)?.raw(&call).await?.into(),
            other => {
                let name = other.operation();
                return Err(Error::new(ErrorKind::Unexpected, format!("`{name}` reached no method")));
            }
        })
    }

    /// Writes the cloud's name, and the kind, on everything in an answer.
    fn sign(&self, reply: &mut Reply) {
        let cloud = self.context.cloud();
        let own = |name: &mut String| cloud.clone_into(name);
        match reply {
            Reply::Nodes(nodes) => nodes.iter_mut().for_each(|node| self.sign_node(node)),
            Reply::Node(node) => self.sign_node(node),
            Reply::Images(images) => images.iter_mut().for_each(|image: &mut Image| own(&mut image.cloud)),
            Reply::Image(image) => own(&mut image.cloud),
            Reply::Flavors(flavors) => flavors.iter_mut().for_each(|flavor: &mut Flavor| own(&mut flavor.cloud)),
            Reply::Flavor(flavor) => own(&mut flavor.cloud),
            Reply::Identity(identity) => own(&mut identity.cloud),
            Reply::Keys(keys) => keys.iter_mut().for_each(|key: &mut KeyPair| own(&mut key.cloud)),
            Reply::Key(key) => own(&mut key.cloud),
            Reply::PublicIps(ips) => ips.iter_mut().for_each(|ip: &mut PublicIp| own(&mut ip.cloud)),
            Reply::PublicIp(ip) => own(&mut ip.cloud),
            Reply::Secgroups(groups) => groups.iter_mut().for_each(|group: &mut SecurityGroup| own(&mut group.cloud)),
            Reply::Secgroup(group) => own(&mut group.cloud),
            _ => {}
        }
    }

    fn sign_node(&self, node: &mut Node) {
        self.context.cloud().clone_into(&mut node.cloud);
        self.kind.clone_into(&mut node.kind);
    }
}

#[async_trait]
impl Call for Local {
    async fn call(&self, request: Request) -> Result<Reply> {
        let (operation, subject) = (request.operation(), request.subject().map(str::to_owned));
        let mut answer = self.dispatch(request).await;
        if let Ok(reply) = &mut answer {
            self.sign(reply);
        }
        answer.map_err(|error| error.in_cloud(self.context.cloud()).during(operation, subject.as_deref()))
    }

    fn capabilities(&self) -> Capabilities {
        Capability::of(self.provider.as_ref())
    }

    fn why_lacking(&self, capability: Capability) -> &str {
        self.provider.lacks(capability)
    }
}
