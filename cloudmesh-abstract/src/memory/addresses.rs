//! Public addresses.

use std::net::IpAddr;

use async_trait::async_trait;
use serde_json::json;

use super::Memory;
use super::map;
use super::wire::{Address, Ask, Done};
use crate::{Effect, Error, ErrorKind, Marks, NodeId, PublicIp, PublicIps, Result, Token};

impl Memory {
    async fn address(&self, address: &str) -> Result<Address> {
        let unknown = || Error::new(ErrorKind::NotFound, format!("the account has no address `{address}`"));
        let wanted: IpAddr = address.parse().map_err(|error| unknown().with_source(error))?;
        let found = self.client.pages(Ask::new("GET", "/addresses"), None, |found: Address| found).await?;
        found.into_iter().find(|found| found.ip == wanted).ok_or_else(unknown)
    }
}

#[async_trait]
impl PublicIps for Memory {
    async fn list_public_ips(&self) -> Result<Vec<PublicIp>> {
        self.client.pages(Ask::new("GET", "/addresses"), None, map::address).await
    }

    async fn create_public_ip(&self, pool: Option<&str>) -> Result<PublicIp> {
        let body = json!({ "pool": pool, "labels": Marks::new("address").pairs() });
        let ask = Ask::new("POST", "/addresses").with_body(body).with_token(Token::random().as_str());
        self.client.ask::<Address>(Effect::Idempotent, ask).await.map(map::address)
    }

    async fn attach_public_ip(&self, id: &NodeId, address: &str) -> Result<()> {
        Self::path(id)?;
        let found = self.address(address).await?;
        let ask = Ask::new("POST", format!("/addresses/{}/attach", found.id)).with_body(json!({ "node": id }));
        self.client.ask::<Done>(Effect::Idempotent, ask).await.map(|_| ())
    }

    async fn detach_public_ip(&self, id: &NodeId, address: &str) -> Result<()> {
        Self::path(id)?;
        let found = self.address(address).await?;
        let ask = Ask::new("POST", format!("/addresses/{}/detach", found.id)).with_body(json!({ "node": id }));
        self.client.ask::<Done>(Effect::Idempotent, ask).await.map(|_| ())
    }

    async fn delete_public_ip(&self, address: &str) -> Result<()> {
        let found = self.address(address).await?;
        let ask = Ask::new("DELETE", format!("/addresses/{}", found.id));
        self.client.ask_unless(Effect::Idempotent, ask, &["noSuchAddress"]).await
    }
}
