//! What goes over the wire, in this cloud's own words.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Secret, SecurityRule};

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Value,
    pub(super) token: Option<String>,
    pub(super) ticket: Option<Secret>,
}

impl Ask {
    pub(super) fn new(method: &str, path: impl Into<String>) -> Self {
        Self {
            method: method.to_owned(),
            path: path.into(),
            query: Vec::new(),
            body: Value::Null,
            token: None,
            ticket: None,
        }
    }

    pub(super) fn with_query(mut self, key: &str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (key.to_owned(), value.to_string())));
        self
    }

    pub(super) fn with_body(mut self, body: Value) -> Self {
        self.body = body;
        self
    }

    pub(super) fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    pub(super) fn signed(mut self, ticket: &Secret) -> Self {
        self.ticket = Some(ticket.clone());
        self
    }

    /// The request in one line, without body and ticket.
    pub(super) fn line(&self) -> String {
        let pairs: Vec<String> = self.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        format!("{} {}{mark}{}", self.method, self.path, pairs.join("&"))
    }

    pub(super) fn parameter(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// What comes back.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) request_id: String,
    pub(super) retry_after: Option<u64>,
    pub(super) text: String,
}

/// Why something is refused, or why a machine is broken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Problem {
    pub(super) code: String,
    pub(super) message: String,
}

/// One page of a listing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sheet<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// What a change answers that has nothing to tell.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) accepted: bool,
}

/// A virtual machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Machine {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) state: String,
    pub(super) image: String,
    pub(super) flavor: String,
    pub(super) key: Option<String>,
    pub(super) groups: Vec<String>,
    pub(super) networks: Vec<String>,
    pub(super) zone: String,
    pub(super) created: Timestamp,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) private: Vec<IpAddr>,
    pub(super) public: Vec<IpAddr>,
    pub(super) user_data: Option<String>,
    pub(super) fault: Option<Problem>,
}

/// What a machine is made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) name: String,
    pub(super) image: String,
    pub(super) flavor: String,
    pub(super) key: Option<String>,
    pub(super) groups: Vec<String>,
    pub(super) networks: Vec<String>,
    pub(super) zone: Option<String>,
    pub(super) public: bool,
    pub(super) disk: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) user_data: Option<String>,
}

/// What all disk images are built for.
pub(super) const PROCESSOR: &str = "x86_64";

/// A disk image.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Disk {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) os: String,
    pub(super) bytes: u64,
    /// Whether it is so old that it is shown only among everything.
    pub(super) old: bool,
}

/// A size of machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Size {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) cores: u32,
    pub(super) memory_mb: u64,
    pub(super) disk_gb: u64,
    pub(super) network: String,
    pub(super) processor: Option<String>,
    pub(super) gpus: Option<u32>,
}

/// A public key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) fingerprint: String,
}

/// A public address.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Address {
    pub(super) id: String,
    pub(super) ip: IpAddr,
    pub(super) pool: String,
    pub(super) machine: Option<String>,
    /// Whether it was made for its machine alone, and goes with it.
    pub(super) temporary: bool,
    pub(super) labels: BTreeMap<String, String>,
}

/// A security group. The rules are written as the model writes them, which this cloud may do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) about: String,
    pub(super) rules: Vec<SecurityRule>,
}

/// Rules to add or to remove.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Rules {
    pub(super) rules: Vec<SecurityRule>,
}

/// Who we are.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Me {
    pub(super) user: String,
    pub(super) account: String,
}

/// What a machine shows on its console.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Screen {
    pub(super) text: String,
}

/// What carries a label and belongs to no machine.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Orphan {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) what: String,
}
