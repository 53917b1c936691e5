//! Signed requests to EC2 and STS. Knows the SDK, nothing of nodes.

use std::error::Error as StdError;
use std::sync::Arc;

use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use cloudmesh_abstract::{Context, Effect, Grant, Result, Wire};
use tokio::sync::OnceCell;

use crate::account::Account;
use crate::config::{Config, Imds};
use crate::keyring::Keys;
use crate::machine::Surroundings;
use crate::refusal::{Scene, refusal};
use crate::shown;

/// Sends requests to one account in one region.
#[derive(Debug)]
pub(crate) struct Client {
    config: Config,
    machine: Arc<dyn Surroundings>,
    context: Context,
    account: OnceCell<Account>,
}

impl Client {
    /// A client that signs in with its first request.
    pub(crate) fn new(config: Config, machine: Arc<dyn Surroundings>, context: Context) -> Self {
        Self { config, machine, context, account: OnceCell::new() }
    }

    /// The context of all requests.
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Whether the metadata service of new instances wants a session token.
    pub(crate) fn imds(&self) -> Imds {
        self.config.imds.unwrap_or_default()
    }

    /// The region that is meant.
    pub(crate) async fn region(&self) -> Result<&str> {
        Ok(&self.account().await?.region)
    }

    /// The account; the first call finds it.
    pub(crate) async fn account(&self) -> Result<&Account> {
        let find = || Account::find(&self.config, &self.machine, &self.context);
        self.account.get_or_try_init(find).await
    }

    /// Sends a request to EC2. The first word of `wire` is the action: `DescribeInstances`. A rehearsal sees its
    /// parameters.
    ///
    /// # Errors
    ///
    /// What AWS refuses, by its code.
    pub(crate) async fn send<'a, T, E, F, Fut>(
        &self,
        effect: Effect,
        wire: impl Into<Wire<'a>> + Send,
        request: F,
    ) -> Result<T>
    where
        T: Send,
        E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
        F: Fn(aws_sdk_ec2::Client) -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, SdkError<E>>> + Send,
    {
        let account = self.account().await?;
        let ec2 = || account.ec2.clone();
        let wire = wire.into();
        if self.context.rehearsal().is_none() {
            return self.signed(account, effect, wire, || request(ec2())).await;
        }
        let said = shown::parameters(&account.ec2, &request).await;
        let said = || said.clone();
        self.signed(account, effect, wire.with_body(&said), || request(ec2())).await
    }

    /// Sends a request that is signed with the account's keys.
    pub(crate) async fn signed<'a, T, E, F, Fut>(
        &self,
        account: &Account,
        effect: Effect,
        wire: Wire<'a>,
        request: F,
    ) -> Result<T>
    where
        T: Send,
        E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, SdkError<E>>> + Send,
    {
        let (action, request) = (wire.line(), &request);
        let send = |grant: Arc<Grant<Keys>>| async move {
            account.slot.put(&grant.value);
            request().await.map_err(|error| {
                let (source, now) = (grant.value.source.as_str(), self.context.clock().now());
                let (region, endpoint) = (account.region.as_str(), account.endpoint.as_str());
                refusal(error, &Scene { action, source, region, endpoint, now })
            })
        };
        self.context.send_signed(&account.login, || account.sign_in(&self.context), effect, wire, send).await
    }
}
