//! As whom one signs in to a node, by what it was made from.

/// The login name that an image is known to have; `None` where nobody knows it, and on clouds where whoever makes the
/// node chooses it.
///
/// `kind` is the kind of the cloud, `image` the name of the image, `os` what the cloud says of its operating system.
///
/// ```
/// use cloudmesh_abstract::login_name;
///
/// assert_eq!(login_name("openstack", "Ubuntu 24.04 LTS", None), Some("ubuntu"));
/// assert_eq!(login_name("aws", "debian-12-amd64", None), Some("admin"));
/// assert_eq!(login_name("openstack", "golden", Some("rocky")), Some("rocky"));
/// assert_eq!(login_name("azure", "Ubuntu 24.04 LTS", None), None);
/// ```
pub fn login_name(kind: &str, image: &str, os: Option<&str>) -> Option<&'static str> {
    if matches!(kind, "azure" | "google") {
        return None;
    }
    let texts = [image, os.unwrap_or_default()].map(str::to_lowercase);
    // A name says more than the system beneath: Chameleon's Ubuntu is Chameleon's.
    texts.iter().find_map(|text| TABLE.iter().find(|row| row.is_of(text)).map(|row| row.name(kind)))
}

/// One distribution.
struct Row {
    /// What one of its names has in it.
    words: &'static [&'static str],
    name: &'static str,
    /// The kinds of clouds where the name is another one.
    but: &'static [(&'static str, &'static str)],
}

const fn row(words: &'static [&'static str], name: &'static str) -> Row {
    Row { words, name, but: &[] }
}

/// Whoever builds on another stands before it.
const TABLE: [Row; 16] = [
    row(&["cc-", "chameleon"], "cc"),
    row(&["coreos", "flatcar"], "core"),
    row(&["ubuntu"], "ubuntu"),
    row(&["debian"], "debian").but(&[("aws", "admin")]),
    row(&["amazon", "amzn", "al2023"], EC2_USER),
    row(&["fedora"], "fedora"),
    row(&["stream-9", "stream9", "stream 9", "stream-10", "stream10", "stream 10"], "cloud-user").but(ON_AWS),
    row(&["centos"], "centos"),
    row(&["rocky"], "rocky"),
    row(&["alma"], "almalinux").but(ON_AWS),
    row(&["oracle-linux", "oracle linux", "oraclelinux"], "opc").but(ON_AWS),
    row(&["opensuse"], "opensuse").but(ON_AWS),
    row(&["sles", "suse"], "sles").but(ON_AWS),
    row(&["alpine"], "alpine"),
    row(&["cirros"], "cirros"),
    row(&["rhel", "red hat", "redhat", "red-hat"], EC2_USER).but(&[("openstack", "cloud-user")]),
];

const EC2_USER: &str = "ec2-user";
const ON_AWS: &[(&str, &str)] = &[("aws", EC2_USER)];

impl Row {
    const fn but(self, but: &'static [(&'static str, &'static str)]) -> Self {
        Self { but, ..self }
    }

    /// Whether one of its words begins a word of this text.
    fn is_of(&self, text: &str) -> bool {
        let begins = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
        self.words.iter().any(|word| text.match_indices(word).any(|(at, _)| begins(at)))
    }

    fn name(&self, kind: &str) -> &'static str {
        self.but.iter().find(|(other, _)| *other == kind).map_or(self.name, |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::login_name;

    #[test]
    fn an_image_tells_as_whom_to_sign_in() {
        let table = [
            ("openstack", "CC-Ubuntu22.04", Some("cc")),
            ("openstack", "fedora-coreos-40", Some("core")),
            ("openstack", "Flatcar", Some("core")),
            ("aws", "al2023-ami-2023.6", Some("ec2-user")),
            ("aws", "RHEL-9.4", Some("ec2-user")),
            ("openstack", "rhel-9.4-x86_64", Some("cloud-user")),
            ("openstack", "Fedora-Cloud-41", Some("fedora")),
            ("openstack", "CentOS-Stream-9", Some("cloud-user")),
            ("aws", "CentOS Stream 9", Some("ec2-user")),
            ("aws", "CentOS 7", Some("centos")),
            ("openstack", "openSUSE-Leap-15", Some("opensuse")),
            ("openstack", "SLES15-SP6", Some("sles")),
            ("aws", "suse-sles-15", Some("ec2-user")),
            ("oracle", "Oracle-Linux-9.4", Some("opc")),
            ("openstack", "alpine-3.20", Some("alpine")),
            ("openstack", "cirros-0.6", Some("cirros")),
            ("openstack", "Rocky-9", Some("rocky")),
            ("oracle", "AlmaLinux-9", Some("almalinux")),
            ("google", "debian-12", None),
            ("openstack", "windows-2022", None),
            ("openstack", "kubuntu-desktop", None),
            ("openstack", "", None),
        ];
        for (kind, image, name) in table {
            assert_eq!(login_name(kind, image, None), name, "{image} on {kind}");
        }
    }

    #[test]
    fn the_name_of_an_image_says_more_than_its_system() {
        assert_eq!(login_name("openstack", "CC-Ubuntu22.04", Some("ubuntu")), Some("cc"));
        assert_eq!(login_name("openstack", "golden", Some("debian")), Some("debian"));
        assert_eq!(login_name("memory", "golden", Some("linux")), None);
    }
}
