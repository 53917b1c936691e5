//! What a server printed, and the ways to its screen.

use serde_json::json;
use uuid::Uuid;

use super::call::{Call, Reply};
use super::fault::Fault;
use super::ordered::Ordered;
use super::shapes;
use super::version::Version;
use crate::exchange::{Answer, Ask};
use crate::openstack::urls::Urls;

/// The actions that opened a screen before there was a resource for it, the protocol of each, and its kinds.
pub(super) const ACTIONS: [(&str, &str, &[&str]); 4] = [
    ("os-getVNCConsole", "vnc", &["novnc", "xvpvnc"]),
    ("os-getSPICEConsole", "spice", &["spice-html5"]),
    ("os-getRDPConsole", "rdp", &["rdp-html5"]),
    ("os-getSerialConsole", "serial", &["serial"]),
];

/// The screens that there are when they are open.
const OPEN: [(&str, &str); 2] = [("vnc", "novnc"), ("serial", "serial")];

/// What the server printed: all of it, or its last lines.
pub(super) fn output(call: &mut Call<'_>, id: &str, argument: &Ordered) -> Reply {
    let node = call.server(id)?;
    if !node.has_home() || node.launched.is_none() {
        return Err(Fault::conflict(format!("Instance {id} is not ready")));
    }
    let text = printed(&node.hostname);
    let lines: Vec<&str> = text.split('\n').collect();
    let wanted = argument.get("length").and_then(|length| length.bare().parse::<i64>().ok());
    let shown = match wanted {
        None => text.clone(),
        Some(length) => tail(&lines, length).join("\n"),
    };
    Ok(Answer::json(200, &json!({"output": shown})))
}

/// The last lines, counted as Nova does it: a negative number is how many of the first ones are left out.
fn tail<'a>(lines: &'a [&'a str], length: i64) -> &'a [&'a str] {
    let count = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX).min(lines.len());
    if length < 0 { &lines[count..] } else { &lines[lines.len() - count..] }
}

fn printed(name: &str) -> String {
    [
        "[    0.000000] Linux version 6.8.0",
        "[    0.412000] Memory: 2014208K/2096636K available",
        "[    0.893000] virtio_net virtio0 ens3: renamed from eth0",
        &format!("[    1.204000] systemd[1]: Hostname set to <{name}>."),
        "[    3.518000] cloud-init[598]: Cloud-init running 'init'",
        "[    4.731000] cloud-init[612]: finished",
        "",
        &format!("{name} login: "),
    ]
    .join("\n")
}

/// Opens a screen, in the way that there has been since 2.6.
pub(super) fn open(call: &mut Call<'_>, id: &str) -> Reply {
    if call.version < Version(6) {
        return Err(Fault::no_resource());
    }
    let body = call.body(&shapes::remote_console(call.version))?;
    let wanted = body.get("remote_console").ok_or_else(Fault::malformed)?;
    let (protocol, kind) = (text(wanted, "protocol"), text(wanted, "type"));
    let url = address(call, id, protocol, kind)?;
    Ok(Answer::json(200, &json!({"remote_console": {"protocol": protocol, "type": kind, "url": url}})))
}

/// Opens a screen in the older way, which ended with 2.5.
pub(super) fn action(call: &mut Call<'_>, id: &str, protocol: &str, argument: &Ordered) -> Reply {
    let kind = text(argument, "type");
    let url = address(call, id, protocol, kind)?;
    Ok(Answer::json(200, &json!({"console": {"type": kind, "url": url}})))
}

fn text<'a>(group: &'a Ordered, key: &str) -> &'a str {
    group.text_at(key).unwrap_or_default()
}

fn address(call: &mut Call<'_>, id: &str, protocol: &str, kind: &str) -> Result<String, Fault> {
    let node = call.server(id)?;
    if !node.has_home() || node.launched.is_none() {
        return Err(Fault::conflict(format!("Instance {id} is not ready")));
    }
    if !call.state.consoles || !OPEN.contains(&(protocol, kind)) {
        return Err(Fault::bad(format!("Unavailable console type {kind}.")));
    }
    let (base, token) = (Urls::new(call.ask).console(), Uuid::new_v4());
    Ok(match protocol {
        "serial" => format!("{}/?token={token}", base.replacen("http", "ws", 1)),
        _ => format!("{base}/vnc_auto.html?path=%3Ftoken%3D{token}"),
    })
}

/// The page behind the address of a screen.
pub(in crate::openstack) fn page(ask: &Ask) -> Answer {
    if ask.parts().get(1).is_some_and(|part| part == "vnc_auto.html") {
        return Answer::html(200, "<html><head><title>Console</title></head><body>No guest runs here.</body></html>");
    }
    Answer::html(404, "<html><head><title>404 Not Found</title></head><body></body></html>")
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn lines_are_counted_from_the_end() {
        let lines = ["a", "b", "c"];
        let table: [(i64, &[&str]); 5] = [(1, &["c"]), (2, &["b", "c"]), (9, &lines), (0, &[]), (-1, &["b", "c"])];
        for (length, wanted) in table {
            assert_eq!(tail(&lines, length), wanted, "{length}");
        }
    }
}
