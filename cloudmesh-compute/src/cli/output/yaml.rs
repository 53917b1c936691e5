//! yaml: the same tree as json, so that readers of yaml 1.1 and 1.2 find the same in it.

use std::fmt::Write;

use serde_json::{Map, Number, Value};

use super::tame::escaped;

/// Words that one of the versions takes for something else than a string.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// A tree as yaml.
pub(crate) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(fields) if !fields.is_empty() => map(&mut text, fields, 0),
        Value::Array(items) if !items.is_empty() => list(&mut text, items, 0),
        scalar => text = leaf(scalar) + "\n",
    }
    text
}

/// The lines of a map. The first stands where the writer is, the others are indented.
fn map(text: &mut String, fields: &Map<String, Value>, indent: usize) {
    for (number, (key, value)) in fields.iter().enumerate() {
        if number > 0 {
            pad(text, indent);
        }
        text.push_str(&string(key));
        text.push(':');
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                text.push('\n');
                pad(text, indent + 2);
                map(text, fields, indent + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                text.push('\n');
                pad(text, indent);
                list(text, items, indent);
            }
            scalar => _ = writeln!(text, " {}", leaf(scalar)),
        }
    }
}

/// The lines of a list. The first stands where the writer is, the others are indented.
fn list(text: &mut String, items: &[Value], indent: usize) {
    for (number, value) in items.iter().enumerate() {
        if number > 0 {
            pad(text, indent);
        }
        text.push_str("- ");
        match value {
            Value::Object(fields) if !fields.is_empty() => map(text, fields, indent + 2),
            Value::Array(items) if !items.is_empty() => list(text, items, indent + 2),
            scalar => _ = writeln!(text, "{}", leaf(scalar)),
        }
    }
}

fn pad(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// What fits on the line of its key.
fn leaf(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => figure(number),
        Value::String(text) => string(text),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
    }
}

/// A number. Version 1.1 wants a point and a sign where there is an exponent.
fn figure(number: &Number) -> String {
    let text = number.to_string();
    let Some((digits, power)) = text.split_once('e') else { return text };
    let digits = if digits.contains('.') { digits.to_owned() } else { format!("{digits}.0") };
    let sign = if power.starts_with(['-', '+']) { "" } else { "+" };
    format!("{digits}e{sign}{power}")
}

/// A string: as it is where nobody can take it for something else, otherwise as json writes it, which is yaml too.
fn string(text: &str) -> String {
    let inner = |sign: char| sign.is_ascii_alphanumeric() || "_-./ ".contains(sign);
    let plain = text.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(inner)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { escaped(&Value::from(text).to_string()).into_owned() }
}

#[cfg(test)]
mod tests {
    use super::yaml;
    use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
    use serde_json::{Value, json};

    #[test]
    fn a_tree() {
        let tree = json!({
            "nodes": [
                { "name": "web-1", "tags": {}, "ips": ["10.0.0.1", "::1"], "metadata": { "a b": "c d", "no": "on" } },
                { "name": "", "nested": [[1, 2.5], []], "key": null, "yes": true },
            ],
            "errors": [],
        });
        let text = "\
nodes:
- name: web-1
  tags: {}
  ips:
  - \"10.0.0.1\"
  - \"::1\"
  metadata:
    a b: c d
    \"no\": \"on\"
- name: \"\"
  nested:
  - - 1
    - 2.5
  - []
  key: null
  \"yes\": true
errors: []
";
        assert_eq!(yaml(&tree), text);
        assert_eq!(serde_yaml::from_str::<Value>(text).unwrap(), tree);
    }

    #[test]
    fn what_looks_like_something_else_is_a_string() {
        for text in
            ["no", "Yes", "1e3", "~", "", "0x1F", "12:30", "2026-01-01", "a: b", "a #b", "- a", "null", "=", "<<"]
        {
            assert_eq!(yaml(&json!(text)), format!("\"{text}\"\n"));
        }
        for text in ["web-1", "m1.small", "physics lab", "a/b"] {
            assert_eq!(yaml(&json!(text)), format!("{text}\n"));
        }
        assert_eq!(yaml(&json!("a\nb\u{1b}\u{9b}\u{85}\u{2028}ä")), "\"a\\nb\\u001b\\u009b\\u0085\\u2028ä\"\n");
        assert_eq!(yaml(&json!(1e300)), "1.0e+300\n");
    }

    fn trees() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[a-z0-9.:e~ -]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let fields = proptest::collection::btree_map("[a-z:# ]{0,4}|\\PC{0,3}", inner.clone(), 0..4);
            prop_oneof![
                proptest::collection::vec(inner, 0..4).prop_map(Value::from),
                fields.prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_tree_is_read_as_it_was(tree in trees()) {
            let text = yaml(&tree);
            let read: Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(read, tree, "{text}");
        }
    }
}
