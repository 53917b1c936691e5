//! Tables of refusals, in the shapes that the services give them.

use std::time::Duration;

use cloudmesh_abstract::{Error, ErrorKind};
use jiff::Timestamp;

use super::{Answer, refusal, unreadable};

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.into(), request_id: Some("req-1".into()), ..Answer::default() }
}

fn told(status: u16, body: &str) -> Error {
    refusal(&answer(status, body), "GET /servers", Timestamp::UNIX_EPOCH)
}

#[test]
fn each_service_in_its_own_shape() {
    use ErrorKind as K;
    let table = [
        (
            404,
            r#"{"itemNotFound": {"code": 404, "message": "Instance 7 could not be found."}}"#,
            K::NotFound,
            Some("itemNotFound"),
            "Instance 7 could not be found",
        ),
        (
            409,
            r#"{"conflictingRequest": {"code": 409, "message": "Instance 7 is locked"}}"#,
            K::Conflict,
            Some("conflictingRequest"),
            "Instance 7 is locked",
        ),
        (
            400,
            r#"{"badRequest": {"code": 400, "message": "Can not find requested image"}}"#,
            K::InvalidInput,
            Some("badRequest"),
            "Can not find requested image",
        ),
        (
            403,
            r#"{"forbidden": {"code": 403, "message": "Quota exceeded for instances: Requested 1, but already used 100 of 100 instances"}}"#,
            K::QuotaExceeded,
            Some("forbidden"),
            "Quota exceeded for instances: Requested 1, but already used 100 of 100 instances",
        ),
        (
            403,
            r#"{"forbidden": {"code": 403, "message": "Maximum number of ports exceeded"}}"#,
            K::QuotaExceeded,
            Some("forbidden"),
            "Maximum number of ports exceeded",
        ),
        (
            403,
            r#"{"forbidden": {"code": 403, "message": "Maximum number of metadata items exceeds 128"}}"#,
            K::InvalidInput,
            Some("forbidden"),
            "Maximum number of metadata items exceeds 128",
        ),
        (
            403,
            r#"{"forbidden": {"code": 403, "message": "Policy doesn't allow it."}}"#,
            K::PermissionDenied,
            Some("forbidden"),
            "Policy doesn't allow it; ask the cloud's operator for a role that allows `GET /servers`",
        ),
        (
            429,
            r#"{"overLimit": {"code": 429, "message": "slow down", "retryAfter": "5"}}"#,
            K::RateLimited,
            Some("overLimit"),
            "slow down",
        ),
        (
            413,
            r#"{"overLimit": {"code": 413, "message": "slow down"}}"#,
            K::RateLimited,
            Some("overLimit"),
            "slow down",
        ),
        (413, "Request is too large.", K::InvalidInput, None, "Request is too large"),
        (
            409,
            r#"{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: ['port'].", "detail": ""}}"#,
            K::QuotaExceeded,
            Some("OverQuota"),
            "Quota exceeded for resources: ['port']",
        ),
        (
            404,
            r#"{"NeutronError": {"type": "NetworkNotFound", "message": "Network x could not be found.", "detail": ""}}"#,
            K::NotFound,
            Some("NetworkNotFound"),
            "Network x could not be found",
        ),
        (400, r#"{"NeutronError": "Invalid input"}"#, K::InvalidInput, Some("NeutronError"), "Invalid input"),
        (
            401,
            r#"{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}"#,
            K::Unauthenticated,
            Some("Unauthorized"),
            "The request you have made requires authentication",
        ),
        (
            404,
            r#"{"message": "No image found with ID x<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}"#,
            K::NotFound,
            Some("Not Found"),
            "No image found with ID x",
        ),
        (
            409,
            r#"{"conflictingRequest": {"code": 409, "message": "Multiple possible networks found, use a Network ID to be more specific."}}"#,
            K::Ambiguous,
            Some("conflictingRequest"),
            "Multiple possible networks found, use a Network ID to be more specific; name it, or give its id",
        ),
        (
            409,
            r#"{"conflictingRequest": {"code": 409, "message": "Key pair 'k' already exists."}}"#,
            K::AlreadyExists,
            Some("conflictingRequest"),
            "Key pair 'k' already exists",
        ),
        (501, r#"{"notImplemented": {"code": 501, "message": "no"}}"#, K::Unsupported, Some("notImplemented"), "no"),
        (
            503,
            "<html><head><title>503</title></head><body>\n<h1>Service Unavailable</h1></body></html>",
            K::Unavailable,
            None,
            "the cloud cannot answer `GET /servers`: 503 Service Unavailable",
        ),
        (502, "", K::Unavailable, None, "the cloud cannot answer `GET /servers`: status 502"),
        (
            300,
            r#"{"choices": []}"#,
            K::Unexpected,
            None,
            "`GET /servers` was answered with a choice of versions; its address lacks the version",
        ),
        (302, "", K::Unexpected, None, "`GET /servers` was answered with a redirect, which no token is sent after"),
    ];
    for (status, body, kind, code, message) in table {
        let error = told(status, body);
        assert_eq!((error.kind(), error.code(), error.message()), (kind, code, message), "{status} {body}");
        assert_eq!(error.request_id(), Some("req-1"));
    }
}

#[test]
fn the_time_to_wait_is_in_the_header_or_in_the_body() {
    let body = r#"{"overLimit": {"code": 429, "message": "slow down", "retryAfter": "5"}}"#;
    assert_eq!(told(429, body).retry_after(), Some(Duration::from_secs(5)));
    let header = Answer { retry_after: Some("7".into()), ..answer(429, body) };
    let error = refusal(&header, "GET /", Timestamp::UNIX_EPOCH);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[test]
fn user_data_is_not_told_again() {
    let bodies = [
        r#"{"badRequest": {"code": 400, "message": "Invalid input for field/attribute user_data. Value: hunter2. 'hunter2' is not a 'base64'"}}"#,
        r#"{"badRequest": {"code": 400, "message": "Invalid input for field/attribute server. Value: {'user_data': 'hunter2'}. 'name' is a required property"}}"#,
    ];
    for body in bodies {
        let error = told(400, body);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn an_answer_that_cannot_be_read_is_shown_in_short() {
    let table = [
        ("", "the answer to `GET /` cannot be read, it holds nothing"),
        (
            "<html><body>Please sign in to the <b>hotel</b></body></html>",
            "the answer to `GET /` cannot be read, it holds `Please sign in to the hotel`",
        ),
        (
            r#"{"server": {"adminPass": "hunter2"#,
            "the answer to `GET /` cannot be read, it holds JSON of another shape or broken off",
        ),
    ];
    for (body, message) in table {
        let error = unreadable(&answer(200, body), "GET /", None);
        assert_eq!((error.kind(), error.message()), (ErrorKind::Unexpected, message));
    }
}

#[test]
fn a_long_answer_is_cut() {
    let error = told(500, &"x".repeat(10_000));
    assert!(error.message().chars().count() < 400);
}
