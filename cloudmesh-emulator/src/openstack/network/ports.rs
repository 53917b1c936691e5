//! Ports: what connects servers to networks.

use serde_json::{Map, Value, json};

use super::query::{Kind, list};
use super::{Call, Fault, Reply};
use crate::exchange::Answer;
use crate::openstack::times::seconds;
use crate::world::network::Port;
use crate::world::node::Node;

const PORTS: Kind = Kind { plural: "ports", path: "ports", missing: no_port };

fn no_port(id: &str) -> Fault {
    Fault::new(404, "PortNotFound", format!("Port {id} could not be found."))
}

/// Answers below `/ports`; `None` for what is no route.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Option<Reply> {
    Some(match rest {
        [] => list(call, PORTS, ports(call)),
        [id] => {
            let found = ports(call).into_iter().find(|port| port["id"] == **id).ok_or_else(|| no_port(id));
            found.map(|port| Answer::json(200, &json!({"port": port})))
        }
        _ => return None,
    })
}

/// The ports of the caller's servers; of one server only when the query names it, since there may be many.
fn ports(call: &Call<'_>) -> Vec<Map<String, Value>> {
    let parameters = call.ask.parameters();
    let server = parameters.iter().find(|(key, _)| key == "device_id").map(|(_, value)| value);
    let nodes: Vec<&Node> = match server {
        Some(id) => call.state.nodes.get(id).into_iter().collect(),
        None => call.state.nodes.alive().collect(),
    };
    let mine = nodes.into_iter().filter(|node| node.project == call.caller.project);
    mine.flat_map(|node| node.ports.iter().map(|port| shown(node, port))).collect()
}

/// <https://docs.openstack.org/api-ref/network/v2/#show-port-details>
fn shown(node: &Node, port: &Port) -> Map<String, Value> {
    let shown = json!({
        "id": port.id, "name": "", "network_id": port.network, "tenant_id": node.project,
        "project_id": node.project, "mac_address": port.mac, "admin_state_up": true,
        "status": if node.launched.is_some() { "ACTIVE" } else { "DOWN" }, "device_id": node.id,
        "device_owner": "compute:nova", "allowed_address_pairs": [], "extra_dhcp_opts": [],
        "fixed_ips": [{"subnet_id": port.subnet, "ip_address": port.address}],
        "security_groups": port.groups, "description": "", "binding:vnic_type": "normal",
        "port_security_enabled": true, "tags": [], "created_at": seconds(port.created),
        "updated_at": seconds(port.created), "revision_number": 3,
    });
    shown.as_object().cloned().unwrap_or_default()
}
