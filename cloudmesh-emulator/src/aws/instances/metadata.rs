//! How an instance can ask about itself: `MetadataOptions`, and `ModifyInstanceMetadataOptions`.

use crate::aws::call::{Call, Reply};
use crate::aws::fault::Fault;
use crate::aws::form::Params;
use crate::aws::land::instance::MetadataOptions;
use crate::aws::xml::Xml;

/// What is said of the metadata service.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    tokens: Option<&'static str>,
    hops: Option<u32>,
    endpoint: Option<&'static str>,
    ipv6: Option<&'static str>,
    tags: Option<&'static str>,
}

const SWITCH: &[&str] = &["enabled", "disabled"];

impl Metadata {
    pub(super) fn read(part: &Params<'_>) -> Result<Self, Fault> {
        let hops = part.number("HttpPutResponseHopLimit")?;
        if let Some(hops) = hops.filter(|hops| !(1..=64).contains(hops)) {
            return Err(part.wrong("HttpPutResponseHopLimit", hops, "It is from 1 to 64."));
        }
        Ok(Self {
            tokens: part.choice("HttpTokens", &["optional", "required"])?,
            hops,
            endpoint: part.choice("HttpEndpoint", SWITCH)?,
            ipv6: part.choice("HttpProtocolIpv6", SWITCH)?,
            tags: part.choice("InstanceMetadataTags", SWITCH)?,
        })
    }

    /// What was there before, changed by what is said.
    pub(super) fn over(&self, before: MetadataOptions) -> MetadataOptions {
        let switched = |said: Option<&str>, before| said.map_or(before, |said| said == "enabled");
        MetadataOptions {
            tokens_required: self.tokens.map_or(before.tokens_required, |said| said == "required"),
            hops: self.hops.unwrap_or(before.hops),
            enabled: switched(self.endpoint, before.enabled),
            ipv6: switched(self.ipv6, before.ipv6),
            tags: switched(self.tags, before.tags),
        }
    }
}

pub(super) fn modify(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let id = params.required("InstanceId")?;
    let said = Metadata::read(&params)?;
    let one = call.change()?.known_one(id)?;
    one.options.metadata = said.over(one.options.metadata);
    let options = one.options.metadata;
    let mut xml = Xml::new();
    xml.text("instanceId", id);
    shown(&mut xml, "instanceMetadataOptions", options);
    Ok(xml)
}

/// The options as EC2 shows them.
pub(super) fn shown(xml: &mut Xml, name: &str, options: MetadataOptions) {
    let switch = |on: bool| if on { "enabled" } else { "disabled" };
    xml.group(name, |xml| {
        xml.text("state", "applied");
        xml.text("httpTokens", if options.tokens_required { "required" } else { "optional" });
        xml.text("httpPutResponseHopLimit", options.hops);
        xml.text("httpEndpoint", switch(options.enabled));
        xml.text("httpProtocolIpv6", switch(options.ipv6));
        xml.text("instanceMetadataTags", switch(options.tags));
    });
}
