//! The tags that new resources get: `TagSpecification.N`.

use crate::aws::fault::Fault;
use crate::aws::form::Params;
use crate::aws::land::ids;
use crate::aws::land::tags::{Tag, check};

/// What can be tagged when an instance is made.
const KINDS: [&str; 4] = [ids::INSTANCE.name, ids::VOLUME.name, ids::INTERFACE.name, ids::SPOT_REQUEST.name];

/// Tags by the kind of resource.
#[derive(Debug)]
pub(super) struct Specs(Vec<(&'static str, Vec<Tag>)>);

impl Specs {
    pub(super) fn read(params: &Params<'_>) -> Result<Self, Fault> {
        let mut specs: Vec<(&'static str, Vec<Tag>)> = Vec::new();
        for part in params.parts("TagSpecification") {
            let kind = part.required("ResourceType")?;
            let told = || {
                let told = format!("'{kind}' is not a valid taggable resource type for this operation.");
                Fault::new("InvalidParameterValue", told)
            };
            let kind = *KINDS.iter().find(|known| **known == kind).ok_or_else(told)?;
            let mut tags = Vec::new();
            for tag in part.parts("Tag") {
                let key =
                    tag.text("Key").ok_or_else(|| Fault::new("InvalidParameterValue", "Tag key cannot be empty"))?;
                tags.push(Tag::new(key, tag.text("Value").unwrap_or_default()));
            }
            if specs.iter().any(|(known, _)| *known == kind) {
                let told = format!("Duplicate resource type '{kind}' in tag specifications");
                return Err(Fault::new("InvalidParameterValue", told));
            }
            check(&tags)?;
            specs.push((kind, tags));
        }
        Ok(Self(specs))
    }

    /// Those for a kind of resource.
    pub(super) fn of(&self, kind: &str) -> &[Tag] {
        self.0.iter().find(|(known, _)| *known == kind).map_or(&[], |(_, tags)| tags.as_slice())
    }
}
