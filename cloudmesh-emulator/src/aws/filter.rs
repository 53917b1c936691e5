//! Filters of `Describe…` requests: names with values, in which `*` and `?` are wildcards.

use std::borrow::Cow;

use super::fault::Fault;
use super::form::Params;

/// How many values all filters of a request have together.
const MOST: usize = 200;

/// The filters of a request; what is described passes all of them.
#[derive(Debug, Default)]
pub(crate) struct Filters(Vec<Filter>);

/// A name, and values of which one must fit.
#[derive(Debug)]
struct Filter {
    name: String,
    values: Vec<Pattern>,
}

impl Filters {
    /// Reads `Filter.N.Name` and `Filter.N.Value.M`. Beside `known`, filters by tags are known when `tag-key` is.
    pub(crate) fn read(params: &Params<'_>, known: &[&str]) -> Result<Self, Fault> {
        let filters =
            params.parts("Filter").iter().map(|part| Filter::read(part, known)).collect::<Result<Vec<_>, _>>()?;
        if filters.iter().map(|filter| filter.values.len()).sum::<usize>() > MOST {
            let told = format!("The maximum number of filter values specified on a single call is {MOST}");
            return Err(Fault::new("FilterLimitExceeded", told));
        }
        Ok(Self(filters))
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something passes; `values` tells what it has under the name of a filter.
    pub(crate) fn pass<'a>(&self, values: impl Fn(&str) -> Vec<Cow<'a, str>>) -> bool {
        self.0.iter().all(|filter| {
            let values = values(&filter.name);
            filter.values.iter().any(|pattern| values.iter().any(|value| pattern.fits(value)))
        })
    }

    /// The names that are asked for, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|filter| filter.name.as_str())
    }
}

impl Filter {
    fn read(part: &Params<'_>, known: &[&str]) -> Result<Self, Fault> {
        let name = part.required("Name")?;
        let by_tag = known.contains(&"tag-key") && name.starts_with("tag:");
        if !by_tag && !known.contains(&name) {
            return Err(Fault::new("InvalidParameterValue", format!("The filter '{name}' is invalid")));
        }
        let values = part.list("Value");
        if values.is_empty() {
            return Err(Fault::new("InvalidParameterValue", "The filter 'null' is invalid"));
        }
        Ok(Self { name: name.to_owned(), values: values.into_iter().map(Pattern::parse).collect() })
    }
}

/// What a value must be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// Any one character.
    One,
    /// Any number of them.
    Any,
}

impl Pattern {
    /// Reads a value: `*` and `?` are wildcards, unless `\` stands before them.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            let plain = match character {
                '*' => {
                    pieces.push(Piece::Any);
                    continue;
                }
                '?' => {
                    pieces.push(Piece::One);
                    continue;
                }
                '\\' => characters.next().unwrap_or('\\'),
                other => other,
            };
            match pieces.last_mut() {
                Some(Piece::Text(text)) => text.push(plain),
                _ => pieces.push(Piece::Text(plain.to_string())),
            }
        }
        Self(pieces)
    }

    /// Whether a value is like that.
    pub(crate) fn fits(&self, value: &str) -> bool {
        fits(&self.0, value)
    }
}

fn fits(pieces: &[Piece], value: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return value.is_empty() };
    match first {
        Piece::Text(text) => value.strip_prefix(text.as_str()).is_some_and(|value| fits(rest, value)),
        Piece::One => {
            let mut characters = value.chars();
            characters.next().is_some() && fits(rest, characters.as_str())
        }
        Piece::Any if rest.is_empty() => true,
        Piece::Any => {
            let places = value.char_indices().map(|(place, _)| place).chain([value.len()]);
            places.into_iter().any(|place| fits(rest, &value[place..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Filters, Pattern};
    use crate::aws::form::Form;

    #[test]
    fn values_have_wildcards() {
        let table = [
            ("web", "web", true),
            ("web", "Web", false),
            ("web", "web1", false),
            ("web*", "web1", true),
            ("*1", "web1", true),
            ("w?b", "web", true),
            ("w?b", "wb", false),
            (r"w\*b", "w*b", true),
            (r"w\*b", "web", false),
            (r"a\\b", r"a\b", true),
            (r"a\?", "a?", true),
            ("*a*b*", "xaybz", true),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("ü?", "üö", true),
        ];
        for (pattern, value, fits) in table {
            assert_eq!(Pattern::parse(pattern).fits(value), fits, "{pattern} {value}");
        }
    }

    fn read(text: &str) -> Result<Filters, super::Fault> {
        Filters::read(&Form::parse(text.as_bytes()).params(), &["image-id", "tag-key"])
    }

    #[test]
    fn all_filters_must_pass_and_one_value_of_each() {
        let filters = read(
            "Filter.1.Name=tag:Name&Filter.1.Value.1=a&Filter.1.Value.2=b&Filter.2.Name=image-id&Filter.2.Value.1=c*",
        );
        let filters = filters.unwrap();
        let passes = |name: &'static str, image: &'static str| {
            filters.pass(|filter| vec![if filter == "image-id" { image.into() } else { name.into() }])
        };
        assert!(passes("b", "cd") && !passes("c", "cd") && !passes("a", "d"));
    }

    #[test]
    fn unknown_filters_are_refused() {
        let refused = read("Filter.1.Name=nme&Filter.1.Value.1=a").unwrap_err();
        assert_eq!((refused.code, refused.message.as_str()), ("InvalidParameterValue", "The filter 'nme' is invalid"));
    }
}
