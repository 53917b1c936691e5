//! What a dry run says of an operation beside its subject.

use std::net::Ipv4Addr;

use crate::{Error, ErrorKind, Flavor, Image, NodeSpec, Operation, Request, Result};

/// The address that was not allocated.
pub(super) const NOWHERE: Ipv4Addr = Ipv4Addr::UNSPECIFIED;

/// What else a person should know of a request.
pub(super) fn arguments(request: &Request) -> Vec<String> {
    match request {
        Request::Rename(_, new) | Request::Resize(_, new) => vec![format!("to {new}")],
        Request::SetServerMetadata(_, pairs) => pairs.iter().map(|(key, value)| format!("{key}={value}")).collect(),
        Request::DeleteServerMetadata(_, keys) => keys.clone(),
        Request::AttachPublicIp(_, address) if *address == NOWHERE.to_string() => vec!["a new address".to_owned()],
        Request::AttachPublicIp(_, address) | Request::DetachPublicIp(_, address) => vec![address.clone()],
        Request::RemoveLeftover(leftover) => vec![leftover.what.clone(), leftover.id.clone()],
        Request::Raw(call) => vec![call.method.clone()],
        Request::AddRulesToSecgroup(_, rules) | Request::RemoveRulesFromSecgroup(_, rules) => {
            rules.iter().map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    }
}

/// The image that a node is made from.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] for one that the flavor's processors do not run.
pub(super) fn image_of(spec: &NodeSpec, image: &Image, flavor: &Flavor) -> Result<String> {
    let runs = flavor.architecture.as_deref().unwrap_or_default();
    if flavor.boots(image) {
        return Ok(format!("image {}", called(&image.name, &image.id)));
    }
    if spec.image != image.name && spec.image != image.id {
        // The name means an image for each architecture.
        return Ok(format!("image {} for {runs}", spec.image));
    }
    let built = image.architecture.as_deref().unwrap_or_default();
    let message = format!(
        "image `{}` is built for {built}, and flavor `{}` runs {runs}; choose an image for {runs}, or a flavor for {built}",
        spec.image, flavor.name
    );
    Err(Error::new(ErrorKind::InvalidInput, message).during(Operation::Create, Some(&spec.name)))
}

/// What a new node costs or can do beyond its flavor.
pub(super) fn extras(spec: &NodeSpec) -> impl Iterator<Item = String> {
    let disk = match (spec.disk_gb, &spec.disk_type) {
        (Some(size), Some(kind)) => Some(format!("disk {size} GiB of type {kind}")),
        (Some(size), None) => Some(format!("disk {size} GiB")),
        (None, Some(kind)) => Some(format!("disk of type {kind}")),
        (None, None) => None,
    };
    let spot = spec.spot.then(|| "spot".to_owned());
    let hibernate = spec.hibernate.then(|| "can be suspended".to_owned());
    [disk, spot, hibernate].into_iter().flatten()
}

fn called<'a>(name: &'a str, id: &'a str) -> &'a str {
    if name.is_empty() { id } else { name }
}
