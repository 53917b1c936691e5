//! Answers that were given before and are given again as long as nothing has changed.

use std::collections::HashMap;

use hyper::body::Bytes;

/// How many bytes are kept.
const MOST: usize = 128 << 20;

/// Answers by what was asked, so that measurements measure clients and not us.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prepared {
    answers: HashMap<String, Bytes>,
    bytes: usize,
}

impl Prepared {
    /// The answer to what was asked before.
    pub(crate) fn get(&self, asked: &str) -> Option<Bytes> {
        self.answers.get(asked).cloned()
    }

    /// Keeps an answer.
    pub(crate) fn keep(&mut self, asked: String, answer: Bytes) {
        if self.bytes + answer.len() > MOST {
            self.forget();
        }
        self.bytes += answer.len();
        if let Some(earlier) = self.answers.insert(asked, answer) {
            self.bytes -= earlier.len();
        }
    }

    /// Forgets all, since something has changed.
    pub(crate) fn forget(&mut self) {
        if self.bytes > 0 {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Prepared};
    use hyper::body::Bytes;

    #[test]
    fn what_is_kept_has_a_limit() {
        let mut prepared = Prepared::default();
        for number in 0..3 {
            prepared.keep(number.to_string(), Bytes::from(vec![0; MOST / 2]));
        }
        assert!(prepared.get("0").is_none() && prepared.get("2").is_some());
        prepared.forget();
        assert!(prepared.get("2").is_none());
    }
}
