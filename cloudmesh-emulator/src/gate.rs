//! A gate that stops everything at one request, until it is told how to go on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cloudmesh_abstract::conformance::On;
use tokio::sync::watch;

use crate::Emulator;
use crate::face::Purpose;
use crate::troubles::concerns;

/// Where a held request stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It has arrived, and nothing of it has taken effect.
    Before,
    /// It has taken effect, and its answer has not left.
    After,
}

/// What became of a held request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    Waiting,
    Goes,
    Falls,
}

/// The gate of an emulator; open unless a [`Held`] closes it.
#[derive(Debug, Default)]
pub(crate) struct Gate(Mutex<Option<Arc<Bar>>>);

/// What closes a gate.
#[derive(Debug)]
struct Bar {
    on: On,
    when: When,
    state: Mutex<State>,
    fate: watch::Sender<Fate>,
}

#[derive(Debug)]
struct State {
    /// How many requests come before the one that is held.
    left: usize,
    /// Whether those that come later pass by.
    passing: bool,
    /// How many requests had to wait.
    held: usize,
}

impl Bar {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request, and tells where it stops.
    fn stops(&self, purpose: Purpose) -> Option<When> {
        let mut state = self.state();
        let when = self.judge(&mut state, purpose)?;
        state.held += 1;
        Some(when)
    }

    fn judge(&self, state: &mut State, purpose: Purpose) -> Option<When> {
        match *self.fate.borrow() {
            Fate::Open => {}
            // Whatever comes behind the held one waits with it.
            Fate::Waiting if !state.passing => return Some(When::Before),
            _ => return None,
        }
        if !concerns(self.on, purpose) {
            return None;
        }
        if state.left > 1 {
            state.left -= 1;
            return None;
        }
        // Whoever opens the gate at this moment comes first.
        let stops = self.fate.send_if_modified(|fate| {
            let open = *fate == Fate::Open;
            if open {
                *fate = Fate::Waiting;
            }
            open
        });
        stops.then_some(self.when)
    }
}

/// A request that must wait at the gate.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) when: When,
    bar: Arc<Bar>,
}

impl Ticket {
    /// Waits; whether the request may go on.
    pub(crate) async fn is_let_through(&self) -> bool {
        let mut fate = self.bar.fate.subscribe();
        let told = fate.wait_for(|fate| matches!(fate, Fate::Goes | Fate::Falls)).await;
        told.is_ok_and(|fate| *fate == Fate::Goes)
    }
}

impl Gate {
    fn bar(&self) -> MutexGuard<'_, Option<Arc<Bar>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether some request may have to wait: one that does outlives its connection.
    pub(crate) fn is_closed(&self) -> bool {
        self.bar().is_some()
    }

    /// Counts a request that has arrived, and tells whether it must wait.
    pub(crate) fn arrived(&self, purpose: Purpose) -> Option<Ticket> {
        let bar = self.bar().clone()?;
        let when = bar.stops(purpose)?;
        Some(Ticket { when, bar })
    }
}

/// A request that is or will be held, and all behind it. Dropping it lets them go on.
///
/// A held request lives on when its client goes away, as one does that is in a queue or on the wire: it is for
/// [`release`](Self::release) and [`discard`](Self::discard) to say what becomes of it.
#[derive(Debug)]
pub struct Held {
    bar: Arc<Bar>,
}

impl Emulator {
    /// Stops at the `nth` request from now on that `on` is about: it is held before or after its effect, and whatever
    /// arrives behind it is held before its effect. A later call takes the place of an earlier one.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use cloudmesh_abstract::conformance::On;
    /// use cloudmesh_emulator::{Emulator, When};
    ///
    /// let emulator = Emulator::start().await?;
    /// let held = emulator.hold(On::Changes, 3, When::After);
    /// assert!(!held.is_reached());
    /// held.release();
    /// # Ok::<(), cloudmesh_abstract::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn hold(&self, on: On, nth: usize, when: When) -> Held {
        let state = Mutex::new(State { left: nth, passing: false, held: 0 });
        let bar = Arc::new(Bar { on, when, state, fate: watch::Sender::new(Fate::Open) });
        *self.server.gate.bar() = Some(Arc::clone(&bar));
        Held { bar }
    }
}

impl Held {
    /// Whether the request has arrived at the place where it is held.
    pub fn is_reached(&self) -> bool {
        *self.bar.fate.borrow() != Fate::Open
    }

    /// How many requests had to wait up to now: the one that is held, and those behind it.
    pub fn count(&self) -> usize {
        self.bar.state().held
    }

    /// Waits until the request has arrived at the place where it is held.
    pub async fn reached(&self) {
        // It cannot fail: the sender lives as long as this.
        let _ = self.bar.fate.subscribe().wait_for(|fate| *fate != Fate::Open).await;
    }

    /// Lets later requests pass by those that are held.
    pub fn let_others_pass(&self) {
        self.bar.state().passing = true;
    }

    /// Lets what is held go on: it takes effect, whether its client is still there or not.
    pub fn release(&self) {
        self.let_go(Fate::Goes);
    }

    /// Lets what is held fall: what had no effect has none, and the connections are cut.
    pub fn discard(&self) {
        self.let_go(Fate::Falls);
    }

    /// Opens the gate; only the first word counts.
    fn let_go(&self, to: Fate) {
        self.bar.fate.send_if_modified(|fate| {
            let held = matches!(fate, Fate::Open | Fate::Waiting);
            if held {
                *fate = to;
            }
            held
        });
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.release();
    }
}
