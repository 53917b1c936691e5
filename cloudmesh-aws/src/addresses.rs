//! Elastic IPs.
//!
//! EC2 moves an address that leads elsewhere, and takes one off an instance that gets another, without asking. So every
//! association says that it must not, and what an address leads to is looked up first.

use std::net::IpAddr;

use async_trait::async_trait;
use aws_sdk_ec2::types::{Address, DomainType, Filter, ResourceType};
use cloudmesh_abstract::{Effect, Error, ErrorKind, Marks, NodeId, PublicIp, PublicIps, Result, Token};

use crate::Aws;
use crate::client::Client;
use crate::filter::exactly;
use crate::holders::{called, exists};
use crate::map::address::{address, end};
use crate::map::marks::{TOKEN_KEY, tagged};

/// EC2's word for the pool that everybody's addresses are from.
const AMAZON: &str = "amazon";

#[async_trait]
impl PublicIps for Aws {
    async fn list_public_ips(&self) -> Result<Vec<PublicIp>> {
        Ok(addresses(&self.client, Vec::new()).await?.iter().filter_map(address).collect())
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html>.
    async fn create_public_ip(&self, pool: Option<&str>) -> Result<PublicIp> {
        let pool = Pool::read(pool)?;
        // By the token it is found again when the answer is lost.
        let (mut marks, token) = (Marks::new("address"), Token::random());
        marks.token = Some(token.clone());
        let what = ResourceType::ElasticIp;
        let allocate = || async {
            let tagged = tagged(what.clone(), &marks);
            let request = |ec2: aws_sdk_ec2::Client| {
                let request = ec2.allocate_address().domain(DomainType::Vpc).tag_specifications(tagged.clone());
                let request = request.set_public_ipv4_pool(pool.public.clone());
                request.set_ipam_pool_id(pool.ipam.clone()).send()
            };
            let made = self.client.send(Effect::Once, "AllocateAddress", request).await?;
            let made = Address::builder()
                .set_public_ip(made.public_ip)
                .set_allocation_id(made.allocation_id)
                .set_public_ipv4_pool(made.public_ipv4_pool)
                .set_tags(tagged.tags)
                .build();
            address(&made).ok_or_else(|| Error::new(ErrorKind::Unexpected, "AWS tells no new address"))
        };
        let find = || async {
            let filters = vec![exactly(format!("tag:{TOKEN_KEY}"), [token.as_str()])];
            Ok(addresses(&self.client, filters).await?.iter().find_map(address))
        };
        self.client.context().make_once(allocate, find).await.map_err(|error| pool.refused(error))
    }

    async fn attach_public_ip(&self, id: &NodeId, address: &str) -> Result<()> {
        let all = addresses(&self.client, Vec::new()).await?;
        let held = pick(&all, address)?;
        match end(held) {
            Some(end) if end == id.as_str() => return Ok(()),
            Some(end) => return Err(self.taken(address, end, "detach it there first").await),
            None => {}
        }
        if let Some(other) = all.iter().find(|other| end(other) == Some(id.as_str())) {
            let (node, other) = (called(&self.client, id.as_str()).await, other.public_ip().unwrap_or_default());
            let message = format!("{node} has the address `{other}`, which AWS would take off it; detach that first");
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        self.associate(id, address, held).await
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateAddress.html>.
    async fn detach_public_ip(&self, id: &NodeId, address: &str) -> Result<()> {
        let held = self.held(address).await?;
        match end(&held) {
            Some(end) if end == id.as_str() => {}
            Some(end) => {
                exists(&self.client, id).await?;
                return Err(self.taken(address, end, "detach it there").await);
            }
            None => return exists(&self.client, id).await,
        }
        let association = held.association_id().unwrap_or_default();
        let request = |ec2: aws_sdk_ec2::Client| ec2.disassociate_address().association_id(association).send();
        match self.client.send(Effect::Idempotent, "DisassociateAddress", request).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            settled => settled.map(|_| ()),
        }
    }

    async fn delete_public_ip(&self, address: &str) -> Result<()> {
        let held = self.held(address).await?;
        match end(&held) {
            Some(end) => Err(self.taken(address, end, "detach it first").await),
            None => release(&self.client, held.allocation_id().unwrap_or_default()).await,
        }
    }
}

impl Aws {
    /// The account's record of an address.
    async fn held(&self, address: &str) -> Result<Address> {
        let text = parsed(address)?;
        let found = addresses(&self.client, vec![exactly("public-ip", [text.as_str()])]).await?;
        pick(&found, address).cloned()
    }

    /// Makes an address lead to an instance, unless it leads elsewhere by now.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html>.
    async fn associate(&self, id: &NodeId, address: &str, held: &Address) -> Result<()> {
        let allocation = held.allocation_id().unwrap_or_default();
        let request = |ec2: aws_sdk_ec2::Client| {
            let request = ec2.associate_address().allocation_id(allocation).instance_id(id.as_str());
            request.allow_reassociation(false).send()
        };
        match self.client.send(Effect::Idempotent, "AssociateAddress", request).await {
            // A repeated request whose first answer was lost, or somebody who was faster.
            Err(error) if error.code() == Some("Resource.AlreadyAssociated") => {
                let held = self.held(address).await?;
                match end(&held) {
                    Some(end) if end == id.as_str() => Ok(()),
                    Some(end) => Err(self.taken(address, end, "detach it there first").await),
                    None => Err(error),
                }
            }
            settled => settled.map(|_| ()),
        }
    }

    /// The refusal of an address that leads elsewhere.
    async fn taken(&self, address: &str, end: &str, what_to_do: &str) -> Error {
        let holder = called(&self.client, end).await;
        let message = format!("the address `{address}` leads to {holder}; {what_to_do}");
        Error::new(ErrorKind::Conflict, message)
    }
}

/// The account's addresses that fit all of these filters; EC2 has no pages of them.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html>.
pub(crate) async fn addresses(client: &Client, filters: Vec<Filter>) -> Result<Vec<Address>> {
    let filters = Some(filters).filter(|filters| !filters.is_empty());
    let request = |ec2: aws_sdk_ec2::Client| ec2.describe_addresses().set_filters(filters.clone()).send();
    let answer = client.send(Effect::Read, "DescribeAddresses", request).await?;
    Ok(answer.addresses.unwrap_or_default())
}

/// Gives an address back. <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html>.
pub(crate) async fn release(client: &Client, allocation: &str) -> Result<()> {
    let request = |ec2: aws_sdk_ec2::Client| ec2.release_address().allocation_id(allocation).send();
    match client.send(Effect::Idempotent, "ReleaseAddress", request).await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        settled => settled.map(|_| ()),
    }
}

/// Where a new address is from; neither: from Amazon's own ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Pool {
    /// A pool that the account brought along.
    public: Option<String>,
    /// A pool of its address manager.
    ipam: Option<String>,
}

impl Pool {
    fn read(pool: Option<&str>) -> Result<Self> {
        let Some(id) = pool.filter(|pool| *pool != AMAZON) else { return Ok(Self::default()) };
        if id.starts_with("ipv4pool-ec2-") {
            return Ok(Self { public: Some(id.to_owned()), ipam: None });
        }
        if id.starts_with("ipam-pool-") {
            return Ok(Self { public: None, ipam: Some(id.to_owned()) });
        }
        Err(no_pool(id))
    }

    fn id(&self) -> Option<&str> {
        self.public.as_deref().or(self.ipam.as_deref())
    }

    /// A pool that does not exist is a wrong input.
    fn refused(&self, error: Error) -> Error {
        match self.id() {
            Some(id) if error.kind() == ErrorKind::NotFound => {
                let message = no_pool(id).message().to_owned();
                error.with_kind(ErrorKind::InvalidInput).with_message(message)
            }
            _ => error,
        }
    }
}

fn no_pool(id: &str) -> Error {
    let message = format!(
        "there is no pool `{id}`; give the id of one of your own (`ipv4pool-ec2-…` or `ipam-pool-…`), or none for \
         Amazon's"
    );
    Error::new(ErrorKind::InvalidInput, message)
}

/// The record of an address among some.
fn pick<'a>(all: &'a [Address], address: &str) -> Result<&'a Address> {
    let text = parsed(address)?;
    all.iter().find(|held| held.public_ip() == Some(text.as_str())).ok_or_else(|| no_address(address))
}

/// An address in the spelling of the cloud; what is none cannot be held.
fn parsed(address: &str) -> Result<String> {
    let parsed: Option<IpAddr> = address.trim().parse().ok();
    parsed.map(|address| address.to_string()).ok_or_else(|| no_address(address))
}

fn no_address(address: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("the account holds no address `{address}` in this region"))
}

#[cfg(test)]
mod tests {
    use super::{Pool, pick};
    use aws_sdk_ec2::types::Address;
    use cloudmesh_abstract::{Error, ErrorKind};

    #[test]
    fn a_pool_is_called_by_its_id() {
        let read = |pool| Pool::read(pool).map(|pool| (pool.public, pool.ipam));
        let id = |id: &str| Some(id.to_owned());
        assert_eq!(read(None).unwrap(), (None, None));
        assert_eq!(read(Some("amazon")).unwrap(), (None, None));
        assert_eq!(read(Some("ipv4pool-ec2-0123abcd")).unwrap(), (id("ipv4pool-ec2-0123abcd"), None));
        assert_eq!(read(Some("ipam-pool-0123abcd")).unwrap(), (None, id("ipam-pool-0123abcd")));
        assert_eq!(read(Some("external")).unwrap_err().kind(), ErrorKind::InvalidInput);
        let missing = Error::new(ErrorKind::NotFound, "x").with_code("InvalidPublicIpv4PoolID.NotFound");
        let refused = Pool::read(Some("ipv4pool-ec2-1")).unwrap().refused(missing);
        assert_eq!(
            (refused.kind(), refused.code()),
            (ErrorKind::InvalidInput, Some("InvalidPublicIpv4PoolID.NotFound"))
        );
    }

    #[test]
    fn what_is_no_address_is_not_held() {
        let all = [Address::builder().public_ip("198.51.100.7").build()];
        assert!(pick(&all, " 198.51.100.7 ").is_ok());
        for address in ["198.51.100.8", "web-1", ""] {
            assert_eq!(pick(&all, address).unwrap_err().kind(), ErrorKind::NotFound);
        }
    }
}
