//! Instances: made, described, started, stopped, changed, ended.

mod attributes;
mod console;
mod describe;
mod disks;
mod filter;
mod metadata;
mod modify;
mod nics;
mod options;
mod power;
mod run;
mod shown;
mod spot;
mod status;

use super::call::Action;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "RunInstances", run: run::run },
    Action { name: "DescribeInstances", run: describe::describe },
    Action { name: "DescribeInstanceStatus", run: status::describe },
    Action { name: "StartInstances", run: power::start },
    Action { name: "StopInstances", run: power::stop },
    Action { name: "RebootInstances", run: power::reboot },
    Action { name: "TerminateInstances", run: power::terminate },
    Action { name: "DescribeInstanceAttribute", run: attributes::describe },
    Action { name: "ModifyInstanceAttribute", run: modify::modify },
    Action { name: "ModifyInstanceMetadataOptions", run: metadata::modify },
    Action { name: "GetConsoleOutput", run: console::output },
    Action { name: "DescribeSpotInstanceRequests", run: spot::describe },
    Action { name: "CancelSpotInstanceRequests", run: spot::cancel },
];
