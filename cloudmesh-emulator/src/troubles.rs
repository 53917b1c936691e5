//! What goes wrong on purpose.

use std::sync::{Mutex, PoisonError};

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

use crate::face::{Effect, Makes, Purpose};

/// The disturbances that are on, each with its count of requests and of hits.
#[derive(Debug, Default)]
pub(crate) struct Disturbances(Mutex<Vec<Active>>);

#[derive(Debug)]
struct Active {
    what: Disturbance,
    requests: usize,
    hits: usize,
}

impl Disturbances {
    pub(crate) fn add(&self, what: Disturbance) {
        self.lock(|active| active.push(Active { what, requests: 0, hits: 0 }));
    }

    pub(crate) fn clear(&self) {
        self.lock(Vec::clear);
    }

    /// Counts a request, and tells what goes wrong with it: of several troubles the one that was asked for first.
    pub(crate) fn strike(&self, purpose: Purpose) -> Option<Trouble> {
        self.lock(|active| {
            let hits = active.iter_mut().filter_map(|one| one.strike(purpose));
            // Each disturbance counts each request, also when another one hits it.
            hits.collect::<Vec<_>>().into_iter().next()
        })
    }

    fn lock<T>(&self, what: impl FnOnce(&mut Vec<Active>) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Active {
    fn strike(&mut self, purpose: Purpose) -> Option<Trouble> {
        if !concerns(self.what.on, purpose) || !possible(&self.what.trouble, purpose) {
            return None;
        }
        self.requests += 1;
        let spent = self.what.times.is_some_and(|times| self.hits >= times);
        if spent || !self.requests.is_multiple_of(self.what.every.max(1)) {
            return None;
        }
        self.hits += 1;
        Some(self.what.trouble.clone())
    }
}

/// Whether a disturbance is about such requests.
pub(crate) fn concerns(on: On, purpose: Purpose) -> bool {
    match on {
        On::Any => true,
        On::SignIn => purpose.effect == Effect::SignIn,
        On::Reads => purpose.effect == Effect::Look,
        On::Changes => purpose.effect == Effect::Change,
        On::Operation(operation) => purpose.operation == Some(operation),
        _ => false,
    }
}

/// Whether a trouble can happen to such a request at all.
fn possible(trouble: &Trouble, purpose: Purpose) -> bool {
    match trouble {
        Trouble::TokenExpired => purpose.has_token,
        Trouble::Quota => purpose.makes != Makes::Nothing,
        Trouble::Capacity | Trouble::NotYet(_) => purpose.makes == Makes::Nodes,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Disturbances, Effect, Makes, Purpose};
    use cloudmesh_abstract::Operation;
    use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};

    const LIST: Purpose =
        Purpose { operation: Some(Operation::List), effect: Effect::Look, makes: Makes::Nothing, has_token: true };
    const CREATE: Purpose =
        Purpose { operation: Some(Operation::Create), effect: Effect::Change, makes: Makes::Nodes, ..LIST };
    const SIGN_IN: Purpose = Purpose { operation: None, effect: Effect::SignIn, has_token: false, ..LIST };

    fn struck(what: Disturbance, purposes: &[Purpose]) -> Vec<bool> {
        let disturbances = Disturbances::default();
        disturbances.add(what);
        purposes.iter().map(|purpose| disturbances.strike(*purpose).is_some()).collect()
    }

    #[test]
    fn every_third_of_the_matching_requests() {
        let what = Disturbance::new(Trouble::Unavailable).on(On::Reads).every(3);
        let hits = struck(what, &[LIST, SIGN_IN, LIST, CREATE, LIST, LIST, LIST, LIST]);
        assert_eq!(hits, [false, false, false, false, true, false, false, true]);
    }

    #[test]
    fn so_often_and_no_more() {
        let what = Disturbance::new(Trouble::CutBefore).times(2);
        assert_eq!(struck(what, &[LIST, LIST, LIST]), [true, true, false]);
    }

    #[test]
    fn only_where_it_can_happen() {
        let table = [
            (Trouble::Quota, [false, true, false]),
            (Trouble::Capacity, [false, true, false]),
            (Trouble::TokenExpired, [true, true, false]),
            (Trouble::Empty, [true, true, true]),
        ];
        for (trouble, wanted) in table {
            assert_eq!(struck(Disturbance::new(trouble.clone()), &[LIST, CREATE, SIGN_IN]), wanted, "{trouble:?}");
        }
    }

    #[test]
    fn calm_ends_it() {
        let disturbances = Disturbances::default();
        disturbances.add(Disturbance::new(Trouble::Html).on(On::SignIn));
        assert_eq!(disturbances.strike(SIGN_IN), Some(Trouble::Html));
        disturbances.clear();
        assert_eq!(disturbances.strike(SIGN_IN), None);
    }
}
