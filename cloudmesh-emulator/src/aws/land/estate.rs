//! What a region has before anybody makes anything in it, and what all parts of it need.

use jiff::Timestamp;

use super::group::Rule;
use super::image::{Arch, Image};
use super::public_key::PublicKey;
use super::regions::{REGIONS, Region, Zone, region};
use super::seed;
use super::traffic::{Peer, Protocol, Traffic};
use super::{Land, catalogue};
use crate::aws::fault::Fault;

/// The key of the key pair that there is from the start.
const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEVtdWxhdGVkQ2xvdWRtZXNoRGVtb0tleTAwMDAwMDAw";

/// How much there may be of what is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Addresses that the account keeps.
    pub(crate) addresses: usize,
    pub(crate) vpcs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { addresses: 5, vpcs: 5 }
    }
}

impl Land {
    /// Puts there what a new region has.
    pub(super) fn furnish(&mut self) {
        self.seed_default_vpc();
        for image in catalogue::images(&self.region, self.now) {
            self.images.insert(&image.id.clone(), image);
        }
        self.seed_image();
        self.seed_key();
        self.seed_group();
    }

    fn seed_image(&mut self) {
        let Some(base) = self.newest_image(seed::BASE, Arch::X86).cloned() else { return };
        let id = super::ids::IMAGE.id();
        let (name, description) = (seed::OWN_IMAGE.to_owned(), "A web server, ready to boot".to_owned());
        let (owner, alias, public, deprecated) = (self.account.clone(), None, false, None);
        self.images.insert(&id, Image { id: id.clone(), name, description, owner, alias, public, deprecated, ..base });
    }

    fn seed_key(&mut self) {
        if let Ok(public) = PublicKey::parse(PUBLIC_KEY.as_bytes()) {
            let fingerprint = public.fingerprint();
            // A name that is ours and taken by nobody is never refused.
            let _ = self.add_key(seed::KEY, public, fingerprint, &[]);
        }
    }

    fn seed_group(&mut self) {
        let Some(vpc) = self.default_vpc().map(|vpc| vpc.id.clone()) else { return };
        let id = self.put_group(&vpc, seed::GROUP, "ssh from anywhere");
        if let (Some(group), Ok(peer)) = (self.groups.get_mut(&id), Peer::v4("0.0.0.0/0")) {
            group.rules.push(Rule::new(false, Traffic { protocol: Protocol::TCP, from: 22, to: 22, peer }, None));
        }
    }

    /// Lets the members of a group reach each other.
    pub(super) fn let_in_members(&mut self, id: &str) {
        let peer = Peer::Group { id: id.to_owned(), user: self.account.clone() };
        if let Some(group) = self.groups.get_mut(id) {
            group.rules.insert(0, Rule::new(false, Traffic::any(peer), None));
        }
    }

    /// Puts so many public images there, beside the official ones.
    pub(crate) fn fill_images(&mut self, count: usize) {
        for number in 1..=count {
            let image = catalogue::filler(&self.region, self.now, number);
            self.images.insert(&image.id.clone(), image);
        }
        self.prepared.forget();
    }

    /// The newest official image whose name begins like that, for an architecture.
    pub(crate) fn newest_image(&self, begin: &str, arch: Arch) -> Option<&Image> {
        let official = |image: &&Image| image.alias.is_some() && image.arch == arch && image.name.starts_with(begin);
        self.images.iter().filter(official).max_by_key(|image| image.created)
    }

    /// The region.
    pub(crate) fn region(&self) -> &'static Region {
        region(&self.region).unwrap_or(&REGIONS[0])
    }

    /// Its zones, the first being the one that is taken when nothing is said.
    pub(crate) fn zones(&self) -> Vec<Zone> {
        self.region().zones()
    }

    /// The id of a zone.
    pub(crate) fn zone_id(&self, name: &str) -> String {
        self.zones().into_iter().find(|zone| zone.name == name).map(|zone| zone.id).unwrap_or_default()
    }

    /// When what begins now is done.
    pub(crate) fn soon(&self) -> Timestamp {
        self.now.checked_add(self.pace).unwrap_or(self.now)
    }

    /// The name of a resource across all accounts.
    pub(crate) fn arn(&self, what: &str) -> String {
        format!("arn:aws:ec2:{}:{}:{what}", self.region, self.account)
    }
}

/// That something else still needs a thing.
pub(super) fn in_use(id: &str) -> Fault {
    Fault::new("DependencyViolation", format!("resource {id} has a dependent object"))
}

#[cfg(test)]
impl Land {
    /// A region as it is at first.
    pub(crate) fn example() -> Self {
        Self::new("us-east-2", "123456789012", Timestamp::now(), std::time::Duration::from_secs(10))
    }
}

#[cfg(test)]
mod tests {
    use super::{Land, seed};
    use crate::aws::land::image::Arch;

    #[test]
    fn a_region_is_furnished() {
        let land = Land::example();
        assert!(land.key(seed::KEY).is_some());
        let names: Vec<&str> = land.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["default", seed::GROUP]);
        assert_eq!(land.images.iter().filter(|image| image.owner == land.account).count(), 1);
        let noble = land.newest_image("ubuntu/images/hvm-ssd-gp3/ubuntu-noble", Arch::X86).unwrap();
        assert_eq!((noble.owner.as_str(), noble.is_deprecated(land.now)), ("099720109477", false));
        assert_eq!((land.zones().len(), land.zone_id("us-east-2c").as_str()), (3, "use2-az3"));
    }

    #[test]
    fn the_catalogue_can_be_large() {
        let mut land = Land::example();
        let before = land.images.len();
        land.fill_images(1_000);
        assert_eq!(land.images.len(), before + 1_000);
    }
}
