//! How Python writes a value: Neutron quotes in its errors what it was sent.

use serde_json::Value;

/// As `str` writes it: a text bare, all else as [`repr`].
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| repr(value), str::to_owned)
}

/// As `repr` writes it.
pub(super) fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(entries) => list(entries.iter().map(repr)),
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", quoted(key), repr(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A list of what is written already.
pub(super) fn list(entries: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", entries.into_iter().collect::<Vec<_>>().join(", "))
}

/// A text in quotes: in single ones, unless it has such and no double ones.
pub(super) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut written = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            letter if letter == quote => written.extend(['\\', letter]),
            letter => written.push(letter),
        }
    }
    written.push(quote);
    written
}

#[cfg(test)]
mod tests {
    use super::{repr, text};
    use serde_json::json;

    #[test]
    fn values_are_written_as_python_does() {
        let table = [
            (json!(null), "None"),
            (json!([true, 5, "a"]), "[True, 5, 'a']"),
            (json!({"a": "it's"}), "{'a': \"it's\"}"),
            (json!("a\\b\n"), "'a\\\\b\\n'"),
            (json!("'\""), "'\\'\"'"),
        ];
        for (value, wanted) in table {
            assert_eq!(repr(&value), wanted);
        }
        assert_eq!((text(&json!("bare")), text(&json!(1.5))), ("bare".to_owned(), "1.5".to_owned()));
    }
}
