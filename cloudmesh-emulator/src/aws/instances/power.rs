//! Starting, stopping, rebooting and ending instances.

use super::shown;
use crate::aws::call::{Call, Reply};
use crate::aws::fault::Fault;
use crate::aws::form::Params;
use crate::aws::land::Land;
use crate::aws::xml::Xml;

pub(super) fn start(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let ids = ids(&params)?;
    params.text("AdditionalInfo");
    each(call.change()?, &ids, Land::start)
}

pub(super) fn stop(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let ids = ids(&params)?;
    let hibernates = params.flag("Hibernate")?.unwrap_or(false);
    let force = params.flag("Force")?.unwrap_or(false);
    params.flag("SkipOsShutdown")?;
    if hibernates && force {
        let told = "The parameter hibernate cannot be used with the parameter force";
        return Err(Fault::combination(told));
    }
    each(call.change()?, &ids, |land, id| land.stop(id, hibernates))
}

pub(super) fn terminate(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let ids = ids(&params)?;
    params.flag("Force")?;
    params.flag("SkipOsShutdown")?;
    each(call.change()?, &ids, Land::terminate)
}

pub(super) fn reboot(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let ids = ids(&params)?;
    each(call.change()?, &ids, Land::reboot)?;
    Ok(Xml::done())
}

fn ids<'a>(params: &Params<'a>) -> Result<Vec<&'a str>, Fault> {
    let ids = params.list("InstanceId");
    if ids.is_empty() { Err(Fault::missing("InstanceId")) } else { Ok(ids) }
}

/// Does something with all instances or, where one of them refuses, with none.
fn each(land: &mut Land, ids: &[&str], what: impl Fn(&mut Land, &str) -> Result<(), Fault>) -> Reply {
    let ids = land.known(ids)?;
    let kept: Vec<_> = ids.iter().filter_map(|id| land.instances.get(id)).cloned().collect();
    for (place, id) in ids.iter().enumerate() {
        if let Err(fault) = what(land, id) {
            kept[..place].iter().for_each(|before| land.restore(before));
            return Err(fault);
        }
    }
    let mut xml = Xml::new();
    xml.set("instancesSet", &kept, |xml, before| {
        xml.text("instanceId", &before.id);
        let now = land.instances.get(&before.id).map_or(before.state, |one| one.state);
        shown::state(xml, "currentState", now);
        shown::state(xml, "previousState", before.state);
    });
    Ok(xml)
}
