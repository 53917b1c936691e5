//! What clouds are made of, in the same shape for all of them.

mod address;
mod catalogue;
mod identity;
mod key;
mod login;
mod marks;
mod node;
mod query;
mod secgroup;
mod spec;
mod state;
mod token;

pub use self::address::PublicIp;
pub use self::catalogue::{Flavor, Image};
pub use self::identity::Identity;
pub use self::key::{KeyPair, PublicKey};
pub use self::login::login_name;
pub use self::marks::Marks;
pub use self::node::{Fault, Node, NodeId};
pub use self::query::{FlavorQuery, ImageQuery, NodeQuery};
pub use self::secgroup::{Direction, Ethertype, Protocol, SecurityGroup, SecurityRule};
pub use self::spec::{NodeSpec, UserData};
pub use self::state::{NodeState, RebootKind};
pub use self::token::Token;
