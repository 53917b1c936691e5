//! What a cloud must refuse, and in which words.

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Outcome, check, ensure, refused};
use crate::{ComputeNodeABC, ErrorKind, FlavorQuery, Goal, NodeSpec, RebootKind};

pub(super) const CHECKS: &[Check] = &[
    check!(info_of_a_missing_node_is_not_found: "`info` fails with `NotFound` for an id that does not exist."),
    check!(changing_a_missing_node_is_not_found:
        "`start`, `stop` and `reboot` fail with `NotFound` for an id that does not exist."),
    check!(rebooting_a_stopped_node_is_a_conflict: "A change fails with `Conflict` when the state forbids it."),
    check!(a_bad_image_is_invalid_input: "`create` fails with `InvalidInput` for an image that the cloud refuses."),
    check!(a_bad_flavor_is_invalid_input: "`create` fails with `InvalidInput` for a flavor that the cloud refuses."),
    check!(an_image_for_other_processors_is_invalid_input:
        "`create` fails with `InvalidInput` for an image that the flavor's processors do not run."),
    check!(a_bad_name_is_invalid_input: "`create` fails with `InvalidInput` for a name that the cloud refuses."),
    check!(a_bad_key_group_or_network_is_invalid_input:
        "`create` fails with `InvalidInput` for a key, group or network that the cloud refuses."),
    check!(a_bad_type_of_disk_is_refused:
        "`create` fails with `InvalidInput` for an unknown type of disk, or `Unsupported` where disks have no types."),
];

/// Something that does not exist anywhere.
const NOTHING: &str = "no-such-thing";

async fn info_of_a_missing_node_is_not_found(bench: &Bench) -> Outcome {
    let (cloud, unknown) = (bench.cloud()?, super::unknown_id());
    for _ in 0..2 {
        refused("`info` of an unknown id", cloud.info(&unknown).await, &[ErrorKind::NotFound])?;
    }
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.remove(&id).await?;
    refused("`info` of a deleted node", cloud.info(&id).await, &[ErrorKind::NotFound])?;
    Ok(())
}

async fn changing_a_missing_node_is_not_found(bench: &Bench) -> Outcome {
    let (cloud, id) = (bench.cloud()?, super::unknown_id());
    refused("`start`", cloud.start(&id).await, &[ErrorKind::NotFound])?;
    refused("`stop`", cloud.stop(&id).await, &[ErrorKind::NotFound])?;
    refused("`reboot`", cloud.reboot(&id, RebootKind::Hard).await, &[ErrorKind::NotFound])?;
    Ok(())
}

async fn rebooting_a_stopped_node_is_a_conflict(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.stop(&id).await?;
    cloud.wait(&id, Goal::Stopped).await?;
    refused("rebooting a stopped node", cloud.reboot(&id, RebootKind::Soft).await, &[ErrorKind::Conflict])?;
    Ok(())
}

/// Asks for a node that must be refused, and looks that none was made.
async fn create_is_refused(cloud: &Cloud, what: &str, spec: &NodeSpec) -> Outcome {
    create_fails(cloud, what, spec, &[ErrorKind::InvalidInput]).await
}

async fn create_fails(cloud: &Cloud, what: &str, spec: &NodeSpec, kinds: &[ErrorKind]) -> Outcome {
    refused(what, cloud.create(spec).await, kinds)?;
    let made = cloud.called(&spec.name).await?.len();
    ensure!(spec.name.is_empty() || made == 0, "{what} was refused, and a node was made");
    Ok(())
}

async fn a_bad_image_is_invalid_input(bench: &Bench) -> Outcome {
    let spec = NodeSpec { image: NOTHING.to_owned(), ..bench.spec("a") };
    create_is_refused(&bench.cloud()?, "an unknown image", &spec).await
}

async fn a_bad_flavor_is_invalid_input(bench: &Bench) -> Outcome {
    let spec = NodeSpec { flavor: NOTHING.to_owned(), ..bench.spec("a") };
    create_is_refused(&bench.cloud()?, "an unknown flavor", &spec).await
}

async fn an_image_for_other_processors_is_invalid_input(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let image = cloud.image(&bench.props().image).await?;
    let flavors = cloud.flavors(&FlavorQuery::new()).await?;
    // Not every cloud says what its flavors run on.
    let Some(other) = flavors.into_iter().find(|flavor| !flavor.boots(&image)) else { return Ok(()) };
    let spec = NodeSpec { image: image.id, flavor: other.name, ..bench.spec("a") };
    create_is_refused(&cloud, "an image for other processors", &spec).await
}

async fn a_bad_name_is_invalid_input(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let nameless = NodeSpec { name: String::new(), ..bench.spec("a") };
    create_is_refused(&cloud, "an empty name", &nameless).await?;
    let endless = bench.spec(&"a".repeat(300));
    create_is_refused(&cloud, "a name of 300 letters", &endless).await
}

async fn a_bad_key_group_or_network_is_invalid_input(bench: &Bench) -> Outcome {
    let (cloud, props) = (bench.cloud()?, bench.props());
    // What a stage does not have by name, its cloud may not know by name at all.
    if props.key.is_some() {
        create_is_refused(&cloud, "an unknown key", &bench.spec("a").with_key(NOTHING)).await?;
    }
    if props.secgroup.is_some() {
        create_is_refused(&cloud, "an unknown security group", &bench.spec("b").with_secgroup(NOTHING)).await?;
    }
    if props.network.is_some() {
        let networks = vec![NOTHING.to_owned()];
        create_is_refused(&cloud, "an unknown network", &NodeSpec { networks, ..bench.spec("c") }).await?;
    }
    Ok(())
}

async fn a_bad_type_of_disk_is_refused(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a").with_disk_type(NOTHING));
    create_fails(&cloud, "an unknown type of disk", &spec, &[ErrorKind::InvalidInput, ErrorKind::Unsupported]).await
}
