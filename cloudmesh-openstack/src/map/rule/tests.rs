use cloudmesh_abstract::SecurityRule;
use serde_json::{Value, json};

use super::{body, canonical, rule};
use crate::wire;

fn record(record: Value) -> wire::SecurityGroupRule {
    serde_json::from_value(record).unwrap()
}

/// A rule that lets in by IPv4, as Neutron tells it.
fn told(protocol: &Value, first: &Value, last: &Value) -> String {
    let record = record(json!({"direction": "ingress", "ethertype": "IPv4", "protocol": protocol,
        "port_range_min": first, "port_range_max": last}));
    rule(&record, str::to_owned).to_string()
}

fn word(text: &str) -> SecurityRule {
    text.parse().unwrap()
}

#[test]
fn protocols_and_ports_are_told_as_they_are() {
    let none = Value::Null;
    let table = [
        (none.clone(), none.clone(), none.clone(), "any"),
        (json!("any"), none.clone(), none.clone(), "any"),
        (json!("tcp"), json!(22), json!(22), "tcp/22"),
        (json!("TCP"), json!("8000"), json!("8010"), "tcp/8000-8010"),
        (json!(6), none.clone(), none.clone(), "tcp/1-65535"),
        (json!("17"), json!(53), none.clone(), "udp/53"),
        (json!("icmp"), none.clone(), none.clone(), "icmp"),
        (json!("1"), json!(3), json!(4), "icmp/3/4"),
        (json!("icmp"), json!(8), none.clone(), "icmp/8"),
        (json!("sctp"), json!(5000), json!(5010), "sctp/5000-5010"),
        (json!("vrrp"), none.clone(), none.clone(), "vrrp"),
        (json!(112), none.clone(), none.clone(), "vrrp"),
    ];
    for (protocol, first, last, expected) in table {
        assert_eq!(told(&protocol, &first, &last), expected);
    }
}

#[test]
fn an_odd_rule_is_never_told_wider_than_it_is() {
    let none = Value::Null;
    let table = [
        (none.clone(), json!(22), json!(22)),
        (json!("tcp"), json!(70_000), json!(70_000)),
        (json!("tcp"), json!([22]), json!([22])),
        (json!("udp"), json!({"from": 1}), none.clone()),
        (json!("icmp"), json!(300), none.clone()),
        (json!("icmp"), json!("echo"), none.clone()),
        (json!(["tcp"]), none.clone(), none.clone()),
        (json!("gre"), json!(-1), json!(-1)),
    ];
    for (protocol, first, last) in table {
        let text = told(&protocol, &first, &last);
        let wide = ["any", "tcp/1-65535", "udp/1-65535", "icmp", "gre"];
        assert!(!wide.contains(&text.as_str()), "{protocol} {first} {last}: {text}");
    }
}

#[test]
fn the_other_end_is_told_as_it_is() {
    let end = |end: Value| {
        let mut fields = json!({"direction": "egress", "ethertype": "ipv6", "protocol": "tcp", "id": "7"});
        fields.as_object_mut().unwrap().extend(end.as_object().unwrap().clone());
        rule(&record(fields), |id| format!("name of {id}"))
    };
    let table = [
        (json!({}), "egress:tcp/1-65535@::/0"),
        (json!({"remote_ip_prefix": "::/0"}), "egress:tcp/1-65535@::/0"),
        (json!({"remote_ip_prefix": "2001:DB8::/32"}), "egress:tcp/1-65535@2001:db8::/32"),
        (
            json!({"remote_ip_prefix": "2001:db8::1/32", "normalized_cidr": "2001:db8::/32"}),
            "egress:tcp/1-65535@2001:db8::/32",
        ),
        (json!({"remote_ip_prefix": "10.0.0.0/8"}), "egress:ipv6:tcp/1-65535@10.0.0.0/8"),
        (json!({"remote_group_id": "g"}), "egress:ipv6:tcp/1-65535@group:name of g"),
        (json!({"remote_address_group_id": "a"}), "egress:ipv6:tcp/1-65535@group:address-group/a"),
    ];
    for (fields, expected) in table {
        let rule = end(fields);
        assert_eq!((rule.to_string().as_str(), rule.id.as_deref()), (expected, Some("7")));
    }
}

#[test]
fn icmp_is_called_by_the_name_of_its_family() {
    for (protocol, family, expected) in [
        ("icmp", "IPv6", "icmp@::/0"),
        ("icmpv6", "IPv6", "icmp@::/0"),
        ("ipv6-icmp", "IPv6", "icmp@::/0"),
        ("58", "IPv6", "icmp@::/0"),
        ("58", "IPv4", "58"),
    ] {
        let record = record(json!({"ethertype": family, "protocol": protocol}));
        assert_eq!(rule(&record, str::to_owned).to_string(), expected, "{protocol} {family}");
    }
    assert_eq!(body(&word("icmpv6/128"), "g").unwrap()["protocol"], "ipv6-icmp");
    assert_eq!(body(&word("icmp/8"), "g").unwrap()["protocol"], "icmp");
}

#[test]
fn what_is_sent_says_exactly_what_was_asked() {
    let table = [
        ("any", json!({})),
        ("tcp/22", json!({"protocol": "tcp", "port_range_min": 22, "port_range_max": 22})),
        (
            "udp/5000-5010@10.0.0.0/8",
            json!({"protocol": "udp", "port_range_min": 5000, "port_range_max": 5010,
            "remote_ip_prefix": "10.0.0.0/8"}),
        ),
        ("icmp/3/4", json!({"protocol": "icmp", "port_range_min": 3, "port_range_max": 4})),
        ("icmp/8", json!({"protocol": "icmp", "port_range_min": 8})),
        ("sctp/5000", json!({"protocol": "sctp", "port_range_min": 5000, "port_range_max": 5000})),
        ("112", json!({"protocol": "vrrp"})),
        (
            "tcp/80@group:w",
            json!({"protocol": "tcp", "port_range_min": 80, "port_range_max": 80, "remote_group_id": "w"}),
        ),
        (
            "tcp/80@group:address-group/a",
            json!({"protocol": "tcp", "port_range_min": 80, "port_range_max": 80, "remote_address_group_id": "a"}),
        ),
    ];
    for (text, fields) in table {
        let mut expected = json!({"security_group_id": "g", "direction": "ingress", "ethertype": "IPv4"});
        expected.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let sent = body(&word(text), "g").unwrap();
        assert_eq!(sent, expected, "{text}");
        assert_eq!(rule(&record(sent), str::to_owned), word(text), "{text} reads back");
    }
    let mut nonsense = word("gre");
    nonsense.protocol = cloudmesh_abstract::Protocol::Other("sctp/all".to_owned());
    assert!(body(&nonsense, "g").is_err(), "without its ports it would be wider");
}

#[test]
fn rules_are_the_same_when_neutron_takes_them_for_the_same() {
    let of = |fields: Value| canonical(&rule(&record(fields), str::to_owned));
    let base = |protocol: &str| json!({"ethertype": "IPv4", "protocol": protocol, "id": "1"});
    let same = [
        (
            json!({"protocol": "6", "port_range_min": 80, "port_range_max": 80, "remote_ip_prefix": "0.0.0.0/0"}),
            "tcp/80",
        ),
        (json!({"protocol": "tcp"}), "tcp/1-65535"),
        (base("132"), "sctp"),
        (base("sctp"), "sctp/1-65535"),
        (base("vrrp"), "vrrp"),
        (json!({"ethertype": "IPv6", "protocol": "58"}), "icmpv6"),
    ];
    for (fields, text) in same {
        assert_eq!(of(fields), canonical(&word(text)), "{text}");
    }
    for (one, other) in
        [("tcp/80", "udp/80"), ("tcp/80", "tcp/80@10.0.0.0/8"), ("any", "tcp/1-65535"), ("icmp", "icmp/8")]
    {
        assert_ne!(canonical(&word(one)), canonical(&word(other)));
    }
}
