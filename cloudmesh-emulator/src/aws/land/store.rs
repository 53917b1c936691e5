//! Things by their ids, in the order in which they were made.

use std::collections::{BTreeMap, HashMap};

/// Things of one kind.
#[derive(Debug, Clone)]
pub(crate) struct Store<T> {
    made: u64,
    things: BTreeMap<u64, T>,
    places: HashMap<String, u64>,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self { made: 0, things: BTreeMap::new(), places: HashMap::new() }
    }
}

impl<T> Store<T> {
    /// Puts a thing behind all others; it takes the place of one with the same id.
    pub(crate) fn insert(&mut self, id: &str, thing: T) {
        let place = *self.places.entry(id.to_owned()).or_insert_with(|| {
            self.made += 1;
            self.made
        });
        self.things.insert(place, thing);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.things.get(self.places.get(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.things.get_mut(self.places.get(id)?)
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        self.things.remove(&self.places.remove(id)?)
    }

    /// The oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.things.values()
    }

    /// The thing of that id, with its place.
    pub(crate) fn place(&self, id: &str) -> Option<(u64, &T)> {
        let place = *self.places.get(id)?;
        Some((place, self.things.get(&place)?))
    }

    /// Each with its place, which nothing else ever has; the oldest first.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (u64, &T)> {
        self.things.iter().map(|(place, thing)| (*place, thing))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.things.values_mut()
    }

    pub(crate) fn len(&self) -> usize {
        self.things.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Store;

    #[test]
    fn things_keep_the_order_of_their_making() {
        let mut store = Store::default();
        for id in ["c", "a", "b"] {
            store.insert(id, id.to_owned());
        }
        store.insert("a", "A".to_owned());
        assert_eq!(store.remove("c"), Some("c".to_owned()));
        assert_eq!(store.iter().map(String::as_str).collect::<Vec<_>>(), ["A", "b"]);
        assert!(store.contains("b") && store.get("c").is_none() && store.len() == 2);
    }
}
