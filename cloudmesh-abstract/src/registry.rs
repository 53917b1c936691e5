//! Finding the providers that are linked into a program.

use std::collections::BTreeMap;

use crate::{ComputeNodeABC, Context, Describe, Error, ErrorKind, Key, Result, Settings};

/// What a provider says about itself so that others can make one by its kind.
pub trait Connect: ComputeNodeABC + Sized {
    /// The kind, as `cm.kind` in the configuration says it: lower case, no spaces.
    const KIND: &'static str;
    /// The cloud's name, as people write it.
    const ABOUT: &'static str;
    /// What it must be told.
    type Config: Describe;

    /// Makes a provider. No I/O happens here; the first operation signs in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for what can be seen to be wrong without asking the cloud.
    fn connect(config: Self::Config, context: Context) -> Result<Self>;

    /// Settings that show what a user writes. They connect without an error, to nothing.
    fn example() -> Settings;
}

/// One provider that is linked into this program. [`register!`](crate::register!) makes it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Registration {
    /// The kind, as `cm.kind` in the configuration says it.
    pub kind: &'static str,
    /// The cloud's name, as people write it.
    pub about: &'static str,
    /// The crate that it comes from.
    pub package: &'static str,
    /// The version of that crate.
    pub version: &'static str,
    /// What it must be told.
    pub keys: &'static [Key],
    connect: fn(&Settings, Context) -> Result<Box<dyn ComputeNodeABC>>,
    example: fn() -> Settings,
}

impl Registration {
    /// The registration of a provider type.
    #[doc(hidden)]
    pub const fn of<P: Connect>(package: &'static str, version: &'static str) -> Self {
        Self {
            kind: P::KIND,
            about: P::ABOUT,
            package,
            version,
            keys: <P::Config as Describe>::KEYS,
            connect: |settings, context| Ok(Box::new(P::connect(settings.parse()?, context)?)),
            example: P::example,
        }
    }

    /// Makes a provider from what a user says about a cloud. No I/O happens.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with the key path of the mistake.
    pub fn connect(&self, settings: &Settings, context: Context) -> Result<Box<dyn ComputeNodeABC>> {
        let cloud = context.cloud().to_owned();
        (self.connect)(settings, context).map_err(|error| error.in_cloud(&cloud))
    }

    /// Settings that show what a user writes.
    pub fn example(&self) -> Settings {
        (self.example)()
    }
}

inventory::collect!(Registration);

/// Registers a provider, so that every program that links its crate finds it.
///
/// A crate is linked only when some source names it: `use cloudmesh_openstack as _;` is enough.
#[macro_export]
macro_rules! register {
    ($provider:ty) => {
        $crate::private::inventory::submit! {
            $crate::Registration::of::<$provider>(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
        }
    };
}

/// All providers that are linked, by kind.
///
/// # Errors
///
/// [`ErrorKind::Config`] when two of them claim the same kind.
pub fn registrations() -> Result<Vec<&'static Registration>> {
    let mut found = BTreeMap::<&str, &Registration>::new();
    for registration in inventory::iter::<Registration> {
        if let Some(other) = found.insert(registration.kind, registration) {
            return Err(claimed_twice(other, registration));
        }
    }
    Ok(found.into_values().collect())
}

fn claimed_twice(one: &Registration, other: &Registration) -> Error {
    let mut names = [one, other].map(|found| format!("{} {}", found.package, found.version));
    names.sort();
    let message = format!("two crates claim the kind `{}`: {}; link one of them", one.kind, names.join(" and "));
    Error::new(ErrorKind::Config, message)
}

/// The linked provider of a kind; `None` where there is none.
///
/// # Errors
///
/// As [`registrations`].
pub fn registration(kind: &str) -> Result<Option<&'static Registration>> {
    Ok(registrations()?.into_iter().find(|registration| registration.kind == kind))
}
