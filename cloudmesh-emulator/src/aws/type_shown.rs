//! An instance type as it is described.

use super::land::instance_type::InstanceType;
use super::xml::Xml;

/// Writes a type.
pub(super) fn write(xml: &mut Xml, kind: &InstanceType) {
    xml.text("instanceType", &kind.name);
    xml.text("currentGeneration", kind.line.current);
    xml.text("freeTierEligible", kind.is_free());
    xml.texts("supportedUsageClasses", ["on-demand", "spot"]);
    xml.texts("supportedRootDeviceTypes", ["ebs"]);
    xml.texts("supportedVirtualizationTypes", ["hvm"]);
    xml.text("bareMetal", kind.is_metal());
    xml.maybe("hypervisor", kind.hypervisor());
    processor(xml, kind);
    xml.group("memoryInfo", |xml| xml.text("sizeInMiB", kind.memory));
    storage(xml, kind);
    blocks(xml, kind);
    network(xml, kind);
    accelerators(xml, kind);
    xml.group("placementGroupInfo", |xml| xml.texts("supportedStrategies", ["cluster", "partition", "spread"]));
    xml.text("hibernationSupported", kind.hibernates());
    xml.text("burstablePerformanceSupported", kind.line.bursts);
    xml.text("dedicatedHostsSupported", !kind.line.bursts);
    xml.text("autoRecoverySupported", !kind.is_metal() && kind.disks.is_none());
    xml.texts("supportedBootModes", boot_modes(kind));
    xml.text("nitroEnclavesSupport", supports(kind.line.nitro && !kind.line.bursts, "supported", "unsupported"));
    xml.text("nitroTpmSupport", supports(kind.line.nitro && !kind.is_metal(), "supported", "unsupported"));
}

/// One of two words.
pub(super) fn supports(does: bool, yes: &'static str, no: &'static str) -> &'static str {
    if does { yes } else { no }
}

/// The sustained clock, in GHz.
pub(super) fn clock(kind: &InstanceType) -> String {
    format!("{}.{}", kind.line.clock / 10, kind.line.clock % 10)
}

pub(super) fn boot_modes(kind: &InstanceType) -> &'static [&'static str] {
    match (kind.line.maker, kind.line.nitro) {
        ("AWS", _) => &["uefi"],
        (_, true) => &["legacy-bios", "uefi"],
        (_, false) => &["legacy-bios"],
    }
}

/// Whether it has the adapter for learned models and simulations.
pub(super) fn has_efa(kind: &InstanceType) -> bool {
    kind.line.nitro && kind.vcpus >= 96
}

fn processor(xml: &mut Xml, kind: &InstanceType) {
    xml.group("processorInfo", |xml| {
        xml.texts("supportedArchitectures", kind.arches().iter().map(|arch| arch.name()));
        xml.text("sustainedClockSpeedInGhz", clock(kind));
        xml.text("manufacturer", kind.line.maker);
    });
    let threads = kind.threads_per_core();
    xml.group("vCpuInfo", |xml| {
        xml.text("defaultVCpus", kind.vcpus);
        xml.text("defaultCores", kind.cores());
        xml.text("defaultThreadsPerCore", threads);
        if !kind.is_metal() {
            let least = if kind.cores() > 1 { 2 } else { 1 };
            xml.texts("validCores", (least..=kind.cores()).step_by(2));
            xml.texts("validThreadsPerCore", 1..=threads);
        }
    });
}

fn storage(xml: &mut Xml, kind: &InstanceType) {
    xml.text("instanceStorageSupported", kind.disks.is_some());
    let Some((count, size)) = kind.disks else { return };
    xml.group("instanceStorageInfo", |xml| {
        xml.text("totalSizeInGB", kind.storage());
        xml.set("disks", [(count, size)], |xml, (count, size)| {
            xml.text("sizeInGB", size);
            xml.text("count", count);
            xml.text("type", "ssd");
        });
        xml.text("nvmeSupport", supports(kind.line.nitro, "required", "unsupported"));
        xml.text("encryptionSupport", supports(kind.line.nitro, "required", "unsupported"));
    });
}

fn blocks(xml: &mut Xml, kind: &InstanceType) {
    let bandwidth = (kind.vcpus * 320).clamp(650, 40_000);
    xml.group("ebsInfo", |xml| {
        xml.text("ebsOptimizedSupport", supports(kind.line.nitro, "default", "unsupported"));
        xml.text("encryptionSupport", "supported");
        if kind.line.nitro {
            xml.group("ebsOptimizedInfo", |xml| {
                xml.text("baselineBandwidthInMbps", bandwidth);
                xml.text("baselineThroughputInMBps", format!("{:.2}", f64::from(bandwidth) / 8.0));
                xml.text("baselineIops", bandwidth * 4);
                xml.text("maximumBandwidthInMbps", bandwidth.max(4_750));
                xml.text("maximumThroughputInMBps", format!("{:.2}", f64::from(bandwidth.max(4_750)) / 8.0));
                xml.text("maximumIops", (bandwidth * 4).max(18_750));
            });
        }
        xml.text("nvmeSupport", supports(kind.line.nitro, "required", "unsupported"));
        xml.text("maximumEbsAttachments", 27);
        xml.text("attachmentLimitType", "shared");
    });
}

fn network(xml: &mut Xml, kind: &InstanceType) {
    let (interfaces, addresses) = kind.interfaces();
    xml.group("networkInfo", |xml| {
        xml.text("networkPerformance", kind.network);
        xml.text("maximumNetworkInterfaces", interfaces);
        xml.text("maximumNetworkCards", 1);
        xml.text("defaultNetworkCardIndex", 0);
        xml.set("networkCards", [kind], |xml, kind| {
            xml.text("networkCardIndex", 0);
            xml.text("networkPerformance", kind.network);
            xml.text("maximumNetworkInterfaces", interfaces);
        });
        xml.text("ipv4AddressesPerInterface", addresses);
        xml.text("ipv6AddressesPerInterface", addresses);
        xml.text("ipv6Supported", true);
        xml.text("enaSupport", supports(kind.line.nitro, "required", "unsupported"));
        xml.text("efaSupported", has_efa(kind));
        xml.text("encryptionInTransitSupported", kind.line.nitro && !kind.line.bursts);
    });
}

fn accelerators(xml: &mut Xml, kind: &InstanceType) {
    let Some(accelerator) = kind.line.accelerator.filter(|_| kind.accelerators > 0) else { return };
    let total = accelerator.memory * u64::from(kind.accelerators);
    if !accelerator.gpu {
        return xml.group("neuronInfo", |xml| {
            xml.set("neuronDevices", [accelerator], |xml, accelerator| {
                xml.text("count", kind.accelerators);
                xml.text("name", accelerator.name);
                xml.group("coreInfo", |xml| {
                    xml.text("count", 2);
                    xml.text("version", 2);
                });
                xml.group("memoryInfo", |xml| xml.text("sizeInMiB", accelerator.memory));
            });
            xml.text("totalNeuronDeviceMemoryInMiB", total);
        });
    }
    xml.group("gpuInfo", |xml| {
        xml.set("gpus", [accelerator], |xml, accelerator| {
            xml.text("name", accelerator.name);
            xml.text("manufacturer", accelerator.maker);
            xml.text("count", kind.accelerators);
            xml.group("memoryInfo", |xml| xml.text("sizeInMiB", accelerator.memory));
        });
        xml.text("totalGpuMemoryInMiB", total);
    });
}
