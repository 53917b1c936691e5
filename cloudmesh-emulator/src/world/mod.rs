//! The world that stands behind every face: accounts, nodes, images, networks. It knows no protocol.

pub(crate) mod account;
pub(crate) mod catalogue;
mod clock;
pub(crate) mod floating;
pub(crate) mod group;
pub(crate) mod limits;
pub(crate) mod network;
pub(crate) mod node;
mod nodes;
pub(crate) mod port;
pub(crate) mod prepared;
pub(crate) mod public_key;
mod quota;
pub(crate) mod seed;
mod shelf;
mod state;
pub(crate) mod volume;
mod wish;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cloudmesh_abstract::{Error, ErrorKind, NodeId, Result};

pub use self::clock::Clock;
pub(crate) use self::state::State;
pub(crate) use self::wish::Wish;
use crate::aws::Account;
use crate::settings::Kind;

/// A cloud without an API: what exists in it, and how it changes with time.
///
/// Nodes change on a clock: nothing runs in the background, each look at the world first ends what is due.
/// Clones are the same world.
///
/// ```
/// use std::time::Duration;
/// use cloudmesh_emulator::{Clock, World};
///
/// let world = World::new(Clock::still(), Duration::from_millis(30));
/// world.fill(1000);
/// assert_eq!(world.node_names().len(), 1000);
/// ```
#[derive(Debug, Clone)]
pub struct World {
    clock: Clock,
    /// The vendor whose cloud this is about.
    kind: Kind,
    state: Arc<Mutex<State>>,
    aws: Arc<Mutex<Account>>,
}

impl World {
    /// A world with one account and some images, flavors and networks. Whatever a node begins takes `pace`.
    pub fn new(clock: Clock, pace: Duration) -> Self {
        let now = clock.now();
        let state = Arc::new(Mutex::new(seed::seeded(now, pace)));
        Self { clock, kind: Kind::OpenStack, state, aws: Arc::new(Mutex::new(Account::new(now, pace))) }
    }

    /// The same world, seen as the cloud of a kind: what is filled, planted and named, and whose quota is set. It is
    /// `openstack` unless said.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] for a kind that is not emulated.
    pub fn of(&self, kind: &str) -> Result<Self> {
        Ok(self.seen_as(Kind::named(kind)?))
    }

    pub(crate) fn seen_as(&self, kind: Kind) -> Self {
        Self { kind, ..self.clone() }
    }

    /// The kind of the cloud that this is about.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The clock it runs on.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Puts so many running nodes there, `node-1`, `node-2` and so on, that somebody else made.
    pub fn fill(&self, nodes: usize) {
        let names = (1..=nodes).map(|number| format!("node-{number}"));
        match self.kind {
            Kind::OpenStack => self.look(|state| names.for_each(|name| drop(settled(state, &name)))),
            Kind::Aws => self.aws(|account| names.for_each(|name| drop(account.home().plant(&name)))),
        }
    }

    /// Puts a running node there that somebody else made; the name may be empty.
    pub fn plant(&self, name: &str) -> NodeId {
        NodeId::new(match self.kind {
            Kind::OpenStack => self.look(|state| settled(state, name)),
            Kind::Aws => self.aws(|account| account.home().plant(name)),
        })
    }

    /// Puts so many public images there, beside the usual ones.
    pub fn fill_images(&self, images: usize) {
        match self.kind {
            Kind::OpenStack => self.look(|state| seed::more_images(state, images)),
            Kind::Aws => self.aws(|account| account.home().fill_images(images)),
        }
    }

    /// Lets the user make so many nodes, beside those that are put there; 100 when nothing is said.
    pub fn set_quota(&self, nodes: usize) {
        match self.kind {
            Kind::OpenStack => self.look(|state| state.quota = nodes + state.nodes.alive().count()),
            Kind::Aws => self.aws(|account| account.home().set_quota(nodes)),
        }
    }

    /// Lets the user have so many of something of the compute service, which is named as in Nova's quotas: `instances`,
    /// `cores`, `ram` (in MiB), `key_pairs`, `metadata_items` or `injected_files`; -1 for any number. What stands there
    /// already is not counted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a resource that has no quota.
    pub fn set_compute_quota(&self, resource: &str, limit: i64) -> Result<()> {
        let known = self.look(|state| state.set_limit(resource, limit));
        if known {
            return Ok(());
        }
        let names = limits::NAMES.join("`, `");
        Err(Error::new(ErrorKind::InvalidInput, format!("`{resource}` has no quota; name one of `{names}`")))
    }

    /// Lets there be a volume service; there is none when nothing is said.
    pub fn set_volumes(&self, there: bool) {
        self.look(|state| state.has_volumes = there);
    }

    /// Whether there is a volume service.
    pub(crate) fn has_volumes(&self) -> bool {
        self.observe(|state| state.has_volumes)
    }

    /// Lets nodes have screens that can be looked at; they have none when nothing is said.
    pub fn set_consoles(&self, open: bool) {
        self.look(|state| state.consoles = open);
    }

    /// Lets the user have so many of something on the network, which is named as in Neutron's quotas, such as
    /// `floatingip` or `security_group_rule`; -1 for any number.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a resource that has no quota.
    pub fn set_network_quota(&self, resource: &str, limit: i64) -> Result<()> {
        let (known, names) = self.look(|state| {
            let names: Vec<&str> = state.network_quotas.all().iter().map(|(name, _)| *name).collect();
            (state.network_quotas.set(resource, limit), names.join("`, `"))
        });
        if known {
            return Ok(());
        }
        Err(Error::new(ErrorKind::InvalidInput, format!("`{resource}` has no quota; name one of `{names}`")))
    }

    /// The names of all nodes that exist, the oldest first.
    pub fn node_names(&self) -> Vec<String> {
        match self.kind {
            Kind::OpenStack => self.look(|state| state.nodes.alive().map(|node| node.name.clone()).collect()),
            Kind::Aws => self.aws(|account| account.home().instance_names()),
        }
    }

    /// Ends all tokens and sessions before their time.
    pub(crate) fn end_sessions(&self) {
        match self.kind {
            Kind::OpenStack => self.look(|state| state.accounts.revoke_all()),
            Kind::Aws => self.aws(|account| account.access.end_sessions(account.now)),
        }
    }

    /// Lets `what` look at the present account at AWS and change it.
    pub(crate) fn aws<T>(&self, what: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = self.aws.lock().unwrap_or_else(PoisonError::into_inner);
        account.advance(self.clock.now());
        what(&mut account)
    }

    /// Lets `what` look at the present state and change it.
    pub(crate) fn look<T>(&self, what: impl FnOnce(&mut State) -> T) -> T {
        self.observe(|state| {
            state.prepared.forget();
            what(state)
        })
    }

    /// Lets `what` look at the present state and change nothing that a list of nodes shows.
    pub(crate) fn observe<T>(&self, what: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.advance(self.clock.now());
        what(&mut state)
    }
}

/// Makes a node that is running already.
fn settled(state: &mut State, name: &str) -> String {
    let pace = std::mem::take(&mut state.pace);
    let wish = seed::wish(state, name);
    let id = state.create(&wish).pop().unwrap_or_default();
    // What stands there from the start counts against nobody's quota.
    (state.pace, state.quota) = (pace, state.quota + 1);
    state.make_room(&wish.flavor);
    id
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::node::{Condition, Refusal, Task};
    use super::{Clock, World, seed};

    const PACE: Duration = Duration::from_secs(10);

    fn built() -> (World, Clock, String) {
        let clock = Clock::still();
        let world = World::new(clock.clone(), PACE);
        let id = world.look(|state| state.create(&seed::wish(state, "web"))).pop().unwrap();
        (world, clock, id)
    }

    fn condition(world: &World, id: &str) -> (Condition, Option<Task>) {
        world.look(|state| state.nodes.get(id).map(|node| (node.condition, node.task())).unwrap())
    }

    #[test]
    fn nodes_change_with_the_clock_only() {
        let (world, clock, id) = built();
        assert_eq!(condition(&world, &id), (Condition::Building, Some(Task::Build)));
        clock.advance(PACE / 2);
        assert_eq!(condition(&world, &id), (Condition::Building, Some(Task::Build)));
        clock.advance(PACE / 2);
        assert_eq!(condition(&world, &id), (Condition::Running, None));
    }

    #[test]
    fn tasks_are_refused_with_the_reason() {
        let (world, clock, id) = built();
        clock.advance(PACE);
        let begin = |task| world.look(|state| state.begin(&id, task, ""));
        assert_eq!(begin(Task::Start), Err(Refusal::Condition(Condition::Running)));
        assert_eq!(begin(Task::Stop), Ok(()));
        assert_eq!(begin(Task::Stop), Err(Refusal::Busy(Task::Stop)));
        assert_eq!(begin(Task::Delete), Ok(()));
        assert_eq!(begin(Task::Delete), Ok(()));
        clock.advance(PACE);
        assert_eq!(begin(Task::Delete), Err(Refusal::Missing));
        assert!(world.node_names().is_empty());
    }

    #[test]
    fn a_locked_node_does_nothing() {
        let (world, clock, id) = built();
        clock.advance(PACE);
        let refused = world.look(|state| {
            state.nodes.get_mut(&id).unwrap().locked = true;
            state.begin(&id, Task::Delete, "")
        });
        assert_eq!(refused, Err(Refusal::Locked));
    }

    #[test]
    fn a_catalogue_can_be_large() {
        let world = World::new(Clock::still(), PACE);
        let count = |world: &World| world.look(|state| state.images.len());
        let before = count(&world);
        world.fill_images(1_000);
        assert_eq!(count(&world), before + 1_000);
    }

    #[test]
    fn a_world_is_filled_in_no_time() {
        let world = World::new(Clock::still(), PACE);
        world.fill(10_000);
        let running = world.look(|state| state.nodes.alive().filter(|node| node.task().is_none()).count());
        assert_eq!(running, 10_000);
    }
}
