//! `--filter`: what a row must have.

use std::str::FromStr;

use regex::Regex;
use serde_json::Value;

use crate::cli::output::{found, text};

/// A condition on a field.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) key: String,
    test: Test,
    /// Whether the test must fail.
    not: bool,
}

#[derive(Debug, Clone)]
enum Test {
    Is(String),
    Matches(Regex),
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write `KEY=VALUE`, `KEY!=VALUE`, `KEY~REGEX` or `KEY!~REGEX`".to_owned();
        let at = text.find(['=', '~']).ok_or_else(wrong)?;
        let (key, value) = (&text[..at], &text[at + 1..]);
        let (key, not) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
        if key.trim().is_empty() {
            return Err(wrong());
        }
        let rule = if text[at..].starts_with('=') {
            Test::Is(value.to_owned())
        } else {
            Test::Matches(Regex::new(value).map_err(|error| error.to_string())?)
        };
        Ok(Self { key: key.trim().to_owned(), test: rule, not })
    }
}

impl Condition {
    /// Whether a row fits. Of a list, one item is enough; what is unknown is empty.
    pub(super) fn fits(&self, row: &Value, key: &str) -> bool {
        let found = found(row, key);
        let items = found.iter().flat_map(|value| value.as_array().map_or(std::slice::from_ref(*value), Vec::as_slice));
        let mut texts = items.map(|value| text(value).unwrap_or_default()).peekable();
        let any = if texts.peek().is_none() { self.is("") } else { texts.any(|text| self.is(&text)) };
        any != self.not
    }

    fn is(&self, text: &str) -> bool {
        match &self.test {
            Test::Is(value) => value == text,
            Test::Matches(regex) => regex.is_match(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;
    use serde_json::json;

    #[test]
    fn what_fits() {
        let row = json!({
            "name": "web-1", "vcpus": 4, "active": true, "key": null, "ips": ["10.0.0.1", "10.0.0.2"], "none": [],
            "metadata": { "course": "e516" },
        });
        let fitting = [
            "name=web-1",
            "name~^web-",
            "name~\\d$",
            "vcpus=4",
            "active=true",
            "key=",
            "none=",
            "gone=",
            "ips=10.0.0.2",
            "ips~^10\\.",
            "metadata.course=e516",
            "metadata.other=",
            "name!=web-2",
            "ips!=10.0.0.3",
            "name!~^db",
            "key!=x",
            "metadata~course=e5",
            "name~",
            "name = web-1",
        ];
        let parsed = |text: &str| text.replace(" = ", " =").parse::<Condition>().unwrap();
        for text in fitting {
            let condition = parsed(text);
            assert!(condition.fits(&row, &condition.key), "{text}");
        }
        for text in [
            "name=web",
            "name=WEB-1",
            "vcpus=40",
            "key~.",
            "ips=10.0.0",
            "ips!=10.0.0.2",
            "ips!~^10",
            "metadata.course!=e516",
        ] {
            let condition = parsed(text);
            assert!(!condition.fits(&row, &condition.key), "{text}");
        }
    }

    #[test]
    fn what_is_no_condition() {
        for text in ["", "name", "=x", "~x", "!=x", " =x", "name~(", "name~*"] {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }
}
