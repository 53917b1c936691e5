//! Volumes: what is shown of one, and how it is made, changed and deleted.

use serde_json::{Value, json};

use super::body::{Body, refuse};
use super::{Call, Refusal};
use crate::exchange::Answer;
use crate::openstack::times::bare;
use crate::openstack::urls::Urls;
use crate::world::State;
use crate::world::catalogue::Image;
use crate::world::volume::{KIND, Stage, Volume, Wanted};

pub(super) fn show(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let volume = found(call, id)?;
    Ok(Answer::json(200, &json!({"volume": full(call, volume)})))
}

fn found<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Volume, Refusal> {
    let volume = call.state.volume(&call.caller.project, id);
    volume.ok_or_else(|| (404, format!("Volume {id} could not be found.")))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = Body::new_volume(&call.ask.body, call.minor)?;
    if body.has("snapshot_id") || body.has("source_volid") {
        let id = body.text("snapshot_id", "source_volid").unwrap_or_default();
        return refuse(404, format!("Snapshot {id} could not be found."));
    }
    let Some(size) = body.size() else {
        return refuse(400, "Invalid input received: Volume size 'None' must be an integer and greater than 0");
    };
    if let Some(kind) = body.text("volume_type", "volume_type").filter(|kind| *kind != KIND && *kind != super::KIND_ID)
    {
        return refuse(404, format!("Volume type with name {kind} could not be found."));
    }
    if let Some(zone) = body.text("availability_zone", "availability_zone").filter(|zone| *zone != "nova") {
        return refuse(400, format!("Invalid input received: Availability zone '{zone}' is invalid."));
    }
    let image = body.image()?.map(|id| image(call.state, &call.caller.project, id, size)).transpose()?;
    if call.ask.twist.quota {
        let count = call.state.volumes.iter().filter(|volume| volume.project == call.caller.project).count();
        let told = format!("Maximum number of volumes allowed ({count}) exceeded for quota 'volumes'.");
        return refuse(413, format!("VolumeLimitExceeded: {told}"));
    }
    let wanted = Wanted {
        name: body.text("name", "display_name").unwrap_or_default().to_owned(),
        description: body.text("description", "display_description").map(str::to_owned),
        size,
        image,
        labels: body.labels(),
    };
    let id = call.state.add_volume(&call.caller.project, &call.caller.user, wanted);
    let shown = full(call, found(call, &id)?);
    Ok(Answer::json(202, &json!({"volume": shown})))
}

/// The id of the image, if it fits on a volume of that size.
fn image(state: &State, project: &str, id: &str, size: u64) -> Result<String, Refusal> {
    let image = state.image(id).filter(|image| image.is_open_to(project));
    let unknown = || (400, "Invalid image identifier or unable to access requested image.".to_owned());
    let image: &Image = image.ok_or_else(unknown)?;
    let whole = image.size.div_ceil(1 << 30);
    if whole > size {
        let told = format!("Size of specified image {whole}GB is larger than volume size {size}GB.");
        return refuse(400, format!("Invalid input received: {told}"));
    }
    if image.min_disk > size {
        let told = format!("Volume size {size}GB cannot be smaller than the image minDisk size {}GB.", image.min_disk);
        return refuse(400, format!("Invalid input received: {told}"));
    }
    Ok(image.id.clone())
}

pub(super) fn update(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let body = Body::change(&call.ask.body)?;
    found(call, id)?;
    let now = call.state.now;
    if let Some(volume) = call.state.volumes.iter_mut().find(|volume| volume.id == id) {
        if let Some(name) = body.text("name", "display_name") {
            name.clone_into(&mut volume.name);
        }
        if body.has("description") || body.has("display_description") {
            volume.description = body.text("description", "display_description").map(str::to_owned);
        }
        if body.has("metadata") {
            volume.labels = body.labels();
        }
        volume.updated = now;
    }
    show(call, id)
}

pub(super) fn delete(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    if found(call, id)?.stage != Stage::Available {
        let told = "Volume status must be available or error or error_restoring or error_extending or error_managing \
                    and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be \
                    disassociated from snapshots after volume transfer.";
        return refuse(400, format!("Invalid volume: {told}"));
    }
    call.state.remove_volume(id);
    Ok(Answer::empty(202))
}

/// Says whether a volume can be booted from, which is the one action there is.
pub(super) fn act(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    found(call, id)?;
    let body: Value = serde_json::from_slice(&call.ask.body).unwrap_or_default();
    let Some(bootable) = body.pointer("/os-set_bootable/bootable").and_then(Value::as_bool) else {
        return refuse(400, format!("There is no such action: {}", first_key(&body)));
    };
    if let Some(volume) = call.state.volumes.iter_mut().find(|volume| volume.id == id) {
        volume.bootable = bootable;
    }
    Ok(Answer::empty(200))
}

fn first_key(body: &Value) -> String {
    body.as_object().and_then(|body| body.keys().next()).cloned().unwrap_or_default()
}

/// What a list of names shows of a volume.
pub(super) fn brief(call: &Call<'_>, volume: &Volume) -> Value {
    let (base, project, id) = (Urls::new(call.ask).volume(), &call.caller.project, &volume.id);
    json!({"id": id, "name": volume.name, "links": [
        {"rel": "self", "href": format!("{base}/v3/{project}/volumes/{id}")},
        {"rel": "bookmark", "href": format!("{base}/{project}/volumes/{id}")},
    ]})
}

/// <https://docs.openstack.org/api-ref/block-storage/v3/#show-a-volume-s-details>
pub(super) fn full(call: &Call<'_>, volume: &Volume) -> Value {
    let attached: Vec<Value> = volume
        .attached
        .iter()
        .filter(|_| volume.stage == Stage::InUse)
        .map(|one| {
            json!({
                "id": volume.id, "volume_id": volume.id, "attachment_id": one.id, "server_id": one.node,
                "host_name": null, "device": one.device, "attached_at": bare(one.since),
            })
        })
        .collect();
    let mut shown = brief(call, volume);
    let more = json!({
        "status": volume.stage.word(), "size": volume.size, "availability_zone": "nova",
        "created_at": bare(volume.created), "updated_at": bare(volume.updated), "attachments": attached,
        "description": volume.description, "volume_type": KIND, "snapshot_id": null, "source_volid": null,
        "metadata": volume.labels, "user_id": volume.user, "bootable": volume.bootable.to_string(),
        "encrypted": false, "replication_status": null, "consistencygroup_id": null, "multiattach": false,
        "os-vol-tenant-attr:tenant_id": volume.project,
    });
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
        shown.extend(more);
    }
    if let Some(image) = volume.image.as_deref().and_then(|id| call.state.image(id)) {
        shown["volume_image_metadata"] = json!({
            "image_id": image.id, "image_name": image.name, "size": image.size.to_string(),
            "container_format": "bare", "disk_format": "raw", "min_disk": image.min_disk.to_string(),
            "min_ram": image.min_memory.to_string(),
        });
    }
    shown
}
