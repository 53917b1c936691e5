//! Which account, which region, where it answers, and who signs.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_ec2::config::retry::RetryConfig;
use aws_sdk_ec2::config::timeout::TimeoutConfig;
use aws_sdk_ec2::config::{BehaviorVersion, IdentityCache, Region, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use cloudmesh_abstract::{Context, Grant, Login, Result};

use crate::config::Config;
use crate::http;
use crate::keyring::{Keys, Slot};
use crate::machine::Machine;
use crate::region;
use crate::sources::profiles::Profiles;
use crate::sources::{self, Sources};
use crate::whole::Whole;

/// One account in one region.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) region: String,
    /// Where EC2 answers.
    pub(crate) endpoint: String,
    /// Where STS answers, where it is not AWS's own.
    sts_endpoint: Option<String>,
    pub(crate) ec2: aws_sdk_ec2::Client,
    sts: OnceLock<aws_sdk_sts::Client>,
    /// The keys that the SDK signs with.
    pub(crate) slot: Slot,
    pub(crate) login: Login<Keys>,
    pub(crate) http: SharedHttpClient,
    warned: AtomicBool,
}

impl Account {
    /// Finds out what is meant. Nothing is sent, unless nothing but the instance that this is knows the region.
    pub(crate) async fn find(config: &Config, machine: &Machine, context: &Context) -> Result<Self> {
        let alone = sources::stand_alone(config);
        let profiles = if alone { None } else { Some(sources::profiles(config, machine).await?) };
        let ca_file = config.ca_file.clone().or_else(|| named_roots(machine, profiles.as_ref()));
        let http = http::client(ca_file.as_deref())?;
        let region = match named_region(config, machine, profiles.as_ref()) {
            Some(region) => region,
            None => far_region(config, machine, context, &http).await?,
        };
        let given = named_endpoint(config, machine, profiles.as_ref());
        match &given {
            Some(endpoint) => http::check("endpoint", endpoint)?,
            None => region::check(&region)?,
        }
        let sts_endpoint = named_sts(config, machine, profiles.as_ref());
        if let Some(endpoint) = &sts_endpoint {
            http::check("sts_endpoint", endpoint)?;
        }
        let slot = Slot::default();
        Ok(Self {
            ec2: ec2(&region, given.as_deref(), machine, &http, &slot),
            endpoint: given.unwrap_or_else(|| region::endpoint("ec2", &region)),
            sts_endpoint,
            sts: OnceLock::new(),
            slot,
            login: Login::new(format!("aws {region}")).unkept(),
            http,
            region,
            warned: AtomicBool::new(false),
        })
    }

    /// Asks for keys where the configuration says.
    pub(crate) async fn sign_in(&self, config: &Config, machine: &Machine, context: &Context) -> Result<Grant<Keys>> {
        let (http, region, sts) = (&self.http, self.region.as_str(), self.sts_endpoint.as_deref());
        Sources { config, machine, http, context, region, sts }.keys().await
    }

    /// The client for STS.
    pub(crate) fn sts(&self) -> &aws_sdk_sts::Client {
        self.sts.get_or_init(|| sts(&self.region, self.sts_endpoint.as_deref(), &self.http, &self.slot))
    }

    /// Where STS answers.
    pub(crate) fn sts_endpoint(&self) -> String {
        self.sts_endpoint.clone().unwrap_or_else(|| region::endpoint("sts", &self.region))
    }

    /// Whether the user has not been told yet of a clock that is wrong.
    pub(crate) fn is_news(&self) -> bool {
        !self.warned.swap(true, Ordering::Relaxed)
    }
}

/// The file with whom to trust that environment and profile name.
fn named_roots(machine: &Machine, profiles: Option<&Profiles>) -> Option<PathBuf> {
    let profile = || profiles?.profile()?.get("ca_bundle").map(str::to_owned);
    machine.variable("AWS_CA_BUNDLE").or_else(profile).map(PathBuf::from)
}

fn named_region(config: &Config, machine: &Machine, profiles: Option<&Profiles>) -> Option<String> {
    let written = config.credentials.as_ref().and_then(|credentials| credentials.region.clone());
    let profile = || profiles.and_then(Profiles::region).map(str::to_owned);
    written.or_else(|| machine.first(&["AWS_REGION", "AWS_DEFAULT_REGION"])).or_else(profile)
}

/// The region that nothing near names: the profile's, which is not read yet where the keys are written, or the instance's.
async fn far_region(config: &Config, machine: &Machine, context: &Context, http: &SharedHttpClient) -> Result<String> {
    let profiles = if sources::stand_alone(config) { Some(sources::profiles(config, machine).await?) } else { None };
    match profiles.as_ref().and_then(Profiles::region) {
        Some(region) => Ok(region.to_owned()),
        None => sources::instance_region(machine, http, context).await,
    }
}

/// Where EC2 answers, unless it is AWS's own address.
fn named_endpoint(config: &Config, machine: &Machine, profiles: Option<&Profiles>) -> Option<String> {
    let outside = || named_outside("ec2", machine, profiles);
    config.endpoint.clone().or_else(outside)
}

/// Where STS answers. An emulator on this machine answers for it too; a private endpoint of EC2 does not.
fn named_sts(config: &Config, machine: &Machine, profiles: Option<&Profiles>) -> Option<String> {
    let near = || config.endpoint.clone().filter(|endpoint| http::is_near(endpoint));
    let written = config.sts_endpoint.clone().or_else(|| machine.variable("AWS_ENDPOINT_URL_STS"));
    written.or_else(near).or_else(|| named_outside("sts", machine, profiles))
}

/// The address that environment and profile give to a service, as the AWS tools read it.
fn named_outside(service: &str, machine: &Machine, profiles: Option<&Profiles>) -> Option<String> {
    if machine.says("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
        return None;
    }
    let own = format!("AWS_ENDPOINT_URL_{}", service.to_uppercase());
    machine.first(&[&own, "AWS_ENDPOINT_URL"]).or_else(|| profiles?.endpoint(service))
}

/// A client that neither repeats nor waits by itself, and signs with the keys in the slot.
fn ec2(
    region: &str,
    endpoint: Option<&str>,
    machine: &Machine,
    http: &SharedHttpClient,
    slot: &Slot,
) -> aws_sdk_ec2::Client {
    let mut config = aws_sdk_ec2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(http.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .identity_cache(IdentityCache::no_cache())
        .credentials_provider(slot.clone())
        .interceptor(Whole)
        .use_fips(machine.says("AWS_USE_FIPS_ENDPOINT"))
        .use_dual_stack(machine.says("AWS_USE_DUALSTACK_ENDPOINT"));
    config.set_endpoint_url(endpoint.map(str::to_owned));
    aws_sdk_ec2::Client::from_conf(config.build())
}

/// The same for STS.
pub(crate) fn sts(region: &str, endpoint: Option<&str>, http: &SharedHttpClient, slot: &Slot) -> aws_sdk_sts::Client {
    let mut config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(http.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .identity_cache(IdentityCache::no_cache())
        .credentials_provider(slot.clone());
    config.set_endpoint_url(endpoint.map(str::to_owned));
    aws_sdk_sts::Client::from_conf(config.build())
}
