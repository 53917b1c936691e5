//! Resizing servers.

use super::actions::{accepted, refused};
use super::call::{Call, Reply};
use super::create::{fits, no_flavor};
use super::disks::Root;
use super::fault::Fault;
use super::quotas::larger;
use crate::world::catalogue::Flavor;
use crate::world::node::{Node, Task};

/// Lets a server begin to become another size: it must be free for that before the size is looked at.
pub(super) fn resize(call: &mut Call<'_>, id: &str, flavor: &str) -> Reply {
    let node = call.server(id)?;
    if node.locked {
        return Err(Fault::conflict(format!("Instance {id} is locked")));
    }
    node.course(Task::Resize).map_err(|refusal| refused(id, Task::Resize, refusal))?;
    let node = call.state.nodes.get(id).ok_or_else(|| Fault::no_server(id))?;
    let new = call.state.flavor(flavor).ok_or_else(|| no_flavor(flavor))?;
    allowed(call, node, new)?;
    let begun = call.state.resize(id, flavor, &call.ask.id);
    begun.map(|()| accepted()).map_err(|refusal| refused(id, Task::Resize, refusal))
}

fn allowed(call: &Call<'_>, node: &Node, new: &Flavor) -> Result<(), Fault> {
    let old = call.state.flavor(&node.flavor);
    if new.disk == 0 && old.is_some_and(|old| old.disk != 0) {
        return Err(Fault::bad(
            "Server disk was unable to be resized because: Resize to zero disk flavor is not allowed.",
        ));
    }
    if new.id == node.flavor {
        return Err(Fault::bad("When resizing, instances must change flavor!"));
    }
    larger(call, &node.flavor, &new.id)?;
    call.state.image(&node.image).map_or(Ok(()), |image| fits(image, new, Root::Flavor))
}
