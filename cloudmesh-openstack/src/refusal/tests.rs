//! Tables of refusals, in the shapes that the services give them.

use std::time::Duration;

use cloudmesh_abstract::{Error, ErrorKind};
use jiff::Timestamp;
use serde_json::json;

use super::{Answer, not_accepted, refusal, unreadable};

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.into(), request_id: Some("req-1".into()), ..Answer::default() }
}

fn told(status: u16, body: &str) -> Error {
    refusal(&answer(status, body), "GET /servers", Timestamp::UNIX_EPOCH)
}

/// A refusal in Nova's shape.
fn nova(status: u16, name: &str, message: &str) -> Error {
    told(status, &json!({name: {"code": status, "message": message}}).to_string())
}

/// A refusal in Neutron's shape.
fn neutron(status: u16, kind: &str, message: &str) -> Error {
    told(status, &json!({"NeutronError": {"type": kind, "message": message, "detail": ""}}).to_string())
}

#[track_caller]
fn is(error: &Error, kind: ErrorKind, code: Option<&str>, message: &str) {
    assert_eq!((error.kind(), error.code(), error.message()), (kind, code, message));
    assert_eq!(error.request_id(), Some("req-1"));
}

#[test]
fn nova_refuses() {
    use ErrorKind as K;
    let quota = "Quota exceeded for instances: Requested 1, but already used 100 of 100 instances";
    let networks = "Multiple possible networks found, use a Network ID to be more specific.";
    let named = "Multiple possible networks found, use a Network ID to be more specific; name it, or give its id";
    let groups = "Multiple security_group matches found for name 'g', use an ID to be more specific.";
    let policy = "no; ask the cloud's operator for a role that allows `GET /servers`";
    let table = [
        (404, "itemNotFound", "Instance 7 could not be found.", K::NotFound, "Instance 7 could not be found"),
        (409, "conflictingRequest", "Instance 7 is locked", K::Conflict, "Instance 7 is locked"),
        (400, "badRequest", "Can not find requested image", K::InvalidInput, "Can not find requested image"),
        (403, "forbidden", quota, K::QuotaExceeded, quota),
        (403, "forbidden", "Maximum number of ports exceeded", K::QuotaExceeded, "Maximum number of ports exceeded"),
        (
            403,
            "forbidden",
            "Maximum number of metadata items exceeds 128",
            K::InvalidInput,
            "Maximum number of metadata items exceeds 128",
        ),
        (403, "forbidden", "no", K::PermissionDenied, policy),
        (429, "overLimit", "slow down", K::RateLimited, "slow down"),
        (413, "overLimit", "slow down", K::RateLimited, "slow down"),
        (409, "conflictingRequest", networks, K::Ambiguous, named),
        (
            409,
            "conflictingRequest",
            groups,
            K::Ambiguous,
            "Multiple security_group matches found for name 'g', use an ID to be more specific; name it, or give its id",
        ),
        (409, "conflictingRequest", "Key pair 'k' already exists.", K::AlreadyExists, "Key pair 'k' already exists"),
        (501, "notImplemented", "no", K::Unsupported, "no"),
        (500, "computeFault", "oops", K::Unavailable, "the cloud cannot answer `GET /servers`: oops"),
    ];
    for (status, name, said, kind, message) in table {
        is(&nova(status, name, said), kind, Some(name), message);
    }
}

#[test]
fn the_others_refuse_in_their_own_shapes() {
    use ErrorKind as K;
    is(
        &neutron(409, "OverQuota", "Quota exceeded for resources: ['port']."),
        K::QuotaExceeded,
        Some("OverQuota"),
        "Quota exceeded for resources: ['port']",
    );
    is(
        &neutron(404, "NetworkNotFound", "Network x could not be found."),
        K::NotFound,
        Some("NetworkNotFound"),
        "Network x could not be found",
    );
    is(&told(400, r#"{"NeutronError": "Invalid input"}"#), K::InvalidInput, Some("NeutronError"), "Invalid input");
    let keystone = r#"{"error": {"code": 401, "title": "Unauthorized", "message": "Authentication is required."}}"#;
    is(&told(401, keystone), K::Unauthenticated, Some("Unauthorized"), "Authentication is required");
    let glance =
        r#"{"message": "No image found with ID x<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}"#;
    is(&told(404, glance), K::NotFound, Some("Not Found"), "No image found with ID x");
}

#[test]
fn services_that_are_only_called_raw_refuse_in_theirs() {
    use ErrorKind as K;
    let placement = r#"{"errors": [{"status": 404, "title": "Not Found", "detail": "No resource provider x.", "code": "placement.undefined_code"}]}"#;
    is(&told(404, placement), K::NotFound, Some("placement.undefined_code"), "No resource provider x");
    let octavia = r#"{"debuginfo": null, "faultcode": "Client", "faultstring": "Load balancer x not found."}"#;
    is(&told(404, octavia), K::NotFound, Some("Client"), "Load balancer x not found");
}

#[test]
fn who_is_no_service_refuses() {
    use ErrorKind as K;
    let html = "<html><head><title>503</title></head><body>\n<h1>Service Unavailable</h1></body></html>";
    let versions = "`GET /servers` was answered with a choice of versions; its address lacks the version";
    let table = [
        (503, html, K::Unavailable, "the cloud cannot answer `GET /servers`: 503 Service Unavailable"),
        (502, "", K::Unavailable, "the cloud cannot answer `GET /servers`: status 502"),
        (413, "Request is too large.", K::InvalidInput, "Request is too large"),
        (300, r#"{"choices": []}"#, K::Unexpected, versions),
        (302, "", K::Unexpected, "`GET /servers` was answered with a redirect, which no token is sent after"),
    ];
    for (status, body, kind, message) in table {
        is(&told(status, body), kind, None, message);
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
fn a_change_that_was_not_accepted_may_not_have_been_made() {
    let told = |status, body: &str| not_accepted(&answer(status, body), "DELETE /servers/7", 204);
    let table = [
        (200, "<html><p>Welcome</p></html>", "status 200 in place of 204 and holds `Welcome`"),
        (202, "", "status 202 in place of 204 and holds nothing"),
        (200, r#"{"adminPass": "hunter2"}"#, "status 200 in place of 204 and holds JSON"),
    ];
    for (status, body, words) in table {
        let message = format!(
            "the answer to `DELETE /servers/7` cannot be understood, it has {words}; check whether the change was made"
        );
        is(&told(status, body), ErrorKind::Unexpected, None, &message);
    }
}

#[test]
fn a_long_answer_is_cut() {
    let error = told(500, &"x".repeat(10_000));
    assert!(error.message().chars().count() < 400);
}
