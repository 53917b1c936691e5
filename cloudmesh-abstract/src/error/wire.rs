//! An error on its way to another program.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Cause, Error, ErrorKind, Inner, Place};

/// An error as it travels: causes become their sentences.
#[derive(Serialize, Deserialize)]
struct Wire {
    kind: ErrorKind,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    retry_after_ms: Option<u64>,
    #[serde(flatten)]
    place: Place,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    meant: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    causes: Vec<String>,
}

/// A cause that came over a pipe: its sentence and the one beneath.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
struct Retold {
    sentence: String,
    source: Option<Box<Retold>>,
}

impl Retold {
    fn chain(causes: Vec<String>) -> Option<Box<Self>> {
        causes.into_iter().rev().fold(None, |source, sentence| Some(Box::new(Self { sentence, source })))
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let causes = std::iter::successors(self.source(), |cause| (*cause).source());
        Wire {
            kind: self.kind(),
            message: self.0.message.clone(),
            code: self.0.code.clone(),
            request_id: self.0.request_id.clone(),
            retry_after_ms: self.0.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            place: self.0.place.clone(),
            key: self.0.key.clone(),
            meant: self.0.meant.clone(),
            causes: causes.map(ToString::to_string).collect(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Error {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Ok(Self(Box::new(Inner {
            kind: wire.kind,
            message: wire.message,
            code: wire.code,
            request_id: wire.request_id,
            retry_after: wire.retry_after_ms.map(Duration::from_millis),
            place: wire.place,
            key: wire.key,
            meant: wire.meant,
            source: Retold::chain(wire.causes).map(|cause| Arc::from(cause as Cause)),
        })))
    }
}
