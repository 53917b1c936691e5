//! Text from elsewhere, so that no terminal obeys it.

use std::borrow::Cow;
use std::fmt::Write;

/// Text from elsewhere without characters that a terminal obeys.
pub(crate) fn tame(text: &str) -> Cow<'_, str> {
    if text.contains(is_wild) { Cow::Owned(text.replace(is_wild, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// JSON, or a YAML string between double quotes, with escapes in place of what a terminal obeys. They mean the same.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_wild) {
        return Cow::Borrowed(text);
    }
    let mut told = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_wild(sign) && sign != '\n' {
            _ = write!(told, "\\u{:04x}", u32::from(sign));
        } else {
            told.push(sign);
        }
    }
    Cow::Owned(told)
}

/// Whether a terminal or a reader of lines obeys a character: a control, one that turns the direction of writing, one
/// that ends a line, or none at all.
pub(super) fn is_wild(sign: char) -> bool {
    let turns = ['\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{fffe}', '\u{ffff}'];
    let ranges = matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    sign.is_control() || ranges || turns.contains(&sign)
}

#[cfg(test)]
mod tests {
    use super::{escaped, is_wild, tame};
    use proptest::prelude::{any, proptest};

    #[test]
    fn no_terminal_obeys_a_name() {
        assert_eq!(tame("web-1"), "web-1");
        assert_eq!(tame("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\u{fffd}c");
    }

    #[test]
    fn json_means_the_same_without_what_a_terminal_obeys() {
        let value = serde_json::json!({ "name": "a\u{9b}2Jb\u{7f}\u{202e}c\nd\u{1b}ä" });
        let text = format!("{value:#}\n");
        let text = escaped(&text);
        assert_eq!(text, "{\n  \"name\": \"a\\u009b2Jb\\u007f\\u202ec\\nd\\u001bä\"\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    proptest! {
        #[test]
        fn nothing_wild_is_left_and_the_rest_is_as_it_was(text in any::<String>()) {
            let tamed = tame(&text);
            assert!(!tamed.contains(is_wild));
            assert_eq!(tamed.chars().count(), text.chars().count());
            for (before, after) in text.chars().zip(tamed.chars()) {
                assert!(before == after || (is_wild(before) && after == '\u{fffd}'));
            }
            assert_eq!(tame(&tamed), tamed);
        }

        #[test]
        fn json_of_any_text_is_tame_and_means_it(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            let json = escaped(&json);
            assert!(!json.contains(is_wild));
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
