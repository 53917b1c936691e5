//! Where a new instance is plugged in: subnets and security groups. Nothing is looked up that AWS finds by itself.

use std::sync::Arc;

use aws_sdk_ec2::types::{SecurityGroup, Subnet, Vpc};
use cloudmesh_abstract::{Effect, Error, ErrorKind, NodeSpec, Result};
use futures::future::try_join_all;

use crate::Aws;
use crate::filter::exactly;
use crate::groups::{groups, pick};
use crate::order::{Plug, Worn, needs_interfaces};

/// A subnet, as far as a choice needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    subnet: String,
    vpc: String,
    zone: String,
    /// Whether it is the one that AWS takes in its zone.
    usual: bool,
}

impl Aws {
    /// Where the instance of a specification is plugged in.
    pub(crate) async fn plug(&self, spec: &NodeSpec) -> Result<Plug> {
        if spec.networks.is_empty() {
            return Ok(Plug { subnets: Vec::new(), groups: self.groups_beside(spec).await? });
        }
        let places = spec.networks.iter().map(|network| self.place(network, spec));
        let places = try_join_all(places).await?;
        let groups = match places.first() {
            Some(place) if spec.secgroups.iter().any(|group| !is_id("sg-", group)) => {
                let vpc = self.vpc_of(place).await?;
                Worn::Ids(self.group_ids(&spec.secgroups, Some(&vpc)).await?)
            }
            _ => Worn::Ids(spec.secgroups.clone()),
        };
        Ok(Plug { subnets: places.into_iter().map(|place| place.subnet).collect(), groups })
    }

    /// The groups of an instance in the default network.
    async fn groups_beside(&self, spec: &NodeSpec) -> Result<Worn> {
        let groups = &spec.secgroups;
        let ids = groups.iter().filter(|group| is_id("sg-", group)).count();
        if ids == groups.len() {
            return Ok(Worn::Ids(groups.clone()));
        }
        if ids == 0 && !needs_interfaces(spec) {
            return Ok(Worn::Names(groups.clone()));
        }
        self.group_ids(groups, None).await.map(Worn::Ids)
    }

    /// The subnet of a network by id or name. Of one that is named by its id no more is known.
    async fn place(&self, network: &str, spec: &NodeSpec) -> Result<Place> {
        if is_id("subnet-", network) {
            let nothing = String::new;
            return Ok(Place { subnet: network.to_owned(), vpc: nothing(), zone: nothing(), usual: false });
        }
        let key = format!("network {network}");
        let look = || Box::pin(self.places(network));
        let found = self.client.context().look_up_once(&key, look).await?;
        choose(&found, network, spec.zone.as_deref())
    }

    /// The subnets that a name means, and those of the networks (VPC) that it means.
    async fn places(&self, network: &str) -> Result<Arc<Vec<Vec<Place>>>> {
        let (subnets, vpcs) = if is_id("vpc-", network) {
            (Vec::new(), vec![network.to_owned()])
        } else {
            futures::try_join!(self.subnets("tag:Name", network), self.vpcs("tag:Name", network))?
        };
        let within = try_join_all(vpcs.iter().map(|vpc| self.subnets("vpc-id", vpc))).await?;
        Ok(Arc::new(subnets.into_iter().map(|subnet| vec![subnet]).chain(within).collect()))
    }

    async fn subnets(&self, filter: &str, value: &str) -> Result<Vec<Place>> {
        let filter = exactly(filter, [value]);
        let ask = |ec2: aws_sdk_ec2::Client| ec2.describe_subnets().filters(filter.clone()).send();
        let answer = self.client.send(Effect::Read, "DescribeSubnets", ask).await?;
        Ok(answer.subnets().iter().filter_map(place).collect())
    }

    async fn vpcs(&self, filter: &str, value: &str) -> Result<Vec<String>> {
        let filter = exactly(filter, [value]);
        let ask = |ec2: aws_sdk_ec2::Client| ec2.describe_vpcs().filters(filter.clone()).send();
        let answer = self.client.send(Effect::Read, "DescribeVpcs", ask).await?;
        Ok(answer.vpcs().iter().filter_map(Vpc::vpc_id).map(str::to_owned).collect())
    }

    /// The network (VPC) that a subnet is in.
    async fn vpc_of(&self, place: &Place) -> Result<String> {
        if !place.vpc.is_empty() {
            return Ok(place.vpc.clone());
        }
        let id = place.subnet.as_str();
        let look = || async {
            let ask = |ec2: aws_sdk_ec2::Client| ec2.describe_subnets().subnet_ids(id).send();
            let answer = self.client.send(Effect::Read, &format!("DescribeSubnets {id}"), ask).await?;
            let vpc = answer.subnets().first().and_then(Subnet::vpc_id).map(str::to_owned);
            vpc.ok_or_else(|| none(id, None))
        };
        self.client.context().look_up_once(&format!("network of {id}"), look).await
    }
}

impl Aws {
    /// The ids of groups by name or id; a name means one in this network (VPC), and where none is said, in the default
    /// one. They are looked up once for all who ask within a minute.
    async fn group_ids(&self, wanted: &[String], vpc: Option<&str>) -> Result<Vec<String>> {
        // The names of groups may have blanks.
        let key = format!("groups {wanted:?} in {}", vpc.unwrap_or("the default network"));
        self.client.context().look_up_once(&key, || self.find_groups(wanted, vpc)).await
    }

    async fn find_groups(&self, wanted: &[String], vpc: Option<&str>) -> Result<Vec<String>> {
        let names = wanted.iter().filter(|group| !is_id("sg-", group)).map(String::as_str);
        let mut filters = vec![exactly("group-name", names)];
        filters.extend(vpc.map(|vpc| exactly("vpc-id", [vpc])));
        let mut found = groups(&self.client, filters).await?;
        let several = |name: &String| found.iter().filter(|group| group.group_name() == Some(name)).count() > 1;
        if vpc.is_none() && wanted.iter().any(several) {
            // A name is one of the default network first.
            let usual = self.vpcs("is-default", "true").await?;
            found.retain(|group| usual.iter().any(|vpc| group.vpc_id() == Some(vpc)));
        }
        wanted.iter().map(|group| id_of(group, &found)).collect()
    }
}

/// The id of a group by name or id.
fn id_of(wanted: &str, found: &[SecurityGroup]) -> Result<String> {
    if is_id("sg-", wanted) {
        return Ok(wanted.to_owned());
    }
    pick(wanted, found.to_vec()).map(|group| group.group_id.unwrap_or_default())
}

/// Whether a text is an id of this sort.
pub(crate) fn is_id(prefix: &str, text: &str) -> bool {
    let hex = |digits: &str| digits.len() >= 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    text.strip_prefix(prefix).is_some_and(hex)
}

fn place(subnet: &Subnet) -> Option<Place> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Some(Place {
        subnet: subnet.subnet_id()?.to_owned(),
        vpc: text(subnet.vpc_id()),
        zone: text(subnet.availability_zone()),
        usual: subnet.default_for_az().unwrap_or_default(),
    })
}

/// The one subnet that is meant: always the same for the same order, so that it can be repeated. In a whole network it
/// is one that AWS would take, of the first zone.
fn choose(found: &[Vec<Place>], network: &str, zone: Option<&str>) -> Result<Place> {
    let fits = |place: &&Place| zone.is_none_or(|zone| zone == place.zone);
    let best = |places: &Vec<Place>| {
        places.iter().filter(fits).min_by_key(|place| (!place.usual, &place.zone, &place.subnet)).cloned()
    };
    let candidates: Vec<Place> = found.iter().filter_map(best).collect();
    match candidates.as_slice() {
        [] => Err(none(network, zone.filter(|_| found.iter().any(|places| !places.is_empty())))),
        [place] => Ok(place.clone()),
        several => {
            let ids: Vec<&str> = several.iter().map(|place| place.subnet.as_str()).collect();
            let message = format!("the network `{network}` may be {}; name one by its id, or a zone", ids.join(", "));
            Err(Error::new(ErrorKind::Ambiguous, message))
        }
    }
}

fn none(network: &str, zone: Option<&str>) -> Error {
    let message = match zone {
        Some(zone) => format!("the network `{network}` has no subnet in zone `{zone}`; choose another zone"),
        None => format!("there is no subnet in a network (VPC) `{network}`, and none of that name or id; name another"),
    };
    Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::{Place, choose, is_id};
    use cloudmesh_abstract::ErrorKind;

    fn at(subnet: &str, zone: &str, usual: bool) -> Place {
        Place { subnet: subnet.into(), vpc: "vpc-1".into(), zone: zone.into(), usual }
    }

    #[test]
    fn an_id_is_told_from_a_name() {
        for id in ["subnet-0a1b2c3d", "subnet-0123456789abcdef0"] {
            assert!(is_id("subnet-", id), "{id}");
        }
        for name in ["subnet-lab", "subnet-", "vpc-0a1b2c3d", "lab", "subnet-xyzxyzxy"] {
            assert!(!is_id("subnet-", name), "{name}");
        }
    }

    #[test]
    fn a_network_is_its_usual_subnet_of_the_first_zone() {
        let vpc = vec![at("s-3", "a", false), at("s-2", "b", true), at("s-1", "c", true)];
        let chosen = |zone: Option<&str>| choose(std::slice::from_ref(&vpc), "lab", zone).map(|place| place.subnet);
        assert_eq!(chosen(None).unwrap(), "s-2");
        assert_eq!(chosen(Some("c")).unwrap(), "s-1");
        assert_eq!(chosen(Some("a")).unwrap(), "s-3");
        let error = chosen(Some("d")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains("no subnet in zone `d`"), "{error}");
    }

    #[test]
    fn a_name_of_several_is_told_with_their_ids() {
        let found = [vec![at("s-1", "a", false)], vec![at("s-2", "b", false)]];
        let error = choose(&found, "lab", None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ambiguous);
        assert!(error.message().contains("s-1, s-2"), "{error}");
        assert_eq!(choose(&found, "lab", Some("b")).unwrap().subnet, "s-2");
        assert_eq!(choose(&[], "lab", Some("b")).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}
