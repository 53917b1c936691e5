//! Making servers.

use std::collections::BTreeMap;

use serde_json::json;

use super::call::{Call, Reply, links};
use super::disks::{Disks, Root};
use super::fault::Fault;
use super::networks::Networks;
use super::ordered::Ordered;
use super::version::Version;
use super::{quotas, shapes};
use crate::exchange::Answer;
use crate::world::Wish;
use crate::world::catalogue::{Flavor, Image};
use crate::world::limits::within;

/// Makes the servers that the body describes. What is wrong is told in the order in which Nova finds it out.
pub(super) fn create(call: &mut Call<'_>) -> Reply {
    let body = call.body(&shapes::create(call.version))?;
    let server = body.get("server").ok_or_else(Fault::malformed)?;
    let (wish, counts) = wished(call, server)?;
    let flavor = call.state.flavor(&wish.flavor).ok_or_else(|| no_flavor(&wish.flavor))?;
    let count = quotas::allowed(call, flavor, counts)?;
    let disks = Disks::parse(server)?;
    let disks = if disks.is_empty() { Vec::new() } else { disks.check(call)? };
    let ids = call.state.create(&Wish { count, disks, ..wish });
    let id = ids.first().ok_or_else(Fault::malformed)?;
    Ok(accepted(call, server, id))
}

/// The wish, without its disks, and the least and the most that there shall be of it.
fn wished(call: &Call<'_>, server: &Ordered) -> Result<(Wish, (usize, usize)), Fault> {
    let counts = counts(server)?;
    let zone = zone(call, server)?;
    let disks = Disks::parse(server)?;
    let image = image_id(server, &disks)?;
    let networks = Networks::parse(server)?;
    let flavor = flavor(call, server)?;
    networks.several(counts.1)?;
    if counts.1 > 1 && server.text_at("hostname").is_some() {
        return Err(Fault::bad("Unable to allocate a single hostname to multiple instances"));
    }
    if zone.is_some_and(|zone| zone != "nova") {
        return Err(Fault::bad("The requested availability zone is not available"));
    }
    let image = match image {
        Some(id) => Some(image_of(call, id)?),
        None => disks.image(call)?,
    };
    let groups = groups(call, server)?;
    let (plugs, most) = networks.choose(call, counts)?;
    let counts = (counts.0, most);
    let wish = wish(call, server)?;
    disks.several(counts.1)?;
    let labels = labels(call, server.get("metadata"))?;
    files(call, server)?;
    image.map_or(Ok(()), |image| fits(image, flavor, disks.root_disk()))?;
    // A server that boots from a volume has no image of its own.
    let image = image.filter(|_| disks.root_disk() == Root::Flavor).map(|image| image.id.clone()).unwrap_or_default();
    Ok((Wish { image, flavor: flavor.id.clone(), groups, plugs, labels, ..wish }, counts))
}

/// What the body says about the servers themselves.
fn wish(call: &Call<'_>, server: &Ordered) -> Result<Wish, Fault> {
    let text = |key: &str| server.text_at(key).map(str::to_owned);
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
pub(super) fn labels(call: &Call<'_>, metadata: Option<&Ordered>) -> Result<BTreeMap<String, String>, Fault> {
    let entries = metadata.and_then(Ordered::dict).unwrap_or_default();
    let most = call.state.limits.metadata_items;
    if !within(most, entries.len()) {
        return Err(Fault::forbidden(format!("Maximum number of metadata items exceeds {most}")));
    }
    Ok(entries.iter().map(|(key, value)| (key.clone(), value.bare())).collect())
}

fn tags(server: &Ordered) -> Vec<String> {
    let tags = server.get("tags").and_then(Ordered::list).unwrap_or_default();
    tags.iter().map(Ordered::bare).collect()
}

/// Files for the server, which are counted and forgotten.
fn files(call: &Call<'_>, server: &Ordered) -> Result<(), Fault> {
    let files = server.get("personality").and_then(Ordered::list).unwrap_or_default();
    if within(call.state.limits.injected_files, files.len()) {
        return Ok(());
    }
    Err(Fault::forbidden("Personality file limit exceeded"))
}

/// The least and the most that is wanted.
fn counts(server: &Ordered) -> Result<(usize, usize), Fault> {
    let number = |key| server.get(key).and_then(|value| value.bare().parse().ok());
    let least: usize = number("min_count").unwrap_or(1);
    let most: usize = number("max_count").unwrap_or(least);
    if least > most { Err(Fault::bad("min_count must be <= max_count")) } else { Ok((least, most)) }
}

/// The zone that is asked for; a host in it is not for plain users to choose.
fn zone<'a>(call: &Call<'_>, server: &'a Ordered) -> Result<Option<&'a str>, Fault> {
    let zone = server.text_at("availability_zone");
    match zone.map_or(0, |zone| zone.matches(':').count()) {
        0 => {}
        1 | 2 => return Err(Fault::policy("os_compute_api:servers:create:forced_host")),
        _ => return Err(Fault::bad("Invalid input received: Unable to parse availability_zone")),
    }
    let host = ["host", "hypervisor_hostname"].iter().any(|key| server.text_at(key).is_some());
    if host && call.version >= Version(74) {
        return Err(Fault::policy("compute:servers:create:requested_destination"));
    }
    Ok(zone)
}

/// The flavor, by its id or by a link to it.
fn flavor<'a>(call: &'a Call<'_>, server: &Ordered) -> Result<&'a Flavor, Fault> {
    let id = server.get("flavorRef").map(Ordered::bare).unwrap_or_default();
    let id = id.rsplit('/').next().unwrap_or_default();
    call.state.flavor(id).ok_or_else(|| no_flavor(id))
}

pub(super) fn no_flavor(id: &str) -> Fault {
    Fault::bad(format!("Flavor {id} could not be found."))
}

/// The image's id, which only disks can be instead of.
fn image_id<'a>(server: &'a Ordered, disks: &Disks) -> Result<Option<&'a str>, Fault> {
    match server.text_at("imageRef").filter(|image| !image.is_empty()) {
        None if disks.is_empty() => Err(Fault::bad("Missing imageRef attribute")),
        id => Ok(id),
    }
}

fn image_of<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Image, Fault> {
    let image = call.state.image(id).filter(|image| image.is_open_to(&call.caller.project));
    image.ok_or_else(|| Fault::bad("Can not find requested image"))
}

/// Whether the image fits on the flavor, or on the volume that is the first disk.
pub(super) fn fits(image: &Image, flavor: &Flavor, root: Root) -> Result<(), Fault> {
    const GIB: u64 = 1 << 30;
    if flavor.memory < image.min_memory {
        return Err(Fault::bad("Flavor's memory is too small for requested image."));
    }
    let least = image.min_disk * GIB;
    if let Root::Volume(size) = root {
        let size = size.map(|size| size * GIB);
        return match size.filter(|size| *size < least) {
            None => Ok(()),
            Some(size) => {
                let sizes = format!("Volume is {size} bytes, minimum size is {least} bytes.");
                let told = "Volume is smaller than the minimum size specified in image metadata.";
                Err(Fault::bad(format!("{told} {sizes}")))
            }
        };
    }
    let disk = flavor.disk * GIB;
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

/// The security groups that are named; the default one when none is.
fn groups(call: &Call<'_>, server: &Ordered) -> Result<Vec<String>, Fault> {
    let given = server.get("security_groups").and_then(Ordered::list).unwrap_or_default();
    let mut names: Vec<&str> = given.iter().filter_map(|one| one.text_at("name")).collect();
    if names.is_empty() {
        names.push("default");
    }
    let mut ids = Vec::new();
    for name in names {
        let missing = || Fault::bad(format!("Unable to find security_group with name or id '{name}'"));
        let id = group_id(call, name)?.ok_or_else(missing)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The id of the group of that name or id, if there is one.
pub(super) fn group_id(call: &Call<'_>, name: &str) -> Result<Option<String>, Fault> {
    let mine = || call.state.groups.iter().filter(|group| group.project == call.caller.project);
    if let Some(group) = mine().find(|group| group.id == name) {
        return Ok(Some(group.id.clone()));
    }
    let mut named = mine().filter(|group| group.name == name);
    match (named.next(), named.next()) {
        (Some(_), Some(_)) => {
            let told = format!("Multiple security_group matches found for name '{name}'");
            Err(Fault::conflict(format!("{told}, use an ID to be more specific.")))
        }
        (found, _) => Ok(found.map(|group| group.id.clone())),
    }
}

fn accepted(call: &Call<'_>, server: &Ordered, id: &str) -> Answer {
    if server.get("return_reservation_id").is_some_and(is_true) {
        let number: String = id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        return Answer::json(202, &json!({"reservation_id": format!("r-{number}")}));
    }
    let base = call.base();
    let groups = match server.get("security_groups").and_then(Ordered::list) {
        None => vec![json!({"name": "default"})],
        Some(given) => {
            given.iter().map(|one| one.text_at("name").map_or(json!({}), |name| json!({"name": name}))).collect()
        }
    };
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
