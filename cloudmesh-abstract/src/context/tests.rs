//! What a context promises, on a clock that takes no time.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Clock, Context, Effect, Grant, Kept, Login, PollPolicy, Recorder, RetryPolicy, SkippingClock, TokenStore};
use crate::{Error, ErrorKind, Result};

struct Bench {
    context: Context,
    clock: Arc<SkippingClock>,
    trace: Arc<Recorder>,
}

fn bench() -> Bench {
    let clock = Arc::new(SkippingClock::new());
    let trace = Arc::new(Recorder::default());
    let account = uuid::Uuid::new_v4().to_string();
    let context = Context::builder("lab").account(account).clock(clock.clone()).trace(trace.clone()).build();
    Bench { context, clock, trace }
}

/// Fails so many times with an error of this kind, then answers with the number of calls.
async fn failing(calls: &AtomicUsize, times: usize, kind: ErrorKind) -> Result<usize> {
    tokio::task::yield_now().await;
    let call = calls.fetch_add(1, Ordering::Relaxed) + 1;
    if call <= times { Err(Error::new(kind, "not now")) } else { Ok(call) }
}

#[tokio::test]
async fn repeats_by_effect_and_kind() {
    use Effect::{Idempotent, Once, Read};
    use ErrorKind::{Conflict, NotFound, RateLimited, Timeout, Unauthenticated, Unavailable};
    let table = [
        (Read, RateLimited, 3),
        (Read, Unavailable, 3),
        (Read, Timeout, 3),
        (Idempotent, Unavailable, 3),
        (Once, RateLimited, 3),
        (Once, Unavailable, 1),
        (Once, Timeout, 1),
        (Read, NotFound, 1),
        (Read, Unauthenticated, 1),
        (Read, Conflict, 1),
    ];
    for (effect, kind, expected) in table {
        let calls = AtomicUsize::new(0);
        let answer = bench().context.send(effect, "GET /", || failing(&calls, 2, kind)).await;
        assert_eq!(calls.load(Ordering::Relaxed), expected, "{effect:?} {kind:?}");
        assert_eq!(answer.is_ok(), expected == 3, "{effect:?} {kind:?}");
    }
}

#[tokio::test]
async fn waits_as_long_as_the_cloud_asks() {
    let Bench { context, clock, trace } = bench();
    let began = clock.now();
    let calls = AtomicUsize::new(0);
    let ask = || async {
        let error = |error: Error| error.with_retry_after(Duration::from_secs(30));
        failing(&calls, 1, ErrorKind::RateLimited).await.map_err(error)
    };
    context.send(Effect::Read, "GET /", ask).await.unwrap();
    assert!(clock.now().duration_since(began) >= SignedDuration::from_secs(30));
    assert_eq!(trace.outcomes().len(), 2);
}

#[tokio::test]
async fn does_not_wait_longer_than_it_may() {
    let Bench { context, clock, .. } = bench();
    let began = clock.now();
    let ask = || async {
        let error = Error::new(ErrorKind::RateLimited, "slow down").with_retry_after(Duration::from_hours(1));
        Err::<(), _>(error)
    };
    let error = context.send(Effect::Read, "GET /", ask).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(clock.now().duration_since(began) < SignedDuration::from_secs(60));
}

#[tokio::test]
async fn a_change_without_an_answer_is_not_told_as_one_that_was_never_begun() {
    use ErrorKind::{RateLimited, Unavailable};
    for (effect, told) in [(Effect::Idempotent, Unavailable), (Effect::Read, RateLimited)] {
        let calls = AtomicUsize::new(0);
        let request = || async {
            let first = calls.fetch_add(1, Ordering::Relaxed) == 0;
            let (kind, why) = if first { (Unavailable, "lost") } else { (RateLimited, "slower") };
            Err::<(), _>(Error::new(kind, why))
        };
        let error = bench().context.send(effect, "POST /", request).await.unwrap_err();
        assert_eq!(error.kind(), told, "{effect:?}");
        assert_eq!(error.message() == "lost; tried again, slower", effect == Effect::Idempotent);
    }
}

#[tokio::test]
async fn gives_up_after_the_last_attempt() {
    let policy = RetryPolicy { attempts: 3, ..RetryPolicy::quick() };
    let context = Context::builder("lab").retry(policy).build();
    let calls = AtomicUsize::new(0);
    let error = context.send(Effect::Read, "GET /", || failing(&calls, 99, ErrorKind::Unavailable)).await.unwrap_err();
    assert_eq!((calls.into_inner(), error.place().cloud.as_deref()), (3, Some("lab")));
}

#[tokio::test]
async fn a_cloud_out_of_reach_is_given_up_sooner_than_one_that_asks_for_patience() {
    for (kind, attempts) in [(ErrorKind::Unavailable, 5), (ErrorKind::RateLimited, 8)] {
        let calls = AtomicUsize::new(0);
        bench().context.send(Effect::Read, "GET /", || failing(&calls, 99, kind)).await.unwrap_err();
        assert_eq!(calls.into_inner(), attempts, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_has_a_time_limit() {
    let context = Context::builder("lab").attempt_timeout(Duration::from_secs(5)).retry(RetryPolicy::none()).build();
    let error = context.send(Effect::Read, "GET /slow", std::future::pending::<Result<()>>).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.to_string(), "lab: no answer to `GET /slow` within 5s");
}

#[tokio::test]
async fn no_more_requests_at_once_than_the_limit() {
    let context = Context::builder("lab").parallel(2).build();
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let request = || async {
        let under_way = now.fetch_add(1, Ordering::SeqCst) + 1;
        most.fetch_max(under_way, Ordering::SeqCst);
        tokio::task::yield_now().await;
        now.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    };
    let sends = (0..8).map(|_| context.send(Effect::Read, "GET /", request));
    futures::future::try_join_all(sends).await.unwrap();
    assert_eq!(most.into_inner(), 2);
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_before_it_is_repeated() {
    for (made_at_first, requests) in [(true, 1), (false, 2)] {
        let (calls, looks) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let find = || async {
            looks.fetch_add(1, Ordering::Relaxed);
            Ok(made_at_first.then_some(1))
        };
        bench().context.make_once(|| failing(&calls, 1, ErrorKind::Unavailable), find).await.unwrap();
        assert_eq!((calls.into_inner(), looks.into_inner()), (requests, 1));
    }
}

#[tokio::test]
async fn what_may_still_be_under_way_is_not_repeated() {
    for kind in [ErrorKind::Timeout, ErrorKind::Unexpected] {
        let calls = AtomicUsize::new(0);
        let make = || failing(&calls, 9, kind);
        let error = bench().context.make_once(make, || async { Ok(None) }).await.unwrap_err();
        assert_eq!((calls.into_inner(), error.kind()), (1, kind));
    }
}

#[tokio::test]
async fn a_conflict_is_tried_anew() {
    let calls = AtomicUsize::new(0);
    let answer = bench().context.retry_on_conflict(|| failing(&calls, 3, ErrorKind::Conflict)).await;
    assert_eq!(answer.unwrap(), 4);
}

#[tokio::test]
async fn asks_until_it_is_ready_or_too_late() {
    let calls = AtomicUsize::new(0);
    let check = || async {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        Ok(if call == 3 { Poll::Ready(call) } else { Poll::Pending })
    };
    assert_eq!(bench().context.poll("the operation", check).await.unwrap(), 3);
    let error = bench().context.poll("the operation", || async { Ok(Poll::<()>::Pending) }).await.unwrap_err();
    assert_eq!(error.to_string(), "lab: the operation did not end within 600s");
}

#[tokio::test(start_paused = true)]
async fn asking_slowly_is_no_reason_to_go_on_longer() {
    let policy = PollPolicy::default().with_limit(Duration::from_mins(1));
    let context = Context::builder("lab").poll(policy).build();
    let began = tokio::time::Instant::now();
    let slowly = || async {
        tokio::time::sleep(Duration::from_secs(25)).await;
        Ok(Poll::<()>::Pending)
    };
    let error = context.poll("the operation", slowly).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(began.elapsed() <= Duration::from_secs(90), "{:?}", began.elapsed());
}

#[derive(Debug, Serialize, Deserialize)]
struct Ticket(usize);

struct Gate {
    sign_ins: AtomicUsize,
    valid_from: AtomicUsize,
}

impl Gate {
    fn new() -> Self {
        Self { sign_ins: AtomicUsize::new(0), valid_from: AtomicUsize::new(1) }
    }

    async fn sign_in(&self) -> Result<Grant<Ticket>> {
        tokio::task::yield_now().await;
        let number = self.sign_ins.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Grant { value: Ticket(number), expires: Timestamp::MAX })
    }

    async fn enter(&self, grant: Arc<Grant<Ticket>>) -> Result<()> {
        tokio::task::yield_now().await;
        let good = grant.value.0 >= self.valid_from.load(Ordering::SeqCst);
        if good { Ok(()) } else { Err(Error::new(ErrorKind::Unauthenticated, "your ticket has ended")) }
    }
}

#[tokio::test]
async fn all_requests_share_one_sign_in_that_fails() {
    let (gate, login, calls) = (Gate::new(), Login::new("albert"), AtomicUsize::new(0));
    let context = bench().context;
    let refused = || async {
        failing(&calls, 2, ErrorKind::Unauthenticated).await?;
        gate.sign_in().await
    };
    let enter = || context.send_signed(&login, refused, Effect::Read, "GET /", |grant| gate.enter(grant));
    for tried in 1..=2 {
        let entered = futures::future::join_all((0..20).map(|_| enter())).await;
        assert!(entered.iter().all(|entered| entered.as_ref().unwrap_err().kind() == ErrorKind::Unauthenticated));
        assert_eq!(calls.load(Ordering::SeqCst), tried, "once for those who wait, and again for those who come later");
    }
    enter().await.unwrap();
}

#[tokio::test]
async fn all_requests_share_one_sign_in_and_one_renewal() {
    let Bench { context, .. } = bench();
    let (gate, login) = (Gate::new(), Login::new("albert"));
    let enter = || context.send_signed(&login, || gate.sign_in(), Effect::Read, "GET /", |grant| gate.enter(grant));
    futures::future::try_join_all((0..5).map(|_| enter())).await.unwrap();
    assert_eq!(gate.sign_ins.load(Ordering::SeqCst), 1);
    gate.valid_from.store(2, Ordering::SeqCst);
    futures::future::try_join_all((0..5).map(|_| enter())).await.unwrap();
    assert_eq!(gate.sign_ins.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_new_grant_that_is_refused_is_not_renewed() {
    let Bench { context, .. } = bench();
    let (gate, login) = (Gate::new(), Login::new("albert"));
    gate.valid_from.store(99, Ordering::SeqCst);
    let entered =
        context.send_signed(&login, || gate.sign_in(), Effect::Read, "GET /", |grant| gate.enter(grant)).await;
    assert_eq!(entered.unwrap_err().kind(), ErrorKind::Unauthenticated);
    assert_eq!(gate.sign_ins.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn another_process_uses_the_kept_grant() {
    let Bench { context, .. } = bench();
    let gate = Gate::new();
    for _ in 0..2 {
        let login = Login::new("albert");
        context.granted(&login, || gate.sign_in()).await.unwrap();
    }
    assert_eq!(gate.sign_ins.into_inner(), 1);
}

/// Keeps a ticket from long ago and cannot forget it, as a folder that may only be read.
#[derive(Debug)]
struct Stubborn;

impl TokenStore for Stubborn {
    fn load(&self, _: &str) -> Option<Kept> {
        Some(Kept::new("0".into(), Timestamp::MAX))
    }
    fn keep(&self, _: &str, _: &Kept) {}
    fn forget(&self, _: &str) {}
}

#[tokio::test]
async fn a_kept_grant_that_is_refused_is_not_taken_from_the_store_again() {
    let context = Context::builder("lab").tokens(Arc::new(Stubborn)).build();
    let (gate, login) = (Gate::new(), Login::new("albert"));
    for _ in 0..2 {
        let enter = |grant| gate.enter(grant);
        context.send_signed(&login, || gate.sign_in(), Effect::Read, "GET /", enter).await.unwrap();
    }
    assert_eq!(gate.sign_ins.into_inner(), 1);
}

#[tokio::test]
async fn a_renewal_that_fails_says_why() {
    let context = Context::builder("lab").tokens(Arc::new(Stubborn)).build();
    let (gate, login) = (Gate::new(), Login::new("albert"));
    let cause = || Error::new(ErrorKind::Unavailable, "no answer").with_source(std::io::Error::other("reset"));
    let sign_in = || async { Err(cause()) };
    let entered = context.send_signed(&login, sign_in, Effect::Read, "GET /", |grant| gate.enter(grant)).await;
    assert_eq!(entered.unwrap_err().source().map(ToString::to_string).as_deref(), Some("reset"));
}

#[tokio::test(start_paused = true)]
async fn what_many_need_is_looked_up_once() {
    let Bench { context, .. } = bench();
    let calls = AtomicUsize::new(0);
    let look_up = || context.look_up_once("image ubuntu", || failing(&calls, 1, ErrorKind::NotFound));
    assert_eq!(look_up().await.unwrap_err().kind(), ErrorKind::NotFound);
    let answers = futures::future::try_join_all((0..20).map(|_| look_up())).await.unwrap();
    assert_eq!((answers[19], calls.load(Ordering::SeqCst)), (2, 2));
    tokio::time::advance(Duration::from_mins(2)).await;
    assert_eq!(look_up().await.unwrap(), 3);
}

#[tokio::test]
async fn all_who_wait_for_a_look_up_get_its_error() {
    let Bench { context, .. } = bench();
    let calls = AtomicUsize::new(0);
    let look_up = || context.look_up_once("image ubunto", || failing(&calls, 99, ErrorKind::NotFound));
    let answers = futures::future::join_all((0..20).map(|_| look_up())).await;
    let told: Vec<String> = answers.into_iter().map(|answer| answer.unwrap_err().to_string()).collect();
    assert_eq!((told, calls.into_inner()), (vec!["not now".to_owned(); 20], 1));
}

#[tokio::test]
async fn where_it_cannot_be_seen_whether_it_was_made_both_errors_are_told() {
    let make = || async { Err::<(), _>(Error::new(ErrorKind::Unavailable, "the answer was lost")) };
    let find = || async { Err(Error::new(ErrorKind::PermissionDenied, "no look for you")) };
    let error = bench().context.make_once(make, find).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.message(), "the answer was lost; whether it was made cannot be seen: no look for you");
    assert_eq!(error.source().unwrap().to_string(), "no look for you");
}
