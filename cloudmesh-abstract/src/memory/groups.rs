//! Security groups.

use async_trait::async_trait;
use serde_json::json;

use super::Memory;
use super::map;
use super::wire::{Ask, Done, Group, Rules};
use crate::{Effect, Error, ErrorKind, Result, SecurityGroup, SecurityGroups, SecurityRule};

impl Memory {
    async fn group(&self, group: &str) -> Result<Group> {
        let found = self.client.pages(Ask::new("GET", "/groups"), None, |found: Group| found).await?;
        let mut fitting = found.into_iter().filter(|found| found.id == group || found.name == group);
        fitting.next().ok_or_else(|| Error::new(ErrorKind::NotFound, format!("no security group `{group}`")))
    }

    async fn change_rules(&self, method: &str, group: &str, rules: &[SecurityRule]) -> Result<()> {
        let id = self.group(group).await?.id;
        let body = json!(Rules { rules: rules.to_vec() });
        let ask = Ask::new(method, format!("/groups/{id}/rules")).with_body(body);
        self.client.ask::<Done>(Effect::Idempotent, ask).await.map(|_| ())
    }
}

#[async_trait]
impl SecurityGroups for Memory {
    async fn list_secgroups(&self) -> Result<Vec<SecurityGroup>> {
        self.client.pages(Ask::new("GET", "/groups"), None, map::group).await
    }

    async fn list_secgroup_rules(&self, group: &str) -> Result<Vec<SecurityRule>> {
        Ok(self.group(group).await?.rules)
    }

    async fn add_secgroup(&self, name: &str, description: &str) -> Result<SecurityGroup> {
        let ask = Ask::new("POST", "/groups").with_body(json!({ "name": name, "about": description }));
        self.client.ask::<Group>(Effect::Once, ask).await.map(map::group)
    }

    async fn remove_secgroup(&self, group: &str) -> Result<()> {
        let id = match self.group(group).await {
            Ok(found) => found.id,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        self.client.ask_unless(Effect::Idempotent, Ask::new("DELETE", format!("/groups/{id}")), &["noSuchGroup"]).await
    }

    async fn add_rules_to_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        rules.iter().try_for_each(SecurityRule::check)?;
        self.change_rules("POST", group, rules).await
    }

    async fn remove_rules_from_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        self.change_rules("DELETE", group, rules).await
    }
}
