//! Tables for the order.

use std::collections::BTreeSet;

use aws_sdk_ec2::operation::run_instances::RunInstancesInput;
use cloudmesh_abstract::{NodeSpec, UserData};

use super::{Parts, Plug, Worn, order};
use crate::config::Imds;

fn spec() -> NodeSpec {
    NodeSpec::new("web-1", "ubuntu-24.04", "t3.micro")
}

fn plugged(subnets: &[&str], groups: Worn) -> Plug {
    Plug { subnets: subnets.iter().map(|&subnet| subnet.to_owned()).collect(), groups }
}

fn ordered(spec: &NodeSpec, plug: Plug) -> RunInstancesInput {
    let parts = Parts { image: "ami-1".into(), disk: None, plug, imds: Imds::Required };
    order(spec, parts).build().unwrap()
}

fn ids(ids: &[&str]) -> Worn {
    Worn::Ids(ids.iter().map(|&id| id.to_owned()).collect())
}

#[test]
fn only_what_was_asked_for_is_ordered() {
    let spec = spec();
    let least = ordered(&spec, Plug::default());
    assert_eq!((least.image_id(), least.instance_type().unwrap().as_str()), (Some("ami-1"), "t3.micro"));
    assert_eq!(
        (least.min_count(), least.max_count(), least.client_token()),
        (Some(1), Some(1), Some(spec.token.as_str()))
    );
    assert!(least.network_interfaces().is_empty() && least.block_device_mappings().is_empty());
    assert!(least.security_groups().is_empty() && least.security_group_ids().is_empty());
    assert!(least.user_data().is_none() && least.subnet_id().is_none() && least.placement().is_none());
    assert!(least.instance_market_options().is_none() && least.hibernation_options().is_none());
}

#[test]
fn the_metadata_service_wants_tokens_unless_the_configuration_says_otherwise() {
    for (imds, expected) in [(Imds::Required, "required"), (Imds::Optional, "optional")] {
        let parts = Parts { image: "ami-1".into(), disk: None, plug: Plug::default(), imds };
        let input = order(&spec(), parts).build().unwrap();
        assert_eq!(input.metadata_options().unwrap().http_tokens().unwrap().as_str(), expected);
    }
}

#[test]
fn all_that_is_made_carries_the_marks_and_the_name() {
    let spec = spec().with_metadata("owner", "albert").with_spot(true);
    let input = ordered(&spec, Plug::default());
    let on: BTreeSet<&str> =
        input.tag_specifications().iter().filter_map(|on| Some(on.resource_type()?.as_str())).collect();
    assert_eq!(on, BTreeSet::from(["instance", "network-interface", "spot-instances-request", "volume"]));
    for on in input.tag_specifications() {
        let value = |key: &str| on.tags().iter().find(|tag| tag.key() == Some(key)).and_then(|tag| tag.value());
        assert_eq!((value("Name"), value("cm-name"), value("owner")), (Some("web-1"), Some("web-1"), Some("albert")));
        assert_eq!(value("cm-token"), Some(spec.token.as_str()));
    }
}

#[test]
fn user_data_is_sent_in_base64() {
    let input = ordered(&spec().with_user_data(UserData::new("#!/bin/sh\n")), Plug::default());
    assert_eq!(input.user_data(), Some("IyEvYmluL3NoCg=="));
}

#[test]
fn a_spot_instance_is_asked_for_once() {
    let input = ordered(&spec().with_spot(true), Plug::default());
    let market = input.instance_market_options().unwrap();
    assert_eq!(market.market_type().unwrap().as_str(), "spot");
    let options = market.spot_options().unwrap();
    assert_eq!(options.spot_instance_type().unwrap().as_str(), "one-time");
    assert_eq!(options.max_price(), None);
}

#[test]
fn groups_and_subnets_stand_where_aws_wants_them() {
    let names = Worn::Names(vec!["ssh".into()]);
    let plain = ordered(&spec(), plugged(&[], names));
    assert_eq!((plain.security_groups(), plain.security_group_ids().len()), (&["ssh".to_owned()][..], 0));
    let placed = ordered(&spec().with_network("a").with_zone("z"), plugged(&["subnet-1"], ids(&["sg-1"])));
    assert_eq!((placed.subnet_id(), placed.security_group_ids()), (Some("subnet-1"), &["sg-1".to_owned()][..]));
    assert_eq!(placed.placement().unwrap().availability_zone(), Some("z"));
    assert!(placed.network_interfaces().is_empty());
}

#[test]
fn the_wish_for_an_address_stands_in_the_interface() {
    for public in [true, false] {
        let input = ordered(&spec().with_public(public), plugged(&[], ids(&["sg-1"])));
        let [interface] = input.network_interfaces() else { panic!("one interface: {input:?}") };
        assert_eq!((interface.associate_public_ip_address(), interface.subnet_id()), (Some(public), None));
        assert_eq!((interface.device_index(), interface.groups()), (Some(0), &["sg-1".to_owned()][..]));
        assert_eq!(interface.delete_on_termination(), Some(true));
        assert!(input.security_group_ids().is_empty() && input.subnet_id().is_none());
    }
}

#[test]
fn several_networks_are_several_interfaces_without_a_public_address() {
    let spec = spec().with_network("a").with_network("b").with_public(false);
    let input = ordered(&spec, plugged(&["subnet-1", "subnet-1"], ids(&["sg-1"])));
    let told: Vec<_> = input.network_interfaces().iter().map(|one| (one.device_index(), one.subnet_id())).collect();
    assert_eq!(told, [(Some(0), Some("subnet-1")), (Some(1), Some("subnet-1"))]);
    assert!(input.network_interfaces().iter().all(|one| one.associate_public_ip_address().is_none()));
}
