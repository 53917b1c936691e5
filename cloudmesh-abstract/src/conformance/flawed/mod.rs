//! Providers with a planted fault, to see that the checks find it.

mod answers;
mod detours;
mod extras;
mod flaw;
mod objects;
mod questions;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

pub use self::flaw::Flaw;
use super::suite::{Subject, Suite};
use crate::{
    Call, Capabilities, Capability, Connect, Context, ContextBuilder, Local, Node, NodeId, PublicIp, Reply, Request,
    Result, Settings, Token,
};

/// A provider with one fault; beyond that it does what the provider does.
pub struct Flawed<P> {
    flaw: Flaw,
    good: Local,
    context: Context,
    settings: Settings,
    builder: ContextBuilder,
    memo: Mutex<Memo>,
    provider: PhantomData<fn() -> P>,
}

/// What some flaws have to remember.
#[derive(Default)]
struct Memo {
    made: HashMap<NodeId, Node>,
    ghosts: Vec<Node>,
    tokens: HashSet<Token>,
    user_data: HashMap<NodeId, String>,
    missed: HashSet<NodeId>,
    /// Nodes that were made to be suspended.
    hibernating: HashSet<NodeId>,
    removed: HashSet<String>,
    /// What the addresses were that led to nodes which are deleted.
    released: Vec<PublicIp>,
    /// Security groups that were made.
    groups: Vec<String>,
    busy: bool,
    images_under_way: usize,
}

impl<P: Connect> Flawed<P> {
    fn connect(flaw: Flaw, settings: &Settings, builder: &ContextBuilder, context: Context) -> Result<Self> {
        Ok(Self {
            flaw,
            good: local::<P>(settings, context.clone())?,
            context,
            settings: settings.clone(),
            builder: builder.clone(),
            memo: Mutex::default(),
            provider: PhantomData,
        })
    }

    /// The provider once more, in another context.
    fn another(&self, adjust: impl FnOnce(ContextBuilder) -> ContextBuilder) -> Result<Local> {
        local::<P>(&self.settings, adjust(self.builder.clone()).build())
    }

    fn memo(&self) -> MutexGuard<'_, Memo> {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A secret of the settings.
    fn secret(&self) -> String {
        let secrets = super::checks::secrets_in(self.settings.as_map(), <P::Config as crate::Describe>::KEYS);
        secrets.into_iter().next().unwrap_or_default()
    }

    /// Remembers what was made and what was deleted.
    fn remember(&self, request: &Request, answer: &Result<Reply>) {
        let mut memo = self.memo();
        match (request, answer) {
            (Request::Create(spec), Ok(Reply::Node(node))) => {
                memo.tokens.insert(spec.token.clone());
                memo.made.insert(node.id.clone(), node.as_ref().clone());
                let data = spec.user_data.as_ref().map(|data| (node.id.clone(), data.expose().to_owned()));
                memo.user_data.extend(data);
                memo.hibernating.extend(spec.hibernate.then(|| node.id.clone()));
            }
            (Request::AddSecgroup(name, _), Ok(_)) => memo.groups.push(name.clone()),
            (Request::Destroy(id), Ok(_)) => {
                let gone = memo.made.remove(id);
                memo.ghosts.extend(gone);
            }
            _ => {}
        }
    }
}

fn local<P: Connect>(settings: &Settings, context: Context) -> Result<Local> {
    let provider = P::connect(settings.parse()?, context.clone())?;
    Ok(Local::new(P::KIND, Box::new(provider), context))
}

#[async_trait]
impl<P: Connect> Call for Flawed<P> {
    async fn call(&self, request: Request) -> Result<Reply> {
        let asked = self.question(request.clone()).await;
        let answer = match self.detour(&asked).await {
            Some(answer) => answer,
            None => self.good.call(asked).await,
        };
        self.remember(&request, &answer);
        self.answer(&request, answer)
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = self.good.capabilities();
        if self.flaw == Flaw::GivesNoReason {
            capabilities.remove(&Capability::Console);
        }
        capabilities
    }

    fn why_lacking(&self, capability: Capability) -> &str {
        if self.flaw == Flaw::GivesNoReason { "" } else { self.good.why_lacking(capability) }
    }
}

impl<P> fmt::Debug for Flawed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Flawed");
        if self.flaw == Flaw::ShowsItsSettings {
            shown.field("settings", self.settings.as_map());
        }
        shown.field("flaw", &self.flaw).field("good", &self.good).finish_non_exhaustive()
    }
}

impl Suite {
    /// The suite for a provider in which a fault is planted.
    pub fn flawed<P: Connect>(flaw: Flaw) -> Self {
        Self::new(Subject::of::<P>(Box::new(move |settings, builder| {
            let context = builder.clone().build();
            let flawed = Flawed::<P>::connect(flaw, settings, builder, context.clone());
            Ok((Box::new(flawed.map_err(|error| error.in_cloud(context.cloud()))?), context))
        })))
    }
}
