//! Faults in what is made of the cloud's answer.

use std::collections::BTreeMap;
use std::error::Error as _;

use super::{Flaw, Flawed};
use crate::{Connect, Error, ErrorKind, KeyPair, Node, NodeId, NodeState, Reply, Request, Result};

impl<P: Connect> Flawed<P> {
    /// What is said instead of `answer`.
    pub(super) fn answer(&self, request: &Request, answer: Result<Reply>) -> Result<Reply> {
        match answer {
            Ok(reply) => self.told(request, reply),
            Err(error) => self.refused(request, error),
        }
    }

    fn told(&self, request: &Request, reply: Reply) -> Result<Reply> {
        use Flaw as F;
        Ok(match (self.flaw, request, reply) {
            (_, Request::List(query), Reply::Nodes(nodes)) => self.listed(nodes, query.page_size, query.raw).into(),
            (F::FindsOnlyOne, Request::Find(_), Reply::Nodes(mut nodes)) => {
                nodes.truncate(1);
                nodes.into()
            }
            (F::LosesFaults, Request::Info(_), Reply::Node(node)) => Node { fault: None, ..*node }.into(),
            (F::HidesTheAccount, _, Reply::Identity(mut identity)) => {
                identity.account.clear();
                identity.into()
            }
            (F::RefusesHardReboots, Request::Reboot(_, crate::RebootKind::Hard), _) => {
                return Err(Error::new(ErrorKind::InvalidInput, "there is only one kind of reboot"));
            }
            (F::ShowsAnEmptyConsole, Request::Console(_), _) => Reply::Text(String::new()),
            (F::TakesGroupsForLeftovers, Request::Leftovers, Reply::Leftovers(mut found)) => {
                let groups = self.memo().groups.clone();
                found.extend(groups.into_iter().map(|name| crate::Leftover::new(&name, &name, "security group")));
                found.into()
            }
            (F::ListsReleasedAddresses, _, Reply::PublicIps(mut held)) => {
                held.extend(self.memo().released.clone());
                held.into()
            }
            (_, request, reply) => return self.catalogued(request, reply),
        })
    }

    fn catalogued(&self, request: &Request, reply: Reply) -> Result<Reply> {
        use Flaw as F;
        Ok(match (self.flaw, request, reply) {
            (F::LosesAnImage, Request::Images(query), Reply::Images(mut images)) => {
                images.truncate(images.len() - usize::from(query.page_size.is_some()));
                images.into()
            }
            (F::LosesTheUsualImages, Request::Images(query), Reply::Images(images)) if query.all => {
                images.into_iter().skip(1).collect::<Vec<_>>().into()
            }
            (F::LosesAFlavor, Request::Flavors(query), Reply::Flavors(mut flavors)) => {
                flavors.truncate(flavors.len() - usize::from(query.page_size.is_some()));
                flavors.into()
            }
            (F::KnowsNoIdsOfImages, Request::Image(id), Reply::Image(image)) if image.id == *id => {
                return Err(Error::new(ErrorKind::NotFound, "no image is called like that"));
            }
            (F::KnowsNoIdsOfFlavors, Request::Flavor(id), Reply::Flavor(flavor)) if flavor.id == *id => {
                return Err(Error::new(ErrorKind::NotFound, "no flavor is called like that"));
            }
            (_, _, reply) => reply,
        })
    }

    fn listed(&self, mut nodes: Vec<Node>, page: Option<u32>, raw: bool) -> Vec<Node> {
        match self.flaw {
            Flaw::LosesTheLastPage if page == Some(1) => _ = nodes.pop(),
            Flaw::HidesForeignNodes => nodes.retain(|node| node.marks().is_some() || node.name.is_empty()),
            Flaw::HidesNamelessNodes => nodes.retain(|node| !node.name.is_empty()),
            Flaw::ListsGhosts => {
                let ghosts = self.memo().ghosts.clone();
                nodes.extend(ghosts.into_iter().map(|node| Node { status: NodeState::Deleted, ..node }));
            }
            Flaw::KeepsUserData if raw => {
                let memo = self.memo();
                for node in &mut nodes {
                    let data = memo.user_data.get(&node.id).cloned();
                    if let Some(record) = &mut node.raw {
                        record["user_data"] = data.into();
                    }
                }
            }
            _ => {}
        }
        nodes
    }

    fn refused(&self, request: &Request, error: Error) -> Result<Reply> {
        use ErrorKind as K;
        use Flaw as F;
        let kind = error.kind();
        Err(match (self.flaw, request, kind) {
            (_, Request::Info(id), K::NotFound) => return self.missing(id, error),
            (F::StartsWhatIsMissing, Request::Start(_), K::NotFound) => return Ok(Reply::Done),
            (F::TakesConflictsForBadInput, Request::Reboot(..), K::Conflict)
            | (F::TakesAQuotaForBadInput, Request::Create(_), K::QuotaExceeded) => error.with_kind(K::InvalidInput),
            (F::TellsThePasswordInErrors, Request::Create(_), _) => {
                let message = format!("{}, signed in with {}", error.message(), self.secret());
                error.with_message(message)
            }
            (flaw, Request::Images(_), K::Unexpected) if flaw.is_fooled_by(&error) => {
                return Ok(Vec::<crate::Image>::new().into());
            }
            _ => return self.refused_extra(request, error),
        })
    }

    fn refused_extra(&self, request: &Request, error: Error) -> Result<Reply> {
        use ErrorKind as K;
        use Flaw as F;
        match (self.flaw, request, error.kind()) {
            (F::ClaimsWhatItLacks, Request::Suspend(_), K::NotFound) => Err(error.with_kind(K::Unsupported)),
            (F::TakesASuspendedNodeForBadInput, Request::Start(_), K::Conflict) => {
                Err(error.with_kind(K::InvalidInput))
            }
            (F::MakesUpMetadata, Request::GetServerMetadata(_), K::NotFound) => Ok(BTreeMap::new().into()),
            (F::SuspendsWhatIsStopped, Request::Suspend(_), K::Conflict)
            | (F::ResumesWhatIsStopped, Request::Resume(_), K::Conflict)
            | (F::ResizesWhatIsMissing, Request::Resize(..), K::NotFound)
            | (F::IgnoresBadNames, Request::Rename(..), K::InvalidInput)
            | (F::IgnoresBadSizes, Request::Resize(..), K::InvalidInput)
            | (F::GivesBackWhatItHasNot, Request::DeletePublicIp(_), K::NotFound)
            | (F::HidesThatAGroupIsWorn, Request::RemoveSecgroup(_), K::Conflict) => Ok(Reply::Done),
            (F::SkipsBadRules, Request::AddRulesToSecgroup(_, rules), K::InvalidInput) if rules.len() == 1 => {
                Ok(Reply::Done)
            }
            (F::SwallowsRawErrors, Request::Raw(_), _) => Ok(serde_json::Value::Null.into()),
            (F::TakesATakenKeyForAConflict, Request::KeyUpload(_), K::AlreadyExists)
            | (F::TakesATakenGroupForAConflict, Request::AddSecgroup(..), K::AlreadyExists) => {
                Err(error.with_kind(K::Conflict))
            }
            (F::TakesAnythingForAKey, Request::KeyUpload(key), K::InvalidInput) if !is_private(key) => {
                Ok(KeyPair::new(&key.name).into())
            }
            (F::ListsNoRulesOfMissingGroups, Request::ListSecgroupRules(_), K::NotFound) => {
                Ok(Vec::<crate::SecurityRule>::new().into())
            }
            _ => Err(error),
        }
    }

    /// What is said of a node that the cloud does not know.
    fn missing(&self, id: &NodeId, error: Error) -> Result<Reply> {
        let made = self.memo().made.get(id).cloned();
        let bare = || Error::new(error.kind(), error.message());
        let code = || error.code().unwrap_or_default().to_owned();
        let request = || error.request_id().unwrap_or_default().to_owned();
        match (self.flaw, made) {
            (Flaw::TakesTheUnknownForDeleted, Some(node)) => Ok(Node { status: NodeState::Deleted, ..node }.into()),
            (Flaw::RemembersNewNodes, Some(node)) => Ok(Node { status: NodeState::Pending, ..node }.into()),
            (Flaw::TiresOfMissingNodes, None) if !self.memo().missed.insert(id.clone()) => {
                Err(error.with_kind(ErrorKind::Unexpected))
            }
            (Flaw::MisplacesErrors, _) => {
                Err(bare().with_code(code()).with_request_id(request()).in_cloud("elsewhere"))
            }
            (Flaw::LosesCodes, _) => Err(bare().with_request_id(request())),
            (Flaw::LosesRequestIds, _) => Err(bare().with_code(code())),
            _ => Err(error),
        }
    }
}

fn is_private(key: &KeyPair) -> bool {
    key.public_key.as_ref().is_some_and(|text| text.contains("PRIVATE"))
}

impl Flaw {
    /// Whether an answer that makes no sense is taken for an empty one.
    fn is_fooled_by(self, error: &Error) -> bool {
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        match self {
            Self::TakesHtmlForNothing => cause.contains("expected value"),
            Self::TakesGarbageForNothing => cause.contains("missing field"),
            Self::TakesSilenceForNothing => cause.contains("EOF"),
            _ => false,
        }
    }
}
