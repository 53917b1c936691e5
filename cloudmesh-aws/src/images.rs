//! Machine images (AMIs), by id, by exact name and by the short names of official ones.
//!
//! The public catalogue has tens of thousands of images, among them any number of one name by anybody. So names are
//! looked for among the account's own images, those that are shared with it and those of known publishers.

use aws_sdk_ec2::types::{Filter, Image as Record};
use cloudmesh_abstract::{Effect, Error, ErrorKind, Image, ImageQuery, Page, Result, all_pages};
use futures::future::try_join_all;
use serde_json::Value;

use crate::alias::{self, ARM64, Alias, X86_64};
use crate::client::Client;
use crate::filter::{exactly, like};
use crate::flavors::ChosenFlavor;
use crate::kept::Keeper;
use crate::map;
use crate::one::{as_input, none, one};

/// How many images a page has: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html>.
const PAGE: i32 = 1000;

/// Which images are asked for.
#[derive(Debug, Clone, Default)]
struct Search {
    /// Accounts that own them; none: any.
    owners: Vec<String>,
    /// Only those that are shared with this account.
    shared: bool,
    filters: Vec<Filter>,
    page_size: Option<u32>,
    /// Those that their publisher no longer recommends as well.
    deprecated: bool,
    /// Whether the vendor's records are wanted as well.
    raw: bool,
}

impl Search {
    fn of(owners: &[&str]) -> Self {
        Self { owners: owners.iter().map(|owner| (*owner).to_owned()).collect(), ..Self::default() }.with(available())
    }

    fn shared() -> Self {
        Self { shared: true, ..Self::of(&[]) }
    }

    fn with(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    fn named(self, name: Option<&str>) -> Self {
        match name {
            Some(name) => self.with(exactly("name", [name])),
            None => self,
        }
    }
}

fn available() -> Filter {
    exactly("state", ["available"])
}

/// Lists images. Without `all` they are the account's own, those shared with it, and the newest official ones.
pub(crate) async fn images(client: &Client, query: &ImageQuery) -> Result<Vec<Image>> {
    let name = query.name.as_deref();
    let sized = |search: Search| Search { page_size: query.page_size, raw: query.raw, ..search.named(name) };
    if query.all {
        return find(client, &sized(Search::of(&[])), named(name)).await;
    }
    let published = async {
        match name {
            Some(_) => find(client, &sized(Search::of(&alias::publishers())), named(name)).await,
            None => newest_official(client, query.raw).await,
        }
    };
    let (own, shared) = (sized(Search::of(&["self"])), sized(Search::shared()));
    let (own, shared) = (find(client, &own, named(name)), find(client, &shared, named(name)));
    let (own, shared, published) = futures::try_join!(own, shared, published)?;
    let mut all: Vec<Image> = Vec::new();
    for image in own.into_iter().chain(shared).chain(published) {
        if !all.iter().any(|known| known.id == image.id) {
            all.push(image);
        }
    }
    Ok(all)
}

/// Describes an image. That of a short name is for the commonest architecture.
pub(crate) async fn image(client: &Client, name: &str) -> Result<Image> {
    Ok(map::image::image(&record(client, name, &[X86_64, ARM64]).await?))
}

/// What an image says that nodes are to be made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChosenImage {
    /// The id.
    pub(crate) id: String,
    /// What it is built for, in AWS's word.
    pub(crate) architecture: Option<String>,
    /// The device of the boot disk, such as `/dev/sda1`.
    pub(crate) root_device: Option<String>,
    /// The size of the boot disk in GiB; `None` where it is no volume.
    pub(crate) root_gb: Option<u32>,
}

/// The image of a create, for the architecture of a flavor: looked up once for all who ask within a minute.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] where there is none, and where image and flavor do not fit together.
pub(crate) async fn chosen_image(client: &Client, name: &str, flavor: &ChosenFlavor) -> Result<ChosenImage> {
    let words: Vec<&str> = flavor.architectures.iter().map(String::as_str).collect();
    let look_up = || async {
        let record = record(client, name, &words).await.map_err(as_input)?;
        Ok(ChosenImage {
            id: record.image_id().unwrap_or_default().to_owned(),
            architecture: record.architecture().map(|word| word.as_str().to_owned()),
            root_device: record.root_device_name().map(str::to_owned),
            root_gb: map::image::root_gb(&record),
        })
    };
    let image = client.context().look_up_once(&format!("image {name} {}", words.join(" ")), look_up).await?;
    check_architecture(name, &image, flavor)?;
    Ok(image)
}

/// Refuses an image that the flavor's processors cannot run.
fn check_architecture(name: &str, image: &ChosenImage, flavor: &ChosenFlavor) -> Result<()> {
    let Some(built) = &image.architecture else { return Ok(()) };
    if flavor.architectures.is_empty() || flavor.architectures.contains(built) {
        return Ok(());
    }
    let runs = flavor.architectures.join(", ");
    let message = format!(
        "image `{name}` is built for {built}, and flavor `{}` runs {runs}; choose an image for {runs}, or a flavor for {built}",
        flavor.name
    );
    Err(Error::new(ErrorKind::InvalidInput, message))
}

/// The image of an id, a short name or an exact name; of a short name the one for the first of these architectures that
/// there is.
async fn record(client: &Client, name: &str, architectures: &[&str]) -> Result<Record> {
    if name.starts_with("ami-") {
        // Who names one by its id has chosen it, be it deprecated.
        let search = Search { deprecated: true, ..Search::default() }.with(exactly("image-id", [name]));
        let found = find(client, &search, |record, _| (record.image_id() == Some(name)).then_some(record)).await?;
        return one("image", name, found, told);
    }
    if let Some(alias) = Alias::read(name) {
        return official(client, &alias, architectures).await?.ok_or_else(|| no_official(name, architectures));
    }
    let exact = |record: Record, _: Option<Value>| (record.name() == Some(name)).then_some(record);
    let of = |search: Search| search.named(Some(name));
    let (own, shared, published) =
        (of(Search::of(&["self"])), of(Search::shared()), of(Search::of(&alias::publishers())));
    let (own, shared, published) =
        futures::try_join!(find(client, &own, exact), find(client, &shared, exact), find(client, &published, exact))?;
    match nearest(own, published, shared) {
        Some(found) => one("image", name, found, told),
        None => Err(no_image(name)),
    }
}

/// Those that a name means. Anybody may share an image of any name with this account, so those come last.
fn nearest<T>(own: Vec<T>, published: Vec<T>, shared: Vec<T>) -> Option<Vec<T>> {
    [own, published, shared].into_iter().find(|found| !found.is_empty())
}

/// The newest image of a version for the first of these architectures that there is.
async fn official(client: &Client, alias: &Alias, architectures: &[&str]) -> Result<Option<Record>> {
    let patterns: Vec<String> = architectures.iter().filter_map(|word| alias.pattern(word)).collect();
    if patterns.is_empty() {
        return Ok(None);
    }
    let search = Search::of(&[alias.family.owner]).with(like("name", patterns));
    let search = search.with(exactly("architecture", architectures.iter().copied()));
    let found = find(client, &search, |record, _| Some(record)).await?;
    let now = now(client);
    Ok(architectures.iter().find_map(|word| alias.newest(&found, word, &now)).map(|at| found[at].clone()))
}

/// The newest image of each usual version for each architecture: one request a family, all at the same time.
async fn newest_official(client: &Client, raw: bool) -> Result<Vec<Image>> {
    let now = now(client);
    let families = alias::usual().filter_map(|versions| Some((versions.first()?.family, versions)));
    let asked = families.map(|(family, versions)| {
        let patterns = versions.iter().flat_map(|alias| [X86_64, ARM64].map(|word| alias.pattern(word))).flatten();
        let search = Search { raw, ..Search::of(&[family.owner]).with(like("name", patterns.collect())) };
        let now = &now;
        async move {
            let found = find(client, &search, |record, raw| Some((record, raw))).await?;
            let (records, raws): (Vec<Record>, Vec<Option<Value>>) = found.into_iter().unzip();
            let pairs = versions.iter().flat_map(|alias| [(alias, X86_64), (alias, ARM64)]);
            let newest = pairs.filter_map(|(alias, word)| alias.newest(&records, word, now));
            Ok::<_, Error>(newest.map(|at| converted(&records[at], raws[at].clone())).collect::<Vec<Image>>())
        }
    });
    Ok(try_join_all(asked).await?.into_iter().flatten().collect())
}

/// The time in EC2's notation.
fn now(client: &Client) -> String {
    client.context().clock().now().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

/// Keeps the images of a name. A filter's dialect is the server's, so equality is checked here again.
fn named(name: Option<&str>) -> impl Fn(Record, Option<Value>) -> Option<Image> + Send + Sync {
    move |record, raw| name.is_none_or(|name| record.name() == Some(name)).then(|| converted(&record, raw))
}

fn converted(record: &Record, raw: Option<Value>) -> Image {
    let mut image = map::image::image(record);
    image.raw = raw;
    image
}

/// Sends a search, and converts its answer page by page.
async fn find<T, F>(client: &Client, search: &Search, convert: F) -> Result<Vec<T>>
where
    T: Send,
    F: Fn(Record, Option<Value>) -> Option<T> + Send + Sync,
{
    let size = search.page_size.map_or(PAGE, |size| i32::try_from(size).unwrap_or(PAGE).clamp(1, PAGE));
    let (search, convert) = (&search, &convert);
    all_pages(|next| async move {
        let keeper = Keeper::wanted(search.raw);
        let request = |ec2: aws_sdk_ec2::Client| {
            let request = ec2
                .describe_images()
                .set_owners(Some(search.owners.clone()).filter(|owners| !owners.is_empty()))
                .set_executable_users(search.shared.then(|| vec!["self".to_owned()]))
                .set_filters(Some(search.filters.clone()))
                .set_include_deprecated(search.deprecated.then_some(true))
                .max_results(size)
                .set_next_token(next.clone());
            request.customize().interceptor(keeper.clone()).send()
        };
        let answer = client.send(Effect::Read, "DescribeImages", request).await?;
        let images = keeper.beside("imagesSet", answer.images.unwrap_or_default())?;
        let images = images.into_iter().filter_map(|(record, raw)| convert(record, raw)).collect();
        Ok(Page::new(images, answer.next_token.filter(|token| !token.is_empty())))
    })
    .await
}

/// An image among several of its name.
fn told(record: &Record) -> String {
    let built = record.architecture().map(|word| format!(" ({})", word.as_str())).unwrap_or_default();
    format!("`{}`{built}", record.image_id().unwrap_or_default())
}

fn no_image(name: &str) -> Error {
    if let Some(alias) = alias::like(name) {
        let message = format!("there is no image `{name}`; did you mean `{alias}`?");
        return Error::new(ErrorKind::NotFound, message).with_meant(alias);
    }
    let message = format!(
        "there is no image `{name}` of your own, shared with you or by a known publisher; give the id of another one"
    );
    Error::new(ErrorKind::NotFound, message)
}

fn no_official(name: &str, architectures: &[&str]) -> Error {
    let message = format!(
        "{} has no current official image for {} in this region; give the id of another image",
        none("image", name).message(),
        architectures.join(" or ")
    );
    Error::new(ErrorKind::NotFound, message)
}

#[cfg(test)]
mod tests {
    use super::{ChosenFlavor, ChosenImage, check_architecture, nearest, no_image};
    use cloudmesh_abstract::ErrorKind;

    #[test]
    fn an_image_for_other_processors_is_refused_with_both() {
        let flavor = |words: &[&str]| ChosenFlavor {
            name: "t4g.micro".into(),
            architectures: words.iter().map(|word| (*word).to_owned()).collect(),
            memory_mb: 1024,
            hibernates: false,
        };
        let image = |built: Option<&str>| ChosenImage {
            id: "ami-1".into(),
            architecture: built.map(str::to_owned),
            root_device: None,
            root_gb: None,
        };
        let check = |built, words: &[&str]| check_architecture("golden", &image(built), &flavor(words));
        for (built, words) in [(Some("arm64"), &["arm64"][..]), (None, &["arm64"]), (Some("x86_64"), &[])] {
            assert!(check(built, words).is_ok());
        }
        let error = check(Some("x86_64"), &["arm64"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let told = "image `golden` is built for x86_64, and flavor `t4g.micro` runs arm64; choose";
        assert!(error.message().starts_with(told), "{error}");
    }

    #[test]
    fn what_a_stranger_shares_hides_no_image_of_ours_or_of_a_publisher() {
        let (own, published, shared) = (|| vec!["own"], || vec!["official"], || vec!["a stranger's"]);
        assert_eq!(nearest(own(), published(), shared()), Some(own()));
        assert_eq!(nearest(Vec::new(), published(), shared()), Some(published()));
        assert_eq!(nearest(Vec::new(), Vec::new(), shared()), Some(shared()));
        assert_eq!(nearest::<&str>(Vec::new(), Vec::new(), Vec::new()), None);
    }

    #[test]
    fn a_name_that_is_nearly_a_short_name_is_told_with_that() {
        let error = no_image("ubunto-24.04");
        assert_eq!(error.message(), "there is no image `ubunto-24.04`; did you mean `ubuntu-24.04`?");
        assert_eq!(error.meant(), Some("ubuntu-24.04"));
        assert!(no_image("golden").message().ends_with("give the id of another one"));
    }
}
