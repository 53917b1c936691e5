//! What the throttle makes of refusals, on a clock that tokio moves.

mod files;
mod race;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::{join_all, try_join_all};
use jiff::Timestamp;
use tokio::time::Instant;

use super::Class;
use crate::{Clock, Context, ContextBuilder, Effect, Error, ErrorKind, Event, HeldBack, Result, RetryPolicy, Trace};

/// The clock of a paused runtime.
#[derive(Debug)]
struct Paused(Timestamp, Instant);

#[async_trait]
impl Clock for Paused {
    fn now(&self) -> Timestamp {
        self.0 + self.1.elapsed()
    }
    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

fn context(account: &str) -> ContextBuilder {
    let account = format!("{account} of {:?}", std::thread::current().id());
    Context::builder("lab").account(account).clock(Arc::new(Paused(Timestamp::now(), Instant::now())))
}

const LATENCY: Duration = Duration::from_millis(100);

fn refusal() -> Error {
    Error::new(ErrorKind::RateLimited, "slow down")
}

/// A cloud that notes when requests arrive, and refuses those whose number is in the list.
#[derive(Debug, Default)]
struct Cloud {
    arrivals: Mutex<Vec<Instant>>,
    refused: Vec<usize>,
    asks: Option<Duration>,
}

impl Cloud {
    async fn answer(&self) -> Result<()> {
        let number = {
            let mut arrivals = self.arrivals.lock().unwrap();
            arrivals.push(Instant::now());
            arrivals.len()
        };
        tokio::time::sleep(LATENCY).await;
        let error = || self.asks.map_or_else(refusal, |asked| refusal().with_retry_after(asked));
        if self.refused.contains(&number) { Err(error()) } else { Ok(()) }
    }

    /// When requests arrived, in milliseconds since then.
    fn arrivals(&self, since: Instant) -> Vec<u128> {
        self.arrivals.lock().unwrap().iter().map(|arrival| (*arrival - since).as_millis()).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_held_back_before_the_first_refusal() {
    let (context, cloud, began) = (context("quiet").parallel(100).build(), Cloud::default(), Instant::now());
    try_join_all((0..300).map(|_| context.send(Effect::Once, "POST /", || cloud.answer()))).await.unwrap();
    assert_eq!(began.elapsed(), 3 * LATENCY);
}

#[tokio::test(start_paused = true)]
async fn when_the_cloud_asks_to_wait_all_wait_once_and_come_one_after_the_other() {
    let cloud = Cloud { refused: vec![1], asks: Some(Duration::from_secs(30)), ..Cloud::default() };
    let (one, other) = (context("pause").build(), context("pause").build());
    let began = Instant::now();
    let send = |context: &Context| {
        let context = context.clone();
        let cloud = &cloud;
        async move { context.send(Effect::Once, "POST /", || cloud.answer()).await }
    };
    let first = send(&one);
    let others = async {
        tokio::time::sleep(2 * LATENCY).await;
        join_all((0..10).map(|number| send(if number % 2 == 0 { &one } else { &other }))).await
    };
    let (first, others) = futures::join!(first, others);
    assert!(first.is_ok() && others.iter().all(Result::is_ok), "{others:?}");
    let arrivals = cloud.arrivals(began);
    assert_eq!((arrivals.len(), arrivals[0]), (12, 0));
    assert!(arrivals[1..].iter().all(|arrival| *arrival >= 30_100), "{arrivals:?}");
    assert!(arrivals[11] < 60_000, "{arrivals:?}");
    assert!(arrivals[1..].windows(2).all(|pair| pair[0] < pair[1]), "{arrivals:?}");
}

#[tokio::test(start_paused = true)]
async fn other_classes_and_accounts_do_not_wait() {
    let cloud = Cloud { refused: vec![1], asks: Some(Duration::from_hours(1)), ..Cloud::default() };
    let (context, other) = (context("class").build(), context("other").build());
    assert!(context.send(Effect::Once, "POST /", || cloud.answer()).await.is_err());
    let began = Instant::now();
    context.send(Effect::Read, "GET /", || cloud.answer()).await.unwrap();
    other.send(Effect::Once, "POST /", || cloud.answer()).await.unwrap();
    assert_eq!(began.elapsed(), 2 * LATENCY);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_he_may() {
    let cloud = Cloud { refused: vec![1], asks: Some(Duration::from_secs(500)), ..Cloud::default() };
    let context = context("limit").build();
    assert!(context.send(Effect::Read, "GET /", || cloud.answer()).await.is_err());
    let began = Instant::now();
    let error = context.send(Effect::Read, "GET /more", || cloud.answer()).await.unwrap_err();
    assert_eq!((error.kind(), began.elapsed()), (ErrorKind::RateLimited, Duration::ZERO));
    assert_eq!(error.retry_after().map(|asked| asked.as_secs_f64().ceil()), Some(500.0));
    let wanted = "lab: the cloud wants no more requests for 500 s; `GET /more` was not sent, repeat it then";
    assert_eq!(error.to_string(), wanted);
    assert_eq!(cloud.arrivals(began).len(), 1);
}

/// Keeps note of what was held back.
#[derive(Debug, Default)]
struct Witness(Mutex<Vec<(String, Duration)>>);

impl Trace for Witness {
    fn record(&self, _: &Event<'_>) {}
    fn hold_back(&self, held: &HeldBack<'_>) {
        self.0.lock().unwrap().push((held.request.to_owned(), held.waited));
    }
}

#[tokio::test(start_paused = true)]
async fn the_trace_tells_what_was_held_back_and_for_how_long() {
    let witness = Arc::new(Witness::default());
    let cloud = Cloud { refused: vec![1], asks: Some(Duration::from_secs(5)), ..Cloud::default() };
    let context = context("told").trace(witness.clone()).build();
    context.send(Effect::Read, "GET /1", || cloud.answer()).await.unwrap();
    assert_eq!(*witness.0.lock().unwrap(), []);
    let cloud = Cloud { refused: vec![1], asks: Some(Duration::from_secs(5)), ..Cloud::default() };
    let late = async {
        tokio::time::sleep(2 * LATENCY).await;
        context.send(Effect::Read, "GET /2", || cloud.answer()).await
    };
    let (first, late) = futures::join!(context.send(Effect::Read, "GET /1", || cloud.answer()), late);
    assert!(first.is_ok() && late.is_ok());
    let told = witness.0.lock().unwrap();
    assert!(told.iter().any(|(line, waited)| line == "GET /2" && waited.as_millis() >= 4_900), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn fifty_creates_of_which_every_tenth_is_refused_are_soon_done() {
    let cloud = Cloud { refused: (1..20).map(|number| 10 * number).collect(), ..Cloud::default() };
    let (context, began) = (context("fifty").build(), Instant::now());
    let done = AtomicUsize::new(0);
    let create = || async {
        context.send(Effect::Once, "POST /", || cloud.answer()).await.unwrap();
        done.fetch_add(1, Ordering::Relaxed);
    };
    join_all((0..50).map(|_| create())).await;
    // One that is refused three times waits for more than a second by itself, which is rare.
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!((done.into_inner(), cloud.arrivals(began).len()), (50, 55));
}

/// How long a request waits after many that were refused within a second, long after one without an answer.
async fn pace_after(forgotten: impl AsyncFnOnce(&Context)) -> Duration {
    let context = context("unanswered").attempt_timeout(Duration::from_secs(5)).retry(RetryPolicy::none()).build();
    forgotten(&context).await;
    tokio::time::sleep(Duration::from_hours(1)).await;
    let cloud = Cloud { refused: (1..=16).collect(), ..Cloud::default() };
    join_all((0..16).map(|_| context.send(Effect::Read, "GET /", || cloud.answer()))).await;
    context.0.throttle.wait(Class::Reads, context.clock().now())
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_makes_none_after_it_slow() {
    async fn silence() -> Result<()> {
        std::future::pending().await
    }
    let given_up = pace_after(async |context| {
        context.send(Effect::Read, "GET /", silence).await.unwrap_err();
    });
    let dropped = pace_after(async |context| {
        let request = context.send(Effect::Read, "GET /", silence);
        tokio::time::timeout(LATENCY, request).await.unwrap_err();
    });
    for wait in [given_up.await, dropped.await] {
        assert!(wait < Duration::from_millis(500), "{wait:?}");
    }
}
