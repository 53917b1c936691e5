//! Signing in and sending. It knows nothing of nodes.

use std::sync::Arc;

use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Credentials;
use super::map::read;
use super::server::World;
use super::wire::{Ask, Done, Sheet};
use crate::{
    Context, Effect, Error, ErrorKind, ExposeSecret, Grant, Login, Page, Result, Secret, Wire, all_pages, expose,
};

/// How long a ticket is good.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// What the cloud grants.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ticket {
    #[serde(serialize_with = "expose")]
    ticket: Secret,
}

/// The way to the cloud.
#[derive(Debug)]
pub(super) struct Client {
    world: World,
    credentials: Credentials,
    context: Context,
    login: Login<Ticket>,
}

impl Client {
    pub(super) fn new(world: World, credentials: Credentials, context: Context) -> Self {
        let login = Login::new(format!("memory {} {}", world.name(), credentials.user));
        Self { world, credentials, context, login }
    }

    /// Sends one request and reads its answer.
    pub(super) async fn ask<T: DeserializeOwned + Send>(&self, effect: Effect, ask: Ask) -> Result<T> {
        let (line, ask) = (ask.line(), &ask);
        let body = || ask.body.clone();
        let send = |grant: Arc<Grant<Ticket>>| async move {
            let signed = ask.clone().signed(&grant.value.ticket);
            read(self.world.exchange(signed, self.context.clock().now()).await?)
        };
        self.context.send_signed(&self.login, || self.sign_in(), effect, Wire::new(&line).with_body(&body), send).await
    }

    /// Sends a request that fails with one of `fine` when there is nothing left to do.
    pub(super) async fn ask_unless(&self, effect: Effect, ask: Ask, fine: &[&str]) -> Result<()> {
        match self.ask::<Done>(effect, ask).await {
            Err(error) if error.code().is_some_and(|code| fine.contains(&code)) => Ok(()),
            settled => settled.map(|_| ()),
        }
    }

    /// Fetches all pages of a listing and converts each item.
    pub(super) async fn pages<W, T>(
        &self,
        ask: Ask,
        size: Option<u32>,
        convert: impl Fn(W) -> T + Sync,
    ) -> Result<Vec<T>>
    where
        W: DeserializeOwned + Send,
        T: Send,
    {
        let convert = &convert;
        all_pages(|mark: Option<String>| {
            let page = ask.clone().with_query("limit", size).with_query("mark", mark);
            async move {
                let sheet: Sheet<W> = self.ask(Effect::Read, page).await?;
                Ok(Page::new(sheet.items.into_iter().map(convert).collect(), sheet.next))
            }
        })
        .await
    }

    async fn sign_in(&self) -> Result<Grant<Ticket>> {
        let Credentials { user, password } = &self.credentials;
        let body = json!({ "user": user, "password": password.expose_secret() });
        let ask = Ask::new("POST", "/tickets").with_body(body);
        let line = ask.line();
        let send = || async { read(self.world.exchange(ask.clone(), self.context.clock().now()).await?) };
        let value = self.context.send(Effect::SignIn, &line, send).await?;
        let expires = self
            .context
            .clock()
            .now()
            .saturating_add(LIFETIME)
            .map_err(|error| Error::new(ErrorKind::Unexpected, "the ticket never ends").with_source(error))?;
        Ok(Grant { value, expires })
    }
}
