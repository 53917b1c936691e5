//! What a single value is: YAML 1.2's core schema, careful with what people mean as text.

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::Number;

use super::tree::Kind;

/// What a value is. Text in quotes is text; `yes`, `no`, numbers with leading zeros and numbers that do not fit into
/// 64 bits are text as well, so that no account number or id loses a digit.
///
/// # Errors
///
/// A tag other than those of the core schema, or one that the value does not fit.
pub(super) fn read(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Kind, String> {
    let Some(tag) = tag else {
        return Ok(if style == ScalarStyle::Plain { plain(text) } else { Kind::Text(text.to_owned()) });
    };
    match (core(tag), plain(text)) {
        (Some("str"), _) => Ok(Kind::Text(text.to_owned())),
        (Some("null"), kind @ Kind::Null)
        | (Some("bool"), kind @ Kind::Boolean(_))
        | (Some("float"), kind @ Kind::Number(_)) => Ok(kind),
        (Some("int"), Kind::Number(number)) if !number.is_f64() => Ok(Kind::Number(number)),
        _ => Err(refused(tag)),
    }
}

/// Refuses a tag that is not the ordinary one of a list (`seq`) or a group (`map`).
pub(super) fn check(tag: Option<&Tag>, ordinary: &str) -> Result<(), String> {
    match tag {
        Some(tag) if core(tag) != Some(ordinary) => Err(refused(tag)),
        _ => Ok(()),
    }
}

fn core(tag: &Tag) -> Option<&str> {
    tag.is_yaml_core_schema().then_some(tag.suffix.as_str())
}

/// What stands behind the `!` is not told: it may be a password without its quotes.
fn refused(tag: &Tag) -> String {
    match core(tag) {
        Some("str" | "null" | "bool" | "int" | "float" | "seq" | "map") => {
            format!("the value does not fit its tag `!!{}`", tag.suffix)
        }
        _ => "`!` begins a tag, which is not allowed here; put text that begins with it in quotes".to_owned(),
    }
}

fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Boolean(true),
        "false" | "False" | "FALSE" => Kind::Boolean(false),
        _ => number(text).map_or_else(|| Kind::Text(text.to_owned()), Kind::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 1 && unsigned.starts_with('0') {
        return None;
    }
    if digits == unsigned.len() {
        let unsigned = text.parse::<u64>().ok().map(Number::from);
        return unsigned.or_else(|| text.parse::<i64>().ok().map(Number::from));
    }
    let figures = unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|sign: char| sign.is_ascii_digit());
    if !figures {
        return None;
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use super::{plain, read};
    use crate::config::tree::Kind;
    use saphyr_parser::{ScalarStyle, Tag};
    use serde_json::{Value, json};

    fn json(kind: Kind) -> Value {
        match kind {
            Kind::Null => Value::Null,
            Kind::Boolean(value) => json!(value),
            Kind::Number(number) => Value::Number(number),
            Kind::Text(text) => json!(text),
            Kind::List(_) | Kind::Group(_) => panic!("no single value"),
        }
    }

    #[test]
    fn plain_values_follow_the_core_schema() {
        let table = [
            ("", json!(null)),
            ("~", json!(null)),
            ("null", json!(null)),
            ("true", json!(true)),
            ("False", json!(false)),
            ("yes", json!("yes")),
            ("off", json!("off")),
            ("0", json!(0)),
            ("12", json!(12)),
            ("-12", json!(-12)),
            ("+12", json!(12)),
            ("012", json!("012")),
            ("-012", json!("-012")),
            ("1.50", json!(1.5)),
            (".5", json!(0.5)),
            ("1e3", json!(1000.0)),
            ("01.5", json!("01.5")),
            ("18446744073709551615", json!(u64::MAX)),
            ("18446744073709551616", json!("18446744073709551616")),
            ("1e999", json!("1e999")),
            ("nan", json!("nan")),
            ("inf", json!("inf")),
            (".inf", json!(".inf")),
            ("0x10", json!("0x10")),
            ("1_000", json!("1_000")),
            ("-", json!("-")),
            ("+", json!("+")),
            ("1.2.3", json!("1.2.3")),
            ("t3.micro", json!("t3.micro")),
        ];
        for (text, value) in table {
            assert_eq!(json(plain(text)), value, "{text}");
        }
    }

    #[test]
    fn quotes_and_tags_decide() {
        let core = |suffix: &str| Tag { handle: "tag:yaml.org,2002:".to_owned(), suffix: suffix.to_owned() };
        assert_eq!(json(read("12", ScalarStyle::DoubleQuoted, None).unwrap()), json!("12"));
        assert_eq!(json(read("12", ScalarStyle::Plain, Some(&core("str"))).unwrap()), json!("12"));
        assert_eq!(json(read("12", ScalarStyle::DoubleQuoted, Some(&core("int"))).unwrap()), json!(12));
        assert!(read("x", ScalarStyle::Plain, Some(&core("int"))).is_err());
        assert!(read("x", ScalarStyle::Plain, Some(&core("python/object"))).is_err());
    }
}
