//! The errors of the framework below Glance, which Nova too uses for unknown routes.

use serde_json::json;

use crate::exchange::{Answer, Ask};

/// An error in JSON when the client takes it, else as a page.
pub(super) fn answer(ask: &Ask, status: u16, message: &str) -> Answer {
    explained(ask, status, message, "")
}

/// The same, with more to say about this case.
pub(super) fn explained(ask: &Ask, status: u16, message: &str, more: &str) -> Answer {
    let title = title(status);
    let detail = format!("{message}<br /><br />\n{more}\n\n");
    if ask.header("accept").is_some_and(|accept| accept.contains("json")) {
        let body = json!({"message": detail, "code": format!("{status} {title}"), "title": title});
        return Answer::json(status, &body);
    }
    let head = format!("<html>\n <head>\n  <title>{status} {title}</title>\n </head>\n");
    let body = format!(" <body>\n  <h1>{status} {title}</h1>\n  {detail}\n </body>\n</html>");
    Answer::html(status, &format!("{head}{body}"))
}

/// What is said about a route that does not exist.
pub(super) fn not_found(ask: &Ask) -> Answer {
    answer(ask, 404, "The resource could not be found.")
}

/// The name of a status.
pub(super) fn title(status: u16) -> &'static str {
    let status = http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or("Unknown")
}
