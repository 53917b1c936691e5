//! Floating IPs.
//!
//! Neutron moves an address that leads somewhere, and releases one, without asking. So each change says which revision
//! of the address it means, and Neutron refuses it once somebody else has changed that.

use std::collections::HashMap;
use std::net::IpAddr;

use async_trait::async_trait;
use cloudmesh_abstract::{ComputeNodeABC, Effect, Error, ErrorKind, Marks, NodeId, PublicIp, PublicIps, Result, Token};
use serde_json::{Value, json};

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::Ask;
use crate::groups::is_own;
use crate::map::address::{address, allocated_for, description, description_of_nobody, holder};
use crate::node::part;
use crate::pages::record;
use crate::refusal::unreadable;
use crate::wire;

/// Neutron's word for a change of what somebody else has changed meanwhile.
pub(crate) const CHANGED: &str = "RevisionNumberConstraintFailed";

/// What is asked about an address.
const FIELDS: [&str; 8] = [
    "id",
    "floating_ip_address",
    "floating_network_id",
    "port_id",
    "port_details",
    "description",
    "revision_number",
    "tenant_id",
];

#[async_trait]
impl PublicIps for OpenStack {
    async fn list_public_ips(&self) -> Result<Vec<PublicIp>> {
        let (found, pools) = futures::try_join!(self.floating_ips(None), self.pools())?;
        let owners = self.owners(&found).await?;
        Ok(found.iter().filter_map(|found| address(found, &owners, &pools)).collect())
    }

    async fn create_public_ip(&self, pool: Option<&str>) -> Result<PublicIp> {
        let pool = self.pool(pool).await?;
        // By the token it is found again when the answer is lost.
        let mut marks = Marks::new("address");
        marks.token = Some(Token::random());
        let description = description(&marks, None);
        let made = self.allocate(&json!({"floating_network_id": pool.id}), &description).await?;
        address(&made, &HashMap::new(), &[pool]).ok_or_else(|| no_address(&made.address))
    }

    async fn attach_public_ip(&self, id: &NodeId, address: &str) -> Result<()> {
        let text = parsed(address)?;
        self.client.retry_on(CHANGED, || self.attach(id, &text)).await
    }

    async fn detach_public_ip(&self, id: &NodeId, address: &str) -> Result<()> {
        let text = parsed(address)?;
        self.client.retry_on(CHANGED, || self.detach(id, &text)).await
    }

    async fn delete_public_ip(&self, address: &str) -> Result<()> {
        let text = parsed(address)?;
        self.client.retry_on(CHANGED, || self.give_back(&text)).await
    }
}

impl OpenStack {
    /// The project's addresses, all or those of which one field is so. Administrators are shown those of others as well.
    /// <https://docs.openstack.org/api-ref/network/v2/index.html#list-floating-ips>.
    pub(crate) async fn floating_ips(&self, which: Option<(&'static str, &str)>) -> Result<Vec<wire::FloatingIp>> {
        let ask =
            FIELDS.iter().fold(Ask::get(Service::Network, &["floatingips"]), |ask, field| ask.with("fields", *field));
        let ask = which.iter().fold(ask, |ask, (field, value)| ask.with(field, *value));
        let project = self.client.project().await?;
        let own = |found: &wire::FloatingIp| is_own(&found.tenant_id, project.as_deref());
        self.client.list(&ask, false, |found: wire::FloatingIp, _| own(&found).then_some(found)).await
    }

    /// Whose the ports are that Neutrons older than Rocky do not describe.
    pub(crate) async fn owners(&self, found: &[wire::FloatingIp]) -> Result<HashMap<String, String>> {
        let lacks = |found: &&wire::FloatingIp| !found.port_id.is_empty() && found.port_details.is_none();
        let ports = match found.iter().filter(lacks).collect::<Vec<_>>().as_slice() {
            [] => return Ok(HashMap::new()),
            [one] => self.port(&one.port_id).await?.into_iter().collect(),
            _ => self.ports(None).await?,
        };
        Ok(ports.into_iter().map(|port| (port.id, port.device_id)).collect())
    }

    /// The address, and what it leads to.
    async fn held(&self, address: &str) -> Result<(wire::FloatingIp, Option<NodeId>)> {
        let mut found = self.floating_ips(Some(("floating_ip_address", address))).await?;
        found.retain(|found| found.address == address);
        let found = found.pop().ok_or_else(|| no_address(address))?;
        let owners = self.owners(std::slice::from_ref(&found)).await?;
        let holder = holder(&found, &owners);
        Ok((found, holder))
    }

    /// Allocates an address: <https://docs.openstack.org/api-ref/network/v2/index.html#create-floating-ip>. After a lost
    /// answer it is looked for by its description.
    pub(crate) async fn allocate(&self, terms: &Value, description: &str) -> Result<wire::FloatingIp> {
        let mut terms = terms.clone();
        terms["description"] = json!(description);
        let ask = Ask::post(Service::Network, &["floatingips"], Effect::Once, json!({"floatingip": terms}));
        let ask = ask.accepted_with(201);
        let post = || async {
            let answer = self.client.send(&ask).await?;
            let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
            let made: Option<wire::FloatingIp> = body.and_then(|mut body| record(body["floatingip"].take()));
            made.filter(|made| !made.id.is_empty()).ok_or_else(|| unreadable(&answer, &ask.line(), None))
        };
        self.client.context().make_once(post, || self.allocated(description)).await
    }

    /// The address with exactly this description.
    pub(crate) async fn allocated(&self, description: &str) -> Result<Option<wire::FloatingIp>> {
        let found = self.floating_ips(Some(("description", description))).await?;
        Ok(found.into_iter().find(|found| found.description == description))
    }

    async fn attach(&self, id: &NodeId, address: &str) -> Result<()> {
        let (held, ports) = futures::join!(self.held(address), self.ports(Some(part(id)?)));
        let ((found, holder), ports) = (held?, ports?);
        match holder {
            Some(holder) if holder == *id => return Ok(()),
            Some(holder) => return Err(self.taken(address, &holder, "detach it there first").await),
            None => {}
        }
        let foreign = allocated_for(&found).is_some_and(|node| node != *id);
        let lead = |end| {
            let mut terms = json!(end);
            if foreign {
                terms["description"] = json!(description_of_nobody(&found.description));
            }
            self.change(&found, terms)
        };
        self.first_end(id, self.ends_soon(id, &ports).await?, lead).await
    }

    async fn detach(&self, id: &NodeId, address: &str) -> Result<()> {
        let (found, holder) = self.held(address).await?;
        match holder {
            Some(holder) if holder == *id => {
                let kept = description_of_nobody(&found.description);
                self.change(&found, json!({"port_id": null, "description": kept})).await
            }
            holder => {
                self.info(id).await?;
                match holder {
                    Some(holder) => Err(self.taken(address, &holder, "detach it there").await),
                    None => Ok(()),
                }
            }
        }
    }

    async fn give_back(&self, address: &str) -> Result<()> {
        let (found, holder) = self.held(address).await?;
        match holder {
            Some(holder) => Err(self.taken(address, &holder, "detach it first").await),
            None => self.release(&found).await,
        }
    }

    /// <https://docs.openstack.org/api-ref/network/v2/index.html#update-floating-ip>.
    async fn change(&self, found: &wire::FloatingIp, terms: Value) -> Result<()> {
        let ask = Ask::put(Service::Network, &["floatingips", &found.id], json!({"floatingip": terms}));
        self.client.send(&ask.unless_changed_since(found.revision_number)).await.map(|_| ())
    }

    /// Releases an address that is as it was found: <https://docs.openstack.org/api-ref/network/v2/index.html#delete-floating-ip>.
    pub(crate) async fn release(&self, found: &wire::FloatingIp) -> Result<()> {
        let ask = Ask::delete(Service::Network, &["floatingips", &found.id]);
        match self.client.send(&ask.unless_changed_since(found.revision_number)).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            settled => settled.map(|_| ()),
        }
    }

    /// The refusal of an address that leads elsewhere.
    async fn taken(&self, address: &str, holder: &NodeId, what_to_do: &str) -> Error {
        let holder = self.called(holder).await;
        let message = format!("the address `{address}` leads to {holder}; {what_to_do}");
        Error::new(ErrorKind::Conflict, message)
    }

    /// What has a port or an address, in words for people: a node by its name.
    pub(crate) async fn called(&self, holder: &NodeId) -> String {
        match self.info(holder).await {
            Ok(node) => format!("node `{}`", node.label()),
            Err(_) => format!("`{holder}`"),
        }
    }
}

/// An address in the spelling of the cloud; what is none cannot be held.
fn parsed(address: &str) -> Result<String> {
    let parsed: Option<IpAddr> = address.trim().parse().ok();
    parsed.map(|address| address.to_string()).ok_or_else(|| no_address(address))
}

fn no_address(address: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("the account holds no address `{address}`"))
}
