//! Colour: on terminals only, for stdout and stderr each by itself.

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::NodeState;

/// Shows no colour from now on, as `--no-color` says.
pub(crate) fn without_colour() {
    ColorChoice::Never.write_global();
}

/// Whether stdout is to be coloured: it is a terminal that can, and neither `--no-color` nor `NO_COLOR` forbids it.
pub(super) fn is_colourful() -> bool {
    AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
}

/// How a state looks.
pub(super) fn style(state: NodeState) -> Style {
    let colour = match state {
        NodeState::Running => AnsiColor::Green,
        NodeState::Error => AnsiColor::Red,
        NodeState::Stopped | NodeState::Suspended | NodeState::Deleted => AnsiColor::BrightBlack,
        NodeState::Unknown => AnsiColor::Magenta,
        _ => AnsiColor::Yellow,
    };
    colour.on_default()
}

/// A word in red, where stderr is a terminal.
pub(crate) fn red(word: &str) -> String {
    let style = AnsiColor::Red.on_default().bold();
    format!("{style}{word}{style:#}")
}

/// A remark that steps back, where stderr is a terminal.
pub(crate) fn dim(remark: &str) -> String {
    let style = Style::new().dimmed();
    format!("{style}{remark}{style:#}")
}
