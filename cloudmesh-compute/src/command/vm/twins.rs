//! Machines that came twice after all.

use super::make::{Birth, Maker};
use crate::cli::quoted;
use crate::work::taken;
use crate::{ComputeNodeABC, Node};

impl Maker<'_> {
    /// Looks once more for what an interrupted boot has asked for: on a cloud that keeps no tokens its request may have
    /// come later than anybody waits. What came second is removed again.
    pub(super) async fn remove_twins(&self, births: &[Birth]) {
        let made = |birth: &Birth| birth.outcome.result.as_ref().ok()?.clone().filter(|_| birth.doubtful);
        let made: Vec<Node> = births.iter().filter_map(made).collect();
        if made.is_empty() {
            return;
        }
        let names: Vec<String> = made.iter().map(|node| node.name.clone()).collect();
        // Whoever cannot look now has looked before, for as long as a request is usually on its way.
        let found = self.session.interrupt.unless_asked(taken(self.provider, &names)).await.unwrap_or_default();
        for node in &made {
            for twin in found.iter().filter(|other| is_twin(node, other)) {
                self.remove_twin(twin).await;
            }
        }
    }

    async fn remove_twin(&self, twin: &Node) {
        let (name, id) = (&twin.name, &twin.id);
        let removed = self.provider.for_a_share().destroy(id).await;
        let told = match removed {
            Ok(()) => format!("{id}, which came late for an interrupted boot, is removed again"),
            Err(error) => {
                let delete = format!("cms vm delete {id} --cloud {}", quoted(self.provider.name()));
                format!(
                    "{id} came late for an interrupted boot and could not be removed ({error}), do it with `{delete}`"
                )
            }
        };
        self.session.note(&format!("warning: {name} was made twice; {told}"));
    }
}

/// Whether both were made for the same wish.
fn is_twin(node: &Node, other: &Node) -> bool {
    let token = |node: &Node| node.marks().and_then(|marks| marks.token);
    node.id != other.id && node.name == other.name && token(node).is_some() && token(node) == token(other)
}
