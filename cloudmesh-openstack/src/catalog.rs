//! The catalogue that comes with a token: which service answers where.

use cloudmesh_abstract::{Error, ErrorKind, Result};
use openstack::{EndpointFilters, InterfaceType};
use reqwest::Url;

use crate::wire::{CatalogEndpoint, CatalogService};

/// A service that we speak to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Nova.
    Compute,
    /// Glance.
    Image,
    /// Neutron.
    Network,
}

impl Service {
    /// Its type in the catalogue: <https://service-types.openstack.org/>.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Compute => "compute",
            Self::Image => "image",
            Self::Network => "network",
        }
    }

    /// The version of its interface that we speak, for a catalogue that leaves it out.
    fn version(self) -> &'static str {
        match self {
            Self::Compute => "v2.1",
            Self::Image => "v2",
            Self::Network => "v2.0",
        }
    }
}

/// The address of a service, with its version and without a final slash.
///
/// # Errors
///
/// A configuration error that lists what there is, when the catalogue lacks the service, the region or the interface.
pub(crate) fn address(catalog: &[CatalogService], service: Service, filters: &EndpointFilters) -> Result<Url> {
    find(catalog, service.kind(), filters).map(|url| versioned(url, service))
}

/// The address of a service of any type, as the catalogue has it.
///
/// # Errors
///
/// As [`address`].
pub(crate) fn find(catalog: &[CatalogService], kind: &str, filters: &EndpointFilters) -> Result<Url> {
    let of_kind = || catalog.iter().filter(|entry| entry.kind == kind).flat_map(|entry| &entry.endpoints);
    let here = |endpoint: &&CatalogEndpoint| filters.region.is_none() || endpoint.region() == filters.region.as_deref();
    let wanted = filters
        .interfaces
        .iter()
        .find_map(|interface| of_kind().filter(here).find(|endpoint| *interface == endpoint.interface));
    let Some(endpoint) = wanted else { return Err(lacking(catalog, kind, filters, of_kind())) };
    endpoint.url.parse().map_err(|error| {
        let message = format!("the catalogue's address of the {kind} service, `{}`, is no address", endpoint.url);
        Error::new(ErrorKind::Unexpected, message).with_source(error)
    })
}

/// Puts an address into the catalogue in place of what it has. Some are written with the project's id left open.
pub(crate) fn put(
    catalog: &mut Vec<CatalogService>,
    kind: &str,
    filters: &EndpointFilters,
    address: &Url,
    project: &str,
) {
    let open = ["%(project_id)s", "$(project_id)s", "%(tenant_id)s", "$(tenant_id)s"];
    let url = open.iter().fold(address.to_string(), |url, open| url.replace(open, project));
    catalog.retain(|entry| entry.kind != kind);
    let endpoint = |interface: &InterfaceType| CatalogEndpoint {
        interface: interface.to_string(),
        region: filters.region.clone(),
        region_id: filters.region.clone(),
        url: url.clone(),
    };
    let endpoints = filters.interfaces.iter().map(endpoint).collect();
    catalog.push(CatalogService { kind: kind.to_owned(), endpoints });
}

fn lacking<'a>(
    catalog: &[CatalogService],
    kind: &str,
    filters: &EndpointFilters,
    of_kind: impl Iterator<Item = &'a CatalogEndpoint> + Clone,
) -> Error {
    let regions = list(of_kind.clone().filter_map(CatalogEndpoint::region));
    if regions.is_empty() {
        let kinds = list(catalog.iter().map(|entry| entry.kind.as_str()));
        let message = format!("this cloud has no {kind} service for us, only {kinds}");
        return Error::config("credentials.auth.auth_url", message);
    }
    match filters.region.as_deref() {
        Some(region) if !of_kind.clone().any(|endpoint| endpoint.region() == Some(region)) => {
            let message = format!("this cloud has no {kind} service in region `{region}`, only in {regions}");
            Error::config("credentials.region_name", message)
        }
        _ => {
            let interfaces = list(of_kind.map(|endpoint| endpoint.interface.as_str()));
            let wanted =
                list(filters.interfaces.iter().map(ToString::to_string).collect::<Vec<_>>().iter().map(String::as_str));
            let message = format!("this cloud has no {wanted} interface of the {kind} service, only {interfaces}");
            Error::config("credentials.interface", message)
        }
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.sort();
    names.dedup();
    names.join(", ")
}

/// Some catalogues leave the version out, and some hold an older one of Glance.
fn versioned(mut url: Url, service: Service) -> Url {
    let version = service.version();
    let path = url.path().trim_end_matches('/').to_owned();
    let has_version = path.split('/').any(is_version);
    let path = match path.strip_suffix("/v1") {
        Some(root) if service == Service::Image => format!("{root}/{version}"),
        _ if has_version => path,
        _ => format!("{path}/{version}"),
    };
    url.set_path(&path);
    url.set_query(None);
    url
}

/// Whether a part of a path is a version such as `v2.1`.
pub(crate) fn is_version(part: &str) -> bool {
    let mut letters = part.chars();
    letters.next() == Some('v') && letters.next().is_some_and(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Service, address, find, put};
    use crate::wire::CatalogService;
    use cloudmesh_abstract::ErrorKind;
    use openstack::{EndpointFilters, InterfaceType};
    use serde_json::json;

    fn catalog() -> Vec<CatalogService> {
        let endpoint = |interface: &str, region: &str, url: &str| json!({"interface": interface, "region": region, "region_id": region, "url": url});
        let value = json!([
            {"type": "compute", "name": "nova", "endpoints": [
                endpoint("internal", "One", "http://inside:8774/v2.1"),
                endpoint("public", "One", "http://one:8774/v2.1/7"),
                endpoint("public", "Two", "http://two/compute")]},
            {"type": "image", "endpoints": [
                {"interface": "public", "region_id": "One", "url": "http://one:9292/"},
                endpoint("public", "Two", "http://two/image/v1")]},
            {"type": "network", "endpoints": [endpoint("public", "One", "http://one:9696/networking")]},
            {"type": "volumev3"}
        ]);
        serde_json::from_value(value).unwrap()
    }

    fn filters(interface: InterfaceType, region: Option<&str>) -> EndpointFilters {
        let mut filters = EndpointFilters::default().with_interfaces(interface);
        filters.region = region.map(str::to_owned);
        filters
    }

    #[test]
    fn services_are_found_by_type_interface_and_region() {
        use InterfaceType::{Internal, Public};
        let table = [
            (Service::Compute, Public, None, "http://one:8774/v2.1/7"),
            (Service::Compute, Public, Some("Two"), "http://two/compute/v2.1"),
            (Service::Compute, Internal, Some("One"), "http://inside:8774/v2.1"),
            (Service::Image, Public, Some("One"), "http://one:9292/v2"),
            (Service::Image, Public, Some("Two"), "http://two/image/v2"),
            (Service::Network, Public, None, "http://one:9696/networking/v2.0"),
        ];
        for (service, interface, region, url) in table {
            let found = address(&catalog(), service, &filters(interface, region)).unwrap();
            assert_eq!(found.as_str(), url, "{service:?} {interface:?} {region:?}");
        }
    }

    #[test]
    fn an_address_that_is_told_takes_the_place_of_the_catalogues() {
        use InterfaceType::Internal;
        let (mut catalog, wanted) = (catalog(), filters(Internal, Some("Three")));
        for (kind, url) in [("compute", "https://own/v2.1/%(project_id)s"), ("object-store", "https://own/")] {
            put(&mut catalog, kind, &wanted, &url.parse().unwrap(), "7");
        }
        assert_eq!(address(&catalog, Service::Compute, &wanted).unwrap().as_str(), "https://own/v2.1/7");
        assert_eq!(find(&catalog, "object-store", &wanted).unwrap().as_str(), "https://own/");
    }

    #[test]
    fn what_is_lacking_is_told_with_what_there_is() {
        use InterfaceType::{Admin, Public};
        let table = [
            (
                Service::Compute,
                Public,
                Some("Three"),
                "credentials.region_name",
                "this cloud has no compute service in region `Three`, only in `One`, `Two`",
            ),
            (
                Service::Compute,
                Admin,
                None,
                "credentials.interface",
                "this cloud has no `admin` interface of the compute service, only `internal`, `public`",
            ),
        ];
        for (service, interface, region, key, message) in table {
            let error = address(&catalog(), service, &filters(interface, region)).unwrap_err();
            assert_eq!((error.kind(), error.key(), error.message()), (ErrorKind::Config, Some(key), message));
        }
        let error = find(&catalog(), "dns", &EndpointFilters::default()).unwrap_err();
        let message = "this cloud has no dns service for us, only `compute`, `image`, `network`, `volumev3`";
        assert_eq!((error.key(), error.message()), (Some("credentials.auth.auth_url"), message));
    }
}
