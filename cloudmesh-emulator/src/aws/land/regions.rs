//! Regions and their zones.

/// A region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) name: &'static str,
    /// What the ids of its zones begin with.
    short: &'static str,
    /// The last letters of its zones.
    letters: &'static str,
    /// Whether an account has it only when it asks for it.
    pub(crate) opt_in: bool,
    pub(crate) geography: &'static str,
    /// What people call it.
    pub(crate) title: &'static str,
}

/// A zone of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    pub(crate) name: String,
    pub(crate) id: String,
}

macro_rules! regions {
    ($($name:literal $short:literal $letters:literal $opt_in:literal $geography:literal $title:literal;)*) => {
        /// All regions.
        pub(crate) const REGIONS: &[Region] = &[$(Region {
            name: $name, short: $short, letters: $letters, opt_in: $opt_in, geography: $geography, title: $title,
        }),*];
    };
}

regions! {
    "af-south-1" "afs1" "abc" true "South Africa" "Africa (Cape Town)";
    "ap-east-1" "ape1" "abc" true "Hong Kong" "Asia Pacific (Hong Kong)";
    "ap-northeast-1" "apne1" "acd" false "Japan" "Asia Pacific (Tokyo)";
    "ap-northeast-2" "apne2" "abcd" false "South Korea" "Asia Pacific (Seoul)";
    "ap-northeast-3" "apne3" "abc" false "Japan" "Asia Pacific (Osaka)";
    "ap-south-1" "aps1" "abc" false "India" "Asia Pacific (Mumbai)";
    "ap-south-2" "aps2" "abc" true "India" "Asia Pacific (Hyderabad)";
    "ap-southeast-1" "apse1" "abc" false "Singapore" "Asia Pacific (Singapore)";
    "ap-southeast-2" "apse2" "abc" false "Australia" "Asia Pacific (Sydney)";
    "ap-southeast-3" "apse3" "abc" true "Indonesia" "Asia Pacific (Jakarta)";
    "ap-southeast-4" "apse4" "abc" true "Australia" "Asia Pacific (Melbourne)";
    "ap-southeast-5" "apse5" "abc" true "Malaysia" "Asia Pacific (Malaysia)";
    "ca-central-1" "cac1" "abd" false "Canada" "Canada (Central)";
    "ca-west-1" "caw1" "abc" true "Canada" "Canada West (Calgary)";
    "eu-central-1" "euc1" "abc" false "Germany" "Europe (Frankfurt)";
    "eu-central-2" "euc2" "abc" true "Switzerland" "Europe (Zurich)";
    "eu-north-1" "eun1" "abc" false "Sweden" "Europe (Stockholm)";
    "eu-south-1" "eus1" "abc" true "Italy" "Europe (Milan)";
    "eu-south-2" "eus2" "abc" true "Spain" "Europe (Spain)";
    "eu-west-1" "euw1" "abc" false "Ireland" "Europe (Ireland)";
    "eu-west-2" "euw2" "abc" false "United Kingdom" "Europe (London)";
    "eu-west-3" "euw3" "abc" false "France" "Europe (Paris)";
    "il-central-1" "ilc1" "abc" true "Israel" "Israel (Tel Aviv)";
    "me-central-1" "mec1" "abc" true "United Arab Emirates" "Middle East (UAE)";
    "me-south-1" "mes1" "abc" true "Bahrain" "Middle East (Bahrain)";
    "mx-central-1" "mxc1" "abc" true "Mexico" "Mexico (Central)";
    "sa-east-1" "sae1" "abc" false "Brazil" "South America (Sao Paulo)";
    "us-east-1" "use1" "abcdef" false "United States of America" "US East (N. Virginia)";
    "us-east-2" "use2" "abc" false "United States of America" "US East (Ohio)";
    "us-west-1" "usw1" "ac" false "United States of America" "US West (N. California)";
    "us-west-2" "usw2" "abcd" false "United States of America" "US West (Oregon)";
}

impl Region {
    /// Its zones.
    pub(crate) fn zones(&self) -> Vec<Zone> {
        let zone = |(place, letter): (usize, char)| Zone {
            name: format!("{}{letter}", self.name),
            id: format!("{}-az{}", self.short, place + 1),
        };
        self.letters.chars().enumerate().map(zone).collect()
    }

    /// What the names of its public addresses end with.
    pub(crate) fn public_domain(&self) -> String {
        match self.name {
            "us-east-1" => "compute-1.amazonaws.com".to_owned(),
            name => format!("{name}.compute.amazonaws.com"),
        }
    }

    /// What the names of its private addresses end with.
    pub(crate) fn private_domain(&self) -> String {
        match self.name {
            "us-east-1" => "ec2.internal".to_owned(),
            name => format!("{name}.compute.internal"),
        }
    }
}

/// The region of that name.
pub(crate) fn region(name: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.name == name)
}

#[cfg(test)]
mod tests {
    use super::region;

    #[test]
    fn zones_have_names_and_ids() {
        let region = region("ca-central-1").unwrap();
        let zones: Vec<_> = region.zones().into_iter().map(|zone| (zone.name, zone.id)).collect();
        let wanted = [("ca-central-1a", "cac1-az1"), ("ca-central-1b", "cac1-az2"), ("ca-central-1d", "cac1-az3")];
        assert_eq!(zones, wanted.map(|(name, id)| (name.to_owned(), id.to_owned())));
    }
}
