//! Where something stands in the file.

use cloudmesh_abstract::Describe;

use super::Config;
use super::model::Defaults;
use super::position::Position;
use super::tree::{Entry, Node};

impl Config {
    /// File, line and column of the key at this path below `cloudmesh`, or of the deepest one above that is written.
    pub(crate) fn place_of(&self, path: &[&str]) -> String {
        let mut node = self.sections.root.as_ref();
        let mut place = Position::START;
        for name in path {
            let Some(entry) = node.entry(name) else { break };
            (place, node) = (entry.place, entry.value.as_ref());
        }
        self.shown_at(place)
    }

    /// File, line and column of a cloud's default, under whichever of its spellings it is written.
    pub(crate) fn place_of_cloud_default(&self, cloud: &str, name: &str) -> String {
        let entry = || self.sections.entries_of(cloud).next().map(|(_, entry)| entry);
        let found = || entry().and_then(|entry| default_of(entry, name)).or_else(entry);
        self.shown_at(found().map_or(Position::START, |entry| entry.place))
    }

    fn shown_at(&self, place: Position) -> String {
        format!("{}:{place}", self.origin())
    }
}

fn default_of<'a>(cloud: &'a Entry, name: &str) -> Option<&'a Entry> {
    let key = Defaults::KEYS.iter().find(|key| key.name == name)?;
    let groups = ["defaults", "default"].into_iter().filter_map(|group| cloud.value.get(group));
    groups.flat_map(Node::entries).find(|entry| key.is(&entry.name))
}
