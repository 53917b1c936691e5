//! Faults in the way that an operation takes.

use std::sync::Arc;
use std::time::Duration;

use super::{Flaw, Flawed};
use crate::conformance::checks::{ED25519, GUARD};
use crate::{
    Call, ComputeNodeABC, Connect, Effect, Error, ErrorKind, FlavorQuery, Image, ImageQuery, KeyPair, Local, NoTokens,
    Node, NodeId, NodeQuery, NodeSpec, NodeState, Reply, Request, Result, RetryPolicy, Token,
};

/// A time that no cloud on this machine needs.
const LONG: Duration = Duration::from_millis(150);

impl<P: Connect> Flawed<P> {
    /// The answer by another way than the right one; `None`: the right one is taken.
    pub(super) async fn detour(&self, request: &Request) -> Option<Result<Reply>> {
        match request {
            Request::List(_) => self.list(request).await,
            Request::Find(name) => self.find(name).await,
            Request::Info(_) => self.info(request).await,
            Request::Create(spec) => self.create(spec).await,
            Request::Destroy(id) => self.destroy(id).await,
            Request::Start(id) => self.refuse(Flaw::RefusesToStartWhatRuns, id, NodeState::Running).await,
            Request::Stop(id) => self.refuse(Flaw::RefusesToStopWhatIsStopped, id, NodeState::Stopped).await,
            Request::Suspend(id) if self.flaw == Flaw::RefusesToSuspendTwice => {
                self.refuse(self.flaw, id, NodeState::Suspended).await
            }
            Request::Images(_) if self.flaw == Flaw::DoesNotWaitWhenAsked => Some(self.at_once(request).await),
            Request::Image(name) => self.image(name).await,
            Request::Flavor(name) => self.flavor(name).await,
            Request::Flavors(_) if self.flaw == Flaw::BlocksTheThread => Some(self.block(request).await),
            Request::Reboot(..) if self.flaw == Flaw::TakesAChangeForALook => Some(self.in_earnest(request).await),
            Request::Whoami if self.flaw == Flaw::SignsInEachTime => Some(self.as_a_stranger(request).await),
            other => self.extra(other).await,
        }
    }

    /// The provider without patience, whose refusals teach nobody anything.
    fn hasty(&self) -> Result<Local> {
        self.another(|builder| builder.retry(RetryPolicy::none()).account(uuid::Uuid::new_v4().to_string()))
    }

    async fn hastily(&self, request: &Request) -> Result<Reply> {
        self.hasty()?.call(request.clone()).await
    }

    /// Without patience at first, and with it when `lost` does not say that all is lost.
    async fn impatient(&self, request: &Request, lost: impl Fn(&Error) -> bool + Send) -> Result<Reply> {
        match self.hastily(request).await {
            Err(error) if !lost(&error) => self.good.call(request.clone()).await,
            settled => settled,
        }
    }

    async fn at_once(&self, request: &Request) -> Result<Reply> {
        self.impatient(request, |_| false).await
    }

    async fn as_a_stranger(&self, request: &Request) -> Result<Reply> {
        self.another(|builder| builder.tokens(Arc::new(NoTokens)))?.call(request.clone()).await
    }

    async fn in_earnest(&self, request: &Request) -> Result<Reply> {
        self.another(|builder| builder.rehearsal(None))?.call(request.clone()).await
    }

    async fn list(&self, request: &Request) -> Option<Result<Reply>> {
        let Request::List(query) = request else { return None };
        match self.flaw {
            Flaw::FetchesPagesTwice if query.page_size == Some(2) => {
                _ = self.good.call(request.clone()).await;
                None
            }
            Flaw::BeginsAnewWhenThrottled if query.page_size == Some(1) => Some(self.at_once(request).await),
            Flaw::WaitsForever => Some(self.patiently(request).await),
            Flaw::BreaksWhenDropped => Some(self.carelessly(request).await),
            Flaw::TriesAgainWhenRefused => match self.good.call(request.clone()).await {
                Err(error) if error.kind() == ErrorKind::Unauthenticated => None,
                settled => Some(settled),
            },
            _ => None,
        }
    }

    async fn patiently(&self, request: &Request) -> Result<Reply> {
        self.another(|builder| builder.attempt_timeout(10 * GUARD))?.call(request.clone()).await
    }

    async fn carelessly(&self, request: &Request) -> Result<Reply> {
        if std::mem::replace(&mut self.memo().busy, true) {
            return Err(Error::new(ErrorKind::Unexpected, "still busy with another request"));
        }
        let answer = self.good.call(request.clone()).await;
        self.memo().busy = false;
        answer
    }

    async fn find(&self, name: &str) -> Option<Result<Reply>> {
        if !matches!(self.flaw, Flaw::FindsByPrefix | Flaw::LooksAgainAtWhatItFound) {
            return None;
        }
        let mut found = match self.good.find(name).await {
            Ok(found) => found,
            Err(error) => return Some(Err(error)),
        };
        if self.flaw == Flaw::LooksAgainAtWhatItFound {
            for node in &found {
                _ = self.good.info(&node.id).await;
            }
        } else if found.is_empty() {
            found = self.good.list(&NodeQuery::new()).await.unwrap_or_default();
            found.retain(|node| node.name.starts_with(name));
        }
        Some(Ok(found.into()))
    }

    async fn info(&self, request: &Request) -> Option<Result<Reply>> {
        Some(match self.flaw {
            Flaw::GivesUpWhenThrottled => self.impatient(request, |error| error.kind() == ErrorKind::RateLimited).await,
            Flaw::GivesUpOnFaults => self.impatient(request, |error| is_out(error) && error.code().is_some()).await,
            Flaw::GivesUpOnCuts => self.impatient(request, |error| is_out(error) && error.code().is_none()).await,
            Flaw::DoesNotRenew => self.as_a_stranger(request).await,
            _ => return None,
        })
    }

    async fn create(&self, spec: &NodeSpec) -> Option<Result<Reply>> {
        let request = Request::Create(Box::new(spec.clone()));
        Some(match self.flaw {
            Flaw::TakesABadImageForMissing => {
                let missing =
                    self.good.image(&spec.image).await.is_err_and(|error| error.kind() == ErrorKind::NotFound);
                as_missing(self.good.call(request).await, missing)
            }
            Flaw::TakesABadFlavorForMissing => {
                let missing =
                    self.good.flavor(&spec.flavor).await.is_err_and(|error| error.kind() == ErrorKind::NotFound);
                as_missing(self.good.call(request).await, missing)
            }
            Flaw::RepeatsWithANewToken | Flaw::GivesUpLostCreates => return self.create_once(spec).await,
            Flaw::TellsThePasswordInTheTrace => {
                let line = format!("GET /login?password={}", self.secret());
                _ = self.context.send(Effect::Read, &line, || async { Ok(()) }).await;
                return None;
            }
            Flaw::AllocatesWhenRepeated if spec.public == Some(true) && self.repeats(spec) => {
                return self.allocate_again(request).await;
            }
            Flaw::RemovesAllAtAQuota => return Some(self.all_or_nothing(request).await),
            Flaw::LeavesAddressesBehind if spec.public == Some(true) => {
                _ = self.good.call(Request::CreatePublicIp(None)).await;
                return None;
            }
            _ => return None,
        })
    }

    /// Whether a create was kept from before, so that it may have been sent.
    fn repeats(&self, spec: &NodeSpec) -> bool {
        self.memo().tokens.contains(&spec.token) || !spec.token.clone().take_first_use()
    }

    async fn all_or_nothing(&self, request: Request) -> Result<Reply> {
        let answer = self.good.call(request).await;
        if answer.as_ref().is_err_and(|error| error.kind() == ErrorKind::QuotaExceeded) {
            let made: Vec<NodeId> = self.memo().made.keys().cloned().collect();
            for id in made {
                _ = self.good.destroy(&id).await;
            }
        }
        answer
    }

    /// Sends a create once, and treats a lost answer in a wrong way.
    async fn create_once(&self, spec: &NodeSpec) -> Option<Result<Reply>> {
        match self.hastily(&Request::Create(Box::new(spec.clone()))).await {
            Err(error) if is_out(&error) && self.flaw == Flaw::GivesUpLostCreates => {
                Some(self.found_or(&spec.name, error).await)
            }
            Err(error) if is_out(&error) => {
                let anew = spec.clone().with_token(Token::random());
                Some(self.good.create(&anew).await.map(Reply::from))
            }
            Err(error) if error.kind() == ErrorKind::QuotaExceeded => Some(Err(error)),
            Err(_) => None,
            made => Some(made),
        }
    }

    async fn found_or(&self, name: &str, error: Error) -> Result<Reply> {
        let found = self.good.find(name).await?.into_iter().next();
        found.map(Reply::from).ok_or(error)
    }

    async fn destroy(&self, id: &NodeId) -> Option<Result<Reply>> {
        match self.flaw {
            Flaw::RefusesToDeleteWhatIsGone => {
                let error = self.good.info(id).await.err()?;
                (error.kind() == ErrorKind::NotFound).then_some(Err(error))
            }
            Flaw::DeletesTheWholeGroup => {
                let group = self.good.info(id).await.ok()?.marks()?.group?;
                for node in self.good.list(&NodeQuery::new()).await.ok()? {
                    if node.marks().and_then(|marks| marks.group).as_ref() == Some(&group) {
                        _ = self.good.destroy(&node.id).await;
                    }
                }
                None
            }
            Flaw::ListsReleasedAddresses | Flaw::ReleasesAddressesOfTheUsers => self.bury(id).await,
            Flaw::TakesTheUnknownForDeleted if self.memo().made.contains_key(id) => {
                for _ in 0..50 {
                    if self.good.info(id).await.is_ok() {
                        break;
                    }
                }
                None
            }
            _ => None,
        }
    }

    /// Refuses a change of a node that is there already.
    async fn refuse(&self, flaw: Flaw, id: &NodeId, there: NodeState) -> Option<Result<Reply>> {
        if self.flaw != flaw {
            return None;
        }
        let node: Node = self.good.info(id).await.ok()?;
        let refusal = Error::new(ErrorKind::Conflict, format!("the node is {there} already"));
        (node.status == there).then_some(Err(refusal))
    }

    async fn image(&self, name: &str) -> Option<Result<Reply>> {
        if !matches!(self.flaw, Flaw::MixesUpAnswers | Flaw::MakesUpImages | Flaw::FindsImagesByPrefix) {
            return None;
        }
        self.memo().images_under_way += 1;
        let answer = self.good.image(name).await;
        self.memo().images_under_way -= 1;
        let error = match answer {
            Err(error) if error.kind() == ErrorKind::NotFound => error,
            settled => return Some(settled.map(Reply::from)),
        };
        let images = self.good.images(&ImageQuery::new()).await.unwrap_or_default();
        let alike = images.into_iter().find(|image| name.starts_with(&image.name));
        Some(match (self.flaw, alike) {
            (Flaw::FindsImagesByPrefix, Some(image)) => Ok(image.into()),
            (Flaw::MakesUpImages, None) => Ok(Image::new(name, name).into()),
            _ => Err(error),
        })
    }

    async fn flavor(&self, name: &str) -> Option<Result<Reply>> {
        match self.flaw {
            Flaw::ChangesWhenItLooks => {
                let key = KeyPair::new("looked-up").with_public_key(ED25519);
                _ = self.good.call(Request::KeyUpload(key)).await;
                None
            }
            Flaw::MixesUpAnswers if self.memo().images_under_way > 0 => {
                let mixed = self.good.flavor(name).await.map(|mut flavor| {
                    "the name of an image".clone_into(&mut flavor.name);
                    flavor
                });
                Some(mixed.map(Reply::from))
            }
            Flaw::MakesUpFlavors => {
                let missing = self.good.flavor(name).await.is_err_and(|error| error.kind() == ErrorKind::NotFound);
                let flavors = self.good.flavors(&FlavorQuery::new()).await.unwrap_or_default();
                let unlike = !flavors.iter().any(|flavor| name.starts_with(&flavor.name));
                (missing && unlike).then(|| Ok(crate::Flavor::new(name, name).into()))
            }
            _ => None,
        }
    }

    async fn block(&self, request: &Request) -> Result<Reply> {
        let answer = tokio::time::timeout(LONG, self.good.call(request.clone())).await;
        if let Ok(answer) = answer {
            return answer;
        }
        std::thread::sleep(GUARD + LONG);
        self.good.call(request.clone()).await
    }
}

fn is_out(error: &Error) -> bool {
    error.kind() == ErrorKind::Unavailable
}

fn as_missing(answer: Result<Reply>, missing: bool) -> Result<Reply> {
    answer.map_err(|error| {
        let confused = missing && error.kind() == ErrorKind::InvalidInput;
        if confused { error.with_kind(ErrorKind::NotFound) } else { error }
    })
}
