//! Many requests to clouds that refuse at random, or more than so many a second, in time that is only counted.

use std::collections::BTreeMap;

use crate::context::throttle::pace::Pace;

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
