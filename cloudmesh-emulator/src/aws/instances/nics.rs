//! The network interfaces of an instance to be: `NetworkInterface.N`, or what stands at the top in place of them.

use std::net::Ipv4Addr;

use crate::aws::fault::Fault;
use crate::aws::form::Params;
use crate::aws::land::instance_type::InstanceType;
use crate::aws::land::interface::Plug;
use crate::aws::land::launch::Nic;
use crate::aws::land::tags::Tag;
use crate::aws::land::{Land, ids};

/// Where an instance shall be on the network.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    zone: Option<&'a str>,
    /// The interfaces; one, made of what stands at the top, when none are named.
    nics: Vec<One<'a>>,
}

#[derive(Debug)]
struct One<'a> {
    index: u32,
    existing: Option<&'a str>,
    subnet: Option<&'a str>,
    groups: Vec<&'a str>,
    names: Vec<&'a str>,
    private: Option<Ipv4Addr>,
    public: Option<bool>,
    description: &'a str,
    goes_with: Option<bool>,
}

impl<'a> Wish<'a> {
    pub(super) fn read(params: &Params<'a>) -> Result<Self, Fault> {
        let zone = params.part("Placement").and_then(|part| part.text("AvailabilityZone"));
        let top = One::top(params)?;
        let nics = params.parts("NetworkInterface").iter().map(One::read).collect::<Result<Vec<_>, _>>()?;
        if nics.is_empty() {
            return Ok(Self { zone, nics: vec![top] });
        }
        top.refuse_beside_nics()?;
        if nics.iter().any(|one| one.public.is_some()) && nics.len() > 1 {
            let told = "The associatePublicIPAddress parameter cannot be specified when launching with multiple network \
                        interfaces.";
            return Err(Fault::combination(told));
        }
        for (place, one) in nics.iter().enumerate() {
            if nics[..place].iter().any(|other| other.index == one.index) {
                let told = format!("The device index {} is used more than once", one.index);
                return Err(Fault::new("InvalidParameterValue", told));
            }
        }
        if !nics.iter().any(|one| one.index == 0) {
            return Err(Fault::combination("A network interface with device index 0 must be specified."));
        }
        Ok(Self { zone, nics })
    }

    /// The interfaces, if they can be.
    pub(super) fn find(&self, land: &Land, kind: &InstanceType, count: usize, tags: &[Tag]) -> Result<Vec<Nic>, Fault> {
        let (most, _) = kind.interfaces();
        if self.nics.len() > most as usize {
            let told = format!("Interface count {} exceeds the limit for {}", self.nics.len(), kind.name);
            return Err(Fault::new("AttachmentLimitExceeded", told));
        }
        let mut zone: Option<String> = None;
        let mut found = Vec::new();
        for one in &self.nics {
            // Whatever says nothing of its place is where the first one is.
            let there = zone.as_deref().or(self.zone);
            let (nic, own) = find(one, there, land, count, tags)?;
            if *zone.get_or_insert_with(|| own.clone()) != own {
                let told = "All network interfaces must be in subnets of the same Availability Zone.";
                return Err(Fault::combination(told));
            }
            found.push(nic);
        }
        Ok(found)
    }
}

/// An interface, and the zone it is or will be in.
fn find(one: &One<'_>, zone: Option<&str>, land: &Land, count: usize, tags: &[Tag]) -> Result<(Nic, String), Fault> {
    if let Some(id) = one.existing {
        let found = land.interfaces.get(id).ok_or_else(|| ids::INTERFACE.missing(id))?;
        if count > 1 {
            let told = "A network interface that exists can be given to one instance only";
            return Err(Fault::combination(told));
        }
        if found.attachment.is_some() {
            let told = format!("Interface: [{id}] in use.");
            return Err(Fault::new("InvalidNetworkInterface.InUse", told));
        }
        return Ok((Nic::Existing { id: id.to_owned(), index: one.index }, found.zone.clone()));
    }
    let owned = |all: &[&str]| all.iter().map(ToString::to_string).collect();
    let plug = Plug {
        subnet: one.subnet.map(str::to_owned),
        zone: zone.map(str::to_owned),
        groups: owned(&one.groups),
        group_names: owned(&one.names),
        public: one.public,
        private: one.private,
        description: one.description.to_owned(),
        tags: tags.to_vec(),
    };
    if one.private.is_some() && count > 1 {
        let told = "A private IP address can be given to one instance only";
        return Err(Fault::combination(told));
    }
    let place = land.place(&plug)?;
    if land.subnets.get(&place.subnet).is_some_and(|subnet| subnet.free() < count) {
        let told = format!(
            "There are not enough free addresses in subnet '{}' to satisfy the requested number of instances.",
            place.subnet
        );
        return Err(Fault::new("InsufficientFreeAddressesInSubnet", told));
    }
    // All of them shall be where the first one is.
    let plug = Plug { subnet: Some(place.subnet), groups: place.groups, group_names: Vec::new(), ..plug };
    Ok((Nic::New { plug, index: one.index, goes_with: one.goes_with.unwrap_or(true) }, place.zone))
}

impl<'a> One<'a> {
    /// What stands at the top.
    fn top(params: &Params<'a>) -> Result<Self, Fault> {
        Ok(Self {
            index: 0,
            existing: None,
            subnet: params.text("SubnetId"),
            groups: params.list("SecurityGroupId"),
            names: params.list("SecurityGroup"),
            private: address(params)?,
            public: None,
            description: "",
            goes_with: None,
        })
    }

    fn read(part: &Params<'a>) -> Result<Self, Fault> {
        let existing = part.text("NetworkInterfaceId");
        let index = part.number("DeviceIndex")?;
        let index = index.ok_or_else(|| {
            let told = "Each network interface requires a device index.";
            Fault::new("InvalidParameterValue", told)
        })?;
        part.text("InterfaceType");
        part.number::<u32>("NetworkCardIndex")?;
        let one = Self {
            index,
            existing,
            subnet: part.text("SubnetId"),
            groups: part.list("SecurityGroupId"),
            names: Vec::new(),
            private: address(part)?,
            public: part.flag("AssociatePublicIpAddress")?,
            description: part.text("Description").unwrap_or_default(),
            goes_with: part.flag("DeleteOnTermination")?,
        };
        if existing.is_some() && (one.subnet.is_some() || !one.groups.is_empty() || one.public.is_some()) {
            let told = "A network interface may not specify both a network interface ID and what a new one is made of";
            return Err(Fault::combination(told));
        }
        Ok(one)
    }

    /// Interfaces and what stands at the top exclude each other.
    fn refuse_beside_nics(&self) -> Result<(), Fault> {
        let refused = |what: &str| {
            let told =
                format!("Network interfaces and an instance-level {what} may not be specified on the same request");
            Err(Fault::combination(told))
        };
        match self {
            Self { subnet: Some(_), .. } => refused("subnet ID"),
            Self { private: Some(_), .. } => refused("private address"),
            one if !one.groups.is_empty() || !one.names.is_empty() => refused("security groups"),
            _ => Ok(()),
        }
    }
}

fn address(params: &Params<'_>) -> Result<Option<Ipv4Addr>, Fault> {
    let Some(text) = params.text("PrivateIpAddress") else { return Ok(None) };
    let told = |_| Fault::value("privateIpAddress", text, "Not a valid IPv4 address");
    text.parse().map(Some).map_err(told)
}
