//! Keeping the vendor's own record beside what the SDK makes of it.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ec2::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_ec2::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ec2::error::BoxError;
use cloudmesh_abstract::Result;
use serde_json::Value;

use crate::xml;

/// Keeps the body of the last answer, where it is wanted. Given to a request by `customize().interceptor(…)`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keeper {
    last: Arc<Mutex<Vec<u8>>>,
    idle: bool,
}

impl Keeper {
    /// One that keeps only what is wanted.
    pub(crate) fn wanted(wanted: bool) -> Self {
        Self { idle: !wanted, ..Self::default() }
    }

    /// The answer as a value.
    pub(crate) fn value(&self) -> Result<Value> {
        xml::value(&self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The records of a listing's answer, each as the vendor wrote it where that is wanted.
    pub(crate) fn beside<T>(&self, list: &str, read: Vec<T>) -> Result<Vec<(T, Option<Value>)>> {
        if self.idle {
            return Ok(read.into_iter().map(|record| (record, None)).collect());
        }
        let kept = records(self.value()?, list).into_iter().map(Some).chain(std::iter::repeat(None));
        Ok(read.into_iter().zip(kept).collect())
    }
}

impl Intercept for Keeper {
    fn name(&self) -> &'static str {
        "keeps the answer"
    }

    // Before, nobody has read the body.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.idle {
            return Ok(());
        }
        let body = context.response().body().bytes().unwrap_or_default();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = body.to_vec();
        Ok(())
    }
}

/// The records of all lists called `list` in a value, wherever they stand, in order.
pub(crate) fn records(value: Value, list: &str) -> Vec<Value> {
    match value {
        Value::Object(fields) => {
            let found = fields.into_iter().flat_map(|(name, value)| match value {
                Value::Array(records) if name == list => records,
                other => records(other, list),
            });
            found.collect()
        }
        Value::Array(values) => values.into_iter().flat_map(|value| records(value, list)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::records;
    use serde_json::json;

    #[test]
    fn records_are_found_where_they_stand() {
        let answer = json!({ "reservationSet": [
            { "ownerId": "1", "instancesSet": [{ "instanceId": "i-1", "groupSet": [] }, { "instanceId": "i-2" }] },
            { "instancesSet": [{ "instanceId": "i-3" }] },
        ] });
        let found: Vec<_> = records(answer, "instancesSet").iter().map(|record| record["instanceId"].clone()).collect();
        assert_eq!(found, ["i-1", "i-2", "i-3"]);
    }
}
