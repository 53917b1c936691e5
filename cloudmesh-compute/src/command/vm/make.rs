//! Making machines on one cloud so that none is made twice and none is lost, whatever happens in between.

use cloudmesh_abstract::NodeState;
use futures::future::join_all;

use super::late;
use crate::cli::{Session, not_written};
use crate::nodes::Outcome;
use crate::state::{Cloud, Intent, Journal, Left, Wish};
use crate::work::{Pace, names, taken};
use crate::{ComputeNodeABC, Error, ErrorKind, Node, NodeSpec, Operation, Provider, Result, Token};

/// Makes machines on one cloud.
pub(super) struct Maker<'a> {
    pub(super) session: &'a Session,
    pub(super) provider: &'a Provider,
    pub(super) cloud: Cloud,
    /// `None` for a dry run, which makes nothing and writes nothing down.
    pub(super) journal: Option<&'a Journal<'a>>,
    /// Whether a machine that is there already is as good as a new one.
    pub(super) if_not_exists: bool,
}

/// What became of one name.
#[derive(Debug)]
pub(super) struct Birth {
    pub(super) outcome: Outcome,
    /// Who made the machine.
    pub(super) by: Who,
    /// Whether its intent stays open, since nobody can tell yet what became of it.
    pub(super) open: bool,
    /// Whether an interrupted boot has asked for it too, without anybody knowing what became of that.
    pub(super) doubtful: bool,
}

/// Who made a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// This boot.
    This,
    /// An interrupted one that this one goes on with. Since then the machine may have run for long, or been stopped.
    Interrupted,
    /// Somebody else, or nobody.
    Another,
}

/// A wish and what is known of it.
struct Plan {
    spec: NodeSpec,
    wish: Wish,
    intent: Intent,
    found: Found,
}

/// What is there under a name.
enum Found {
    Nothing,
    /// What an interrupted boot has made for the same wish.
    Ours(Node),
    /// Something else.
    Another(Node),
}

impl Maker<'_> {
    /// Makes all of them, so many at once as the pace allows; a name that is taken is an outcome of its own.
    pub(super) async fn make(&self, specs: Vec<NodeSpec>) -> Result<Vec<Birth>> {
        let mut plans = self.intend(specs)?;
        if let Err(error) = self.look(&mut plans).await {
            self.withdraw(&plans)?;
            return Err(error.in_cloud(self.provider.name()));
        }
        self.tell(&plans);
        let pace = self.session.pace();
        let first = plans.first().map(|plan| plan.spec.clone());
        let mut births = join_all(plans.into_iter().map(|plan| self.bring(plan, &pace))).await;
        if let Some(spec) = first {
            self.advise(&mut births, &spec).await;
        }
        Ok(births)
    }

    /// Writes all intents down, before the first request.
    fn intend(&self, specs: Vec<NodeSpec>) -> Result<Vec<Plan>> {
        let wishes: Vec<Wish> = specs.iter().map(wish).collect();
        let intents = match self.journal {
            Some(journal) => journal.begin(&self.cloud, &wishes).map_err(not_written)?,
            None => wishes.iter().map(|_| Intent::New).collect(),
        };
        let plans = specs.into_iter().zip(wishes).zip(intents);
        Ok(plans.map(|((spec, wish), intent)| Plan { spec, wish, intent, found: Found::Nothing }).collect())
    }

    /// Removes the intents that are new, when it turns out that nothing can be made.
    fn withdraw(&self, plans: &[Plan]) -> Result<()> {
        let new = plans.iter().filter(|plan| matches!(plan.intent, Intent::New));
        let names: Vec<String> = new.map(|plan| plan.wish.name.clone()).collect();
        self.journal.map_or(Ok(()), |journal| journal.close(&self.cloud, &names))
    }

    /// Finds out what is there under these names, also what an interrupted boot has asked for a moment ago.
    async fn look(&self, plans: &mut [Plan]) -> Result<()> {
        let names: Vec<String> = plans.iter().map(|plan| plan.wish.name.clone()).collect();
        let interrupt = &self.session.interrupt;
        judge(plans, &interrupt.unless_asked(taken(self.provider, &names)).await?, self.session);
        let mut looks = late::Looks::new();
        loop {
            let missing: Vec<String> =
                plans.iter().filter(|plan| plan.may_come()).map(|plan| plan.wish.name.clone()).collect();
            if missing.is_empty() || !interrupt.unless_asked(looks.next(self.session, self.provider, &missing)).await? {
                return Ok(());
            }
            judge(plans, &interrupt.unless_asked(taken(self.provider, &missing)).await?, self.session);
        }
    }

    /// Says what is taken over from an interrupted boot.
    fn tell(&self, plans: &[Plan]) {
        let ours: Vec<String> = plans
            .iter()
            .filter(|plan| matches!(plan.found, Found::Ours(_)))
            .map(|plan| plan.wish.name.clone())
            .collect();
        if let Some(first) = ours.first() {
            let exist = if ours.len() == 1 { format!("{first} exists") } else { format!("{} exist", names(&ours)) };
            self.session.note(&format!("{exist} from an interrupted boot"));
        }
        for plan in plans {
            let (Found::Ours(_), Intent::Old(left)) = (&plan.found, &plan.intent) else { continue };
            let other = differences(&left.told, &plan.wish.told);
            if !other.is_empty() {
                let name = &plan.wish.name;
                self.session.note(&format!("warning: {name} was made with other wishes: {}", other.join(", ")));
            }
        }
    }

    /// Brings a machine into being, unless it is there.
    async fn bring(&self, plan: Plan, pace: &Pace) -> Birth {
        let (name, cloud) = (plan.wish.name.clone(), self.provider.name().to_owned());
        let doubtful = plan.is_doubtful();
        let birth = |result, by, open| Birth { outcome: Outcome::new(&name, &cloud, result), by, open, doubtful };
        if let Intent::Busy(process) = &plan.intent {
            return birth(Err(self.about(&name, busy(process))), Who::Another, true);
        }
        match plan.found {
            Found::Ours(ref node) => {
                self.session.begun.ask(&cloud, &name);
                self.session.begun.settle(&cloud, &name, Some(&node.id));
                match self.whole(&plan, node, pace).await {
                    Ok(node) => birth(Ok(Some(node)), Who::Interrupted, false),
                    Err(error) => birth(Err(self.about(&name, advised(error))), Who::Another, true),
                }
            }
            Found::Another(node) if self.if_not_exists => birth(Ok(Some(node)), Who::Another, false),
            Found::Another(node) => birth(Err(exists(&node)), Who::Another, false),
            Found::Nothing => match pace.keep(|| self.create(&plan)).await {
                Ok(node) => birth(Ok(Some(node)), Who::This, false),
                Err(error) if is_in_doubt(&error) => birth(Err(self.about(&name, advised(error))), Who::Another, true),
                Err(error) => {
                    // What was not begun is what it was: asked for by an interrupted boot, perhaps.
                    let open = doubtful && error.kind() == ErrorKind::Cancelled;
                    birth(Err(self.about(&name, error)), Who::Another, open)
                }
            },
        }
    }

    /// What an interrupted boot has made, with the public address that it did not come to: a cloud that is asked again
    /// under the same token makes what is missing, and no second machine.
    async fn whole(&self, plan: &Plan, node: &Node, pace: &Pace) -> Result<Node> {
        match &plan.intent {
            Intent::Old(left) if plan.spec.public == Some(true) && node.public_ips.is_empty() => {
                let spec = plan.spec.clone().with_token(left.token.clone());
                pace.keep(|| self.provider.create(&spec)).await
            }
            _ => Ok(node.clone()),
        }
    }

    /// Asks the cloud for it.
    async fn create(&self, plan: &Plan) -> Result<Node> {
        let Some(journal) = self.journal else { return self.provider.create(&plan.spec).await };
        let (begun, cloud, name) = (&self.session.begun, self.provider.name(), &plan.wish.name);
        let token = plan.token();
        let wish = Wish { token: token.clone(), ..plan.wish.clone() };
        journal.ask(&self.cloud, &wish).map_err(not_written)?;
        begun.ask(cloud, name);
        let made = self.provider.create(&plan.spec.clone().with_token(token)).await;
        match &made {
            Ok(node) => {
                begun.settle(cloud, name, Some(&node.id));
                // Without it the next run has to look by name, no more.
                if let Err(error) = journal.accepted(&self.cloud, name, &node.id) {
                    self.session.note(&format!("warning: {error}"));
                }
            }
            Err(error) if is_in_doubt(error) => {}
            Err(_) => begun.settle(cloud, name, None),
        }
        made
    }

    fn about(&self, name: &str, error: Error) -> Error {
        error.during(Operation::Create, Some(name)).in_cloud(self.provider.name())
    }
}

impl Plan {
    /// The token to make it under: that of an interrupted boot, unless what was made with it is gone again.
    fn token(&self) -> Token {
        match &self.intent {
            Intent::Old(Left { node: None, token, .. }) => token.clone(),
            _ => self.spec.token.clone(),
        }
    }

    /// Whether an interrupted boot asked for it, and nothing has come of that yet.
    fn is_doubtful(&self) -> bool {
        matches!((&self.intent, &self.found), (Intent::Old(Left { asked: Some(_), .. }), Found::Nothing))
    }

    /// Whether an interrupted boot asked for it so lately that it may still come.
    fn may_come(&self) -> bool {
        matches!((&self.intent, &self.found), (Intent::Old(left), Found::Nothing) if late::may_come(left))
    }
}

/// Says of each plan what is there under its name.
fn judge(plans: &mut [Plan], taken: &[Node], session: &Session) {
    for plan in plans {
        let named = || taken.iter().filter(|node| node.name == plan.wish.name);
        let kept = match &plan.intent {
            Intent::Old(left) => Some(&left.token),
            _ => None,
        };
        let is_ours = |node: &&Node| {
            let marks = node.marks().and_then(|marks| marks.token);
            kept.is_some() && marks.as_ref() == kept && node.status != NodeState::Deleting
        };
        let mut ours = named().filter(is_ours);
        let first = ours.next().cloned().map(Found::Ours);
        for twin in ours {
            let id = &twin.id;
            session.note(&format!("warning: {} was made twice; remove one with `cms vm delete {id}`", twin.name));
        }
        if let Some(found) = first.or_else(|| named().next().cloned().map(Found::Another)) {
            plan.found = found;
        }
    }
}

/// What is written down of a specification: the name, the token, and wishes that are no secrets.
fn wish(spec: &NodeSpec) -> Wish {
    let told = serde_json::json!({
        "image": spec.image, "size": spec.flavor, "key": spec.key, "secgroup": spec.secgroups,
        "network": spec.networks, "zone": spec.zone,
    });
    Wish { name: spec.name.clone(), token: spec.token.clone(), told: told.to_string() }
}

/// In what two such wishes differ.
fn differences(before: &str, now: &str) -> Vec<String> {
    let read =
        |text: &str| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).unwrap_or_default();
    let (before, now) = (read(before), read(now));
    let other = before.iter().filter(|(key, value)| now.get(*key).is_some_and(|now| now != *value));
    other.map(|(key, value)| format!("{key} {value}, not {}", now[key])).collect()
}

/// Whether a create may have taken effect although it failed.
fn is_in_doubt(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Unavailable | ErrorKind::Unexpected)
}

fn advised(error: Error) -> Error {
    let message = format!("{}; run the same command again, nothing is made twice", error.message());
    error.with_message(message)
}

fn busy(process: &str) -> Error {
    let message = format!("another `cms` is at it, process {process}; wait until that has ended");
    Error::new(ErrorKind::Conflict, message)
}

fn exists(node: &Node) -> Error {
    let message = format!(
        "there is a node `{}` already, with the id {}; choose another name, or pass `--if-not-exists`",
        node.name, node.id
    );
    Error::new(ErrorKind::AlreadyExists, message).in_cloud(&node.cloud)
}
