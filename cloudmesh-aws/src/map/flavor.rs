//! Instance types. Pure functions.

use aws_sdk_ec2::types::{
    ArchitectureType, GpuInfo, InstanceStorageInfo, InstanceType, InstanceTypeInfo, MemoryInfo, ProcessorInfo, VCpuInfo,
};
use cloudmesh_abstract::Flavor;

use crate::alias::{ARM64, X86_64};

/// An instance type as a flavor.
pub(crate) fn flavor(record: &InstanceTypeInfo) -> Flavor {
    let name = record.instance_type().map(InstanceType::as_str).unwrap_or_default();
    let mut flavor = Flavor::new(name, name);
    flavor.vcpus = record.v_cpu_info().and_then(VCpuInfo::default_v_cpus).and_then(number);
    flavor.memory_mb = record.memory_info().and_then(MemoryInfo::size_in_mib).and_then(|size| size.try_into().ok());
    // Boot disks are volumes of EBS.
    flavor.disk_gb = Some(0);
    let local = record.instance_storage_info().and_then(InstanceStorageInfo::total_size_in_gb);
    flavor.local_disk_gb = Some(local.and_then(|size| size.try_into().ok()).unwrap_or_default());
    flavor.gpus = Some(gpus(record));
    flavor.network = record.network_info().and_then(|info| info.network_performance()).map(str::to_owned);
    flavor.architecture = record.processor_info().and_then(architecture).map(|word| common(&word));
    flavor
}

/// The graphics processors, parts of one counted as one; a type that says nothing of any has none.
fn gpus(record: &InstanceTypeInfo) -> u32 {
    let devices = record.gpu_info().map(GpuInfo::gpus).unwrap_or_default();
    devices.iter().filter_map(|device| device.count().and_then(number)).sum()
}

fn number(count: i32) -> Option<u32> {
    count.try_into().ok()
}

/// The architecture that images for a type are built for: the widest that it runs.
pub(crate) fn architecture(info: &ProcessorInfo) -> Option<String> {
    let words: Vec<&str> = info.supported_architectures().iter().map(ArchitectureType::as_str).collect();
    let usual = [X86_64, ARM64].into_iter().find(|usual| words.contains(usual));
    usual.or(words.first().copied()).map(str::to_owned)
}

/// An architecture in the word that all clouds share.
pub(crate) fn common(word: &str) -> String {
    if word == ARM64 { "aarch64".to_owned() } else { word.to_owned() }
}

/// An architecture in AWS's word.
pub(crate) fn vendors(word: &str) -> String {
    match word.to_lowercase().replace('-', "_").as_str() {
        "amd64" | "x64" | X86_64 => X86_64.to_owned(),
        "aarch64" | "armv8" | ARM64 => ARM64.to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{common, flavor, vendors};
    use aws_sdk_ec2::types as ec2;

    fn architectures(words: &[&str]) -> ec2::ProcessorInfo {
        let words = words.iter().map(|word| ec2::ArchitectureType::from(*word)).collect();
        ec2::ProcessorInfo::builder().set_supported_architectures(Some(words)).build()
    }

    #[test]
    fn an_instance_type_becomes_a_flavor() {
        let gpu = |count| ec2::GpuDeviceInfo::builder().count(count).build();
        let record = ec2::InstanceTypeInfo::builder()
            .instance_type(ec2::InstanceType::from("g6.48xlarge"))
            .v_cpu_info(ec2::VCpuInfo::builder().default_v_cpus(192).build())
            .memory_info(ec2::MemoryInfo::builder().size_in_mib(786_432).build())
            .instance_storage_info(ec2::InstanceStorageInfo::builder().total_size_in_gb(7520).build())
            .gpu_info(ec2::GpuInfo::builder().gpus(gpu(8)).build())
            .network_info(ec2::NetworkInfo::builder().network_performance("100 Gigabit").build())
            .processor_info(architectures(&["i386", "x86_64"]))
            .build();
        let flavor = flavor(&record);
        assert_eq!((flavor.id.as_str(), flavor.name.as_str()), ("g6.48xlarge", "g6.48xlarge"));
        assert_eq!((flavor.vcpus, flavor.memory_mb, flavor.gpus), (Some(192), Some(786_432), Some(8)));
        assert_eq!((flavor.disk_gb, flavor.local_disk_gb), (Some(0), Some(7520)));
        assert_eq!((flavor.network.as_deref(), flavor.architecture.as_deref()), (Some("100 Gigabit"), Some("x86_64")));
    }

    #[test]
    fn what_is_not_told_is_not_known() {
        let record = ec2::InstanceTypeInfo::builder().instance_type(ec2::InstanceType::from("t9.nano")).build();
        let flavor = flavor(&record);
        assert_eq!((flavor.vcpus, flavor.memory_mb, flavor.architecture), (None, None, None));
        assert_eq!((flavor.gpus, flavor.local_disk_gb), (Some(0), Some(0)));
    }

    #[test]
    fn architectures_have_one_word_on_all_clouds() {
        let of = |words: &[&str]| super::architecture(&architectures(words)).map(|word| common(&word));
        for (words, expected) in
            [(&["arm64"][..], "aarch64"), (&["i386", "x86_64"], "x86_64"), (&["arm64_mac"], "arm64_mac")]
        {
            assert_eq!(of(words).as_deref(), Some(expected));
        }
        for (word, expected) in [("AMD64", "x86_64"), ("aarch64", "arm64"), ("arm64", "arm64"), ("x86-64", "x86_64")] {
            assert_eq!(vendors(word), expected);
        }
    }
}
