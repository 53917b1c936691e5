//! Faults in what is asked of the cloud.

use super::{Flaw, Flawed};
use crate::{ComputeNodeABC, Connect, Direction, FlavorQuery, Keys, NodeSpec, Protocol, Request, SecurityRule, Token};

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
            Request::AddRulesToSecgroup(group, rules) => {
                Request::AddRulesToSecgroup(group, rules.into_iter().map(|rule| self.other_rule(rule)).collect())
            }
            Request::RemoveRulesFromSecgroup(group, mut rules) if self.flaw == Flaw::KeepsWhatGoesOut => {
                rules.retain(|rule| (rule.direction, &rule.protocol) != (Direction::Egress, &Protocol::Any));
                Request::RemoveRulesFromSecgroup(group, rules)
            }
            Request::SetServerMetadata(id, pairs) if self.flaw == Flaw::CutsLongMetadata => {
                let cut = |text: String| text.chars().take(100).collect();
                let pairs = pairs.into_iter().map(|(key, value)| (cut(key), cut(value)));
                Request::SetServerMetadata(id, pairs.collect())
            }
            Request::CreatePublicIp(_) if self.flaw == Flaw::IgnoresThePool => Request::CreatePublicIp(None),
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
            Flaw::ForgetsPublicAddresses => spec.public = None,
            Flaw::MakesEveryNodePublic if spec.public == Some(false) => spec.public = Some(true),
            Flaw::IgnoresTheTypeOfDisk => spec.disk_type = None,
            Flaw::SwapsTheFlavor => spec.flavor = self.fitting(&spec).await.unwrap_or(spec.flavor),
            Flaw::WearsOneGroup => spec.secgroups.truncate(1),
            Flaw::JoinsOneNetwork => spec.networks.truncate(1),
            _ => {}
        }
        spec
    }

    /// Another flavor, where that of the specification does not run the image.
    async fn fitting(&self, spec: &NodeSpec) -> Option<String> {
        let (image, flavor) = (self.good.image(&spec.image).await.ok()?, self.good.flavor(&spec.flavor).await.ok()?);
        let all = self.good.flavors(&FlavorQuery::new()).await.ok()?;
        let other = all.into_iter().find(|other| !flavor.boots(&image) && other.boots(&image));
        other.map(|other| other.name)
    }

    /// The rule that is added instead of `rule`.
    fn other_rule(&self, rule: SecurityRule) -> SecurityRule {
        match (self.flaw, &rule.protocol) {
            (Flaw::WidensRules, Protocol::Udp(..)) => SecurityRule { cidr: None, ..rule },
            (Flaw::WidensRanges, Protocol::Tcp(first, last)) if first < last => {
                SecurityRule { protocol: Protocol::Tcp(1, u16::MAX), ..rule }
            }
            (Flaw::WidensIcmp, Protocol::Icmp(Some(_), _)) => {
                SecurityRule { protocol: Protocol::Icmp(None, None), ..rule }
            }
            (Flaw::NarrowsRules, Protocol::Any) => SecurityRule { protocol: Protocol::Tcp(1, u16::MAX), ..rule },
            (Flaw::WidensOtherProtocols, Protocol::Other(_)) if rule.check().is_ok() => {
                SecurityRule { protocol: Protocol::Any, ..rule }
            }
            (Flaw::ForgetsTheOtherGroup, _) if rule.cidr.is_none() => SecurityRule { remote_group: None, ..rule },
            _ => rule,
        }
    }
}
