//! Nodes of one cloud by name, pattern or id.

use super::wait;
use crate::{Goal, Outcome, RebootKind, Result};

/// Nodes that were asked for by name, id, range or glob, as [`Nodes`](crate::Nodes), without `async`.
#[derive(Debug)]
pub struct Nodes<'a> {
    inner: crate::Nodes<'a>,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(inner: crate::Nodes<'a>) -> Self {
        Self { inner }
    }

    /// As [`Nodes::with_raw`](crate::Nodes::with_raw).
    #[must_use]
    pub fn with_raw(self, raw: bool) -> Self {
        Self { inner: self.inner.with_raw(raw) }
    }
}

macro_rules! waiting {
    ($($name:ident($($value:ident: $type:ty)?);)*) => {
        impl Nodes<'_> {
            $(
                #[doc = concat!(
                    "As [`Nodes::", stringify!($name), "`](crate::Nodes::", stringify!($name),
                    ").\n\n# Errors\n\nAs there."
                )]
                pub fn $name(&self, $($value: $type)?) -> Result<Vec<Outcome>> {
                    wait(self.inner.$name($($value)?))
                }
            )*
        }
    };
}

waiting! {
    look_up();
    start();
    stop();
    reboot(kind: RebootKind);
    suspend();
    resume();
    resize(flavor: &str);
    rename(new: &str);
    destroy();
    wait(goal: Goal);
}
