//! Checking of bodies, with the words of Nova's own checks.

use super::fault::Fault;
use super::kinds::{self, listed};
use super::ordered::{Ordered, quoted};

/// What a value must be.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    /// Anything.
    Any,
    /// Text of so many characters.
    Text { least: usize, most: usize },
    /// Text of at most so many characters, or nothing.
    TextOrNull { most: usize },
    /// The name of a server: printable, not blank at its ends.
    Name,
    /// One of some words.
    Words(&'static [&'static str]),
    /// True or false, in any of Python's spellings.
    Flag,
    /// A number from 1 on, as a number or in digits.
    Count,
    /// The same, of a disk in GiB.
    Size,
    /// Text of so many characters that a regular expression matches.
    Pattern { least: usize, most: usize, pattern: &'static str },
    /// Text that is a UUID.
    Uuid,
    /// A UUID, or nothing.
    UuidOrNull,
    /// An address of IPv4.
    V4,
    /// An address of IPv6.
    V6,
    /// An address of either family.
    Address,
    /// A number or digits, a sign allowed, or nothing.
    Length,
    /// A number of either sign, or digits, or nothing.
    Index,
    /// A name or a number.
    Reference,
    /// A UUID, or empty text.
    ImageReference,
    /// Letters, digits and hyphens, no hyphen at its ends.
    HostName,
    /// Base64 of at most so many characters.
    Base64 { most: usize },
    /// Names and texts.
    Metadata,
    /// A list of such values.
    List(Box<Rule>),
    /// A list of so many such values at most, none of them twice.
    Set(Box<Rule>, usize),
    /// A list of such values, or `auto`, or `none`.
    ListOrWord(Box<Rule>),
    /// A group of keys.
    Group(Shape),
    /// A group of keys, or nothing.
    GroupOrNull(Shape),
}

/// The keys of a group.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) keys: Vec<(&'static str, Rule)>,
    pub(super) required: Vec<&'static str>,
}

/// Checks a whole body.
pub(super) fn check(body: &Ordered, shape: &Shape) -> Result<(), Fault> {
    group(None, body, shape)
}

fn value(field: &str, given: &Ordered, rule: &Rule) -> Result<(), Fault> {
    let refuse = |told: String| Err(complaint(Some(field), given, &told));
    match rule {
        Rule::TextOrNull { .. } | Rule::GroupOrNull(_) if *given == Ordered::Null => Ok(()),
        Rule::Words(words) if given.text().is_some_and(|text| words.contains(&text)) => Ok(()),
        Rule::Words(words) => refuse(format!("{given} is not one of [{}]", listed(words))),
        Rule::Group(shape) => group(Some(field), given, shape),
        Rule::GroupOrNull(shape) if given.dict().is_some() => group(Some(field), given, shape),
        Rule::GroupOrNull(_) => refuse(format!("{given} is not of type 'object', 'null'")),
        Rule::List(rule) => list(field, given, rule),
        Rule::Set(rule, most) => set(field, given, rule, *most),
        Rule::ListOrWord(rule) => match given {
            Ordered::Text(word) if word == "auto" || word == "none" => Ok(()),
            Ordered::List(_) if list(field, given, rule).is_ok() => Ok(()),
            _ => refuse(format!("{given} is not valid under any of the given schemas")),
        },
        rule => kinds::plain(field, given, rule),
    }
}

fn group(field: Option<&str>, given: &Ordered, shape: &Shape) -> Result<(), Fault> {
    let refuse = |told: String| Err(complaint(field, given, &told));
    let Some(entries) = given.dict() else { return refuse(format!("{given} is not of type 'object'")) };
    for (key, rule) in &shape.keys {
        if let Some(inner) = given.get(key) {
            value(key, inner, rule)?;
        }
    }
    if let Some(key) = shape.required.iter().find(|key| given.get(key).is_none()) {
        return refuse(format!("'{key}' is a required property"));
    }
    let strange = entries.iter().filter(|(key, _)| shape.keys.iter().all(|(known, _)| known != key));
    let strange: Vec<String> = strange.map(|(key, _)| quoted(key)).collect();
    match strange.len() {
        0 => Ok(()),
        1 => refuse(format!("Additional properties are not allowed ({} was unexpected)", strange[0])),
        _ => refuse(format!("Additional properties are not allowed ({} were unexpected)", strange.join(", "))),
    }
}

/// The error about a value.
pub(super) fn complaint(field: Option<&str>, given: &Ordered, told: &str) -> Fault {
    match field {
        None => Fault::bad(told),
        Some(field) => {
            Fault::bad(format!("Invalid input for field/attribute {field}. Value: {}. {told}", given.bare()))
        }
    }
}

/// Whether a text is a UUID, with hyphens.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn set(field: &str, given: &Ordered, rule: &Rule, most: usize) -> Result<(), Fault> {
    list(field, given, rule)?;
    let refuse = |told: &str| Err(complaint(Some(field), given, &format!("{given} {told}")));
    let entries = given.list().unwrap_or_default();
    let twice = entries.iter().enumerate().any(|(index, entry)| entries[..index].contains(entry));
    match entries.len() {
        length if length > most => refuse("is too long"),
        _ if twice => refuse("has non-unique elements"),
        _ => Ok(()),
    }
}

fn list(field: &str, given: &Ordered, rule: &Rule) -> Result<(), Fault> {
    let entries = given.list();
    let entries = entries.ok_or_else(|| complaint(Some(field), given, &format!("{given} is not of type 'array'")))?;
    for (index, entry) in entries.iter().enumerate() {
        value(&index.to_string(), entry, rule)?;
    }
    Ok(())
}
