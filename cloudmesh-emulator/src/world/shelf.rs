//! Shelving: a node that is kept as an image and takes no room on a host.

use uuid::Uuid;

use super::catalogue::Image;
use super::node::{Refusal, Task};
use super::state::State;

impl State {
    /// Lets a node begin to be shelved: its image is there at once.
    pub(crate) fn shelve(&mut self, id: &str, request: &str) -> Result<(), Refusal> {
        self.begin(id, Task::Shelve, request)?;
        let Some(node) = self.nodes.get(id) else { return Err(Refusal::Missing) };
        if node.image.is_empty() {
            // What boots from a volume is kept by it.
            return Ok(());
        }
        let base = self.image(&node.image);
        let image = Image {
            id: Uuid::new_v4().to_string(),
            name: format!("{}-shelved", node.name),
            owner: node.project.clone(),
            size: base.map_or(0, |base| base.size),
            min_disk: self.flavor(&node.flavor).map_or(0, |flavor| flavor.disk),
            min_memory: base.map_or(0, |base| base.min_memory),
            created: self.now,
            copy_of: Some(node.id.clone()),
        };
        if let Some(node) = self.nodes.get_mut(id) {
            node.shelf = Some(image.id.clone());
        }
        self.images.push(image);
        Ok(())
    }

    /// Takes the image away that kept a node.
    pub(super) fn clear_shelf(&mut self, id: &str) {
        let kept = self.nodes.get_mut(id).and_then(|node| node.shelf.take());
        if let Some(kept) = kept {
            self.images.retain(|image| image.id != kept);
        }
    }
}
