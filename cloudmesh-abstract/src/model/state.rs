//! The one vocabulary of states.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// The state of a node, in the same words on every cloud.
///
/// The vendor's own word stands beside it in [`Node::vendor_status`](crate::Node::vendor_status).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[non_exhaustive]
pub enum NodeState {
    /// On its way to running, for the first time or again.
    Pending,
    /// Running, as far as the cloud can tell.
    Running,
    /// On its way to stopped.
    Stopping,
    /// Stopped; its disk is kept.
    Stopped,
    /// On its way to suspended.
    Suspending,
    /// Stopped with its memory kept.
    Suspended,
    /// Restarting.
    Rebooting,
    /// On its way to deleted.
    Deleting,
    /// Gone.
    Deleted,
    /// Broken; [`Node::fault`](crate::Node::fault) may say why.
    Error,
    /// A word of the vendor's that nobody here has met.
    #[default]
    #[serde(other)]
    Unknown,
}

impl NodeState {
    /// True while the node is on its way to another state.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Pending | Self::Stopping | Self::Suspending | Self::Rebooting | Self::Deleting)
    }
}

/// How to reboot a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Display, EnumString)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum RebootKind {
    /// The guest is asked to restart.
    #[default]
    Soft,
    /// The power is cut and restored.
    Hard,
}

#[cfg(test)]
mod tests {
    use super::NodeState;
    use strum::VariantArray;

    #[test]
    fn reads_back_what_it_writes() {
        for state in NodeState::VARIANTS {
            assert_eq!(state.to_string().parse(), Ok(*state));
            assert_eq!(serde_json::to_string(state).unwrap(), format!("\"{state}\""));
        }
    }

    #[test]
    fn a_word_from_the_future_is_unknown() {
        assert_eq!(serde_json::from_str::<NodeState>("\"teleporting\"").unwrap(), NodeState::Unknown);
    }
}
