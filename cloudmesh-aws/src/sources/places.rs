//! The places where the AWS tools look for keys, one after another.

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use cloudmesh_abstract::{Context, Effect, Error, ErrorKind, Result, Secret};

use super::profiles::{Profiles, deepest};
use crate::connection;
use crate::keyring::{Keys, Lent};
use crate::machine::Machine;
use crate::refusal::Scene;

/// What a place has: keys, or why it has none, in words for people.
pub(crate) type Found = std::result::Result<Lent, String>;

/// The environment.
///
/// # Errors
///
/// A configuration error for half a key.
pub(crate) fn environment(machine: &Machine) -> Result<Found> {
    let (id, secret) = (machine.variable("AWS_ACCESS_KEY_ID"), machine.variable("AWS_SECRET_ACCESS_KEY"));
    let half = |there: &str, missing: &str| {
        let message = format!("`{there}` is set and `{missing}` is not; set both or none");
        Err(Error::config("credentials", message))
    };
    match (id, secret) {
        (Some(id), Some(secret)) => {
            let token = machine.variable("AWS_SESSION_TOKEN");
            let keys = Keys::new(id.into(), secret.into(), token.map(Secret::from), "the environment");
            Ok(Ok(Lent::forever(keys)))
        }
        (Some(_), None) => half("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        (None, Some(_)) => half("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
        (None, None) => Ok(Err("the environment has no `AWS_ACCESS_KEY_ID`".to_owned())),
    }
}

/// A profile.
pub(crate) async fn profile(way: &Way<'_>, profiles: &Profiles) -> Result<Found> {
    if profiles.profile().is_none() {
        return Ok(Err(format!("`~/.aws` has no profile `{}`", profiles.name)));
    }
    let files = way.machine.files().clone();
    let named = ProfileFileCredentialsProvider::builder().configure(&way.config).profile_name(&profiles.name);
    let provider = named.profile_files(files).build();
    let source = profiles.source();
    match way.ask(&source, &provider).await? {
        Ok(credentials) => Ok(Ok(Lent::from(&credentials, source))),
        Err(CredentialsError::CredentialsNotLoaded(_)) if !profiles.is_named() => {
            Ok(Err(format!("profile `{}` of `~/.aws` holds no credentials", profiles.name)))
        }
        Err(error) => Err(profiles.failed(&deepest(&error))),
    }
}

/// The container's credentials: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.
pub(crate) async fn container(way: &Way<'_>) -> Result<Found> {
    let names = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    if way.machine.first(&names).is_none() {
        return Ok(Err("no container gives any (`AWS_CONTAINER_CREDENTIALS_FULL_URI` is not set)".to_owned()));
    }
    let provider = EcsCredentialsProvider::builder().configure(&way.config).build();
    let source = "the container's role";
    let found = way.ask(source, &provider).await?;
    let found = found.map_err(|error| {
        let message = format!("the container gives no credentials: {}; check its role", deepest(&error));
        Error::new(ErrorKind::Unauthenticated, message)
    })?;
    Ok(Ok(Lent::from(&found, source)))
}

/// The role of the instance that this is: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html>.
pub(crate) async fn instance(way: &Way<'_>) -> Result<Found> {
    if way.machine.says("AWS_EC2_METADATA_DISABLED") {
        return Ok(Err("the instance's role is not asked for (`AWS_EC2_METADATA_DISABLED`)".to_owned()));
    }
    let provider = ImdsCredentialsProvider::builder().configure(&way.config).imds_client(way.imds()).build();
    let source = "the instance's role";
    match way.ask(source, &provider).await? {
        Ok(credentials) => Ok(Ok(Lent::from(&credentials, source))),
        Err(CredentialsError::CredentialsNotLoaded(_)) => {
            Ok(Err("no instance metadata service gives a role".to_owned()))
        }
        Err(error) => {
            let why = deepest(&error);
            let why = why.trim_end_matches('.');
            Ok(Err(format!("the instance metadata service gives no role to this instance ({why})")))
        }
    }
}

/// How places are asked.
#[derive(Debug)]
pub(crate) struct Way<'a> {
    pub(crate) machine: &'a Machine,
    pub(crate) config: ProviderConfig,
    pub(crate) context: &'a Context,
    pub(crate) region: &'a str,
}

impl Way<'_> {
    /// Asks for keys through the context, which repeats it where nobody answers.
    async fn ask(
        &self,
        source: &str,
        provider: &impl ProvideCredentials,
    ) -> Result<std::result::Result<Credentials, CredentialsError>> {
        let line = format!("credentials of {source}");
        let ask = || async {
            match provider.provide_credentials().await {
                Err(error) if !matches!(error, CredentialsError::CredentialsNotLoaded(_)) => {
                    self.unanswered(&error, source).map_or(Ok(Err(error)), Err)
                }
                settled => Ok(settled),
            }
        };
        self.context.send(Effect::SignIn, &line, ask).await
    }

    /// The error of a service that did not answer.
    fn unanswered(&self, error: &CredentialsError, source: &str) -> Option<Error> {
        connection::broken(error)?;
        let endpoint = "the service that grants credentials";
        let scene = Scene { action: source, source, region: self.region, endpoint, now: self.context.clock().now() };
        let failure = connection::failure(error, &scene);
        let message = format!("no credentials from {source}: {}", failure.message());
        Some(failure.with_message(message))
    }

    /// The metadata service. It is not waited for long: elsewhere than on an instance nobody answers.
    pub(crate) fn imds(&self) -> imds::Client {
        let client = imds::Client::builder().configure(&self.config).max_attempts(1);
        let named = self.machine.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        let client = match named
            .map(|endpoint| imds::Client::builder().configure(&self.config).max_attempts(1).endpoint(endpoint))
        {
            Some(Ok(named)) => named,
            _ => client,
        };
        client.build()
    }
}
