use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::{option, prop_oneof};

use super::{Direction, Ethertype, Protocol, SecurityRule};
use crate::ErrorKind;

fn rule(text: &str) -> SecurityRule {
    text.parse().unwrap()
}

fn refusal(text: &str) -> String {
    let error = text.parse::<SecurityRule>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    error.to_string()
}

#[test]
fn a_rule_is_read_from_a_word() {
    use Direction::{Egress, Ingress};
    use Ethertype::{IPv4, IPv6};
    let plain = |protocol| SecurityRule::new(Ingress, IPv4, protocol);
    let table = [
        ("tcp/22", plain(Protocol::Tcp(22, 22))),
        (" TCP/22 ", plain(Protocol::Tcp(22, 22))),
        ("ingress:tcp/22@0.0.0.0/0", plain(Protocol::Tcp(22, 22))),
        ("tcp/8000-8010@10.0.0.0/8", plain(Protocol::Tcp(8000, 8010)).with_cidr("10.0.0.0/8")),
        ("udp/53@192.0.2.1", plain(Protocol::Udp(53, 53)).with_cidr("192.0.2.1/32")),
        ("icmp", plain(Protocol::Icmp(None, None))),
        ("icmp/8", plain(Protocol::Icmp(Some(8), None))),
        ("icmp/3/4", plain(Protocol::Icmp(Some(3), Some(4)))),
        ("any", plain(Protocol::Any)),
        ("6/22", plain(Protocol::Tcp(22, 22))),
        ("sctp/5000-5010", plain(Protocol::Other("sctp/5000-5010".into()))),
        ("112", plain(Protocol::Other("vrrp".into()))),
        ("tcp/22@group:web", plain(Protocol::Tcp(22, 22)).with_remote_group("web")),
        ("egress:udp/53@::/0", SecurityRule::new(Egress, IPv6, Protocol::Udp(53, 53))),
        ("ipv6:tcp/22@group:web", SecurityRule::new(Ingress, IPv6, Protocol::Tcp(22, 22)).with_remote_group("web")),
        ("icmpv6/128", SecurityRule::new(Ingress, IPv6, Protocol::Icmp(Some(128), None))),
        ("tcp/80@2001:DB8::/32", SecurityRule::new(Ingress, IPv6, Protocol::Tcp(80, 80)).with_cidr("2001:db8::/32")),
    ];
    for (text, wanted) in table {
        assert_eq!(rule(text), wanted, "{text}");
    }
}

#[test]
fn what_is_no_rule_is_refused_with_the_right_spelling() {
    let table = [
        ("tcp/90-80", "the ports run backwards: write `tcp/80-90`"),
        ("udp/0-53", "there is no port 0: write `udp/1-53`"),
        ("tcp", "`tcp` needs its ports: write `tcp/22`, `tcp/8000-8010`, or `tcp/1-65535` for all"),
        ("tcp/ssh", "`ssh` is no port from 1 to 65535 and no range of them: write `tcp/22` or `tcp/8000-8010`"),
        ("tcp/+22", "`+22` is no port from 1 to 65535 and no range of them: write `tcp/22` or `tcp/8000-8010`"),
        ("tpc/22", "there is no protocol `tpc`: write `any`, `tcp/22`"),
        ("vrp", "there is no protocol `vrp`: did you mean `vrrp`?"),
        ("300", "there is no protocol `300`: write `any`, `tcp/22`"),
        ("0", "there is no protocol `0`: write `any`"),
        ("gre/22", "`gre` has no ports: write `gre` alone"),
        ("icmp/256", "`256` is no ICMP type and code from 0 to 255: write `icmp/8` or `icmp/3/4`"),
        ("tcp/22@10.1.2.3/8", "write `10.0.0.0/8`, or `10.1.2.3/32` for one"),
        ("tcp/22@10.0.0.0/33", "`10.0.0.0/33` is no network: write an address and its bits, such as `192.0.2.0/24`"),
        ("tcp/22@anywhere", "`anywhere` is no network"),
        ("ipv4:tcp/22@::/0", "`::/0` is a network of IPv6 in a rule for IPv4: write one of IPv4, such as `0.0.0.0/0`"),
        ("ipv4:icmpv6/128", "`icmpv6/128` is the ICMP of IPv6: write `ipv4:icmp`, or leave `ipv4:` out"),
        ("ipv4:58", "`58` is the ICMP of IPv6"),
        ("icmpv6@10.0.0.0/8", "`10.0.0.0/8` is a network of IPv4 in a rule for IPv6"),
        ("tcp/22@group:", "the other group has no name: write `@group:NAME`"),
        ("", "there is no protocol ``"),
    ];
    for (text, told) in table {
        let refusal = refusal(text);
        assert!(refusal.contains(told), "{text}: {refusal}");
        assert!(refusal.contains("is no rule: "), "{text}: {refusal}");
    }
}

#[test]
fn a_rule_that_a_program_makes_is_checked_as_well() {
    let good = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(22, 22));
    let of = |protocol: Protocol| SecurityRule { protocol, ..good.clone() };
    let bad = [
        (good.clone().with_cidr("10.0.0.0/8").with_remote_group("web"), "write one rule for each"),
        (good.clone().with_cidr("192.0.2.1"), "such as `192.0.2.1/32`"),
        (good.clone().with_cidr("192.0.2.0/+8"), "is no network"),
        (of(Protocol::Icmp(None, Some(4))), "write `icmp/TYPE/4`"),
        (of(Protocol::Other("sctp/9-8".into())), "write `sctp/8-9`"),
        (of(Protocol::Other("sctp/all".into())), "write its ports as `sctp/5000`"),
        (of(Protocol::Other("tcp".into())), "did you mean `tcp`?"),
    ];
    for (rule, told) in bad {
        let error = rule.check().unwrap_err();
        assert!(error.kind() == ErrorKind::InvalidInput && error.message().contains(told), "{rule:?}: {error}");
    }
    assert!(good.check().is_ok());
}

#[test]
fn spellings_of_one_rule_are_the_same() {
    let one = rule("tcp/22").with_id("7").with_cidr("0.0.0.0/0");
    assert!(one.is_same(&rule("tcp/22")));
    assert!(rule("112@10.0.0.0/8").is_same(&rule("vrrp@10.0.0.0/8")) && rule("132/5000").is_same(&rule("sctp/5000")));
    assert!(!one.is_same(&rule("egress:tcp/22")) && !one.is_same(&rule("tcp/22@10.0.0.0/8")));
}

fn ports() -> impl Strategy<Value = (u16, u16)> {
    (1..=u16::MAX, 1..=u16::MAX).prop_map(|(one, other)| (one.min(other), one.max(other)))
}

fn protocols() -> impl Strategy<Value = Protocol> {
    prop_oneof![
        Just(Protocol::Any),
        ports().prop_map(|(first, last)| Protocol::Tcp(first, last)),
        ports().prop_map(|(first, last)| Protocol::Udp(first, last)),
        option::of((any::<u8>(), option::of(any::<u8>())))
            .prop_map(|icmp| Protocol::Icmp(icmp.map(|(sort, _)| sort), icmp.and_then(|(_, code)| code))),
        (prop_oneof!["sctp", "udplite", "132"], option::of(ports()))
            .prop_map(|(name, ports)| Protocol::other(&name, ports)),
        prop_oneof!["gre", "esp", "vrrp", "112", "255"].prop_map(Protocol::Other),
    ]
}

fn networks() -> impl Strategy<Value = (Ethertype, Option<String>)> {
    let of_four = (any::<u32>(), 0..=32u32).prop_map(|(bits, kept)| {
        let network = std::net::Ipv4Addr::from_bits(bits & u32::MAX.checked_shl(32 - kept).unwrap_or(0));
        (Ethertype::IPv4, Some(format!("{network}/{kept}")))
    });
    let of_six = (any::<u128>(), 0..=128u32).prop_map(|(bits, kept)| {
        let network = std::net::Ipv6Addr::from_bits(bits & u128::MAX.checked_shl(128 - kept).unwrap_or(0));
        (Ethertype::IPv6, Some(format!("{network}/{kept}")))
    });
    prop_oneof![of_four, of_six, Just((Ethertype::IPv4, None)), Just((Ethertype::IPv6, None))]
}

fn rules() -> impl Strategy<Value = SecurityRule> {
    let directions = prop_oneof![Just(Direction::Ingress), Just(Direction::Egress)];
    (directions, networks(), protocols(), option::of("[a-z@:/ ]{1,12}")).prop_map(
        |(direction, (ethertype, cidr), protocol, remote_group)| {
            let cidr = cidr.filter(|_| remote_group.is_none());
            SecurityRule { cidr, remote_group, ..SecurityRule::new(direction, ethertype, protocol) }
        },
    )
}

proptest! {
    #[test]
    fn a_rule_reads_back_from_its_word(rule in rules()) {
        prop_assert!(rule.check().is_ok(), "{rule}");
        // Spaces at the end of a word are nobody's.
        let text = rule.to_string();
        if text.trim() == text {
            prop_assert_eq!(text.parse::<SecurityRule>().unwrap(), rule.normalized());
        }
    }

    #[test]
    fn different_rules_have_different_words(one in rules(), other in rules()) {
        prop_assert_eq!(one.is_same(&other), one.clone().normalized().to_string() == other.normalized().to_string());
    }

    #[test]
    fn any_text_is_a_rule_or_refused(text in "\\PC{0,40}") {
        if let Ok(rule) = text.parse::<SecurityRule>() {
            prop_assert_eq!(rule.to_string().parse::<SecurityRule>().unwrap(), rule);
        }
    }
}
