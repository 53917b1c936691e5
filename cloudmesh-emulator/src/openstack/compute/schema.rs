//! Checking of bodies, with the words of Nova's own checks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fault::Fault;
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
    /// A number or digits, a sign allowed, or nothing.
    Length,
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

/// How many of Python's spellings there are for true and false.
const FLAGS: [&str; 20] = [
    "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes", "False", "FALSE", "false", "0", "OFF", "Off",
    "off", "NO", "No", "no",
];

/// Checks a whole body.
pub(super) fn check(body: &Ordered, shape: &Shape) -> Result<(), Fault> {
    group(None, body, shape)
}

fn value(field: &str, given: &Ordered, rule: &Rule) -> Result<(), Fault> {
    let refuse = |told: String| Err(complaint(Some(field), given, &told));
    match rule {
        Rule::Any => Ok(()),
        Rule::Text { least, most } => text(field, given, *least, *most, "'string'").map(drop),
        Rule::TextOrNull { .. } | Rule::GroupOrNull(_) if *given == Ordered::Null => Ok(()),
        Rule::TextOrNull { most } => text(field, given, 0, *most, "'string', 'null'").map(drop),
        Rule::Name => name(field, text(field, given, 1, 255, "'string'")?),
        Rule::Words(words) if given.text().is_some_and(|text| words.contains(&text)) => Ok(()),
        Rule::Words(words) => refuse(format!("{given} is not one of [{}]", listed(words))),
        Rule::Flag => flag(field, given),
        Rule::Count => count(field, given),
        Rule::Length => length(field, given),
        Rule::Reference if matches!(given, Ordered::Number(number) if !number.is_f64()) => Ok(()),
        Rule::Reference => text(field, given, 1, 255, "'string', 'integer'").map(drop),
        Rule::ImageReference => match given.text() {
            Some(text) if text.is_empty() || is_uuid(text) => Ok(()),
            _ => refuse(format!("{given} is not valid under any of the given schemas")),
        },
        Rule::HostName => host_name(field, given),
        Rule::Base64 { most } => base64(field, given, *most),
        Rule::Metadata => metadata(field, given),
        Rule::List(rule) => list(field, given, rule),
        Rule::ListOrWord(rule) => match given {
            Ordered::Text(word) if word == "auto" || word == "none" => Ok(()),
            Ordered::List(_) => list(field, given, rule),
            _ => refuse(format!("{given} is not valid under any of the given schemas")),
        },
        Rule::Group(shape) => group(Some(field), given, shape),
        Rule::GroupOrNull(shape) if given.dict().is_some() => group(Some(field), given, shape),
        Rule::GroupOrNull(_) => refuse(format!("{given} is not of type 'object', 'null'")),
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

fn complaint(field: Option<&str>, given: &Ordered, told: &str) -> Fault {
    match field {
        None => Fault::bad(told),
        Some(field) => {
            Fault::bad(format!("Invalid input for field/attribute {field}. Value: {}. {told}", given.bare()))
        }
    }
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

fn name(field: &str, name: &str) -> Result<(), Fault> {
    if name.trim() == name && !name.chars().any(char::is_control) {
        return Ok(());
    }
    let told = "The name must be: printable characters. Can not start or end with whitespace.";
    Err(Fault::bad(format!("An invalid '{field}' value was provided. {told}")))
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ")
}

fn flag(field: &str, given: &Ordered) -> Result<(), Fault> {
    if matches!(given, Ordered::Bool(_)) || given.text().is_some_and(|text| FLAGS.contains(&text)) {
        return Ok(());
    }
    let (yes, no) = FLAGS.split_at(10);
    let told = format!("{given} is not one of [True, {}, False, {}]", listed(yes), listed(no));
    Err(complaint(Some(field), given, &told))
}

fn count(field: &str, given: &Ordered) -> Result<(), Fault> {
    let refuse = |told: String| Err(complaint(Some(field), given, &told));
    match given {
        Ordered::Number(number) if number.as_u64().is_some_and(|number| number > 0) => Ok(()),
        Ordered::Number(_) => refuse(format!("{given} is less than the minimum of 1")),
        Ordered::Text(text) if text.is_empty() => refuse(format!("{given} is too short")),
        Ordered::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
        Ordered::Text(_) => refuse(format!("{given} does not match '^[0-9]*$'")),
        _ => refuse(format!("{given} is not of type 'integer', 'string'")),
    }
}

fn length(field: &str, given: &Ordered) -> Result<(), Fault> {
    let refuse = |told: String| Err(complaint(Some(field), given, &told));
    match given {
        Ordered::Null => Ok(()),
        Ordered::Number(number) if number.as_i64().is_some_and(|number| number < -1) => {
            refuse(format!("{given} is less than the minimum of -1"))
        }
        Ordered::Number(number) if !number.is_f64() => Ok(()),
        Ordered::Text(text) if text.parse::<i64>().is_ok() => Ok(()),
        Ordered::Text(_) => refuse(format!("{given} does not match '^-?[0-9]+$'")),
        _ => refuse(format!("{given} is not of type 'integer', 'string', 'null'")),
    }
}

/// Whether a text is a UUID, with hyphens.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn host_name(field: &str, given: &Ordered) -> Result<(), Fault> {
    let found = text(field, given, 2, 63, "'string'")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    let ends = found.bytes().next().is_some_and(plain) && found.bytes().last().is_some_and(plain);
    if ends && found.bytes().all(|byte| plain(byte) || byte == b'-') {
        return Ok(());
    }
    Err(complaint(Some(field), given, &format!("{given} does not match '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$'")))
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
            value(key, entry, &Rule::Text { least: 0, most: 255 })?;
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

fn list(field: &str, given: &Ordered, rule: &Rule) -> Result<(), Fault> {
    let entries = given.list();
    let entries = entries.ok_or_else(|| complaint(Some(field), given, &format!("{given} is not of type 'array'")))?;
    for (index, entry) in entries.iter().enumerate() {
        value(&index.to_string(), entry, rule)?;
    }
    Ok(())
}
