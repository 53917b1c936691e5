//! From the vendor's records to the model. Pure functions.

pub(crate) mod address;
pub(crate) mod flavor;
pub(crate) mod group;
pub(crate) mod image;
pub(crate) mod key;
pub(crate) mod marks;
pub(crate) mod node;
pub(crate) mod rule;
