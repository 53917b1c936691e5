//! What time it is in a world.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// The clock of a world: the real one, or one that stands still until it is put forward.
///
/// ```
/// use std::time::Duration;
///
/// let clock = cloudmesh_emulator::Clock::still();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now().duration_since(before).as_secs(), 60);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<Mutex<Timestamp>>>);

impl Clock {
    /// A clock that runs by itself.
    pub fn running() -> Self {
        Self(None)
    }

    /// A clock that stands still at the present time. Its clones move with it.
    pub fn still() -> Self {
        Self(Some(Arc::new(Mutex::new(Timestamp::now()))))
    }

    /// The time on this clock.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp::now(),
            Some(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Puts a clock that stands still forward. A running one is left alone.
    pub fn advance(&self, by: Duration) {
        if let Some(time) = &self.0 {
            let mut time = time.lock().unwrap_or_else(PoisonError::into_inner);
            *time = later(*time, by);
        }
    }
}

/// The moment so much later; the last moment there is when that is out of range.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
