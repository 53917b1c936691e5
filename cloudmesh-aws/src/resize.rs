//! Giving an instance another type.
//!
//! It must be stopped for that. What ran runs again in the end, also when somebody broke off in the middle: before the
//! stop a tag says that it ran, and since when, and the same resize goes on where it was. Once it was started by other
//! means, the tag counts no more.

use std::task::Poll;

use async_trait::async_trait;
use aws_sdk_ec2::types::{
    ArchitectureValues, AttributeValue, DeviceType, HibernationOptions, Instance, InstanceLifecycleType,
};
use cloudmesh_abstract::{Effect, Error, ErrorKind, Node, NodeId, NodeState, Resize, Result};

use crate::Aws;
use crate::flavors::chosen_flavor;
use crate::map::node::{node, timestamp};
use crate::node::no_node;
use crate::power::{advised, refused_in};

/// The tag of an instance that ran before its resize, with the time of that launch.
const RAN: &str = "cm-resize";

/// Where a resize finds an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Running,
    /// Stopped by a resize that was broken off.
    BrokenOff,
    Stopped,
}

/// What a resize has to do yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Steps {
    found: Found,
    /// Whether it has another type.
    change: bool,
    /// Whether the tag is there, and goes in the end.
    marked: bool,
}

impl Steps {
    fn stop(self) -> bool {
        self.found == Found::Running && self.change
    }

    fn start(self) -> bool {
        self.stop() || self.found == Found::BrokenOff
    }
}

#[async_trait]
impl Resize for Aws {
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-resize.html>. A running instance is stopped and
    /// started again, and has another public address then, unless it is an Elastic IP. A stopped one stays stopped.
    async fn resize(&self, id: &NodeId, flavor: &str) -> Result<()> {
        let (instance, wanted) = futures::try_join!(self.settled(id), chosen_flavor(&self.client, flavor))?;
        let old = instance.instance_type().map(|kind| kind.as_str().to_owned()).unwrap_or_default();
        let steps = steps(&instance, &wanted.name)?;
        if steps.change {
            check(&instance, &wanted.name, &wanted.architectures)?;
        }
        if steps.stop() {
            self.tag(id, [(RAN, launched(&instance).as_str())]).await?;
            self.stop_for_resize(id).await?;
        }
        if steps.change {
            let changed = self.change_type(id, &wanted.name).await;
            self.or_back(id, &old, steps, changed).await?;
        }
        if steps.start() {
            let started = self.start_instance(id).await;
            self.or_back(id, &old, steps, started).await?;
        }
        if steps.stop() || steps.marked { self.untag(id, &[RAN]).await } else { Ok(()) }
    }
}

impl Aws {
    /// The instance when it is not on its way.
    async fn settled(&self, id: &NodeId) -> Result<Instance> {
        let look = || async {
            let instance = self.instance(id).await?;
            let state = node(instance.clone(), "").status;
            if state == NodeState::Deleted {
                return Err(no_node(id));
            }
            let moves = matches!(state, NodeState::Stopping | NodeState::Pending);
            Ok(if moves { Poll::Pending } else { Poll::Ready(instance) })
        };
        self.followed(id, look).await
    }

    async fn stop_for_resize(&self, id: &NodeId) -> Result<()> {
        if let Err(refused) = self.stopped(id, false).await {
            // Nothing has happened, so nothing is left behind; unless nobody knows.
            if !matches!(refused.kind(), ErrorKind::Timeout | ErrorKind::Unavailable | ErrorKind::Unexpected) {
                self.untag(id, &[RAN]).await?;
            }
            return Err(refused);
        }
        let look = || async {
            let state = node(self.instance(id).await?, "").status;
            match state {
                NodeState::Stopped => Ok(Poll::Ready(())),
                NodeState::Deleted => Err(no_node(id)),
                _ => Ok(Poll::Pending),
            }
        };
        self.followed(id, look).await
    }

    async fn followed<T, F, Fut>(&self, id: &NodeId, look: F) -> Result<T>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<Poll<T>>> + Send,
    {
        let followed = self.client.context().poll(&format!("the stop of `{id}`"), look).await;
        followed.map_err(|error| match error.kind() {
            ErrorKind::Timeout => advised(error, "resize it to the same flavor once more to finish it"),
            _ => error,
        })
    }

    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html>.
    async fn change_type(&self, id: &NodeId, flavor: &str) -> Result<()> {
        let line = format!("ModifyInstanceAttribute {id}");
        let value = AttributeValue::builder().value(flavor).build();
        let ask = |ec2: aws_sdk_ec2::Client| {
            ec2.modify_instance_attribute().instance_id(id.as_str()).instance_type(value.clone()).send()
        };
        match self.client.send(Effect::Idempotent, &line, ask).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explained(id, error).await),
        }
    }

    /// After a refusal, such as for want of room, lets what ran run again as it was.
    async fn or_back(&self, id: &NodeId, old: &str, steps: Steps, outcome: Result<()>) -> Result<()> {
        let Err(refused) = outcome else { return Ok(()) };
        if !steps.start() {
            return Err(refused);
        }
        let back = async {
            self.change_type(id, old).await?;
            self.start_instance(id).await?;
            self.untag(id, &[RAN]).await
        };
        let advice = match back.await {
            Ok(()) => format!("it runs again with flavor `{old}`; try another flavor"),
            Err(error) => format!("it is stopped, and could not be started again ({}); start it", error.message()),
        };
        Err(advised(refused, &advice))
    }
}

/// What is to be done with an instance that is not on its way.
fn steps(instance: &Instance, wanted: &str) -> Result<Steps> {
    let node = node(instance.clone(), "");
    let ran = node.metadata.get(RAN);
    let change = node.flavor.as_deref() != Some(wanted);
    let found = match node.status {
        NodeState::Running => Found::Running,
        NodeState::Stopped if ran.is_some_and(|since| *since == launched(instance)) => Found::BrokenOff,
        NodeState::Stopped => Found::Stopped,
        _ => return Err(refused(&node)),
    };
    Ok(Steps { found, change, marked: ran.is_some() })
}

/// When an instance was launched or last started.
fn launched(instance: &Instance) -> String {
    let time = instance.launch_time().and_then(timestamp);
    time.map_or_else(|| "unknown".to_owned(), |time| time.to_string())
}

fn refused(node: &Node) -> Error {
    refused_in(node, Error::new(ErrorKind::Conflict, format!("a node that is {} has no other flavor", node.status)))
}

/// What AWS would refuse when the instance is stopped already.
fn check(instance: &Instance, wanted: &str, architectures: &[String]) -> Result<()> {
    let has = instance.architecture().map(ArchitectureValues::as_str);
    let spot = instance.instance_lifecycle() == Some(&InstanceLifecycleType::Spot);
    let (kind, message) = if let Some(has) = has.filter(|has| !architectures.iter().any(|one| one == has)) {
        let offered = architectures.join(", ");
        let message = format!("flavor `{wanted}` is made for {offered}, and the node's disk for {has}");
        (ErrorKind::InvalidInput, format!("{message}; choose a flavor for {has}"))
    } else if spot {
        (ErrorKind::Conflict, "a spot instance keeps its flavor; make another node".to_owned())
    } else if instance.hibernation_options().and_then(HibernationOptions::configured) == Some(true) {
        (ErrorKind::Conflict, "a node that was made to be suspended keeps its flavor; make another node".to_owned())
    } else if instance.root_device_type() == Some(&DeviceType::InstanceStore) {
        (ErrorKind::Conflict, "a node on a disk of its host cannot be stopped; make another node".to_owned())
    } else {
        return Ok(());
    };
    Err(Error::new(kind, message))
}

#[cfg(test)]
mod tests {
    use super::{RAN, check, steps};
    use aws_sdk_ec2::types::builders::InstanceBuilder;
    use aws_sdk_ec2::types::{
        ArchitectureValues, DeviceType, HibernationOptions, Instance, InstanceLifecycleType, InstanceState,
        InstanceStateName, InstanceType, StateReason, Tag,
    };
    use aws_smithy_types::DateTime;
    use cloudmesh_abstract::ErrorKind;

    fn instance(state: &str, marked: bool) -> InstanceBuilder {
        let state = InstanceState::builder().name(InstanceStateName::from(state)).build();
        let tags = marked.then(|| vec![Tag::builder().key(RAN).value("2026-01-01T00:00:00Z").build()]);
        let instance = Instance::builder().instance_id("i-7").state(state).instance_type(InstanceType::T3Micro);
        instance.launch_time(DateTime::from_secs(1_767_225_600)).set_tags(tags)
    }

    #[test]
    fn a_resize_does_what_is_left_to_do() {
        let of = |stop, change, start, cleared| Some((stop, change, start, cleared));
        let table = [
            ("running", false, "t3.large", of(true, true, true, false)),
            ("running", false, "t3.micro", of(false, false, false, false)),
            ("stopped", false, "t3.large", of(false, true, false, false)),
            ("stopped", false, "t3.micro", of(false, false, false, false)),
            // Broken off after the stop, after the change, after the start.
            ("stopped", true, "t3.large", of(false, true, true, true)),
            ("stopped", true, "t3.micro", of(false, false, true, true)),
            ("running", true, "t3.micro", of(false, false, false, true)),
            ("shutting-down", false, "t3.large", None),
            ("teleporting", false, "t3.large", None),
        ];
        for (state, marked, wanted, expected) in table {
            let told = steps(&instance(state, marked).build(), wanted).ok();
            let told = told.map(|steps| (steps.stop(), steps.change, steps.start(), steps.marked));
            assert_eq!(told, expected, "{state} {marked} {wanted}");
        }
    }

    #[test]
    fn what_was_started_and_stopped_since_a_broken_off_resize_stays_stopped() {
        let later = instance("stopped", true).launch_time(DateTime::from_secs(1_767_225_700)).build();
        for (wanted, change) in [("t3.large", true), ("t3.micro", false)] {
            let steps = steps(&later, wanted).unwrap();
            assert_eq!((steps.stop(), steps.change, steps.start(), steps.marked), (false, change, false, true));
        }
    }

    #[test]
    fn a_suspended_node_is_resumed_first() {
        let reason = StateReason::builder().code("Client.UserInitiatedHibernate").build();
        let error = steps(&instance("stopped", false).state_reason(reason).build(), "t3.large").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(error.message().ends_with("it is suspended; resume it first"), "{error}");
    }

    #[test]
    fn what_would_be_refused_after_the_stop_is_told_before() {
        let running = || instance("running", false).architecture(ArchitectureValues::X8664);
        let table = [
            (running(), vec!["arm64"], Some((ErrorKind::InvalidInput, "choose a flavor for x86_64"))),
            (running(), vec!["i386", "x86_64"], None),
            (instance("running", false), vec!["arm64"], None),
            (
                running().instance_lifecycle(InstanceLifecycleType::Spot),
                vec!["x86_64"],
                Some((ErrorKind::Conflict, "a spot instance")),
            ),
            (
                running().hibernation_options(HibernationOptions::builder().configured(true).build()),
                vec!["x86_64"],
                Some((ErrorKind::Conflict, "made to be suspended")),
            ),
            (
                running().root_device_type(DeviceType::InstanceStore),
                vec!["x86_64"],
                Some((ErrorKind::Conflict, "cannot be stopped")),
            ),
        ];
        for (instance, architectures, expected) in table {
            let architectures: Vec<String> = architectures.into_iter().map(str::to_owned).collect();
            let told = check(&instance.build(), "t4g.large", &architectures);
            match expected {
                None => told.unwrap(),
                Some((kind, why)) => {
                    let error = told.unwrap_err();
                    assert_eq!(error.kind(), kind);
                    assert!(error.message().contains(why), "{error} does not say `{why}`");
                }
            }
        }
    }
}
