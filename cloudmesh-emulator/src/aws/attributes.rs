//! What an account is like.

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::land::Land;
use super::xml::Xml;

pub(super) const ACTIONS: &[Action] = &[Action { name: "DescribeAccountAttributes", run: describe }];

const NAMES: [&str; 6] = [
    "supported-platforms",
    "default-vpc",
    "max-instances",
    "vpc-max-security-groups-per-interface",
    "max-elastic-ips",
    "vpc-max-elastic-ips",
];

fn describe(call: &mut Call<'_>) -> Reply {
    let names = call.params().list("AttributeName");
    let land = call.look()?;
    if let Some(name) = names.iter().find(|name| !NAMES.contains(*name)) {
        let told = format!("Value ({name}) for parameter attributeNames is invalid. Unknown attribute.");
        return Err(Fault::new("InvalidParameterValue", told));
    }
    let wanted = NAMES.iter().filter(|name| names.is_empty() || names.contains(*name));
    let mut xml = Xml::new();
    xml.set("accountAttributeSet", wanted, |xml, name| {
        xml.text("attributeName", name);
        xml.set("attributeValueSet", [value(land, name)], |xml, value| xml.text("attributeValue", value));
    });
    Ok(xml)
}

fn value(land: &Land, name: &str) -> String {
    match name {
        "supported-platforms" => "VPC".to_owned(),
        "default-vpc" => land.default_vpc().map_or("none".to_owned(), |vpc| vpc.id.clone()),
        "max-instances" => land.quota.to_string(),
        "vpc-max-security-groups-per-interface" => "5".to_owned(),
        _ => land.limits.addresses.to_string(),
    }
}
