//! Regions.

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[Action { name: "DescribeRegions", run: describe }];

/// The regions, and whether an account must opt in to them first, which ours has not done.
const REGIONS: [(&str, bool); 20] = [
    ("af-south-1", true),
    ("ap-east-1", true),
    ("ap-northeast-1", false),
    ("ap-northeast-2", false),
    ("ap-northeast-3", false),
    ("ap-south-1", false),
    ("ap-southeast-1", false),
    ("ap-southeast-2", false),
    ("ca-central-1", false),
    ("eu-central-1", false),
    ("eu-north-1", false),
    ("eu-south-1", true),
    ("eu-west-1", false),
    ("eu-west-2", false),
    ("eu-west-3", false),
    ("sa-east-1", false),
    ("us-east-1", false),
    ("us-east-2", false),
    ("us-west-1", false),
    ("us-west-2", false),
];

/// Whether a region can be used.
pub(super) fn is_known(region: &str) -> bool {
    REGIONS.iter().any(|(name, opt_in)| *name == region && !opt_in)
}

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let names = params.list("RegionName");
    let all = params.flag("AllRegions")?.unwrap_or(false);
    let filters = Filters::read(&params, &["endpoint", "opt-in-status", "region-name"])?;
    call.look()?;
    if let Some(unknown) = names.iter().find(|name| REGIONS.iter().all(|(known, _)| known != *name)) {
        let told = format!("Invalid region names: [{unknown}]");
        return Err(Fault::new("InvalidParameterValue", told));
    }
    let wanted = |(name, opt_in): &&(&str, bool)| {
        let asked = if names.is_empty() { all || !opt_in } else { names.contains(name) };
        asked
            && filters.pass(|filter| match filter {
                "endpoint" => vec![endpoint(name).into()],
                "opt-in-status" => vec![status(*opt_in).into()],
                _ => vec![(*name).into()],
            })
    };
    let mut xml = Xml::new();
    xml.set("regionInfo", REGIONS.iter().filter(wanted), |xml, (name, opt_in)| {
        xml.text("regionName", name);
        xml.text("regionEndpoint", endpoint(name));
        xml.text("optInStatus", status(*opt_in));
    });
    Ok(xml)
}

fn endpoint(region: &str) -> String {
    format!("ec2.{region}.amazonaws.com")
}

fn status(opt_in: bool) -> &'static str {
    if opt_in { "not-opted-in" } else { "opt-in-not-required" }
}
