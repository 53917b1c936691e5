//! The bodies that Cinder takes, with its words for what is wrong with them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::Refusal;

/// The keys of a new volume.
const NEW: [&str; 16] = [
    "name",
    "description",
    "display_name",
    "display_description",
    "size",
    "imageRef",
    "image_id",
    "metadata",
    "volume_type",
    "availability_zone",
    "snapshot_id",
    "source_volid",
    "multiattach",
    "consistencygroup_id",
    "group_id",
    "backup_id",
];
/// The keys that a change may have.
const CHANGED: [&str; 5] = ["name", "description", "display_name", "display_description", "metadata"];

/// The minor version that refuses unknown keys of a new volume.
const STRICT: u16 = 53;

/// What a body says of a volume.
#[derive(Debug)]
pub(super) struct Body(Map<String, Value>);

pub(super) fn refuse<T>(status: u16, told: impl Into<String>) -> Result<T, Refusal> {
    Err((status, told.into()))
}

fn wrong<T>(field: &str, value: &Value, told: &str) -> Result<T, Refusal> {
    let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    refuse(400, format!("Invalid input for field/attribute {field}. Value: {plain}. {told}"))
}

impl Body {
    /// Reads the body of a new volume. Unknown keys have been refused since 3.53.
    pub(super) fn new_volume(body: &[u8], minor: u16) -> Result<Self, Refusal> {
        let body = Self::parse(body, &NEW, minor >= STRICT)?;
        match body.0.get("size") {
            None | Some(Value::Null) => {}
            Some(size) => number(size)?,
        }
        Ok(body)
    }

    /// Reads the body of a change.
    pub(super) fn change(body: &[u8]) -> Result<Self, Refusal> {
        Self::parse(body, &CHANGED, true)
    }

    fn parse(body: &[u8], known: &[&str], strict: bool) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(body).or_else(|_| refuse(400, "Malformed request body"))?;
        let volume = match body.get("volume") {
            None => return refuse(400, "'volume' is a required property"),
            Some(Value::Object(volume)) => volume.clone(),
            Some(other) => return wrong("volume", other, &format!("{other} is not of type 'object'")),
        };
        for key in ["name", "description", "display_name", "display_description"] {
            text(key, volume.get(key))?;
        }
        labels(volume.get("metadata"))?;
        match volume.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) if strict => {
                let told = format!("Additional properties are not allowed ('{key}' was unexpected)");
                wrong("volume", &Value::Object(volume.clone()), &told)
            }
            _ => Ok(Self(volume)),
        }
    }

    /// The size in GiB, if it is told.
    pub(super) fn size(&self) -> Option<u64> {
        let size = self.0.get("size")?;
        size.as_u64().or_else(|| size.as_str()?.parse().ok())
    }

    /// The text of the first of two keys, which mean the same.
    pub(super) fn text(&self, key: &str, other: &str) -> Option<&str> {
        self.0.get(key).or_else(|| self.0.get(other)).and_then(Value::as_str)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| !value.is_null())
    }

    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        let labels = self.0.get("metadata").and_then(Value::as_object);
        let pair = |(key, value): (&String, &Value)| (key.clone(), value.as_str().unwrap_or_default().to_owned());
        labels.map(|labels| labels.iter().map(pair).collect()).unwrap_or_default()
    }

    /// The image's id, which must be one.
    pub(super) fn image(&self) -> Result<Option<&str>, Refusal> {
        match self.text("imageRef", "image_id").filter(|image| !image.is_empty()) {
            Some(image) if Uuid::try_parse(image).is_err() => {
                refuse(400, "Invalid image identifier or unable to access requested image.")
            }
            image => Ok(image),
        }
    }
}

fn number(size: &Value) -> Result<(), Refusal> {
    let number = size.as_u64().or_else(|| size.as_str().and_then(|text| text.parse().ok()));
    match number {
        Some(1..) => Ok(()),
        Some(0) => wrong("size", size, "0 is less than the minimum of 1"),
        None if size.is_i64() => wrong("size", size, &format!("{size} is less than the minimum of 1")),
        None if size.is_string() => {
            let text = size.as_str().unwrap_or_default();
            wrong("size", size, &format!("'{text}' does not match '^[0-9]+$'"))
        }
        None => wrong("size", size, &format!("{size} is not of type 'integer', 'string', 'null'")),
    }
}

fn text(key: &str, value: Option<&Value>) -> Result<(), Refusal> {
    match value {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(text)) if text.chars().count() <= 255 => Ok(()),
        Some(value @ Value::String(text)) => wrong(key, value, &format!("'{text}' is too long")),
        Some(value) => wrong(key, value, &format!("{value} is not of type 'string', 'null'")),
    }
}

fn labels(value: Option<&Value>) -> Result<(), Refusal> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(()) };
    let Some(labels) = value.as_object() else {
        return wrong("metadata", value, &format!("{value} is not of type 'object', 'null'"));
    };
    for (key, value) in labels {
        match value {
            Value::String(text) if text.chars().count() <= 255 => {}
            Value::String(text) => return wrong(key, value, &format!("'{text}' is too long")),
            value => return wrong(key, value, &format!("{value} is not of type 'string', 'null'")),
        }
    }
    Ok(())
}
