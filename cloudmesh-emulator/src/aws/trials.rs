//! Actions as a client sees them: parameters in, XML or a code out.

use http::{HeaderMap, Method};
use jiff::Timestamp;

use super::account::Account;
use super::actions::action;
use super::call::Call;
use super::form::Form;
use super::service::Service;
use crate::exchange::{Ask, Twist};

const REGION: &str = "us-east-2";
const KEY: &str =
    "c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUVWdGRXeGhkR1ZrUTJ4dmRXUnRaWE5vUkdWdGIwdGxlVEF3TURBd01EQXc=";
const SSH: &str = "&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22\
                   &IpPermissions.1.IpRanges.1.CidrIp=10.1.2.3/8";

/// An account that is asked without signatures.
struct Trial(Account);

impl Trial {
    fn new() -> Self {
        Self(Account::new(Timestamp::now(), std::time::Duration::ZERO))
    }

    fn twisted(&mut self, text: &str, twist: Twist) -> Result<String, &'static str> {
        let form = Form::parse(text.as_bytes());
        let ask = Ask {
            method: Method::POST,
            path: "/".to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            origin: String::new(),
            id: String::new(),
            twist,
        };
        let name = form.params().text("Action").unwrap();
        let action = action(Service::Ec2, name).unwrap();
        let told = (action.run)(&mut Call::new(&ask, &form, None, REGION, &mut self.0));
        told.map(|xml| xml.as_str().to_owned()).map_err(|fault| fault.code)
    }

    fn ask(&mut self, text: &str) -> Result<String, &'static str> {
        self.twisted(text, Twist::default())
    }

    /// The first text in an element of that name.
    fn value(&mut self, text: &str, name: &str) -> String {
        let told = self.ask(text).unwrap();
        first(&told, name).unwrap_or_else(|| panic!("no {name} in {told}")).to_owned()
    }

    /// How many elements there are of that name.
    fn count(&mut self, text: &str, name: &str) -> usize {
        self.ask(text).unwrap().matches(&format!("<{name}>")).count()
    }
}

fn first<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    xml.split_once(&format!("<{name}>"))?.1.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

#[test]
fn what_no_action_reads_is_refused() {
    let mut trial = Trial::new();
    for action in ["DescribeKeyPairs", "DescribeSecurityGroups", "DescribeImages", "DescribeVolumes", "DescribeRegions"]
    {
        assert_eq!(trial.ask(&format!("Action={action}&Colour=red")), Err("UnknownParameter"), "{action}");
        let filter = "&Filter.1.Name=colour&Filter.1.Value.1=red";
        assert_eq!(trial.ask(&format!("Action={action}{filter}")), Err("InvalidParameterValue"), "{action}");
    }
}

#[test]
fn pages_have_the_sizes_that_each_action_allows() {
    let mut trial = Trial::new();
    let table = [
        ("DescribeSecurityGroups", 4, "InvalidParameterValue"),
        ("DescribeSecurityGroups", 1001, "InvalidParameterValue"),
        ("DescribeInstanceTypes", 101, "InvalidParameterValue"),
        ("DescribeImages", 0, "InvalidParameterValue"),
        ("DescribeTags", 4, "InvalidParameterValue"),
    ];
    for (action, size, code) in table {
        assert_eq!(trial.ask(&format!("Action={action}&MaxResults={size}")), Err(code), "{action} {size}");
    }
    assert_eq!(trial.ask("Action=DescribeImages&NextToken=made-up"), Err("InvalidNextToken"));
}

#[test]
fn pages_make_up_the_whole() {
    let mut trial = Trial::new();
    let table = [
        ("DescribeImages", 40, "imageId"),
        ("DescribeInstanceTypes", 60, "bareMetal"),
        ("DescribeInstanceTypeOfferings", 100, "location"),
    ];
    for (action, size, name) in table {
        let whole = trial.count(&format!("Action={action}"), name);
        let (mut seen, mut token) = (0, String::new());
        loop {
            let asked = format!("Action={action}&MaxResults={size}{token}");
            let page = trial.ask(&asked).unwrap();
            seen += page.matches(&format!("<{name}>")).count();
            let Some(next) = first(&page, "nextToken") else { break };
            token = format!(
                "&NextToken={}",
                percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC)
            );
        }
        // Without a size instance types come a page at a time too.
        assert!(seen >= whole && seen > 3 * size, "{action}: {seen} of {whole}");
    }
}

#[test]
fn a_key_pair_lives_until_it_is_deleted() {
    let mut trial = Trial::new();
    let import = format!("Action=ImportKeyPair&KeyName=mine&PublicKeyMaterial={}", KEY.replace('=', "%3D"));
    assert_eq!(trial.value(&import, "keyName"), "mine");
    assert_eq!(trial.ask(&import), Err("InvalidKeyPair.Duplicate"));
    assert_eq!(trial.value("Action=DescribeKeyPairs&KeyName.1=mine", "keyType"), "ed25519");
    assert!(!trial.ask("Action=DescribeKeyPairs").unwrap().contains("publicKey"));
    let shown = trial.value("Action=DescribeKeyPairs&KeyName.1=mine&IncludePublicKey=true", "publicKey");
    assert!(shown.starts_with("ssh-ed25519 AAAA") && shown.ends_with(" mine\n"));
    trial.ask("Action=DeleteKeyPair&KeyName=mine").unwrap();
    trial.ask("Action=DeleteKeyPair&KeyName=mine").unwrap();
    assert_eq!(trial.ask("Action=DescribeKeyPairs&KeyName.1=mine"), Err("InvalidKeyPair.NotFound"));
    assert_eq!(trial.ask("Action=ImportKeyPair&KeyName=x&PublicKeyMaterial=bm8ga2V5"), Err("InvalidKey.Format"));
}

#[test]
fn rules_come_and_go_by_permissions_and_by_ids() {
    let mut trial = Trial::new();
    let group = trial.value("Action=CreateSecurityGroup&GroupName=web&GroupDescription=for+the+web", "groupId");
    let add = format!("Action=AuthorizeSecurityGroupIngress&GroupId={group}{SSH}");
    let told = trial.ask(&add).unwrap();
    assert_eq!(first(&told, "cidrIpv4"), Some("10.0.0.0/8"));
    let rule = first(&told, "securityGroupRuleId").unwrap().to_owned();
    assert_eq!(trial.ask(&add), Err("InvalidPermission.Duplicate"));
    let by_id = format!("&GroupId={group}&SecurityGroupRuleId.1={rule}");
    let wrong = trial.ask(&format!("Action=RevokeSecurityGroupEgress{by_id}"));
    assert_eq!(wrong, Err("InvalidSecurityGroupRuleId.NotFound"));
    trial.ask(&format!("Action=RevokeSecurityGroupIngress{by_id}")).unwrap();
    // By permissions the default network tells what was not there, and is content.
    let told = trial.ask(&format!("Action=RevokeSecurityGroupIngress&GroupId={group}{SSH}")).unwrap();
    assert!(told.contains("<unknownIpPermissionSet><item><ipProtocol>tcp"), "{told}");
    trial.ask(&format!("Action=DeleteSecurityGroup&GroupId={group}")).unwrap();
}

#[test]
fn elsewhere_a_rule_that_is_not_there_is_an_error() {
    let mut trial = Trial::new();
    let vpc = trial.value("Action=CreateVpc&CidrBlock=10.0.0.0/16", "vpcId");
    let make = format!("Action=CreateSecurityGroup&GroupName=web&GroupDescription=-&VpcId={vpc}");
    let group = trial.value(&make, "groupId");
    let revoke = format!("Action=RevokeSecurityGroupIngress&GroupId={group}{SSH}");
    assert_eq!(trial.ask(&revoke), Err("InvalidPermission.NotFound"));
    assert_eq!(trial.ask("Action=DeleteSecurityGroup&GroupName=web"), Err("InvalidGroup.NotFound"));
    assert_eq!(trial.ask(&format!("Action=DeleteVpc&VpcId={vpc}")), Err("DependencyViolation"));
}

#[test]
fn rules_are_changed_and_described_by_their_ids() {
    let mut trial = Trial::new();
    let group = trial.value("Action=CreateSecurityGroup&GroupName=web&GroupDescription=-", "groupId");
    let rule =
        trial.value(&format!("Action=AuthorizeSecurityGroupIngress&GroupId={group}{SSH}"), "securityGroupRuleId");
    let shown = format!("Action=DescribeSecurityGroupRules&SecurityGroupRuleId.1={rule}");
    let id = format!("SecurityGroupRuleId={rule}");
    let part = "&SecurityGroupRuleDescription.1.";
    let words =
        format!("Action=UpdateSecurityGroupRuleDescriptionsIngress&GroupId={group}{part}{id}{part}Description=new");
    trial.ask(&words).unwrap();
    assert_eq!(trial.value(&shown, "description"), "new");
    let (outer, inner) = ("&SecurityGroupRule.1.", "&SecurityGroupRule.1.SecurityGroupRule.");
    let other = format!("{inner}IpProtocol=udp{inner}FromPort=53{inner}ToPort=53{inner}CidrIpv6=::/0");
    trial.ask(&format!("Action=ModifySecurityGroupRules&GroupId={group}{outer}{id}{other}")).unwrap();
    assert_eq!(
        (trial.value(&shown, "ipProtocol"), trial.value(&shown, "cidrIpv6")),
        ("udp".to_owned(), "::/0".to_owned())
    );
    let both = format!("{other}{inner}CidrIpv4=0.0.0.0/0");
    let refused = trial.ask(&format!("Action=ModifySecurityGroupRules&GroupId={group}{outer}{id}{both}"));
    assert_eq!(refused, Err("InvalidParameterCombination"));
}

#[test]
fn groups_are_found_by_their_rules() {
    let mut trial = Trial::new();
    let find = |name: &str, value: &str| {
        format!("Action=DescribeSecurityGroups&Filter.1.Name={name}&Filter.1.Value.1={value}")
    };
    let table = [
        ("ip-permission.from-port", "22", 1),
        ("ip-permission.cidr", "0.0.0.0/0", 1),
        ("egress.ip-permission.cidr", "0.0.0.0/0", 2),
        ("ip-permission.group-name", "default", 1),
        ("group-name", "*", 2),
        ("tag-key", "*", 0),
    ];
    for (name, value, wanted) in table {
        assert_eq!(trial.count(&find(name, value), "groupDescription"), wanted, "{name} {value}");
    }
}

#[test]
fn every_kind_of_resource_has_tags() {
    let mut trial = Trial::new();
    let subnet = trial.value("Action=DescribeSubnets", "subnetId");
    let made = [
        ("security-group", "Action=CreateSecurityGroup&GroupName=a&GroupDescription=b".to_owned(), "groupId"),
        ("elastic-ip", "Action=AllocateAddress".to_owned(), "allocationId"),
        ("volume", "Action=CreateVolume&Size=1&AvailabilityZone=us-east-2a".to_owned(), "volumeId"),
        ("network-interface", format!("Action=CreateNetworkInterface&SubnetId={subnet}"), "networkInterfaceId"),
        ("vpc", "Action=CreateVpc&CidrBlock=10.0.0.0/16".to_owned(), "vpcId"),
    ];
    for (kind, make, name) in made {
        let one = "&TagSpecification.1.";
        let tag = format!("{one}ResourceType={kind}{one}Tag.1.Key=cm-name{one}Tag.1.Value=web");
        let id = trial.value(&format!("{make}{tag}"), name);
        let shown = format!("Action=DescribeTags&Filter.1.Name=resource-id&Filter.1.Value.1={id}");
        assert_eq!(
            (trial.value(&shown, "resourceType"), trial.value(&shown, "value")),
            (kind.to_owned(), "web".to_owned())
        );
        trial.ask(&format!("Action=CreateTags&ResourceId.1={id}&Tag.1.Key=cm-name&Tag.1.Value=data")).unwrap();
        assert_eq!(trial.value(&shown, "value"), "data");
        trial.ask(&format!("Action=DeleteTags&ResourceId.1={id}&Tag.1.Key=cm-name&Tag.1.Value=web")).unwrap();
        assert_eq!(trial.count(&shown, "key"), 1, "another value stays");
        trial.ask(&format!("Action=DeleteTags&ResourceId.1={id}&Tag.1.Key=cm-name")).unwrap();
        assert_eq!(trial.count(&shown, "key"), 0);
    }
}

#[test]
fn tags_of_what_is_not_there_are_refused() {
    let mut trial = Trial::new();
    let table = [
        ("i-0123456789abcdef0", "InvalidInstanceID.NotFound"),
        ("vol-0123456789abcdef0", "InvalidVolume.NotFound"),
        ("sg-0123456789abcdef0", "InvalidGroup.NotFound"),
        ("eipalloc-0123456789abcdef0", "InvalidAllocationID.NotFound"),
        ("web", "InvalidID"),
    ];
    for (id, code) in table {
        assert_eq!(
            trial.ask(&format!("Action=CreateTags&ResourceId.1={id}&Tag.1.Key=a&Tag.1.Value=b")),
            Err(code),
            "{id}"
        );
    }
}

#[test]
fn addresses_lead_to_interfaces() {
    let mut trial = Trial::new();
    let subnet = trial.value("Action=DescribeSubnets", "subnetId");
    let interface = trial.value(&format!("Action=CreateNetworkInterface&SubnetId={subnet}"), "networkInterfaceId");
    let address = trial.value("Action=AllocateAddress&Domain=vpc", "allocationId");
    let lead = format!("Action=AssociateAddress&AllocationId={address}&NetworkInterfaceId={interface}");
    let association = trial.value(&lead, "associationId");
    let shown = format!("Action=DescribeNetworkInterfaces&NetworkInterfaceId.1={interface}");
    assert_eq!(trial.value(&shown, "allocationId"), address);
    assert_eq!(trial.ask(&format!("Action=ReleaseAddress&AllocationId={address}")), Err("InvalidIPAddress.InUse"));
    trial.ask(&format!("Action=DisassociateAddress&AssociationId={association}")).unwrap();
    trial.ask(&format!("Action=ReleaseAddress&AllocationId={address}")).unwrap();
    assert_eq!(trial.ask("Action=AssociateAddress&PublicIp=192.0.2.1&InstanceId=i-1"), Err("InvalidAddress.NotFound"));
    assert_eq!(trial.ask("Action=DisassociateAddress"), Err("MissingParameter"));
}

#[test]
fn images_have_owners_and_get_old() {
    let mut trial = Trial::new();
    let noble = "&Filter.1.Name=name&Filter.1.Value.1=ubuntu/images/hvm-ssd*/ubuntu-noble-24.04-amd64-server-*";
    let by = |owner: &str, more: &str| format!("Action=DescribeImages{owner}{noble}{more}");
    let official = "&Owner.1=099720109477";
    assert_eq!(trial.count(&by(official, ""), "imageId"), 4);
    assert_eq!(trial.count(&by(official, "&IncludeDeprecated=true"), "imageId"), 5);
    assert_eq!(trial.count(&by("&Owner.1=amazon", ""), "imageId"), 4);
    assert_eq!(trial.count(&by("", ""), "imageId"), 8, "strangers have images of the same names");
    assert_eq!(trial.value("Action=DescribeImages&Owner.1=self", "name"), "golden-web");
    assert_eq!(trial.ask("Action=DescribeImages&ImageId.1=noble"), Err("InvalidAMIID.Malformed"));
}

#[test]
fn quotas_are_used_up_on_demand() {
    let mut trial = Trial::new();
    let group = trial.value("Action=DescribeSecurityGroups&GroupName.1=default", "groupId");
    let table = [
        ("Action=AllocateAddress".to_owned(), "AddressLimitExceeded"),
        ("Action=CreateSecurityGroup&GroupName=a&GroupDescription=b".to_owned(), "SecurityGroupLimitExceeded"),
        ("Action=CreateVolume&Size=1&AvailabilityZone=us-east-2a".to_owned(), "VolumeLimitExceeded"),
        (format!("Action=AuthorizeSecurityGroupIngress&GroupId={group}{SSH}"), "RulesPerSecurityGroupLimitExceeded"),
        ("Action=CreateKeyPair&KeyName=a&KeyType=ed25519".to_owned(), "KeyPairLimitExceeded"),
        (
            format!("Action=ImportKeyPair&KeyName=a&PublicKeyMaterial={}", KEY.replace('=', "%3D")),
            "KeyPairLimitExceeded",
        ),
    ];
    for (text, code) in table {
        assert_eq!(trial.twisted(&text, Twist { quota: true, ..Twist::default() }), Err(code), "{text}");
    }
}

#[test]
fn zones_regions_and_the_account() {
    let mut trial = Trial::new();
    assert_eq!(trial.count("Action=DescribeAvailabilityZones", "zoneId"), 3);
    let all = trial.count("Action=DescribeRegions&AllRegions=true", "regionName");
    assert!(trial.count("Action=DescribeRegions", "regionName") < all);
    assert_eq!(trial.ask("Action=DescribeRegions&RegionName.1=us-middle-1"), Err("InvalidParameterValue"));
    let default = trial.value("Action=DescribeVpcs&Filter.1.Name=is-default&Filter.1.Value.1=true", "vpcId");
    let told = trial.value("Action=DescribeAccountAttributes&AttributeName.1=default-vpc", "attributeValue");
    assert_eq!(told, default);
}

#[test]
fn an_instance_becomes_an_image() {
    let mut trial = Trial::new();
    let instance = trial.0.land(REGION).plant("web");
    let make = format!("Action=CreateImage&InstanceId={instance}&Name=copy-of-web");
    let image = trial.value(&make, "imageId");
    assert_eq!(trial.ask(&make), Err("InvalidAMIName.Duplicate"));
    assert_eq!(trial.value(&format!("Action=DescribeImages&ImageId.1={image}"), "sourceInstanceId"), instance);
    assert_eq!(trial.count("Action=DescribeImages&Owner.1=self", "imageId"), 2);
    trial.ask(&format!("Action=DeregisterImage&ImageId={image}")).unwrap();
    assert_eq!(trial.ask(&format!("Action=DeregisterImage&ImageId={image}")), Err("InvalidAMIID.NotFound"));
}
