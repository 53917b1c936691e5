use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, ReferencedSecurityGroup, SecurityGroupRule, UserIdGroupPair,
};
use cloudmesh_abstract::{Direction, ErrorKind, SecurityRule};

use super::{Words, is_elsewhere, is_id, rule, rules};

/// A rule that lets in, as `DescribeSecurityGroupRules` tells it.
fn record(protocol: &str, first: i32, last: i32) -> aws_sdk_ec2::types::builders::SecurityGroupRuleBuilder {
    SecurityGroupRule::builder().is_egress(false).ip_protocol(protocol).from_port(first).to_port(last)
}

fn told(record: &SecurityGroupRule) -> String {
    rule(record, |id| format!("name of {id}")).unwrap().to_string()
}

fn word(text: &str) -> SecurityRule {
    text.parse().unwrap()
}

#[test]
fn protocols_and_ports_are_told_as_they_are() {
    let table = [
        (("-1", -1, -1), "any"),
        (("tcp", 22, 22), "tcp/22"),
        (("6", 8000, 8010), "tcp/8000-8010"),
        (("tcp", 0, 65_535), "tcp/1-65535"),
        (("udp", 0, 1023), "udp/1-1023"),
        (("udp", -1, -1), "udp/1-65535"),
        (("icmp", -1, -1), "icmp"),
        (("icmp", 8, -1), "icmp/8"),
        (("1", 3, 4), "icmp/3/4"),
        (("icmp", 0, 0), "icmp/0/0"),
        (("112", -1, -1), "vrrp"),
        (("132", 5000, 5010), "sctp"),
        (("250", 0, 0), "250"),
        (("icmpv6", -1, -1), "icmpv6"),
        (("icmpv6", 128, 0), "icmpv6/128-0"),
    ];
    for ((protocol, first, last), expected) in table {
        assert_eq!(told(&record(protocol, first, last).cidr_ipv4("0.0.0.0/0").build()), expected, "{protocol}");
    }
    assert_eq!(told(&record("58", 128, 0).cidr_ipv6("::/0").build()), "icmp/128/0@::/0");
    assert_eq!(told(&record("icmp", 8, -1).cidr_ipv6("::/0").build()), "icmpv4/8-@::/0");
}

#[test]
fn an_odd_rule_is_never_told_wider_than_it_is() {
    for (protocol, first, last) in [("tcp", 70_000, 70_000), ("tcp", -7, 22), ("icmp", 300, -1), ("icmp", 3, 999)] {
        let text = told(&record(protocol, first, last).cidr_ipv4("0.0.0.0/0").build());
        assert!(
            !["any", "tcp/1-65535", "icmp", "icmp/3"].contains(&text.as_str()),
            "{protocol} {first} {last}: {text}"
        );
    }
}

#[test]
fn the_other_end_is_told_as_it_is() {
    let base = || record("tcp", 22, 22).group_owner_id("111122223333").security_group_rule_id("sgr-1");
    let group = |owner: &str| ReferencedSecurityGroup::builder().group_id("sg-0123abcd").user_id(owner).build();
    let table = [
        (base().cidr_ipv4("10.0.0.0/8"), "tcp/22@10.0.0.0/8"),
        (base().cidr_ipv6("2001:DB8::/32"), "tcp/22@2001:db8::/32"),
        (base().referenced_group_info(group("111122223333")), "tcp/22@group:name of sg-0123abcd"),
        (base().referenced_group_info(group("999988887777")), "tcp/22@group:999988887777/sg-0123abcd"),
        (base().prefix_list_id("pl-0123abcd"), "tcp/22@group:pl-0123abcd"),
        (base().is_egress(true).cidr_ipv6("::/0"), "egress:tcp/22@::/0"),
    ];
    for (record, expected) in table {
        let rule = rule(&record.build(), |id| format!("name of {id}")).unwrap();
        assert_eq!((rule.to_string().as_str(), rule.id.as_deref()), (expected, Some("sgr-1")));
    }
    assert_eq!(rule(&base().build(), str::to_owned), None);
}

#[test]
fn the_rules_of_a_group_are_told_one_by_one() {
    let pair = |owner: &str, id: &str| UserIdGroupPair::builder().user_id(owner).group_id(id).build();
    let record = IpPermission::builder().ip_protocol("tcp").from_port(22).to_port(22);
    let record = record.ip_ranges(IpRange::builder().cidr_ip("10.0.0.0/8").build());
    let record = record.ip_ranges(IpRange::builder().cidr_ip("0.0.0.0/0").description("all").build());
    let record = record.ipv6_ranges(Ipv6Range::builder().cidr_ipv6("::/0").build());
    let record = record.user_id_group_pairs(pair("1", "sg-0123abcd")).user_id_group_pairs(pair("2", "sg-0123abce"));
    let record = record.prefix_list_ids(PrefixListId::builder().prefix_list_id("pl-0123abcd").build());
    let told: Vec<String> =
        rules(&record.build(), Direction::Egress, Some("1")).iter().map(ToString::to_string).collect();
    let ends = ["@10.0.0.0/8", "", "@::/0", "@group:sg-0123abcd", "@group:2/sg-0123abce", "@group:pl-0123abcd"];
    assert_eq!(told, ends.map(|end| format!("egress:tcp/22{end}")));
}

/// What EC2 is told of a rule.
fn said(text: &str) -> IpPermission {
    Words::of(&word(text)).unwrap().permission()
}

#[test]
fn what_is_sent_says_exactly_what_was_asked() {
    let table = [
        ("any", ("-1", None, None)),
        ("tcp/22", ("tcp", Some(22), Some(22))),
        ("tcp/1-65535", ("tcp", Some(1), Some(65_535))),
        ("udp/5000-5010", ("udp", Some(5000), Some(5010))),
        ("icmp", ("icmp", Some(-1), Some(-1))),
        ("icmp/8", ("icmp", Some(8), Some(-1))),
        ("icmp/3/4", ("icmp", Some(3), Some(4))),
        ("icmpv6/128", ("icmpv6", Some(128), Some(-1))),
        ("112", ("112", None, None)),
        ("gre", ("47", None, None)),
        ("250", ("250", None, None)),
    ];
    for (text, expected) in table {
        let said = said(text);
        assert_eq!((said.ip_protocol().unwrap(), said.from_port(), said.to_port()), expected, "{text}");
    }
}

#[test]
fn the_other_end_is_sent_as_it_was_asked() {
    let ends = |said: &IpPermission| {
        let v4 = said.ip_ranges().iter().map(|range| range.cidr_ip().unwrap().to_owned());
        let v6 = said.ipv6_ranges().iter().map(|range| range.cidr_ipv6().unwrap().to_owned());
        let pair =
            |pair: &UserIdGroupPair| format!("{}/{}", pair.user_id().unwrap_or_default(), pair.group_id().unwrap());
        let lists = said.prefix_list_ids().iter().map(|list| list.prefix_list_id().unwrap().to_owned());
        v4.chain(v6).chain(said.user_id_group_pairs().iter().map(pair)).chain(lists).collect::<Vec<_>>()
    };
    let table = [
        ("any", "0.0.0.0/0"),
        ("any@::/0", "::/0"),
        ("egress:any@10.0.0.0/8", "10.0.0.0/8"),
        ("tcp/22@2001:db8::/32", "2001:db8::/32"),
        ("udp/53@group:sg-0123abcd", "/sg-0123abcd"),
        ("any@group:999988887777/sg-0123abcd", "999988887777/sg-0123abcd"),
        ("any@group:pl-0123abcd", "pl-0123abcd"),
    ];
    for (text, expected) in table {
        assert_eq!(ends(&said(text)), [expected], "{text}");
    }
}

#[test]
fn what_is_sent_reads_back_as_it_was() {
    for text in [
        "any",
        "any@::/0",
        "tcp/22@10.0.0.0/8",
        "udp/5000-5010@2001:db8::/32",
        "icmp/8",
        "icmp@::/0",
        "ipv6:icmp/128@group:sg-0123abcd",
        "tcp/5432@group:sg-0123abcd",
        "vrrp",
        "250",
        "tcp/443@group:pl-0123abcd",
        "tcp/443@group:999988887777/sg-0123abcd",
    ] {
        let wanted = word(text);
        let back = rules(&Words::of(&wanted).unwrap().permission(), Direction::Ingress, Some("111122223333"));
        // Whose a group is that is named alone, EC2 adds by itself.
        assert_eq!(back, [wanted], "{text}");
    }
}

#[test]
fn what_could_only_be_said_wider_is_refused_with_what_to_write() {
    let table = [
        ("sctp/5000-5010", "write `sctp` to admit all of its ports"),
        ("ipv6:tcp/22@group:web", "write `tcp/22@group:web`"),
        ("ipv6:tcp/22@group:pl-0123abcd", "write `tcp/22@group:pl-0123abcd`"),
    ];
    for (text, told) in table {
        let error = Words::of(&word(text)).unwrap_err();
        assert!(error.kind() == ErrorKind::InvalidInput && error.message().contains(told), "{error}");
    }
}

#[test]
fn ids_look_like_ids() {
    for (text, expected) in [("sg-0123abcd", true), ("sg-0123456789abcdef0", true), ("sg-web", false), ("web", false)] {
        assert_eq!(is_id(text, "sg-"), expected, "{text}");
    }
    for (end, expected) in [("pl-0123abcd", true), ("1/sg-0123abcd", true), ("a/b", false), ("sg-0123abcd", false)] {
        assert_eq!(is_elsewhere(end), expected, "{end}");
    }
}
