//! Instance types, and where they are offered.

use std::borrow::Cow;

use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::filter::Filters;
use super::land::instance_type::{InstanceType, all, find};
use super::listing::{flag, maybe, one};
use super::xml::Xml;
use super::{type_shown, type_shown::supports};

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "DescribeInstanceTypeOfferings", run: offerings },
    Action { name: "DescribeInstanceTypes", run: describe },
];

const FILTERS: &[&str] = &[
    "auto-recovery-supported",
    "bare-metal",
    "burstable-performance-supported",
    "current-generation",
    "dedicated-hosts-supported",
    "ebs-info.encryption-support",
    "ebs-info.ebs-optimized-support",
    "ebs-info.nvme-support",
    "free-tier-eligible",
    "hibernation-supported",
    "hypervisor",
    "instance-storage-info.disk.count",
    "instance-storage-info.disk.size-in-gb",
    "instance-storage-info.disk.type",
    "instance-storage-info.nvme-support",
    "instance-storage-info.total-size-in-gb",
    "instance-storage-supported",
    "instance-type",
    "memory-info.size-in-mib",
    "network-info.efa-supported",
    "network-info.ena-support",
    "network-info.ipv4-addresses-per-interface",
    "network-info.ipv6-supported",
    "network-info.maximum-network-interfaces",
    "network-info.network-performance",
    "processor-info.supported-architecture",
    "processor-info.sustained-clock-speed-in-ghz",
    "supported-boot-mode",
    "supported-root-device-type",
    "supported-usage-class",
    "supported-virtualization-type",
    "vcpu-info.default-cores",
    "vcpu-info.default-threads-per-core",
    "vcpu-info.default-vcpus",
];

fn describe(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let names = params.list("InstanceType");
    let filters = Filters::read(&params, FILTERS)?;
    let _ = params.flag("IncludeUnsupportedInRegion")?;
    let page = call.page(5..=100)?;
    call.look()?;
    if names.len() > 100 {
        let told = "The maximum number of instance types that can be specified is 100";
        return Err(Fault::new("InvalidParameterValue", told));
    }
    let unknown: Vec<&str> = names.iter().copied().filter(|name| find(name).is_err()).collect();
    if !unknown.is_empty() {
        let told = format!("The following supplied instance types do not exist: [{}]", unknown.join(", "));
        return Err(Fault::new("InvalidInstanceType", told));
    }
    let is_named = |one: &&InstanceType| names.is_empty() || names.contains(&one.name.as_str());
    let found = all().iter().filter(is_named).filter(|one| filters.pass(|filter| values(one, filter)));
    let (found, token) = page.cut(found, |one| one.name.clone());
    let mut xml = Xml::new();
    xml.set("instanceTypeSet", found, type_shown::write);
    xml.maybe("nextToken", token);
    Ok(xml)
}

fn values<'a>(kind: &'a InstanceType, filter: &str) -> Vec<Cow<'a, str>> {
    let number = |number: u64| one(number.to_string());
    match filter {
        "auto-recovery-supported" => flag(!kind.is_metal() && kind.disks.is_none()),
        "bare-metal" => flag(kind.is_metal()),
        "burstable-performance-supported" => flag(kind.line.bursts),
        "current-generation" => flag(kind.line.current),
        "dedicated-hosts-supported" => flag(!kind.line.bursts),
        "free-tier-eligible" => flag(kind.is_free()),
        "hibernation-supported" => flag(kind.hibernates()),
        "hypervisor" => maybe(kind.hypervisor()),
        "instance-storage-supported" => flag(kind.disks.is_some()),
        "instance-type" => one(&kind.name),
        "memory-info.size-in-mib" => number(kind.memory),
        "processor-info.supported-architecture" => kind.arches().iter().map(|arch| arch.name().into()).collect(),
        "processor-info.sustained-clock-speed-in-ghz" => one(type_shown::clock(kind)),
        "supported-boot-mode" => type_shown::boot_modes(kind).iter().map(|mode| (*mode).into()).collect(),
        "supported-root-device-type" => one("ebs"),
        "supported-usage-class" => vec!["on-demand".into(), "spot".into()],
        "supported-virtualization-type" => one("hvm"),
        "vcpu-info.default-cores" => number(kind.cores().into()),
        "vcpu-info.default-threads-per-core" => number(kind.threads_per_core().into()),
        "vcpu-info.default-vcpus" => number(kind.vcpus.into()),
        _ => of_devices(kind, filter),
    }
}

/// What a type has of disks and networks under the name of a filter.
fn of_devices<'a>(kind: &'a InstanceType, filter: &str) -> Vec<Cow<'a, str>> {
    let number = |number: u64| one(number.to_string());
    match filter {
        "ebs-info.encryption-support" => one("supported"),
        "ebs-info.ebs-optimized-support" => one(supports(kind.line.nitro, "default", "unsupported")),
        "ebs-info.nvme-support" | "network-info.ena-support" => {
            one(supports(kind.line.nitro, "required", "unsupported"))
        }
        "instance-storage-info.disk.count" => kind.disks.map(|(count, _)| number(count.into())).unwrap_or_default(),
        "instance-storage-info.disk.size-in-gb" => kind.disks.map(|(_, size)| number(size)).unwrap_or_default(),
        "instance-storage-info.disk.type" => maybe(kind.disks.map(|_| "ssd")),
        "instance-storage-info.nvme-support" => {
            maybe(kind.disks.map(|_| supports(kind.line.nitro, "required", "unsupported")))
        }
        "instance-storage-info.total-size-in-gb" => kind.disks.map(|_| number(kind.storage())).unwrap_or_default(),
        "network-info.efa-supported" => flag(type_shown::has_efa(kind)),
        "network-info.ipv4-addresses-per-interface" => number(kind.interfaces().1.into()),
        "network-info.ipv6-supported" => flag(true),
        "network-info.maximum-network-interfaces" => number(kind.interfaces().0.into()),
        "network-info.network-performance" => one(kind.network),
        _ => Vec::new(),
    }
}

fn offerings(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let by = ["region", "availability-zone", "availability-zone-id", "outpost"];
    let by = params.choice("LocationType", &by)?.unwrap_or("region");
    let filters = Filters::read(&params, &["instance-type", "location"])?;
    let page = call.page(5..=1000)?;
    let land = call.look()?;
    let places: Vec<(usize, String)> = match by {
        "availability-zone" => land.zones().into_iter().map(|zone| zone.name).enumerate().collect(),
        "availability-zone-id" => land.zones().into_iter().map(|zone| zone.id).enumerate().collect(),
        "region" => vec![(0, land.region.clone())],
        _ => Vec::new(),
    };
    let each = all().iter().flat_map(|kind| places.iter().map(move |place| (kind, place)));
    let is_there = |(kind, (place, _)): &(&InstanceType, &(usize, String))| by == "region" || is_in(kind, *place);
    let passes = |(kind, (_, place)): &(&'static InstanceType, &(usize, String))| {
        filters.pass(|filter| if filter == "location" { one(place.clone()) } else { one(&kind.name) })
    };
    let found = each.filter(is_there).filter(passes);
    let (found, token) = page.cut(found, |(kind, (_, place))| format!("{} {place}", kind.name));
    let mut xml = Xml::new();
    xml.set("instanceTypeOfferingSet", found, |xml, (kind, (_, place))| {
        xml.text("instanceType", &kind.name);
        xml.text("locationType", by);
        xml.text("location", place);
    });
    xml.maybe("nextToken", token);
    Ok(xml)
}

/// Whether a zone has a type: what is rare is in the first zone only.
pub(super) fn is_in(kind: &InstanceType, zone: usize) -> bool {
    zone == 0 || !matches!(kind.line.prefix, "p4d" | "p5" | "trn1" | "u-6tb1" | "t1")
}

#[cfg(test)]
mod tests {
    use super::{FILTERS, find, values};

    #[test]
    fn every_filter_knows_a_type() {
        let disked = find("c5d.large").unwrap();
        for filter in FILTERS {
            assert!(!values(disked, filter).is_empty(), "{filter}");
        }
        assert_eq!(values(find("m4.large").unwrap(), "network-info.ena-support"), ["unsupported"]);
    }
}
