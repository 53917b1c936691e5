//! Where credentials and region come from.

pub(crate) mod places;
pub(crate) mod profiles;
mod roles;

use aws_config::provider_config::ProviderConfig;
use aws_sdk_ec2::config::Region;
use aws_sdk_ec2::config::retry::RetryConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use cloudmesh_abstract::{Context, Error, ErrorKind, Grant, Result};

use self::places::{Found, Way};
use self::profiles::Profiles;
use crate::config::{Config, Credentials};
use crate::keyring::{Keys, Lent};
use crate::machine::Machine;

/// What one may be told to take keys from.
const NAMED: [&str; 5] = ["environment", "profile", "web-identity", "container", "instance"];

/// Who is asked for keys.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) config: &'a Config,
    pub(crate) machine: &'a Machine,
    pub(crate) http: &'a SharedHttpClient,
    pub(crate) context: &'a Context,
    /// The region that STS is asked in.
    pub(crate) region: &'a str,
    /// Where STS answers, where it is not AWS's own.
    pub(crate) sts: Option<&'a str>,
}

impl Sources<'_> {
    /// The keys to sign with: those of the configuration, else of the first place that has any; of the role that is to be
    /// taken on with them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unauthenticated`] when there are none: it names every place.
    pub(crate) async fn keys(&self) -> Result<Grant<Keys>> {
        let credentials = self.config.credentials.as_ref();
        let base = match credentials.map(written).transpose()?.flatten() {
            Some(keys) => Lent::forever(keys),
            None => self.first().await?,
        };
        match credentials.and_then(|credentials| credentials.role_arn.as_deref()) {
            Some(role) if !base.is_of(role) => self.assume(role, &base).await.map(Lent::grant),
            _ => Ok(base.grant()),
        }
    }

    fn credentials(&self) -> Option<&Credentials> {
        self.config.credentials.as_ref()
    }

    fn way(&self) -> Way<'_> {
        let config = ProviderConfig::empty()
            .with_http_client(self.http.clone())
            .with_retry_config(RetryConfig::disabled())
            .with_region(Some(Region::new(self.region.to_owned())));
        Way { machine: self.machine, config, context: self.context, region: self.region }
    }

    /// The keys of the first place that has any.
    async fn first(&self) -> Result<Lent> {
        let mut missing = vec!["the configuration has none".to_owned()];
        for place in places(self.credentials())? {
            match self.place(place).await? {
                Ok(found) => return Ok(found),
                Err(why) => missing.push(why),
            }
        }
        let message = format!(
            "no credentials for AWS are to be had: {}; sign in with `aws configure` or `aws sso login`, or write `profile` or \
             `aws_access_key_id` and `aws_secret_access_key` under `credentials`",
            missing.join(", ")
        );
        Err(Error::new(ErrorKind::Unauthenticated, message))
    }

    async fn place(&self, name: &str) -> Result<Found> {
        match name {
            "environment" => places::environment(self.machine),
            "profile" => places::profile(&self.way(), &self.profiles().await?).await,
            "web-identity" => self.web_identity().await,
            "container" => places::container(&self.way()).await,
            _ => places::instance(&self.way()).await,
        }
    }

    async fn profiles(&self) -> Result<Profiles> {
        profiles(self.config, self.machine).await
    }
}

/// Refuses what the configuration alone shows to be wrong.
///
/// # Errors
///
/// As [`written`] and [`places`].
pub(crate) fn check(config: &Config) -> Result<()> {
    let credentials = config.credentials.as_ref();
    credentials.map(written).transpose()?;
    places(credentials).map(|_| ())
}

/// The places to look at: all, or the one that is named.
///
/// # Errors
///
/// A configuration error for one that is none.
fn places(credentials: Option<&Credentials>) -> Result<Vec<&'static str>> {
    let implied = |credentials: &Credentials| match credentials {
        Credentials { web_identity_token_file: Some(_), .. } => Some("web-identity"),
        Credentials { profile: Some(_), .. } => Some("profile"),
        _ => None,
    };
    let named = credentials.and_then(|written| written.source.as_deref().or_else(|| implied(written)));
    let Some(named) = named else { return Ok(NAMED.to_vec()) };
    let meant = match named.to_ascii_lowercase().as_str() {
        "ec2instancemetadata" => "instance",
        "ecscontainer" => "container",
        "web_identity" => "web-identity",
        other => NAMED.iter().find(|known| **known == other).copied().unwrap_or_default(),
    };
    if meant.is_empty() {
        let known = NAMED.map(|name| format!("`{name}`")).join(", ");
        let message = format!("`source` must be one of {known}");
        return Err(Error::config("credentials.source", message));
    }
    Ok(vec![meant])
}

/// The profiles, as the configuration and the environment choose among them.
pub(crate) async fn profiles(config: &Config, machine: &Machine) -> Result<Profiles> {
    let named = config.credentials.as_ref().and_then(|credentials| credentials.profile.as_deref());
    Profiles::read(machine, named).await
}

/// Whether the keys stand in the configuration, so that no file is read.
pub(crate) fn stand_alone(config: &Config) -> bool {
    config.credentials.as_ref().is_some_and(|credentials| credentials.aws_access_key_id.is_some())
}

/// The keys that stand in the configuration.
///
/// # Errors
///
/// A configuration error for half a key, and for keys beside a profile.
pub(crate) fn written(credentials: &Credentials) -> Result<Option<Keys>> {
    let refuse = |key: &str, message: &str| Err(Error::config(format!("credentials.{key}"), message));
    let (id, secret) = (&credentials.aws_access_key_id, &credentials.aws_secret_access_key);
    let keys = match (id, secret) {
        (Some(id), Some(secret)) => {
            let token = credentials.aws_session_token.clone();
            Keys::new(id.clone(), secret.clone(), token, "the configuration")
        }
        (Some(_), None) => {
            return refuse("aws_secret_access_key", "`aws_secret_access_key` is missing beside the access key's id");
        }
        (None, Some(_)) => return refuse("aws_access_key_id", "`aws_access_key_id` is missing beside the secret key"),
        (None, None) => return Ok(None),
    };
    match (&credentials.profile, &credentials.source) {
        (Some(_), _) => refuse("profile", "a profile is named and keys are written; take one of them out"),
        (_, Some(_)) => refuse("source", "a source is named and keys are written; take one of them out"),
        _ => Ok(Some(keys)),
    }
}

/// The region of the instance that this is, where nothing names one.
///
/// # Errors
///
/// A configuration error when there is none.
pub(crate) async fn instance_region(machine: &Machine, http: &SharedHttpClient, context: &Context) -> Result<String> {
    let missing = || {
        let message = "no region is named; write `region` under `credentials`, set `AWS_REGION`, or name one in the profile of \
                       `~/.aws/config`";
        Error::config("credentials.region", message)
    };
    if machine.says("AWS_EC2_METADATA_DISABLED") {
        return Err(missing());
    }
    let config = ProviderConfig::empty().with_http_client(http.clone()).with_retry_config(RetryConfig::disabled());
    let way = Way { machine, config, context, region: "" };
    let imds = way.imds();
    let ask = || async {
        imds.get("/latest/meta-data/placement/region")
            .await
            .map(|region| region.as_ref().trim().to_owned())
            .map_err(|_| missing())
    };
    context.send(cloudmesh_abstract::Effect::SignIn, "region of the instance", ask).await
}

#[cfg(test)]
mod tests;
