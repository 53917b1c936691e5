//! The ids of resources: a prefix that tells the kind, and hexadecimal digits.

use uuid::Uuid;

use crate::aws::fault::Fault;

/// The digits of an id that is made today; older ones have 8.
const DIGITS: usize = 17;

/// A kind of resource, as its ids tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// What stands before the dash.
    pub(crate) prefix: &'static str,
    /// The name of the kind in tags.
    pub(crate) name: &'static str,
    /// The code for an id that nothing has.
    missing: &'static str,
    /// The code for what is no id at all.
    malformed: &'static str,
    /// What the messages call it.
    noun: &'static str,
}

macro_rules! kinds {
    ($($constant:ident $prefix:literal $name:literal $missing:literal $malformed:literal $noun:literal;)*) => {
        $(pub(crate) const $constant: Kind = Kind {
            prefix: $prefix, name: $name, missing: $missing, malformed: $malformed, noun: $noun,
        };)*
        /// All kinds.
        const KINDS: &[Kind] = &[$($constant),*];
    };
}

kinds! {
    INSTANCE "i" "instance" "InvalidInstanceID.NotFound" "InvalidInstanceID.Malformed" "instance ID";
    IMAGE "ami" "image" "InvalidAMIID.NotFound" "InvalidAMIID.Malformed" "image id";
    KEY_PAIR "key" "key-pair" "InvalidKeyPair.NotFound" "InvalidKeyPair.NotFound" "key pair ID";
    GROUP "sg" "security-group" "InvalidGroup.NotFound" "InvalidGroupId.Malformed" "security group";
    RULE "sgr" "security-group-rule" "InvalidSecurityGroupRuleId.NotFound" "InvalidSecurityGroupRuleId.Malformed"
        "security group rule ID";
    VPC "vpc" "vpc" "InvalidVpcID.NotFound" "InvalidVpcId.Malformed" "vpc ID";
    SUBNET "subnet" "subnet" "InvalidSubnetID.NotFound" "InvalidSubnetId.Malformed" "subnet ID";
    INTERFACE "eni" "network-interface" "InvalidNetworkInterfaceID.NotFound" "InvalidNetworkInterfaceId.Malformed"
        "networkInterface ID";
    ALLOCATION "eipalloc" "elastic-ip" "InvalidAllocationID.NotFound" "InvalidAllocationID.Malformed"
        "allocation ID";
    ASSOCIATION "eipassoc" "elastic-ip-association" "InvalidAssociationID.NotFound" "InvalidAssociationID.Malformed"
        "association ID";
    VOLUME "vol" "volume" "InvalidVolume.NotFound" "InvalidVolumeID.Malformed" "volume";
    SNAPSHOT "snap" "snapshot" "InvalidSnapshot.NotFound" "InvalidSnapshotID.Malformed" "snapshot";
    GATEWAY "igw" "internet-gateway" "InvalidInternetGatewayID.NotFound" "InvalidInternetGatewayId.Malformed"
        "internetGateway ID";
    ROUTE_TABLE "rtb" "route-table" "InvalidRouteTableID.NotFound" "InvalidRouteTableId.Malformed" "routeTable ID";
    SPOT_REQUEST "sir" "spot-instances-request" "InvalidSpotInstanceRequestID.NotFound"
        "InvalidSpotInstanceRequestID.Malformed" "spot instance request ID";
    PREFIX_LIST "pl" "prefix-list" "InvalidPrefixListId.NotFound" "InvalidPrefixListId.Malformed" "prefix list ID";
}

impl Kind {
    /// Another id.
    pub(crate) fn id(self) -> String {
        format!("{}-{}", self.prefix, &Uuid::new_v4().simple().to_string()[..DIGITS])
    }

    /// Whether a text could be an id of this kind.
    pub(crate) fn fits(self, text: &str) -> bool {
        text.strip_prefix(self.prefix).and_then(|rest| rest.strip_prefix('-')).is_some_and(is_number)
    }

    /// That nothing has such an id, or that it is no id.
    pub(crate) fn missing(self, id: &str) -> Fault {
        if !self.fits(id) {
            return self.malformed(id);
        }
        match self {
            IMAGE => Fault::new(self.missing, format!("The image id '[{id}]' does not exist")),
            VOLUME | SNAPSHOT => Fault::new(self.missing, format!("The {} '{id}' does not exist.", self.noun)),
            _ => Fault::new(self.missing, format!("The {} '{id}' does not exist", self.noun)),
        }
    }

    /// That a text is no id of this kind.
    pub(crate) fn malformed(self, id: &str) -> Fault {
        Fault::new(self.malformed, format!("Invalid id: \"{id}\" (expecting \"{}-...\")", self.prefix))
    }
}

/// The kind whose ids look like this one.
pub(crate) fn kind(id: &str) -> Option<Kind> {
    KINDS.iter().copied().find(|kind| kind.fits(id))
}

/// The kind of that name.
pub(crate) fn named(name: &str) -> Option<Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

fn is_number(digits: &str) -> bool {
    matches!(digits.len(), 8 | DIGITS) && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::{GROUP, INSTANCE, RULE, kind};

    #[test]
    fn ids_tell_their_kind() {
        assert_eq!(kind(&GROUP.id()), Some(GROUP));
        assert_eq!(kind("sgr-0123456789abcdef0"), Some(RULE));
        assert_eq!(kind("i-1234abcd"), Some(INSTANCE));
        for text in ["i-", "i-1234", "i-0123456789ABCDEF0", "sg_0123456789abcdef0", "web", "x-0123456789abcdef0"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
