//! Floating IPs, and the marks in their descriptions. Pure functions.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use cloudmesh_abstract::{Marks, NodeId, PublicIp};

use crate::wire;

/// The mark that says for which node an address was allocated.
const NODE: &str = "cm-node";

/// The longest description.
const LONGEST: usize = 255;

/// An address. `owners` says whose the ports are that the cloud did not describe, `pools` what the networks are called.
/// `None` for what is no address.
pub(crate) fn address(
    found: &wire::FloatingIp,
    owners: &HashMap<String, String>,
    pools: &[wire::Network],
) -> Option<PublicIp> {
    let address: IpAddr = found.address.parse().ok()?;
    let mut ip = PublicIp::new(&found.id, address);
    ip.node = holder(found, owners);
    ip.ours = Marks::read(&pairs(&found.description)).is_some();
    let pool = pools.iter().find(|pool| pool.id == found.floating_network_id);
    let pool = pool.map_or(&found.floating_network_id, |pool| &pool.name);
    ip.pool = Some(pool.clone()).filter(|pool| !pool.is_empty());
    Some(ip)
}

/// What an address leads to: a node, or what else has the port; a port that nobody has stands for itself, so that its
/// address is not taken for a free one.
pub(crate) fn holder(found: &wire::FloatingIp, owners: &HashMap<String, String>) -> Option<NodeId> {
    if found.port_id.is_empty() {
        return None;
    }
    let told = found.port_details.as_ref().map(|port| &port.device_id).or_else(|| owners.get(&found.port_id));
    let device = told.filter(|device| !device.is_empty()).cloned();
    Some(device.unwrap_or_else(|| format!("port/{}", found.port_id)).into())
}

/// The node that an address was allocated for.
pub(crate) fn allocated_for(found: &wire::FloatingIp) -> Option<NodeId> {
    pairs(&found.description).remove(NODE).map(NodeId::from)
}

/// Whether it carries our marks.
pub(crate) fn is_ours(description: &str) -> bool {
    Marks::read(&pairs(description)).is_some()
}

/// The description of an address that is allocated for a node, or for nobody yet. What does not fit is left out; a name
/// is cut.
pub(crate) fn description(marks: &Marks, node: Option<&NodeId>) -> String {
    let mut marks = marks.pairs();
    let mut text = node.map(|node| pair(NODE, node.as_str())).unwrap_or_default();
    let first = ["cm-token", "cm-version", "cm-name"].into_iter().filter_map(|key| marks.remove_entry(key));
    for (key, value) in first.collect::<Vec<_>>().into_iter().chain(marks) {
        let longer = format!("{text} {}", pair(&key, &value)).trim_start().to_owned();
        if longer.len() <= LONGEST {
            text = longer;
        } else if key == "cm-name" {
            text = cut(longer);
        }
    }
    text
}

/// The same description of an address that is not a node's any more.
pub(crate) fn description_of_nobody(description: &str) -> String {
    let kept: Vec<&str> = description.split(' ').filter(|pair| !pair.starts_with("cm-node=")).collect();
    kept.join(" ")
}

/// Not in the middle of a letter that is written as `%20`.
fn cut(mut text: String) -> String {
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.truncate(end);
    if let Some(at) = text.rfind('%').filter(|at| text.len() - at < 3) {
        text.truncate(at);
    }
    text
}

fn pair(key: &str, value: &str) -> String {
    let letters = value.chars().map(|letter| match letter {
        '%' => "%25".to_owned(),
        ' ' => "%20".to_owned(),
        other => other.to_string(),
    });
    format!("{key}={}", letters.collect::<String>())
}

/// The pairs in a description; in one that somebody else wrote there are none of ours.
fn pairs(description: &str) -> BTreeMap<String, String> {
    let pairs = description.split(' ').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.replace("%20", " ").replace("%25", "%"))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use cloudmesh_abstract::{Marks, NodeId, Token};
    use serde_json::json;

    use super::{address, allocated_for, description, description_of_nobody, is_ours};
    use crate::wire;

    fn found(record: serde_json::Value) -> wire::FloatingIp {
        serde_json::from_value(record).unwrap()
    }

    #[test]
    fn marks_are_read_back_from_a_description() {
        let mut marks = Marks::new("web 1%20");
        (marks.group, marks.token) = (Some("lab a".to_owned()), Some(Token::new("t")));
        let text = description(&marks, Some(&"7".into()));
        assert_eq!(Marks::read(&super::pairs(&text)), Some(marks));
        let ip = found(json!({"id": "1", "description": text}));
        assert_eq!(allocated_for(&ip), Some("7".into()));
        let of_nobody = description_of_nobody(&text);
        assert!(is_ours(&of_nobody) && allocated_for(&found(json!({"description": of_nobody}))).is_none());
        assert!(!is_ours("made by hand, cm=1") && !is_ours(""));
    }

    #[test]
    fn a_description_is_never_too_long() {
        for name in ["n".repeat(255), "ä ".repeat(127), "% ".repeat(127)] {
            let mut marks = Marks::new(&name);
            (marks.group, marks.user, marks.token) =
                (Some("g".repeat(255)), Some("albert".into()), Some(Token::random()));
            let text = description(&marks, Some(&"8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6".into()));
            assert!(text.len() <= 255, "{text}");
            let read = Marks::read(&super::pairs(&text)).unwrap();
            assert!(name.starts_with(&read.name) && read.name.len() > 40, "{read:?}");
            assert_eq!(read.token, marks.token);
        }
    }

    #[test]
    fn an_address_says_what_it_leads_to() {
        let pools: Vec<wire::Network> = vec![serde_json::from_value(json!({"id": "n", "name": "public"})).unwrap()];
        let owners = HashMap::from([("p2".to_owned(), "server-2".to_owned())]);
        let ip = |port: serde_json::Value, details: serde_json::Value| {
            let record = json!({"id": "1", "floating_ip_address": "203.0.113.7", "floating_network_id": "n",
                "port_id": port, "port_details": details});
            address(&found(record), &owners, &pools).unwrap()
        };
        let table = [
            (json!(null), json!(null), None),
            (json!("p1"), json!({"device_id": "server-1"}), Some("server-1")),
            (json!("p2"), json!(null), Some("server-2")),
            (json!("p3"), json!({"device_id": ""}), Some("port/p3")),
            (json!("p4"), json!(null), Some("port/p4")),
        ];
        for (port, details, node) in table {
            let ip = ip(port, details);
            assert_eq!((ip.node.as_ref().map(NodeId::as_str), ip.pool.as_deref()), (node, Some("public")));
        }
        assert!(address(&found(json!({"floating_ip_address": "soon"})), &owners, &pools).is_none());
    }
}
