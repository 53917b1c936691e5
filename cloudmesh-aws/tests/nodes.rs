//! Nodes, on the emulator: what each operation sends, what bad input is told, and what a broken-off resize leaves.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::sync::Arc;
use std::task::Poll;

use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Console, Context, ErrorKind, Metadata, NodeId, NodeQuery, NodeSpec, NodeState, PollPolicy,
    Recorder, Rehearsal, Rename, Resize, RetryPolicy, SecurityGroups, Suspend, Token, UserData,
};
use cloudmesh_aws::Aws;
use cloudmesh_emulator::Emulator;
use jiff::{SignedDuration, Timestamp};

struct Lab {
    emulator: Emulator,
    cloud: Aws,
    context: Context,
    trace: Arc<Recorder>,
}

async fn lab() -> Lab {
    lab_with(None).await
}

async fn lab_with(rehearsal: Option<Rehearsal>) -> Lab {
    let emulator = Emulator::builder().kind("aws").start().await.unwrap();
    let trace = Arc::new(Recorder::default());
    let builder = Context::builder("lab").retry(RetryPolicy::quick()).poll(PollPolicy::quick());
    let context = builder.trace(trace.clone()).rehearsal(rehearsal).build();
    let settings = emulator.settings("aws").unwrap();
    let cloud = Aws::connect(settings.parse().unwrap(), context.clone()).unwrap();
    Lab { emulator, cloud, context, trace }
}

impl Lab {
    /// The actions since the last look.
    fn requests(&self) -> Vec<String> {
        let action = |line: String| line.split(' ').next().unwrap_or_default().to_owned();
        self.trace.take().into_iter().map(|sent| action(sent.request)).collect()
    }

    fn spec(&self, name: &str) -> NodeSpec {
        let props = self.emulator.props();
        NodeSpec::new(name, props.image, props.flavor)
    }

    async fn reaches(&self, id: &NodeId, state: NodeState) {
        let look = || async {
            // A new id may be unknown for a moment.
            let there = self.cloud.info(id).await.is_ok_and(|node| node.status == state);
            Ok(if there { Poll::Ready(()) } else { Poll::Pending })
        };
        self.context.poll("the node", look).await.unwrap();
    }

    async fn boot(&self, spec: &NodeSpec) -> NodeId {
        let id = self.cloud.create(spec).await.unwrap().id;
        self.reaches(&id, NodeState::Running).await;
        self.requests();
        id
    }

    /// As a resize marks it, with the time of a launch so much later than its last one.
    async fn mark_for_resize(&self, id: &NodeId, launch: SignedDuration) {
        let nodes = self.cloud.list(&NodeQuery::new().with_raw(true)).await.unwrap();
        let raw = nodes.into_iter().find(|node| node.id == *id).and_then(|node| node.raw).unwrap();
        let launched: Timestamp = raw["launchTime"].as_str().unwrap().parse().unwrap();
        let mark = [("cm-resize".to_owned(), (launched + launch).to_string())].into();
        self.cloud.set_server_metadata(id, &mark).await.unwrap();
    }

    async fn flavor(&self, id: &NodeId) -> String {
        self.cloud.info(id).await.unwrap().flavor.unwrap()
    }
}

#[tokio::test]
async fn an_image_and_groups_that_aws_finds_by_itself_are_not_looked_up() {
    let lab = lab().await;
    let props = lab.emulator.props();
    let image = lab.cloud.image(&props.image).await.unwrap().id;
    lab.requests();
    let spec = NodeSpec::new("web-1", image, props.flavor).with_secgroup(props.secgroup.unwrap());
    lab.cloud.create(&spec).await.unwrap();
    assert_eq!(lab.requests(), ["RunInstances"]);
}

#[tokio::test]
async fn everyday_operations_are_one_request() {
    let lab = lab().await;
    let id = lab.boot(&lab.spec("web-1")).await;
    lab.cloud.rename(&id, "web-2").await.unwrap();
    lab.cloud.delete_server_metadata(&id, &["none".to_owned()]).await.unwrap();
    lab.cloud.log(&id).await.unwrap();
    lab.cloud.list(&NodeQuery::new()).await.unwrap();
    lab.cloud.stop(&id).await.unwrap();
    lab.cloud.destroy(&id).await.unwrap();
    let wanted =
        ["CreateTags", "DeleteTags", "GetConsoleOutput", "DescribeInstances", "StopInstances", "TerminateInstances"];
    assert_eq!(lab.requests(), wanted);
}

#[tokio::test]
async fn a_token_that_made_something_else_is_told_with_what_it_made() {
    let lab = lab().await;
    let spec = lab.spec("web-1").with_token(Token::new("one-and-the-same"));
    let made = lab.cloud.create(&spec).await.unwrap();
    lab.reaches(&made.id, NodeState::Running).await;
    // What is different, and does not make it another node.
    let again = lab.cloud.create(&spec.clone().with_metadata("colour", "red")).await.unwrap();
    assert_eq!(again.id, made.id);
    let other = lab.spec("db-1").with_token(spec.token);
    let error = lab.cloud.create(&other).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, Some("IdempotentParameterMismatch")));
    assert!(error.message().contains(&format!("`web-1` ({})", made.id)), "{error}");
}

#[tokio::test]
async fn a_token_whose_node_is_gone_makes_no_other() {
    let lab = lab().await;
    let spec = lab.spec("web-1").with_token(Token::new("used-up"));
    let id = lab.boot(&spec).await;
    lab.cloud.destroy(&id).await.unwrap();
    let look = || async {
        let gone = lab.cloud.info(&id).await.is_err();
        Ok(if gone { Poll::Ready(()) } else { Poll::Pending })
    };
    lab.context.poll("its end", look).await.unwrap();
    let error = lab.cloud.create(&spec).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, Some("IdempotentInstanceTerminated")));
    assert!(error.message().ends_with("do it again as a new request"), "{error}");
    assert!(lab.cloud.list(&NodeQuery::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn groups_whose_names_have_blanks_are_no_others() {
    let lab = lab().await;
    for name in ["a", "b", "a b"] {
        lab.cloud.add_secgroup(name, "").await.unwrap();
    }
    let public = |name: &str| lab.spec(name).with_public(true);
    let one = lab.boot(&public("one").with_secgroup("a b")).await;
    let two = lab.boot(&public("two").with_secgroup("a").with_secgroup("b")).await;
    assert_eq!(lab.cloud.info(&one).await.unwrap().secgroups, ["a b"]);
    let mut worn = lab.cloud.info(&two).await.unwrap().secgroups;
    worn.sort_unstable();
    assert_eq!(worn, ["a", "b"]);
}

#[tokio::test]
async fn bad_input_is_told_with_what_to_do() {
    let lab = lab().await;
    lab.cloud.add_secgroup("web", "of this network").await.unwrap();
    lab.requests();
    let table = [
        (lab.spec("a").with_user_data(UserData::new("x".repeat(16_385))), "16385 bytes, and AWS takes 16384"),
        (lab.spec("a").with_metadata("aws:owner", "x"), "AWS keeps for itself"),
        (lab.spec("a").with_metadata("bell\u{7}", "x"), "must not hold control characters"),
        ((0..50).fold(lab.spec("a"), |spec, tag| spec.with_metadata(format!("t{tag}"), "x")), "AWS takes 50"),
    ];
    for (spec, why) in table {
        let error = lab.cloud.create(&spec).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains(why), "{error} does not say `{why}`");
    }
    assert!(lab.requests().is_empty(), "what AWS would refuse is not sent");
    let error = lab.cloud.create(&lab.spec("a").with_secgroup("webb").with_public(true)).await.unwrap_err();
    assert!(error.kind() == ErrorKind::InvalidInput && error.message().contains("`webb`"), "{error}");
}

#[tokio::test]
async fn a_resize_starts_again_what_ran_and_finishes_what_was_broken_off() {
    let lab = lab().await;
    let id = lab.boot(&lab.spec("web-1")).await;
    let error = lab.cloud.resize(&id, "t4g.small").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(lab.cloud.info(&id).await.unwrap().status, NodeState::Running, "it was stopped for nothing");
    lab.cloud.resize(&id, "t3.small").await.unwrap();
    lab.reaches(&id, NodeState::Running).await;
    let node = lab.cloud.info(&id).await.unwrap();
    assert_eq!((node.flavor.as_deref(), node.metadata.get("cm-resize")), (Some("t3.small"), None));
    // As one that was broken off after the stop leaves it.
    lab.mark_for_resize(&id, SignedDuration::ZERO).await;
    lab.cloud.stop(&id).await.unwrap();
    lab.cloud.resize(&id, "t3.micro").await.unwrap();
    lab.reaches(&id, NodeState::Running).await;
    assert_eq!(lab.flavor(&id).await, "t3.micro");
    assert_eq!(lab.cloud.info(&id).await.unwrap().metadata.get("cm-resize"), None);
}

#[tokio::test]
async fn what_was_stopped_long_after_a_broken_off_resize_is_not_started_by_the_next_one() {
    let lab = lab().await;
    let id = lab.boot(&lab.spec("web-1")).await;
    // It was started again since.
    lab.mark_for_resize(&id, -SignedDuration::from_hours(1)).await;
    lab.cloud.stop(&id).await.unwrap();
    lab.reaches(&id, NodeState::Stopped).await;
    lab.requests();
    lab.cloud.resize(&id, "t3.small").await.unwrap();
    assert!(!lab.requests().contains(&"StartInstances".to_owned()), "it was stopped, and costs money again");
    let node = lab.cloud.info(&id).await.unwrap();
    assert_eq!((node.flavor.as_deref(), node.metadata.get("cm-resize")), (Some("t3.small"), None));
}

#[tokio::test]
async fn what_was_not_made_for_it_is_not_suspended_and_told_how_to_make_it() {
    let lab = lab().await;
    let id = lab.boot(&lab.spec("web-1")).await;
    let error = lab.cloud.suspend(&id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().contains("`vm boot --hibernate`"), "{error}");
    assert_eq!(lab.cloud.info(&id).await.unwrap().status, NodeState::Running);
}

#[tokio::test]
async fn a_spot_instance_cannot_be_stopped_and_says_so() {
    let lab = lab().await;
    let id = lab.boot(&lab.spec("web-1").with_spot(true)).await;
    let error = lab.cloud.stop(&id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().contains("delete it"), "{error}");
}

#[tokio::test]
async fn a_rehearsed_create_shows_what_would_be_sent() {
    let rehearsal = Rehearsal::default();
    let lab = lab_with(Some(rehearsal.clone())).await;
    let spec = lab.spec("web-1").with_disk_gb(20).with_user_data(UserData::new("hunter2"));
    assert!(Rehearsal::is_held_back(&lab.cloud.create(&spec).await.unwrap_err()));
    let shown = rehearsal.requests().into_iter().find(|shown| !shown.sent).unwrap();
    assert_eq!(shown.request, "RunInstances web-1");
    let body = shown.body.unwrap();
    assert_eq!(body["BlockDeviceMapping"][0]["Ebs"]["VolumeSize"], "20");
    assert_eq!((&body["UserData"], &body["MetadataOptions"]["HttpTokens"]), (&"[redacted]".into(), &"required".into()));
}
