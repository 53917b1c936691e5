//! All actions there are.

use super::call::Action;
use super::regions;
use super::service::Service;

/// Those of EC2.
const EC2: &[&[Action]] = &[regions::ACTIONS];

/// Those of STS.
const STS: &[&[Action]] = &[];

/// The action of that name.
pub(super) fn action(service: Service, name: &str) -> Option<Action> {
    let all = match service {
        Service::Ec2 => EC2,
        Service::Sts => STS,
    };
    all.iter().copied().flatten().find(|action| action.name == name).copied()
}
