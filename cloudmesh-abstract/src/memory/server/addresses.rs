//! Requests about public addresses.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::Deserialize;

use super::state::{No, Say, State, body, done, json, no, page};
use crate::Marks;
use crate::memory::wire::{Address, Ask, Orphan};

const POOL: &str = "public";

#[derive(Deserialize)]
struct NewAddress {
    pool: Option<String>,
    labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Where {
    node: String,
}

impl State {
    /// Takes an address out of the pool; one that is made for a machine goes with it.
    pub(super) fn add_address(
        &mut self,
        pool: Option<String>,
        labels: BTreeMap<String, String>,
        machine: Option<&str>,
    ) -> Address {
        let id = format!("address-{}", self.number());
        let number = u8::try_from(self.addresses.len() % 250 + 1).unwrap_or(1);
        let free = (number..=u8::MAX).chain(1..number).map(|last| Ipv4Addr::new(203, 0, 113, last).into());
        let taken = |candidate| self.addresses.values().any(|held| held.ip == candidate);
        let ip = free.into_iter().find(|candidate| !taken(*candidate)).unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        let pool = pool.unwrap_or_else(|| POOL.to_owned());
        let machine = machine.map(str::to_owned);
        let made = Address { id: id.clone(), ip, pool, temporary: machine.is_some(), machine, labels };
        self.addresses.insert(id, made.clone());
        made
    }

    /// Writes on the machines which addresses lead to them.
    pub(super) fn show_addresses(&mut self) {
        for (id, vm) in &mut self.vms {
            let leading = self.addresses.values().filter(|address| address.machine.as_ref() == Some(id));
            vm.record.public = leading.map(|address| address.ip).collect();
        }
    }

    /// What carries our mark and belongs to no machine.
    pub(super) fn orphans(&self) -> impl Iterator<Item = (String, Orphan)> {
        let lost = self.addresses.values().filter(|address| address.machine.is_none());
        lost.filter(|address| Marks::read(&address.labels).is_some()).map(|address| {
            let name = address.ip.to_string();
            (address.id.clone(), Orphan { id: address.id.clone(), name, what: "address".to_owned() })
        })
    }

    pub(super) fn at_addresses(&mut self, method: &str, rest: &[&str], ask: &Ask) -> Say {
        let said = match (method, rest) {
            ("GET", []) => page(ask, self.addresses.iter().map(|(id, address)| (id.clone(), address))),
            ("POST", []) => self.allocate(ask),
            ("DELETE", [id]) => self.release(id),
            ("POST", [id, "attach"]) => self.attach(id, &body::<Where>(ask)?.node),
            ("POST", [id, "detach"]) => self.detach(id, &body::<Where>(ask)?.node),
            _ => Err(no(404, "noSuchPath", "addresses know no such request")),
        };
        self.show_addresses();
        said
    }

    fn allocate(&mut self, ask: &Ask) -> Say {
        let NewAddress { pool, labels } = body(ask)?;
        if let Some(other) = pool.as_ref().filter(|pool| *pool != POOL) {
            return Err(no(400, "badPool", format!("no pool `{other}`")));
        }
        let made = ask.token.as_ref().and_then(|token| self.made.get(token));
        if let Some(address) = made.and_then(|id| self.addresses.get(id)) {
            return Ok(json(address));
        }
        if self.addresses.len() >= 250 {
            return Err(no(403, "quotaUsedUp", "the pool is empty"));
        }
        let address = self.add_address(pool, labels, None);
        self.made.extend(ask.token.clone().map(|token| (token, address.id.clone())));
        Ok(json(&address))
    }

    fn release(&mut self, id: &str) -> Say {
        if self.held(id)?.machine.is_some() {
            return Err(no(409, "inUse", "the address leads to a node; detach it first"));
        }
        self.addresses.remove(id);
        Ok(done())
    }

    fn attach(&mut self, id: &str, node: &str) -> Say {
        self.has_node(node)?;
        let address = self.held(id)?;
        match &address.machine {
            Some(other) if other != node => Err(no(409, "inUse", format!("the address leads to `{other}`"))),
            _ => {
                address.machine = Some(node.to_owned());
                Ok(done())
            }
        }
    }

    fn detach(&mut self, id: &str, node: &str) -> Say {
        self.has_node(node)?;
        let address = self.held(id)?;
        if let Some(other) = address.machine.as_ref().filter(|machine| *machine != node) {
            return Err(no(409, "inUse", format!("the address leads to `{other}`")));
        }
        address.machine = None;
        address.temporary = false;
        Ok(done())
    }

    fn held(&mut self, id: &str) -> Result<&mut Address, No> {
        self.addresses.get_mut(id).ok_or_else(|| no(404, "noSuchAddress", format!("no address `{id}`")))
    }
}
