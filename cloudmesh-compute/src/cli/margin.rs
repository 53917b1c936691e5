//! The terminal that progress is drawn on.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::TermLike;

/// What a terminal shows when Ctrl-C is pressed.
const ECHO: &str = "^C";

/// stderr, with room at the end of each line for `^C`. Without it that would begin a line of its own, and what is
/// cleared afterwards would be one line too few.
///
/// A line comes in two parts, its text and the blanks that fill it. As these end before the terminal does, the next line
/// would not begin by itself.
#[derive(Debug, Default)]
pub(super) struct Margin {
    /// Whether the line that was written last has been filled.
    filled: AtomicBool,
    /// Whether the last part was a text, which blanks follow.
    begun: AtomicBool,
}

impl Margin {
    /// Takes note of a part, and tells whether it begins another line beneath the last one.
    fn begins_beneath(&self, part: &str) -> bool {
        let is_blank = part.chars().all(|sign| sign == ' ');
        let fills = is_blank && self.begun.swap(false, Ordering::Relaxed);
        let beneath = self.filled.swap(fills, Ordering::Relaxed) && part != "\r";
        self.begun.store(!is_blank && part != "\r", Ordering::Relaxed);
        beneath
    }
}

fn send(text: &str) -> io::Result<()> {
    io::stderr().lock().write_all(text.as_bytes())
}

fn step(count: usize, way: char) -> io::Result<()> {
    if count == 0 { Ok(()) } else { send(&format!("\x1b[{count}{way}")) }
}

fn size() -> (u16, u16) {
    terminal_size::terminal_size_of(io::stderr()).map_or((80, 24), |(width, height)| (width.0, height.0))
}

impl TermLike for Margin {
    fn width(&self) -> u16 {
        let echo = u16::try_from(ECHO.len()).unwrap_or_default();
        size().0.saturating_sub(echo).max(1)
    }

    fn height(&self) -> u16 {
        size().1
    }

    fn move_cursor_up(&self, count: usize) -> io::Result<()> {
        step(count, 'A')
    }

    fn move_cursor_down(&self, count: usize) -> io::Result<()> {
        step(count, 'B')
    }

    fn move_cursor_right(&self, count: usize) -> io::Result<()> {
        step(count, 'C')
    }

    fn move_cursor_left(&self, count: usize) -> io::Result<()> {
        step(count, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        send(&format!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        if self.begins_beneath(text) {
            send("\n")?;
        }
        send(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.filled.store(false, Ordering::Relaxed);
        send("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::Margin;

    #[test]
    fn each_line_after_the_first_begins_beneath_the_one_before() {
        let margin = Margin::default();
        let parts =
            [("\r", false), ("one", false), ("  ", false), ("two", true), ("", false), ("three", true), (" ", false)];
        for round in 0..2 {
            for (part, beneath) in parts {
                assert_eq!(margin.begins_beneath(part), beneath, "{part:?} in round {round}");
            }
        }
    }
}
