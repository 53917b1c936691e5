//! Where the services answer, as it is told.

use cloudmesh_abstract::{Error, Result};
use openstack::{EndpointFilters, InterfaceType};
use reqwest::Url;

use crate::config::Credentials;

/// Which entries of the catalogue are meant.
pub(super) fn filters(interface: Option<&str>, region: Option<String>) -> Result<EndpointFilters> {
    let mut filters = EndpointFilters::default();
    if let Some(word) = interface {
        let interface: InterfaceType = word.parse().map_err(|_| {
            let message = format!("`interface` is `{word}`, it must be `public`, `internal` or `admin`");
            Error::config("credentials.interface", message)
        })?;
        filters.set_interfaces(interface);
    }
    filters.region = region;
    Ok(filters)
}

/// Addresses in place of the catalogue's, by the type of the service there.
pub(super) fn overrides(credentials: &Credentials) -> Result<Vec<(&'static str, Url)>> {
    let volume = &credentials.volume_endpoint_override;
    let given = [
        ("compute", "compute", &credentials.compute_endpoint_override),
        ("image", "image", &credentials.image_endpoint_override),
        ("network", "network", &credentials.network_endpoint_override),
        ("volume", "volumev3", volume),
        ("volume", "block-storage", volume),
    ];
    let given = given.into_iter().filter_map(|(name, kind, address)| Some((name, kind, address.as_deref()?)));
    given
        .map(|(name, kind, address)| Ok((kind, web_address(&format!("{name}_endpoint_override"), "", address)?)))
        .collect()
}

/// Keystone's address with its version: many write it without, some with a final slash, old files with `/v2.0`.
pub(super) fn versioned(address: &str) -> Result<Url> {
    let mut url = web_address("auth_url", "auth.", address)?;
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/auth/tokens").unwrap_or(path);
    let root = path.strip_suffix("/v3").or_else(|| path.strip_suffix("/v2.0")).unwrap_or(path);
    let path = format!("{root}/v3");
    url.set_path(&path);
    Ok(url)
}

fn web_address(key: &str, group: &str, address: &str) -> Result<Url> {
    let refuse = |why: &str| Error::config(format!("credentials.{group}{key}"), format!("`{key}` {why}"));
    if address.contains('{') {
        return Err(refuse("has a gap such as `{region_name}`, which nothing fills in; name the region"));
    }
    let no_address = "is no address; write one such as `https://cloud.example.org:5000/v3`";
    let url: Url = address.trim().parse().map_err(|error| refuse(no_address).with_source(error))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(refuse("must begin with `https://` or `http://` and name a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not hold a user or password"));
    }
    Ok(url)
}
