//! The images that a region offers to everybody: several families, each in several builds for both architectures.

use jiff::{SignedDuration, Timestamp};
use md5::{Digest, Md5};

use super::image::{Arch, Image, System};
use crate::hex::hex;

/// How old the builds of each family are, in days. The vendor deprecates images after two years.
const AGES: [i64; 5] = [9, 44, 130, 400, 790];
/// After how many days an image is deprecated.
const LIFE: i64 = 730;

/// A family of images.
struct Family {
    /// The name, in which `{date}` is the day of the build, `{dotted}` the same with dots, `{build}` a number that
    /// grows with each build, and `{arch}` the architecture in the family's own word.
    name: &'static str,
    description: &'static str,
    owner: &'static str,
    alias: Option<&'static str>,
    /// The family's words for `x86_64` and arm64, where it has images for them.
    words: [Option<&'static str>; 2],
    root: &'static str,
    size: u64,
    system: System,
    imds_v2: bool,
}

const CANONICAL: (&str, Option<&str>) = ("099720109477", Some("amazon"));
const AMAZON: (&str, Option<&str>) = ("137112412989", Some("amazon"));
const WINDOWS: (&str, Option<&str>) = ("801119661308", Some("amazon"));
const DEBIAN: (&str, Option<&str>) = ("136693071363", Some("amazon"));
const RED_HAT: (&str, Option<&str>) = ("309956199498", Some("amazon"));
const SUSE: (&str, Option<&str>) = ("013907871322", Some("amazon"));
const ROCKY: (&str, Option<&str>) = ("792107900819", None);
const ALMA: (&str, Option<&str>) = ("764336703387", None);
const FEDORA: (&str, Option<&str>) = ("125523088429", None);
/// Anybody can make public images, whatever their names.
const STRANGER: (&str, Option<&str>) = ("210987654321", None);

const AMD: [Option<&str>; 2] = [Some("amd64"), Some("arm64")];
const X86: [Option<&str>; 2] = [Some("x86_64"), Some("arm64")];
const RPM: [Option<&str>; 2] = [Some("x86_64"), Some("aarch64")];
const INTEL: [Option<&str>; 2] = [Some("x86_64"), None];

const SDA: &str = "/dev/sda1";
const XVDA: &str = "/dev/xvda";

macro_rules! families {
    ($($owner:ident $name:literal $description:literal $words:ident $root:ident $size:literal $system:ident $imds:literal;)*) => {
        const FAMILIES: &[Family] = &[$(Family {
            name: $name, description: $description, owner: $owner.0, alias: $owner.1, words: $words, root: $root,
            size: $size, system: System::$system, imds_v2: $imds,
        }),*];
    };
}

families! {
    CANONICAL "ubuntu/images/hvm-ssd-gp3/ubuntu-resolute-26.04-{arch}-server-{date}"
        "Canonical, Ubuntu, 26.04, {arch} resolute image" AMD SDA 8 Linux true;
    CANONICAL "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-{arch}-server-{date}"
        "Canonical, Ubuntu, 24.04, {arch} noble image" AMD SDA 8 Linux true;
    CANONICAL "ubuntu-minimal/images/hvm-ssd-gp3/ubuntu-noble-24.04-{arch}-minimal-{date}"
        "Canonical, Ubuntu Minimal, 24.04, {arch} noble image" AMD SDA 8 Linux true;
    CANONICAL "ubuntu/images-testing/hvm-ssd-gp3/ubuntu-noble-daily-{arch}-server-{date}"
        "Canonical, Ubuntu, 24.04, UNSUPPORTED daily {arch} noble image" AMD SDA 8 Linux true;
    CANONICAL "ubuntu-pro-server/images/hvm-ssd-gp3/ubuntu-noble-24.04-{arch}-pro-server-{date}"
        "Canonical, Ubuntu Pro, 24.04, {arch} noble image" AMD SDA 8 Linux true;
    CANONICAL "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-{arch}-server-{date}"
        "Canonical, Ubuntu, 22.04 LTS, {arch} jammy image" AMD SDA 8 Linux false;
    CANONICAL "ubuntu/images/hvm-ssd/ubuntu-focal-20.04-{arch}-server-{date}"
        "Canonical, Ubuntu, 20.04 LTS, {arch} focal image" AMD SDA 8 Linux false;
    DEBIAN "debian-13-{arch}-{date}-{build}" "Debian 13 ({date}-{build})" AMD XVDA 8 Linux true;
    DEBIAN "debian-12-{arch}-{date}-{build}" "Debian 12 ({date}-{build})" AMD XVDA 8 Linux false;
    DEBIAN "debian-11-{arch}-{date}-{build}" "Debian 11 ({date}-{build})" AMD XVDA 8 Linux false;
    AMAZON "al2023-ami-2023.9.{date}.0-kernel-6.1-{arch}"
        "Amazon Linux 2023 AMI 2023.9.{date}.0 {arch} HVM kernel-6.1" X86 XVDA 8 Linux true;
    AMAZON "al2023-ami-2023.9.{date}.0-kernel-6.12-{arch}"
        "Amazon Linux 2023 AMI 2023.9.{date}.0 {arch} HVM kernel-6.12" X86 XVDA 8 Linux true;
    AMAZON "al2023-ami-minimal-2023.9.{date}.0-kernel-6.1-{arch}"
        "Amazon Linux 2023 AMI 2023.9.{date}.0 {arch} Minimal HVM kernel-6.1" X86 XVDA 2 Linux true;
    AMAZON "al2023-ami-ecs-hvm-2023.0.{date}-kernel-6.1-{arch}"
        "Amazon Linux AMI 2023.0.{date} {arch} ECS HVM EBS" X86 XVDA 30 Linux true;
    AMAZON "amzn2-ami-hvm-2.0.{date}.0-{arch}-gp2"
        "Amazon Linux 2 AMI 2.0.{date}.0 {arch} HVM gp2" X86 XVDA 8 Linux false;
    AMAZON "amzn2-ami-kernel-5.10-hvm-2.0.{date}.0-{arch}-gp2"
        "Amazon Linux 2 LTS Kernel 5.10 AMI 2.0.{date}.0 {arch} HVM gp2" X86 XVDA 8 Linux false;
    ROCKY "Rocky-10-EC2-Base-10.1-{date}.0.{arch}" "Official Rocky-10-EC2-Base-10.1-{date}.0.{arch}" RPM SDA 10 Linux true;
    ROCKY "Rocky-9-EC2-Base-9.7-{date}.0.{arch}" "Official Rocky-9-EC2-Base-9.7-{date}.0.{arch}" RPM SDA 10 Linux false;
    ROCKY "Rocky-9-EC2-LVM-9.7-{date}.0.{arch}" "Official Rocky-9-EC2-LVM-9.7-{date}.0.{arch}" RPM SDA 10 Linux false;
    ROCKY "Rocky-8-EC2-Base-8.10-{date}.0.{arch}" "Official Rocky-8-EC2-Base-8.10-{date}.0.{arch}" RPM SDA 10 Linux false;
    ALMA "AlmaLinux OS 10.1.{date} {arch}" "AlmaLinux OS 10.1.{date} {arch}" RPM SDA 10 Linux true;
    ALMA "AlmaLinux OS 9.7.{date} {arch}" "AlmaLinux OS 9.7.{date} {arch}" RPM SDA 10 Linux false;
    ALMA "AlmaLinux OS 8.10.{date} {arch}" "AlmaLinux OS 8.10.{date} {arch}" RPM SDA 10 Linux false;
    RED_HAT "RHEL-10.1.0_HVM-{date}-{arch}-0-Hourly2-GP3"
        "Provided by Red Hat, Inc." X86 SDA 10 RedHat true;
    RED_HAT "RHEL-9.7.0_HVM-{date}-{arch}-0-Hourly2-GP3" "Provided by Red Hat, Inc." X86 SDA 10 RedHat false;
    RED_HAT "RHEL-9.8.0_HVM_BETA-{date}-{arch}-0-Hourly2-GP3" "Provided by Red Hat, Inc." X86 SDA 10 RedHat false;
    RED_HAT "RHEL-9.7.0_HVM-{date}-{arch}-0-Access2-GP3" "Provided by Red Hat, Inc." X86 SDA 10 RedHat false;
    RED_HAT "RHEL-8.10.0_HVM-{date}-{arch}-0-Hourly2-GP3" "Provided by Red Hat, Inc." X86 SDA 10 RedHat false;
    SUSE "suse-sles-15-sp7-v{date}-hvm-ssd-{arch}"
        "SUSE Linux Enterprise Server 15 SP7 (HVM, 64-bit, SSD Backed)" X86 SDA 10 Suse false;
    SUSE "suse-sles-15-sp7-byos-v{date}-hvm-ssd-{arch}"
        "SUSE Linux Enterprise Server 15 SP7 BYOS (HVM, 64-bit, SSD Backed)" X86 SDA 10 Linux false;
    SUSE "suse-sles-15-sp7-chost-byos-v{date}-hvm-ssd-{arch}"
        "SUSE Linux Enterprise Server 15 SP7 CHOST BYOS (HVM, 64-bit, SSD Backed)" X86 SDA 10 Linux false;
    FEDORA "Fedora-Cloud-Base-AmazonEC2.{arch}-43-1.{build}"
        "Created from build Fedora-Cloud-Base-AmazonEC2.{arch}-43-1.{build}" RPM SDA 5 Linux true;
    FEDORA "Fedora-Cloud-Base-AmazonEC2.{arch}-42-1.{build}"
        "Created from build Fedora-Cloud-Base-AmazonEC2.{arch}-42-1.{build}" RPM SDA 5 Linux true;
    FEDORA "Fedora-Cloud-Base-AmazonEC2.{arch}-Rawhide-{date}.n.0"
        "Created from build Fedora-Cloud-Base-AmazonEC2.{arch}-Rawhide-{date}.n.0" RPM SDA 5 Linux true;
    WINDOWS "Windows_Server-2025-English-Full-Base-{dotted}"
        "Microsoft Windows Server 2025 Full Locale English AMI provided by Amazon" INTEL SDA 30 Windows false;
    WINDOWS "Windows_Server-2022-English-Full-Base-{dotted}"
        "Microsoft Windows Server 2022 Full Locale English AMI provided by Amazon" INTEL SDA 30 Windows false;
    WINDOWS "Windows_Server-2022-English-Core-Base-{dotted}"
        "Microsoft Windows Server 2022 Core Locale English AMI provided by Amazon" INTEL SDA 30 Windows false;
    WINDOWS "Windows_Server-2019-English-Full-Base-{dotted}"
        "Microsoft Windows Server 2019 Full Locale English AMI provided by Amazon" INTEL SDA 30 Windows false;
    STRANGER "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-{arch}-server-{date}.1" "Not from Canonical" AMD SDA 8 Linux false;
    STRANGER "debian-12-{arch}-{date}-backports" "Not from Debian" AMD XVDA 8 Linux false;
}

/// The images of a region at a time. The same day gives the same ids.
pub(super) fn images(region: &str, now: Timestamp) -> Vec<Image> {
    let builds =
        AGES.into_iter().rev().zip(2_400..).flat_map(|(age, build)| FAMILIES.iter().map(move |one| (one, age, build)));
    let of_each = |(family, age, build): (&'static Family, i64, u32)| {
        let arches = [Arch::X86, Arch::Arm].into_iter().zip(family.words);
        let with_word = arches.filter_map(|(arch, word)| Some((arch, word?)));
        with_word.map(move |(arch, word)| family.image(region, now, (age, build), (arch, word))).collect::<Vec<_>>()
    };
    builds.flat_map(of_each).collect()
}

impl Family {
    fn image(&self, region: &str, now: Timestamp, (age, build): (i64, u32), (arch, word): (Arch, &str)) -> Image {
        let created = days(now, -age);
        let told = |text: &str| {
            let text = text.replace("{date}", &created.strftime("%Y%m%d").to_string());
            let text = text.replace("{dotted}", &created.strftime("%Y.%m.%d").to_string());
            text.replace("{build}", &build.to_string()).replace("{arch}", word)
        };
        let name = told(self.name);
        Image {
            id: format!("ami-{}", digits(region, self.owner, &name)),
            description: told(self.description),
            owner: self.owner.to_owned(),
            alias: self.alias,
            arch,
            system: self.system,
            created,
            deprecated: Some(days(created, LIFE)),
            public: true,
            root: self.root,
            snapshot: format!("snap-{}", digits(region, "snapshot", &name)),
            size: self.size,
            imds_v2: self.imds_v2,
            copy_of: None,
            ready: created,
            name,
        }
    }
}

/// An image like the others of which nobody in particular is the owner, to fill a catalogue with.
pub(super) fn filler(region: &str, now: Timestamp, number: usize) -> Image {
    let arch = if number.is_multiple_of(3) { Arch::Arm } else { Arch::X86 };
    let family = &FAMILIES[number % FAMILIES.len()];
    let created = days(now, -i64::try_from(number % 700).unwrap_or_default());
    let name = format!("community-{number:06}-{}-{}", arch.name(), created.strftime("%Y%m%d"));
    Image {
        id: format!("ami-{}", digits(region, "community", &name)),
        description: format!("Community image {number}"),
        owner: format!("{}", 300_000_000_000_usize + number % 97),
        alias: None,
        arch,
        system: System::Linux,
        created,
        deprecated: Some(days(created, LIFE)),
        public: true,
        root: family.root,
        snapshot: format!("snap-{}", digits(region, "snapshot", &name)),
        size: family.size,
        imds_v2: family.imds_v2,
        copy_of: None,
        ready: created,
        name,
    }
}

/// The day so many days later.
fn days(time: Timestamp, days: i64) -> Timestamp {
    let day = SignedDuration::from_hours(24);
    let whole = time.as_second() - time.as_second().rem_euclid(day.as_secs());
    Timestamp::from_second(whole + days * day.as_secs()).unwrap_or(time)
}

/// Digits that are always the same for one image.
fn digits(region: &str, owner: &str, name: &str) -> String {
    let digits = hex(&Md5::digest(format!("{region}/{owner}/{name}")));
    format!("0{}", &digits[..16])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Arch, images};
    use jiff::Timestamp;

    #[test]
    fn each_family_has_builds_for_its_architectures() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let all = images("us-east-2", now);
        let ids: HashSet<&str> = all.iter().map(|image| image.id.as_str()).collect();
        assert_eq!(ids.len(), all.len());
        let find = |begin: &str, arch| {
            all.iter().filter(|one| one.name.starts_with(begin) && one.arch == arch).collect::<Vec<_>>()
        };
        let noble = find("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-2026", Arch::Arm);
        let owners: HashSet<&str> = noble.iter().map(|image| image.owner.as_str()).collect();
        assert_eq!(owners.len(), 2, "a stranger has images of the same name");
        assert!(find("Windows", Arch::Arm).is_empty());
        let old = all.iter().filter(|image| image.is_deprecated(now)).count();
        assert_eq!(old * 5, all.len(), "one build in five is deprecated");
        assert_eq!(images("us-east-2", now).pop().unwrap().id, all.last().unwrap().id);
    }
}
