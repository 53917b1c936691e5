//! What a new region begins with.

/// A name that provider and user have for the newest image of a family.
pub(crate) const IMAGE: &str = "ubuntu-24.04";
/// What the names of that family's images for x86 begin with.
pub(crate) const BASE: &str = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble";
/// An image of the account's own, of the same family.
pub(crate) const OWN_IMAGE: &str = "golden-web";
/// An instance type that the image boots on.
pub(crate) const FLAVOR: &str = "t3.micro";
/// A key pair.
pub(crate) const KEY: &str = "demo-key";
/// A security group that lets ssh in.
pub(crate) const GROUP: &str = "ssh";
