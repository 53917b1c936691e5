//! From what people write to the one spelling that is read.

use serde_json::{Map, Value};

use super::{Form, Key};
use crate::{Error, Result, nearest};

/// Gives every key its right name and place, and refuses what is not known.
pub(super) fn shape(found: &Map<String, Value>, keys: &'static [Key], path: &str) -> Result<Map<String, Value>> {
    let mut shaped = Map::new();
    for (name, value) in found {
        let place = join(path, name);
        let (group, key) = find(keys, name).ok_or_else(|| unknown(&place, name, keys))?;
        let value = read(value, key, &place)?;
        match group {
            None => put(&mut shaped, key, value, &place)?,
            Some(group) => put(group_of(&mut shaped, group.name)?, key, value, &place)?,
        }
    }
    Ok(shaped)
}

/// Refuses a required key that is missing, also inside a group that is not there at all.
pub(super) fn complete(shaped: &mut Map<String, Value>, keys: &'static [Key], path: &str) -> Result<()> {
    for key in keys {
        let place = join(path, key.name);
        match shaped.get_mut(key.name) {
            Some(Value::Object(group)) if key.form == Form::Group => complete(group, key.inner, &place)?,
            None if key.required && key.form == Form::Group => {
                complete(&mut Map::new(), key.inner, &place)?;
                shaped.insert(key.name.to_owned(), Value::Object(Map::new()));
            }
            None if key.required => return Err(Error::config(place, format!("`{}` is missing", key.name))),
            _ => {}
        }
    }
    Ok(())
}

/// The key that `name` means, and the flat group it lies in.
fn find(keys: &'static [Key], name: &str) -> Option<(Option<&'static Key>, &'static Key)> {
    let direct = keys.iter().find(|key| key.is(name)).map(|key| (None, key));
    let inside = || {
        let mut groups = keys.iter().filter(|key| key.flat);
        groups.find_map(|group| Some((Some(group), group.inner.iter().find(|key| key.is(name))?)))
    };
    direct.or_else(inside)
}

fn group_of<'a>(shaped: &'a mut Map<String, Value>, name: &str) -> Result<&'a mut Map<String, Value>> {
    let entry = shaped.entry(name).or_insert_with(|| Value::Object(Map::new()));
    entry.as_object_mut().ok_or_else(|| Error::config(name, format!("`{name}` must be a group of keys")))
}

fn put(target: &mut Map<String, Value>, key: &Key, value: Value, place: &str) -> Result<()> {
    let earlier = target.get_mut(key.name);
    match (earlier, value) {
        (None, value) => {
            target.insert(key.name.to_owned(), value);
            Ok(())
        }
        (Some(Value::Object(earlier)), Value::Object(more)) if key.form == Form::Group => {
            let keys = more.keys();
            if let Some(twice) = keys.into_iter().find(|name| earlier.contains_key(*name)) {
                return Err(given_twice(&join(place, twice), twice));
            }
            earlier.extend(more);
            Ok(())
        }
        _ => Err(given_twice(place, key.name)),
    }
}

fn given_twice(place: &str, name: &str) -> Error {
    Error::config(place, format!("`{name}` is given twice, in two spellings or places; keep one of them"))
}

/// Checks a value against the form of its key.
fn read(value: &Value, key: &'static Key, place: &str) -> Result<Value> {
    match (key.form, value) {
        (_, Value::String(text)) if text == "TBD" => {
            Err(Error::config(place, format!("`{}` is still `TBD`; fill it in or remove the line", key.name)))
        }
        (Form::Group, Value::Object(map)) => Ok(Value::Object(shape(map, key.inner, place)?)),
        (Form::Group, Value::Null) => Ok(Value::Object(shape(&Map::new(), key.inner, place)?)),
        (Form::List, Value::String(text)) => Ok(Value::Array(vec![Value::String(text.clone())])),
        (Form::Text, Value::String(_))
        | (Form::Number, Value::Number(_))
        | (Form::Boolean, Value::Bool(_))
        | (Form::List, Value::Array(_))
        | (Form::Pairs, Value::Object(_)) => Ok(value.clone()),
        (_, Value::Null) if !key.required => Ok(Value::Null),
        // What a variable holds is text, whatever it says.
        (Form::Number | Form::Boolean, Value::String(text)) => match (key.form, serde_json::from_str(text)) {
            (Form::Number, Ok(number @ Value::Number(_))) => Ok(number),
            (Form::Boolean, Ok(flag @ Value::Bool(_))) => Ok(flag),
            _ => Err(misfit(key, value, place)),
        },
        (Form::Text, Value::Number(_) | Value::Bool(_)) => {
            let advice = "put it in quotes, so that no character is lost";
            Err(Error::config(place, format!("`{}` must be text, found {}; {advice}", key.name, found(value))))
        }
        _ => Err(misfit(key, value, place)),
    }
}

fn misfit(key: &Key, value: &Value, place: &str) -> Error {
    Error::config(place, format!("`{}` must be {}, found {}", key.name, wanted(key.form), found(value)))
}

fn unknown(place: &str, name: &str, keys: &'static [Key]) -> Error {
    let flat = keys.iter().filter(|key| key.flat).flat_map(|key| key.inner);
    let known: Vec<&Key> = keys.iter().chain(flat).collect();
    let spelled = known.iter().flat_map(|key| std::iter::once(&key.name).chain(key.spellings));
    let names = || known.iter().map(|key| format!("`{}`", key.name)).collect::<Vec<_>>().join(", ");
    let message = nearest(name, spelled.copied()).map_or_else(
        || format!("unknown key `{name}`, allowed are {}", names()),
        |nearest| format!("unknown key `{name}`, did you mean `{nearest}`?"),
    );
    Error::config(place, message)
}

/// The message of a refusal further down; below `credentials` without what was written there.
pub(super) fn refusal(path: &str, told: &str) -> String {
    if path.split('.').next() == Some("credentials") {
        format!("`{}` has a value that is not allowed", path.rsplit('.').next().unwrap_or(path))
    } else {
        told.to_owned()
    }
}

fn wanted(form: Form) -> &'static str {
    match form {
        Form::Text => "text",
        Form::Number => "a number",
        Form::Boolean => "true or false",
        Form::List => "a list",
        Form::Pairs => "a group of names and texts",
        Form::Group => "a group of keys",
    }
}

/// What kind of value was found.
pub(super) fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a group",
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
