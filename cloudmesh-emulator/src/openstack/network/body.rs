//! What a request sends, read and checked.

use serde_json::{Map, Value};

use super::attributes::Resource;
use super::{Call, Fault};

/// What is sent to make resources.
#[derive(Debug)]
pub(super) enum Sent {
    One(Map<String, Value>),
    Many(Vec<Map<String, Value>>),
}

impl Call<'_> {
    /// What is sent to make one resource or several.
    pub(super) fn made(&self, resource: &Resource) -> Result<Sent, Fault> {
        let body = self.body(resource)?;
        let project = &self.caller.project;
        let Some(several) = body.get(&resource.many()) else {
            return resource.made(inner(&body, resource)?, project).map(Sent::One);
        };
        if !resource.bulk {
            return Err(Fault::bad("Bulk operation not supported"));
        }
        let strange = || Fault::bad("Body contains invalid data");
        if is_nothing(several) {
            return Err(Fault::bad("Resources required"));
        }
        let several = several.as_array().ok_or_else(strange)?;
        let each = several.iter().map(|one| resource.made(one.get(resource.one).unwrap_or(one), project));
        each.collect::<Result<_, _>>().map(Sent::Many)
    }

    /// What is sent to make one resource.
    pub(super) fn made_one(&self, resource: &Resource) -> Result<Map<String, Value>, Fault> {
        match self.made(resource)? {
            Sent::One(one) => Ok(one),
            Sent::Many(_) => Err(Fault::bad("Bulk operation not supported")),
        }
    }

    /// What is sent to change a resource.
    pub(super) fn changed(&self, resource: &Resource) -> Result<Map<String, Value>, Fault> {
        let body = self.body(resource)?;
        if body.contains_key(&resource.many()) {
            return Err(Fault::bad("Bulk operation not supported"));
        }
        resource.changed(inner(&body, resource)?, &self.caller.project)
    }

    fn body(&self, resource: &Resource) -> Result<Map<String, Value>, Fault> {
        let lacking = || if resource.core { not_in_body(resource) } else { Fault::bad("Resource body required") };
        if self.ask.body.is_empty() {
            return Err(lacking());
        }
        let body: Value = serde_json::from_slice(&self.ask.body).map_err(|_| malformed(resource))?;
        let body = body.as_object().ok_or_else(|| Fault::bad("Body contains invalid data"))?;
        if body.is_empty() { Err(lacking()) } else { Ok(body.clone()) }
    }
}

/// What Python takes for nothing.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(entries) => entries.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn inner<'a>(body: &'a Map<String, Value>, resource: &Resource) -> Result<&'a Value, Fault> {
    let inner = body.get(resource.one).filter(|inner| !inner.is_null());
    inner.ok_or_else(|| not_in_body(resource))
}

fn not_in_body(resource: &Resource) -> Fault {
    Fault::bad(format!("Unable to find '{}' in request body", resource.one))
}

fn malformed(resource: &Resource) -> Fault {
    if resource.core {
        return Fault::bad("Body contains invalid data");
    }
    Fault::new(400, "MalformedRequestBody", "Malformed request body: Cannot understand JSON.")
}

/// The text of an attribute that is sent.
pub(super) fn text<'a>(given: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    given.get(name).and_then(Value::as_str)
}

/// The text of an attribute, empty when it is not sent.
pub(super) fn text_or_empty(given: &Map<String, Value>, name: &str) -> String {
    text(given, name).unwrap_or_default().to_owned()
}

/// A yes or no that is sent.
pub(super) fn flag(given: &Map<String, Value>, name: &str) -> Option<bool> {
    given.get(name).and_then(Value::as_bool)
}
