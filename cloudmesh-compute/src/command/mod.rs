//! The commands of `cms`: one file an object, none knowing a cloud.

pub(crate) mod api;
mod choose;
pub(crate) mod cloud;
pub(crate) mod config;
pub(crate) mod flavor;
pub(crate) mod gc;
pub(crate) mod image;
pub(crate) mod ip;
pub(crate) mod key;
mod pick;
pub(crate) mod provider;
pub(crate) mod sec;
pub(crate) mod set;
pub(crate) mod vm;

use serde_json::Value;

use crate::cli::text;

/// The fields of a record with their values, as lines for a person; what is unknown or empty is left out.
fn fields<T: serde::Serialize>(record: &T) -> Vec<(String, String)> {
    let Ok(Value::Object(map)) = serde_json::to_value(record) else { return Vec::new() };
    map.into_iter().filter_map(|(name, value)| Some((name, text(&value)?))).collect()
}
