//! Tags in requests and answers.

use std::borrow::Cow;

use super::fault::Fault;
use super::form::Params;
use super::land::ids::{self, Kind};
use super::land::tags::{self, Tag};
use super::xml::Xml;

/// The tags that a request gives to what it makes, by kinds of resources of which only `allowed` can be made.
pub(crate) fn specified(params: &Params<'_>, allowed: &[Kind]) -> Result<Vec<(Kind, Vec<Tag>)>, Fault> {
    let mut found: Vec<(Kind, Vec<Tag>)> = Vec::new();
    for part in params.parts("TagSpecification") {
        let told = || Fault::new("InvalidParameter", "Tag specification resource type must have a value");
        let name = part.text("ResourceType").ok_or_else(told)?;
        let kind = ids::named(name).filter(|kind| allowed.contains(kind)).ok_or_else(|| wrong_kind(name))?;
        if found.iter().any(|(other, _)| *other == kind) {
            let told = "The same resource type may not be specified more than once in tag specifications";
            return Err(Fault::new("InvalidParameterValue", told));
        }
        let tags = read(&part);
        if tags.is_empty() {
            return Err(Fault::new("InvalidParameter", "Tag specification must have at least one tag"));
        }
        tags::check(&tags)?;
        found.push((kind, tags));
    }
    Ok(found)
}

/// The tags that a request gives to the one thing it makes.
pub(crate) fn specified_for(params: &Params<'_>, kind: Kind) -> Result<Vec<Tag>, Fault> {
    Ok(specified(params, &[kind])?.pop().map(|(_, tags)| tags).unwrap_or_default())
}

fn wrong_kind(name: &str) -> Fault {
    let told = format!("'{name}' is not a valid taggable resource type for this operation.");
    Fault::new("InvalidParameterValue", told)
}

/// The list `Tag.N`.
pub(crate) fn read(params: &Params<'_>) -> Vec<Tag> {
    let one =
        |part: &Params<'_>| Tag::new(part.text("Key").unwrap_or_default(), part.text("Value").unwrap_or_default());
    params.parts("Tag").iter().map(one).collect()
}

/// Writes the tags of something.
pub(crate) fn write(xml: &mut Xml, tags: &[Tag]) {
    xml.set("tagSet", tags, |xml, tag| {
        xml.text("key", &tag.key);
        xml.text("value", &tag.value);
    });
}

/// What tags are under the name of a filter, which is `tag-key` or `tag:KEY`.
pub(crate) fn values<'a>(tags: &'a [Tag], filter: &str) -> Vec<Cow<'a, str>> {
    match filter.strip_prefix("tag:") {
        Some(key) => tags.iter().filter(|tag| tag.key == key).map(|tag| tag.value.as_str().into()).collect(),
        None if filter == "tag-key" => tags.iter().map(|tag| tag.key.as_str().into()).collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ids, specified, values};
    use crate::aws::form::Form;
    use crate::aws::land::tags::Tag;

    fn code(text: &str) -> Option<&'static str> {
        specified(&Form::parse(text.as_bytes()).params(), &[ids::VOLUME, ids::INSTANCE]).err().map(|fault| fault.code)
    }

    #[test]
    fn tags_are_given_by_kind() {
        let one =
            "TagSpecification.1.ResourceType=volume&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=b";
        assert_eq!(code(one), None);
        let table = [
            ("TagSpecification.1.Tag.1.Key=a", "InvalidParameter"),
            ("TagSpecification.1.ResourceType=volume", "InvalidParameter"),
            (&one.replace("volume", "vpc"), "InvalidParameterValue"),
            (&one.replace("volume", "lamp"), "InvalidParameterValue"),
            (&one.replace("Key=a", "Key=aws:a"), "InvalidParameterValue"),
            (&format!("{one}&{}", one.replace("Specification.1", "Specification.2")), "InvalidParameterValue"),
        ];
        for (text, wanted) in table {
            assert_eq!(code(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn filters_look_at_tags() {
        let tags = [Tag::new("Name", "web"), Tag::new("cm-group", "a")];
        assert_eq!(values(&tags, "tag-key"), ["Name", "cm-group"]);
        assert_eq!(values(&tags, "tag:Name"), ["web"]);
        assert!(values(&tags, "tag:name").is_empty() && values(&tags, "vpc-id").is_empty());
    }
}
