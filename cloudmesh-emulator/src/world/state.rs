//! What exists in a world at one moment, and what can be done with it.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::account::Accounts;
use super::catalogue::{Flavor, HOST_MEMORY, Image, KeyPair};
use super::clock::later;
use super::floating::{FloatingIp, Router};
use super::group::{Rule, SecurityGroup, Traffic};
use super::limits::Limits;
use super::network::{About, Network, Subnet};
use super::node::{Condition, Earlier, Entry, Failure, Node, Refusal, Task, Work};
use super::nodes::Nodes;
use super::port::Port;
use super::prepared::Prepared;
use super::quota::NetworkQuotas;
use super::volume::Volume;
use super::wish::Wish;

/// How many nodes one may make, when nothing else is said.
const QUOTA: usize = 100;

/// Everything there is.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) now: Timestamp,
    pub(crate) pace: Duration,
    /// How many nodes there may be.
    pub(crate) quota: usize,
    pub(crate) limits: Limits,
    /// Whether nodes have screens that can be looked at.
    pub(crate) consoles: bool,
    /// How much there may be on the network; -1 for any number.
    pub(crate) network_quotas: NetworkQuotas,
    /// Whether there is a volume service.
    pub(crate) has_volumes: bool,
    pub(crate) volumes: Vec<Volume>,
    pub(crate) accounts: Accounts,
    pub(crate) nodes: Nodes,
    pub(crate) images: Vec<Image>,
    pub(crate) flavors: Vec<Flavor>,
    pub(crate) keys: Vec<KeyPair>,
    pub(crate) networks: Vec<Network>,
    pub(crate) subnets: Vec<Subnet>,
    /// The ports that no node has.
    pub(crate) ports: Vec<Port>,
    pub(crate) routers: Vec<Router>,
    pub(crate) floating_ips: Vec<FloatingIp>,
    pub(crate) groups: Vec<SecurityGroup>,
    /// Lists of nodes that were given before.
    pub(crate) prepared: Prepared,
    numbers: u64,
}

impl State {
    /// An empty one.
    pub(crate) fn new(now: Timestamp, pace: Duration) -> Self {
        Self { now, pace, quota: QUOTA, ..Self::default() }
    }

    /// Moves on to a moment and ends what is due by then.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        self.now = now;
        self.advance_volumes();
        if self.nodes.is_due(now) {
            self.prepared.forget();
        }
        for id in self.nodes.settle(now) {
            self.clear_shelf(&id);
            self.tend_disks(&id);
            if self.nodes.get(&id).is_some_and(Node::is_gone) {
                self.unplug(&id);
            }
        }
    }

    /// Another number, never the same.
    pub(crate) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub(crate) fn image(&self, id: &str) -> Option<&Image> {
        self.images.iter().find(|image| image.id == id)
    }

    pub(crate) fn flavor(&self, id: &str) -> Option<&Flavor> {
        self.flavors.iter().find(|flavor| flavor.id == id)
    }

    pub(crate) fn key(&self, user: &str, name: &str) -> Option<&KeyPair> {
        self.keys.iter().find(|key| key.user == user && key.name == name)
    }

    pub(crate) fn network(&self, id: &str) -> Option<&Network> {
        self.networks.iter().find(|network| network.id == id)
    }

    pub(crate) fn group(&self, id: &str) -> Option<&SecurityGroup> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// Makes the nodes that are wished for, and gives their ids.
    pub(crate) fn create(&mut self, wish: &Wish) -> Vec<String> {
        (1..=wish.count).map(|which| self.create_one(wish, which)).collect()
    }

    fn create_one(&mut self, wish: &Wish, which: usize) -> String {
        let mut node = wish.node(Uuid::new_v4().to_string(), which, self.now);
        if wish.no_room || self.flavor(&wish.flavor).is_none_or(|flavor| flavor.memory > HOST_MEMORY) {
            node.doom = Some(Failure::NoRoom);
        } else {
            node.doom = self.plug(&mut node, wish).or_else(|| self.give_disks(&mut node, &wish.disks));
        }
        self.start_building(node, &wish.request)
    }

    fn start_building(&mut self, node: Node, request: &str) -> String {
        let id = node.id.clone();
        self.nodes.add(node);
        self.work(&id, Task::Build, Condition::Running, request);
        id
    }

    /// Lets a node begin something, if it may.
    pub(crate) fn begin(&mut self, id: &str, task: Task, request: &str) -> Result<(), Refusal> {
        let node = self.nodes.get(id).filter(|node| !node.is_gone()).ok_or(Refusal::Missing)?;
        if node.locked {
            return Err(Refusal::Locked);
        }
        if task == Task::Delete && node.task() == Some(Task::Delete) {
            return Ok(());
        }
        let then = node.course(task)?;
        self.work(id, task, then, request);
        Ok(())
    }

    /// Lets a node begin to become another size.
    pub(crate) fn resize(&mut self, id: &str, flavor: &str, request: &str) -> Result<(), Refusal> {
        let before = self.nodes.get(id).map(|node| node.condition);
        self.begin(id, Task::Resize, request)?;
        if let Some((node, condition)) = self.nodes.get_mut(id).zip(before) {
            let flavor = std::mem::replace(&mut node.flavor, flavor.to_owned());
            node.earlier = Some(Earlier { flavor, condition });
        }
        Ok(())
    }

    fn work(&mut self, id: &str, task: Task, then: Condition, request: &str) {
        let until = later(self.now, self.pace);
        self.nodes.begin(id, Work { task, since: self.now, until, then });
        if let Some(node) = self.nodes.get_mut(id) {
            node.journal.push(Entry { task, request: request.to_owned(), at: self.now });
        }
        self.advance(self.now);
    }

    /// Makes a security group that lets everything out and nothing in.
    pub(crate) fn add_group(&mut self, project: &str, name: &str, description: &str) -> String {
        let id = Uuid::new_v4().to_string();
        let rules = [false, true].map(|v6| self.rule(Traffic::any(false, v6)));
        self.groups.push(SecurityGroup {
            id: id.clone(),
            name: name.to_owned(),
            project: project.to_owned(),
            stateful: true,
            rules: rules.into(),
            about: About { revision: 1, ..About::new(description, self.now) },
        });
        id
    }

    /// A rule that belongs to no group yet.
    pub(crate) fn rule(&mut self, what: Traffic) -> Rule {
        let number = self.number();
        Rule { id: Uuid::new_v4().to_string(), number, what, created: self.now }
    }

    /// Whether a port uses the group.
    pub(crate) fn group_in_use(&self, id: &str) -> bool {
        self.all_ports().any(|port| port.groups.iter().any(|group| group == id))
    }
}
