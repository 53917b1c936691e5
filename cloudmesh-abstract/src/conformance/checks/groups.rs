//! Security groups.

use std::collections::HashSet;

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::{Capability, Direction, ErrorKind, Ethertype, NodeSpec, Protocol, SecurityGroups, SecurityRule};

pub(super) const CHECKS: &[Check] = &[
    check!(security_groups_come_and_go: "Security groups can be made, listed and deleted; a new one lets nothing in.",
        GROUPS),
    check!(deleting_a_missing_group_succeeds: "Deleting a group that is gone succeeds.", GROUPS),
    check!(a_group_of_a_taken_name_exists_already: "`add_secgroup` fails with `AlreadyExists` for a name in use.", GROUPS),
    check!(a_group_in_use_is_a_conflict: "A group cannot be deleted while a node wears it.", GROUPS),
    check!(rules_are_exactly_as_asked: "Rules are added exactly as they are asked for, never wider.", GROUPS),
    check!(adding_a_rule_twice_succeeds: "Adding a rule that is there succeeds.", GROUPS),
    check!(exactly_one_rule_is_removed: "`remove_rules_from_secgroup` removes these rules and no others.", GROUPS),
    check!(a_bad_rule_is_invalid_input: "`add_rules_to_secgroup` fails with `InvalidInput` for a bad rule.", GROUPS),
    check!(rules_of_a_missing_group_are_not_found: "Rules of a group that does not exist are `NotFound`.", GROUPS),
];

const GROUPS: Need = Need::Capability(Capability::Secgroups);

/// Rules that differ in everything in which rules can differ.
fn rules() -> Vec<SecurityRule> {
    use Direction::{Egress, Ingress};
    use Ethertype::{IPv4, IPv6};
    vec![
        SecurityRule::new(Ingress, IPv4, Protocol::Tcp(22, 22)).with_cidr("192.0.2.0/24"),
        SecurityRule::new(Ingress, IPv4, Protocol::Tcp(22, 22)).with_cidr("198.51.100.0/24"),
        SecurityRule::new(Ingress, IPv6, Protocol::Udp(5000, 5010)).with_cidr("2001:db8::/32"),
        SecurityRule::new(Egress, IPv4, Protocol::Tcp(443, 443)).with_cidr("203.0.113.0/24"),
    ]
}

/// Makes a group: the rules that the cloud gives to each new one.
async fn fresh(cloud: &Cloud, group: &str) -> Result<Vec<SecurityRule>, Failure> {
    cloud.add_secgroup(group, "for a check").await?;
    Ok(cloud.list_secgroup_rules(group).await?)
}

fn bare(rules: impl IntoIterator<Item = SecurityRule>) -> HashSet<SecurityRule> {
    rules.into_iter().map(|rule| SecurityRule { id: None, ..rule }.normalized()).collect()
}

/// Says that a group has exactly these rules beside those that it had at first.
async fn has(cloud: &Cloud, group: &str, first: &[SecurityRule], more: &[SecurityRule]) -> Outcome {
    let held = cloud.list_secgroup_rules(group).await?;
    let wanted = [first, more].concat();
    let (count, held, wanted) = (held.len(), bare(held), bare(wanted));
    ensure!(held == wanted, "the rules are {held:?}, not {wanted:?}");
    ensure!(count == wanted.len(), "the same rule is there more than once");
    Ok(())
}

async fn security_groups_come_and_go(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let made = cloud.add_secgroup(&name, "for a moment").await?;
    let listed = cloud.list_secgroups().await?.into_iter().find(|group| group.id == made.id);
    let listed = listed.ok_or_else(|| Failure::new("a new group is not listed"))?;
    ensure!(listed.name == name && listed.description == "for a moment", "the new group is {listed:?}");
    let inwards: Vec<_> = listed.rules.iter().filter(|rule| rule.direction == Direction::Ingress).collect();
    ensure!(inwards.is_empty(), "a new group lets in {inwards:?}");
    has(&cloud, &name, &listed.rules, &[]).await?;
    cloud.remove_secgroup(&name).await?;
    ensure!(cloud.list_secgroups().await?.iter().all(|group| group.id != made.id), "a deleted group is still listed");
    Ok(())
}

async fn deleting_a_missing_group_succeeds(bench: &Bench) -> Outcome {
    bench.cloud()?.remove_secgroup(&bench.name("none")).await?;
    Ok(())
}

async fn a_group_of_a_taken_name_exists_already(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    cloud.add_secgroup(&name, "the first").await?;
    refused("making it again", cloud.add_secgroup(&name, "the second").await, &[ErrorKind::AlreadyExists])?;
    Ok(())
}

async fn a_group_in_use_is_a_conflict(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    cloud.add_secgroup(&name, "worn").await?;
    let spec = NodeSpec { secgroups: vec![name.clone()], ..bench.spec("a") };
    cloud.boot(&spec).await?;
    refused("deleting a group that is worn", cloud.remove_secgroup(&name).await, &[ErrorKind::Conflict])?;
    Ok(())
}

async fn rules_are_exactly_as_asked(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let first = fresh(&cloud, &name).await?;
    cloud.add_rules_to_secgroup(&name, &rules()).await?;
    has(&cloud, &name, &first, &rules()).await
}

async fn adding_a_rule_twice_succeeds(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let rule = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(80, 80)).with_cidr("192.0.2.0/24");
    let first = fresh(&cloud, &name).await?;
    for _ in 0..2 {
        cloud.add_rules_to_secgroup(&name, std::slice::from_ref(&rule)).await?;
    }
    has(&cloud, &name, &first, &[rule]).await
}

async fn exactly_one_rule_is_removed(bench: &Bench) -> Outcome {
    let (cloud, name, mut left) = (bench.cloud()?, bench.name("group"), rules());
    left.retain(|rule| rule.ethertype == Ethertype::IPv4);
    let first = fresh(&cloud, &name).await?;
    cloud.add_rules_to_secgroup(&name, &left).await?;
    let going = left.split_off(left.len() - 1);
    // Removing what is not there any more succeeds.
    for _ in 0..2 {
        cloud.remove_rules_from_secgroup(&name, &going).await?;
        has(&cloud, &name, &first, &left).await?;
    }
    let twin = left.remove(0);
    cloud.remove_rules_from_secgroup(&name, &[twin]).await?;
    has(&cloud, &name, &first, &left).await
}

async fn a_bad_rule_is_invalid_input(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let first = fresh(&cloud, &name).await?;
    let good = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(80, 80));
    let backwards = SecurityRule { protocol: Protocol::Tcp(90, 80), ..good.clone() };
    for bad in [good.with_cidr("192.0.2.0/99"), backwards] {
        let what = format!("adding {bad:?}");
        refused(&what, cloud.add_rules_to_secgroup(&name, &[bad]).await, &[ErrorKind::InvalidInput])?;
    }
    has(&cloud, &name, &first, &[]).await
}

async fn rules_of_a_missing_group_are_not_found(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("none"));
    refused("listing its rules", cloud.list_secgroup_rules(&name).await, &[ErrorKind::NotFound])?;
    refused("adding rules", cloud.add_rules_to_secgroup(&name, &rules()).await, &[ErrorKind::NotFound])?;
    refused("removing rules", cloud.remove_rules_from_secgroup(&name, &rules()).await, &[ErrorKind::NotFound])?;
    Ok(())
}
