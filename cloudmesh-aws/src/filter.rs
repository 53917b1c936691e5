//! Filters of EC2's listings: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html>. Pure.

use aws_sdk_ec2::types::Filter;

/// What is of one of these values, letter by letter.
pub(crate) fn exactly<'a>(name: impl Into<String>, values: impl IntoIterator<Item = &'a str>) -> Filter {
    filter(name, values.into_iter().map(escaped).collect())
}

/// What fits one of these patterns, where `*` is any text and `?` any letter.
pub(crate) fn like(name: impl Into<String>, patterns: Vec<String>) -> Filter {
    filter(name, patterns)
}

fn filter(name: impl Into<String>, values: Vec<String>) -> Filter {
    Filter::builder().name(name).set_values(Some(values)).build()
}

/// A value that stands for itself.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        if matches!(letter, '*' | '?' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{exactly, like};

    #[test]
    fn a_value_stands_for_itself() {
        assert_eq!(exactly("tag:Name", ["web-1", r"a*b?c\d"]).values(), ["web-1", r"a\*b\?c\\d"]);
        assert_eq!(like("name", vec!["debian-*".to_owned()]).values(), ["debian-*"]);
    }
}
