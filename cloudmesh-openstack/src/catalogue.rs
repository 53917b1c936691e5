//! Images and flavors.

use cloudmesh_abstract::{Error, ErrorKind, Flavor, FlavorQuery, Image, ImageQuery, Result};
use serde_json::Value;

use crate::catalog::Service;
use crate::client::Ask;
use crate::node::limit;
use crate::pages::record;
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

    /// The id of an image for a create, which refuses an unknown id itself.
    pub(crate) async fn image_id(&self, name: &str) -> Result<String> {
        if is_uuid(name) {
            return Ok(name.to_owned());
        }
        let look_up = || async { self.one_image(name).await.map(|image| image.id).map_err(as_input) };
        self.client.context().look_up_once(&format!("image {name}"), look_up).await
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

    /// The id of a flavor for a create, which refuses an unknown id itself.
    pub(crate) async fn flavor_id(&self, name: &str) -> Result<String> {
        if is_uuid(name) {
            return Ok(name.to_owned());
        }
        let look_up = || async { self.one_flavor(name).await.map(|flavor| flavor.id).map_err(as_input) };
        self.client.context().look_up_once(&format!("flavor {name}"), look_up).await
    }
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
    use super::{is_uuid, one};
    use cloudmesh_abstract::ErrorKind;

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
