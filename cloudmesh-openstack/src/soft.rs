//! Reading leniently, straight from the text: what is not what was announced is left empty, so that one odd field never
//! hides its record, nor one odd record the others.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads a value, or leaves the field empty where it is not what was announced.
pub(crate) fn soft<'de, D: Deserializer<'de>, T: Soft + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Lenient::new().deserialize(deserializer)?.unwrap_or_default())
}

/// Reads an id; the oldest clouds write numbers.
pub(crate) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    soft(deserializer).map(|Id(id)| id)
}

/// What can be made of some kinds of values; `None` of the others.
pub(crate) trait Soft: Sized {
    fn null() -> Option<Self> {
        None
    }

    fn boolean(_: bool) -> Option<Self> {
        None
    }

    fn number(_: u64) -> Option<Self> {
        None
    }

    fn other_number(_: serde_json::Number) -> Option<Self> {
        None
    }

    fn text(_: String) -> Option<Self> {
        None
    }

    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn fields<'de, A: MapAccess<'de>>(mut fields: A) -> Result<Option<Self>, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// A record with fields; their own reading is lenient.
pub(crate) trait Fields: DeserializeOwned {}

impl<T: Fields> Soft for T {
    fn fields<'de, A: MapAccess<'de>>(fields: A) -> Result<Option<Self>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Some)
    }
}

#[derive(Default)]
struct Id(String);

impl Soft for Id {
    fn number(number: u64) -> Option<Self> {
        Some(Self(number.to_string()))
    }

    fn other_number(number: serde_json::Number) -> Option<Self> {
        Some(Self(number.to_string()))
    }

    fn text(text: String) -> Option<Self> {
        Some(Self(text))
    }
}

impl Soft for String {
    fn text(text: String) -> Option<Self> {
        Some(text)
    }
}

impl Soft for bool {
    fn boolean(it: bool) -> Option<Self> {
        Some(it)
    }
}

impl Soft for u64 {
    fn number(number: u64) -> Option<Self> {
        Some(number)
    }
}

impl Soft for u32 {
    fn number(number: u64) -> Option<Self> {
        number.try_into().ok()
    }
}

impl<T: Soft> Soft for Option<T> {
    fn number(number: u64) -> Option<Self> {
        T::number(number).map(Some)
    }

    fn text(text: String) -> Option<Self> {
        T::text(text).map(Some)
    }

    fn fields<'de, A: MapAccess<'de>>(fields: A) -> Result<Option<Self>, A::Error> {
        T::fields(fields).map(|read| read.map(Some))
    }
}

impl<T: Soft> Soft for Vec<T> {
    fn list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut read = Self::new();
        while let Some(element) = list.next_element_seed(Lenient::new())? {
            read.extend(element);
        }
        Ok(Some(read))
    }
}

impl<T: Soft> Soft for BTreeMap<String, T> {
    fn fields<'de, A: MapAccess<'de>>(mut fields: A) -> Result<Option<Self>, A::Error> {
        let mut read = Self::new();
        while let Some(key) = fields.next_key()? {
            let value = fields.next_value_seed(Lenient::new())?;
            read.extend(value.map(|value| (key, value)));
        }
        Ok(Some(read))
    }
}

/// Whatever it is.
impl Soft for Value {
    fn null() -> Option<Self> {
        Some(Self::Null)
    }

    fn boolean(it: bool) -> Option<Self> {
        Some(it.into())
    }

    fn number(number: u64) -> Option<Self> {
        Some(number.into())
    }

    fn other_number(number: serde_json::Number) -> Option<Self> {
        Some(Self::Number(number))
    }

    fn text(text: String) -> Option<Self> {
        Some(Self::String(text))
    }

    fn list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        Self::deserialize(SeqAccessDeserializer::new(list)).map(Some)
    }

    fn fields<'de, A: MapAccess<'de>>(fields: A) -> Result<Option<Self>, A::Error> {
        Self::deserialize(MapAccessDeserializer::new(fields)).map(Some)
    }
}

/// Takes any value and makes of it what can be made.
pub(crate) struct Lenient<T>(PhantomData<T>);

impl<T> Lenient<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Soft> DeserializeSeed<'de> for Lenient<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Soft> Visitor<'de> for Lenient<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(T::null())
    }

    fn visit_bool<E>(self, it: bool) -> Result<Option<T>, E> {
        Ok(T::boolean(it))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Option<T>, E> {
        Ok(T::number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Option<T>, E> {
        Ok(u64::try_from(number).map_or_else(|_| T::other_number(number.into()), T::number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Option<T>, E> {
        Ok(serde_json::Number::from_f64(number).and_then(T::other_number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<T>, E> {
        Ok(T::text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Option<T>, E> {
        Ok(T::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Option<T>, A::Error> {
        T::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Option<T>, A::Error> {
        T::fields(fields)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::{Fields, id, soft};

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Odd {
        #[serde(deserialize_with = "id")]
        id: String,
        #[serde(deserialize_with = "soft")]
        text: Option<String>,
        #[serde(deserialize_with = "soft")]
        count: Option<u32>,
        #[serde(deserialize_with = "soft")]
        parts: Vec<Odd>,
        #[serde(deserialize_with = "soft")]
        tags: BTreeMap<String, Value>,
        #[serde(deserialize_with = "soft")]
        lists: BTreeMap<String, Vec<Odd>>,
    }

    impl Fields for Odd {}

    #[test]
    fn an_odd_field_is_left_empty_and_hides_no_other() {
        let odd = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1.5),
            json!({"a": [1]}),
            json!([{"a": 1}]),
            json!(7_000_000_000_u64),
        ];
        for odd in odd {
            let text = json!({"text": odd, "count": odd, "parts": odd, "tags": odd, "id": "7"}).to_string();
            let read: Odd = serde_json::from_str(&text).unwrap();
            assert_eq!((read.id.as_str(), read.text, read.count), ("7", None, None), "{text}");
            let again: Odd = serde_json::from_value(serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!(again.id, "7", "{text}");
        }
        let read: Odd = serde_json::from_value(json!({"id": 42, "text": "a\"b", "count": 3})).unwrap();
        assert_eq!((read.id.as_str(), read.text.as_deref(), read.count), ("42", Some("a\"b"), Some(3)));
    }

    #[test]
    fn an_odd_element_hides_no_other() {
        let text = json!({"parts": [null, {"id": "1"}, "x", {"id": "2"}], "lists": {"a": 7, "b": [[], {"id": "3"}]}});
        let read: Odd = serde_json::from_str(&text.to_string()).unwrap();
        assert_eq!(read.parts.iter().map(|part| part.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((read.lists.len(), read.lists["b"][0].id.as_str()), (1, "3"));
    }

    #[test]
    fn values_stay_as_they_are() {
        let tags =
            json!({"a": null, "b": true, "c": 1, "d": -1, "e": 1.5, "f": "x", "g": [1, {"h": []}], "i": {"j": 2}});
        let read: Odd = serde_json::from_str(&json!({"tags": tags}).to_string()).unwrap();
        assert_eq!(json!(read.tags), tags);
    }
}
