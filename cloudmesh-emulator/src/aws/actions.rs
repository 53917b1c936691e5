//! All actions there are.

use super::call::Action;
use super::service::Service;
use super::{
    addresses, attributes, groups, images, instance_types, instances, interfaces, keys, regions, rules, sts, subnets,
    tags, volumes, vpcs,
};

/// Those of EC2.
const EC2: &[&[Action]] = &[
    addresses::ACTIONS,
    attributes::ACTIONS,
    groups::ACTIONS,
    images::ACTIONS,
    instance_types::ACTIONS,
    instances::ACTIONS,
    interfaces::ACTIONS,
    keys::ACTIONS,
    regions::ACTIONS,
    rules::ACTIONS,
    subnets::ACTIONS,
    tags::ACTIONS,
    volumes::ACTIONS,
    vpcs::ACTIONS,
];

/// Those of STS.
const STS: &[&[Action]] = &[sts::ACTIONS];

/// The action of that name.
pub(super) fn action(service: Service, name: &str) -> Option<Action> {
    let all = match service {
        Service::Ec2 => EC2,
        Service::Sts => STS,
    };
    all.iter().copied().flatten().find(|action| action.name == name).copied()
}
