//! Ports: what connects nodes and routers to networks.

use std::net::Ipv4Addr;

use uuid::Uuid;

use super::State;
use super::network::About;
use super::node::{Failure, Node};
use super::wish::Wish;

/// Whose port the interface of a router is.
pub(crate) const ROUTER: &str = "network:router_interface";

/// A port. One without addresses is on its network all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Port {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) project: String,
    pub(crate) network: String,
    pub(crate) mac: String,
    pub(crate) up: bool,
    pub(crate) fixed: Vec<Fixed>,
    pub(crate) groups: Vec<String>,
    /// The node or router that it belongs to; empty when there is none.
    pub(crate) device: String,
    /// What kind of thing it belongs to.
    pub(crate) owner: String,
    /// Whether security groups guard it.
    pub(crate) guarded: bool,
    /// Somebody made it: it outlives its node.
    pub(crate) kept: bool,
    pub(crate) about: About,
}

/// An address of a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fixed {
    pub(crate) subnet: String,
    pub(crate) address: Ipv4Addr,
    /// The address under which it is reached from outside.
    pub(crate) floating: Option<Ipv4Addr>,
}

impl Fixed {
    pub(crate) fn new(subnet: &str, address: Ipv4Addr) -> Self {
        Self { subnet: subnet.to_owned(), address, floating: None }
    }
}

/// Where a new node is connected.
#[derive(Debug, Clone)]
pub(crate) enum Plug {
    /// To a network, perhaps at a certain address.
    Network { id: String, address: Option<Ipv4Addr> },
    /// At a port that exists.
    Port { id: String },
}

impl State {
    /// A port of a network that is connected to nothing yet.
    pub(crate) fn new_port(&mut self, project: &str, network: &str, fixed: Vec<Fixed>) -> Port {
        let number = self.number();
        Port {
            id: Uuid::new_v4().to_string(),
            name: String::new(),
            project: project.to_owned(),
            network: network.to_owned(),
            mac: mac(number),
            up: true,
            fixed,
            groups: Vec::new(),
            device: String::new(),
            owner: String::new(),
            guarded: true,
            kept: true,
            about: About::new("", self.now),
        }
    }

    /// All ports: first those of nodes.
    pub(crate) fn all_ports(&self) -> impl Iterator<Item = &Port> {
        self.nodes.alive().flat_map(|node| &node.ports).chain(&self.ports)
    }

    pub(crate) fn port(&self, id: &str) -> Option<&Port> {
        self.all_ports().find(|port| port.id == id)
    }

    pub(crate) fn port_mut(&mut self, id: &str) -> Option<&mut Port> {
        let device = self.port(id)?.device.clone();
        let on_node = self.nodes.get_mut(&device).and_then(|node| node.ports.iter_mut().find(|port| port.id == id));
        on_node.or_else(|| self.ports.iter_mut().find(|port| port.id == id))
    }

    /// Takes a port away, with its addresses and those that lead to it.
    pub(crate) fn remove_port(&mut self, id: &str) {
        let Some(device) = self.port(id).map(|port| port.device.clone()) else { return };
        let of = |ports: &mut Vec<Port>| {
            let place = ports.iter().position(|port| port.id == id);
            place.map(|place| ports.remove(place))
        };
        let on_node = self.nodes.get_mut(&device).and_then(|node| of(&mut node.ports));
        if let Some(port) = on_node.or_else(|| of(&mut self.ports)) {
            self.give_back(&port);
        }
    }

    /// Gives the addresses of a port back.
    pub(crate) fn give_back(&mut self, port: &Port) {
        self.detach_all(&port.id);
        for fixed in &port.fixed {
            self.free(&fixed.subnet, fixed.address);
        }
    }

    /// Gives an address of a subnet back.
    pub(crate) fn free(&mut self, subnet: &str, address: Ipv4Addr) {
        if let Some(subnet) = self.subnets.iter_mut().find(|one| one.id == *subnet) {
            subnet.release(address);
        }
    }

    /// The next free address of a network, if it has one.
    pub(crate) fn take_address(&mut self, network: &str) -> Option<Fixed> {
        let mut subnets = self.subnets.iter_mut().filter(|subnet| subnet.network == network);
        subnets.find_map(|subnet| subnet.take().map(|address| Fixed::new(&subnet.id, address)))
    }

    /// Connects a new node to its networks; tells why that cannot be.
    pub(super) fn plug(&mut self, node: &mut Node, wish: &Wish) -> Option<Failure> {
        for plug in &wish.plugs {
            let made = match plug {
                Plug::Port { id } => self.ports.iter().position(|port| port.id == *id).map(|at| self.ports.remove(at)),
                Plug::Network { id, address } => match self.place(id, *address) {
                    Ok(fixed) => fixed.map(|fixed| self.own_port(node, id, fixed, wish)),
                    Err(failure) => return Some(failure),
                },
            };
            if let Some(mut port) = made {
                bind(&mut port, &node.id);
                node.ports.push(port);
            }
        }
        None
    }

    /// The wanted address of a network, or the next free one; none for a network without subnets.
    fn place(&mut self, network: &str, address: Option<Ipv4Addr>) -> Result<Option<Fixed>, Failure> {
        let mut subnets = self.subnets.iter_mut().filter(|subnet| subnet.network == network).peekable();
        if subnets.peek().is_none() {
            return Ok(None);
        }
        let Some(address) = address else { return self.take_address(network).map(Some).ok_or(Failure::NoAddress) };
        let subnet = subnets.find(|subnet| subnet.range.holds(address)).ok_or(Failure::NoAddress)?;
        if subnet.claim(address) { Ok(Some(Fixed::new(&subnet.id, address))) } else { Err(Failure::NoAddress) }
    }

    /// A port that goes with its node.
    fn own_port(&mut self, node: &Node, network: &str, fixed: Fixed, wish: &Wish) -> Port {
        let mut port = self.new_port(&node.project, network, vec![fixed]);
        port.groups.clone_from(&wish.groups);
        (port.kept, port.about.revision) = (false, 1);
        port
    }

    /// Takes a node that is gone off its networks; the ports that somebody made stay.
    pub(super) fn unplug(&mut self, id: &str) {
        let Some(node) = self.nodes.get_mut(id) else { return };
        for mut port in std::mem::take(&mut node.ports) {
            if !port.kept {
                self.give_back(&port);
                continue;
            }
            (port.device, port.owner) = (String::new(), String::new());
            port.about.touch(self.now);
            self.ports.push(port);
        }
    }
}

/// Gives a port to a node, which takes two changes.
fn bind(port: &mut Port, node: &str) {
    (port.device, port.owner) = (node.to_owned(), "compute:nova".to_owned());
    port.about.revision += 2;
}

fn mac(number: u64) -> String {
    let [.., a, b, c] = number.to_be_bytes();
    format!("fa:16:3e:{a:02x}:{b:02x}:{c:02x}")
}
