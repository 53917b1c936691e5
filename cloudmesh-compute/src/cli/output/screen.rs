//! What `--watch` shows: on a terminal one frame after the other in the same place, elsewhere one result after the other.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};

use crate::Result;

/// Another screen, long lines end at its edge, no cursor.
const OPEN: &str = "\x1b[?1049h\x1b[?7l\x1b[?25l";
const CLOSE: &str = "\x1b[?25h\x1b[?7h\x1b[?1049l";

/// The round that is being printed, if anything is watched.
static ROUND: Mutex<Option<Round>> = Mutex::new(None);

#[derive(Debug, Default)]
struct Round {
    number: u64,
    /// What has been printed of it; `None` where nothing is redrawn.
    frame: Option<String>,
}

/// A place for rounds. A terminal is as it was before once this is gone.
#[derive(Debug)]
pub(crate) struct Screen {
    redraws: bool,
}

impl Screen {
    /// Begins; on a terminal with a screen of its own.
    pub(crate) fn open() -> Self {
        let redraws = io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        if redraws {
            write(OPEN);
        }
        Self { redraws }
    }

    /// Begins the next round. What is printed from now on belongs to it.
    pub(crate) fn begin(&self, number: u64, title: &str) {
        let frame = self.redraws.then(|| format!("{title}\n\n"));
        *round() = Some(Round { number, frame });
    }

    /// Shows what has been printed of the round.
    pub(crate) fn show(&self) {
        if !self.redraws {
            return;
        }
        let frame = round().as_mut().and_then(|round| round.frame.take());
        if let Some(frame) = frame {
            let height =
                terminal_size::terminal_size_of(io::stdout()).map_or(usize::MAX, |(_, height)| height.0.into());
            write(&drawn(&frame, height));
        }
    }

    /// Ends, and leaves the last round on the usual screen.
    pub(crate) fn close(self) -> Result<()> {
        let last = round().as_mut().and_then(|round| round.frame.take());
        drop(self);
        last.map_or(Ok(()), |last| super::print(&last))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        *round() = None;
        if self.redraws {
            write(CLOSE);
        }
    }
}

/// A frame as a terminal of this height takes it, over the one before.
fn drawn(frame: &str, height: usize) -> String {
    let lines: Vec<&str> = frame.lines().collect();
    let room = height.saturating_sub(1).max(1);
    let (shown, rest) = if lines.len() > room { (room - 1, lines.len() - room + 1) } else { (lines.len(), 0) };
    let mut text = "\x1b[H".to_owned();
    for line in &lines[..shown] {
        text += line;
        text += "\x1b[K\r\n";
    }
    if rest > 0 {
        _ = write!(text, "… and {rest} lines more\x1b[K\r\n");
    }
    text + "\x1b[J"
}

/// The number of the round, if anything is watched.
pub(super) fn number() -> Option<u64> {
    round().as_ref().map(|round| round.number)
}

/// Takes what would be printed on stdout, if it belongs to a frame.
pub(super) fn take(text: &str) -> bool {
    let mut round = round();
    let frame = round.as_mut().and_then(|round| round.frame.as_mut());
    frame.map(|frame| frame.push_str(text)).is_some()
}

/// Takes a line that would be said on the terminal, if it belongs to a frame.
pub(super) fn take_said(line: &str) -> bool {
    let plain = AutoStream::choice(&io::stderr()) == ColorChoice::Never;
    let text = if plain { strip_str(line).to_string() } else { line.to_owned() };
    io::stderr().is_terminal() && take(&(text + "\n"))
}

fn round() -> std::sync::MutexGuard<'static, Option<Round>> {
    ROUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What cannot be drawn is drawn with the next round.
fn write(text: &str) {
    let mut out = io::stdout().lock();
    _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn a_frame_covers_the_one_before_and_never_scrolls() {
        assert_eq!(drawn("a\nb\n", 24), "\x1b[Ha\x1b[K\r\nb\x1b[K\r\n\x1b[J");
        let long = "line\n".repeat(30);
        let drawn = drawn(&long, 10);
        assert_eq!(drawn.matches("\r\n").count(), 9);
        assert!(drawn.contains("… and 22 lines more"), "{drawn}");
    }
}
