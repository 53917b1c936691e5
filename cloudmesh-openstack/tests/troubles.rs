//! What the provider does when something goes wrong, on the emulator.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble};
use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Context, ContextBuilder, Effect, Error, ErrorKind, NodeQuery, NodeSpec, NodeState,
    Operation, RebootKind, Recorder, RetryPolicy, Settings,
};
use cloudmesh_emulator::Emulator;
use cloudmesh_openstack::OpenStack;

struct Lab {
    emulator: Emulator,
    cloud: OpenStack,
    trace: Arc<Recorder>,
}

fn credentials(emulator: &Emulator) -> Settings {
    let all = emulator.settings("openstack").unwrap();
    Settings::default().with("credentials", all.get("credentials").unwrap().clone())
}

fn connect(settings: &Settings, adjust: impl FnOnce(ContextBuilder) -> ContextBuilder) -> (OpenStack, Arc<Recorder>) {
    let trace = Arc::new(Recorder::default());
    let builder = Context::builder("lab").retry(RetryPolicy::quick()).trace(trace.clone());
    (OpenStack::connect(settings.parse().unwrap(), adjust(builder).build()).unwrap(), trace)
}

async fn lab() -> Lab {
    lab_in(|builder| builder).await
}

async fn lab_in(adjust: impl FnOnce(ContextBuilder) -> ContextBuilder) -> Lab {
    let emulator = Emulator::start().await.unwrap();
    let (cloud, trace) = connect(&credentials(&emulator), adjust);
    Lab { emulator, cloud, trace }
}

impl Lab {
    fn spec(&self, name: &str) -> NodeSpec {
        let props = self.emulator.props();
        let spec = NodeSpec::new(name, props.image, props.flavor);
        props.network.into_iter().fold(spec, NodeSpec::with_network)
    }

    async fn count(&self) -> usize {
        self.emulator.troubles().calm();
        self.cloud.list(&NodeQuery::new()).await.unwrap().len()
    }

    fn sign_ins(&self) -> usize {
        let sent = self.trace.outcomes();
        sent.iter().filter(|sent| sent.effect == Effect::SignIn && sent.request.starts_with("POST")).count()
    }

    fn disturb(&self, trouble: Trouble, on: On, times: usize) {
        self.emulator.troubles().disturb(Disturbance::new(trouble).on(on).times(times));
    }
}

#[tokio::test]
async fn a_throttled_listing_is_whole_and_fetches_no_page_twice() {
    let lab = lab().await;
    (0..5).for_each(|number| _ = lab.emulator.troubles().plant(&format!("n{number}")));
    lab.emulator.troubles().disturb(Disturbance::new(Trouble::Throttled { retry_after: None }).every(3));
    let nodes = lab.cloud.list(&NodeQuery::new().with_page_size(1)).await.unwrap();
    assert_eq!(nodes.len(), 5);
    let pages = lab.trace.take().into_iter().filter(|sent| sent.error.is_none() && sent.request.contains("servers"));
    let mut pages: Vec<String> = pages.map(|sent| sent.request).collect();
    let fetched = pages.len();
    pages.dedup();
    assert_eq!(pages.len(), fetched);
}

#[tokio::test]
async fn a_lost_answer_to_a_create_makes_one_node() {
    for trouble in [Trouble::CutAfter, Trouble::CutBefore, Trouble::Unavailable] {
        let lab = lab().await;
        lab.disturb(trouble.clone(), On::Operation(Operation::Create), 1);
        let node = lab.cloud.create(&lab.spec("web-1")).await.unwrap();
        assert_eq!(node.name, "web-1");
        assert_eq!(lab.count().await, 1, "{trouble:?}");
    }
}

#[tokio::test]
async fn a_token_that_ends_is_renewed_once() {
    for on in [On::Reads, On::Changes] {
        let lab = lab().await;
        lab.cloud.list(&NodeQuery::new()).await.unwrap();
        lab.disturb(Trouble::TokenExpired, on, 1);
        lab.cloud.create(&lab.spec("web-1")).await.unwrap();
        assert_eq!((lab.sign_ins(), lab.count().await), (2, 1), "{on:?}");
    }
}

#[tokio::test]
async fn a_renewal_is_shared() {
    let lab = lab().await;
    lab.cloud.list(&NodeQuery::new()).await.unwrap();
    lab.disturb(Trouble::TokenExpired, On::Reads, 1);
    let query = NodeQuery::new();
    let listings = futures::future::join_all((0..8).map(|_| lab.cloud.list(&query))).await;
    assert!(listings.into_iter().all(|listing| listing.is_ok()));
    assert_eq!(lab.sign_ins(), 2);
}

#[tokio::test]
async fn what_cannot_be_understood_is_unexpected() {
    for trouble in [Trouble::Html, Trouble::Garbage, Trouble::Empty] {
        let lab = lab().await;
        lab.cloud.list(&NodeQuery::new()).await.unwrap();
        lab.disturb(trouble.clone(), On::Reads, 1);
        let error = lab.cloud.list(&NodeQuery::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected, "{trouble:?} {error}");
        let lab = self::lab().await;
        lab.disturb(trouble.clone(), On::SignIn, 1);
        let error = lab.cloud.list(&NodeQuery::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected, "{trouble:?} {error}");
    }
}

/// Calls what changes a node, one after the other, and gives each request with its error.
async fn every_change(lab: &Lab, trouble: &Trouble) -> Vec<(&'static str, Option<Error>)> {
    let (cloud, id) = (&lab.cloud, lab.emulator.troubles().plant("web-1"));
    lab.disturb(trouble.clone(), On::Changes, usize::MAX);
    vec![
        ("POST /servers", cloud.create(&lab.spec("web-2")).await.err()),
        ("/action", cloud.start(&id).await.err()),
        ("/action", cloud.stop(&id).await.err()),
        ("/action", cloud.reboot(&id, RebootKind::Hard).await.err()),
        ("DELETE /servers/", cloud.destroy(&id).await.err()),
    ]
}

#[tokio::test]
async fn a_change_that_is_answered_with_nonsense_is_not_taken_for_done() {
    for trouble in [Trouble::Html, Trouble::Garbage, Trouble::Empty] {
        let lab = lab().await;
        for (request, error) in every_change(&lab, &trouble).await {
            let error = error.unwrap();
            assert_eq!(error.kind(), ErrorKind::Unexpected, "{trouble:?} {error}");
            assert!(error.message().contains(request), "{trouble:?} {error}");
            assert!(error.message().contains("cannot be understood"), "{trouble:?} {error}");
        }
        lab.emulator.troubles().calm();
        let nodes = lab.cloud.list(&NodeQuery::new()).await.unwrap();
        let told: Vec<_> = nodes.iter().map(|node| (node.name.as_str(), node.status)).collect();
        assert_eq!(told, [("web-1", NodeState::Running)], "{trouble:?}");
    }
}

#[tokio::test]
async fn silence_ends_in_a_timeout() {
    let quick =
        |builder: ContextBuilder| builder.attempt_timeout(Duration::from_millis(200)).retry(RetryPolicy::none());
    let lab = lab_in(quick).await;
    lab.cloud.list(&NodeQuery::new()).await.unwrap();
    lab.disturb(Trouble::Silence, On::Reads, 1);
    assert_eq!(lab.cloud.list(&NodeQuery::new()).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(lab.count().await, 0);
}

#[tokio::test]
async fn a_cut_connection_and_a_host_out_of_reach_keep_their_cause() {
    let lab = lab_in(|builder| builder.retry(RetryPolicy::none())).await;
    lab.disturb(Trouble::CutBefore, On::Reads, 1);
    let error = lab.cloud.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.source().is_some());
    let nobody = credentials(&lab.emulator).with("credentials.auth.auth_url", "http://127.0.0.1:1/v3");
    let (cloud, _) = connect(&nobody, |builder| builder.retry(RetryPolicy::none()));
    let error = cloud.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    assert!(causes.map(ToString::to_string).any(|cause| cause.contains("refused")), "{error:?}");
}

#[tokio::test]
async fn quota_and_capacity_are_told_apart_from_refusals() {
    let lab = lab().await;
    lab.disturb(Trouble::Quota, On::Operation(Operation::Create), 1);
    let error = lab.cloud.create(&lab.spec("web-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{error}");
    lab.disturb(Trouble::Capacity, On::Operation(Operation::Create), 1);
    let id = lab.cloud.create(&lab.spec("web-2")).await.unwrap().id;
    let broken = loop {
        let node = lab.cloud.info(&id).await.unwrap();
        if node.status != NodeState::Pending {
            break node;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(broken.status, NodeState::Error);
    assert_eq!(broken.fault.unwrap().kind, Some(ErrorKind::QuotaExceeded));
}

#[tokio::test]
async fn wrong_credentials_are_refused_at_once_and_not_repeated() {
    let lab = lab().await;
    let wrong = credentials(&lab.emulator).with("credentials.auth.password", "hunter2");
    let (cloud, trace) = connect(&wrong, |builder| builder);
    let error = cloud.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, Some("Unauthorized")));
    let message = format!(
        "Keystone at `{}` refuses user `demo` (domain `Default`) for project `demo` (domain `Default`): The request you \
         have made requires authentication; check user name, password, project and domains",
        wrong.get("credentials.auth.auth_url").unwrap().as_str().unwrap()
    );
    assert_eq!(error.message(), message);
    assert!(error.request_id().is_some());
    assert_eq!(trace.outcomes().len(), 1);
    assert!(!format!("{error} {error:?} {cloud:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_wrong_region_or_address_is_a_mistake_in_the_configuration() {
    let lab = lab().await;
    let (nowhere, _) = connect(&credentials(&lab.emulator).with("credentials.region", "Atlantis"), |builder| builder);
    let error = nowhere.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.region_name")));
    assert!(error.message().contains("`RegionOne`"), "{error}");
    let url = format!("{}/somewhere", lab.emulator.url());
    let (wrong, _) = connect(&credentials(&lab.emulator).with("endpoint", url), |builder| builder);
    let error = wrong.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.auth.auth_url")), "{error}");
}

#[tokio::test]
async fn whoami_asks_the_cloud_and_says_where_the_credentials_are_from() {
    let lab = lab().await;
    let identity = lab.cloud.whoami().await.unwrap();
    assert!(!identity.user.is_empty() && !identity.account.is_empty());
    assert_eq!(
        (identity.region.as_deref(), identity.source.as_deref()),
        (Some("RegionOne"), Some("the configuration"))
    );
    lab.disturb(Trouble::TokenExpired, On::Reads, 1);
    lab.cloud.whoami().await.unwrap();
}

#[tokio::test]
async fn a_session_of_the_openstack_crate_shares_the_sign_in() {
    let lab = lab().await;
    lab.emulator.troubles().plant("web-1");
    lab.cloud.list(&NodeQuery::new()).await.unwrap();
    let session = lab.cloud.cloud().await.unwrap();
    let keys = session.list_keypairs().await.unwrap();
    assert!(keys.len() <= 1);
    assert_eq!((lab.sign_ins(), session.list_servers().await.unwrap().len()), (1, 1));
}

#[tokio::test]
async fn a_listing_needs_three_requests_and_the_next_one_a_single_one() {
    let lab = lab().await;
    lab.cloud.list(&NodeQuery::new()).await.unwrap();
    let names: Vec<String> = lab.trace.take().into_iter().map(|sent| sent.request).collect();
    assert_eq!(names, ["POST /auth/tokens", "GET / of Nova", "GET /servers/detail"]);
    lab.cloud.list(&NodeQuery::new()).await.unwrap();
    assert_eq!(lab.trace.take().len(), 1);
}
