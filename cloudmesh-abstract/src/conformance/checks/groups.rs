//! Security groups.

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::{Capability, Direction, ErrorKind, NodeSpec, SecurityGroups};

pub(super) const CHECKS: &[Check] = &[
    check!(security_groups_come_and_go: "Security groups can be made, listed and deleted.",
        GROUPS),
    check!(a_new_group_lets_nothing_in: "A new security group lets nothing in.", GROUPS),
    check!(deleting_a_missing_group_succeeds: "Deleting a group that is gone succeeds.", GROUPS),
    check!(a_group_of_a_taken_name_exists_already: "`add_secgroup` fails with `AlreadyExists` for a name in use.", GROUPS),
    check!(a_group_in_use_is_a_conflict: "A group cannot be deleted while a node wears it.", GROUPS),
];

const GROUPS: Need = Need::Capability(Capability::Secgroups);

async fn security_groups_come_and_go(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    let made = cloud.add_secgroup(&name, "for a moment").await?;
    let listed = cloud.list_secgroups().await?.into_iter().find(|group| group.id == made.id);
    let listed = listed.ok_or_else(|| Failure::new("a new group is not listed"))?;
    ensure!(listed.name == name && listed.description == "for a moment", "the new group is {listed:?}");
    cloud.remove_secgroup(&name).await?;
    ensure!(cloud.list_secgroups().await?.iter().all(|group| group.id != made.id), "a deleted group is still listed");
    Ok(())
}

async fn a_new_group_lets_nothing_in(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.name("group"));
    cloud.add_secgroup(&name, "closed").await?;
    let mut inwards = cloud.list_secgroup_rules(&name).await?;
    inwards.retain(|rule| rule.direction == Direction::Ingress);
    ensure!(inwards.is_empty(), "a new group lets in {inwards:?}");
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
