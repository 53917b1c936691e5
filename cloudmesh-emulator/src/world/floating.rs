//! Addresses that are reached from outside, and the routers that lead them to ports.

use std::net::Ipv4Addr;

use super::State;
use super::network::About;
use super::port::{Port, ROUTER};

/// An address of an external network that somebody has.
#[derive(Debug, Clone)]
pub(crate) struct FloatingIp {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) network: String,
    pub(crate) subnet: String,
    pub(crate) address: Ipv4Addr,
    /// Where it leads.
    pub(crate) to: Option<Target>,
    /// Whether the router has heard where it leads.
    pub(crate) active: bool,
    pub(crate) about: About,
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) port: String,
    pub(crate) address: Ipv4Addr,
    pub(crate) router: String,
}

/// A router between networks.
#[derive(Debug, Clone)]
pub(crate) struct Router {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) project: String,
    pub(crate) up: bool,
    pub(crate) gateway: Option<Gateway>,
    /// Destination and next hop.
    pub(crate) routes: Vec<(String, String)>,
    pub(crate) about: About,
}

/// A router's way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gateway {
    pub(crate) network: String,
    pub(crate) subnet: String,
    pub(crate) address: Ipv4Addr,
    /// Whether those inside are seen under the router's own address.
    pub(crate) snat: bool,
}

impl State {
    pub(crate) fn router(&self, id: &str) -> Option<&Router> {
        self.routers.iter().find(|router| router.id == id)
    }

    /// The ports of a router.
    pub(crate) fn interfaces<'a>(&'a self, router: &'a str) -> impl Iterator<Item = &'a Port> {
        self.ports.iter().filter(move |port| port.owner == ROUTER && port.device == router)
    }

    /// The router that leads from an external network into a subnet: best the one that is the subnet's gateway.
    pub(crate) fn way_in(&self, subnet: &str, external: &str) -> Option<String> {
        let gateway = self.subnets.iter().find(|one| one.id == subnet).and_then(|one| one.gateway);
        let leads_out = |router: &&Router| router.gateway.as_ref().is_some_and(|out| out.network == external);
        let ways = self.routers.iter().filter(leads_out).flat_map(|router| {
            let fixed = self.interfaces(&router.id).flat_map(|port| &port.fixed);
            fixed.filter(|fixed| fixed.subnet == subnet).map(|fixed| (Some(fixed.address) == gateway, &router.id))
        });
        ways.max_by_key(|(first, _)| *first).map(|(_, router)| router.clone())
    }

    /// Lets an address lead there, or nowhere. Its router hears of it with [`State::notice`].
    pub(crate) fn lead(&mut self, id: &str, to: Option<Target>) {
        let Some(one) = self.floating_ips.iter_mut().find(|one| one.id == id) else { return };
        let address = one.address;
        let before = std::mem::replace(&mut one.to, to.clone());
        if let Some(before) = before {
            self.show_outside(&before, None);
        }
        if let Some(to) = to {
            self.show_outside(&to, Some(address));
        }
    }

    /// The routers hear where an address leads now.
    pub(crate) fn notice(&mut self, id: &str) {
        let now = self.now;
        let Some(one) = self.floating_ips.iter_mut().find(|one| one.id == id) else { return };
        if one.active != one.to.is_some() {
            one.active = one.to.is_some();
            one.about.touch(now);
        }
    }

    /// Lets no address lead to a port any more.
    pub(super) fn detach_all(&mut self, port: &str) {
        let leads = |one: &&mut FloatingIp| one.to.as_ref().is_some_and(|to| to.port == port);
        for one in self.floating_ips.iter_mut().filter(leads) {
            (one.to, one.active) = (None, false);
            one.about.touch(self.now);
        }
    }

    /// Lets nothing lead to an address of a port any more.
    pub(crate) fn detach(&mut self, port: &str, address: Ipv4Addr) {
        let leads = |one: &&FloatingIp| one.to.as_ref().is_some_and(|to| to.port == port && to.address == address);
        let ids: Vec<String> = self.floating_ips.iter().filter(leads).map(|one| one.id.clone()).collect();
        for id in ids {
            self.lead(&id, None);
            self.notice(&id);
        }
    }

    fn show_outside(&mut self, to: &Target, address: Option<Ipv4Addr>) {
        let Some(port) = self.port_mut(&to.port) else { return };
        if let Some(fixed) = port.fixed.iter_mut().find(|fixed| fixed.address == to.address) {
            fixed.floating = address;
        }
    }
}
