//! Bringing keys and security groups to clouds.

use cloudmesh_compute::{
    Brought, Direction, ErrorKind, KeyPair, Keys, Provider, PublicKey, SecurityGroup, SecurityGroups, SecurityRule,
};

use crate::lab::Lab;

fn key(seed: u8) -> PublicKey {
    let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
    blob.extend([seed; 32]);
    format!("ssh-ed25519 {} albert@bern", base64(&blob)).parse().unwrap()
}

/// Base64, for keys of a known length.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        assert_eq!(three.len(), 3, "the length of a key is a multiple of three");
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        text.extend([18, 12, 6, 0].map(|shift| char::from(SIGNS[bits >> shift & 63])));
    }
    text
}

fn words(rules: &[SecurityRule]) -> Vec<String> {
    let ingress = rules.iter().filter(|rule| rule.direction == Direction::Ingress);
    let mut words: Vec<String> = ingress.map(ToString::to_string).collect();
    words.sort();
    words
}

async fn rules_of(cloud: &Provider, name: &str) -> Vec<SecurityRule> {
    cloud.list_secgroups().await.unwrap().into_iter().find(|group| group.name == name).unwrap().rules
}

#[tokio::test]
async fn a_key_that_is_there_is_left_alone_and_another_one_only_replaced_on_demand() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let (one, other) = (key(1), key(2));
    assert_eq!(cloud.upload_key("mine", &one, false).await.unwrap(), Brought::New);
    assert_eq!(cloud.upload_key("mine", &one.clone().with_comment("x"), false).await.unwrap(), Brought::Unchanged);
    let refused = cloud.upload_key("mine", &other, false).await.unwrap_err();
    assert!(refused.kind() == ErrorKind::AlreadyExists && refused.message().contains("--force"), "{refused}");
    assert_eq!(cloud.upload_key("mine", &other, true).await.unwrap(), Brought::Replaced);
    let there: KeyPair = cloud.keys().await.unwrap().into_iter().find(|key| key.name == "mine").unwrap();
    assert!(there.fingerprint.is_some());
    assert_eq!(cloud.upload_key("mine", &other, false).await.unwrap(), Brought::Unchanged);
}

#[tokio::test]
async fn a_group_is_made_once_and_gets_the_rules_that_it_lacks() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let mut web = SecurityGroup::new("", "web");
    web.rules = vec!["tcp/22".parse().unwrap(), "tcp/443@::/0".parse().unwrap(), "any@group:web".parse().unwrap()];
    let made = cloud.upload_secgroup(&web, false).await.unwrap();
    assert!(made.is_new && made.removed.is_empty());
    assert_eq!(words(&rules_of(&cloud, "web").await).len(), 3);
    let again = cloud.upload_secgroup(&web, true).await.unwrap();
    assert!(again.is_empty(), "{again:?}");
    web.rules = vec!["tcp/22".parse().unwrap(), "icmp".parse().unwrap()];
    assert_eq!(words(&cloud.upload_secgroup(&web, false).await.unwrap().added), ["icmp"]);
    assert_eq!(words(&rules_of(&cloud, "web").await).len(), 4);
    assert_eq!(cloud.upload_secgroup(&web, true).await.unwrap().removed.len(), 2);
    assert_eq!(words(&rules_of(&cloud, "web").await), ["icmp", "tcp/22"]);
}

#[tokio::test]
async fn a_group_that_says_what_may_go_out_lets_nothing_else_out() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let mut web = SecurityGroup::new("", "web");
    web.rules = vec!["tcp/22".parse().unwrap()];
    cloud.upload_secgroup(&web, false).await.unwrap();
    let out = |rules: &[SecurityRule]| -> Vec<String> {
        let egress = rules.iter().filter(|rule| rule.direction == Direction::Egress);
        egress.map(ToString::to_string).collect()
    };
    assert_eq!(out(&rules_of(&cloud, "web").await).len(), 2);
    let mut shut = SecurityGroup::new("", "shut");
    shut.rules = vec!["egress:udp/53".parse().unwrap()];
    cloud.upload_secgroup(&shut, false).await.unwrap();
    assert_eq!(out(&rules_of(&cloud, "shut").await), ["egress:udp/53"]);
    assert!(cloud.upload_secgroup(&shut, false).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_rule_that_is_none_is_refused_before_anything_is_asked() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let mut web = SecurityGroup::new("", "web");
    web.rules = vec![SecurityRule::new(
        Direction::Ingress,
        cloudmesh_compute::Ethertype::IPv4,
        cloudmesh_compute::Protocol::Tcp(80, 22),
    )];
    assert_eq!(cloud.upload_secgroup(&web, false).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert!(cloud.list_secgroups().await.unwrap().iter().all(|group| group.name != "web"));
}
