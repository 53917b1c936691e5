//! What a provider can do beyond the required operations.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use super::ComputeNodeABC;
use crate::Operation;

/// One of the optional traits.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum Capability {
    /// [`Suspend`](super::Suspend).
    Suspend,
    /// [`Rename`](super::Rename).
    Rename,
    /// [`Resize`](super::Resize).
    Resize,
    /// [`Metadata`](super::Metadata).
    Metadata,
    /// [`Keys`](super::Keys).
    Keys,
    /// [`PublicIps`](super::PublicIps).
    PublicIps,
    /// [`SecurityGroups`](super::SecurityGroups).
    Secgroups,
    /// [`Console`](super::Console).
    Console,
    /// [`Leftovers`](super::Leftovers).
    Leftovers,
    /// [`Raw`](super::Raw).
    Raw,
}

/// The capabilities of one provider, found by asking its accessors, so that they cannot be wrong.
pub type Capabilities = BTreeSet<Capability>;

impl Capability {
    /// What `provider` can do.
    pub fn of(provider: &dyn ComputeNodeABC) -> Capabilities {
        Self::VARIANTS.iter().copied().filter(|capability| capability.is_in(provider)).collect()
    }

    fn is_in(self, provider: &dyn ComputeNodeABC) -> bool {
        match self {
            Self::Suspend => provider.as_suspend().is_some(),
            Self::Rename => provider.as_rename().is_some(),
            Self::Resize => provider.as_resize().is_some(),
            Self::Metadata => provider.as_metadata().is_some(),
            Self::Keys => provider.as_keys().is_some(),
            Self::PublicIps => provider.as_public_ips().is_some(),
            Self::Secgroups => provider.as_secgroups().is_some(),
            Self::Console => provider.as_console().is_some(),
            Self::Leftovers => provider.as_leftovers().is_some(),
            Self::Raw => provider.as_raw().is_some(),
        }
    }

    /// The capability that an operation needs; `None` for those that every provider has.
    pub fn needed_by(operation: Operation) -> Option<Self> {
        use Operation as O;
        match operation {
            O::Suspend | O::Resume => Some(Self::Suspend),
            O::Rename => Some(Self::Rename),
            O::Resize => Some(Self::Resize),
            O::GetServerMetadata | O::SetServerMetadata | O::DeleteServerMetadata => Some(Self::Metadata),
            O::Keys | O::KeyUpload | O::KeyDelete => Some(Self::Keys),
            O::ListPublicIps | O::CreatePublicIp | O::AttachPublicIp | O::DetachPublicIp | O::DeletePublicIp => {
                Some(Self::PublicIps)
            }
            O::ListSecgroups
            | O::ListSecgroupRules
            | O::AddSecgroup
            | O::RemoveSecgroup
            | O::AddRulesToSecgroup
            | O::RemoveRulesFromSecgroup => Some(Self::Secgroups),
            O::Console | O::Log => Some(Self::Console),
            O::Leftovers | O::RemoveLeftover => Some(Self::Leftovers),
            O::Raw => Some(Self::Raw),
            O::List
            | O::Find
            | O::Info
            | O::Create
            | O::Start
            | O::Stop
            | O::Reboot
            | O::Destroy
            | O::Images
            | O::Image
            | O::Flavors
            | O::Flavor
            | O::Whoami => None,
        }
    }
}
