//! Holding requests back, as the cloud wants it: for each account and class of requests, by all who use it.

mod file;
mod pace;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Mutex as Gate, MutexGuard as Turn};

use self::file::File;
use self::pace::{Learned, Pace};
use super::Effect;
use crate::{Error, ErrorKind};

/// Requests that clouds count apart from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    SignIn,
    Reads,
    Changes,
}

impl Class {
    pub(super) const ALL: [Self; 3] = [Self::SignIn, Self::Reads, Self::Changes];
}

impl From<Effect> for Class {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::SignIn => Self::SignIn,
            Effect::Read => Self::Reads,
            Effect::Idempotent | Effect::Once => Self::Changes,
        }
    }
}

/// The paces of one account.
#[derive(Debug)]
pub(super) struct Throttle {
    gates: [Gate<()>; 3],
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    paces: [Pace; 3],
    /// The latest time, which never goes back, and by how much it is ahead of the clock.
    latest: f64,
    ahead: f64,
    file: Option<File>,
}

/// The accounts that are in use in this process.
static ACCOUNTS: LazyLock<Mutex<HashMap<String, Weak<Throttle>>>> = LazyLock::new(Mutex::default);

impl Throttle {
    /// The throttle of an account, the same for all who ask.
    pub(super) fn of(account: &str, folder: Option<PathBuf>) -> Arc<Self> {
        let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, throttle| throttle.strong_count() > 0);
        if let Some(throttle) = accounts.get(account).and_then(Weak::upgrade) {
            throttle.keep_in(account, folder);
            return throttle;
        }
        let throttle = Arc::new(Self::new(account, folder));
        accounts.insert(account.to_owned(), Arc::downgrade(&throttle));
        throttle
    }

    /// A throttle that nobody else has.
    pub(super) fn new(account: &str, folder: Option<PathBuf>) -> Self {
        let file = folder.map(|folder| File::new(&folder, account));
        let state = State { paces: Default::default(), latest: 0.0, ahead: 0.0, file };
        Self { gates: Default::default(), state: Mutex::new(state) }
    }

    fn keep_in(&self, account: &str, folder: Option<PathBuf>) {
        let mut state = self.state();
        if state.file.is_none() {
            state.file = folder.map(|folder| File::new(&folder, account));
        }
    }

    /// Waits until the requests before this one have been let through.
    pub(super) async fn queue(&self, class: Class) -> Turn<'_, ()> {
        self.gates[class as usize].lock().await
    }

    /// The time since the epoch; it does not go back.
    pub(super) fn now(&self, now: Timestamp) -> Duration {
        Duration::try_from_secs_f64(self.state().time(now)).unwrap_or_default()
    }

    /// How long a request has to wait.
    pub(super) fn wait(&self, class: Class, now: Timestamp) -> Duration {
        let mut state = self.state();
        let now = state.time(now);
        state.read(now);
        let wait = state.paces[class as usize].wait(now);
        Duration::try_from_secs_f64(wait).unwrap_or(Duration::MAX)
    }

    /// Takes note that so much time was waited, also where the clock does not tell.
    pub(super) fn waited(&self, since: Timestamp, wait: Duration, now: Timestamp) {
        let mut state = self.state();
        let slept = seconds(now) - seconds(since);
        state.ahead += (wait.as_secs_f64() - slept).max(0.0);
        state.time(now);
    }

    /// Lets a request through, if it has not to wait.
    pub(super) fn take(&self, class: Class, now: Timestamp) -> Option<Sent<'_>> {
        let mut state = self.state();
        let now = state.time(now);
        let pace = &mut state.paces[class as usize];
        (pace.wait(now) <= 0.0).then(|| {
            pace.take(now);
            Sent { throttle: self, class, at: Some(now) }
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that was let through. Where nothing is learned from it, since its future was dropped or no answer came, that
/// is noted at its end.
#[derive(Debug)]
pub(super) struct Sent<'a> {
    throttle: &'a Throttle,
    class: Class,
    at: Option<f64>,
}

impl Sent<'_> {
    /// Learns from the answer.
    pub(super) fn learn<T>(mut self, answer: &Result<T, Error>, now: Timestamp) {
        let told = answer.as_ref().err().map(|error| (error.kind(), error.retry_after()));
        let (refused, asked) = match told {
            Some((ErrorKind::RateLimited, asked) | (ErrorKind::Unavailable, asked @ Some(_))) => (true, asked),
            // No answer says nothing.
            Some((ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Cancelled, _)) => return,
            _ => (false, None),
        };
        let Some(sent) = self.at.take() else { return };
        let mut state = self.throttle.state();
        let (wall, now) = (now, state.time(now));
        let pace = &mut state.paces[self.class as usize];
        if !refused {
            pace.taken(now, sent);
        } else if pace.refused(now, sent, asked.map(|asked| asked.as_secs_f64())) {
            state.write(wall);
        }
    }
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        if let Some(sent) = self.at.take() {
            self.throttle.state().paces[self.class as usize].lost(sent);
        }
    }
}

impl State {
    /// The time in seconds; it does not go back when the clock does.
    fn time(&mut self, now: Timestamp) -> f64 {
        let time = seconds(now) + self.ahead;
        self.ahead += (self.latest - time).max(0.0);
        self.latest = self.latest.max(time);
        self.latest
    }

    fn read(&mut self, now: f64) {
        let news = self.file.as_mut().and_then(|file| file.read(now - self.ahead));
        self.adopt(news, now);
    }

    fn adopt(&mut self, news: Option<Vec<Learned>>, now: f64) {
        for (pace, learned) in self.paces.iter_mut().zip(news.into_iter().flatten()) {
            pace.adopt(learned.later(self.ahead), now);
        }
    }

    /// Writes what was learned, by others too since the file was last looked at.
    fn write(&mut self, now: Timestamp) {
        let news = self.file.as_mut().and_then(|file| file.news(seconds(now)));
        self.adopt(news, self.latest);
        let learned = self.paces.each_ref().map(|pace| pace.learned().later(-self.ahead));
        if let Some(file) = &mut self.file {
            file.write(seconds(now), learned);
        }
    }
}

fn seconds(time: Timestamp) -> f64 {
    time.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64()
}

#[cfg(test)]
mod tests;
