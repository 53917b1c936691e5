//! What a cloud can be asked for: one trait that every provider implements, and optional ones for what some lack.

mod capability;
mod compute;
mod optional;

pub use self::capability::{Capabilities, Capability};
pub use self::compute::ComputeNodeABC;
pub use self::optional::{
    Console, Keys, Leftover, Leftovers, Metadata, PublicIps, Raw, RawCall, Rename, Resize, SecurityGroups, Suspend,
};
