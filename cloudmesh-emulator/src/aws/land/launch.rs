//! Making instances.

use super::instance::{Instance, Options, Spot, State};
use super::instance_type::InstanceType;
use super::interface::Plug;
use super::tags::Tag;
use super::{Land, ids, image, instance_type, seed, volume};
use crate::aws::fault::Fault;

/// The type that nobody has room for.
const FULL: &str = "p5.48xlarge";

/// What instances shall be like.
#[derive(Debug, Clone)]
pub(crate) struct Launch {
    pub(crate) image: image::Image,
    pub(crate) kind: &'static InstanceType,
    pub(crate) key: Option<String>,
    pub(crate) nics: Vec<Nic>,
    pub(crate) disks: Vec<Disk>,
    pub(crate) options: Options,
    pub(crate) tags: Vec<Tag>,
    pub(crate) volume_tags: Vec<Tag>,
    pub(crate) spot_tags: Vec<Tag>,
    pub(crate) token: Option<String>,
    /// To how many requests they are unknown at first.
    pub(crate) hidden: usize,
}

/// A network interface of an instance to be.
#[derive(Debug, Clone)]
pub(crate) enum Nic {
    New { plug: Plug, index: u32, goes_with: bool },
    Existing { id: String, index: u32 },
}

/// A volume of an instance to be.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    pub(crate) device: String,
    pub(crate) wish: volume::Wish,
    pub(crate) goes_with: bool,
}

impl Launch {
    /// A plain instance.
    pub(crate) fn plain(image: image::Image, kind: &'static InstanceType) -> Self {
        let root = Disk { device: image.root.to_owned(), wish: root_wish(&image), goes_with: true };
        Self {
            image,
            kind,
            key: None,
            nics: vec![Nic::New { plug: Plug::default(), index: 0, goes_with: true }],
            disks: vec![root],
            options: Options::default(),
            tags: Vec::new(),
            volume_tags: Vec::new(),
            spot_tags: Vec::new(),
            token: None,
            hidden: 0,
        }
    }
}

/// The volume that an image's system is on, unless something else is said.
pub(crate) fn root_wish(image: &image::Image) -> volume::Wish {
    volume::Wish {
        kind: Some("gp3".to_owned()),
        snapshot: Some(image.snapshot.clone()),
        least: image.size,
        ..volume::Wish::default()
    }
}

impl Land {
    /// Puts a running instance there that somebody else made, and gives its id.
    pub(crate) fn plant(&mut self, name: &str) -> String {
        let image = self.newest_image(seed::BASE, image::Arch::X86).cloned();
        let (Some(image), Ok(kind)) = (image, instance_type::find(seed::FLAVOR)) else { return String::new() };
        let mut wish = Launch::plain(image, kind);
        if !name.is_empty() {
            wish.tags.push(Tag::new("Name", name));
        }
        let pace = std::mem::take(&mut self.pace);
        let made = self.launch(&wish, 1).unwrap_or_default().pop().unwrap_or_default();
        self.advance(self.now);
        // What stands there from the start counts against nobody's quota.
        (self.pace, self.quota) = (pace, self.quota + 1);
        made
    }

    /// Whether so many more can be made, and there is room for them.
    pub(crate) fn check_room(&self, wish: &Launch, count: usize) -> Result<(), Fault> {
        let there = self.instances.iter().filter(|one| !one.state.is_ending()).count();
        if there.saturating_add(count) > self.quota {
            return Err(no_quota(self.quota.saturating_sub(there)));
        }
        if wish.kind.name == FULL {
            return Err(self.no_room(wish));
        }
        Ok(())
    }

    /// That nobody has room for such instances now.
    pub(crate) fn no_room(&self, wish: &Launch) -> Fault {
        let (kind, zones) = (&wish.kind.name, self.zones());
        let told = match (&wish.options.spot, zones.as_slice()) {
            (Some(_), _) => "There is no Spot capacity available that matches your request.".to_owned(),
            (None, [first, rest @ ..]) => {
                let others: Vec<&str> = rest.iter().map(|zone| zone.name.as_str()).collect();
                format!(
                    "We currently do not have sufficient {kind} capacity in the Availability Zone you requested ({}). Our \
                     system will be working on provisioning additional capacity. You can currently get {kind} capacity \
                     by not specifying an Availability Zone in your request or choosing {}.",
                    first.name,
                    others.join(", ")
                )
            }
            (None, []) => "Insufficient capacity.".to_owned(),
        };
        Fault::with_status(500, "InsufficientInstanceCapacity", told)
    }

    /// Makes instances, all of them or none, and gives their ids.
    pub(crate) fn launch(&mut self, wish: &Launch, count: usize) -> Result<Vec<String>, Fault> {
        let reservation = ids::INSTANCE.id().replace("i-", "r-");
        let mut made: Vec<String> = Vec::with_capacity(count);
        for index in 0..count {
            match self.launch_one(wish, &reservation, index) {
                Ok(id) => made.push(id),
                Err(fault) => {
                    for id in &made {
                        self.unmake(id);
                    }
                    return Err(fault);
                }
            }
        }
        Ok(made)
    }

    fn launch_one(&mut self, wish: &Launch, reservation: &str, index: usize) -> Result<String, Fault> {
        let id = ids::INSTANCE.id();
        let place = match self.equip(&id, wish) {
            Ok(place) => place,
            Err(fault) => {
                self.unmake(&id);
                return Err(fault);
            }
        };
        let mut options = wish.options.clone();
        if let Some(spot) = &mut options.spot {
            spot.request = ids::SPOT_REQUEST.id();
            self.tags.set(&spot.request.clone(), &wish.spot_tags);
        }
        self.tags.set(&id, &wish.tags);
        let known = self.now.checked_add(self.pace / 3).unwrap_or(self.now);
        let instance = Instance {
            id: id.clone(),
            reservation: reservation.to_owned(),
            index,
            token: wish.token.clone(),
            image: wish.image.id.clone(),
            arch: wish.image.arch,
            system: wish.image.system,
            root: wish.image.root,
            kind: wish.kind,
            key: wish.key.clone(),
            vpc: place.0,
            subnet: place.1,
            zone: place.2,
            state: State::Pending,
            until: None,
            reason: None,
            launched: self.now,
            booted: None,
            known,
            hidden: wish.hidden,
            options,
        };
        self.instances.insert(&id, instance);
        self.note_hidden(&id, known);
        self.turn(&id, State::Pending);
        Ok(id)
    }

    /// Gives an instance its interfaces and volumes, and tells its network, subnet and zone.
    fn equip(&mut self, id: &str, wish: &Launch) -> Result<(String, String, String), Fault> {
        let mut place = None;
        for nic in &wish.nics {
            let (interface, index, goes_with) = match nic {
                Nic::New { plug, index, goes_with } => (self.add_interface(plug)?, *index, *goes_with),
                Nic::Existing { id, index } => (id.clone(), *index, false),
            };
            self.attach_interface(&interface, id, index, goes_with)?;
            let found =
                self.interfaces.get(&interface).map(|one| (one.vpc.clone(), one.subnet.clone(), one.zone.clone()));
            place = place.or(found);
        }
        let place = place.unwrap_or_default();
        for disk in &wish.disks {
            let volume = self.add_volume(&disk.wish, &place.2, &wish.volume_tags)?;
            self.mount(&volume, id, &disk.device, disk.goes_with);
        }
        Ok(place)
    }

    /// Takes everything back that an instance was given.
    fn unmake(&mut self, id: &str) {
        self.unplug(id);
        self.drop_volumes(id);
        self.tags.forget(id);
        self.instances.remove(id);
    }

    /// Lets so many more instances be made.
    pub(crate) fn set_quota(&mut self, more: usize) {
        let there = self.instances.iter().filter(|one| !one.state.is_ending()).count();
        self.quota = there.saturating_add(more);
    }

    /// The names of all instances that exist, the oldest first.
    pub(crate) fn instance_names(&self) -> Vec<String> {
        let there = self.instances.iter().filter(|one| !one.is_gone());
        there.map(|one| self.tags.value(&one.id, "Name").unwrap_or_default().to_owned()).collect()
    }
}

/// That a quota is used up.
pub(crate) fn no_quota(left: usize) -> Fault {
    let told = format!("Your quota allows for {left} more running instance(s). You requested at least 1");
    Fault::new("InstanceLimitExceeded", told)
}

/// A spot request that is yet to be made.
pub(crate) fn spot(persistent: bool, interruption: &'static str, price: Option<&str>) -> Spot {
    Spot { request: String::new(), persistent, interruption, price: price.map(str::to_owned), cancelled: false }
}
