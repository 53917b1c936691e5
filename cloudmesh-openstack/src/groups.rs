//! Security groups.
//!
//! Neutron takes several groups of one name; we make none twice, and take a name of several for none of them.

use async_trait::async_trait;
use cloudmesh_abstract::{Effect, Error, ErrorKind, Result, SecurityGroup, SecurityGroups, SecurityRule};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::OpenStack;
use crate::catalog::Service;
use crate::catalogue::{is_uuid, one};
use crate::client::Ask;
use crate::map::group::{Names, group};
use crate::pages::record;
use crate::refusal::unreadable;
use crate::wire;

/// What is asked about a group; its rules come with it.
const FIELDS: [&str; 5] = ["id", "name", "description", "tenant_id", "security_group_rules"];

/// How many of those who wear a group are named.
const MOST_NAMED: usize = 3;

#[async_trait]
impl SecurityGroups for OpenStack {
    async fn list_secgroups(&self) -> Result<Vec<SecurityGroup>> {
        let groups = self.groups(None).await?;
        let names = Names::of(&groups);
        Ok(groups.into_iter().map(|found| group(found, &names)).collect())
    }

    async fn list_secgroup_rules(&self, which: &str) -> Result<Vec<SecurityRule>> {
        let found = self.group(which).await?;
        let names = self.names_in(&found).await?;
        Ok(group(found, &names).rules)
    }

    async fn add_secgroup(&self, name: &str, description: &str) -> Result<SecurityGroup> {
        check_name(name)?;
        if self.own_groups(name).await?.next().is_some() {
            return Err(Error::new(ErrorKind::AlreadyExists, format!("there is a security group `{name}` already")));
        }
        let path = &["security-groups"];
        let body = json!({"security_group": {"name": name, "description": description}});
        let ask = Ask::post(Service::Network, path, Effect::Once, body).accepted_with(201);
        let post = || async {
            let answer = self.client.send(&ask).await?;
            let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
            let made: Option<wire::SecurityGroup> = body.and_then(|mut body| record(body["security_group"].take()));
            made.filter(|made| !made.id.is_empty()).ok_or_else(|| unreadable(&answer, &ask.line(), None))
        };
        let find = || async { self.own_groups(name).await.map(|mut found| found.next()) };
        let made = self.client.context().make_once(post, find).await?;
        let names = Names::of(std::slice::from_ref(&made));
        Ok(group(made, &names))
    }

    async fn remove_secgroup(&self, which: &str) -> Result<()> {
        let id = match self.group(which).await {
            Ok(found) => found.id,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        match self.client.send(&Ask::delete(Service::Network, &["security-groups", &id])).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) if error.code() == Some("SecurityGroupInUse") => Err(self.worn(which, &id, error).await),
            settled => settled.map(|_| ()),
        }
    }

    async fn add_rules_to_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        self.add_rules(group, rules).await
    }

    async fn remove_rules_from_secgroup(&self, group: &str, rules: &[SecurityRule]) -> Result<()> {
        self.remove_rules(group, rules).await
    }
}

impl OpenStack {
    /// The groups that the cloud shows us, those that other projects share with us among them; of one name, or all.
    /// <https://docs.openstack.org/api-ref/network/v2/index.html#list-security-groups>.
    pub(crate) async fn groups(&self, name: Option<&str>) -> Result<Vec<wire::SecurityGroup>> {
        let ask = Ask::get(Service::Network, &["security-groups"]).with_some("name", name);
        let ask = FIELDS.iter().fold(ask, |ask, field| ask.with("fields", *field));
        let fits = |group: &wire::SecurityGroup| name.is_none_or(|name| group.name == name);
        self.client.list(&ask, false, |group: wire::SecurityGroup, _| fits(&group).then_some(group)).await
    }

    /// The project's own groups of a name.
    async fn own_groups(&self, name: &str) -> Result<impl Iterator<Item = wire::SecurityGroup>> {
        let (groups, project) = (self.groups(Some(name)).await?, self.client.project().await?);
        Ok(groups.into_iter().filter(move |group| is_own(&group.tenant_id, project.as_deref())))
    }

    /// The group of this name or id, with its rules. A name that looks like an id is looked for as both.
    pub(crate) async fn group(&self, which: &str) -> Result<wire::SecurityGroup> {
        if is_uuid(which) {
            let ask = Ask::get(Service::Network, &["security-groups", which]);
            match self.client.read(&ask, Some("security_group")).await {
                Ok(found) => return record(found).ok_or_else(|| no_group(which)),
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Err(_) => {}
            }
        }
        let (found, project) = (self.groups(Some(which)).await?, self.client.project().await?);
        pick(which, found, project.as_deref())
    }

    /// What the groups are called that a group's rules name. Only another group than itself has to be asked for.
    async fn names_in(&self, group: &wire::SecurityGroup) -> Result<Names> {
        let names = Names::of(std::slice::from_ref(group));
        let ends = group.rules.iter().filter_map(|rule| rule.remote_group_id.as_str());
        if ends.into_iter().all(|id| id == group.id) { Ok(names) } else { Ok(Names::of(&self.groups(None).await?)) }
    }

    /// The refusal to delete a group, with the nodes that wear it where they can be seen.
    async fn worn(&self, which: &str, id: &str, refused: Error) -> Error {
        let ports = self.ports_that_wear(id).await.unwrap_or_default();
        let named = join_all(ports.iter().take(MOST_NAMED).map(|port| self.wearer(port))).await;
        let wearers = match (named.as_slice(), ports.len().saturating_sub(MOST_NAMED)) {
            ([], _) => "something".to_owned(),
            (named, 0) => named.join(", "),
            (named, more) => format!("{} and {more} more", named.join(", ")),
        };
        let message =
            format!("the security group `{which}` is worn by {wearers}; take it off there, or delete that first");
        refused.with_message(message)
    }

    /// What wears a group, in words for people.
    async fn wearer(&self, port: &wire::Port) -> String {
        if port.device_id.is_empty() {
            return format!("port `{}`", port.id);
        }
        self.called(&port.device_id.as_str().into()).await
    }
}

/// Whether something of a project is of the one that signed in; what is of no known project is.
pub(crate) fn is_own(of: &str, project: Option<&str>) -> bool {
    project.is_none_or(|project| of.is_empty() || of == project)
}

/// The only group of a name, or the only own one: administrators see those of all projects.
pub(crate) fn pick(
    which: &str,
    mut found: Vec<wire::SecurityGroup>,
    project: Option<&str>,
) -> Result<wire::SecurityGroup> {
    if found.len() > 1 && found.iter().any(|group| is_own(&group.tenant_id, project)) {
        found.retain(|group| is_own(&group.tenant_id, project));
    }
    one("security group", which, found, |group| &group.id)
}

fn no_group(which: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no security group `{which}`"))
}

/// Refuses what Neutron would refuse, and a name that could not be found again.
fn check_name(name: &str) -> Result<()> {
    let why = match name.chars().count() {
        0 => "must not be empty",
        1..=255 => return Ok(()),
        _ => "must not be longer than 255 letters",
    };
    Err(Error::new(ErrorKind::InvalidInput, format!("the name `{name}` of a security group {why}")))
}
