//! Instances as nodes.

use std::collections::BTreeMap;
use std::net::IpAddr;

use aws_sdk_ec2::types::{Instance, InstanceNetworkInterface, StateReason, Tag};
use aws_smithy_types::DateTime;
use cloudmesh_abstract::{ErrorKind, Fault, Node, NodeState};
use jiff::Timestamp;

/// The tag that AWS takes for the name.
pub(crate) const NAME: &str = "Name";
/// Why an instance was stopped with its memory kept.
const HIBERNATED: &str = "Client.UserInitiatedHibernate";

/// The state that the name of an instance's state means, with the code of its reason:
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html>.
pub(crate) fn state(name: &str, reason: Option<&str>) -> NodeState {
    use NodeState as S;
    let hibernated = reason == Some(HIBERNATED);
    match name {
        "pending" => S::Pending,
        "running" => S::Running,
        "stopping" if hibernated => S::Suspending,
        "stopping" => S::Stopping,
        "stopped" if hibernated => S::Suspended,
        "stopped" => S::Stopped,
        "shutting-down" => S::Deleting,
        "terminated" => S::Deleted,
        _ => S::Unknown,
    }
}

/// An instance as a node.
pub(crate) fn node(mut instance: Instance, region: &str) -> Node {
    let word = instance.state.take().and_then(|state| state.name).map(|name| name.as_str().to_owned());
    let word = word.unwrap_or_default();
    let reason = instance.state_reason.take();
    let status = state(&word, reason.as_ref().and_then(|reason| reason.code.as_deref()));
    let (public_ips, private_ips) = addresses(&instance);
    let created = created(&instance);
    let (name, metadata) = name_and_metadata(instance.tags.unwrap_or_default());
    let mut node = Node::new(instance.instance_id.unwrap_or_default(), name, status);
    node.vendor_status = word;
    node.image = instance.image_id.filter(|image| !image.is_empty());
    node.flavor = instance.instance_type.map(|flavor| flavor.as_str().to_owned());
    (node.public_ips, node.private_ips) = (public_ips, private_ips);
    node.key = instance.key_name.filter(|key| !key.is_empty());
    node.secgroups = groups(instance.security_groups, instance.network_interfaces);
    node.zone = instance.placement.and_then(|placement| placement.availability_zone);
    node.region = Some(region.to_owned());
    node.created = created;
    node.hibernate = instance.hibernation_options.map(|options| options.configured.unwrap_or_default());
    node.metadata = metadata;
    node.fault = reason.filter(|_| is_down(status)).and_then(fault);
    node
}

/// The name, and all other tags.
pub(crate) fn name_and_metadata(tags: Vec<Tag>) -> (String, BTreeMap<String, String>) {
    let pairs = tags.into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())));
    let mut pairs: BTreeMap<String, String> = pairs.collect();
    (pairs.remove(NAME).unwrap_or_default(), pairs)
}

/// When it was made. The time of its launch is that of its last start, so its first disk or interface knows better.
fn created(instance: &Instance) -> Option<Timestamp> {
    let disks = instance.block_device_mappings.iter().flatten().filter_map(|disk| disk.ebs.as_ref()?.attach_time);
    let interfaces = instance.network_interfaces.iter().flatten();
    let plugged = interfaces.filter_map(|interface| interface.attachment.as_ref()?.attach_time);
    let times = disks.chain(plugged).chain(instance.launch_time);
    times.filter_map(|time| timestamp(&time)).min()
}

/// A time of the SDK's.
pub(crate) fn timestamp(time: &DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}

/// The groups of the instance, and those of its other interfaces, each once.
fn groups(
    of_instance: Option<Vec<aws_sdk_ec2::types::GroupIdentifier>>,
    interfaces: Option<Vec<InstanceNetworkInterface>>,
) -> Vec<String> {
    let others = interfaces.into_iter().flatten().flat_map(|interface| interface.groups.unwrap_or_default());
    let mut names = Vec::new();
    for group in of_instance.into_iter().flatten().chain(others) {
        let name = group.group_name.or(group.group_id);
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

/// The public and the private addresses of all interfaces, each once; those that it answers to by itself first.
fn addresses(instance: &Instance) -> (Vec<IpAddr>, Vec<IpAddr>) {
    let (mut public, mut private) = (Vec::new(), Vec::new());
    let mut add = |address: &Option<String>, mapped: bool| {
        let Some(address) = address.as_deref().and_then(|address| address.parse::<IpAddr>().ok()) else { return };
        // An IPv4 address that the internet can reach stands in an association.
        let list = if mapped || is_global_v6(address) { &mut public } else { &mut private };
        if !list.contains(&address) {
            list.push(address);
        }
    };
    add(&instance.public_ip_address, true);
    add(&instance.private_ip_address, false);
    for interface in instance.network_interfaces.iter().flatten() {
        for address in interface.private_ip_addresses.iter().flatten() {
            add(&address.private_ip_address, false);
            if let Some(association) = &address.association {
                add(&association.public_ip, true);
            }
        }
        for address in interface.ipv6_addresses.iter().flatten() {
            add(&address.ipv6_address, false);
        }
    }
    add(&instance.ipv6_address, false);
    (public, private)
}

fn is_global_v6(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(v6) if v6.segments()[0] & 0xe000 == 0x2000)
}

/// Whether it does not run, and will not by itself.
fn is_down(status: NodeState) -> bool {
    use NodeState as S;
    matches!(status, S::Stopping | S::Stopped | S::Suspending | S::Suspended | S::Deleting | S::Deleted | S::Unknown)
}

/// Why AWS took it down; `None` where somebody asked for that. The codes are those of
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html>.
fn fault(reason: StateReason) -> Option<Fault> {
    let code = reason.code?;
    if matches!(code.as_str(), HIBERNATED | "Client.UserInitiatedShutdown" | "Client.InstanceInitiatedShutdown") {
        return None;
    }
    let message = reason.message.unwrap_or_default();
    let message = message.strip_prefix(&format!("{code}:")).unwrap_or(&message).trim().trim_end_matches('.');
    let mut told = Fault::new(if message.is_empty() { &code } else { message });
    told.kind = match code.as_str() {
        "Server.InsufficientInstanceCapacity"
        | "Server.SpotInstanceShutdown"
        | "Server.SpotInstanceTermination"
        | "Client.VolumeLimitExceeded" => Some(ErrorKind::QuotaExceeded),
        "Client.InvalidSnapshot.NotFound" => Some(ErrorKind::InvalidInput),
        "Server.InternalError" => Some(ErrorKind::Unavailable),
        _ => None,
    };
    Some(told.with_code(code))
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types as ec2;
    use aws_smithy_types::DateTime;
    use cloudmesh_abstract::{ErrorKind, Node, NodeState};
    use std::net::IpAddr;

    use super::{name_and_metadata, node, state};

    #[test]
    fn states() {
        use NodeState as S;
        let (hibernated, shut_down) = (Some("Client.UserInitiatedHibernate"), Some("Client.UserInitiatedShutdown"));
        let table = [
            ("pending", None, S::Pending),
            ("pending", hibernated, S::Pending),
            ("running", None, S::Running),
            ("running", hibernated, S::Running),
            ("stopping", shut_down, S::Stopping),
            ("stopping", None, S::Stopping),
            ("stopping", hibernated, S::Suspending),
            ("stopped", shut_down, S::Stopped),
            ("stopped", None, S::Stopped),
            ("stopped", Some("Server.SpotInstanceShutdown"), S::Stopped),
            ("stopped", hibernated, S::Suspended),
            ("shutting-down", shut_down, S::Deleting),
            ("shutting-down", hibernated, S::Deleting),
            ("terminated", None, S::Deleted),
            ("teleporting", None, S::Unknown),
            ("", None, S::Unknown),
        ];
        for (name, reason, expected) in table {
            assert_eq!(state(name, reason), expected, "{name} {reason:?}");
        }
    }

    fn in_state(name: &str) -> ec2::builders::InstanceBuilder {
        let state = ec2::InstanceState::builder().name(ec2::InstanceStateName::from(name)).build();
        ec2::Instance::builder().instance_id("i-7").state(state)
    }

    fn because(state: &str, code: &str, message: &str) -> Node {
        let reason = ec2::StateReason::builder().code(code).message(message).build();
        node(in_state(state).state_reason(reason).build(), "eu-west-1")
    }

    fn tag(key: &str, value: &str) -> ec2::Tag {
        ec2::Tag::builder().key(key).value(value).build()
    }

    fn texts(ips: &[IpAddr]) -> Vec<String> {
        ips.iter().map(ToString::to_string).collect()
    }

    fn address(private: &str, public: Option<&str>) -> ec2::InstancePrivateIpAddress {
        let association = public.map(|ip| ec2::InstanceNetworkInterfaceAssociation::builder().public_ip(ip).build());
        let address = ec2::InstancePrivateIpAddress::builder().private_ip_address(private);
        address.set_association(association).build()
    }

    fn interface(groups: &[&str], addresses: Vec<ec2::InstancePrivateIpAddress>) -> ec2::InstanceNetworkInterface {
        let ipv6 = ["2600:1f14::5", "fd00::5"].map(|ip| ec2::InstanceIpv6Address::builder().ipv6_address(ip).build());
        let group = |name: &&str| ec2::GroupIdentifier::builder().group_name(*name).group_id("sg-1").build();
        let attachment = ec2::InstanceNetworkInterfaceAttachment::builder().attach_time(DateTime::from_secs(1000));
        ec2::InstanceNetworkInterface::builder()
            .set_private_ip_addresses(Some(addresses))
            .set_ipv6_addresses(Some(ipv6.to_vec()))
            .set_groups(Some(groups.iter().map(group).collect()))
            .attachment(attachment.build())
            .build()
    }

    #[test]
    fn an_instance_becomes_a_node() {
        let first = interface(&["default", "ssh"], vec![address("10.0.0.5", Some("198.51.100.7"))]);
        let addresses = vec![address("10.0.1.5", None), address("10.0.1.6", Some("198.51.100.8"))];
        let instance = in_state("running")
            .image_id("ami-1")
            .instance_type(ec2::InstanceType::T3Micro)
            .key_name("laptop")
            .private_ip_address("10.0.0.5")
            .public_ip_address("198.51.100.7")
            .security_groups(ec2::GroupIdentifier::builder().group_name("default").group_id("sg-1").build())
            .network_interfaces(first)
            .network_interfaces(interface(&[], addresses))
            .placement(ec2::Placement::builder().availability_zone("eu-west-1a").build())
            .launch_time(DateTime::from_secs(5000))
            .tags(tag("Name", "web-1"))
            .tags(tag("cm-name", "web-1"))
            .build();
        let node = node(instance, "eu-west-1");
        assert_eq!((node.id.as_str(), node.name.as_str(), node.status), ("i-7", "web-1", NodeState::Running));
        assert_eq!((node.image.as_deref(), node.flavor.as_deref()), (Some("ami-1"), Some("t3.micro")));
        assert_eq!(texts(&node.public_ips), ["198.51.100.7", "2600:1f14::5", "198.51.100.8"]);
        assert_eq!(texts(&node.private_ips), ["10.0.0.5", "fd00::5", "10.0.1.5", "10.0.1.6"]);
        assert_eq!((node.key.as_deref(), node.zone.as_deref()), (Some("laptop"), Some("eu-west-1a")));
        assert_eq!((node.secgroups, node.region.as_deref()), (vec!["default".into(), "ssh".into()], Some("eu-west-1")));
        assert_eq!(node.created.unwrap().as_second(), 1000);
        assert_eq!((node.metadata.len(), node.metadata["cm-name"].as_str()), (1, "web-1"));
        assert_eq!((node.vendor_status.as_str(), node.fault), ("running", None));
    }

    #[test]
    fn an_instance_with_nothing_is_a_node_as_well() {
        let node = node(ec2::Instance::builder().instance_id("i-7").key_name("").build(), "eu-west-1");
        assert_eq!((node.label(), node.status, &node.key), ("i-7", NodeState::Unknown, &None));
        assert!(node.public_ips.is_empty() && node.private_ips.is_empty() && node.created.is_none());
    }

    #[test]
    fn a_network_with_public_addresses_of_its_own_is_not_reached_by_them() {
        let instance = in_state("running").private_ip_address("52.1.2.3").build();
        assert_eq!(texts(&node(instance, "r").private_ips), ["52.1.2.3"]);
    }

    #[test]
    fn the_word_of_an_unknown_state_stays_visible() {
        let node = node(in_state("teleporting").build(), "r");
        assert_eq!((node.status, node.vendor_status.as_str()), (NodeState::Unknown, "teleporting"));
    }

    #[test]
    fn a_tag_without_a_value_is_metadata_and_the_name_is_none() {
        let (name, pairs) = name_and_metadata(vec![tag("Name", "web"), ec2::Tag::builder().key("spare").build()]);
        assert_eq!((name.as_str(), pairs.len(), pairs["spare"].as_str()), ("web", 1, ""));
    }

    #[test]
    fn what_aws_took_down_says_why() {
        let table = [
            (
                "terminated",
                "Server.SpotInstanceTermination",
                "Server.SpotInstanceTermination: Spot instance terminated",
                Some(("Spot instance terminated", Some(ErrorKind::QuotaExceeded))),
            ),
            (
                "stopped",
                "Server.InternalError",
                "Server.InternalError: Internal error on launch",
                Some(("Internal error on launch", Some(ErrorKind::Unavailable))),
            ),
            (
                "terminated",
                "Client.VolumeLimitExceeded",
                "Volume limit exceeded.",
                Some(("Volume limit exceeded", Some(ErrorKind::QuotaExceeded))),
            ),
            ("terminated", "Client.InternalError", "", Some(("Client.InternalError", None))),
            ("stopped", "Client.UserInitiatedShutdown", "User initiated", None),
            ("stopped", "Client.UserInitiatedHibernate", "User initiated", None),
            ("stopped", "Client.InstanceInitiatedShutdown", "Instance initiated", None),
            ("pending", "pending", "pending", None),
        ];
        for (state, code, message, expected) in table {
            let fault = because(state, code, message).fault;
            let told = fault.as_ref().map(|fault| (fault.message.as_str(), fault.kind));
            assert_eq!(told, expected, "{state} {code}");
            assert!(fault.is_none_or(|fault| fault.code.as_deref() == Some(code)));
        }
    }
}
