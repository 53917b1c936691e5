//! Progress, on a terminal only.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::tame;
use crate::{Node, NodeId, NodeState};

/// A line on stderr that says how many nodes are in which state; nothing where stderr is no terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    states: Mutex<BTreeMap<NodeId, NodeState>>,
}

impl Progress {
    /// Begins a line, such as `boot 3`.
    pub(crate) fn new(what: &str, quiet: bool) -> Self {
        let shown = !quiet && io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_prefix(tame(what).into_owned());
        if shown {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, states: Mutex::default() }
    }

    /// Takes note of a node's state.
    pub(crate) fn see(&self, node: &Node) {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.insert(node.id.clone(), node.status);
        let mut counts = BTreeMap::<NodeState, usize>::new();
        for state in states.values() {
            *counts.entry(*state).or_default() += 1;
        }
        let told: Vec<String> = counts.iter().map(|(state, count)| format!("{count} {state}")).collect();
        self.bar.set_message(told.join(", "));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
