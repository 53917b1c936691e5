//! Access rules: the only requests that an application credential allows, where it has any.

use serde_json::{Map, Value, json};

use super::Fault;
use super::form::{shown, within};
use crate::world::account::Rule;
use crate::world::seed::hex;

const METHODS: [&str; 6] = ["POST", "GET", "HEAD", "PATCH", "PUT", "DELETE"];
const KEYS: [&str; 4] = ["path", "method", "service", "id"];

/// Reads the rules of a new credential.
pub(super) fn read(given: Option<&Value>) -> Result<Vec<Rule>, Fault> {
    let Some(given) = given else { return Ok(Vec::new()) };
    let all =
        given.as_array().ok_or_else(|| within("access_rules", &format!("{} is not of type 'array'", shown(given))))?;
    all.iter().enumerate().map(|(number, rule)| one(number, rule)).collect()
}

fn one(number: usize, rule: &Value) -> Result<Rule, Fault> {
    let place = format!("access_rules/{number}");
    let fields = rule.as_object().ok_or_else(|| within(&place, &format!("{} is not of type 'object'", shown(rule))))?;
    if let Some(odd) = fields.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(within(&place, &format!("Additional properties are not allowed ('{odd}' was unexpected)")));
    }
    let method = text(fields, &place, "method")?;
    if !METHODS.contains(&method.as_str()) {
        let pattern = METHODS.join("|");
        return Err(within(&format!("{place}/method"), &format!("'{method}' does not match '^({pattern})$'")));
    }
    let path = text(fields, &place, "path")?;
    if !path.starts_with('/') {
        return Err(within(&format!("{place}/path"), &format!("'{path}' does not match '^\\\\/.*'")));
    }
    Ok(Rule { id: hex(), service: text(fields, &place, "service")?, method, path })
}

fn text(fields: &Map<String, Value>, place: &str, key: &str) -> Result<String, Fault> {
    let value = fields.get(key).ok_or_else(|| Fault::new(400, format!("'{key}' is a required property")))?;
    let told = || within(&format!("{place}/{key}"), &format!("{} is not of type 'string'", shown(value)));
    value.as_str().map(str::to_owned).ok_or_else(told)
}

/// The rules as Keystone shows them.
pub(super) fn shown_rules(rules: &[Rule]) -> Value {
    rules
        .iter()
        .map(|rule| json!({"id": rule.id, "path": rule.path, "method": rule.method, "service": rule.service}))
        .collect()
}
