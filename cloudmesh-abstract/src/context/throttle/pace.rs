//! How many requests of one class a cloud takes, learned from its refusals. Pure functions of the time.
//!
//! Nothing is limited before the first refusal. Then the limit is what the cloud took of what was sent, and it grows on
//! a cubic curve, as TCP's window and the adaptive mode of AWS's clients do: slowly near the limit that was seen, faster
//! the longer nothing is refused, until it is forgotten. A cloud that refuses requests whatever the rate would press a
//! limit like this down to nothing. So refusals that go on at a reduced rate are taken for noise, which is
//! allowed for from then on.

/// A round of requests is judged when so many were answered,
const ENOUGH: u32 = 6;
/// and so much time has passed, in seconds;
const LONG_ENOUGH: f64 = 0.25;
/// or at once when the cloud refuses so many, and more than it takes.
const FAR_TOO_MANY: u32 = 6;
/// The part of the limit at which the curve begins.
const BEGINS_AT: f64 = 0.85;
/// Below this part of the limit, refusals are taken for noise,
const REDUCED: f64 = 0.95;
/// unless they are more than this part of the requests.
const NO_NOISE: f64 = 0.45;
/// How fast noise is learned, how fast that is forgotten, and how much of it is believed.
const LEARNS: f64 = 0.3;
const UNLEARNS: f64 = 0.1;
const MOST_NOISE: f64 = 0.15;
/// How far refusals may exceed the noise, in standard deviations.
const TOLERANCE: f64 = 2.0;
/// A limit falls by no more than to this part at once.
const FALLS_TO: f64 = 0.3;
/// The curve is back at the limit after so many seconds, or so many requests, whichever takes longer.
const BACK_AFTER: f64 = 2.0;
const BACK_AFTER_REQUESTS: f64 = 40.0;
/// The limit is forgotten after so many times that long.
const FORGOTTEN: f64 = 8.0;
/// The lowest limit, in requests a second.
pub(super) const LOWEST: f64 = 0.5;
/// After so many seconds without any request a new round begins: the rate of the old one would say nothing.
const IDLE: f64 = 1.0;
/// Requests that are late by so much, in seconds, may be made up for.
const SLACK: f64 = 0.05;
/// The longest that one refusal stops everybody, in seconds.
pub(super) const LONGEST_PAUSE: f64 = 600.0;

/// The pace of one class. Times are in seconds and never go back.
#[derive(Debug, Default)]
pub(super) struct Pace {
    learned: Learned,
    next: f64,
    round: Round,
}

/// What was learned from refusals.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Learned {
    pub(super) limit: Option<Limit>,
    pub(super) noise: f64,
    pub(super) paused_until: f64,
}

/// What the cloud took, and when it refused more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    pub(super) most: f64,
    pub(super) since: f64,
}

/// The requests since the last judgement.
#[derive(Debug, Default)]
struct Round {
    began: f64,
    latest: f64,
    sent: u32,
    taken: u32,
    refused: u32,
    lost: u32,
}

impl Learned {
    /// The same on a clock that is ahead by so many seconds.
    pub(super) fn later(self, ahead: f64) -> Self {
        let limit = self.limit.map(|limit| Limit { since: limit.since + ahead, ..limit });
        let paused_until = if self.paused_until > 0.0 { self.paused_until + ahead } else { 0.0 };
        Self { limit, paused_until, ..self }
    }
}

impl Limit {
    /// How long ago it was learned, in units of the time that the curve takes to be back.
    fn age(self, now: f64) -> f64 {
        (now - self.since) / BACK_AFTER.max(BACK_AFTER_REQUESTS / self.most)
    }

    fn rate(self, now: f64) -> f64 {
        let rate = self.most * (1.0 + (1.0 - BEGINS_AT) * (self.age(now) - 1.0).powi(3));
        rate.max(LOWEST)
    }
}

impl Pace {
    /// How long a request has to wait, in seconds.
    pub(super) fn wait(&mut self, now: f64) -> f64 {
        if self.learned.limit.is_some_and(|limit| limit.age(now) > FORGOTTEN) {
            (self.learned.limit, self.learned.noise) = (None, 0.0);
        }
        let turn = if self.learned.limit.is_some() { self.next } else { 0.0 };
        let wait = turn.max(self.learned.paused_until) - now;
        // Seconds since the epoch are no finer than this.
        if wait > 1e-6 { wait } else { 0.0 }
    }

    /// Takes note that a request is sent.
    pub(super) fn take(&mut self, now: f64) {
        let Round { latest, sent, taken, refused, lost, .. } = self.round;
        if sent <= taken + refused + lost && now - latest > IDLE {
            self.begin(now);
        }
        self.round.sent += 1;
        self.round.latest = now;
        if let Some(limit) = self.learned.limit {
            let gap = 1.0 / limit.rate(now);
            self.next = self.next.max(now - (SLACK - gap).max(0.0)) + gap;
        }
    }

    /// Takes note that the cloud took a request that was sent then.
    pub(super) fn taken(&mut self, now: f64, sent: f64) {
        if sent >= self.round.began {
            self.round.taken += 1;
            self.round.latest = now;
            self.judge(now, false);
        }
    }

    /// Takes note that the cloud refused a request that was sent then, and asked to wait. Says whether that taught
    /// anything.
    pub(super) fn refused(&mut self, now: f64, sent: f64, asked: Option<f64>) -> bool {
        let before = self.learned;
        if sent >= self.round.began {
            self.round.refused += 1;
            self.round.latest = now;
            self.judge(now, asked.is_some());
        }
        if let Some(asked) = asked {
            let until = now + asked.min(LONGEST_PAUSE);
            self.learned.paused_until = self.learned.paused_until.max(until);
            // After the pause it goes on slowly, not all at once.
            if let Some(limit) = &mut self.learned.limit {
                limit.since = limit.since.max(until);
            }
        }
        self.learned != before
    }

    /// Takes note that no answer comes to a request that was sent then, which says nothing about the cloud.
    pub(super) fn lost(&mut self, sent: f64) {
        if sent >= self.round.began {
            self.round.lost += 1;
        }
    }

    /// What was learned so far.
    pub(super) fn learned(&self) -> Learned {
        self.learned
    }

    /// Takes over what others learned.
    pub(super) fn adopt(&mut self, learned: Learned, now: f64) {
        let since = |learned: Learned| learned.limit.map_or(f64::MIN, |limit| limit.since);
        if since(learned) > since(self.learned) {
            (self.learned.limit, self.learned.noise) = (learned.limit, learned.noise);
            self.begin(now);
        }
        self.learned.paused_until = self.learned.paused_until.max(learned.paused_until);
    }

    fn begin(&mut self, now: f64) {
        self.round = Round { began: now, latest: now, ..Round::default() };
    }

    /// Judges the round, if it is long enough.
    fn judge(&mut self, now: f64, at_once: bool) {
        let Round { began, sent, taken, refused, .. } = self.round;
        let (answered, time) = (taken + refused, now - began);
        let far_too_many = refused >= FAR_TOO_MANY && refused > taken;
        if !at_once && !far_too_many && (answered < ENOUGH || time < LONG_ENOUGH) {
            return;
        }
        let (all, bad) = (f64::from(answered), f64::from(refused));
        let rate = f64::from(sent.max(answered)) / time.max(0.02);
        let (rate, reduced) = match self.learned.limit {
            Some(limit) => (rate.min(limit.rate(now)), limit.rate(now) < REDUCED * limit.most),
            None => (rate, false),
        };
        let (share, noise) = (bad / all, self.learned.noise);
        let allowed = noise * all + TOLERANCE * (noise * all).sqrt();
        if bad > allowed && (!reduced || share > NO_NOISE) {
            let most = (rate * (1.0 - (share - noise).max(0.0))).max(FALLS_TO * rate).max(LOWEST);
            self.learned.limit = Some(Limit { most, since: now });
            self.next = now;
        } else if reduced {
            let more = share.min(MOST_NOISE) - noise;
            self.learned.noise += if more > 0.0 { LEARNS } else { UNLEARNS } * more;
        }
        self.begin(now);
    }
}
