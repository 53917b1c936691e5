//! How the suite treats what a target and a provider cannot do, or are known to fail.

use async_trait::async_trait;
use cloudmesh_abstract::conformance::{Check, Exception, Flaw, Props, Stage, Suite, Target, Troubles, Verdict, checks};
use cloudmesh_abstract::memory::{self, Memory};
use cloudmesh_abstract::{Error, ErrorKind, Result, Settings};

const LISTING: &str = "a_listing_has_every_page";

/// How a suite judges the check of this name.
async fn judge(suite: Suite, name: &str, target: &Foreign) -> Option<Verdict> {
    Some(suite.run(checks().find(|check| check.name() == name)?, target).await)
}

fn ignored(reason: &str) -> Verdict {
    Verdict::Ignored(reason.to_owned())
}

fn says(verdict: Option<&Verdict>, reason: &str) -> bool {
    matches!(verdict, Some(Verdict::Failed(why)) if why.contains(reason))
}

/// The cloud in memory, as somebody else's.
#[derive(Default)]
struct Foreign {
    exceptions: Vec<Exception>,
    broken: bool,
    untidy: bool,
}

#[derive(Debug)]
struct Calm {
    stage: Box<dyn Stage>,
    untidy: bool,
}

#[async_trait]
impl Target for Foreign {
    fn name(&self) -> String {
        "somebody else's cloud".to_owned()
    }

    async fn open(&self) -> Result<Box<dyn Stage>> {
        if self.broken {
            return Err(Error::new(ErrorKind::Unavailable, "nobody is at home"));
        }
        Ok(Box::new(Calm { stage: memory::target().open().await?, untidy: self.untidy }))
    }

    fn exceptions(&self) -> Vec<Exception> {
        self.exceptions.clone()
    }
}

#[async_trait]
impl Stage for Calm {
    fn settings(&self) -> Settings {
        self.stage.settings()
    }

    fn props(&self) -> Props {
        self.stage.props()
    }

    fn troubles(&self) -> Option<&dyn Troubles> {
        None
    }

    /// An untidy one does not close when it was used.
    async fn close(self: Box<Self>) -> Result<()> {
        let used = self.stage.troubles().is_some_and(|troubles| !troubles.seen().is_empty());
        if self.untidy && used { Err(Error::new(ErrorKind::Unexpected, "the door is jammed")) } else { Ok(()) }
    }
}

fn known_to_fail() -> Foreign {
    Foreign { exceptions: vec![Exception { check: LISTING, reason: "it has one page" }], ..Foreign::default() }
}

#[tokio::test]
async fn what_needs_troubles_is_ignored_where_there_are_none() {
    let verdict = judge(Suite::of::<Memory>(), "throttled_requests_are_repeated", &Foreign::default()).await;
    assert_eq!(verdict, Some(ignored("somebody else's cloud cannot be disturbed")));
}

#[tokio::test]
async fn what_needs_a_capability_is_ignored_where_it_is_lacking() {
    let suite = Suite::flawed::<Memory>(Flaw::GivesNoReason);
    let verdict = judge(suite, "a_console_shows_text", &Foreign::default()).await;
    assert_eq!(verdict, Some(ignored("memory lacks `console`")));
}

#[tokio::test]
async fn an_expected_failure_passes() {
    let verdict = judge(Suite::flawed::<Memory>(Flaw::LosesTheLastPage), LISTING, &known_to_fail()).await;
    assert_eq!(verdict, Some(Verdict::Passed));
}

#[tokio::test]
async fn an_unexpected_pass_fails() {
    let verdict = judge(Suite::of::<Memory>(), LISTING, &known_to_fail()).await;
    assert!(says(verdict.as_ref(), "it has one page"), "{verdict:?}");
}

#[tokio::test]
async fn an_expected_failure_hides_no_other() {
    let untidy = Foreign { untidy: true, ..known_to_fail() };
    let verdict = judge(Suite::flawed::<Memory>(Flaw::LosesTheLastPage), LISTING, &untidy).await;
    assert!(says(verdict.as_ref(), "the door is jammed"), "{verdict:?}");
}

#[tokio::test]
async fn a_broken_target_fails() {
    let broken = Foreign { broken: true, ..Foreign::default() };
    let verdict = judge(Suite::of::<Memory>(), LISTING, &broken).await;
    assert!(says(verdict.as_ref(), "nobody is at home"), "{verdict:?}");
}

#[test]
fn every_check_has_a_promise_and_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = checks().map(Check::name).collect();
    assert_eq!(names.len(), checks().count());
    assert!(checks().all(|check| check.promise().ends_with('.')));
}
