use serde_json::{Value, json};

use super::{cloud, config};
use crate::config::Config;

const FULL: &str = "\
cloudmesh:
  version: 4.3
  profile: {user: albert, publickey: ~/.ssh/id_ed25519.pub, firstname: TBD}
  default: {cloud: lab, group: 7, secgroup: [ssh, web], public: true, nothing: }
  compute:
    lab:
      cm:
        name: lab
        kind: openstack
        label: the lab
        heading: Laboratory
        host: lab.example.org
        version: 1.0
        service: compute
        active: true
      credentials:
        auth: {username: '{cloudmesh.profile.user}', password: '${OS_PASSWORD}'}
        region: RegionOne
      defaults:
        flavor: m1.small
        image: ubuntu-24.04
        secgroups: ssh
        networks: [one, two]
        public: false
        disk_gb: 20
        resource_group: mine
      endpoint: http://127.0.0.1:5000
    spare:
      cm: {kind: aws, active: false}
  storage:
    anything: [goes, here]
";

#[test]
fn an_entry_is_read_whole() {
    let cloud = config(FULL).cloud("lab").unwrap();
    assert_eq!(
        (cloud.name.as_str(), cloud.kind.as_str(), cloud.label.as_deref()),
        ("lab", "openstack", Some("the lab"))
    );
    let expected = json!({
        "credentials": {"auth": {"username": "albert", "password": "hunter2"}, "region": "RegionOne"},
        "defaults": {"resource_group": "mine"},
        "endpoint": "http://127.0.0.1:5000",
    });
    assert_eq!(Value::Object(cloud.settings.as_map().clone()), expected);
    let defaults = cloud.defaults;
    assert_eq!((defaults.size.as_deref(), defaults.image.as_deref()), (Some("m1.small"), Some("ubuntu-24.04")));
    assert_eq!(
        (defaults.secgroup, defaults.network),
        (Some(vec!["ssh".into()]), Some(vec!["one".into(), "two".into()]))
    );
    assert_eq!((defaults.public, defaults.disk, defaults.key), (Some(false), Some(20), None));
}

#[test]
fn clouds_are_listed_in_the_order_of_the_file() {
    let text = "
cloudmesh:
  cloud: {z: {cm: {kind: '${UNSET}'}}, a: {cm: {kind: 1, active: false}}, broken: text}
  compute: {m: {cm: {kind: lab, label: l}}}";
    let config = config(text);
    let found: Vec<_> =
        config.clouds().map(|cloud| (cloud.name.as_str(), cloud.kind.as_deref(), cloud.active)).collect();
    let expected =
        [("m", Some("lab"), true), ("z", Some("${UNSET}"), true), ("a", None, false), ("broken", None, true)];
    assert_eq!(found, expected);
}

#[test]
fn both_sections_and_both_defaults_are_accepted() {
    for (section, defaults) in
        [("compute", "defaults"), ("compute", "default"), ("cloud", "defaults"), ("cloud", "default")]
    {
        let text = format!("cloudmesh: {{{section}: {{c: {{cm: {{kind: lab}}, {defaults}: {{size: s}}}}}}}}");
        let cloud = config(&text).cloud("c").unwrap();
        assert_eq!(cloud.defaults.size.as_deref(), Some("s"), "{text}");
        assert!(cloud.settings.as_map().is_empty(), "{:?}", cloud.settings);
    }
}

#[test]
fn defaults_for_all_clouds_are_text() {
    let config = config(FULL);
    let default = |name| config.default(name).unwrap();
    assert_eq!(config.default_cloud().unwrap().as_deref(), Some("lab"));
    assert_eq!(default("group").as_deref(), Some("7"));
    assert_eq!(default("secgroup").as_deref(), Some("ssh,web"));
    assert_eq!(default("public").as_deref(), Some("true"));
    assert_eq!((default("nothing"), default("image")), (None, None));
}

#[test]
fn a_profile_is_read_past_what_nobody_asks_for() {
    let profile = config(FULL).profile().unwrap();
    assert_eq!(profile.user.as_deref(), Some("albert"));
    assert_eq!(profile.publickey, Some("/home/albert/.ssh/id_ed25519.pub".into()));
    assert!(config("cloudmesh:").profile().unwrap().user.is_none());
}

#[test]
fn references_are_resolved() {
    let table = [
        ("${OS_PASSWORD}", json!("hunter2")),
        ("'a-${OS_PASSWORD}-b'", json!("a-hunter2-b")),
        ("${UNSET:-fallback}", json!("fallback")),
        ("${EMPTY:-fallback}", json!("fallback")),
        ("${EMPTY}", json!("")),
        ("${UNSET:-}", json!("")),
        ("${OS_PASSWORD:-fallback}", json!("hunter2")),
        ("'${UNSET:-${ALSO_UNSET:-{cloudmesh.profile.user}}}'", json!("albert")),
        ("${UNSET:-~/key}", json!("/home/albert/key")),
        ("~/key", json!("/home/albert/key")),
        ("a~/key", json!("a~/key")),
        ("'{cloudmesh.profile.user}'", json!("albert")),
        ("{cloudmesh.profile.user}", json!("albert")),
        ("'{cloudmesh.profile.user}-{cloudmesh.profile.port}'", json!("albert-8080")),
        ("'{cloudmesh.profile.port}'", json!(8080)),
        ("'{cloudmesh.compute.c.cm.kind}'", json!("lab")),
        ("${TRICKY}", json!("${OS_PASSWORD}{cloudmesh.profile.user}~/")),
        ("${NUMBER}", json!("0123")),
        ("$${OS_PASSWORD}", json!("${OS_PASSWORD}")),
        ("pa$word", json!("pa$word")),
        ("$OS_PASSWORD", json!("$OS_PASSWORD")),
        ("$(id)`id`", json!("$(id)`id`")),
        ("'{{x}}'", json!("{{x}}")),
        ("[~/a, 1]", json!(["/home/albert/a", 1])),
    ];
    for (written, meant) in table {
        let cloud = cloud(&format!("value: {written}")).unwrap();
        assert_eq!(cloud.settings.get("value"), Some(&meant), "{written}");
    }
}

#[test]
fn yaml_is_read_with_its_conveniences() {
    let text = "\u{feff}---
x-common: &common {region: RegionOne, careful: yes, account: 0123456789}
x-more: &more {region: other, size: 1}
cloudmesh:
  compute:
    c:
      cm: {kind: &kind lab, name: c}
      credentials:
        <<: [*common, *more]
        careful: false
        kind: *kind
      text: |
        two
        lines
      when: 2020-01-01
...
";
    let cloud = config(text).cloud("c").unwrap();
    let credentials =
        json!({"region": "RegionOne", "careful": false, "account": "0123456789", "size": 1, "kind": "lab"});
    assert_eq!(cloud.settings.get("credentials"), Some(&credentials));
    assert_eq!(cloud.settings.get("text"), Some(&json!("two\nlines\n")));
    assert_eq!(cloud.settings.get("when"), Some(&json!("2020-01-01")));
}

#[test]
fn windows_line_ends_are_read() {
    let text = "cloudmesh:\r\n  compute:\r\n    c:\r\n      cm: {kind: lab}\r\n      a: b\r\n";
    assert_eq!(config(text).cloud("c").unwrap().settings.get("a"), Some(&json!("b")));
}

#[test]
fn what_is_empty_counts_as_not_given() {
    let cloud = cloud("credentials:\nendpoint: ~\ndefaults:").unwrap();
    assert!(cloud.settings.as_map().is_empty());
    assert!(config("cloudmesh:\n  compute:\n").clouds().next().is_none());
}

#[test]
fn a_mistake_in_one_cloud_does_not_stop_the_others() {
    let text = "
cloudmesh:
  compute:
    unset: {cm: {kind: lab}, credentials: {password: '${UNSET}'}}
    todo: {cm: {kind: TBD}}
    kindless: {cm: {label: l}}
    text: text
    twice: {cm: {kind: lab}, a: 1, a: 2}
    circle: {cm: {kind: lab}, a: '{cloudmesh.compute.circle.a}'}
    good: {cm: {kind: lab}}
    both: {cm: {kind: lab}}
  cloud:
    both: {cm: {kind: lab}}";
    let config = config(text);
    assert_eq!(config.cloud("good").unwrap().kind, "lab");
    let broken = config.clouds().filter(|cloud| config.cloud(&cloud.name).is_err());
    assert_eq!(broken.count(), 7);
}

#[test]
fn tokens_are_kept_unless_forbidden() {
    assert!(config("cloudmesh: {}").token_cache());
    assert!(!config("cloudmesh: {token_cache: false}").token_cache());
    assert!(Config::from_text("cloudmesh: {token_cache: no}", "x").is_err());
    assert!(config("cloudmesh: {}").folder().is_none());
}
