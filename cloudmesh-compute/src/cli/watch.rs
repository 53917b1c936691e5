//! `--watch`: the same again and again, until the user has seen enough.

use std::process::ExitCode;
use std::time::Duration;

use clap::{ArgMatches, FromArgMatches};
use tokio::time::{MissedTickBehavior, interval};

use super::arguments::Object;
use super::exit;
use super::output::{self, Screen, tame};
use super::{Session, once};
use crate::{Error, ErrorKind, Result};

/// What would not mend itself.
const FINAL: [ErrorKind; 2] = [ErrorKind::Config, ErrorKind::Unauthenticated];

/// Runs a command in rounds, the next one when the time has come and the last one has ended.
///
/// What goes wrong in a round is shown, and watching goes on. A mistake of the user, and a sign-in that fails, would not
/// mend themselves: they end it.
///
/// # Errors
///
/// Those that end it.
pub(super) async fn rounds(session: &Session, words: &ArgMatches, every: Duration) -> Result<ExitCode> {
    let screen = Screen::open();
    let mut times = interval(every);
    // A slow answer puts off the next question.
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 1.. {
        times.tick().await;
        if number > 1 {
            output::part(session.format())?;
        }
        screen.begin(number, &title(every));
        let object = Object::from_arg_matches(words).map_err(misread)?;
        let code = match once(session, object).await {
            Err(error) if is_final(exit::code(error.kind())) => return Err(error),
            Err(error) => session.fail(&error),
            Ok(code) => code,
        };
        if output::is_unheard() {
            return Ok(ExitCode::SUCCESS);
        }
        if FINAL.into_iter().any(|kind| code == ExitCode::from(exit::code(kind))) {
            screen.close()?;
            return Ok(code);
        }
        screen.show();
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether the next round would end the same way.
fn is_final(code: u8) -> bool {
    FINAL.map(exit::code).contains(&code)
}

/// The line above a frame.
fn title(every: Duration) -> String {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let now = jiff::Timestamp::now().strftime("%H:%M:%SZ");
    let title = format!("cms {} · every {every:?} · {now} · Ctrl-C ends", words.join(" "));
    tame(&title).into_owned()
}

/// It was read before: this cannot happen.
fn misread(error: clap::Error) -> Error {
    Error::new(ErrorKind::Unexpected, "cannot read the arguments again").with_source(error)
}
