//! Rows, and what they are in json.

use std::cell::OnceCell;

use serde::Serialize;
use serde_json::Value;

/// Rows with their json, which is found out once, and only if something asks for it.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    items: Vec<T>,
    json: OnceCell<Vec<Value>>,
}

impl<T> Rows<T> {
    /// Rows that nobody has looked at.
    pub(crate) fn new(items: Vec<T>) -> Self {
        Self { items, json: OnceCell::new() }
    }

    /// The rows.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T: Serialize> Rows<T> {
    /// What they are in json.
    pub(crate) fn json(&self) -> &[Value] {
        self.json.get_or_init(|| self.items.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect())
    }
}

/// What a path such as `metadata.course` leads to; of a list, in each of its items.
pub(crate) fn found<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| found(item, path)).collect(),
        Value::Object(fields) => {
            if let Some(field) = fields.get(path) {
                return vec![field];
            }
            // A key may hold a dot itself.
            let splits = path.match_indices('.').map(|(at, _)| (&path[..at], &path[at + 1..]));
            let ways = splits.filter_map(|(head, rest)| Some(found(fields.get(head)?, rest)));
            ways.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// Values as a person reads them; `None` for what is unknown or empty.
pub(crate) fn told(values: &[&Value]) -> Option<String> {
    let texts: Vec<String> = values.iter().filter_map(|value| text(value)).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// A value as a person reads it; `None` for what is unknown or empty.
pub(crate) fn text(value: &Value) -> Option<String> {
    let told = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(text).collect::<Vec<_>>().join(", "),
        Value::Object(pairs) => {
            let pair = |(name, value)| Some(format!("{name}={}", text(value)?));
            pairs.iter().filter_map(pair).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    (!told.is_empty()).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::found;
    use serde_json::json;

    #[test]
    fn paths_lead_into_maps_and_lists() {
        let row = json!({
            "name": "web-1", "metadata": { "course": "e516", "a.b": "dotted" },
            "lacks": [{ "reason": "one" }, { "reason": "two" }], "raw": { "OS-EXT:zone": { "x": null } },
        });
        let table: [(&str, &[serde_json::Value]); 8] = [
            ("name", &[json!("web-1")]),
            ("metadata.course", &[json!("e516")]),
            ("metadata.a.b", &[json!("dotted")]),
            ("lacks.reason", &[json!("one"), json!("two")]),
            ("raw.OS-EXT:zone.x", &[json!(null)]),
            ("name.x", &[]),
            ("metadata.", &[]),
            ("", &[]),
        ];
        for (path, values) in table {
            assert_eq!(found(&row, path), values.iter().collect::<Vec<_>>(), "{path}");
        }
    }
}
