//! The idempotency token of what is asked for.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An idempotency token: however often a request with it is repeated, one thing is made.
///
/// A random UUID in lower case with dashes, which every vendor accepts. It knows whether it may have been sent before,
/// and so do its clones; tokens are equal when their texts are.
///
/// ```
/// use cloudmesh_abstract::Token;
///
/// let token = Token::random();
/// assert!(token.clone().take_first_use());
/// assert!(!token.take_first_use());
/// assert!(!Token::new(token.as_str()).take_first_use());
/// ```
#[derive(Debug, Clone)]
pub struct Token {
    text: String,
    unused: Arc<AtomicBool>,
}

impl Token {
    /// A token that nobody has used.
    pub fn random() -> Self {
        Self { text: uuid::Uuid::new_v4().to_string(), unused: Arc::new(AtomicBool::new(true)) }
    }

    /// A token that was kept from before, and may have been used.
    pub fn new(token: impl Into<String>) -> Self {
        Self { text: token.into(), unused: Arc::default() }
    }

    /// The token as it is sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether this is certainly the first use of the token; true at most once.
    ///
    /// A provider whose cloud keeps no tokens asks before it sends one: what nobody has sent can have made nothing, so
    /// there is nothing to look for. A token that was kept, read or written as data may have been sent by somebody else.
    pub fn take_first_use(&self) -> bool {
        self.unused.swap(false, Ordering::AcqRel)
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Token {}

impl Hash for Token {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.take_first_use();
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_that_was_written_or_read_may_have_been_used() {
        let token = Token::random();
        let text = serde_json::to_string(&token).unwrap();
        assert!(!token.take_first_use());
        let read: Token = serde_json::from_str(&text).unwrap();
        assert_eq!(read, token);
        assert!(!read.take_first_use());
    }
}
