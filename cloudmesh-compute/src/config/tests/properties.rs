use proptest::prelude::{Just, Strategy, any, prop, proptest};
use proptest::{prop_assert, prop_assert_eq, prop_oneof};
use serde_json::{Map, Value};

use super::environment;
use crate::config::Config;

/// Texts that come close to YAML.
fn nearly_yaml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("cloudmesh:"),
        Just("compute:"),
        Just("  "),
        Just("    "),
        Just("\n"),
        Just("\n  "),
        Just("\n    c:"),
        Just("\n      cm: {kind: lab}"),
        Just(": "),
        Just("- "),
        Just("? "),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just("&a "),
        Just("*a"),
        Just("<<: "),
        Just("!!str "),
        Just("!x "),
        Just("'"),
        Just("\""),
        Just("|\n"),
        Just(">-\n"),
        Just("# x\n"),
        Just("---\n"),
        Just("...\n"),
        Just("%YAML 1.2\n"),
        Just("${A}"),
        Just("${A:-"),
        Just("{cloudmesh.a}"),
        Just("~/"),
        Just("~"),
        Just("\t"),
        Just("\r"),
        Just("\u{feff}"),
        Just("\u{0}"),
        Just("ä"),
        Just("1"),
        Just("0x1"),
        Just("TBD"),
        Just("null"),
        Just("\\x"),
        Just("defaults:"),
        Just("credentials:"),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Reads all there is to read; whatever happens, it is an answer.
fn read(text: &str) {
    let Ok(config) = Config::from_text(text, "x") else { return };
    let config = config.with_environment(environment());
    let _ = (config.profile(), config.default_cloud(), config.token_cache());
    for cloud in config.clouds() {
        let _ = config.cloud(&cloud.name);
    }
}

/// Values as JSON can hold them; text of every kind, numbers that are whole.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9 :#'\"@%&*!|>{}\\[\\],.?~ä-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}|[0-9]{1,3}|[ :#-]{1,3}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        read(&text);
        read(&format!("cloudmesh:\n  compute:\n    c:\n      cm: {{kind: lab}}\n      x: {text}"));
    }

    #[test]
    fn any_text_that_is_nearly_yaml_is_answered(text in nearly_yaml()) {
        read(&text);
        read(&format!("cloudmesh:\n  compute:\n    c:\n      cm: {{kind: lab}}\n      x: {text}"));
    }

    #[test]
    fn what_another_library_writes_is_read_as_it_was(value in values()) {
        let entry = serde_json::json!({"cm": {"kind": "lab"}, "value": [value]});
        let written = serde_yaml::to_string(&serde_json::json!({"cloudmesh": {"compute": {"c": entry}}})).unwrap();
        let cloud = Config::from_text(&written, "x").unwrap().cloud("c").unwrap();
        prop_assert_eq!(cloud.settings.get("value"), Some(&Value::from(vec![value])), "{}", written);
    }

    #[test]
    fn two_readers_agree_about_merges(
        base in prop::collection::btree_map("[a-d]", 0..9, 0..4),
        more in prop::collection::btree_map("[a-d]", 10..19, 0..4),
        own in prop::collection::btree_map("[a-d]", 20..29, 0..4),
    ) {
        let flow = |map: &std::collections::BTreeMap<String, i32>| serde_json::to_string(map).unwrap().replace(':', ": ");
        let own = own.iter().map(|(key, value)| format!("{key}: {value}"));
        let lines: Vec<String> = std::iter::once("<<: [*base, *more]".to_owned()).chain(own).collect();
        let merged = format!("{{{}}}", lines.join(", "));
        let text = format!(
            "x: &base {}\ny: &more {}\ncloudmesh: {{compute: {{c: {{cm: {{kind: lab}}, value: {merged}}}}}}}",
            flow(&base), flow(&more),
        );
        let mut other: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        other.apply_merge().unwrap();
        let expected = serde_json::to_value(&other["cloudmesh"]["compute"]["c"]["value"]).unwrap();
        let cloud = Config::from_text(&text, "x").unwrap().cloud("c").unwrap();
        prop_assert_eq!(cloud.settings.get("value"), Some(&expected), "{}", text);
    }

    #[test]
    fn plain_text_and_variables_come_through_unchanged(secret in "\\PC*") {
        let environment = crate::config::Variables::new([("SECRET", secret.clone())]);
        let text = "cloudmesh: {compute: {c: {cm: {kind: lab}, value: '${SECRET}'}}}";
        let cloud = Config::from_text(text, "x").unwrap().with_environment(environment).cloud("c").unwrap();
        let value = cloud.settings.get("value").and_then(Value::as_str);
        prop_assert!(value == Some(secret.as_str()));
    }
}
