//! Images and flavors.

use cloudmesh_abstract::{Error, ErrorKind, Flavor, FlavorQuery, Image, ImageQuery, Result};
use serde_json::Value;

use crate::catalog::Service;
use crate::client::Ask;
use crate::node::limit;
use crate::pages::record;
use crate::volume::disk_needed;
use crate::{OpenStack, map, wire};

impl OpenStack {
    /// <https://docs.openstack.org/api-ref/image/v2/index.html#list-images>.
    pub(crate) async fn glance_images(&self, query: &ImageQuery) -> Result<Vec<Image>> {
        let ask = Ask::get(Service::Image, &["images"]).with("status", "active");
        let ask = ask.with_some("name", query.name.as_ref()).with_some("limit", limit(query.page_size));
        let convert = |image: wire::Image, record: Option<Value>| {
            let mut image = map::image(image);
            image.raw = record;
            query.name.as_ref().is_none_or(|name| *name == image.name).then_some(image)
        };
        self.client.list(&ask, query.raw, convert).await
    }

    /// The image of this name or id. Glance's ids are UUIDs, so what does not look like one is only looked for as a name.
    pub(crate) async fn one_image(&self, name: &str) -> Result<Image> {
        if is_uuid(name) {
            match self.client.read(&Ask::get(Service::Image, &["images", name]), None).await {
                Ok(value) => return record(value).map(map::image).ok_or_else(|| none("image", name)),
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Err(_) => {}
            }
        }
        let found = self.glance_images(&ImageQuery::new().with_name(name)).await?;
        one("image", name, found, |image| &image.id)
    }

    /// The image of a create, which refuses an unknown id itself: an id is looked up only where `known` is needed.
    pub(crate) async fn chosen_image(&self, name: &str, known: bool) -> Result<Chosen<Image>> {
        if is_uuid(name) && !known {
            return Ok(Chosen::by_id(name));
        }
        let look_up = || async { self.one_image(name).await.map_err(as_input) };
        let image = self.client.context().look_up_once(&format!("image {name}"), look_up).await?;
        Ok(Chosen { id: image.id.clone(), known: Some(image) })
    }

    /// <https://docs.openstack.org/api-ref/compute/#list-flavors-with-details>.
    pub(crate) async fn nova_flavors(&self, query: &FlavorQuery) -> Result<Vec<Flavor>> {
        let ask = Ask::get(Service::Compute, &["flavors", "detail"]);
        let ask = ask.with_some("minRam", query.min_memory_mb).with_some("limit", limit(query.page_size));
        let convert = |flavor: wire::Flavor, record: Option<Value>| {
            let mut flavor = map::flavor(flavor);
            flavor.raw = record;
            query.admits(&flavor).then_some(flavor)
        };
        self.client.list(&ask, query.raw, convert).await
    }

    /// The flavor of this name or id. Nova finds flavors by id only, and any text may be one: the listing holds both,
    /// in one request.
    pub(crate) async fn one_flavor(&self, name: &str) -> Result<Flavor> {
        let all = self.nova_flavors(&FlavorQuery::new()).await?;
        let (by_id, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|flavor| flavor.id == name);
        let by_name = others.into_iter().filter(|flavor| flavor.name == name);
        let found = if by_id.is_empty() { by_name.collect() } else { by_id };
        one("flavor", name, found, |flavor| &flavor.id)
    }

    /// The flavor of a create, which refuses an unknown id itself.
    pub(crate) async fn chosen_flavor(&self, name: &str) -> Result<Chosen<Flavor>> {
        if is_uuid(name) {
            return Ok(Chosen::by_id(name));
        }
        let look_up = || async { self.one_flavor(name).await.map_err(as_input) };
        let flavor = self.client.context().look_up_once(&format!("flavor {name}"), look_up).await?;
        Ok(Chosen { id: flavor.id.clone(), known: Some(flavor) })
    }
}

/// What was chosen for a node, by name or id.
#[derive(Debug, Clone)]
pub(crate) struct Chosen<T> {
    /// Its id.
    pub(crate) id: String,
    /// What the cloud says about it, if it was asked.
    pub(crate) known: Option<T>,
}

impl<T> Chosen<T> {
    fn by_id(id: &str) -> Self {
        Self { id: id.to_owned(), known: None }
    }
}

/// The refusal of a create, with both numbers where the flavor is too small for the image: of the memory Nova tells none,
/// of the disk it tells bytes.
pub(crate) fn too_small(refused: Error, image: &Chosen<Image>, flavor: &Chosen<Flavor>, own_disk: bool) -> Error {
    let (Some(image), Some(flavor)) = (&image.known, &flavor.known) else { return refused };
    if refused.kind() != ErrorKind::InvalidInput {
        return refused;
    }
    let (needs, has) = (u64::from(image.min_memory_mb.unwrap_or_default()), flavor.memory_mb.unwrap_or(u64::MAX));
    // A flavor without a disk has one as large as the image.
    let (disk, room) = (disk_needed(image), flavor.disk_gb.filter(|disk| *disk > 0 && !own_disk));
    let why = match room {
        _ if has < needs => format!("has {has} MiB of memory, and image `{}` needs {needs}", image.name),
        Some(room) if room < disk => format!("has a disk of {room} GiB, and image `{}` needs {disk}", image.name),
        _ => return refused,
    };
    let message = format!("flavor `{}` is too small: it {why}; choose a larger one", flavor.name);
    refused.with_message(message)
}

/// The only one of those that were found.
///
/// # Errors
///
/// [`ErrorKind::NotFound`] for none, [`ErrorKind::Ambiguous`] for several.
pub(crate) fn one<T>(what: &str, name: &str, mut found: Vec<T>, id: impl Fn(&T) -> &str) -> Result<T> {
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(none(what, name)),
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            found.push(last);
            let ids: Vec<String> = found.iter().map(|each| format!("`{}`", id(each))).collect();
            let message = format!("`{name}` is the name of several {what}s; give the id: {}", ids.join(", "));
            Err(Error::new(ErrorKind::Ambiguous, message))
        }
    }
}

fn none(what: &str, name: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no {what} `{name}`"))
}

/// What is named in a create and does not exist is a wrong input.
pub(crate) fn as_input(error: Error) -> Error {
    if error.kind() == ErrorKind::NotFound { error.with_kind(ErrorKind::InvalidInput) } else { error }
}

/// Whether a text looks like an id of OpenStack's: 32 hexadecimal digits, with or without dashes.
pub(crate) fn is_uuid(text: &str) -> bool {
    let digits = text.bytes().filter(|letter| *letter != b'-');
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    let shaped = matches!(parts.as_slice(), [8, 4, 4, 4, 12] | [32]);
    shaped && digits.into_iter().all(|letter| letter.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{Chosen, is_uuid, one, too_small};
    use cloudmesh_abstract::{Error, ErrorKind, Flavor, Image};

    fn chosen(min_disk: u32, min_memory: u32, memory: u64, disk: u64) -> (Chosen<Image>, Chosen<Flavor>) {
        let (mut image, mut flavor) = (Image::new("i", "big"), Flavor::new("f", "m1.nano"));
        (image.min_disk_gb, image.min_memory_mb) = (Some(min_disk), Some(min_memory));
        (image.size_bytes, flavor.memory_mb, flavor.disk_gb) = (Some(2_500_000_000), Some(memory), Some(disk));
        (Chosen { id: "i".into(), known: Some(image) }, Chosen { id: "f".into(), known: Some(flavor) })
    }

    #[test]
    fn a_flavor_too_small_for_the_image_is_told_with_both_numbers() {
        let memory =
            "flavor `m1.nano` is too small: it has 64 MiB of memory, and image `big` needs 512; choose a larger one";
        let disk =
            "flavor `m1.nano` is too small: it has a disk of 1 GiB, and image `big` needs 10; choose a larger one";
        let file =
            "flavor `m1.nano` is too small: it has a disk of 1 GiB, and image `big` needs 3; choose a larger one";
        let table = [
            ((0, 512, 64, 20), false, memory),
            ((10, 0, 64, 1), false, disk),
            ((0, 0, 64, 1), false, file),
            ((10, 0, 64, 1), true, "no"),
            ((10, 0, 64, 0), false, "no"),
            ((10, 512, 512, 10), false, "no"),
        ];
        for ((min_disk, min_memory, has, room), own_disk, message) in table {
            let (image, flavor) = chosen(min_disk, min_memory, has, room);
            let refused = |kind| too_small(Error::new(kind, "no").with_code("badRequest"), &image, &flavor, own_disk);
            let error = refused(ErrorKind::InvalidInput);
            assert_eq!(
                (error.kind(), error.code(), error.message()),
                (ErrorKind::InvalidInput, Some("badRequest"), message)
            );
            assert_eq!(refused(ErrorKind::QuotaExceeded).message(), "no");
        }
    }

    #[test]
    fn ids_look_like_ids() {
        let table = [
            ("8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6", true),
            ("8b9c6fd913604b989f623bdc6655aaf6", true),
            ("ubuntu-24.04", false),
            ("8b9c6fd9-1360-4b98-9f62-3bdc6655aaf", false),
            ("zzzzzzzz-1360-4b98-9f62-3bdc6655aaf6", false),
            ("", false),
        ];
        for (text, expected) in table {
            assert_eq!(is_uuid(text), expected, "{text}");
        }
    }

    #[test]
    fn there_is_one_or_it_is_said_why_not() {
        let pick = |found: &[&str]| {
            one("image", "x", found.iter().map(ToString::to_string).collect(), |id: &String| id.as_str())
        };
        assert_eq!(pick(&["a"]).unwrap(), "a");
        assert_eq!(pick(&[]).unwrap_err().kind(), ErrorKind::NotFound);
        let error = pick(&["a", "b"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ambiguous);
        assert_eq!(error.message(), "`x` is the name of several images; give the id: `a`, `b`");
    }
}
