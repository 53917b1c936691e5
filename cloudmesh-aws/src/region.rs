//! The regions of AWS: <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>.

use cloudmesh_abstract::{Error, Result, nearest};

/// The regions that are known, which are not all: new ones are opened each year.
const KNOWN: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "eu-isoe-west-1",
];

/// Refuses what can be no region.
pub(crate) fn check(name: &str) -> Result<()> {
    if KNOWN.contains(&name) || may_be(name) {
        return Ok(());
    }
    let near = meant(name).map_or_else(
        || ", such as `us-east-1` or `eu-central-1`".to_owned(),
        |near| format!(", did you mean `{near}`?"),
    );
    Err(Error::config("credentials.region", format!("there is no region `{name}` on AWS{near}")))
}

/// Whether a name is made as those of regions are.
fn may_be(name: &str) -> bool {
    const SIDES: [&str; 9] =
        ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];
    let mut parts = name.split('-').rev();
    let number = parts.next().is_some_and(|number| number.parse::<u8>().is_ok_and(|number| number > 0));
    let side = parts.next().is_some_and(|side| SIDES.contains(&side));
    let area: Vec<&str> = parts.collect();
    let letters = |part: &&str| (2..=5).contains(&part.len()) && part.chars().all(|letter| letter.is_ascii_lowercase());
    number && side && (1..=2).contains(&area.len()) && area.iter().all(letters)
}

/// Whether a region is one of those that are known.
pub(crate) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// The region that may have been meant.
pub(crate) fn meant(name: &str) -> Option<&'static str> {
    nearest(name, KNOWN.iter().copied())
}

/// Where a service answers in a region.
pub(crate) fn endpoint(service: &str, region: &str) -> String {
    let domain = match region.split('-').next() {
        Some("cn") => "amazonaws.com.cn",
        Some("eusc") => "amazonaws.eu",
        _ if region.starts_with("us-iso-") => "c2s.ic.gov",
        _ if region.starts_with("us-isob-") => "sc2s.sgov.gov",
        _ => "amazonaws.com",
    };
    format!("https://{service}.{region}.{domain}")
}

#[cfg(test)]
mod tests {
    use super::{check, endpoint};
    use cloudmesh_abstract::ErrorKind;

    #[test]
    fn regions_that_may_be_are_asked_and_others_are_refused() {
        for region in ["us-east-1", "eusc-de-east-1", "us-gov-west-1", "ap-southeast-9", "xx-central-1"] {
            assert!(check(region).is_ok(), "{region}");
        }
        let table = [
            ("eu-centrl-1", "there is no region `eu-centrl-1` on AWS, did you mean `eu-central-1`?"),
            ("us-east-1a", "there is no region `us-east-1a` on AWS, did you mean `us-east-1`?"),
            ("Frankfurt", "there is no region `Frankfurt` on AWS, such as `us-east-1` or `eu-central-1`"),
            ("", "there is no region `` on AWS, such as `us-east-1` or `eu-central-1`"),
        ];
        for (region, message) in table {
            let error = check(region).unwrap_err();
            assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.region")));
            assert_eq!(error.message(), message);
        }
    }

    #[test]
    fn each_partition_has_its_domain() {
        assert_eq!(endpoint("ec2", "eu-west-1"), "https://ec2.eu-west-1.amazonaws.com");
        assert_eq!(endpoint("sts", "cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn");
    }
}
