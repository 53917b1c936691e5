//! The rules of security groups.

use std::collections::HashSet;

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::{Capability, Direction, ErrorKind, Ethertype, Protocol, SecurityGroups, SecurityRule};

pub(super) const CHECKS: &[Check] = &[
    check!(rules_are_exactly_as_asked: "Rules are added exactly as they are asked for, never wider.", GROUPS),
    check!(adding_a_rule_twice_succeeds: "Adding a rule that is there succeeds.", GROUPS),
    check!(exactly_one_rule_is_removed: "`remove_rules_from_secgroup` removes these rules and no others.", GROUPS),
    check!(a_bad_rule_is_invalid_input: "`add_rules_to_secgroup` fails with `InvalidInput` for a bad rule.", GROUPS),
    check!(a_bad_rule_among_good_ones_adds_none: "Of rules of which one is bad, none is added.", GROUPS),
    check!(a_range_of_ports_is_kept: "A rule for a range of ports is for that range.", GROUPS),
    check!(type_and_code_of_icmp_are_kept: "A rule for a type and code of ICMP is for those.", GROUPS),
    check!(a_rule_for_all_of_a_protocol_is_kept: "A rule for everything, all ports or all of ICMP is that.", GROUPS),
    check!(another_protocol_is_kept_or_refused: "A rule for another protocol is for that, or is refused.", GROUPS),
    check!(the_same_rule_in_the_other_direction_is_another_rule:
        "Rules that differ in their direction are two rules.", GROUPS),
    check!(a_rule_about_a_group_is_about_that_group: "A rule about the members of a group is about them alone.", GROUPS),
    check!(what_a_group_lets_out_at_first_can_be_removed:
        "What a new group lets out by rules, it lets out no longer when they are removed.", GROUPS),
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
    for bad in bad_rules() {
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

/// Rules that no cloud takes.
fn bad_rules() -> Vec<SecurityRule> {
    let good = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(80, 80));
    let six = SecurityRule::new(Direction::Ingress, Ethertype::IPv6, Protocol::Tcp(80, 80));
    let of = |protocol| SecurityRule { protocol, ..good.clone() };
    let mut bad = vec![
        of(Protocol::Tcp(90, 80)),
        of(Protocol::Udp(0, 53)),
        of(Protocol::Icmp(None, Some(4))),
        of(Protocol::Other("gibberish".to_owned())),
        of(Protocol::Other("sctp/90-80".to_owned())),
        six.with_cidr("192.0.2.0/24"),
        good.clone().with_cidr("192.0.2.0/24").with_remote_group("default"),
    ];
    // An address where a network belongs, host bits, too many bits, words, and the other family.
    let networks = ["192.0.2.1", "192.0.2.1/24", "192.0.2.0/99", "anywhere", "2001:db8::/32", ""];
    bad.extend(networks.map(|network| good.clone().with_cidr(network)));
    bad
}

async fn a_bad_rule_among_good_ones_adds_none(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let first = fresh(&cloud, &name).await?;
    let good = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(80, 80));
    let bad = SecurityRule { protocol: Protocol::Tcp(90, 80), ..good.clone() };
    let answer = cloud.add_rules_to_secgroup(&name, &[good, bad]).await;
    ensure!(answer.is_err(), "a bad rule among good ones is left out");
    has(&cloud, &name, &first, &[]).await
}

/// Says that these rules are kept as they are, and gone when they are removed.
async fn are_kept(bench: &Bench, rules: &[SecurityRule]) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let first = fresh(&cloud, &name).await?;
    cloud.add_rules_to_secgroup(&name, rules).await?;
    has(&cloud, &name, &first, rules).await?;
    cloud.remove_rules_from_secgroup(&name, rules).await?;
    has(&cloud, &name, &first, &[]).await
}

fn inwards(ethertype: Ethertype, protocol: Protocol) -> SecurityRule {
    SecurityRule::new(Direction::Ingress, ethertype, protocol)
}

async fn a_range_of_ports_is_kept(bench: &Bench) -> Outcome {
    let both = [Ethertype::IPv4, Ethertype::IPv6];
    are_kept(bench, &both.map(|family| inwards(family, Protocol::Tcp(8000, 8010)))).await
}

async fn type_and_code_of_icmp_are_kept(bench: &Bench) -> Outcome {
    let (four, six) = (Ethertype::IPv4, Ethertype::IPv6);
    let echo = [(four, 8), (six, 128)].map(|(family, sort)| inwards(family, Protocol::Icmp(Some(sort), None)));
    let too_big = inwards(four, Protocol::Icmp(Some(3), Some(4)));
    are_kept(bench, &[echo.to_vec(), vec![too_big]].concat()).await
}

async fn a_rule_for_all_of_a_protocol_is_kept(bench: &Bench) -> Outcome {
    let both = [Ethertype::IPv4, Ethertype::IPv6];
    let all = [Protocol::Any, Protocol::Icmp(None, None), Protocol::Udp(1, 65535)];
    let rules = both.map(|family| all.clone().map(|protocol| inwards(family, protocol)));
    are_kept(bench, &rules.concat()).await
}

async fn another_protocol_is_kept_or_refused(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let mut wanted = fresh(&cloud, &name).await?;
    for protocol in [Protocol::other("sctp", Some((5000, 5010))), Protocol::other("112", None)] {
        let rule = inwards(Ethertype::IPv4, protocol).with_cidr("192.0.2.0/24");
        match cloud.add_rules_to_secgroup(&name, std::slice::from_ref(&rule)).await {
            Ok(()) => wanted.push(rule),
            refusal => _ = refused("another protocol", refusal, &[ErrorKind::InvalidInput, ErrorKind::Unsupported])?,
        }
    }
    has(&cloud, &name, &wanted, &[]).await
}

async fn the_same_rule_in_the_other_direction_is_another_rule(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let first = fresh(&cloud, &name).await?;
    let inwards = inwards(Ethertype::IPv4, Protocol::Tcp(53, 53)).with_cidr("192.0.2.0/24");
    let outwards = SecurityRule { direction: Direction::Egress, ..inwards.clone() };
    for rule in [&inwards, &outwards] {
        cloud.add_rules_to_secgroup(&name, std::slice::from_ref(rule)).await?;
    }
    has(&cloud, &name, &first, &[inwards.clone(), outwards.clone()]).await?;
    cloud.remove_rules_from_secgroup(&name, &[inwards]).await?;
    has(&cloud, &name, &first, &[outwards]).await
}

async fn a_rule_about_a_group_is_about_that_group(bench: &Bench) -> Outcome {
    let (cloud, name, other) = (bench.cloud()?, bench.name("group"), bench.name("other"));
    let first = fresh(&cloud, &name).await?;
    let members = cloud.add_secgroup(&other, "its members are let in").await?;
    let rule = inwards(Ethertype::IPv4, Protocol::Tcp(5432, 5432)).with_remote_group(&other);
    cloud.add_rules_to_secgroup(&name, std::slice::from_ref(&rule)).await?;
    let mut held = cloud.list_secgroup_rules(&name).await?;
    held.retain(|held| !first.iter().any(|known| known.is_same(held)));
    let group = held.first().and_then(|rule| rule.remote_group.clone()).unwrap_or_default();
    let right = held.len() == 1 && (group == other || group == members.id);
    ensure!(right, "beside {first:?} there is {held:?}, which is not about `{other}`");
    cloud.remove_rules_from_secgroup(&name, &[rule]).await?;
    has(&cloud, &name, &first, &[]).await
}

async fn what_a_group_lets_out_at_first_can_be_removed(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let first = fresh(&cloud, &name).await?;
    cloud.remove_rules_from_secgroup(&name, &first).await?;
    has(&cloud, &name, &[], &[]).await
}
