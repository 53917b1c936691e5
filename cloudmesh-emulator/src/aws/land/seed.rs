//! What a new region begins with.

/// An image that boots on every instance type.
pub(crate) const IMAGE: &str = "ubuntu-24.04";
/// An instance type that the image boots on.
pub(crate) const FLAVOR: &str = "t3.micro";
/// A key pair.
pub(crate) const KEY: &str = "demo-key";
/// A security group that lets ssh in.
pub(crate) const GROUP: &str = "ssh";
