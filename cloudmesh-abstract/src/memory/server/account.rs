//! Signing in.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::state::{No, Say, State, body, no};
use crate::ExposeSecret;
use crate::memory::PASSWORD;
use crate::memory::client::LIFETIME;
use crate::memory::wire::Ask;

/// What the cloud remembers of a ticket.
#[derive(Debug)]
pub(super) struct Stub {
    user: String,
    ends: Timestamp,
}

#[derive(Deserialize)]
struct Credentials {
    user: String,
    password: String,
}

impl State {
    pub(super) fn sign_in(&mut self, ask: &Ask) -> Say {
        let Credentials { user, password } = body(ask)?;
        if password != PASSWORD {
            return Err(no(401, "wrongPassword", format!("user and password of `{user}` do not fit")));
        }
        let ticket = uuid::Uuid::new_v4().to_string();
        let ends = self.now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
        self.tickets.insert(ticket.clone(), Stub { user, ends });
        Ok(json!({ "ticket": ticket }))
    }

    /// Who holds the ticket of a request.
    pub(super) fn holder(&self, ask: &Ask) -> Result<String, No> {
        let stub = ask.ticket.as_ref().and_then(|ticket| self.tickets.get(ticket.expose_secret()));
        let good = stub.filter(|stub| stub.ends > self.now);
        good.map(|stub| stub.user.clone()).ok_or_else(|| no(401, "badTicket", "the ticket is not known or has ended"))
    }
}
