//! JSON whose keys keep their order, and how Python writes it: Nova quotes in its errors what it was sent.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ordered {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Ordered>),
    Dict(Vec<(String, Ordered)>),
}

impl Ordered {
    /// The value under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.dict()?.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub(super) fn dict(&self) -> Option<&[(String, Ordered)]> {
        if let Self::Dict(entries) = self { Some(entries) } else { None }
    }

    pub(super) fn list(&self) -> Option<&[Ordered]> {
        if let Self::List(entries) = self { Some(entries) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The text under a key.
    pub(super) fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// As Python's `str` writes it: a text bare, all else as `repr`.
    pub(super) fn bare(&self) -> String {
        self.text().map_or_else(|| self.to_string(), str::to_owned)
    }
}

/// As Python's `repr` writes it.
impl fmt::Display for Ordered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(entries) => {
                let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", entries.join(", "))
            }
            Self::Dict(entries) => {
                let pair = |(key, value): &(String, Self)| format!("{}: {value}", quoted(key));
                write!(f, "{{{}}}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// A text as Python's `repr` writes it.
pub(super) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter == quote => out.extend(['\\', letter]),
            letter => out.push(letter),
        }
    }
    out.push(quote);
    out
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Ordered;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Ordered, E> {
        Ok(Ordered::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Ordered, E> {
        Ok(Ordered::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Ordered, E> {
        Ok(Ordered::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Ordered, E> {
        Ok(Ordered::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Ordered, E> {
        Ok(Number::from_f64(value).map_or(Ordered::Null, Ordered::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Ordered, E> {
        Ok(Ordered::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Ordered, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = entries.next_element()? {
            list.push(entry);
        }
        Ok(Ordered::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Ordered, A::Error> {
        let mut dict = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            dict.push(entry);
        }
        Ok(Ordered::Dict(dict))
    }
}

#[cfg(test)]
mod tests {
    use super::Ordered;

    #[test]
    fn python_writes_it_so() {
        let table = [
            (r#"{"b": [1, -2, 1.5], "a": null}"#, "{'b': [1, -2, 1.5], 'a': None}"),
            (r#"[true, false, "it's", "\n"]"#, r#"[True, False, "it's", '\n']"#),
            (r#""\"' ""#, r#"'"\' '"#),
            ("{}", "{}"),
        ];
        for (json, python) in table {
            assert_eq!(serde_json::from_str::<Ordered>(json).unwrap().to_string(), python);
        }
    }

    #[test]
    fn text_alone_is_bare() {
        assert_eq!(Ordered::Text("x y".into()).bare(), "x y");
        assert_eq!(Ordered::Null.bare(), "None");
    }
}
