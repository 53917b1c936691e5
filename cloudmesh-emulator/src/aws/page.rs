//! Pages of what is described: `MaxResults`, `NextToken`, and tokens that nobody can make up.

use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::fault::Fault;
use super::form::Params;

/// A page, as a request asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    size: usize,
    after: Option<String>,
    secret: [u8; 16],
    /// Whether the request says anything about pages.
    pub(crate) is_asked_for: bool,
}

impl Page {
    /// Reads `MaxResults`, which must be within `sizes`, and `NextToken`. Unless it says so, a page has the most.
    pub(crate) fn read(params: &Params<'_>, sizes: RangeInclusive<usize>, secret: [u8; 16]) -> Result<Self, Fault> {
        let size = params.number::<i64>("MaxResults")?;
        let token = params.text("NextToken").filter(|token| !token.is_empty());
        let after = token.map(|token| open(token, secret).ok_or_else(no_token)).transpose()?;
        let is_asked_for = size.is_some() || after.is_some();
        let size = size.map_or(Ok(*sizes.end()), |size| within(size, &sizes))?;
        Ok(Self { size, after, secret, is_asked_for })
    }

    /// The page's part of what is described, and the token of the next one. `key` gives the order, in which `all` is.
    pub(crate) fn cut<T>(
        &self,
        all: impl IntoIterator<Item = T>,
        key: impl Fn(&T) -> String,
    ) -> (Vec<T>, Option<String>) {
        let begun = |item: &T| self.after.as_ref().is_none_or(|after| key(item) > *after);
        let mut rest = all.into_iter().filter(begun);
        let page: Vec<T> = rest.by_ref().take(self.size).collect();
        let more = rest.next().is_some();
        let last = page.last().filter(|_| more).map(key);
        (page, last.map(|last| seal(&last, self.secret)))
    }

    /// How many it holds.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// What the last one before it is, by its key.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The token of the page behind what has this key.
    pub(crate) fn token(&self, last: &str) -> String {
        seal(last, self.secret)
    }
}

fn within(size: i64, sizes: &RangeInclusive<usize>) -> Result<usize, Fault> {
    let (least, most) = (*sizes.start(), *sizes.end());
    let told = |value, limit, word| {
        let told =
            format!("Value ( {value} ) for parameter maxResults is invalid. Expecting a value {word} than {limit}.");
        Fault::new("InvalidParameterValue", told)
    };
    match usize::try_from(size) {
        Ok(size) if size > most => Err(told(size.to_string(), most, "less")),
        Ok(size) if size >= least => Ok(size),
        _ => Err(told(size.to_string(), least, "greater")),
    }
}

fn no_token() -> Fault {
    Fault::new("InvalidNextToken", "The specified NextToken is not valid")
}

fn seal(key: &str, secret: [u8; 16]) -> String {
    let mut sealed = mark(key, secret);
    sealed.extend_from_slice(key.as_bytes());
    STANDARD.encode(sealed)
}

fn open(token: &str, secret: [u8; 16]) -> Option<String> {
    let sealed = STANDARD.decode(token).ok()?;
    let (marked, key) = sealed.split_at_checked(16)?;
    let key = String::from_utf8(key.to_vec()).ok()?;
    (marked == mark(&key, secret)).then_some(key)
}

/// What shows that a token is ours.
fn mark(key: &str, secret: [u8; 16]) -> Vec<u8> {
    // A key of any length will do.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret) else { return Vec::new() };
    mac.update(key.as_bytes());
    mac.finalize().into_bytes()[..16].to_vec()
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::aws::fault::Fault;
    use crate::aws::form::Form;

    fn page(size: &str, token: &str) -> Result<Page, Fault> {
        let text = format!("MaxResults={size}&NextToken={}", token.replace('+', "%2B").replace('=', "%3D"));
        Page::read(&Form::parse(text.as_bytes()).params(), 5..=1000, [7; 16])
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let all: Vec<String> = (10..23).map(|number| number.to_string()).collect();
        let (mut token, mut seen) = (String::new(), Vec::new());
        loop {
            let (found, next) = page("5", &token).unwrap().cut(&all, |item| (*item).clone());
            assert!(found.len() <= 5);
            seen.extend(found);
            let Some(next) = next else { break };
            token = next;
        }
        assert_eq!(seen, all.iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_full_last_page_has_no_successor() {
        assert_eq!(page("5", "").unwrap().cut(1..=5, ToString::to_string).1, None);
    }

    #[test]
    fn sizes_and_tokens_out_of_range_are_refused() {
        let table =
            [("4", "InvalidParameterValue"), ("1001", "InvalidParameterValue"), ("-1", "InvalidParameterValue")];
        for (size, code) in table {
            assert_eq!(page(size, "").unwrap_err().code, code);
        }
        assert_eq!(page("5", "bm9uc2Vuc2Ugb2Ygc29tZSBsZW5ndGg=").unwrap_err().code, "InvalidNextToken");
        assert_eq!(page("5", "nonsense").unwrap_err().code, "InvalidNextToken");
    }
}
