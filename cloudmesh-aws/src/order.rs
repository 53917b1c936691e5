//! What `RunInstances` is asked for. Pure: all that had to be looked up is given.

use std::collections::BTreeMap;

use aws_sdk_ec2::operation::run_instances::builders::RunInstancesInputBuilder;
use aws_sdk_ec2::types::{
    BlockDeviceMapping, HibernationOptionsRequest, HttpTokensState, InstanceInterruptionBehavior,
    InstanceMarketOptionsRequest, InstanceMetadataOptionsRequest, InstanceNetworkInterfaceSpecification, InstanceType,
    MarketType, Placement, ResourceType, SpotInstanceType, SpotMarketOptions, Tag, TagSpecification,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cloudmesh_abstract::NodeSpec;

use crate::config::Imds;
use crate::map::node::NAME;

/// Where a new instance is plugged in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plug {
    /// Subnets, one an interface; none: AWS takes one of the default VPC.
    pub(crate) subnets: Vec<String>,
    /// Security groups.
    pub(crate) groups: Worn,
}

/// The security groups that a new instance wears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Worn {
    /// Groups by id; none: the default one.
    Ids(Vec<String>),
    /// Groups of the default VPC, which AWS finds by name.
    Names(Vec<String>),
}

impl Default for Worn {
    fn default() -> Self {
        Self::Ids(Vec::new())
    }
}

/// What an instance is made of besides its specification.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    /// The image, by id.
    pub(crate) image: String,
    /// The boot disk, where it differs from the image's.
    pub(crate) disk: Option<BlockDeviceMapping>,
    pub(crate) plug: Plug,
    pub(crate) imds: Imds,
}

/// Whether an interface of its own must be ordered: AWS takes the wish for a public address there alone.
pub(crate) fn needs_interfaces(spec: &NodeSpec) -> bool {
    spec.public.is_some() || spec.networks.len() > 1
}

/// The order of one instance.
pub(crate) fn order(spec: &NodeSpec, parts: Parts) -> RunInstancesInputBuilder {
    let order = RunInstancesInputBuilder::default()
        .image_id(parts.image)
        .instance_type(InstanceType::from(spec.flavor.as_str()))
        .min_count(1)
        .max_count(1)
        .client_token(spec.token.as_str())
        .set_key_name(spec.key.clone())
        .set_user_data(spec.user_data.as_ref().map(|data| STANDARD.encode(data.expose())))
        .set_placement(spec.zone.as_ref().map(|zone| Placement::builder().availability_zone(zone).build()))
        .set_block_device_mappings(parts.disk.map(|disk| vec![disk]))
        .set_tag_specifications(Some(tagged(spec)))
        .metadata_options(metadata_service(parts.imds))
        .set_instance_market_options(spec.spot.then(spot))
        .set_hibernation_options(spec.hibernate.then(|| HibernationOptionsRequest::builder().configured(true).build()));
    if needs_interfaces(spec) {
        return order.set_network_interfaces(Some(interfaces(spec, parts.plug)));
    }
    let order = order.set_subnet_id(parts.plug.subnets.into_iter().next());
    match parts.plug.groups {
        Worn::Ids(ids) => order.set_security_group_ids(some(ids)),
        Worn::Names(names) => order.set_security_groups(some(names)),
    }
}

/// Its interfaces. With several AWS gives no public address, and must not be told so.
fn interfaces(spec: &NodeSpec, plug: Plug) -> Vec<InstanceNetworkInterfaceSpecification> {
    let groups = match plug.groups {
        Worn::Ids(groups) | Worn::Names(groups) => some(groups),
    };
    let one = |index: i32, subnet: Option<String>| {
        InstanceNetworkInterfaceSpecification::builder()
            .device_index(index)
            .delete_on_termination(true)
            .set_subnet_id(subnet)
            .set_groups(groups.clone())
            .set_associate_public_ip_address(spec.public.filter(|_| spec.networks.len() < 2))
            .build()
    };
    if plug.subnets.is_empty() {
        return vec![one(0, None)];
    }
    (0..).zip(plug.subnets).map(|(index, subnet)| one(index, Some(subnet))).collect()
}

/// All tags, on all that is made.
fn tagged(spec: &NodeSpec) -> Vec<TagSpecification> {
    let tags: Vec<Tag> =
        all_tags(spec).iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    let request = spec.spot.then_some(ResourceType::SpotInstancesRequest);
    let made = [ResourceType::Instance, ResourceType::Volume, ResourceType::NetworkInterface];
    let on = |what| TagSpecification::builder().resource_type(what).set_tags(Some(tags.clone())).build();
    made.into_iter().chain(request).map(on).collect()
}

fn all_tags(spec: &NodeSpec) -> BTreeMap<String, String> {
    let mut tags = spec.tags();
    tags.insert(NAME.to_owned(), spec.name.clone());
    tags
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html>.
fn metadata_service(imds: Imds) -> InstanceMetadataOptionsRequest {
    let tokens = match imds {
        Imds::Required => HttpTokensState::Required,
        Imds::Optional => HttpTokensState::Optional,
    };
    InstanceMetadataOptionsRequest::builder().http_tokens(tokens).build()
}

/// A spot instance for at most the price on demand, which is gone when AWS takes it away.
fn spot() -> InstanceMarketOptionsRequest {
    let options = SpotMarketOptions::builder()
        .spot_instance_type(SpotInstanceType::OneTime)
        .instance_interruption_behavior(InstanceInterruptionBehavior::Terminate);
    InstanceMarketOptionsRequest::builder().market_type(MarketType::Spot).spot_options(options.build()).build()
}

fn some(list: Vec<String>) -> Option<Vec<String>> {
    (!list.is_empty()).then_some(list)
}

#[cfg(test)]
mod tests;
