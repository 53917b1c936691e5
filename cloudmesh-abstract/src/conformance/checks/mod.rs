//! The checks, by theme.

mod addresses;
mod answers;
mod capabilities;
mod catalogue;
mod change;
mod dry_run;
mod errors;
mod extras;
mod faults;
mod groups;
mod keys;
mod leftovers;
mod life;
mod listing;
mod lost;
mod refusals;
mod rules;
mod secrets;
mod sign_in;
mod time;
mod whole;
mod young;

pub(super) use self::keys::ED25519;
pub(super) use self::secrets::secrets_in;
pub(super) use self::time::GUARD;
use super::check::Check;

/// The checks of all themes.
const THEMES: &[&[Check]] = &[
    life::CHECKS,
    listing::CHECKS,
    refusals::CHECKS,
    catalogue::CHECKS,
    faults::CHECKS,
    answers::CHECKS,
    lost::CHECKS,
    young::CHECKS,
    time::CHECKS,
    sign_in::CHECKS,
    errors::CHECKS,
    secrets::CHECKS,
    dry_run::CHECKS,
    capabilities::CHECKS,
    extras::CHECKS,
    change::CHECKS,
    keys::CHECKS,
    addresses::CHECKS,
    groups::CHECKS,
    rules::CHECKS,
    leftovers::CHECKS,
    whole::CHECKS,
];

/// All checks, in the order in which a newcomer meets their promises.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    THEMES.iter().copied().flatten()
}

/// An id that no cloud has given to anything.
fn unknown_id() -> crate::NodeId {
    crate::NodeId::new(uuid::Uuid::new_v4().to_string())
}
