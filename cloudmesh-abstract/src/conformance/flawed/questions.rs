//! Faults in what is asked of the cloud.

use super::{Flaw, Flawed};
use crate::{Connect, Keys, NodeSpec, Protocol, Request, SecurityRule, Token};

impl<P: Connect> Flawed<P> {
    /// What is asked instead of `request`.
    pub(super) async fn question(&self, request: Request) -> Request {
        match request {
            Request::Create(spec) => Request::Create(Box::new(self.order(*spec).await)),
            Request::List(query) if self.flaw == Flaw::KeepsEveryRecord => Request::List(query.with_raw(true)),
            Request::Images(mut query) if self.flaw == Flaw::IgnoresTheNameOfImages => {
                query.name = None;
                Request::Images(query)
            }
            Request::Flavors(mut query) if self.flaw == Flaw::IgnoresTheSizeOfFlavors => {
                (query.min_vcpus, query.min_memory_mb) = (None, None);
                Request::Flavors(query)
            }
            Request::AddSecgroup(name, _) if self.flaw == Flaw::ForgetsDescriptions => {
                Request::AddSecgroup(name, String::new())
            }
            Request::AddRulesToSecgroup(group, rules) if self.flaw == Flaw::WidensRules => {
                Request::AddRulesToSecgroup(group, rules.into_iter().map(widened).collect())
            }
            other => other,
        }
    }

    async fn order(&self, mut spec: NodeSpec) -> NodeSpec {
        match self.flaw {
            Flaw::ForgetsTheGroup => spec.group = None,
            Flaw::CutsLongNames => spec.name = spec.name.chars().take(200).collect(),
            Flaw::TakesARepeatForANewOrder if self.memo().tokens.contains(&spec.token) => spec.token = Token::random(),
            Flaw::IgnoresUnknownKeys if spec.key.is_some() => {
                let known = self.good.keys().await.unwrap_or_default();
                spec.key = spec.key.filter(|name| known.iter().any(|key| key.name == *name));
            }
            _ => {}
        }
        spec
    }
}

fn widened(rule: SecurityRule) -> SecurityRule {
    match rule.protocol {
        Protocol::Udp(..) => SecurityRule { cidr: None, ..rule },
        _ => rule,
    }
}
