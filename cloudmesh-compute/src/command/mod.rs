//! The commands of `cms`: one file an object, none knowing a cloud.

mod choose;
pub(crate) mod cloud;
pub(crate) mod flavor;
pub(crate) mod image;
pub(crate) mod provider;
pub(crate) mod set;
pub(crate) mod vm;

use serde_json::Value;

/// The fields of a record with their values, as lines for a person; what is unknown or empty is left out.
fn fields<T: serde::Serialize>(record: &T) -> Vec<(String, String)> {
    let Ok(Value::Object(map)) = serde_json::to_value(record) else { return Vec::new() };
    map.into_iter().filter_map(|(name, value)| Some((name, shown(&value)?))).collect()
}

fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(pairs) => {
            let pair = |(name, value)| Some(format!("{name}={}", shown(value)?));
            pairs.iter().filter_map(pair).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}
