//! The tags of all resources, and what a tag may be.

use std::collections::HashMap;

use crate::aws::fault::Fault;

/// How many tags a resource may have.
const MOST: usize = 50;
/// How many characters a key may have.
const KEY: usize = 128;
/// How many characters a value may have.
const VALUE: usize = 256;
/// What only the vendor's own tags begin with.
const RESERVED: &str = "aws:";

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

impl Tag {
    pub(crate) fn new(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), value: value.to_owned() }
    }
}

/// The tags of all resources, by the ids of these.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tags(HashMap<String, Vec<Tag>>);

impl Tags {
    /// The tags of a resource.
    pub(crate) fn of(&self, id: &str) -> &[Tag] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }

    /// The value of one tag of a resource.
    pub(crate) fn value(&self, id: &str, key: &str) -> Option<&str> {
        self.of(id).iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str())
    }

    /// Gives a resource tags, in place of those with the same keys. They have been checked.
    pub(crate) fn set(&mut self, id: &str, tags: &[Tag]) {
        if tags.is_empty() {
            return;
        }
        let own = self.0.entry(id.to_owned()).or_default();
        for tag in tags {
            match own.iter_mut().find(|one| one.key == tag.key) {
                Some(one) => one.value.clone_from(&tag.value),
                None => own.push(tag.clone()),
            }
        }
    }

    /// Whether a resource may have these tags too.
    pub(crate) fn check(&self, id: &str, tags: &[Tag]) -> Result<(), Fault> {
        check(tags)?;
        let own = self.of(id);
        let more = tags.iter().filter(|tag| own.iter().all(|one| one.key != tag.key)).count();
        counted(own.iter().filter(|tag| !tag.key.starts_with(RESERVED)).count() + more)
    }

    /// Takes tags away: those with that key, and that value where one is named.
    pub(crate) fn remove(&mut self, id: &str, key: &str, value: Option<&str>) {
        if let Some(own) = self.0.get_mut(id) {
            own.retain(|tag| tag.key != key || value.is_some_and(|value| value != tag.value));
        }
    }

    /// Takes all tags away but the vendor's own.
    pub(crate) fn clear(&mut self, id: &str) {
        if let Some(own) = self.0.get_mut(id) {
            own.retain(|tag| tag.key.starts_with(RESERVED));
        }
    }

    /// Forgets a resource that is gone.
    pub(crate) fn forget(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// The ids of what has tags, sorted.
    pub(crate) fn tagged(&self) -> Vec<&str> {
        let mut ids: Vec<&str> =
            self.0.iter().filter(|(_, tags)| !tags.is_empty()).map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        ids
    }
}

/// Whether something new may have these tags.
pub(crate) fn check(tags: &[Tag]) -> Result<(), Fault> {
    for (place, tag) in tags.iter().enumerate() {
        check_key(&tag.key)?;
        if tag.value.chars().count() > VALUE {
            return Err(invalid(format!("Tag value exceeds the maximum length of {VALUE} characters")));
        }
        if !is_text(&tag.value) {
            return Err(invalid(format!("The value of the tag '{}' has characters that are not allowed", tag.key)));
        }
        if tags[..place].iter().any(|one| one.key == tag.key) {
            return Err(invalid(format!("Duplicate tag key '{}' specified.", tag.key)));
        }
    }
    counted(tags.len())
}

/// Whether a key may be given or taken away.
pub(crate) fn check_key(key: &str) -> Result<(), Fault> {
    if key.is_empty() {
        return Err(invalid("Tag key cannot be empty".to_owned()));
    }
    if key.to_ascii_lowercase().starts_with(RESERVED) {
        return Err(invalid(format!("Tag keys starting with '{RESERVED}' are reserved for internal use")));
    }
    if key.chars().count() > KEY {
        return Err(invalid(format!("Tag key exceeds the maximum length of {KEY} characters")));
    }
    if !is_text(key) {
        return Err(invalid(format!("The tag key '{}' has characters that are not allowed", key.escape_debug())));
    }
    Ok(())
}

/// Whether keys may be read by the instance itself, where it asked for that.
pub(crate) fn check_readable(tags: &[Tag]) -> Result<(), Fault> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_+=,.@:".contains(letter);
    let fits = |key: &str| key.chars().all(allowed) && !matches!(key, "." | ".." | "_index");
    match tags.iter().find(|tag| !fits(&tag.key)) {
        None => Ok(()),
        Some(tag) => Err(invalid(format!(
            "'{}' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{{1,255}}), and must not be \
             a reserved name ('.', '..', '_index')",
            tag.key
        ))),
    }
}

/// Any character goes but control characters.
fn is_text(text: &str) -> bool {
    text.chars().all(|letter| !letter.is_control())
}

fn counted(tags: usize) -> Result<(), Fault> {
    if tags <= MOST {
        return Ok(());
    }
    Err(Fault::new("TagLimitExceeded", format!("More than {MOST} tags specified")))
}

fn invalid(message: String) -> Fault {
    Fault::new("InvalidParameterValue", message)
}

#[cfg(test)]
mod tests {
    use super::{Tag, Tags, check, check_readable};

    fn code(tags: &[Tag]) -> Option<String> {
        check(tags).err().map(|fault| fault.code.to_owned())
    }

    #[test]
    fn what_a_tag_may_be() {
        let invalid = Some("InvalidParameterValue".to_owned());
        let table = [
            (Tag::new("Name", ""), None),
            (Tag::new("größe + - = . _ : / @ ! <&>", "日本"), None),
            (Tag::new(&"k".repeat(128), &"v".repeat(256)), None),
            (Tag::new("", "x"), invalid.clone()),
            (Tag::new("aws:owner", "x"), invalid.clone()),
            (Tag::new("AWS:owner", "x"), invalid.clone()),
            (Tag::new(&"k".repeat(129), ""), invalid.clone()),
            (Tag::new("k", &"v".repeat(257)), invalid.clone()),
            (Tag::new("k\u{1}", ""), invalid.clone()),
        ];
        for (tag, wanted) in table {
            assert_eq!(code(std::slice::from_ref(&tag)), wanted, "{tag:?}");
        }
        assert_eq!(code(&[Tag::new("a", "1"), Tag::new("a", "2")]), invalid);
    }

    #[test]
    fn no_more_than_fifty() {
        let tags: Vec<Tag> = (0..51).map(|number| Tag::new(&number.to_string(), "")).collect();
        assert_eq!(code(&tags), Some("TagLimitExceeded".to_owned()));
        let mut all = Tags::default();
        all.set("i-1", &tags[..50]);
        assert!(all.check("i-1", &tags[..50]).is_ok());
        assert!(all.check("i-1", &tags[50..]).is_err());
        assert!(all.check("i-2", &tags[50..]).is_ok());
    }

    #[test]
    fn tags_go_by_key_or_by_key_and_value() {
        let mut all = Tags::default();
        all.set("i-1", &[Tag::new("a", "1"), Tag::new("b", "2"), Tag::new("aws:c", "3")]);
        all.remove("i-1", "a", Some("2"));
        assert_eq!(all.value("i-1", "a"), Some("1"));
        all.remove("i-1", "a", None);
        assert_eq!(all.value("i-1", "a"), None);
        all.clear("i-1");
        assert_eq!(all.of("i-1"), [Tag::new("aws:c", "3")]);
    }

    #[test]
    fn an_instance_reads_few_kinds_of_keys() {
        assert!(check_readable(&[Tag::new("cm-name_1.2", "any thing")]).is_ok());
        for key in ["a b", "a/b", "..", "_index"] {
            assert!(check_readable(&[Tag::new(key, "")]).is_err(), "{key}");
        }
    }
}
