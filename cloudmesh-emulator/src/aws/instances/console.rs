//! What an instance has written to its console: `GetConsoleOutput`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::aws::call::{Call, Reply};
use crate::aws::fault::Fault;
use crate::aws::land::instance::Instance;
use crate::aws::land::time;
use crate::aws::xml::Xml;

pub(super) fn output(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let id = params.required("InstanceId")?;
    let latest = params.flag("Latest")?.unwrap_or(false);
    let land = call.look()?;
    let (now, one) = (land.now, land.known_one(id)?.clone());
    if latest && one.kind.hypervisor() == Some("xen") {
        let told = "This instance type does not support retrieving the latest console logs. Supported instance types are \
                    available here: http://docs.aws.amazon.com/console/ec2/instances/latest-console-output";
        return Err(Fault::new("UnsupportedOperation", told));
    }
    // Without being asked for the latest, what is told is what was posted some time after the boot.
    let written = one.booted.filter(|booted| latest || land.is_up(*booted));
    let mut xml = Xml::new();
    xml.text("instanceId", id);
    xml.text("timestamp", time(written.map_or(now, |booted| if latest { now } else { booted })));
    if written.is_some() {
        xml.text("output", STANDARD.encode(log(&one, land.tags.value(id, "Name"))));
    }
    Ok(xml)
}

/// What a machine tells when it boots.
fn log(one: &Instance, name: Option<&str>) -> String {
    let (name, kind, root) = (name.unwrap_or(&one.id), &one.kind.name, one.root);
    [
        format!("[    0.000000] Linux version 6.8.0 ({}) on {kind}", one.arch.name()),
        format!("[    0.412000] Kernel command line: root={root} console=ttyS0"),
        format!("[    1.903000] cloud-init: instance-id {}", one.id),
        String::new(),
        format!("{name} login: "),
    ]
    .join("\r\n")
}
