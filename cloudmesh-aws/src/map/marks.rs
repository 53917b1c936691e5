//! Our marks as tags. Pure functions.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{ResourceType, Tag, TagSpecification};
use cloudmesh_abstract::Marks;

/// The tag that everything of ours has.
pub(crate) const NAME_KEY: &str = "cm-name";
/// The tag that says which request made something.
pub(crate) const TOKEN_KEY: &str = "cm-token";

/// Whether something carries our marks.
pub(crate) fn is_ours(tags: &[Tag]) -> bool {
    let pairs: BTreeMap<String, String> =
        tags.iter().filter_map(|tag| Some((tag.key()?.to_owned(), tag.value()?.to_owned()))).collect();
    Marks::read(&pairs).is_some()
}

/// The value of a tag; `None` where there is none, and for an empty one.
pub(crate) fn tag<'a>(tags: &'a [Tag], key: &str) -> Option<&'a str> {
    let found = tags.iter().find(|tag| tag.key() == Some(key));
    found.and_then(|tag| tag.value()).filter(|value| !value.is_empty())
}

/// The marks of something that is made.
pub(crate) fn tagged(what: ResourceType, marks: &Marks) -> TagSpecification {
    let tags = marks.pairs().into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    TagSpecification::builder().resource_type(what).set_tags(Some(tags)).build()
}

#[cfg(test)]
mod tests {
    use super::{NAME_KEY, TOKEN_KEY, is_ours, tag, tagged};
    use aws_sdk_ec2::types::{ResourceType, Tag};
    use cloudmesh_abstract::{Marks, Token};

    #[test]
    fn what_we_mark_is_ours() {
        let mut marks = Marks::new("web");
        marks.token = Some(Token::new("t-1"));
        let tagged = tagged(ResourceType::ElasticIp, &marks);
        assert!(is_ours(tagged.tags()));
        assert_eq!((tag(tagged.tags(), NAME_KEY), tag(tagged.tags(), TOKEN_KEY)), (Some("web"), Some("t-1")));
        assert!(!is_ours(&[Tag::builder().key("Name").value("web").build()]));
    }
}
