//! Making servers.

use std::collections::BTreeMap;

use serde_json::json;

use super::call::{Call, Reply, links};
use super::fault::Fault;
use super::ordered::Ordered;
use super::schema::is_uuid;
use super::shapes;
use super::version::Version;
use crate::exchange::Answer;
use crate::world::Wish;
use crate::world::catalogue::{Flavor, Image};

/// How many items of metadata a server may have.
pub(super) const METADATA_ITEMS: usize = 128;
/// How many ports may be asked for at once.
const PORTS: usize = 500;

/// Makes the servers that the body describes.
pub(super) fn create(call: &mut Call<'_>) -> Reply {
    let body = call.body(&shapes::create(call.version))?;
    let server = body.get("server").ok_or_else(Fault::malformed)?;
    let counts = counts(server)?;
    let networks = networks(call, server)?;
    volumes(server)?;
    let (image, flavor) = (image_id(server)?, flavor(call, server)?);
    let image = image.and_then(|id| call.state.image(id)).filter(|image| image.is_open_to(&call.caller.project));
    let image = image.ok_or_else(|| Fault::bad("Can not find requested image"))?;
    fits(image, flavor)?;
    let (image, flavor) = (image.id.clone(), flavor.id.clone());
    let networks = networks.choose(call)?;
    let mut wish = Wish { image, flavor, groups: groups(call, server)?, networks, ..wish(call, server)? };
    wish.count = allowed(call, counts, wish.networks.len())?;
    let ids = call.state.create(&wish);
    let id = ids.first().ok_or_else(Fault::malformed)?;
    Ok(accepted(call, server, id))
}

/// What the body says about the servers themselves.
fn wish(call: &Call<'_>, server: &Ordered) -> Result<Wish, Fault> {
    let text = |key: &str| server.text_at(key).map(str::to_owned);
    if server.text_at("availability_zone").is_some_and(|zone| zone != "nova") {
        return Err(Fault::bad("The requested availability zone is not available"));
    }
    let key = text("key_name");
    if key.as_deref().is_some_and(|key| call.state.key(&call.caller.user, key).is_none()) {
        return Err(Fault::bad("Invalid key_name provided."));
    }
    let name = text("name").unwrap_or_default();
    let description = if call.version < Version(19) { Some(name.clone()) } else { text("description") };
    Ok(Wish {
        name,
        project: call.caller.project.clone(),
        user: call.caller.user.clone(),
        key,
        labels: labels(server.get("metadata"))?,
        tags: tags(server),
        description,
        hostname: text("hostname"),
        config_drive: server.get("config_drive").is_some_and(is_true),
        request: call.ask.id.clone(),
        no_room: call.ask.twist.no_room,
        hidden: call.ask.twist.hidden,
        ..Wish::default()
    })
}

fn is_true(flag: &Ordered) -> bool {
    let word = flag.bare().to_lowercase();
    matches!(word.as_str(), "true" | "1" | "on" | "yes")
}

/// The metadata as the world keeps it.
pub(super) fn labels(metadata: Option<&Ordered>) -> Result<BTreeMap<String, String>, Fault> {
    let entries = metadata.and_then(Ordered::dict).unwrap_or_default();
    if entries.len() > METADATA_ITEMS {
        return Err(Fault::forbidden(format!("Maximum number of metadata items exceeds {METADATA_ITEMS}")));
    }
    Ok(entries.iter().map(|(key, value)| (key.clone(), value.bare())).collect())
}

fn tags(server: &Ordered) -> Vec<String> {
    let tags = server.get("tags").and_then(Ordered::list).unwrap_or_default();
    tags.iter().map(Ordered::bare).collect()
}

/// The least and the most that is wanted.
fn counts(server: &Ordered) -> Result<(usize, usize), Fault> {
    let number = |key| server.get(key).and_then(|value| value.bare().parse().ok());
    let least: usize = number("min_count").unwrap_or(1);
    let most: usize = number("max_count").unwrap_or(least);
    if least > most { Err(Fault::bad("min_count must be <= max_count")) } else { Ok((least, most)) }
}

fn flavor<'a>(call: &'a Call<'_>, server: &Ordered) -> Result<&'a Flavor, Fault> {
    let id = server.get("flavorRef").map(Ordered::bare).unwrap_or_default();
    call.state.flavor(&id).ok_or_else(|| no_flavor(&id))
}

pub(super) fn no_flavor(id: &str) -> Fault {
    Fault::bad(format!("Flavor {id} could not be found."))
}

/// The image's id; `None` is never found.
fn image_id(server: &Ordered) -> Result<Option<&str>, Fault> {
    match server.text_at("imageRef") {
        None | Some("") => Err(Fault::bad("Missing imageRef attribute")),
        id => Ok(id),
    }
}

/// Whether the image fits on the flavor.
pub(super) fn fits(image: &Image, flavor: &Flavor) -> Result<(), Fault> {
    const GIB: u64 = 1 << 30;
    let (disk, least) = (flavor.disk * GIB, image.min_disk * GIB);
    if flavor.memory < image.min_memory {
        return Err(Fault::bad("Flavor's memory is too small for requested image."));
    }
    if disk < image.size {
        let sizes = format!("Flavor disk is {disk} bytes, image is {} bytes.", image.size);
        return Err(Fault::bad(format!("Flavor's disk is too small for requested image. {sizes}")));
    }
    if disk < least {
        let told = "Flavor's disk is smaller than the minimum size specified in image metadata.";
        return Err(Fault::bad(format!("{told} Flavor disk is {disk} bytes, minimum size is {least} bytes.")));
    }
    Ok(())
}

/// Volumes are not emulated: only the image itself, on a local disk, can be named.
fn volumes(server: &Ordered) -> Result<(), Fault> {
    let devices = server.get("block_device_mapping_v2").and_then(Ordered::list).unwrap_or_default();
    for device in devices {
        if device.text_at("uuid").is_none() {
            return Err(Fault::bad("Block Device Mapping is Invalid: Missing device UUID."));
        }
        let local =
            device.text_at("source_type") == Some("image") && device.text_at("destination_type") == Some("local");
        if !local {
            return Err(Fault::bad("Block Device Mapping is Invalid: volumes are not emulated."));
        }
    }
    Ok(())
}

/// The networks that are asked for.
enum Networks {
    These(Vec<String>),
    Automatic,
    None,
}

fn networks(call: &Call<'_>, server: &Ordered) -> Result<Networks, Fault> {
    match server.get("networks") {
        Some(Ordered::Text(word)) if word == "none" => Ok(Networks::None),
        Some(Ordered::List(entries)) if !entries.is_empty() => {
            entries.iter().map(|entry| network(call, entry)).collect::<Result<_, _>>().map(Networks::These)
        }
        _ => Ok(Networks::Automatic),
    }
}

fn network(call: &Call<'_>, entry: &Ordered) -> Result<String, Fault> {
    if let Some(port) = entry.text_at("port") {
        return Err(Fault::bad(format!("Port id {port} could not be found.")));
    }
    let id = entry.get("uuid").map(Ordered::bare).unwrap_or_default();
    if !is_uuid(&id) {
        return Err(Fault::bad(format!("Bad networks format: network uuid is not in proper format ({id})")));
    }
    let found = call.state.network(&id).filter(|one| one.external || one.project == call.caller.project);
    found.map(|one| one.id.clone()).ok_or_else(|| Fault::bad(format!("Network {id} could not be found.")))
}

impl Networks {
    /// The ids; without a choice, the project's own network, of which there must be one.
    fn choose(self, call: &Call<'_>) -> Result<Vec<String>, Fault> {
        match self {
            Self::These(ids) => Ok(ids),
            Self::None => Ok(Vec::new()),
            Self::Automatic => {
                let own = call.state.networks.iter().filter(|one| one.project == call.caller.project);
                let with_subnet = |id: &str| call.state.subnets.iter().any(|subnet| subnet.network == id);
                let ids: Vec<String> = own.filter(|one| with_subnet(&one.id)).map(|one| one.id.clone()).collect();
                match ids.len() {
                    0 | 1 => Ok(ids),
                    _ => {
                        Err(Fault::conflict("Multiple possible networks found, use a Network ID to be more specific."))
                    }
                }
            }
        }
    }
}

/// The security groups that are named; the default one when none is.
fn group_names(server: &Ordered) -> Vec<&str> {
    let given = server.get("security_groups").and_then(Ordered::list).unwrap_or_default();
    let names: Vec<&str> = given.iter().filter_map(|one| one.text_at("name")).collect();
    if names.is_empty() { vec!["default"] } else { names }
}

fn groups(call: &Call<'_>, server: &Ordered) -> Result<Vec<String>, Fault> {
    group_names(server).into_iter().map(|name| group(call, name)).collect()
}

/// The id of the group of that name or id.
fn group(call: &Call<'_>, name: &str) -> Result<String, Fault> {
    let mine = || call.state.groups.iter().filter(|group| group.project == call.caller.project);
    if let Some(group) = mine().find(|group| group.id == name) {
        return Ok(group.id.clone());
    }
    let mut named = mine().filter(|group| group.name == name);
    match (named.next(), named.next()) {
        (Some(group), None) => Ok(group.id.clone()),
        (None, _) => Err(Fault::bad(format!("Unable to find security_group with name or id '{name}'"))),
        _ => {
            let told = format!("Multiple security_group matches found for name '{name}'");
            Err(Fault::conflict(format!("{told}, use an ID to be more specific.")))
        }
    }
}

/// How many of the servers that are wanted there may be.
fn allowed(call: &Call<'_>, (least, most): (usize, usize), networks: usize) -> Result<usize, Fault> {
    if most * networks > PORTS {
        return Err(Fault::forbidden("Maximum number of ports exceeded"));
    }
    let used = call.state.nodes.alive().count();
    let quota = if call.ask.twist.quota { used } else { call.state.quota };
    match quota.saturating_sub(used) {
        room if room < least => {
            let told = format!("Requested {most}, but already used {used} of {quota} instances");
            Err(Fault::forbidden(format!("Quota exceeded for instances: {told}")))
        }
        room => Ok(most.min(room)),
    }
}

fn accepted(call: &Call<'_>, server: &Ordered, id: &str) -> Answer {
    let base = call.base();
    let groups: Vec<_> = group_names(server).iter().map(|name| json!({"name": name})).collect();
    let password = server.text_at("adminPass").map_or_else(password, str::to_owned);
    let body = json!({"server": {
        "id": id, "links": links(&base, "servers", id), "OS-DCF:diskConfig": "MANUAL",
        "security_groups": groups, "adminPass": password,
    }});
    Answer::json(202, &body).with("location", format!("{base}/v2.1/servers/{id}"))
}

fn password() -> String {
    crate::world::account::new_secret().chars().take(12).collect()
}
