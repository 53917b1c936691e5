//! What goes wrong on the wire, and in the cloud.

use std::time::Duration;

use super::state::{State, no};
use super::{World, route};
use crate::conformance::{Disturbance, On, Seen, Trouble, Troubles};
use crate::memory::wire::{Answer, Ask};
use crate::{NodeId, Operation};

/// A disturbance that has begun.
#[derive(Debug)]
pub(super) struct Ongoing {
    disturbance: Disturbance,
    met: usize,
    hits: usize,
}

/// What becomes of a request.
pub(super) enum Fate {
    None,
    Silence,
    CutBefore,
    CutAfter,
    Told(Answer),
}

/// What becomes of a new machine.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Luck {
    pub(super) hidden: usize,
    pub(super) breaks: bool,
}

impl Ongoing {
    /// Whether it hits this request.
    fn hits(&mut self, ask: &Ask) -> bool {
        let spent = self.disturbance.times.is_some_and(|times| self.hits >= times);
        if spent || !concerns(&self.disturbance, ask) {
            return false;
        }
        self.met += 1;
        let hit = self.met.is_multiple_of(self.disturbance.every);
        self.hits += usize::from(hit);
        hit
    }
}

fn concerns(disturbance: &Disturbance, ask: &Ask) -> bool {
    let (signs_in, reads) = (route::is_sign_in(ask), ask.method == "GET");
    let makes = ask.method == "POST" && matches!(ask.path.as_str(), "/nodes" | "/addresses" | "/keys" | "/groups");
    let possible = match disturbance.trouble {
        Trouble::Quota => makes,
        Trouble::Capacity | Trouble::NotYet(_) => makes && ask.path == "/nodes",
        _ => true,
    };
    possible
        && match disturbance.on {
            On::Any => true,
            On::SignIn => signs_in,
            On::Reads => reads,
            On::Changes => !reads && !signs_in,
            On::Operation(operation) => route::operation(ask) == Some(operation),
        }
}

impl State {
    /// What becomes of a request, and how long it takes on the way.
    pub(super) fn fate_of(&mut self, ask: &Ask) -> (Fate, Duration) {
        let hits = self.troubles.iter_mut().filter_map(|ongoing| {
            let hit = ongoing.hits(ask);
            hit.then(|| ongoing.disturbance.trouble.clone())
        });
        let (mut fate, mut slow) = (Fate::None, Duration::ZERO);
        if route::operation(ask) == Some(Operation::Create) {
            self.luck = Luck::default();
        }
        for trouble in hits.collect::<Vec<_>>() {
            match trouble {
                Trouble::Slow(time) => slow += time,
                Trouble::TokenExpired => self.tickets.clear(),
                Trouble::NotYet(requests) => self.luck.hidden = requests,
                Trouble::Capacity => self.luck.breaks = true,
                other => fate = self.terminal(&other),
            }
        }
        (fate, slow)
    }

    fn terminal(&mut self, trouble: &Trouble) -> Fate {
        match trouble {
            Trouble::Silence => Fate::Silence,
            Trouble::CutBefore => Fate::CutBefore,
            Trouble::CutAfter => Fate::CutAfter,
            Trouble::Throttled { retry_after } => {
                let told = self.pack(Err(no(429, "slowDown", "too many requests")));
                Fate::Told(Answer { retry_after: retry_after.map(|wait| wait.as_secs()), ..told })
            }
            Trouble::Unavailable => Fate::Told(self.pack(Err(no(503, "overloaded", "the cloud is overloaded")))),
            Trouble::Quota => Fate::Told(self.pack(Err(no(403, "quotaUsedUp", "the quota of nodes is used up")))),
            Trouble::Html => self.text("<!DOCTYPE html><html><body>Welcome to the hotel's network</body></html>"),
            Trouble::Garbage => self.text("{\"weather\": \"fine\"}"),
            Trouble::Empty => self.text(""),
            _ => Fate::None,
        }
    }

    fn text(&mut self, text: &str) -> Fate {
        let told = self.pack(Ok(serde_json::Value::Null));
        Fate::Told(Answer { text: text.to_owned(), ..told })
    }

    /// What becomes of the machine that is being made; it is used up by one.
    pub(super) fn luck_of_a_new_node(&mut self) -> Luck {
        std::mem::take(&mut self.luck)
    }
}

impl Troubles for World {
    fn disturb(&self, disturbance: Disturbance) {
        self.state().troubles.push(Ongoing { disturbance, met: 0, hits: 0 });
    }

    fn calm(&self) {
        let mut state = self.state();
        state.troubles.clear();
        state.vms.values_mut().for_each(|vm| vm.hidden = 0);
    }

    fn plant(&self, name: &str) -> NodeId {
        NodeId::new(self.state().plant_node(name))
    }

    fn seen(&self) -> Vec<Seen> {
        self.state().log.clone()
    }
}
