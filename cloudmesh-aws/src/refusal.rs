//! What a refusal means: from AWS's code and words to an [`Error`]. Pure functions.

pub(crate) mod codes;
pub(crate) mod words;

use std::error::Error as StdError;

use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use cloudmesh_abstract::{Error, ErrorKind, http};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use crate::connection;

/// What was asked when AWS refused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The request in one line; its first word is the action.
    pub(crate) action: &'a str,
    /// Where the keys came from.
    pub(crate) source: &'a str,
    /// The region.
    pub(crate) region: &'a str,
    /// Where the request went.
    pub(crate) endpoint: &'a str,
    /// What time it is here.
    pub(crate) now: Timestamp,
}

/// What AWS says about an error.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<String>,
    /// What time it is there.
    pub(crate) date: Option<String>,
}

/// Clocks that differ by less are no reason to refuse a request: AWS takes what is five minutes old.
const SKEW: SignedDuration = SignedDuration::from_mins(4);

/// The error of a request that failed.
pub(crate) fn refusal<E>(error: &SdkError<E>, scene: &Scene<'_>) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(refused) if !refused.raw().status().is_success() => {
            told(&read(refused.raw(), refused.err()), scene)
        }
        SdkError::ServiceError(refused) => unreadable(refused.raw(), scene),
        SdkError::ResponseError(broken) => broken_off(broken.raw(), scene).with_source(chain(error)),
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(cause) => connection::failure(cause, scene).with_source(chain(error)),
            None => Error::new(ErrorKind::Unavailable, format!("`{}` cannot be sent", scene.action)),
        },
        SdkError::ConstructionFailure(_) => {
            let message = format!("`{}` cannot be put together", scene.action);
            Error::new(ErrorKind::InvalidInput, message).with_source(chain(error))
        }
        _ => {
            Error::new(ErrorKind::Timeout, format!("no answer to `{}` in time", scene.action)).with_source(chain(error))
        }
    }
}

/// How far AWS's clock is ahead of ours, where a request was refused for it.
pub(crate) fn skewed<E: ProvideErrorMetadata>(error: &SdkError<E>, now: Timestamp) -> Option<SignedDuration> {
    let SdkError::ServiceError(refused) = error else { return None };
    let told = read(refused.raw(), refused.err());
    let kind = codes::kind(told.code.as_deref(), told.status);
    skew(&told, now).filter(|_| kind == ErrorKind::Unauthenticated)
}

/// The causes of an error as one text: the SDK's own types show whole requests and answers.
fn chain(error: &dyn StdError) -> String {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes.join(": ")
}

/// What an answer says.
fn read(answer: &HttpResponse, error: &impl ProvideErrorMetadata) -> Told {
    let header = |names: &[&str]| names.iter().find_map(|name| answer.headers().get(*name)).map(str::to_owned);
    let body = String::from_utf8_lossy(answer.body().bytes().unwrap_or_default());
    let message = error.message().map_or_else(|| words::plain(&body), str::to_owned);
    Told {
        status: answer.status().as_u16(),
        code: error.code().map(str::to_owned),
        message,
        request_id: header(&["x-amzn-requestid", "x-amz-request-id"]).or_else(|| request_id(&body)),
        retry_after: header(&["retry-after"]),
        date: header(&["date"]),
    }
}

/// The id of a request in the body of an error, where the head of the answer lacks it.
pub(crate) fn request_id(body: &str) -> Option<String> {
    ["RequestID", "RequestId", "requestId"].iter().find_map(|name| {
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        let (id, _) = rest.split_once('<')?;
        Some(id.to_owned())
    })
}

/// The error that an answer tells.
pub(crate) fn told(told: &Told, scene: &Scene<'_>) -> Error {
    let kind = codes::kind(told.code.as_deref(), told.status);
    let skew = skew(told, Timestamp::now()).filter(|_| kind == ErrorKind::Unauthenticated);
    let message = match skew {
        Some(skew) => words::clock(skew),
        None => words::message(told, kind, scene),
    };
    let mut error = Error::new(kind, message);
    if let Some(code) = &told.code {
        error = error.with_code(code);
    }
    if let Some(id) = &told.request_id {
        error = error.with_request_id(id);
    }
    match told.retry_after.as_deref().and_then(|wait| http::retry_after(wait, scene.now)) {
        Some(wait) => error.with_retry_after(wait),
        None => error,
    }
}

/// How far AWS's clock is ahead of ours, where that is far enough to be refused for.
pub(crate) fn skew(told: &Told, now: Timestamp) -> Option<SignedDuration> {
    let there = rfc2822::parse(told.date.as_deref()?).ok()?.timestamp();
    let ahead = there.duration_since(now);
    (ahead.abs() > SKEW).then_some(ahead)
}

/// The error of a success that cannot be read: the change may have been made.
fn unreadable(answer: &HttpResponse, scene: &Scene<'_>) -> Error {
    let body = String::from_utf8_lossy(answer.body().bytes().unwrap_or_default());
    let error = Error::new(ErrorKind::Unexpected, words::unreadable(scene, &body));
    let id = answer.headers().get("x-amzn-requestid").map(str::to_owned);
    match id.or_else(|| request_id(&body)) {
        Some(id) => error.with_request_id(id),
        None => error,
    }
}

/// The error of an answer that ended before it was whole.
fn broken_off(answer: &HttpResponse, scene: &Scene<'_>) -> Error {
    let message = format!("the answer to `{}` broke off", scene.action);
    let error = Error::new(ErrorKind::Unavailable, message);
    match answer.headers().get("x-amzn-requestid") {
        Some(id) => error.with_request_id(id),
        None => error,
    }
}

#[cfg(test)]
mod tests;
