//! The checks, by theme.

mod life;
mod listing;
mod refusals;

use super::check::Check;

/// The checks of all themes.
const THEMES: &[&[Check]] = &[life::CHECKS, listing::CHECKS, refusals::CHECKS];

/// All checks, in the order in which a newcomer meets their promises.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    THEMES.iter().copied().flatten()
}

/// An id that no cloud has given to anything.
fn unknown_id() -> crate::NodeId {
    crate::NodeId::new(uuid::Uuid::new_v4().to_string())
}
