//! The form of a sign-in, checked before its meaning, in the words of Keystone without the dump of its schema.

use serde_json::Value;

use super::Fault;

/// The texts of a sign-in, by their places.
const TEXTS: [&str; 13] = [
    "identity/password/user/id",
    "identity/password/user/name",
    "identity/password/user/password",
    "identity/password/user/domain/id",
    "identity/password/user/domain/name",
    "identity/token/id",
    "scope/project/id",
    "scope/project/name",
    "scope/project/domain/id",
    "scope/project/domain/name",
    "scope/domain/id",
    "scope/domain/name",
    "scope/OS-TRUST:trust/id",
];

/// What is given by its id or its name.
const NAMED: [&str; 5] = [
    "identity/password/user",
    "identity/password/user/domain",
    "scope/project",
    "scope/project/domain",
    "scope/domain",
];

/// Checks what stands under `auth`.
pub(super) fn check(auth: &Value) -> Result<(), Fault> {
    let identity = auth.get("identity").ok_or_else(|| required("identity"))?;
    if identity.get("methods").is_none() {
        return Err(within("identity", "'methods' is a required property"));
    }
    if let Some(scope) = auth.get("scope").filter(|scope| !scope.is_object() && !scope.is_string()) {
        return Err(within("scope", &format!("{} is not of type 'object', 'string'", shown(scope))));
    }
    if identity.get("token").is_some_and(|token| token.is_object() && token.get("id").is_none()) {
        return Err(within("identity/token", "'id' is a required property"));
    }
    for place in TEXTS {
        if let Some(value) = at(auth, place).filter(|value| !value.is_string()) {
            return Err(within(place, &format!("{} is not of type 'string'", shown(value))));
        }
    }
    for place in NAMED {
        if at(auth, place).is_some_and(|it| it.get("id").is_none() && it.get("name").is_none()) {
            return Err(Fault::new(400, format!("Invalid input for field {place}: id or name must be present.")));
        }
    }
    Ok(())
}

fn at<'a>(auth: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('/').try_fold(auth, |value, name| value.get(name))
}

pub(super) fn required(name: &str) -> Fault {
    Fault::new(400, format!("'{name}' is a required property"))
}

pub(super) fn within(place: &str, why: &str) -> Fault {
    Fault::new(400, format!("Invalid input for field '{place}': {why}"))
}

/// A value as Python shows it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}
