//! What an error carries.

use crate::conformance::bench::{Bench, CLOUD};
use crate::conformance::check::{Check, Failure, Outcome, check, ensure};
use crate::{ComputeNodeABC, Error, Operation};

pub(super) const CHECKS: &[Check] = &[
    check!(errors_say_where_they_happened: "An error carries cloud, operation and subject."),
    check!(errors_carry_the_vendors_code: "Errors carry the vendor's code where there is one."),
    check!(errors_carry_the_request_id: "Errors carry the vendor's request id where there is one."),
];

/// The error of a look at a node that never was, which every cloud answers in its own words.
async fn an_error(bench: &Bench) -> Result<Error, Failure> {
    let answer = bench.cloud()?.info(&super::unknown_id()).await;
    answer.err().ok_or_else(|| Failure::new("`info` of an unknown id succeeded"))
}

async fn errors_say_where_they_happened(bench: &Bench) -> Outcome {
    let error = an_error(bench).await?;
    let place = error.place();
    ensure!(place.cloud.as_deref() == Some(CLOUD), "the error names the cloud {:?}", place.cloud);
    ensure!(place.operation == Some(Operation::Info), "the error names the operation {:?}", place.operation);
    ensure!(place.subject.is_some(), "the error does not say what it is about");
    Ok(())
}

async fn errors_carry_the_vendors_code(bench: &Bench) -> Outcome {
    let error = an_error(bench).await?;
    ensure!(error.code().is_some_and(|code| !code.is_empty()), "no code: {error}");
    Ok(())
}

async fn errors_carry_the_request_id(bench: &Bench) -> Outcome {
    let error = an_error(bench).await?;
    ensure!(error.request_id().is_some_and(|id| !id.is_empty()), "no request id: {error}");
    Ok(())
}
