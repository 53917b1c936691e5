//! An order in the place of a request that the SDK knows.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ec2::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_ec2::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ec2::error::{BoxError, SdkError};
use aws_smithy_types::body::SdkBody;

use super::query::Order;

/// Takes the place of a request before it is signed, and keeps the text of its answer, whatever the SDK makes of it.
#[derive(Debug, Clone)]
pub(super) struct Carrier {
    is_get: bool,
    form: String,
    answer: Arc<Mutex<Option<String>>>,
}

impl Carrier {
    pub(super) fn new(order: &Order) -> Self {
        Self { is_get: order.is_get, form: order.form(), answer: Arc::default() }
    }

    /// The text of the answer, where it was a success.
    #[expect(clippy::result_large_err, reason = "the error is the SDK's own")]
    pub(super) fn answer<T, E>(&self, sent: Result<T, SdkError<E>>) -> Result<String, SdkError<E>> {
        let text = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (sent, text) {
            (_, Some(text)) => Ok(text),
            (Err(error), None) => Err(error),
            (Ok(_), None) => Ok(String::new()),
        }
    }
}

impl Intercept for Carrier {
    fn name(&self) -> &'static str {
        "Carrier"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        if self.is_get {
            let address = format!("{}?{}", request.uri(), self.form);
            request.set_uri(address)?;
            request.set_method("GET")?;
            request.headers_mut().remove("content-type");
            request.headers_mut().remove("content-length");
            *request.body_mut() = SdkBody::empty();
        } else {
            request.headers_mut().insert("content-length", self.form.len().to_string());
            *request.body_mut() = SdkBody::from(self.form.as_str());
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response();
        if answer.status().is_success() {
            let text = String::from_utf8_lossy(answer.body().bytes().unwrap_or_default()).into_owned();
            *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        }
        Ok(())
    }
}
