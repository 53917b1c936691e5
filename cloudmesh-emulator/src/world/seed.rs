//! What a new world begins with.

use std::time::Duration;

use cloudmesh_abstract::Secret;
use jiff::Timestamp;
use uuid::Uuid;

use super::account::{Credential, Project, User, new_secret};
use super::catalogue::{Flavor, Image, KeyPair};
use super::floating::{Gateway, Router};
use super::group::Traffic;
use super::network::{About, Network, Range, Subnet};
use super::port::{Fixed, Plug, ROUTER};
use super::public_key::fingerprint;
use super::state::State;
use super::wish::Wish;

/// The user's and the project's name.
pub(crate) const NAME: &str = "demo";
/// The name of who operates the cloud, and of the operator's project.
pub(crate) const OPERATOR: &str = "admin";
/// The region that there is unless others are named.
pub(crate) const REGION: &str = "RegionOne";
/// The image that boots on every flavor but the smallest.
pub(crate) const IMAGE: &str = "ubuntu-24.04";
/// A flavor that the image boots on.
pub(crate) const FLAVOR: &str = "m1.small";
/// A key pair.
pub(crate) const KEY: &str = "demo-key";
/// A security group that lets ssh in.
pub(crate) const GROUP: &str = "ssh";
/// The network that nodes are on.
pub(crate) const NETWORK: &str = "private";

/// The network that floating addresses are of.
pub(crate) const PUBLIC: &str = "public";

const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEVtdWxhdGVkQ2xvdWRtZXNoRGVtb0tleTAwMDAwMDAw demo@example.org";

/// Name, size in bytes, least disk in GiB, least memory in MiB.
const IMAGES: [(&str, u64, u64, u64); 4] = [
    ("tinyboot", 1_048_576, 1, 0),
    (IMAGE, 626_000_000, 4, 512),
    ("debian-13", 347_000_000, 4, 512),
    ("windows-server-2025", 21_500_000_000, 32, 2_048),
];

/// Name, cores, memory in MiB, disk in GiB.
const FLAVORS: [(&str, u32, u64, u64); 6] = [
    ("m1.nano", 1, 64, 1),
    ("m1.tiny", 1, 512, 1),
    ("m1.small", 1, 2_048, 20),
    ("m1.medium", 2, 4_096, 40),
    ("m1.large", 4, 8_192, 80),
    ("m1.huge", 1, 1_000_000, 1),
];

/// A state with one account and what it needs to make nodes.
pub(crate) fn seeded(now: Timestamp, pace: Duration) -> State {
    let mut state = State::new(now, pace);
    state.accounts.token_life = Duration::from_hours(24);
    let (operator, project, user) = people(&mut state);
    images(&mut state, &operator);
    flavors(&mut state);
    let public = network(&mut state, &operator, PUBLIC, "203.0.113.0/24", true);
    let private = network(&mut state, &project, NETWORK, "10.0.0.0/16", false);
    router(&mut state, &project, &public, &private);
    groups(&mut state, &project);
    state.keys.push(KeyPair {
        name: KEY.to_owned(),
        user,
        public: PUBLIC_KEY.to_owned(),
        fingerprint: fingerprint(PUBLIC_KEY).unwrap_or_default(),
        created: now,
    });
    state
}

/// The operator's project, the user's project, the user.
fn people(state: &mut State) -> (String, String, String) {
    let [operator, project, user] = [(); 3].map(|()| hex());
    state.accounts.projects = vec![
        Project { id: operator.clone(), name: OPERATOR.to_owned() },
        Project { id: project.clone(), name: NAME.to_owned() },
    ];
    state.accounts.users.push(User {
        id: user.clone(),
        name: NAME.to_owned(),
        password: Secret::from(new_secret()),
        projects: vec![project.clone()],
        operates: false,
    });
    state.accounts.users.push(User {
        id: hex(),
        name: OPERATOR.to_owned(),
        password: Secret::from(new_secret()),
        projects: vec![operator.clone()],
        operates: true,
    });
    state.accounts.regions = vec![REGION.to_owned()];
    state.accounts.credentials.push(Credential {
        id: hex(),
        name: NAME.to_owned(),
        secret: Secret::from(new_secret()),
        user: user.clone(),
        project: project.clone(),
        description: None,
        expires: None,
        unrestricted: false,
        roles: vec!["reader", "member"],
        rules: Vec::new(),
    });
    (operator, project, user)
}

fn images(state: &mut State, owner: &str) {
    state.images = IMAGES
        .map(|(name, size, min_disk, min_memory)| Image {
            id: Uuid::new_v4().to_string(),
            name: name.to_owned(),
            owner: owner.to_owned(),
            size,
            min_disk,
            min_memory,
            created: state.now,
            copy_of: None,
        })
        .into();
}

/// Puts so many images there that are like one of the usual ones, `image-1`, `image-2` and so on.
pub(crate) fn more_images(state: &mut State, images: usize) {
    let Some(base) = state.images.first().cloned() else { return };
    let numbered = (1..=images).map(|number| (Uuid::new_v4().to_string(), format!("image-{number}")));
    state.images.extend(numbered.map(|(id, name)| Image { id, name, ..base.clone() }));
}

fn flavors(state: &mut State) {
    let numbered = (1..).zip(FLAVORS);
    state.flavors = numbered
        .map(|(number, (name, cores, memory, disk))| Flavor {
            id: format!("{number}"),
            name: name.to_owned(),
            cores,
            memory,
            disk,
        })
        .collect();
}

/// Gives the network's id.
fn network(state: &mut State, project: &str, name: &str, range: &str, external: bool) -> String {
    let network = Network {
        id: Uuid::new_v4().to_string(),
        name: name.to_owned(),
        project: project.to_owned(),
        external,
        up: true,
        mtu: if external { 1500 } else { 1450 },
        guarded: true,
        about: About { revision: 2, ..About::new("", state.now) },
    };
    if let Some(range) = Range::parse(range) {
        let id = Uuid::new_v4().to_string();
        let mut subnet = Subnet::new(id, &format!("{name}-subnet"), &network, range, state.now);
        if external {
            subnet.dhcp = false;
            subnet.set_pool([203, 0, 113, 10].into(), [203, 0, 113, 250].into());
        } else {
            subnet.name_servers = vec!["203.0.113.1".to_owned()];
        }
        state.subnets.push(subnet);
    }
    let id = network.id.clone();
    state.networks.push(network);
    id
}

/// Leads from the public network into the private one.
fn router(state: &mut State, project: &str, public: &str, private: &str) {
    let gateway = state.take_address(public).map(|fixed| Gateway {
        network: public.to_owned(),
        subnet: fixed.subnet,
        address: fixed.address,
        snat: true,
    });
    let router = Router {
        id: Uuid::new_v4().to_string(),
        name: "router".to_owned(),
        project: project.to_owned(),
        up: true,
        gateway,
        routes: Vec::new(),
        about: About { revision: 4, ..About::new("", state.now) },
    };
    if let Some(subnet) = state.subnets.iter_mut().find(|subnet| subnet.network == private) {
        let address = subnet.range.gateway();
        subnet.claim(address);
        let fixed = Fixed::new(&subnet.id, address);
        let mut port = state.new_port(project, private, vec![fixed]);
        (port.device, port.owner, port.guarded) = (router.id.clone(), ROUTER.to_owned(), false);
        port.about.revision = 2;
        state.ports.push(port);
    }
    state.routers.push(router);
}

fn groups(state: &mut State, project: &str) {
    let default = state.add_group(project, "default", "Default security group");
    let ssh = state.add_group(project, GROUP, "ssh from anywhere");
    let within = [false, true].map(|v6| Traffic { from_group: Some(default.clone()), ..Traffic::any(true, v6) });
    let shell = Traffic {
        protocol: Some("tcp".to_owned()),
        from_port: Some(22),
        to_port: Some(22),
        prefix: Some("0.0.0.0/0".to_owned()),
        description: Some(String::new()),
        ..Traffic::any(true, false)
    };
    let rules = within.map(|what| (default.clone(), what)).into_iter().chain([(ssh, shell)]);
    for (group, what) in rules {
        let rule = state.rule(what);
        if let Some(group) = state.groups.iter_mut().find(|one| one.id == group) {
            group.rules.push(rule);
        }
    }
}

/// A random id of 32 hexadecimal digits.
pub(crate) fn hex() -> String {
    Uuid::new_v4().simple().to_string()
}

/// A wish for a plain node of the seeded user.
pub(crate) fn wish(state: &State, name: &str) -> Wish {
    let user = state.accounts.user_named(NAME);
    let project = state.accounts.project_named(NAME);
    let own = state.networks.iter().filter(|network| network.name == NETWORK);
    let id_of = |id: Option<&String>| id.cloned().unwrap_or_default();
    Wish {
        name: name.to_owned(),
        count: 1,
        project: id_of(project.map(|project| &project.id)),
        user: id_of(user.map(|user| &user.id)),
        image: id_of(state.images.iter().find(|image| image.name == IMAGE).map(|image| &image.id)),
        flavor: id_of(state.flavors.iter().find(|flavor| flavor.name == FLAVOR).map(|flavor| &flavor.id)),
        plugs: own.map(|one| Plug::Network { id: one.id.clone(), address: None }).collect(),
        groups: state.groups.iter().filter(|group| group.name == "default").map(|one| one.id.clone()).collect(),
        ..Wish::default()
    }
}
