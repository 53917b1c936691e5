//! The other end of the wire: what a cloud keeps, and how it answers.

mod account;
mod addresses;
mod groups;
mod machine;
mod nodes;
mod route;
mod shelves;
mod state;
mod troubles;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use self::state::State;
use self::troubles::Fate;
use super::wire::{Answer, Ask};
use crate::conformance::Seen;
use crate::{Error, ErrorKind, Result};

/// A world in which the cloud in memory keeps its nodes. Clones are the same world.
///
/// It implements [`Troubles`](crate::conformance::Troubles), to let things go wrong and to see what arrived.
#[derive(Clone)]
pub struct World(Arc<Shared>);

struct Shared {
    name: String,
    state: Mutex<State>,
}

/// The worlds that have a name.
static NAMED: LazyLock<Mutex<HashMap<String, World>>> = LazyLock::new(Mutex::default);

impl World {
    /// A world that nobody else knows.
    pub fn new() -> Self {
        Self::called(format!("world-{}", uuid::Uuid::new_v4().simple()))
    }

    /// The world of this name; it is made when it is asked for first.
    pub fn named(name: &str) -> Self {
        let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        named.entry(name.to_owned()).or_insert_with(|| Self::called(name.to_owned())).clone()
    }

    /// Ends the world of this name for all who ask for it from now on.
    pub fn forget(name: &str) {
        NAMED.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    fn called(name: String) -> Self {
        Self(Arc::new(Shared { name, state: Mutex::new(State::new()) }))
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Sets how long a change of state takes from now on.
    pub fn set_pace(&self, pace: Duration) {
        self.state().pace = pace;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request over the wire, with all that may befall it there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unavailable`] when the connection is cut.
    pub(in crate::memory) async fn exchange(&self, ask: Ask, now: Timestamp) -> Result<Answer> {
        tokio::task::yield_now().await;
        let (fate, slow) = self.state().fate_of(&ask);
        if !slow.is_zero() {
            tokio::time::sleep(slow).await;
        }
        match fate {
            Fate::Silence => {
                self.note(&ask, None);
                std::future::pending().await
            }
            Fate::CutBefore => {
                self.note(&ask, None);
                Err(cut(&ask))
            }
            Fate::CutAfter => {
                _ = self.state().answer(&ask, now);
                self.note(&ask, None);
                Err(cut(&ask))
            }
            Fate::Told(told) => Ok(self.noted(&ask, told)),
            Fate::None => {
                let answer = self.state().answer(&ask, now);
                Ok(self.noted(&ask, answer))
            }
        }
    }

    fn noted(&self, ask: &Ask, answer: Answer) -> Answer {
        self.note(ask, Some(answer.status));
        answer
    }

    fn note(&self, ask: &Ask, status: Option<u16>) {
        self.state().log.push(Seen::new(route::operation(ask), ask.line(), status));
    }
}

fn cut(ask: &Ask) -> Error {
    Error::new(ErrorKind::Unavailable, format!("the connection was cut before `{}` was answered", ask.line()))
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("World").field(&self.0.name).finish()
    }
}
