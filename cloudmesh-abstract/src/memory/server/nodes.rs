//! Requests about machines.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use serde_json::json;

use super::machine::{Vm, Word};
use super::state::{No, Say, State, body, done, json, no, page};
use crate::memory::wire::{Ask, Machine, Order, PROCESSOR, Problem, Screen};

const LONGEST_NAME: usize = 255;
const ZONES: [&str; 2] = ["zone-1", "zone-2"];
const DISKS: [&str; 2] = ["fast", "slow"];

impl State {
    pub(super) fn list_nodes(&mut self, ask: &Ask) -> Say {
        let wanted = ask.parameter("name");
        let fits = |vm: &&Vm| vm.hidden == 0 && wanted.is_none_or(|name| vm.record.name == name);
        page(ask, self.vms.values().filter(fits).map(|vm| (vm.record.id.clone(), &vm.record)))
    }

    pub(super) fn make_node(&mut self, ask: &Ask) -> Say {
        let made = ask.token.as_ref().and_then(|token| self.made.get(token));
        if let Some(vm) = made.and_then(|id| self.vms.get(id)) {
            return Ok(json(&vm.record));
        }
        let order: Order = body(ask)?;
        let record = self.plan(order)?;
        let id = record.id.clone();
        self.made.extend(ask.token.clone().map(|token| (token, id.clone())));
        self.put(record);
        Ok(json(&self.vms[&id].record))
    }

    /// Checks an order and says what will be made of it.
    fn plan(&mut self, order: Order) -> Result<Machine, No> {
        self.check(&order)?;
        let (image, flavor) = (self.image_id(&order.image)?, self.flavor_name(&order.flavor)?);
        self.check_processor(&flavor)?;
        let groups = self.group_names(order.groups)?;
        let networks = self.network_names(order.networks)?;
        let mut machine = self.blank(order.name, image, flavor);
        if order.public {
            self.add_address(None, order.labels.clone(), Some(&machine.id));
        }
        machine.private = networks.iter().map(|_| self.private_ip()).collect();
        (machine.key, machine.groups, machine.networks) = (order.key, groups, networks);
        (machine.labels, machine.user_data) = (order.labels, order.user_data);
        machine.zone = order.zone.unwrap_or(machine.zone);
        Ok(machine)
    }

    fn check(&self, order: &Order) -> Result<(), No> {
        check_name(&order.name)?;
        if let Some(zone) = order.zone.as_deref().filter(|zone| !ZONES.contains(zone)) {
            return Err(no(400, "badZone", format!("no zone `{zone}`")));
        }
        if let Some(disk) = order.disk.as_deref().filter(|disk| !DISKS.contains(disk)) {
            return Err(no(400, "badDisk", format!("no disks of type `{disk}`, only `{}`", DISKS.join("` and `"))));
        }
        match order.key.as_ref().filter(|key| !self.keys.contains_key(*key)) {
            Some(key) => Err(no(400, "badKey", format!("no key `{key}`"))),
            None => Ok(()),
        }
    }

    /// All images are built for one architecture.
    fn check_processor(&self, flavor: &str) -> Result<(), No> {
        let size = self.flavors.iter().find(|size| size.name == flavor);
        match size.and_then(|size| size.processor.as_deref()).filter(|processor| *processor != PROCESSOR) {
            Some(other) => Err(no(400, "badMatch", format!("`{flavor}` runs {other}, and images are for {PROCESSOR}"))),
            None => Ok(()),
        }
    }

    /// A machine about which nothing else was said.
    fn blank(&mut self, name: String, image: String, flavor: String) -> Machine {
        Machine {
            id: format!("vm-{}", self.number()),
            name,
            state: String::new(),
            image,
            flavor,
            key: None,
            groups: Vec::new(),
            networks: Vec::new(),
            zone: ZONES[0].to_owned(),
            created: self.now,
            labels: BTreeMap::new(),
            private: Vec::new(),
            public: Vec::new(),
            user_data: None,
            fault: None,
        }
    }

    /// Begins to build a machine, which comes up or breaks.
    fn put(&mut self, record: Machine) {
        let luck = self.luck_of_a_new_node();
        let id = record.id.clone();
        let mut vm = Vm { record, word: Word::Building, due: None, hidden: luck.hidden };
        let end = if luck.breaks { Word::Broken } else { Word::Up };
        vm.change(Word::Building, self.soon(), end);
        if luck.breaks {
            let message = "no host has room for it".to_owned();
            vm.record.fault = Some(Problem { code: "noCapacity".to_owned(), message });
        }
        self.vms.insert(id, vm);
        self.show_addresses();
    }

    /// A machine that somebody else made, up already.
    pub(super) fn plant_node(&mut self, name: &str) -> String {
        let (image, flavor) = (self.images[0].id.clone(), self.flavors[0].name.clone());
        let mut record = self.blank(name.to_owned(), image, flavor);
        record.private = vec![self.private_ip()];
        let id = record.id.clone();
        let mut vm = Vm { record, word: Word::Up, due: None, hidden: 0 };
        vm.set(Word::Up);
        self.vms.insert(id.clone(), vm);
        id
    }

    fn private_ip(&mut self) -> IpAddr {
        self.count += 1;
        let number = u32::try_from(self.count & 0xff_ffff).unwrap_or_default();
        Ipv4Addr::from_bits(u32::from(Ipv4Addr::new(10, 0, 0, 0)) | number).into()
    }

    /// The machine, if it can be seen.
    fn vm(&mut self, id: &str) -> Result<&mut Vm, No> {
        let unknown = || no(404, "noSuchNode", format!("no node `{id}`"));
        let vm = self.vms.get_mut(id).ok_or_else(unknown)?;
        if vm.hidden > 0 {
            vm.hidden -= 1;
            return Err(unknown());
        }
        Ok(vm)
    }

    pub(super) fn has_node(&mut self, id: &str) -> Result<(), No> {
        self.vm(id).map(|_| ())
    }

    pub(super) fn at_node(&mut self, method: &str, id: &str) -> Say {
        let soon = self.soon();
        let vm = self.vm(id)?;
        match method {
            "GET" => Ok(json(&vm.record)),
            "DELETE" if vm.word == Word::Removing => Ok(done()),
            "DELETE" => {
                vm.change(Word::Removing, soon, Word::Gone);
                Ok(done())
            }
            other => Err(no(405, "noSuchMethod", format!("a node does not know `{other}`"))),
        }
    }

    pub(super) fn within_node(&mut self, method: &str, id: &str, part: &str, ask: &Ask) -> Say {
        let soon = self.soon();
        if (method, part) == ("PUT", "flavor") {
            self.has_node(id)?;
            let flavor = self.flavor_name(&body::<String>(ask)?)?;
            return self.vm(id)?.resize(flavor, soon).map(|()| done());
        }
        let vm = self.vm(id)?;
        match (method, part) {
            ("POST", action) => vm.act(action, soon)?,
            ("GET", "console" | "log") if matches!(vm.word, Word::Building | Word::Broken) => {
                return Err(no(409, "noConsole", "the node has no console before it runs"));
            }
            ("GET", "console") => return Ok(json(&Screen { text: format!("{} login:", vm.record.name) })),
            ("GET", "log") => return Ok(json(&Screen { text: format!("{} has booted\n", vm.record.name) })),
            ("GET", "labels") => return Ok(json(&vm.record.labels)),
            ("PUT", "labels") => vm.record.labels.extend(labels(ask)?),
            ("DELETE", "labels") => {
                let gone: Vec<String> = body(ask)?;
                vm.record.labels.retain(|key, _| !gone.contains(key));
            }
            ("PUT", "name") => {
                let name: String = body(ask)?;
                check_name(&name)?;
                vm.record.name = name;
            }
            _ => return Err(no(404, "noSuchPath", format!("a node has no `{part}`"))),
        }
        Ok(done())
    }

    /// Removes what is gone, and what was made for it alone.
    pub(super) fn bury(&mut self, id: &str) {
        self.vms.remove(id);
        self.addresses.retain(|_, address| !(address.temporary && address.machine.as_deref() == Some(id)));
        for address in self.addresses.values_mut() {
            address.machine.take_if(|machine| machine == id);
        }
    }

    fn network_names(&self, networks: Vec<String>) -> Result<Vec<String>, No> {
        match networks.iter().find(|network| !self.networks.contains(&network.as_str())) {
            Some(network) => Err(no(400, "badNetwork", format!("no network `{network}`"))),
            None if networks.is_empty() => Ok(vec![self.networks[0].to_owned()]),
            None => Ok(networks),
        }
    }
}

fn labels(ask: &Ask) -> Result<BTreeMap<String, String>, No> {
    let labels: BTreeMap<String, String> = body(ask)?;
    if let Some(key) = labels.keys().find(|key| key.is_empty() || key.len() > LONGEST_NAME) {
        return Err(no(400, "badLabel", format!("a label has from 1 to 255 letters, and this one has {}", key.len())));
    }
    match labels.iter().find(|(_, value)| value.len() > LONGEST_NAME) {
        Some((key, _)) => Err(no(400, "badLabel", format!("what the label {} says is longer than 255", json!(key)))),
        None => Ok(labels),
    }
}

fn check_name(name: &str) -> Result<(), No> {
    let bad = name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control);
    if bad { Err(no(400, "badName", "a name has from 1 to 255 letters")) } else { Ok(()) }
}
