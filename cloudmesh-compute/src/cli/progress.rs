//! Progress, on a terminal only.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::margin::Margin;
use super::output::tame;
use crate::{Goal, Node, NodeId, NodeState};

/// How often a line is drawn while nothing happens.
const TICK: Duration = Duration::from_millis(120);
/// A line before it is known how many nodes there are.
const SPINNER: &str = "{spinner} {prefix} {elapsed}";
/// A line of a cloud. The message is cut where the terminal ends.
const BAR: &str = "{prefix} {bar:16} {elapsed:>3}  {wide_msg}";

/// The lines on the screen, if there are any.
static LINES: Mutex<Option<MultiProgress>> = Mutex::new(None);

/// Lines on stderr, one a cloud, that say how many nodes are in which state; nothing where stderr is no terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    what: String,
    lines: MultiProgress,
    shown: bool,
    clouds: Mutex<BTreeMap<String, Cloud>>,
    /// Before any cloud is at work.
    first: ProgressBar,
}

/// A cloud's line.
#[derive(Debug)]
struct Cloud {
    line: ProgressBar,
    goal: Goal,
    total: usize,
    states: BTreeMap<NodeId, NodeState>,
}

impl Progress {
    /// Begins a line, such as `boot 3`.
    pub(crate) fn new(what: &str, quiet: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let shown = !quiet && !dumb && io::stderr().is_terminal();
        let target = if shown {
            ProgressDrawTarget::term_like(Box::new(Margin::default()))
        } else {
            ProgressDrawTarget::hidden()
        };
        let lines = MultiProgress::with_draw_target(target);
        let progress = Self {
            what: tame(what).into_owned(),
            first: line(&lines, ProgressBar::no_length(), SPINNER, what, shown),
            lines,
            shown,
            clouds: Mutex::default(),
        };
        if shown {
            *LINES.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress.lines.clone());
        }
        progress
    }

    /// Takes note of how many nodes of a cloud are to get somewhere.
    pub(crate) fn aim(&self, cloud: &str, total: usize, goal: Goal) {
        self.first.finish_and_clear();
        let bar = ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX));
        let line = line(&self.lines, bar, BAR, &format!("{} · {cloud}", self.what), self.shown);
        let cloud_line = Cloud { line, goal, total, states: BTreeMap::new() };
        cloud_line.tell();
        self.clouds.lock().unwrap_or_else(PoisonError::into_inner).insert(cloud.to_owned(), cloud_line);
    }

    /// Takes note of a node's state.
    pub(crate) fn see(&self, node: &Node) {
        let mut clouds = self.clouds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cloud) = clouds.get_mut(&node.cloud) {
            cloud.states.insert(node.id.clone(), node.status);
            cloud.tell();
        }
    }
}

impl Cloud {
    fn tell(&self) {
        let there = self.states.values().filter(|state| is_there(self.goal, **state)).count();
        let mut counts = BTreeMap::<NodeState, usize>::new();
        for state in self.states.values().filter(|state| !is_there(self.goal, **state)) {
            *counts.entry(*state).or_default() += 1;
        }
        let mut told = vec![format!("{there}/{} {}", self.total, self.goal)];
        told.extend(counts.iter().map(|(state, count)| format!("{count} {state}")));
        self.line.set_position(u64::try_from(there).unwrap_or(u64::MAX));
        self.line.set_message(told.join(", "));
    }
}

/// Whether a state is the goal.
fn is_there(goal: Goal, state: NodeState) -> bool {
    matches!(
        (goal, state),
        (Goal::Running, NodeState::Running)
            | (Goal::Stopped, NodeState::Stopped)
            | (Goal::Suspended, NodeState::Suspended)
            | (Goal::Gone, NodeState::Deleted)
    )
}

/// Adds a line.
fn line(lines: &MultiProgress, bar: ProgressBar, template: &str, prefix: &str, shown: bool) -> ProgressBar {
    let bar = lines.add(bar);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("█▌░"));
    }
    bar.set_prefix(tame(prefix).into_owned());
    if shown {
        bar.enable_steady_tick(TICK);
    }
    bar
}

/// Writes beside the lines, which come again below.
pub(super) fn aside<T>(write: impl FnOnce() -> T) -> T {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match lines {
        Some(lines) => lines.suspend(write),
        None => write(),
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.first.finish_and_clear();
        for cloud in self.clouds.lock().unwrap_or_else(PoisonError::into_inner).values() {
            cloud.line.finish_and_clear();
        }
        _ = self.lines.clear();
        *LINES.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
