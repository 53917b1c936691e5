//! What would be done.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::conformance::{Seen, Troubles};
use crate::{
    Call, Capability, ComputeNodeABC, Direction, DryRun, ErrorKind, Ethertype, KeyPair, Leftover, Node, NodeId,
    NodeQuery, NodeSpec, NodeState, Operation, Protocol, Raw, RawCall, RebootKind, Rehearsal, Request, SecurityRule,
    UserData,
};

pub(super) const CHECKS: &[Check] = &[
    check!(a_dry_run_changes_nothing: "A dry run sends nothing that changes anything."),
    check!(a_dry_run_says_what_would_be_done: "A dry run says exactly what would be done."),
    check!(a_rehearsed_change_sends_nothing_and_shows_its_request:
        "A rehearsed change is shown as its request, without user data, and not sent."),
    check!(a_dry_run_refuses_what_could_not_be_done: "A dry run checks that it could be done."),
    check!(a_raw_look_is_answered_in_a_dry_run: "What only looks is done in a dry run, and is no part of its plan.",
        Need::Capability(Capability::Raw)),
];

/// Every request that changes something.
fn changes(bench: &Bench, id: &NodeId) -> Vec<Request> {
    let (name, address) = (bench.name("dry"), "198.51.100.77".to_owned());
    let rule = SecurityRule::new(Direction::Ingress, Ethertype::IPv4, Protocol::Tcp(22, 22));
    let pairs = BTreeMap::from([("dry".to_owned(), "run".to_owned())]);
    vec![
        Request::Create(Box::new(bench.spec("dry"))),
        Request::Stop(id.clone()),
        Request::Start(id.clone()),
        Request::Reboot(id.clone(), RebootKind::Hard),
        Request::Suspend(id.clone()),
        Request::Resume(id.clone()),
        Request::Rename(id.clone(), name.clone()),
        Request::Resize(id.clone(), bench.props().flavor),
        Request::SetServerMetadata(id.clone(), pairs),
        Request::DeleteServerMetadata(id.clone(), vec!["cm-name".to_owned()]),
        Request::KeyUpload(KeyPair::new(&name).with_public_key(super::ED25519)),
        Request::KeyDelete(name.clone()),
        Request::CreatePublicIp(None),
        Request::AttachPublicIp(id.clone(), address.clone()),
        Request::DetachPublicIp(id.clone(), address.clone()),
        Request::DeletePublicIp(address),
        Request::AddSecgroup(name.clone(), "dry".to_owned()),
        Request::AddRulesToSecgroup(name.clone(), vec![rule.clone()]),
        Request::RemoveRulesFromSecgroup(name.clone(), vec![rule]),
        Request::RemoveSecgroup(name.clone()),
        Request::RemoveLeftover(Leftover::new("dry", name, "address")),
        Request::Raw(RawCall::new("DELETE", format!("/{id}"))),
        Request::Destroy(id.clone()),
    ]
}

/// The nodes of this check as they are now.
async fn nodes(bench: &Bench) -> Result<Vec<Node>, Failure> {
    let mut nodes = bench.cloud()?.list(&NodeQuery::new()).await?;
    nodes.retain(|node| node.name.starts_with(bench.prefix()));
    Ok(nodes)
}

async fn a_dry_run_changes_nothing(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    let before = nodes(bench).await?;
    cloud.trace.take();
    let seen = arrived(bench).len();
    let Cloud { nodes: provider, trace, .. } = cloud;
    let dry = DryRun::new(provider);
    for request in changes(bench, &id) {
        // Some of them could not be done; what counts is that nothing is.
        _ = dry.call(request).await;
    }
    let sent: Vec<_> = trace.take().into_iter().filter(|sent| sent.effect.changes()).collect();
    ensure!(sent.is_empty(), "a dry run sent {sent:?}");
    let late = arrived(bench).split_off(seen);
    ensure!(late.is_empty(), "from a dry run {late:?} arrived");
    let after = nodes(bench).await?;
    ensure!(before == after, "before the dry run: {before:?}; after it: {after:?}");
    Ok(())
}

async fn a_rehearsed_change_sends_nothing_and_shows_its_request(bench: &Bench) -> Outcome {
    const SECRET: &str = "hunter2-in-user-data";
    let id = bench.cloud()?.boot(&bench.spec("a")).await?.id;
    let before = nodes(bench).await?;
    let rehearsed = bench.cloud_in(|builder| builder.rehearsal(Rehearsal::default()))?;
    let (seen, trace) = (arrived(bench), rehearsed.trace.clone());
    let dry = DryRun::new(rehearsed.nodes).rehearsing(&rehearsed.context);
    let spec = bench.spec("b").with_user_data(UserData::new(SECRET));
    dry.create(&spec).await?;
    dry.stop(&id).await?;
    dry.reboot(&id, RebootKind::Hard).await?;
    dry.destroy(&id).await?;
    let (plan, mut sent) = (dry.plan(), trace.take());
    let shown = plan.requests();
    for step in plan.steps() {
        let change = step.first_change.clone().unwrap_or_default();
        let found = shown.iter().any(|shown| shown.request == change && !shown.sent);
        ensure!(found, "of `{step}` no request is shown that was not sent: {shown:?}");
    }
    let bodies: Vec<String> = shown.iter().filter_map(|shown| shown.body.as_ref().map(ToString::to_string)).collect();
    ensure!(bodies.iter().any(|body| body.contains(&spec.name)), "no body names `{}`: {bodies:?}", spec.name);
    let secrets = [SECRET.to_owned(), STANDARD.encode(SECRET)];
    ensure!(!secrets.iter().any(|secret| bodies.concat().contains(secret)), "a body shows user data");
    sent.retain(|sent| sent.effect.changes());
    ensure!(sent.is_empty(), "a rehearsal sent {sent:?}");
    let late = arrived(bench).split_off(seen.len());
    ensure!(late.is_empty(), "from a rehearsal {late:?} arrived");
    let after = nodes(bench).await?;
    ensure!(before == after, "before the rehearsal: {before:?}; after it: {after:?}");
    Ok(())
}

/// The changes that arrived at the cloud, where it can tell.
fn arrived(bench: &Bench) -> Vec<Seen> {
    let mut seen = bench.stage.troubles().map(Troubles::seen).unwrap_or_default();
    seen.retain(|seen| seen.operation.is_some_and(|operation| !operation.is_read()));
    seen
}

async fn a_dry_run_says_what_would_be_done(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let (id, spec) = (cloud.boot(&bench.spec("a")).await?.id, bench.spec("b"));
    let flavor = cloud.flavor(&spec.flavor).await?.name;
    let dry = DryRun::new(cloud.nodes);
    let pretended = dry.create(&spec).await?;
    ensure!(pretended.name == spec.name, "the node that was not made is called `{}`", pretended.name);
    ensure!(pretended.status == NodeState::Unknown, "the node that was not made is {}", pretended.status);
    dry.stop(&id).await?;
    dry.destroy(&id).await?;
    let steps = dry.plan().steps();
    let told: Vec<_> = steps.iter().map(|step| (step.operation, step.subject.as_str())).collect();
    let name = bench.name("a");
    let detail = steps.first().map(|step| step.detail.clone()).unwrap_or_default();
    ensure!(detail.contains(&flavor), "the plan to create says `{detail}`, and not the flavor `{flavor}`");
    let expected = [
        (Operation::Create, spec.name.as_str()),
        (Operation::Stop, name.as_str()),
        (Operation::Destroy, name.as_str()),
    ];
    ensure!(told == expected, "the plan is {told:?}, not {expected:?}");
    Ok(())
}

async fn a_dry_run_refuses_what_could_not_be_done(bench: &Bench) -> Outcome {
    let dry = DryRun::new(bench.cloud()?.nodes);
    let spec = bench.spec("a");
    // A name that begins as a good one does must not pass for it.
    let bad_image = NodeSpec { image: format!("{}-not", spec.image), ..spec.clone() };
    let bad_flavor = NodeSpec { flavor: format!("{}-not", spec.flavor), ..spec };
    for (what, bad) in [("an unknown image", bad_image), ("an unknown flavor", bad_flavor)] {
        refused(what, dry.create(&bad).await, &[ErrorKind::InvalidInput])?;
    }
    refused("`start` of an unknown id", dry.start(&super::unknown_id()).await, &[ErrorKind::NotFound])?;
    ensure!(dry.plan().steps().is_empty(), "the plan has what could not be done");
    Ok(())
}

async fn a_raw_look_is_answered_in_a_dry_run(bench: &Bench) -> Outcome {
    let Some(path) = bench.props().raw else { return Ok(()) };
    let rehearsed = bench.cloud_in(|builder| builder.rehearsal(Rehearsal::default()))?;
    let dry = DryRun::new(rehearsed.nodes).rehearsing(&rehearsed.context);
    let answer = dry.raw(&RawCall::new("GET", &path)).await?;
    ensure!(!answer.is_null(), "in a dry run `GET {path}` gives nothing");
    ensure!(dry.plan().steps().is_empty(), "a look is in the plan: {:?}", dry.plan().steps());
    Ok(())
}
