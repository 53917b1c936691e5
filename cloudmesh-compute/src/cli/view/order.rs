//! `--sort`: which row comes first.

use std::cmp::{Ordering, Reverse};
use std::convert::Infallible;
use std::str::FromStr;

use serde_json::Value;

use crate::cli::output::{found, told};

/// A field to order by.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) key: String,
    /// Whether the greatest comes first.
    pub(super) down: bool,
}

impl FromStr for Order {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let down = text.strip_prefix('-');
        Ok(Self { key: down.unwrap_or(text).to_owned(), down: down.is_some() })
    }
}

/// Where a row stands. What is unknown comes last in either direction.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Up(Weight),
    Down(Reverse<Weight>),
    Unknown,
}

/// How much a value weighs: numbers by size, then texts, with the numbers in them by size too.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Number(Number),
    Text(Natural),
}

/// A number of json.
#[derive(Debug)]
pub(super) struct Number(f64);

/// A text in which `web-2` comes before `web-10`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Natural(String);

/// Where a row stands by a field.
pub(super) fn place(row: &Value, key: &str, down: bool) -> Place {
    let found = found(row, key);
    let weight = match found.as_slice() {
        [Value::Number(number)] => number.as_f64().map(|number| Weight::Number(Number(number))),
        values => told(values).map(|text| Weight::Text(Natural(text))),
    };
    match weight {
        None => Place::Unknown,
        Some(weight) if down => Place::Down(Reverse(weight)),
        Some(weight) => Place::Up(weight),
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        natural(&self.0, &other.0).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares texts piece by piece: digits as numbers, of any length, the rest as it is.
fn natural(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (head_a, rest_a) = piece(a);
        let (head_b, rest_b) = piece(b);
        let order = match (digits(head_a), digits(head_b)) {
            (Some(a), Some(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            _ => head_a.cmp(head_b),
        };
        if order.is_ne() || head_a.is_empty() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
}

/// The digits at the beginning, or what stands before the next digit.
fn piece(text: &str) -> (&str, &str) {
    let numeric = text.starts_with(|sign: char| sign.is_ascii_digit());
    let end = text.find(|sign: char| sign.is_ascii_digit() != numeric).unwrap_or(text.len());
    text.split_at(end)
}

/// A number without the zeros in front.
fn digits(piece: &str) -> Option<&str> {
    piece.starts_with(|sign: char| sign.is_ascii_digit()).then(|| piece.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::{Natural, place};
    use proptest::prelude::proptest;
    use serde_json::{Value, json};

    fn sorted(values: &[Value], down: bool) -> Vec<Value> {
        let mut rows: Vec<Value> = values.iter().map(|value| json!({ "x": value })).collect();
        rows.sort_by_cached_key(|row| place(row, "x", down));
        rows.into_iter().map(|mut row| row["x"].take()).collect()
    }

    #[test]
    fn numbers_in_texts_count_and_the_unknown_comes_last() {
        let mixed = [json!("web-10"), json!(null), json!("web-2"), json!("web-02"), json!("db"), json!(30), json!(4)];
        let up = [json!(4), json!(30), json!("db"), json!("web-02"), json!("web-2"), json!("web-10"), json!(null)];
        assert_eq!(sorted(&mixed, false), up);
        let down = [json!("web-10"), json!("web-2"), json!("web-02"), json!("db"), json!(30), json!(4), json!(null)];
        assert_eq!(sorted(&mixed, true), down);
        let ips = [json!(["10.0.0.10"]), json!([]), json!(["10.0.0.9", "10.0.0.1"])];
        assert_eq!(sorted(&ips, false), [json!(["10.0.0.9", "10.0.0.1"]), json!(["10.0.0.10"]), json!([])]);
    }

    proptest! {
        #[test]
        fn it_is_an_order(a in "[a-b0-9]{0,5}", b in "[a-b0-9]{0,5}", c in "[a-b0-9]{0,5}") {
            let [a, b, c] = [a, b, c].map(Natural);
            assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            if a <= b && b <= c {
                assert!(a <= c, "{a:?} {b:?} {c:?}");
            }
        }
    }
}
