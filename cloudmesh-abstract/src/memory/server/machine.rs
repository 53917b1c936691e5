//! A machine and its states.

use std::fmt;

use jiff::Timestamp;

use super::state::{No, no};
use crate::memory::wire::Machine;

/// The states of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Building,
    Starting,
    Up,
    Stopping,
    Down,
    Freezing,
    Frozen,
    Restarting,
    Removing,
    Broken,
    Gone,
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// A machine, and where it is on its way.
#[derive(Debug, Clone)]
pub(super) struct Vm {
    pub(super) record: Machine,
    pub(super) word: Word,
    pub(super) due: Option<(Timestamp, Word)>,
    /// How many requests about it are still told that it does not exist.
    pub(super) hidden: usize,
}

impl Vm {
    /// Takes it to where it is at this time; false when it is gone.
    pub(super) fn live_until(&mut self, now: Timestamp) -> bool {
        if let Some((_, word)) = self.due.take_if(|(when, _)| *when <= now) {
            self.set(word);
        }
        self.word != Word::Gone
    }

    pub(super) fn set(&mut self, word: Word) {
        self.word = word;
        self.record.state = word.to_string();
    }

    /// Begins a change of state that ends at `when`.
    pub(super) fn change(&mut self, through: Word, when: Timestamp, to: Word) {
        self.set(through);
        self.due = Some((when, to));
    }

    /// Does what is asked, or says why not.
    pub(super) fn act(&mut self, action: &str, when: Timestamp) -> Result<(), No> {
        use Word::{Down, Freezing, Frozen, Restarting, Starting, Stopping, Up};
        let (through, to) = match (action, self.word) {
            ("start" | "thaw", Up | Starting) => return Err(already("alreadyUp")),
            ("stop", Down | Stopping) => return Err(already("alreadyDown")),
            ("freeze", Frozen | Freezing) => return Err(already("alreadyFrozen")),
            ("start", Down) | ("thaw", Frozen) => (Starting, Up),
            ("stop", Up | Starting | Restarting) => (Stopping, Down),
            ("freeze", Up) => (Freezing, Frozen),
            ("reboot" | "reset", Up) => (Restarting, Up),
            ("start" | "thaw" | "stop" | "freeze" | "reboot" | "reset", word) => return Err(unfit(action, word)),
            _ => return Err(no(404, "noSuchAction", format!("there is no action `{action}`"))),
        };
        self.change(through, when, to);
        Ok(())
    }

    /// Changes the size, by way of a restart if it runs.
    pub(super) fn resize(&mut self, flavor: String, when: Timestamp) -> Result<(), No> {
        match self.word {
            Word::Up => self.change(Word::Restarting, when, Word::Up),
            Word::Down => {}
            word => return Err(unfit("resize", word)),
        }
        self.record.flavor = flavor;
        Ok(())
    }
}

fn already(code: &str) -> No {
    no(409, code, "it is there already")
}

fn unfit(action: &str, word: Word) -> No {
    no(409, "wrongState", format!("cannot {action} a machine that is {word}"))
}
