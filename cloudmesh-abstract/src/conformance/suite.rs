//! Running checks.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use libtest_mimic::{Arguments, Completion, Failed, Trial};

use super::bench::Bench;
use super::check::{Check, Failure, Need, Outcome};
use super::sweep::sweep;
use super::{Target, checks};
use crate::{
    Capabilities, Capability, ComputeNodeABC, Connect, Context, ContextBuilder, Describe, Error, ErrorKind, Key,
    Registration, Result, Settings,
};

/// No check takes longer than this; what does hangs.
const LIMIT: Duration = Duration::from_mins(30);

/// Runs the suite on a provider, as the `main` of a test without the usual harness. It understands the arguments of
/// other tests, such as names to filter by.
pub fn main<P: Connect>(target: impl Target) -> ExitCode {
    Suite::of::<P>().main(target)
}

type Maker = dyn Fn(&Settings, &ContextBuilder) -> Result<(Box<dyn ComputeNodeABC>, Context)> + Send + Sync;

/// What is tried: a kind of provider, and how one is made.
pub(super) struct Subject {
    pub(super) kind: &'static str,
    pub(super) keys: &'static [Key],
    example: Settings,
    make: Box<Maker>,
}

impl Subject {
    pub(super) fn of<P: Connect>(make: Box<Maker>) -> Self {
        Self { kind: P::KIND, keys: P::Config::KEYS, example: P::example(), make }
    }

    /// A provider, and the context it was given.
    pub(super) fn connect(
        &self,
        settings: &Settings,
        builder: &ContextBuilder,
    ) -> Result<(Box<dyn ComputeNodeABC>, Context)> {
        (self.make)(settings, builder)
    }
}

/// All checks, ready to run on one kind of provider.
#[derive(Clone)]
pub struct Suite {
    subject: Arc<Subject>,
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The promise is kept.
    Passed,
    /// It was not tried, for this reason.
    Ignored(String),
    /// The promise is broken, in this way.
    Failed(String),
}

/// What has to be known of provider and target before the first check.
#[derive(Debug, Clone)]
struct Facts {
    target: String,
    kind: &'static str,
    troubles: bool,
    wrong_settings: bool,
    capabilities: Capabilities,
}

impl Facts {
    /// Why a check cannot be tried.
    fn hinder(&self, check: &Check) -> Option<String> {
        check.needs().iter().find_map(|need| match need {
            Need::Troubles if !self.troubles => Some(format!("{} cannot be disturbed", self.target)),
            Need::WrongSettings if !self.wrong_settings => Some(format!("{} has no wrong settings", self.target)),
            Need::Capability(wanted) if !self.capabilities.contains(wanted) => {
                Some(format!("{} lacks `{wanted}`", self.kind))
            }
            _ => None,
        })
    }
}

impl Suite {
    /// The suite for a provider that is linked.
    pub fn of<P: Connect>() -> Self {
        let registration = Registration::of::<P>(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        Self::reached_by::<P>(move |settings, context| registration.connect(settings, context))
    }

    /// The suite for a provider that is reached in another way, such as through a pipe.
    pub fn reached_by<P: Connect>(
        connect: impl Fn(&Settings, Context) -> Result<Box<dyn ComputeNodeABC>> + Send + Sync + 'static,
    ) -> Self {
        Self::new(Subject::of::<P>(Box::new(move |settings, builder| {
            let context = builder.clone().build();
            Ok((connect(settings, context.clone())?, context))
        })))
    }

    pub(super) fn new(subject: Subject) -> Self {
        Self { subject: Arc::new(subject) }
    }

    /// Runs all checks as the `main` of a test does.
    pub fn main(self, target: impl Target) -> ExitCode {
        let arguments = Arguments::from_args();
        libtest_mimic::run(&arguments, self.trials(&(Arc::new(target) as Arc<dyn Target>))).exit_code()
    }

    /// All checks as trials of one run.
    fn trials(&self, target: &Arc<dyn Target>) -> Vec<Trial> {
        let facts = in_runtime(self.facts(target.as_ref()));
        let opened = facts.as_ref().map(|_| ()).map_err(ToString::to_string);
        let mut trials = vec![Trial::test("the_target_can_be_opened", || opened.map_err(Failed::from))];
        trials.extend(strangers(target.as_ref()));
        let Ok(facts) = facts else { return trials };
        trials.extend(checks().map(|check| match facts.hinder(check) {
            Some(reason) => Trial::ignorable_test(check.name, || Ok(Completion::ignored_with(reason))),
            None => self.trial(check, Arc::clone(target)),
        }));
        trials
    }

    fn trial(&self, check: &'static Check, target: Arc<dyn Target>) -> Trial {
        let suite = self.clone();
        Trial::test(check.name, move || match in_runtime(suite.judge(check, target.as_ref())) {
            Verdict::Failed(why) => Err(Failed::from(format!("{why}\n\nThe contract: {}", check.promise))),
            _ => Ok(()),
        })
    }

    async fn facts(&self, target: &dyn Target) -> Result<Facts, Failure> {
        let stage = target.open().await?;
        let (provider, _) = self.subject.connect(&self.subject.example, &Context::builder("example"))?;
        let facts = Facts {
            target: target.name(),
            kind: self.subject.kind,
            troubles: stage.troubles().is_some(),
            wrong_settings: stage.wrong_settings().is_some(),
            capabilities: Capability::of(provider.as_ref()),
        };
        stage.close().await?;
        Ok(facts)
    }

    /// Runs one check on a target, if it can be tried there.
    pub async fn run(&self, check: &Check, target: &dyn Target) -> Verdict {
        match self.facts(target).await {
            Err(failure) => Verdict::Failed(failure.to_string()),
            Ok(facts) => match facts.hinder(check) {
                Some(reason) => Verdict::Ignored(reason),
                None => self.judge(check, target).await,
            },
        }
    }

    /// Runs one check, cleans up behind it, and weighs it against what the target is known to fail.
    async fn judge(&self, check: &Check, target: &dyn Target) -> Verdict {
        match self.attempt(check, target).await {
            Ok(()) => Verdict::Passed,
            Err(failure) => Verdict::Failed(failure.to_string()),
        }
    }

    async fn attempt(&self, check: &Check, target: &dyn Target) -> Outcome {
        let bench = Bench::new(Arc::clone(&self.subject), target.open().await?);
        let outcome = weigh(check, target, limited((check.run)(&bench)).await);
        let swept = limited(sweep(&bench, check)).await;
        let closed = bench.stage.close().await.map_err(Failure::from);
        [swept, closed].into_iter().fold(outcome, |outcome, next| match (outcome, next) {
            (Err(first), Err(second)) => Err(first.and(&second)),
            (outcome, Ok(())) => outcome,
            (Ok(()), failed) => failed,
        })
    }
}

/// Turns round the outcome of a check that the target is known to fail. What else goes wrong is not known to.
fn weigh(check: &Check, target: &dyn Target, outcome: Outcome) -> Outcome {
    let Some(known) = target.exceptions().into_iter().find(|exception| exception.check == check.name) else {
        return outcome;
    };
    let passed = || format!("passed, although it is known to fail ({}); take the exception away", known.reason);
    if outcome.is_ok() { Err(Failure::new(passed())) } else { Ok(()) }
}

/// Failures for exceptions that name no check, which would hide nothing and mislead.
fn strangers(target: &dyn Target) -> Vec<Trial> {
    let known = |name: &str| checks().any(|check| check.name == name);
    let strange = target.exceptions().into_iter().filter(|exception| !known(exception.check));
    strange
        .map(|exception| Trial::test(exception.check, || Err(Failed::from("there is no check of this name"))))
        .collect()
}

/// Runs something that may hang or panic.
async fn limited(work: impl Future<Output = Outcome>) -> Outcome {
    match tokio::time::timeout(LIMIT, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Failure::new("panicked")),
        Err(_) => Err(Failure::new(format!("did not end within {LIMIT:?}"))),
    }
}

/// Runs something to its end on this thread.
fn in_runtime<T>(work: impl Future<Output = T>) -> T
where
    T: FromBroken,
{
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => T::broken(&Error::new(ErrorKind::Unexpected, "no runtime can be had").with_source(error)),
    }
}

/// What a run without a runtime comes to.
trait FromBroken {
    fn broken(error: &Error) -> Self;
}

impl FromBroken for Verdict {
    fn broken(error: &Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl<T> FromBroken for Result<T, Failure> {
    fn broken(error: &Error) -> Self {
        Err(Failure::new(error.to_string()))
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite").field("kind", &self.subject.kind).finish_non_exhaustive()
    }
}
