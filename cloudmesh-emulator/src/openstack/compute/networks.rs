//! The networks and ports that a new server is wished with.

use super::call::Call;
use super::fault::Fault;
use super::ordered::Ordered;
use super::schema::is_uuid;
use crate::world::port::Plug;

/// The networks that are asked for.
#[derive(Debug)]
pub(super) enum Networks {
    These(Vec<Wanted>),
    Automatic,
    None,
}

/// A place that a server is plugged in at.
#[derive(Debug)]
pub(super) struct Wanted {
    network: Option<String>,
    port: Option<String>,
    /// The address that it shall have.
    address: Option<String>,
}

impl Networks {
    /// Reads them.
    pub(super) fn parse(server: &Ordered) -> Result<Self, Fault> {
        match server.get("networks") {
            Some(Ordered::Text(word)) if word == "none" => Ok(Self::None),
            Some(Ordered::List(entries)) if !entries.is_empty() => {
                let plugs: Vec<Wanted> = entries.iter().map(plug).collect::<Result<_, _>>()?;
                once(&plugs)?;
                Ok(Self::These(plugs))
            }
            _ => Ok(Self::Automatic),
        }
    }

    /// Refuses what only one server can have.
    pub(super) fn several(&self, most: usize) -> Result<(), Fault> {
        let Self::These(plugs) = self else { return Ok(()) };
        if most < 2 {
            return Ok(());
        }
        if plugs.iter().any(|plug| plug.network.is_some() && plug.address.is_some()) {
            let told = "max_count cannot be greater than 1 if an fixed_ip is specified.";
            return Err(Fault::bad(format!("Failed to launch instances: {told}")));
        }
        if plugs.iter().any(|plug| plug.port.is_some()) {
            let told = "Unable to launch multiple instances with a single configured port ID. Please launch your \
                        instance one by one with different ports.";
            return Err(Fault::bad(format!("Failed to launch instances: {told}")));
        }
        Ok(())
    }

    /// Where a server is plugged in, and how many there can be for the ports that are left; without a choice, the project's own network, of which there must be one.
    pub(super) fn choose(self, call: &Call<'_>, (least, most): (usize, usize)) -> Result<(Vec<Plug>, usize), Fault> {
        let plugs = match self {
            Self::These(wanted) => wanted.into_iter().map(|plug| found(call, plug)).collect::<Result<Vec<_>, _>>()?,
            Self::None => Vec::new(),
            Self::Automatic => automatic(call)?,
        };
        let new = plugs.iter().filter(|plug| matches!(plug, Plug::Network { .. })).count();
        match free_ports(call).checked_div(new) {
            Some(room) if room < least => Err(Fault::forbidden("Maximum number of ports exceeded")),
            Some(room) => Ok((plugs, most.min(room))),
            None => Ok((plugs, most)),
        }
    }
}

fn plug(entry: &Ordered) -> Result<Wanted, Fault> {
    let text = |key: &str| entry.text_at(key).map(str::to_owned);
    let (port, address) = (text("port"), text("fixed_ip"));
    if let Some((port, address)) = port.as_ref().zip(address.as_ref()) {
        let told = format!("Specified Fixed IP '{address}' cannot be used with port '{port}'");
        return Err(Fault::bad(format!("{told}: the two cannot be specified together.")));
    }
    if port.is_some() {
        return Ok(Wanted { network: None, port, address });
    }
    let id = text("uuid").ok_or_else(|| Fault::bad("Bad network format: missing 'uuid'"))?;
    if !is_uuid(&id) {
        return Err(Fault::bad(format!("Bad networks format: network uuid is not in proper format ({id})")));
    }
    Ok(Wanted { network: Some(id), port, address })
}

/// A port can be named once only.
fn once(plugs: &[Wanted]) -> Result<(), Fault> {
    for (index, plug) in plugs.iter().enumerate() {
        if let Some(port) =
            plug.port.as_ref().filter(|port| plugs[..index].iter().any(|one| one.port.as_ref() == Some(port)))
        {
            let told = format!("Port ID '{port}' was specified twice");
            return Err(Fault::bad(format!("{told}: you cannot attach a port multiple times.")));
        }
    }
    Ok(())
}

fn found(call: &Call<'_>, wanted: Wanted) -> Result<Plug, Fault> {
    if let Some(id) = wanted.port {
        let port = call.state.port(&id).filter(|port| port.project == call.caller.project);
        let port = port.ok_or_else(|| Fault::bad(format!("Port id {id} could not be found.")))?;
        return match (port.device.is_empty(), port.fixed.is_empty()) {
            (false, _) => Err(Fault::conflict(format!("Port {id} is still in use."))),
            (true, true) => Err(Fault::bad(format!("Port {id} requires a FixedIP in order to be used."))),
            (true, false) => Ok(Plug::Port { id }),
        };
    }
    let id = wanted.network.unwrap_or_default();
    let found = call.state.network(&id).filter(|one| one.external || one.project == call.caller.project);
    let found = found.ok_or_else(|| Fault::bad(format!("Network {id} could not be found.")))?;
    Ok(Plug::Network { id: found.id.clone(), address: wanted.address.and_then(|address| address.parse().ok()) })
}

/// How many ports the project may still make; those of servers do not count, as many may stand there from the start.
fn free_ports(call: &Call<'_>) -> usize {
    let used = call.state.ports.iter().filter(|port| port.project == call.caller.project).count();
    call.state.network_quotas.limit("port").map_or(usize::MAX, |limit| limit.saturating_sub(used))
}

fn automatic(call: &Call<'_>) -> Result<Vec<Plug>, Fault> {
    let own = call.state.networks.iter().filter(|one| one.project == call.caller.project);
    let with_subnet = |id: &str| call.state.subnets.iter().any(|subnet| subnet.network == id);
    let own = own.filter(|one| with_subnet(&one.id));
    let plugs: Vec<Plug> = own.map(|one| Plug::Network { id: one.id.clone(), address: None }).collect();
    match plugs.len() {
        0 | 1 => Ok(plugs),
        _ => Err(Fault::conflict("Multiple possible networks found, use a Network ID to be more specific.")),
    }
}
