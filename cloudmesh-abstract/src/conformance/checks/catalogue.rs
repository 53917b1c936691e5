//! Images and flavors.

use std::collections::BTreeSet;

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Outcome, check, ensure, refused};
use crate::{ComputeNodeABC, ErrorKind, FlavorQuery, ImageQuery};

pub(super) const CHECKS: &[Check] = &[
    check!(a_listing_of_images_has_every_page: "`images` lists the images, all pages."),
    check!(images_can_be_chosen_by_name: "`images` lists only images of exactly the name that is asked for."),
    check!(all_images_are_the_usual_ones_and_more:
        "`images` with `all` lists everything that it lists without, and what else anybody has published."),
    check!(an_image_is_described_by_name_and_by_id: "`image` describes an image by name or id."),
    check!(a_missing_image_is_not_found: "`image` fails with `NotFound` for none."),
    check!(a_listing_of_flavors_has_every_page: "`flavors` lists the flavors, all pages."),
    check!(flavors_can_be_chosen_by_size: "`flavors` lists only flavors of the size that is asked for."),
    check!(a_flavor_is_described_by_name_and_by_id: "`flavor` describes a flavor by name or id."),
    check!(a_missing_flavor_is_not_found: "`flavor` fails with `NotFound` for none."),
];

/// A size that makes several pages of so many things, and not very many.
fn page_size(count: usize) -> u32 {
    u32::try_from(count / 8).unwrap_or(u32::MAX).max(1)
}

/// Says that two listings have the same things, each once.
fn same(what: &str, in_pages: &[String], at_once: &[String]) -> Outcome {
    let (paged, whole): (BTreeSet<_>, BTreeSet<_>) = (in_pages.iter().collect(), at_once.iter().collect());
    let differing: Vec<_> = paged.symmetric_difference(&whole).collect();
    ensure!(differing.is_empty(), "{what} differ when they come in pages: {differing:?}");
    ensure!(paged.len() == in_pages.len(), "{what} are listed more than once when they come in pages");
    Ok(())
}

async fn a_listing_of_images_has_every_page(bench: &Bench) -> Outcome {
    let (cloud, query) = (bench.cloud()?, ImageQuery::new());
    let ids = |images: Vec<crate::Image>| images.into_iter().map(|image| image.id).collect::<Vec<String>>();
    let whole = ids(cloud.images(&query).await?);
    let paged = ids(cloud.images(&query.with_page_size(page_size(whole.len()))).await?);
    same("images", &paged, &whole)
}

async fn images_can_be_chosen_by_name(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.props().image);
    let name = cloud.image(&name).await?.name;
    let images = cloud.images(&ImageQuery::new().with_name(&name)).await?;
    ensure!(!images.is_empty(), "no image `{name}` is listed");
    let other = images.iter().find(|image| image.name != name);
    ensure!(other.is_none(), "`{name}` was asked for, and {other:?} was listed");
    Ok(())
}

async fn all_images_are_the_usual_ones_and_more(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let ids = |images: Vec<crate::Image>| images.into_iter().map(|image| image.id).collect::<BTreeSet<String>>();
    let usual = ids(cloud.images(&ImageQuery::new()).await?);
    let all = ids(cloud.images(&ImageQuery::new().with_all(true)).await?);
    let lost: Vec<_> = usual.difference(&all).collect();
    ensure!(!usual.is_empty(), "no image is listed");
    ensure!(lost.is_empty(), "{lost:?} are listed, and not among all images");
    Ok(())
}

async fn an_image_is_described_by_name_and_by_id(bench: &Bench) -> Outcome {
    // What is asked for may be a short name of the cloud's, such as that of the newest image of a system.
    let (cloud, name) = (bench.cloud()?, bench.props().image);
    let image = cloud.image(&name).await?;
    for name in [&image.name, &image.id] {
        let again = cloud.image(name).await?;
        ensure!(image.id == again.id, "`{name}` was asked for, and `{}` described", again.id);
    }
    Ok(())
}

async fn a_missing_image_is_not_found(bench: &Bench) -> Outcome {
    refused("`image`", bench.cloud()?.image(&bench.name("none")).await, &[ErrorKind::NotFound])?;
    Ok(())
}

async fn a_listing_of_flavors_has_every_page(bench: &Bench) -> Outcome {
    let (cloud, query) = (bench.cloud()?, FlavorQuery::new());
    let ids = |flavors: Vec<crate::Flavor>| flavors.into_iter().map(|flavor| flavor.id).collect::<Vec<String>>();
    let whole = ids(cloud.flavors(&query).await?);
    let paged = ids(cloud.flavors(&query.with_page_size(page_size(whole.len()))).await?);
    same("flavors", &paged, &whole)
}

async fn flavors_can_be_chosen_by_size(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let all = cloud.flavors(&FlavorQuery::new()).await?;
    let most = |size: fn(&crate::Flavor) -> Option<u64>| all.iter().filter_map(size).max().unwrap_or_default();
    let (vcpus, memory) = (most(|flavor| flavor.vcpus.map(u64::from)), most(|flavor| flavor.memory_mb));
    let least_vcpus = u32::try_from(vcpus).unwrap_or(u32::MAX);
    for query in [FlavorQuery::new().with_min_vcpus(least_vcpus), FlavorQuery::new().with_min_memory_mb(memory)] {
        let chosen = cloud.flavors(&query).await?;
        ensure!(!chosen.is_empty(), "the largest flavor is not listed for {query:?}");
        let small = chosen.iter().find(|flavor| !query.admits(flavor));
        ensure!(small.is_none(), "{small:?} is listed for {query:?}");
    }
    Ok(())
}

async fn a_flavor_is_described_by_name_and_by_id(bench: &Bench) -> Outcome {
    let (cloud, name) = (bench.cloud()?, bench.props().flavor);
    let flavor = cloud.flavor(&name).await?;
    let again = cloud.flavor(&flavor.id).await?;
    ensure!(flavor.name == name || flavor.id == name, "`{name}` was asked for, and `{}` described", flavor.name);
    ensure!(flavor.id == again.id, "`{}` was asked for, and `{}` described", flavor.id, again.id);
    Ok(())
}

async fn a_missing_flavor_is_not_found(bench: &Bench) -> Outcome {
    refused("`flavor`", bench.cloud()?.flavor(&bench.name("none")).await, &[ErrorKind::NotFound])?;
    Ok(())
}
