//! Changing one attribute of an instance: `ModifyInstanceAttribute`.

use cloudmesh_abstract::Secret;

use super::options::user_data;
use crate::aws::call::{Call, Reply};
use crate::aws::fault::Fault;
use crate::aws::form::Params;
use crate::aws::land::instance::State;
use crate::aws::land::{Land, instance_type};
use crate::aws::xml::Xml;

/// A change.
#[derive(Debug)]
enum Change<'a> {
    Type(&'a str),
    UserData(Option<Secret>),
    Protected(bool),
    StopProtected(bool),
    Shutdown(&'static str),
    SourceDestCheck(bool),
    EbsOptimized(bool),
    Groups(Vec<&'a str>),
    /// Devices, and whether their volumes go with the instance.
    Disks(Vec<(&'a str, Option<bool>)>),
    /// What makes no difference here.
    Nothing,
}

pub(super) fn modify(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let id = params.required("InstanceId")?;
    let mut changes = read(&params)?;
    let Some(change) = changes.pop() else {
        return Err(Fault::combination("No attributes specified."));
    };
    if !changes.is_empty() {
        return Err(Fault::combination("Fields for multiple attribute types specified."));
    }
    let land = call.change()?;
    land.known(&[id])?;
    apply(land, id, change)?;
    Ok(Xml::done())
}

fn read<'a>(params: &Params<'a>) -> Result<Vec<Change<'a>>, Fault> {
    let text = |name: &str| params.part(name).and_then(|part| part.text("Value"));
    let flag = |name: &str| params.part(name).map_or(Ok(None), |part| part.flag("Value"));
    let named = params.text("Attribute");
    let value = |name: &str| if named == Some(name) { params.text("Value") } else { None };
    let behaviour = match (params.part("InstanceInitiatedShutdownBehavior"), named) {
        (Some(part), _) => part.choice("Value", &["stop", "terminate"])?,
        (None, Some("instanceInitiatedShutdownBehavior")) => params.choice("Value", &["stop", "terminate"])?,
        _ => None,
    };
    let data = text("UserData").or_else(|| value("userData")).map(user_data).transpose()?;
    let groups = params.list("GroupId");
    let disks = disks(params)?;
    let all = [
        text("InstanceType").or_else(|| value("instanceType")).map(Change::Type),
        data.map(Change::UserData),
        flag("DisableApiTermination")?.or(named_flag(params, "disableApiTermination")?).map(Change::Protected),
        flag("DisableApiStop")?.or(named_flag(params, "disableApiStop")?).map(Change::StopProtected),
        behaviour.map(Change::Shutdown),
        flag("SourceDestCheck")?.map(Change::SourceDestCheck),
        flag("EbsOptimized")?.map(Change::EbsOptimized),
        flag("EnaSupport")?.map(|_| Change::Nothing),
        (!groups.is_empty()).then_some(Change::Groups(groups)),
        (!disks.is_empty()).then_some(Change::Disks(disks)),
    ];
    Ok(all.into_iter().flatten().collect())
}

fn named_flag(params: &Params<'_>, name: &str) -> Result<Option<bool>, Fault> {
    if params.text("Attribute") == Some(name) { params.flag("Value") } else { Ok(None) }
}

fn disks<'a>(params: &Params<'a>) -> Result<Vec<(&'a str, Option<bool>)>, Fault> {
    let read = |part: Params<'a>| {
        let goes_with = part.part("Ebs").map_or(Ok(None), |ebs| {
            ebs.text("VolumeId");
            ebs.flag("DeleteOnTermination")
        })?;
        Ok((part.required("DeviceName")?, goes_with))
    };
    params.parts("BlockDeviceMapping").into_iter().map(read).collect()
}

fn apply(land: &mut Land, id: &str, change: Change<'_>) -> Result<(), Fault> {
    match change {
        Change::Groups(groups) => {
            let groups: Vec<String> = groups.into_iter().map(str::to_owned).collect();
            let first = land.interfaces_of(id).first().map(|nic| nic.id.clone());
            return first.map_or(Ok(()), |nic| land.regroup(&nic, &groups));
        }
        Change::Disks(disks) => return keep_disks(land, id, &disks),
        _ => {}
    }
    let one = land.known_one(id)?;
    let stopped = one.state == State::Stopped;
    let needs_stop =
        matches!(change, Change::Type(_) | Change::UserData(_) | Change::EbsOptimized(_) | Change::Nothing);
    if needs_stop && !stopped {
        let told = format!("The instance '{id}' is not in the 'stopped' state.");
        return Err(Fault::new("IncorrectInstanceState", told));
    }
    match change {
        Change::Type(name) => {
            let kind = instance_type::find(name)?;
            if !kind.boots(one.arch) {
                let told = format!(
                    "The instance configuration for this AWS Marketplace product or image is not supported: its \
                     architecture '{}' does not match that of '{name}'.",
                    one.arch.name()
                );
                return Err(Fault::new("InvalidParameterValue", told));
            }
            if one.options.hibernates && kind.name != one.kind.name {
                let told =
                    format!("You can't change the type of the instance '{id}', which is enabled for hibernation");
                return Err(Fault::new("UnsupportedOperation", told));
            }
            one.kind = kind;
        }
        Change::UserData(data) => one.options.user_data = data,
        Change::Protected(on) => one.options.protected = on,
        Change::StopProtected(on) => one.options.stop_protected = on,
        Change::Shutdown(what) => one.options.terminates_on_shutdown = what == "terminate",
        Change::SourceDestCheck(on) => one.options.source_dest_check = on,
        Change::EbsOptimized(on) => one.options.ebs_optimized = on,
        Change::Groups(_) | Change::Disks(_) | Change::Nothing => {}
    }
    Ok(())
}

fn keep_disks(land: &mut Land, id: &str, disks: &[(&str, Option<bool>)]) -> Result<(), Fault> {
    for (device, goes_with) in disks {
        let own = land.volumes_of(id).into_iter();
        let found = own.map(|volume| (volume.id.clone(), volume.mount.as_ref().map(|mount| mount.device.clone())));
        let found = found.into_iter().find(|(_, at)| at.as_deref() == Some(device)).map(|(volume, _)| volume);
        let told = || {
            let told = format!("No device is currently mapped at {device}");
            Fault::new("InvalidInstanceAttributeValue", told)
        };
        let volume = found.ok_or_else(told)?;
        let mount = land.volumes.get_mut(&volume).and_then(|volume| volume.mount.as_mut());
        if let (Some(mount), Some(goes_with)) = (mount, goes_with) {
            mount.goes_with = *goes_with;
        }
    }
    Ok(())
}
