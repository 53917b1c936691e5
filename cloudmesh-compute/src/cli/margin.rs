//! The terminal that progress is drawn on.

use std::io::{self, Write};

use indicatif::TermLike;

/// What a terminal shows when Ctrl-C is pressed.
const ECHO: &str = "^C";

/// stderr, with room at the end of each line for `^C`. Without it that would begin a line of its own, and what is
/// cleared afterwards would be one line too few.
#[derive(Debug)]
pub(super) struct Margin;

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
        send(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        send("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}
