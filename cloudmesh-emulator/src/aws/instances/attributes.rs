//! One attribute of an instance: `DescribeInstanceAttribute`.

use cloudmesh_abstract::ExposeSecret;

use super::shown;
use crate::aws::call::{Call, Reply};
use crate::aws::land::instance::Instance;
use crate::aws::xml::Xml;

/// The attributes there are.
const NAMES: &[&str] = &[
    "instanceType",
    "kernel",
    "ramdisk",
    "userData",
    "disableApiTermination",
    "instanceInitiatedShutdownBehavior",
    "rootDeviceName",
    "blockDeviceMapping",
    "productCodes",
    "sourceDestCheck",
    "groupSet",
    "ebsOptimized",
    "sriovNetSupport",
    "enaSupport",
    "enclaveOptions",
    "disableApiStop",
];

pub(super) fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let id = params.required("InstanceId")?;
    params.required("Attribute")?;
    let attribute = params.choice("Attribute", NAMES)?.unwrap_or_default();
    let land = call.look()?;
    let one = land.known_one(id)?.clone();
    let mut xml = Xml::new();
    xml.text("instanceId", id);
    match attribute {
        "groupSet" => {
            let nics = land.interfaces_of(id);
            shown::groups(&mut xml, land, nics.first().map_or(&[], |nic| &nic.groups));
        }
        "blockDeviceMapping" => shown::disks(&mut xml, land, &one),
        "productCodes" => xml.group("productCodes", |_| ()),
        "enclaveOptions" => xml.group("enclaveOptions", |xml| xml.text("enabled", false)),
        name => xml.group(name, |xml| xml.maybe("value", value(&one, name))),
    }
    Ok(xml)
}

fn value(one: &Instance, name: &str) -> Option<String> {
    let options = &one.options;
    Some(match name {
        "instanceType" => one.kind.name.clone(),
        "userData" => options.user_data.as_ref()?.expose_secret().to_owned(),
        "disableApiTermination" => options.protected.to_string(),
        "disableApiStop" => options.stop_protected.to_string(),
        "instanceInitiatedShutdownBehavior" if options.terminates_on_shutdown => "terminate".to_owned(),
        "instanceInitiatedShutdownBehavior" => "stop".to_owned(),
        "rootDeviceName" => one.root.to_owned(),
        "sourceDestCheck" => options.source_dest_check.to_string(),
        "ebsOptimized" => options.ebs_optimized.to_string(),
        "enaSupport" => true.to_string(),
        _ => return None,
    })
}
