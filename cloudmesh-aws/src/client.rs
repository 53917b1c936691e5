//! Signed requests to EC2 and STS. Knows the SDK, nothing of nodes.

use std::error::Error as StdError;
use std::sync::Arc;

use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use cloudmesh_abstract::{Context, Effect, Grant, Result, Wire};
use futures::FutureExt;
use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::account::Account;
use crate::config::{Config, Imds};
use crate::keyring::Keys;
use crate::machine::Machine;
use crate::refusal::{Scene, refusal, skewed, words};
use crate::shown;

/// Sends requests to one account in one region.
#[derive(Debug)]
pub(crate) struct Client {
    config: Config,
    machine: Machine,
    context: Context,
    account: OnceCell<Account>,
}

/// Where a request goes, and how it is seen.
#[derive(Debug)]
pub(crate) struct Letter<'a> {
    pub(crate) effect: Effect,
    pub(crate) wire: Wire<'a>,
    pub(crate) endpoint: &'a str,
}

impl Client {
    /// A client that signs in with its first request.
    pub(crate) fn new(config: Config, machine: Machine, context: Context) -> Self {
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
        self.account.get_or_try_init(find).boxed().await
    }

    /// What we sign in with now, and where it came from.
    pub(crate) async fn grant(&self) -> Result<Arc<Grant<Keys>>> {
        let account = self.account().await?;
        let sign_in = || account.sign_in(&self.config, &self.machine, &self.context).boxed();
        self.context.granted(&account.login, sign_in).await
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
        let (wire, ec2) = (wire.into(), || account.ec2.clone());
        if self.context.rehearsal().is_none() {
            let letter = Letter { effect, wire, endpoint: &account.endpoint };
            // The SDK's futures are large.
            return Box::pin(self.signed(account, letter, || request(ec2()))).await;
        }
        let said = Box::pin(shown::parameters(&account.ec2, &request)).await;
        let said = || said.clone();
        let letter = Letter { effect, wire: wire.with_body(&said), endpoint: &account.endpoint };
        Box::pin(self.signed(account, letter, || request(ec2()))).await
    }

    /// Sends a request that is signed with the account's keys.
    pub(crate) async fn signed<T, E, F, Fut>(&self, account: &Account, letter: Letter<'_>, request: F) -> Result<T>
    where
        T: Send,
        E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, SdkError<E>>> + Send,
    {
        let (action, endpoint, request) = (letter.wire.line(), letter.endpoint, &request);
        let send = |grant: Arc<Grant<Keys>>| async move {
            account.slot.put(&grant.value);
            self.in_time(account, request).await.map_err(|error| {
                let (source, now) = (grant.value.source.as_str(), self.context.clock().now());
                refusal(&error, &Scene { action, source, region: &account.region, endpoint, now })
            })
        };
        let sign_in = || account.sign_in(&self.config, &self.machine, &self.context).boxed();
        self.context.send_signed(&account.login, sign_in, letter.effect, letter.wire, send).await
    }

    /// Sends a request, and again with AWS's time in place of ours where it was refused for our clock. The SDK keeps the
    /// difference and signs with it from then on; what was refused has changed nothing.
    async fn in_time<T, E, F, Fut>(&self, account: &Account, request: &F) -> Result<T, SdkError<E>>
    where
        T: Send,
        E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, SdkError<E>>> + Send,
    {
        let refused = match request().boxed().await {
            Err(error) => error,
            answer => return answer,
        };
        // The SDK signs with the machine's clock, whatever the context's is.
        let Some(ahead) = skewed(&refused, Timestamp::now()) else { return Err(refused) };
        if account.is_news() {
            self.context.warn(&words::corrected(ahead));
        }
        request().boxed().await
    }
}
