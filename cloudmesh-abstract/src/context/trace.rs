//! Seeing every attempt of every request.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Effect;
use crate::{Error, ErrorKind};

/// One attempt of one wire request.
#[derive(Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The name of the cloud.
    pub cloud: &'a str,
    /// The request in one line, without secrets.
    pub request: &'a str,
    /// What it does to the cloud.
    pub effect: Effect,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// How long it took, without waiting for its turn.
    pub took: Duration,
    /// How it ended.
    pub outcome: Result<(), &'a Error>,
}

/// Who is told of every attempt, at its end.
pub trait Trace: Debug + Send + Sync {
    /// Takes note of an attempt.
    fn record(&self, event: &Event<'_>);

    /// Takes note of something that the user should know although nothing failed, such as `insecure`: one sentence,
    /// without secrets, at most once for each connection to a cloud.
    fn warn(&self, cloud: &str, sentence: &str) {
        let _ = (cloud, sentence);
    }

    /// Takes note that a request was held back, before it is sent.
    fn hold_back(&self, held: &HeldBack<'_>) {
        let _ = held;
    }
}

/// A request that waited for its turn, since the cloud refuses more of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct HeldBack<'a> {
    /// The name of the cloud.
    pub cloud: &'a str,
    /// The request in one line, without secrets.
    pub request: &'a str,
    /// How long it waited.
    pub waited: Duration,
}

/// Takes no note.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Trace for Silent {
    fn record(&self, _: &Event<'_>) {}
}

/// What a [`Recorder`] keeps of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The request in one line.
    pub request: String,
    /// What it does to the cloud.
    pub effect: Effect,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// The kind of its error, if it failed.
    pub error: Option<ErrorKind>,
}

/// Keeps note of every attempt, for tests and for showing them later.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Vec<Outcome>>, Mutex<Vec<String>>);

impl Recorder {
    /// What was noted so far; the notes are kept.
    pub fn outcomes(&self) -> Vec<Outcome> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was noted so far; the notes are cleared.
    pub fn take(&self) -> Vec<Outcome> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the user should know, as far as it was told.
    pub fn warnings(&self) -> Vec<String> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Trace for Recorder {
    fn record(&self, event: &Event<'_>) {
        let outcome = Outcome {
            request: event.request.to_owned(),
            effect: event.effect,
            attempt: event.attempt,
            error: event.outcome.err().map(Error::kind),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
    }

    fn warn(&self, _: &str, sentence: &str) {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).push(sentence.to_owned());
    }
}
