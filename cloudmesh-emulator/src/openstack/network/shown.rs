//! What all resources show.

use serde_json::{Map, Value, json};

use crate::openstack::times::seconds;
use crate::world::network::About;

/// A resource with what all have.
pub(super) fn about(about: &About, one: Value) -> Map<String, Value> {
    let common = json!({
        "description": about.description, "tags": about.tags, "created_at": seconds(about.created),
        "updated_at": seconds(about.updated), "revision_number": about.revision,
    });
    let mut shown = into_map(one);
    shown.extend(into_map(common));
    shown
}

fn into_map(value: Value) -> Map<String, Value> {
    if let Value::Object(entries) = value { entries } else { Map::new() }
}
