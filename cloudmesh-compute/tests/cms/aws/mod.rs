//! `cms` on an emulated AWS, and on AWS and OpenStack at once.

mod both;
mod defects;
mod images;
mod mistakes;
mod network;
mod rehearsal;
mod session;
mod sign_in;

use regex::Regex;

use crate::desk::Desk;

/// A session of these lines.
fn session(desk: &Desk, lines: &[&str]) -> String {
    for line in lines {
        desk.cms(line);
    }
    plain(desk)
}

/// The session so far. Columns are as wide as addresses and ids happen to be.
fn plain(desk: &Desk) -> String {
    let changing = [
        ("  +", "  "),
        (r"\b\d{12}\b", "<account>"),
        (r"\b\d+ ms\b", "<n> ms"),
        (r#""took_ms": \d+"#, r#""took_ms": <n>"#),
    ];
    changing.iter().fold(desk.session(), |text, (pattern, shown)| {
        Regex::new(pattern).unwrap().replace_all(&text, *shown).into_owned()
    })
}
