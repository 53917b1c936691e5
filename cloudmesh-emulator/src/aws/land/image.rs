//! Machine images.

use jiff::Timestamp;

use super::tags::Tag;
use super::{Land, ids};
use crate::aws::fault::Fault;

/// The architecture of images and instance types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arch {
    I386,
    X86,
    Arm,
}

impl Arch {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::I386 => "i386",
            Self::X86 => "x86_64",
            Self::Arm => "arm64",
        }
    }
}

/// An image.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    /// The number of the account that it belongs to.
    pub(crate) owner: String,
    /// What the vendor calls that account.
    pub(crate) alias: Option<&'static str>,
    pub(crate) arch: Arch,
    pub(crate) system: System,
    pub(crate) created: Timestamp,
    pub(crate) deprecated: Option<Timestamp>,
    pub(crate) public: bool,
    pub(crate) root: &'static str,
    pub(crate) snapshot: String,
    /// In GiB.
    pub(crate) size: u64,
    /// Whether what boots from it is asked for a token by the metadata service, unless it says otherwise.
    pub(crate) imds_v2: bool,
    /// The instance that it is a copy of.
    pub(crate) copy_of: Option<String>,
    /// When a copy is ready.
    pub(crate) ready: Timestamp,
}

/// The kind of system on an image, as its price has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    Linux,
    RedHat,
    Suse,
    Windows,
}

impl System {
    pub(crate) fn details(self) -> &'static str {
        match self {
            Self::Linux => "Linux/UNIX",
            Self::RedHat => "Red Hat Enterprise Linux",
            Self::Suse => "SUSE Linux",
            Self::Windows => "Windows",
        }
    }

    /// The code of the operation that is billed.
    pub(crate) fn usage(self) -> &'static str {
        match self {
            Self::Linux => "RunInstances",
            Self::RedHat => "RunInstances:0010",
            Self::Suse => "RunInstances:000g",
            Self::Windows => "RunInstances:0002",
        }
    }
}

impl Image {
    pub(crate) fn state(&self, now: Timestamp) -> &'static str {
        if self.ready > now { "pending" } else { "available" }
    }

    pub(crate) fn is_deprecated(&self, now: Timestamp) -> bool {
        self.deprecated.is_some_and(|time| time <= now)
    }
}

impl Land {
    /// The image of that id, if the account may use it.
    pub(crate) fn image(&self, id: &str) -> Result<&Image, Fault> {
        let may_use = |image: &&Image| image.public || image.owner == self.account;
        self.images.get(id).filter(may_use).ok_or_else(|| ids::IMAGE.missing(id))
    }

    /// Makes an image of an instance, which is ready after a while.
    pub(crate) fn add_image(&mut self, copy: &Copy<'_>) -> Result<String, Fault> {
        let Copy { instance, base, name, description, tags } = *copy;
        check_name(name)?;
        let own = |image: &&Image| image.owner == self.account && image.name == name;
        if let Some(other) = self.images.iter().find(own) {
            let told = format!("AMI name {name} is already in use by AMI {}", other.id);
            return Err(Fault::new("InvalidAMIName.Duplicate", told));
        }
        let id = ids::IMAGE.id();
        let ready = self.soon();
        let image = Image {
            id: id.clone(),
            name: name.to_owned(),
            description: description.to_owned(),
            owner: self.account.clone(),
            alias: None,
            created: self.now,
            deprecated: None,
            public: false,
            snapshot: ids::SNAPSHOT.id(),
            copy_of: Some(instance.to_owned()),
            ready,
            ..self.image(base)?.clone()
        };
        self.images.insert(&id, image);
        self.tags.set(&id, tags);
        Ok(id)
    }

    /// Removes an image of the account.
    pub(crate) fn remove_image(&mut self, id: &str) -> Result<(), Fault> {
        if self.image(id)?.owner != self.account {
            let told = format!("Not authorized for images: [{id}]");
            return Err(Fault::new("AuthFailure", told));
        }
        self.images.remove(id);
        self.tags.forget(id);
        Ok(())
    }
}

/// What a copy of an instance is made of.
#[derive(Debug)]
pub(crate) struct Copy<'a> {
    pub(crate) instance: &'a str,
    /// The image that the instance booted from.
    pub(crate) base: &'a str,
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) tags: &'a [Tag],
}

fn check_name(name: &str) -> Result<(), Fault> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "()[]. /-'@_".contains(letter);
    if (3..=128).contains(&name.len()) && name.chars().all(fits) {
        return Ok(());
    }
    let told = format!(
        "Invalid AMI name '{name}': AMI names must be between 3 and 128 characters long, and may contain letters, numbers, \
         '(', ')', '.', '-', '/' and '_'"
    );
    Err(Fault::new("InvalidAMIName.Malformed", told))
}

#[cfg(test)]
mod tests {
    use super::{Copy, Land};

    #[test]
    fn copies_belong_to_the_account() {
        let mut land = Land::example();
        let base = land.images.iter().next().unwrap().id.clone();
        let mut copy = |name| land.add_image(&Copy { instance: "i-1", base: &base, name, description: "", tags: &[] });
        let id = copy("golden").unwrap();
        assert_eq!(copy("golden").unwrap_err().code, "InvalidAMIName.Duplicate");
        assert_eq!(copy("a").unwrap_err().code, "InvalidAMIName.Malformed");
        let image = land.image(&id).unwrap();
        assert_eq!((image.owner.as_str(), image.state(land.now)), (land.account.as_str(), "pending"));
        land.remove_image(&id).unwrap();
        assert_eq!(land.remove_image(&id).unwrap_err().code, "InvalidAMIID.NotFound");
        assert_eq!(land.remove_image(&base).unwrap_err().code, "AuthFailure");
    }

    #[test]
    fn what_is_no_id_is_told() {
        let land = Land::example();
        assert_eq!(land.image("ubuntu").unwrap_err().code, "InvalidAMIID.Malformed");
        assert_eq!(land.image("ami-0123456789abcdef0").unwrap_err().code, "InvalidAMIID.NotFound");
    }
}
