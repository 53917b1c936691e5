//! An instance, its states, and what it was made with.

use cloudmesh_abstract::Secret;
use jiff::Timestamp;

use super::image::{Arch, System};
use super::instance_type::InstanceType;

/// The state of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Running,
    ShuttingDown,
    Terminated,
    Stopping,
    Stopped,
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::ShuttingDown => "shutting-down",
            Self::Terminated => "terminated",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
        }
    }

    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Pending => 0,
            Self::Running => 16,
            Self::ShuttingDown => 32,
            Self::Terminated => 48,
            Self::Stopping => 64,
            Self::Stopped => 80,
        }
    }

    /// Where it leads by itself.
    pub(super) fn next(self) -> Option<Self> {
        match self {
            Self::Pending => Some(Self::Running),
            Self::ShuttingDown => Some(Self::Terminated),
            Self::Stopping => Some(Self::Stopped),
            Self::Running | Self::Terminated | Self::Stopped => None,
        }
    }

    /// Whether it ends, or has ended.
    pub(crate) fn is_ending(self) -> bool {
        matches!(self, Self::ShuttingDown | Self::Terminated)
    }
}

/// Why an instance is in its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Shutdown,
    Hibernation,
}

impl Reason {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Shutdown => "Client.UserInitiatedShutdown",
            Self::Hibernation => "Client.UserInitiatedHibernate",
        }
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Shutdown => "Client.UserInitiatedShutdown: User initiated shutdown",
            Self::Hibernation => "Client.UserInitiatedHibernate: User initiated hibernate",
        }
    }
}

/// A virtual machine.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) id: String,
    pub(crate) reservation: String,
    /// Its number among those of the same request.
    pub(crate) index: usize,
    pub(crate) token: Option<String>,
    pub(crate) image: String,
    pub(crate) arch: Arch,
    pub(crate) system: System,
    /// The device of its first volume.
    pub(crate) root: &'static str,
    pub(crate) kind: &'static InstanceType,
    pub(crate) key: Option<String>,
    pub(crate) vpc: String,
    pub(crate) subnet: String,
    pub(crate) zone: String,
    pub(crate) state: State,
    pub(super) until: Option<Timestamp>,
    pub(crate) reason: Option<(Reason, Timestamp)>,
    pub(crate) launched: Timestamp,
    /// Since when it runs or ran.
    pub(crate) booted: Option<Timestamp>,
    /// When everybody knows of it.
    pub(super) known: Timestamp,
    /// To how many more requests it is unknown.
    pub(super) hidden: usize,
    pub(crate) options: Options,
}

/// What an instance was made with, and what can be changed of it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own at EC2")]
pub(crate) struct Options {
    /// In base64.
    pub(crate) user_data: Option<Secret>,
    pub(crate) hibernates: bool,
    pub(crate) spot: Option<Spot>,
    pub(crate) metadata: MetadataOptions,
    pub(crate) monitored: bool,
    pub(crate) ebs_optimized: bool,
    pub(crate) protected: bool,
    pub(crate) stop_protected: bool,
    pub(crate) terminates_on_shutdown: bool,
    pub(crate) source_dest_check: bool,
    /// The name of a role's profile.
    pub(crate) profile: Option<String>,
    pub(crate) tenancy: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            user_data: None,
            hibernates: false,
            spot: None,
            metadata: MetadataOptions::default(),
            monitored: false,
            ebs_optimized: false,
            protected: false,
            stop_protected: false,
            terminates_on_shutdown: false,
            source_dest_check: true,
            profile: None,
            tenancy: "default",
        }
    }
}

/// How an instance is a spot instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The id of its request.
    pub(crate) request: String,
    pub(crate) persistent: bool,
    pub(crate) interruption: &'static str,
    pub(crate) price: Option<String>,
    pub(crate) cancelled: bool,
}

/// How an instance can ask about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own at EC2")]
pub(crate) struct MetadataOptions {
    pub(crate) tokens_required: bool,
    pub(crate) hops: u32,
    pub(crate) enabled: bool,
    pub(crate) ipv6: bool,
    pub(crate) tags: bool,
}

impl Default for MetadataOptions {
    fn default() -> Self {
        Self { tokens_required: false, hops: 1, enabled: true, ipv6: false, tags: false }
    }
}

impl Instance {
    /// Whether it has ended.
    pub(crate) fn is_gone(&self) -> bool {
        self.state == State::Terminated
    }
}
