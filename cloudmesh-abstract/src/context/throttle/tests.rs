//! What the throttle makes of refusals, on a clock that tokio moves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::{join_all, try_join_all};
use jiff::Timestamp;
use tokio::time::Instant;

use super::pace::Pace;
use super::{Class, Throttle};
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

/// Many tasks that send one request after the other to a cloud, in time that is only counted.
struct Race {
    pace: Pace,
    seed: u64,
    now: f64,
    /// What happens when, in milliseconds; the number tells apart what happens at the same time.
    events: BTreeMap<(u64, usize), Happening>,
    count: usize,
    waiting: Vec<u32>,
    free: usize,
    taken: Vec<f64>,
    refused: Vec<f64>,
}

enum Happening {
    Wanted(u32),
    Turn,
    Answered { sent: f64, tries: u32, good: bool },
}

impl Race {
    /// So many requests, 16 at once.
    fn of(requests: usize, seed: u64) -> Self {
        let waiting = vec![0; requests];
        let (pace, events) = (Pace::default(), BTreeMap::new());
        Self { pace, seed, now: 0.0, events, count: 0, waiting, free: 16, taken: Vec::new(), refused: Vec::new() }
    }

    fn chance(&mut self) -> f64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.seed >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few minutes in milliseconds")]
    fn later(&mut self, seconds: f64, what: Happening) {
        self.count += 1;
        let time = ((self.now + seconds) * 1000.0).ceil() as u64;
        self.events.insert((time, self.count), what);
    }

    /// Runs until all is done or the time is up; `good` decides about a request that comes at this time.
    #[expect(clippy::cast_precision_loss, reason = "a few minutes in milliseconds")]
    fn run(mut self, until: f64, mut good: impl FnMut(f64, f64) -> bool) -> Self {
        self.later(0.0, Happening::Turn);
        while let Some(((time, _), what)) = self.events.pop_first() {
            self.now = time as f64 / 1000.0;
            if self.now > until {
                break;
            }
            match what {
                Happening::Wanted(tries) => self.waiting.push(tries),
                Happening::Turn => self.turn(&mut good),
                Happening::Answered { sent, tries, good } => self.answered(sent, tries, good),
            }
            let asked = self.events.values().any(|event| matches!(event, Happening::Turn));
            if !asked && self.free > 0 && !self.waiting.is_empty() {
                let wait = self.pace.wait(self.now);
                self.later(wait, Happening::Turn);
            }
        }
        self
    }

    fn turn(&mut self, good: &mut impl FnMut(f64, f64) -> bool) {
        while self.free > 0 && !self.waiting.is_empty() && self.pace.wait(self.now) <= 0.0 {
            let tries = self.waiting.remove(0);
            self.free -= 1;
            self.pace.take(self.now);
            let (chance, latency) = (self.chance(), 0.1 + 0.05 * self.chance());
            let answer = Happening::Answered { sent: self.now, tries, good: good(self.now, chance) };
            self.later(latency, answer);
        }
    }

    fn answered(&mut self, sent: f64, tries: u32, good: bool) {
        self.free += 1;
        if good {
            self.pace.taken(self.now, sent);
            self.taken.push(self.now);
            return;
        }
        self.refused.push(self.now);
        self.pace.refused(self.now, sent, None);
        let own = [0.03, 0.125, 0.5].get(tries as usize).copied().unwrap_or(2.0);
        let wait = own * (1.0 + self.chance());
        self.later(wait, Happening::Wanted(tries + 1));
    }

    fn ended(&self) -> f64 {
        self.taken.last().copied().unwrap_or_default()
    }
}

#[test]
fn refusals_at_random_do_not_stop_the_work() {
    for seed in 0..10 {
        let race = Race::of(1000, seed).run(600.0, |_, chance| chance > 0.1);
        assert_eq!(race.taken.len(), 1000);
        // 1,110 requests at 16 in 125 ms take 8.7 s.
        assert!(race.ended() < 45.0, "{seed}: {}", race.ended());
    }
}

/// A bucket with so many drops, and so many more each second.
fn bucket(rate: f64, size: f64) -> impl FnMut(f64, f64) -> bool {
    let (mut drops, mut last) = (size, 0.0);
    move |now, _| {
        drops = f64::min(size, drops + (now - last) * rate);
        last = now;
        let good = drops >= 1.0;
        drops -= f64::from(u8::from(good));
        good
    }
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "thousands at the most")]
fn a_true_limit_is_kept_and_used() {
    for (rate, size) in [(5.0, 5.0), (20.0, 20.0), (20.0, 100.0), (50.0, 50.0), (100.0, 10.0)] {
        let race = Race::of(10_000, 7).run(60.0, bucket(rate, size));
        let late = |times: &[f64]| times.iter().filter(|time| **time > 10.0).count() as f64;
        let (taken, refused) = (late(&race.taken), late(&race.refused));
        assert!(taken / 50.0 > 0.8 * rate, "{rate}: {} a second", taken / 50.0);
        assert!(refused / (taken + refused) < 0.25, "{rate}: {refused} refused, {taken} taken");
    }
}

/// A process with this folder: a throttle that it shares with nobody.
fn process(folder: &Path) -> Throttle {
    Throttle::new("albert at lab", Some(folder.to_owned()))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn is_refused(throttle: &Throttle, asked: u64) {
    let sent = throttle.take(Class::Reads, at(0)).unwrap();
    let error = refusal().with_retry_after(Duration::from_secs(asked));
    sent.learn::<()>(&Err(error), at(0));
}

fn file(folder: &Path) -> std::path::PathBuf {
    fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn what_one_process_learns_another_knows() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (process(folder.path()), process(folder.path()));
    assert_eq!(other.wait(Class::Reads, at(-5)), Duration::ZERO);
    is_refused(&one, 30);
    let third = process(folder.path());
    for throttle in [one, other, third] {
        let wait = throttle.wait(Class::Reads, at(10)).as_secs_f64();
        assert!((19.9..20.1).contains(&wait), "{wait}");
        assert_eq!(throttle.wait(Class::Changes, at(10)), Duration::ZERO);
    }
}

#[test]
fn what_one_process_writes_takes_nothing_from_another() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (process(folder.path()), process(folder.path()));
    assert_eq!(other.wait(Class::Changes, at(0)), Duration::ZERO);
    is_refused(&one, 30);
    let error = refusal().with_retry_after(Duration::from_secs(20));
    other.take(Class::Changes, at(0)).unwrap().learn::<()>(&Err(error), at(0));
    let third = process(folder.path());
    let waits = [Class::Reads, Class::Changes].map(|class| (third.wait(class, at(0)).as_millis() + 500) / 1000);
    assert_eq!(waits, [30, 20]);
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    is_refused(&process(folder.path()), 30);
    let path = file(folder.path());
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    assert_eq!(process(folder.path()).wait(Class::Reads, at(1)), Duration::ZERO);
}

#[test]
fn nothing_is_written_before_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let one = process(&folder.path().join("throttle"));
    let sent = one.take(Class::Reads, at(0)).unwrap();
    sent.learn(&Ok(()), at(1));
    assert_eq!(one.wait(Class::Reads, at(2)), Duration::ZERO);
    assert!(!folder.path().join("throttle").exists());
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone_and_tells_no_name() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    is_refused(&process(folder.path()), 30);
    let file = file(folder.path());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!file.to_string_lossy().contains("albert"));
    assert!(!fs::read_to_string(&file).unwrap().contains("albert"));
}

#[test]
fn a_file_that_cannot_be_true_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    is_refused(&process(folder.path()), 30);
    let path = file(folder.path());
    let good: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut record = good.clone();
        change(&mut record);
        record.to_string()
    };
    let table = [
        ("true", good.to_string(), false),
        ("broken", "{".to_owned(), true),
        ("foreign", "[1, 2, 3]".to_owned(), true),
        ("of another version", with(&|record| record["version"] = 2.into()), true),
        ("from the future", with(&|record| record["written"] = 1_700_009_999.0.into()), true),
        ("stale", with(&|record| record["written"] = 1_600_000_000.0.into()), true),
        ("without end", with(&|record| record["classes"][1]["paused_until"] = 1e12.into()), true),
        ("short", with(&|record| record["classes"] = serde_json::json!([])), true),
    ];
    for (what, text, ignored) in table {
        fs::write(&path, text).unwrap();
        let wait = process(folder.path()).wait(Class::Reads, at(1));
        assert_eq!(wait.is_zero(), ignored, "{what}");
    }
}

#[test]
fn a_clock_that_is_set_back_holds_nobody() {
    let throttle = Throttle::new("albert at lab", None);
    is_refused(&throttle, 30);
    assert_eq!(throttle.wait(Class::Reads, at(31)), Duration::ZERO);
    assert_eq!(throttle.wait(Class::Reads, at(-9999)), Duration::ZERO);
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

#[test]
fn one_refusal_now_and_then_slows_nobody_down() {
    let mut pace = Pace::default();
    for number in 0..100 {
        let now = 1000.0 + 5.0 * f64::from(number);
        assert!(pace.wait(now) <= 0.0, "{number}");
        pace.take(now);
        if number % 3 == 0 {
            pace.refused(now + 0.1, now, None);
        } else {
            pace.taken(now + 0.1, now);
        }
    }
}
