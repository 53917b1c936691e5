//! What an interrupted boot has asked for and what has not come yet.
//!
//! A request that was under way when its process was killed can reach the cloud a moment after the next run looked.
//! Which moment its last try was sent in nobody knows: it may have been repeated for minutes. So whatever was asked for
//! within those minutes and is not there is looked for a few seconds longer, from now on.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::cli::Session;
use crate::state::Left;
use crate::work::names;
use crate::{Provider, Result};

/// How long after it was asked for the last request for a machine may be sent.
const REPEATED: SignedDuration = SignedDuration::from_mins(10);
/// How long a request may be on its way that nobody waits for any more.
const ON_ITS_WAY: Duration = Duration::from_secs(3);
/// How long to wait between two looks.
const BETWEEN: Duration = Duration::from_millis(500);

/// Whether what was left may still come.
pub(super) fn may_come(left: &Left) -> bool {
    left.asked.is_some_and(|asked| Timestamp::now().duration_since(asked).abs() < REPEATED)
}

/// Looks that are repeated until what was asked for must have come.
pub(super) struct Looks {
    waited: Duration,
}

impl Looks {
    pub(super) fn new() -> Self {
        Self { waited: Duration::ZERO }
    }

    /// Waits for the next look; whether there is to be one. The first time it says what for.
    pub(super) async fn next(&mut self, session: &Session, provider: &Provider, missing: &[String]) -> Result<bool> {
        if self.waited >= ON_ITS_WAY {
            return Ok(false);
        }
        if self.waited.is_zero() {
            session.note(&format!("looking for what an interrupted boot asked for: {}", names(missing)));
        }
        provider.context().clock().sleep(BETWEEN).await;
        self.waited += BETWEEN;
        Ok(true)
    }
}
