//! Which account, which region, where it answers, and who signs.

use std::sync::Arc;

use aws_sdk_ec2::config::retry::RetryConfig;
use aws_sdk_ec2::config::timeout::TimeoutConfig;
use aws_sdk_ec2::config::{BehaviorVersion, IdentityCache, Region, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use cloudmesh_abstract::{Context, Grant, Login, Result};

use crate::config::Config;
use crate::http;
use crate::keyring::{Keys, Slot};
use crate::machine::Surroundings;
use crate::region;
use crate::sources;

/// One account in one region.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) region: String,
    /// Where EC2 answers.
    pub(crate) endpoint: String,
    pub(crate) ec2: aws_sdk_ec2::Client,
    /// The keys that the SDK signs with.
    pub(crate) slot: Slot,
    pub(crate) login: Login<Keys>,
    config: Config,
    machine: Arc<dyn Surroundings>,
    http: SharedHttpClient,
}

impl Account {
    /// Finds out what is meant. Nothing is sent.
    pub(crate) async fn find(config: &Config, machine: &Arc<dyn Surroundings>, context: &Context) -> Result<Self> {
        let region = sources::region(config, machine.as_ref())?;
        let given = config.endpoint.clone();
        let named = || ["AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL"].iter().find_map(|name| machine.variable(name));
        let given = given.or_else(named);
        if given.is_none() {
            region::check(&region)?;
        }
        let endpoint = given.clone().unwrap_or_else(|| region::endpoint("ec2", &region));
        let ca_file = http::ca_file(config.ca_file.as_deref(), machine.variable("AWS_CA_BUNDLE"));
        let http = http::client(ca_file.as_deref())?;
        let slot = Slot::default();
        let ec2 = ec2(&region, given, &http, &slot);
        let login = Login::new(format!("aws {}", context.cloud())).unkept();
        let (config, machine) = (config.clone(), Arc::clone(machine));
        Ok(Self { region, endpoint, ec2, slot, login, config, machine, http })
    }

    /// Asks for keys where the configuration says.
    pub(crate) async fn sign_in(&self, context: &Context) -> Result<Grant<Keys>> {
        sources::keys(&self.config, self.machine.as_ref(), context).await
    }
}

/// A client that neither repeats nor waits by itself, and signs with the keys in the slot.
fn ec2(region: &str, endpoint: Option<String>, http: &SharedHttpClient, slot: &Slot) -> aws_sdk_ec2::Client {
    let mut config = aws_sdk_ec2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(http.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .identity_cache(IdentityCache::no_cache())
        .credentials_provider(slot.clone());
    config.set_endpoint_url(endpoint);
    aws_sdk_ec2::Client::from_conf(config.build())
}
