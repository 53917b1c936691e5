//! Images and flavors.

use super::Memory;
use super::map;
use super::wire::{Ask, Disk, Size};
use crate::{Error, ErrorKind, Flavor, FlavorQuery, Image, ImageQuery, Result};

impl Memory {
    pub(super) async fn all_images(&self, query: &ImageQuery) -> Result<Vec<Image>> {
        let ask = Ask::new("GET", "/images").with_query("name", query.name.as_ref());
        let ask = ask.with_query("all", query.all.then_some(true));
        self.client.pages(ask, query.page_size, |disk: Disk| map::image(disk, query.raw)).await
    }

    pub(super) async fn one_image(&self, name: &str) -> Result<Image> {
        let ask = Ask::new("GET", "/images").with_query("which", Some(name));
        only(self.client.pages(ask, None, |disk: Disk| map::image(disk, false)).await?, "image", name)
    }

    pub(super) async fn all_flavors(&self, query: &FlavorQuery) -> Result<Vec<Flavor>> {
        let sizes = |size: Size| map::flavor(size, query.raw);
        let mut flavors = self.client.pages(Ask::new("GET", "/flavors"), query.page_size, sizes).await?;
        flavors.retain(|flavor| query.admits(flavor));
        Ok(flavors)
    }

    pub(super) async fn one_flavor(&self, name: &str) -> Result<Flavor> {
        let ask = Ask::new("GET", "/flavors").with_query("which", Some(name));
        only(self.client.pages(ask, None, |size: Size| map::flavor(size, false)).await?, "flavor", name)
    }
}

/// The only one that fits.
fn only<T>(mut found: Vec<T>, what: &str, name: &str) -> Result<T> {
    let count = found.len();
    match found.pop() {
        None => Err(Error::new(ErrorKind::NotFound, format!("no {what} `{name}`"))),
        Some(one) if count == 1 => Ok(one),
        Some(_) => Err(Error::new(ErrorKind::Ambiguous, format!("{count} {what}s are called `{name}`; use an id"))),
    }
}
