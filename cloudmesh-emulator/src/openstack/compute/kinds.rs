//! Checking of single values, with the words of Nova's own checks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;

use super::fault::Fault;
use super::ordered::{Ordered, quoted};
use super::schema::{Rule, complaint, is_uuid};

/// How many of Python's spellings there are for true and false.
const FLAGS: [&str; 20] = [
    "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes", "False", "FALSE", "false", "0", "OFF", "Off",
    "off", "NO", "No", "no",
];

/// Checks a value by a rule that is no list and no group.
pub(super) fn plain(field: &str, given: &Ordered, rule: &Rule) -> Result<(), Fault> {
    let refuse = |told: String| Err(complaint(Some(field), given, &told));
    match rule {
        Rule::Text { least, most } => text(field, given, *least, *most, "'string'").map(drop),
        Rule::TextOrNull { most } => text(field, given, 0, *most, "'string', 'null'").map(drop),
        Rule::Name => name(text(field, given, 1, 255, "'string'")?),
        Rule::Pattern { least, most, pattern } => matching(field, given, (*least, *most), pattern),
        Rule::Flag => flag(field, given),
        Rule::Count => count(field, given, "^[0-9]*$"),
        Rule::Size => count(field, given, "^[0-9]+$"),
        Rule::Length => length(field, given, -1, "^-?[0-9]+$"),
        Rule::Index => length(field, given, i64::MIN, "^-?[0-9]+$"),
        Rule::Reference if matches!(given, Ordered::Number(number) if !number.is_f64()) => Ok(()),
        Rule::Reference => text(field, given, 1, 255, "'string', 'integer'").map(drop),
        Rule::Uuid | Rule::V4 | Rule::V6 => formatted(field, given, rule),
        Rule::UuidOrNull if *given == Ordered::Null => Ok(()),
        Rule::ImageReference | Rule::UuidOrNull | Rule::Address if one_of(given, rule) => Ok(()),
        Rule::ImageReference | Rule::UuidOrNull | Rule::Address => {
            refuse(format!("{given} is not valid under any of the given schemas"))
        }
        Rule::HostName => matching(field, given, (2, 63), "^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$"),
        Rule::Base64 { most } => base64(field, given, *most),
        Rule::Metadata => metadata(field, given),
        _ => Ok(()),
    }
}

fn one_of(given: &Ordered, rule: &Rule) -> bool {
    given.text().is_some_and(|text| match rule {
        Rule::Address => text.parse::<IpAddr>().is_ok(),
        Rule::ImageReference if text.is_empty() => true,
        _ => is_uuid(text),
    })
}

fn formatted(field: &str, given: &Ordered, rule: &Rule) -> Result<(), Fault> {
    let found = text(field, given, 0, usize::MAX, "'string'")?;
    let (good, kind) = match rule {
        Rule::V4 => (found.parse::<Ipv4Addr>().is_ok(), "ipv4"),
        Rule::V6 => (found.parse::<Ipv6Addr>().is_ok(), "ipv6"),
        _ => (is_uuid(found), "uuid"),
    };
    if good { Ok(()) } else { Err(complaint(Some(field), given, &format!("{given} is not a '{kind}'"))) }
}

fn matching(field: &str, given: &Ordered, (least, most): (usize, usize), pattern: &str) -> Result<(), Fault> {
    let found = text(field, given, least, most, "'string'")?;
    if Regex::new(pattern).is_ok_and(|known| known.is_match(found)) {
        return Ok(());
    }
    Err(complaint(Some(field), given, &format!("{given} does not match '{pattern}'")))
}

fn text<'a>(field: &str, given: &'a Ordered, least: usize, most: usize, kinds: &str) -> Result<&'a str, Fault> {
    let refuse = |told: String| complaint(Some(field), given, &told);
    let found = given.text().ok_or_else(|| refuse(format!("{given} is not of type {kinds}")))?;
    match found.chars().count() {
        length if length < least => Err(refuse(format!("{given} is too short"))),
        length if length > most => Err(refuse(format!("{given} is too long"))),
        _ => Ok(found),
    }
}

fn name(name: &str) -> Result<(), Fault> {
    if name.trim() == name && !name.chars().any(char::is_control) {
        return Ok(());
    }
    let told = "The name must be: printable characters. Can not start or end with whitespace.";
    Err(Fault::bad(format!("An invalid 'name' value was provided. {told}")))
}

/// Words as Python writes a list of them, without its brackets.
pub(super) fn listed(words: &[&str]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ")
}

fn flag(field: &str, given: &Ordered) -> Result<(), Fault> {
    if matches!(given, Ordered::Bool(_)) || given.text().is_some_and(|text| FLAGS.contains(&text)) {
        return Ok(());
    }
    if given.text().is_none() {
        return Err(complaint(Some(field), given, &format!("{given} is not of type 'boolean', 'string'")));
    }
    let (yes, no) = FLAGS.split_at(10);
    let told = format!("{given} is not one of [True, {}, False, {}]", listed(yes), listed(no));
    Err(complaint(Some(field), given, &told))
}

/// A number from 1 on. Nova makes a number of digits before it asks how large it is.
fn count(field: &str, given: &Ordered, pattern: &str) -> Result<(), Fault> {
    let refuse = |told: String| Err(complaint(Some(field), given, &told));
    match given {
        Ordered::Number(number) if number.as_u64().is_some_and(|number| number > 0) => Ok(()),
        Ordered::Number(number) if !number.is_f64() => refuse(format!("{given} is less than the minimum of 1")),
        Ordered::Text(text) if text.is_empty() => refuse(format!("{given} is too short")),
        Ordered::Text(text) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            refuse(format!("{given} does not match '{pattern}'"))
        }
        Ordered::Text(text) if text.bytes().all(|byte| byte == b'0') => {
            refuse("0 is less than the minimum of 1".to_owned())
        }
        Ordered::Text(_) => Ok(()),
        _ => refuse(format!("{given} is not of type 'integer', 'string'")),
    }
}

fn length(field: &str, given: &Ordered, least: i64, pattern: &str) -> Result<(), Fault> {
    let refuse = |told: String| Err(complaint(Some(field), given, &told));
    match given {
        Ordered::Null => Ok(()),
        Ordered::Number(number) if number.as_i64().is_some_and(|number| number < least) => {
            refuse(format!("{given} is less than the minimum of {least}"))
        }
        Ordered::Number(number) if !number.is_f64() => Ok(()),
        Ordered::Text(text) if text.parse::<i64>().is_ok() => Ok(()),
        Ordered::Text(_) => refuse(format!("{given} does not match '{pattern}'")),
        _ => refuse(format!("{given} is not of type 'integer', 'string', 'null'")),
    }
}

fn base64(field: &str, given: &Ordered, most: usize) -> Result<(), Fault> {
    let found = text(field, given, 0, most, "'string'")?;
    match STANDARD.decode(found) {
        Ok(_) => Ok(()),
        Err(_) => Err(complaint(Some(field), given, &format!("{given} is not a 'base64'"))),
    }
}

fn metadata(field: &str, given: &Ordered) -> Result<(), Fault> {
    let entries = given.dict();
    let entries = entries.ok_or_else(|| complaint(Some(field), given, &format!("{given} is not of type 'object'")))?;
    for (key, entry) in entries {
        if is_metadata_key(key) {
            text(key, entry, 0, 255, "'string'")?;
        }
    }
    match entries.iter().find(|(key, _)| !is_metadata_key(key)) {
        None => Ok(()),
        Some((key, _)) => {
            let told = format!("{} does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{{1,255}}$'", quoted(key));
            Err(complaint(Some(field), given, &told))
        }
    }
}

fn is_metadata_key(key: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_:. ".contains(letter);
    (1..=255).contains(&key.chars().count()) && key.chars().all(allowed)
}
