//! What every provider must do, as checks that run against any cloud.

mod target;

pub use self::target::{Disturbance, Exception, On, Props, Seen, Stage, Target, Trouble, Troubles};
