//! Putting a context together.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::memo::Memo;
use super::{
    Clock, Context, MemoryTokens, PollPolicy, Rehearsal, RetryPolicy, Shared, Silent, SystemClock, Throttle,
    TokenStore, Trace,
};

/// Collects what a [`Context`] is made of.
#[derive(Clone)]
pub struct ContextBuilder {
    cloud: String,
    retry: RetryPolicy,
    poll: PollPolicy,
    parallel: usize,
    attempt_timeout: Duration,
    trace: Arc<dyn Trace>,
    clock: Arc<dyn Clock>,
    tokens: Arc<dyn TokenStore>,
    rehearsal: Option<Rehearsal>,
    account: Option<String>,
    throttle_folder: Option<PathBuf>,
}

impl ContextBuilder {
    pub(super) fn new(cloud: impl Into<String>) -> Self {
        Self {
            cloud: cloud.into(),
            retry: RetryPolicy::default(),
            poll: PollPolicy::default(),
            parallel: 16,
            attempt_timeout: Duration::from_mins(1),
            trace: Arc::new(Silent),
            clock: Arc::new(SystemClock),
            tokens: Arc::new(MemoryTokens::default()),
            rehearsal: None,
            account: None,
            throttle_folder: None,
        }
    }

    /// The same settings for the cloud of another name.
    #[must_use]
    pub fn for_cloud(mut self, name: impl Into<String>) -> Self {
        self.cloud = name.into();
        self
    }

    /// How failed requests are repeated.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// How often states are asked for while waiting.
    #[must_use]
    pub fn poll(mut self, poll: PollPolicy) -> Self {
        self.poll = poll;
        self
    }

    /// How many requests may be under way at once; at least one, 16 unless said.
    #[must_use]
    pub fn parallel(mut self, requests: usize) -> Self {
        self.parallel = requests.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// How long one attempt of a request may take; 60 s unless said.
    #[must_use]
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = limit;
        self
    }

    /// How long a whole operation may take: no attempt takes longer, and a request gives up, and tells why, before it.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.attempt_timeout = self.attempt_timeout.min(limit);
        self.retry.in_all = self.retry.in_all.min(limit / 2);
        self
    }

    /// Who is told of every attempt.
    #[must_use]
    pub fn trace(mut self, trace: Arc<dyn Trace>) -> Self {
        self.trace = trace;
        self
    }

    /// The clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where sign-in tokens are kept; in memory unless said.
    #[must_use]
    pub fn tokens(mut self, tokens: Arc<dyn TokenStore>) -> Self {
        self.tokens = tokens;
        self
    }

    /// Sends nothing that changes anything, and notes all requests.
    #[must_use]
    pub fn rehearsal(mut self, rehearsal: impl Into<Option<Rehearsal>>) -> Self {
        self.rehearsal = rehearsal.into();
        self
    }

    /// Whose requests these are: how many of them a cloud takes is learned for each account, by all contexts in this
    /// process that name it. The cloud's name unless said. No secret should be part of it.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Where other processes learn how many requests the account's cloud takes, and this one learns it from them: a
    /// folder with a small file for each account, readable by its owner alone. Nothing is written before a refusal.
    #[must_use]
    pub fn throttle_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.throttle_folder = Some(folder.into());
        self
    }

    /// The context.
    pub fn build(self) -> Context {
        let account = self.account.as_ref().unwrap_or(&self.cloud);
        let shared = Shared {
            throttle: Throttle::of(account, self.throttle_folder),
            cloud: self.cloud,
            retry: self.retry,
            limit: Semaphore::new(self.parallel),
            attempt_timeout: self.attempt_timeout,
            user_agent: format!("cloudmesh/{}", env!("CARGO_PKG_VERSION")),
            trace: self.trace,
            clock: self.clock,
            tokens: self.tokens,
            memo: Memo::default(),
            rehearsal: self.rehearsal,
        };
        Context(Arc::new(shared), self.poll)
    }
}

impl fmt::Debug for ContextBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextBuilder").field("cloud", &self.cloud).finish_non_exhaustive()
    }
}
