//! EC2's answers, which are XML, as values.

use cloudmesh_abstract::{Error, ErrorKind, Result};
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};
use serde_json::{Map, Value};

/// What EC2 and STS call the parts of a list.
const PARTS: [&str; 2] = ["item", "member"];

/// An element that is being read: its name, its text, what stands in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    parts: Vec<(String, Value)>,
}

/// What stands in the outermost element: elements are fields, lists of `item` are lists, all else is text. An empty list
/// cannot be told from an empty text but by its name, which ends in `Set`.
///
/// # Errors
///
/// [`ErrorKind::Unexpected`] for what is no XML.
pub(crate) fn value(answer: &[u8]) -> Result<Value> {
    read(answer).map_err(|error| {
        Error::new(ErrorKind::Unexpected, "AWS answered with something that is no XML").with_source(error)
    })
}

fn read(answer: &[u8]) -> Result<Value, quick_xml::Error> {
    let mut reader = Reader::from_reader(answer);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                open.push(Element { name, ..Element::default() });
            }
            Event::Text(text) => add(&mut open, &text.decode()?),
            Event::CData(text) => add(&mut open, &text.decode()?),
            Event::GeneralRef(entity) => add(&mut open, &meant(&entity)?),
            Event::End(_) => close(&mut open),
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open.into_iter().next().and_then(|mut outside| outside.parts.pop());
    Ok(root.map_or(Value::Null, |(_, value)| value))
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// The text of an entity; of one that XML does not know its own spelling.
fn meant(entity: &BytesRef<'_>) -> Result<String, quick_xml::Error> {
    if let Some(letter) = entity.resolve_char_ref()? {
        return Ok(letter.to_string());
    }
    let name = entity.decode()?;
    Ok(resolve_xml_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned))
}

fn close(open: &mut Vec<Element>) {
    if open.len() < 2 {
        return;
    }
    if let (Some(element), Some(around)) = (open.pop(), open.last_mut()) {
        around.parts.push((element.name.clone(), element.into_value()));
    }
}

impl Element {
    fn into_value(self) -> Value {
        if self.parts.is_empty() {
            let empty_list = self.name.ends_with("Set") && self.text.trim().is_empty();
            return if empty_list { Value::Array(Vec::new()) } else { Value::String(self.text) };
        }
        if self.parts.iter().all(|(name, _)| PARTS.contains(&name.as_str())) {
            return self.parts.into_iter().map(|(_, value)| value).collect();
        }
        let mut fields = Map::new();
        for (name, value) in self.parts {
            insert(&mut fields, name, value);
        }
        Value::Object(fields)
    }
}

/// A field that is there several times is a list.
fn insert(fields: &mut Map<String, Value>, name: String, value: Value) {
    match fields.get_mut(&name) {
        None => _ = fields.insert(name, value),
        Some(Value::Array(values)) => values.push(value),
        Some(one) => *one = Value::Array(vec![one.take(), value]),
    }
}

#[cfg(test)]
mod tests {
    use super::value;
    use cloudmesh_abstract::ErrorKind;
    use serde_json::json;

    #[test]
    fn an_answer_becomes_a_value() {
        let answer = br#"<?xml version="1.0" encoding="UTF-8"?>
            <DescribeThingsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
                <requestId>7</requestId>
                <thingSet>
                    <item><name>a &lt;b&gt; &amp; &#x63;</name><groupSet/><reason/></item>
                    <item><name><![CDATA[<x>]]></name><tagSet><item><key>k</key><value>v</value></item></tagSet></item>
                </thingSet>
                <Arn>one</Arn><Arn>two</Arn><Arn>three</Arn>
            </DescribeThingsResponse>"#;
        let wanted = json!({
            "requestId": "7",
            "thingSet": [
                { "name": "a <b> & c", "groupSet": [], "reason": "" },
                { "name": "<x>", "tagSet": [{ "key": "k", "value": "v" }] },
            ],
            "Arn": ["one", "two", "three"],
        });
        assert_eq!(value(answer).unwrap(), wanted);
    }

    #[test]
    fn the_lists_of_sts_are_lists() {
        let answer = b"<R><Policies><member>a</member></Policies></R>";
        assert_eq!(value(answer).unwrap(), json!({ "Policies": ["a"] }));
    }

    #[test]
    fn what_is_no_answer_is_told() {
        assert_eq!(value(b"").unwrap(), json!(null));
        assert_eq!(value(b"<a><b></a>").unwrap_err().kind(), ErrorKind::Unexpected);
    }
}
