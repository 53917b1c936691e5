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

    /// Rows and their json.
    pub(crate) fn of(rows: Vec<(T, Value)>) -> Self {
        let (items, json): (Vec<T>, Vec<Value>) = rows.into_iter().unzip();
        Self { items, json: OnceCell::from(json) }
    }

    /// Leaves only so many.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.items.truncate(len);
        if let Some(json) = self.json.get_mut() {
            json.truncate(len);
        }
    }

    /// What they are in json, if that has been found out.
    pub(super) fn known(&self) -> Option<&[Value]> {
        self.json.get().map(Vec::as_slice)
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

/// What of the rows is printed.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Content<'a, T> {
    /// Everything.
    Rows(&'a [T]),
    /// Everything, and it is known what that is in json.
    Known(&'a [Value]),
    /// Some fields.
    Picked(Vec<Value>),
}

/// The fields of these keys. One that leads into a list is a list.
pub(super) fn picked(row: &Value, keys: &[&str]) -> Value {
    let value = |key: &str| match found(row, key).as_slice() {
        [] => Value::Null,
        [only] => (*only).clone(),
        several => several.iter().copied().cloned().collect(),
    };
    Value::Object(keys.iter().map(|key| ((*key).to_owned(), value(key))).collect())
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
