//! What a world is made of.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::machine::Vm;
use super::troubles::{Luck, Ongoing};
use super::{account::Stub, route, shelves};
use crate::conformance::Seen;
use crate::memory::wire::{Address, Answer, Ask, Disk, Group, Pair, Problem, Sheet, Size};

/// The most items of a page.
const PAGE: usize = 1000;

/// Why the cloud says no.
#[derive(Debug)]
pub(super) struct No {
    pub(super) status: u16,
    pub(super) problem: Problem,
}

/// What the cloud says to a request.
pub(super) type Say = Result<Value, No>;

/// A refusal with a status, a code and a sentence.
pub(super) fn no(status: u16, code: &str, message: impl Into<String>) -> No {
    No { status, problem: Problem { code: code.to_owned(), message: message.into() } }
}

/// All that a world keeps.
pub(super) struct State {
    pub(super) pace: Duration,
    pub(super) now: Timestamp,
    pub(super) count: u64,
    pub(super) tickets: HashMap<String, Stub>,
    pub(super) vms: BTreeMap<String, Vm>,
    pub(super) images: Vec<Disk>,
    pub(super) flavors: Vec<Size>,
    pub(super) networks: Vec<&'static str>,
    pub(super) keys: BTreeMap<String, Pair>,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) addresses: BTreeMap<String, Address>,
    /// What was made with which idempotency token.
    pub(super) made: HashMap<String, String>,
    pub(super) troubles: Vec<Ongoing>,
    pub(super) luck: Luck,
    pub(super) log: Vec<Seen>,
}

impl State {
    pub(super) fn new() -> Self {
        let mut state = Self {
            pace: Duration::from_millis(5),
            now: Timestamp::UNIX_EPOCH,
            count: 0,
            tickets: HashMap::new(),
            vms: BTreeMap::new(),
            images: shelves::images(),
            flavors: shelves::flavors(),
            networks: vec!["private", "lab"],
            keys: shelves::keys(),
            groups: BTreeMap::new(),
            addresses: BTreeMap::new(),
            made: HashMap::new(),
            troubles: Vec::new(),
            luck: Luck::default(),
            log: Vec::new(),
        };
        state.furnish();
        state
    }

    /// A new number, as long as all others, so that ids sort by age.
    pub(super) fn number(&mut self) -> String {
        self.count += 1;
        format!("{:08x}", self.count)
    }

    /// The moment at which a change of state that begins now ends.
    pub(super) fn soon(&self) -> Timestamp {
        let pace = SignedDuration::try_from(self.pace).unwrap_or(SignedDuration::MAX);
        self.now.saturating_add(pace).unwrap_or(Timestamp::MAX)
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, ask: &Ask, now: Timestamp) -> Answer {
        self.pass(now);
        let said = self.serve(ask);
        self.pack(said)
    }

    /// Puts what the cloud says into an envelope.
    pub(super) fn pack(&mut self, said: Say) -> Answer {
        let (status, body) = match said {
            Ok(value) => (200, value),
            Err(no) => (no.status, json(&no.problem)),
        };
        let request_id = format!("req-{}", self.number());
        Answer { status, request_id, retry_after: None, text: body.to_string() }
    }

    fn serve(&mut self, ask: &Ask) -> Say {
        if route::is_sign_in(ask) {
            return self.sign_in(ask);
        }
        let user = self.holder(ask)?;
        self.routed(ask, &user)
    }

    /// Lets time pass.
    fn pass(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        let now = self.now;
        let mut gone = Vec::new();
        for vm in self.vms.values_mut() {
            if !vm.live_until(now) {
                gone.push(vm.record.id.clone());
            }
        }
        for id in gone {
            self.bury(&id);
        }
    }
}

/// A value as JSON; the wire's records always can be.
pub(super) fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The answer to a change that has nothing to tell.
pub(super) fn done() -> Value {
    serde_json::json!({ "accepted": true })
}

/// One page of `items`, which are given with their ids in order.
pub(super) fn page<T: Serialize>(ask: &Ask, items: impl Iterator<Item = (String, T)>) -> Say {
    let limit = match ask.parameter("limit").map(str::parse::<usize>) {
        None => PAGE,
        Some(Ok(limit)) if limit > 0 => limit.min(PAGE),
        Some(_) => return Err(no(400, "badLimit", "`limit` is no number from 1")),
    };
    let after = ask.parameter("mark").unwrap_or_default();
    let mut rest = items.filter(|(id, _)| id.as_str() > after).peekable();
    let page: Vec<(String, T)> = rest.by_ref().take(limit).collect();
    let next = rest.peek().and(page.last()).map(|(id, _)| id.clone());
    let items = page.into_iter().map(|(_, item)| item).collect();
    Ok(json(&Sheet { items, next }))
}

/// The body of a request, as what it must be.
pub(super) fn body<T: serde::de::DeserializeOwned>(ask: &Ask) -> Result<T, No> {
    serde_json::from_value(ask.body.clone()).map_err(|error| no(400, "badBody", error.to_string()))
}
