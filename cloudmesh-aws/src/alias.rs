//! Short names of official images, such as `ubuntu-24.04`. Pure.
//!
//! A family is published by one account under names of one pattern, so that the newest image of a version is found with
//! one filtered request. An account counts, never a name alone: anybody may publish an image of any name.

use aws_sdk_ec2::types::Image;
use cloudmesh_abstract::names::matches;
use cloudmesh_abstract::nearest;

/// AWS's word for the 64-bit architecture of Intel and AMD.
pub(crate) const X86_64: &str = "x86_64";
/// AWS's word for the 64-bit architecture of ARM.
pub(crate) const ARM64: &str = "arm64";

/// Images that one account publishes under names of one pattern.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Family {
    /// What stands before the version.
    name: &'static str,
    /// The account that publishes them.
    pub(crate) owner: &'static str,
    /// Their names, where `{v}` is the version, `{m}` its first part, `{s}` the rest of it and `{a}` the architecture.
    pattern: &'static str,
    /// What the architectures are called in their names; `None` where there is none for it.
    words: (&'static str, Option<&'static str>),
    /// The first parts of the versions that they have; none: any.
    majors: &'static [&'static str],
    /// The versions that a listing shows.
    usual: &'static [&'static str],
}

const fn family(name: &'static str, owner: &'static str, pattern: &'static str) -> Family {
    Family { name, owner, pattern, words: ("x86_64", Some("aarch64")), majors: &[], usual: &[] }
}

impl Family {
    const fn words(self, x86_64: &'static str, arm64: Option<&'static str>) -> Self {
        Self { words: (x86_64, arm64), ..self }
    }

    const fn majors(self, majors: &'static [&'static str]) -> Self {
        Self { majors, ..self }
    }

    const fn usual(self, usual: &'static [&'static str]) -> Self {
        Self { usual, ..self }
    }
}

/// Who publishes what: <https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/>,
/// <https://wiki.debian.org/Cloud/AmazonEC2Image>, <https://docs.aws.amazon.com/linux/al2023/ug/naming-and-versioning.html>,
/// <https://wiki.rockylinux.org/images>, <https://wiki.almalinux.org/cloud/AWS.html>,
/// <https://access.redhat.com/solutions/15356>, <https://pint.suse.com>, <https://fedoraproject.org/cloud>,
/// <https://www.centos.org/download/aws-images/>, <https://docs.aws.amazon.com/ec2/latest/windows-ami-reference/>.
const FAMILIES: [Family; 12] = [
    family("ubuntu", "099720109477", "ubuntu/images/hvm-ssd*/ubuntu-*-{v}-{a}-server-*")
        .words("amd64", Some("arm64"))
        .usual(&["22.04", "24.04", "26.04"]),
    family("debian", "136693071363", "debian-{v}-{a}-*").words("amd64", Some("arm64")).usual(&["11", "12", "13"]),
    family("amazon-linux", "amazon", "al2023-ami-2023.*-kernel-*-{a}")
        .words("x86_64", Some("arm64"))
        .majors(&["2023"])
        .usual(&["2023"]),
    family("amazon-linux", "amazon", "amzn2-ami-kernel-5.10-hvm-2.0.*-{a}-gp2")
        .words("x86_64", Some("arm64"))
        .majors(&["2"])
        .usual(&["2"]),
    family("rocky", "792107900819", "Rocky-{m}-EC2-Base-{v}?*.{a}").usual(&["8", "9", "10"]),
    family("alma", "764336703387", "AlmaLinux OS {v}.* {a}*").usual(&["8", "9", "10"]),
    family("rhel", "309956199498", "RHEL-{v}.*_HVM-*-{a}-*-Hourly2-GP*")
        .words("x86_64", Some("arm64"))
        .usual(&["8", "9", "10"]),
    family("suse", "013907871322", "suse-sles-{m}-sp{s}-v*-hvm-ssd-{a}")
        .words("x86_64", Some("arm64"))
        .majors(&["12", "15"])
        .usual(&["15"]),
    family("suse", "013907871322", "suse-sles-{m}-{s}-v*-hvm-ssd-{a}").words("x86_64", Some("arm64")).usual(&["16"]),
    family("fedora", "125523088429", "Fedora-Cloud-Base-AmazonEC2.{a}-{v}-*").usual(&["42", "43", "44"]),
    family("centos-stream", "125523088429", "CentOS Stream {v} {a} *").usual(&["9", "10"]),
    family("windows", "amazon", "Windows_Server-{v}-English-Full-Base-*")
        .words("x86_64", None)
        .usual(&["2019", "2022", "2025"]),
];

/// A version of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alias {
    pub(crate) family: &'static Family,
    version: String,
}

impl Alias {
    /// Reads `ubuntu-24.04`; `None` for the name of no family.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let of = |family: &'static Family| {
            let version = text.strip_prefix(family.name)?.strip_prefix('-')?;
            let major = version.split('.').next().unwrap_or_default();
            let digits =
                version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
            let known = family.majors.is_empty() || family.majors.contains(&major);
            (digits && known).then(|| Self { family, version: version.to_owned() })
        };
        FAMILIES.iter().find_map(of)
    }

    /// What the images of an architecture are called; `None` where the family has none for it.
    pub(crate) fn pattern(&self, architecture: &str) -> Option<String> {
        let word = match architecture {
            X86_64 => self.family.words.0,
            ARM64 => self.family.words.1?,
            _ => return None,
        };
        let (major, rest) = self.version.split_once('.').unwrap_or((&self.version, "?"));
        let pattern = self.family.pattern.replace("{v}", &self.version).replace("{m}", major);
        Some(pattern.replace("{s}", rest).replace("{a}", word))
    }

    /// Where the newest image for an architecture stands that its publisher still recommends at this time.
    pub(crate) fn newest(&self, images: &[Image], architecture: &str, now: &str) -> Option<usize> {
        let pattern = self.pattern(architecture)?;
        let fits = |(_, image): &(usize, &Image)| {
            let named = image.name().is_some_and(|name| matches(&pattern, name));
            let built_for = image.architecture().is_some_and(|built| built.as_str() == architecture);
            // Times in the one notation of EC2 compare as texts.
            named && built_for && image.deprecation_time().is_none_or(|end| end > now)
        };
        let fitting = images.iter().enumerate().filter(fits);
        fitting.max_by_key(|(_, image)| (image.creation_date(), image.name())).map(|(at, _)| at)
    }
}

/// The versions that a listing shows, family by family.
pub(crate) fn usual() -> impl Iterator<Item = Vec<Alias>> {
    let versions = |family: &'static Family| {
        family.usual.iter().map(move |version| Alias { family, version: (*version).to_owned() }).collect()
    };
    FAMILIES.iter().map(versions)
}

/// The accounts that publish official images, each once.
pub(crate) fn publishers() -> Vec<&'static str> {
    let mut owners: Vec<&str> = FAMILIES.iter().map(|family| family.owner).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}

/// The usual short name that is most like a text.
pub(crate) fn like(text: &str) -> Option<String> {
    let all =
        FAMILIES.iter().flat_map(|family| family.usual.iter().map(|version| format!("{}-{version}", family.name)));
    let all: Vec<String> = all.collect();
    nearest(text, all.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{ArchitectureValues, Image};
    use cloudmesh_abstract::names::matches;

    use super::{ARM64, Alias, X86_64, like, publishers, usual};

    #[test]
    fn the_readme_names_the_usual_versions() {
        let readme = include_str!("../README.md");
        for alias in usual().flatten() {
            let name = format!("`{}-{}`", alias.family.name, alias.version);
            assert!(readme.contains(&name), "{name} is not in the README");
        }
    }

    #[test]
    fn official_images_are_called_by_their_publishers_names() {
        let table = [
            ("ubuntu-24.04", X86_64, "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20240423"),
            ("ubuntu-22.04", ARM64, "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-arm64-server-20250305"),
            ("debian-12", X86_64, "debian-12-amd64-20250316-2053"),
            ("amazon-linux-2023", X86_64, "al2023-ami-2023.7.20250331.0-kernel-6.1-x86_64"),
            ("amazon-linux-2023", ARM64, "al2023-ami-2023.9.20251117.1-kernel-6.12-arm64"),
            ("amazon-linux-2", X86_64, "amzn2-ami-kernel-5.10-hvm-2.0.20250405.0-x86_64-gp2"),
            ("rocky-9", X86_64, "Rocky-9-EC2-Base-9.4-20240509.0.x86_64"),
            ("rocky-9.4", ARM64, "Rocky-9-EC2-Base-9.4-20240509.0.aarch64"),
            ("alma-9", X86_64, "AlmaLinux OS 9.4.20240805 x86_64"),
            ("rhel-9", X86_64, "RHEL-9.5.0_HVM-20250313-x86_64-0-Hourly2-GP3"),
            ("rhel-9.4", ARM64, "RHEL-9.4.0_HVM-20240605-arm64-82-Hourly2-GP3"),
            ("suse-15", X86_64, "suse-sles-15-sp6-v20250130-hvm-ssd-x86_64"),
            ("suse-15.6", ARM64, "suse-sles-15-sp6-v20250130-hvm-ssd-arm64"),
            ("suse-16", X86_64, "suse-sles-16-0-v20251102-hvm-ssd-x86_64"),
            ("fedora-42", X86_64, "Fedora-Cloud-Base-AmazonEC2.x86_64-42-1.1"),
            ("centos-stream-9", ARM64, "CentOS Stream 9 aarch64 20250101"),
            ("windows-2022", X86_64, "Windows_Server-2022-English-Full-Base-2025.10.15"),
        ];
        for (alias, architecture, name) in table {
            let pattern = Alias::read(alias).unwrap().pattern(architecture).unwrap();
            assert!(matches(&pattern, name), "`{pattern}` of {alias} is not `{name}`");
        }
    }

    #[test]
    fn special_editions_are_no_official_images() {
        let table = [
            ("amazon-linux-2023", "al2023-ami-minimal-2023.7.20250331.0-kernel-6.1-x86_64"),
            ("amazon-linux-2023", "al2023-ami-ecs-hvm-2023.0.20250331-kernel-6.1-x86_64"),
            ("ubuntu-24.04", "ubuntu-minimal/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-minimal-20240423"),
            ("ubuntu-24.04", "ubuntu-pro-server/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-pro-server-20240423"),
            ("debian-12", "debian-12-backports-amd64-20250316-2053"),
            ("rocky-9", "Rocky-9-EC2-LVM-9.4-20240523.0.x86_64"),
            ("rhel-9", "RHEL-9.0.0_HVM_BETA-20220401-x86_64-0-Hourly2-GP2"),
            ("suse-15", "suse-sles-15-sp6-byos-v20250130-hvm-ssd-x86_64"),
            ("suse-15", "suse-sles-15-sp6-sapcal-v20250409-hvm-ssd-x86_64"),
            ("windows-2022", "Windows_Server-2022-English-Core-Base-2025.10.15"),
        ];
        for (alias, name) in table {
            let pattern = Alias::read(alias).unwrap().pattern(X86_64).unwrap();
            assert!(!matches(&pattern, name), "`{pattern}` of {alias} is `{name}`");
        }
    }

    #[test]
    fn other_names_are_no_short_names() {
        for text in
            ["ubuntu", "ubuntu-", "ubuntu-noble", "ubuntu-24.", "amazon-linux-1", "my-ubuntu-24.04", "", "ami-1"]
        {
            assert_eq!(Alias::read(text), None, "{text}");
        }
        assert_eq!(Alias::read("windows-2022").unwrap().pattern(ARM64), None);
        assert_eq!(like("ubunto-24.04").as_deref(), Some("ubuntu-24.04"));
        for alias in usual().flatten() {
            assert!(alias.pattern(X86_64).is_some());
            assert!(publishers().contains(&alias.family.owner));
        }
    }

    #[test]
    fn the_newest_image_is_chosen_that_is_not_deprecated() {
        let image = |id: &str, name: &str, day: &str, end: Option<&str>| {
            Image::builder()
                .image_id(id)
                .name(format!("debian-12-{name}"))
                .architecture(if name.starts_with("amd64") {
                    ArchitectureValues::X8664
                } else {
                    ArchitectureValues::Arm64
                })
                .creation_date(format!("{day}T00:00:00.000Z"))
                .set_deprecation_time(end.map(str::to_owned))
                .build()
        };
        let images = [
            image("ami-1", "amd64-1", "2026-01-01", Some("2028-01-01T00:00:00.000Z")),
            image("ami-2", "amd64-2", "2026-03-01", None),
            image("ami-3", "amd64-3", "2026-04-01", Some("2026-05-01T00:00:00.000Z")),
            image("ami-4", "arm64-4", "2026-05-01", None),
        ];
        let alias = Alias::read("debian-12").unwrap();
        let newest = |architecture| {
            alias.newest(&images, architecture, "2026-11-22T00:00:00.000Z").and_then(|at| images[at].image_id())
        };
        assert_eq!((newest(X86_64), newest(ARM64), newest("i386")), (Some("ami-2"), Some("ami-4"), None));
    }
}
