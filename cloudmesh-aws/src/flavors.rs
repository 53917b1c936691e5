//! Instance types.

use aws_sdk_ec2::types::{Filter, InstanceTypeInfo, ProcessorInfo};
use cloudmesh_abstract::{Effect, Flavor, FlavorQuery, Page, Result, all_pages};
use serde_json::Value;

use crate::client::Client;
use crate::filter::exactly;
use crate::kept::Keeper;
use crate::map::flavor::{flavor as converted, vendors};
use crate::one::{as_input, one};

/// How few and how many instance types a page has:
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html>.
const PAGE: (u32, u32) = (5, 100);

/// Lists the instance types that the region offers. EC2 compares sizes with single values only, so that what is at
/// least so large is chosen here.
pub(crate) async fn flavors(client: &Client, query: &FlavorQuery) -> Result<Vec<Flavor>> {
    let architecture = query.architecture.as_deref().map(vendors);
    let filters = architecture.map(|word| exactly("processor-info.supported-architecture", [word.as_str()]));
    let filters: Vec<Filter> = filters.into_iter().collect();
    let keep = |record: InstanceTypeInfo, raw| {
        let mut flavor = converted(&record);
        flavor.raw = raw;
        query.admits(&flavor).then_some(flavor)
    };
    find(client, &Search { filters: &filters, page_size: query.page_size, raw: query.raw }, keep).await
}

/// Describes an instance type.
pub(crate) async fn flavor(client: &Client, name: &str) -> Result<Flavor> {
    Ok(converted(&record(client, name).await?))
}

/// What an instance type says that nodes are to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChosenFlavor {
    /// The name, which is the id.
    pub(crate) name: String,
    /// What it runs, in AWS's words, the widest first.
    pub(crate) architectures: Vec<String>,
    /// Memory in MiB.
    pub(crate) memory_mb: u64,
    /// Whether nodes of it can be suspended.
    pub(crate) hibernates: bool,
}

/// The flavor of a create: looked up once for all who ask within a minute.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`](cloudmesh_abstract::ErrorKind::InvalidInput) where the region offers none of this name.
pub(crate) async fn chosen_flavor(client: &Client, name: &str) -> Result<ChosenFlavor> {
    let look_up = || async {
        let record = record(client, name).await.map_err(as_input)?;
        let info = record.processor_info();
        let words = info.map(ProcessorInfo::supported_architectures).unwrap_or_default();
        let mut architectures: Vec<String> = words.iter().map(|word| word.as_str().to_owned()).collect();
        let widest = info.and_then(crate::map::flavor::architecture);
        architectures.sort_by_key(|word| Some(word) != widest.as_ref());
        let memory_mb = converted(&record).memory_mb.unwrap_or_default();
        let hibernates = record.hibernation_supported().unwrap_or_default();
        Ok(ChosenFlavor { name: name.to_owned(), architectures, memory_mb, hibernates })
    };
    client.context().look_up_once(&format!("flavor {name}"), look_up).await
}

async fn record(client: &Client, name: &str) -> Result<InstanceTypeInfo> {
    let filters = [exactly("instance-type", [name])];
    let named = |record: &InstanceTypeInfo| record.instance_type().is_some_and(|known| known.as_str() == name);
    let search = Search { filters: &filters, page_size: None, raw: false };
    let found = find(client, &search, |record, _| Some(record).filter(named)).await?;
    one("flavor", name, found, |_| format!("`{name}`"))
}

/// Which instance types are asked for.
struct Search<'a> {
    filters: &'a [Filter],
    page_size: Option<u32>,
    /// Whether the vendor's records are wanted as well.
    raw: bool,
}

/// Sends a search, and converts its answer page by page.
async fn find<T, F>(client: &Client, search: &Search<'_>, convert: F) -> Result<Vec<T>>
where
    T: Send,
    F: Fn(InstanceTypeInfo, Option<Value>) -> Option<T> + Send + Sync,
{
    let size = search.page_size.unwrap_or(PAGE.1).clamp(PAGE.0, PAGE.1);
    let size = i32::try_from(size).ok();
    let convert = &convert;
    all_pages(|next| async move {
        let keeper = Keeper::wanted(search.raw);
        let request = |ec2: aws_sdk_ec2::Client| {
            let request = ec2
                .describe_instance_types()
                .set_filters(Some(search.filters.to_vec()).filter(|filters| !filters.is_empty()))
                .set_max_results(size)
                .set_next_token(next.clone());
            request.customize().interceptor(keeper.clone()).send()
        };
        let answer = client.send(Effect::Read, "DescribeInstanceTypes", request).await?;
        let types = keeper.beside("instanceTypeSet", answer.instance_types.unwrap_or_default())?;
        let types = types.into_iter().filter_map(|(record, raw)| convert(record, raw)).collect();
        Ok(Page::new(types, answer.next_token.filter(|token| !token.is_empty())))
    })
    .await
}
