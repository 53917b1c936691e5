//! What was left behind: floating IPs and ports that carry our marks and lead to nothing.

use async_trait::async_trait;
use cloudmesh_abstract::{Error, ErrorKind, Leftover, Leftovers, Result};

use crate::OpenStack;
use crate::addresses::CHANGED;
use crate::catalog::Service;
use crate::client::Ask;
use crate::groups::is_own;
use crate::map::address::is_ours;
use crate::wire;

const FLOATING_IP: &str = "floating IP";
const PORT: &str = "port";

#[async_trait]
impl Leftovers for OpenStack {
    async fn leftovers(&self) -> Result<Vec<Leftover>> {
        if !self.client.has(Service::Network).await? {
            return Ok(Vec::new());
        }
        let (addresses, ports) = futures::try_join!(self.all_floating_ips(), self.unused_ports())?;
        let lost = addresses.iter().filter(|found| found.port_id.is_empty() && is_ours(&found.description));
        let addresses = lost.map(|found| Leftover::new(&found.id, &found.address, FLOATING_IP));
        let ports = ports.into_iter().map(|port| Leftover::new(port.id, port.name, PORT));
        Ok(addresses.chain(ports).collect())
    }

    async fn remove_leftover(&self, leftover: &Leftover) -> Result<()> {
        match leftover.what.as_str() {
            FLOATING_IP => self.client.retry_on(CHANGED, || self.release_unused(leftover)).await,
            PORT => self.delete_unused(leftover).await,
            other => {
                let message = format!("no `{other}` is left behind here; there are `{FLOATING_IP}` and `{PORT}`");
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
        }
    }
}

impl OpenStack {
    /// Ports of ours that belong to nobody. A Neutron that cannot look for an empty device gives all.
    async fn unused_ports(&self) -> Result<Vec<wire::Port>> {
        let (mut ports, project) = futures::try_join!(self.ports(Some("")), self.client.project())?;
        ports.retain(|port| is_ours(&port.description) && is_own(&port.tenant_id, project.as_deref()));
        Ok(ports)
    }

    async fn release_unused(&self, leftover: &Leftover) -> Result<()> {
        let found = self.floating_ips(Some(("id", &leftover.id))).await?;
        match found.iter().find(|found| found.id == leftover.id) {
            None => Ok(()),
            Some(found) if found.port_id.is_empty() => self.release(found).await,
            Some(_) => Err(in_use(leftover)),
        }
    }

    async fn delete_unused(&self, leftover: &Leftover) -> Result<()> {
        match self.port(&leftover.id).await? {
            None => return Ok(()),
            Some(port) if port.device_id.is_empty() => {}
            Some(_) => return Err(in_use(leftover)),
        }
        match self.client.send(&Ask::delete(Service::Network, &["ports", &leftover.id])).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            settled => settled.map(|_| ()),
        }
    }
}

fn in_use(leftover: &Leftover) -> Error {
    let message = format!("the {} `{}` is in use by now; leave it there", leftover.what, leftover.name);
    Error::new(ErrorKind::Conflict, message)
}
