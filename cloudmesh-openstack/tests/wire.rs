//! What other servers than Nova may answer: proxies, older versions, clouds put together by hand.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::error::Error as _;
use std::sync::Mutex;
use std::time::Duration;

use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Context, ErrorKind, ImageQuery, NodeQuery, NodeSpec, Rehearsal, Settings, Token,
};
use cloudmesh_openstack::OpenStack;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path, path_regex, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, Respond, ResponseTemplate};

mod scripted;

use scripted::{Setup, connect, settings};

/// A cloud behind path prefixes, whose Nova knows no microversions unless it is given some.
async fn cloud(versions: Option<Value>) -> (MockServer, OpenStack) {
    scripted::cloud(Setup { versions, ..Setup::default() }).await
}

async fn answer(server: &MockServer, at: &str, answer: ResponseTemplate) {
    Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(server).await;
}

#[tokio::test]
async fn services_behind_path_prefixes_and_without_microversions() {
    let (server, provider) = cloud(None).await;
    let servers = json!({"servers": [{"id": "7", "name": "web-1", "status": "ACTIVE", "flavor": {"id": "42"}}]});
    answer(&server, "/compute/v2.1/7/servers/detail", ResponseTemplate::new(200).set_body_json(servers)).await;
    answer(&server, "/image/v2/images", ResponseTemplate::new(200).set_body_json(json!({"images": []}))).await;
    let nodes = provider.list(&NodeQuery::new()).await.unwrap();
    assert_eq!((nodes[0].name.as_str(), nodes[0].flavor.as_deref()), ("web-1", Some("42")));
    assert!(provider.images(&ImageQuery::new()).await.unwrap().is_empty());
    let asked = server.received_requests().await.unwrap();
    assert!(asked.iter().all(|request| !request.headers.contains_key("OpenStack-API-Version")));
}

#[tokio::test]
async fn the_newest_version_that_both_know_is_asked_for() {
    let (server, provider) = cloud(Some(json!({"id": "v2.1", "version": "2.60", "min_version": "2.1"}))).await;
    let listing =
        Mock::given(path("/compute/v2.1/7/servers/detail")).and(header("OpenStack-API-Version", "compute 2.60"));
    listing.respond_with(ResponseTemplate::new(200).set_body_json(json!({"servers": []}))).mount(&server).await;
    assert!(provider.list(&NodeQuery::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_token_follows_no_link_and_no_redirect_to_another_host() {
    let thief = MockServer::start().await;
    let (server, provider) = cloud(None).await;
    let detail = "/compute/v2.1/7/servers/detail";
    let next = json!({"servers": [{"id": "1"}],
        "servers_links": [{"rel": "next", "href": format!("{}{detail}?marker=1", thief.uri())}]});
    let second = ResponseTemplate::new(302).insert_header("Location", thief.uri());
    Mock::given(path(detail))
        .and(query_param("marker", "1"))
        .respond_with(second)
        .with_priority(1)
        .mount(&server)
        .await;
    answer(&server, detail, ResponseTemplate::new(200).set_body_json(next)).await;
    let error = provider.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
    assert!(error.message().contains("redirect"), "{error}");
    assert!(thief.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_that_answers_for_the_cloud() {
    use ErrorKind::{PermissionDenied, RateLimited, Unavailable, Unexpected};
    let html = |status, text: &str| {
        ResponseTemplate::new(status).set_body_raw(format!("<html><body>{text}</body></html>"), "text/html")
    };
    let table = [
        (html(502, "Bad Gateway"), Unavailable),
        (html(503, "Service Unavailable"), Unavailable),
        (html(403, "Forbidden"), PermissionDenied),
        (html(429, "Slow down").insert_header("Retry-After", "9"), RateLimited),
        (html(200, "Welcome"), Unexpected),
        (ResponseTemplate::new(200), Unexpected),
        (ResponseTemplate::new(200).set_body_json(json!([1, 2])), Unexpected),
        (ResponseTemplate::new(200).set_body_json(json!({"servers": {}})), Unexpected),
        (ResponseTemplate::new(300).set_body_json(json!({"choices": []})), Unexpected),
    ];
    for (response, kind) in table {
        let (server, provider) = cloud(None).await;
        answer(&server, "/compute/v2.1/7/servers/detail", response).await;
        let error = provider.list(&NodeQuery::new()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.retry_after(), (kind == RateLimited).then_some(Duration::from_secs(9)));
        assert!(!format!("{error:?}").contains("the-token"), "{error:?}");
    }
}

#[tokio::test]
async fn a_sign_in_that_goes_wrong() {
    use ErrorKind::{Config, Unauthenticated, Unavailable, Unexpected};
    let unscoped = json!({"token": {"expires_at": "2999-01-01T00:00:00Z", "user": {"id": "1"}}});
    let subject = |response: ResponseTemplate| response.insert_header("X-Subject-Token", "the-token");
    let keystone = |code: u16, message: &str| {
        ResponseTemplate::new(code)
            .set_body_json(json!({"error": {"code": code, "message": message, "title": "Not Found"}}))
    };
    let table = [
        (subject(ResponseTemplate::new(201).set_body_json(unscoped)), Config, "set `project_name` or `project_id`"),
        (keystone(404, "Could not find Application Credential: 7."), Unauthenticated, "Could not find"),
        (ResponseTemplate::new(404).set_body_string("<h1>Not Found</h1>"), Config, "there is no Keystone v3"),
        (ResponseTemplate::new(300).set_body_json(json!({"versions": {}})), Config, "there is no Keystone v3"),
        (
            ResponseTemplate::new(405).set_body_json(json!({"message": "not allowed"})),
            Config,
            "there is no Keystone v3",
        ),
        (keystone(400, "Expecting to find domain in user."), Config, "Expecting to find domain"),
        (ResponseTemplate::new(201).set_body_string("<html>hello</html>"), Unexpected, "cannot be read"),
        (
            ResponseTemplate::new(201).set_body_json(json!({"token": {"expires_at": "2999-01-01T00:00:00Z"}})),
            Unexpected,
            "brought no token",
        ),
        (ResponseTemplate::new(503), Unavailable, "cannot answer"),
    ];
    for (response, kind, words) in table {
        let server = MockServer::start().await;
        Mock::given(method("POST")).respond_with(response).mount(&server).await;
        let error = connect(&settings(&server.uri())).list(&NodeQuery::new()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().contains(words), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn names_that_fit_several_things_are_ambiguous() {
    let (server, provider) = cloud(None).await;
    let ok = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    answer(&server, "/image/v2/images", ok(json!({"images": [{"id": "1", "name": "i"}, {"id": "2", "name": "i"}]})))
        .await;
    let flavors = json!({"flavors": [{"id": "f", "name": "x"}, {"id": "2", "name": "f"}, {"id": "3", "name": "y"}, {"id": "4", "name": "y"}]});
    answer(&server, "/compute/v2.1/7/flavors/detail", ok(flavors)).await;
    answer(&server, "/compute/v2.1/7/servers/detail", ok(json!({"servers": []}))).await;
    let networks = json!({"networks": [{"id": "1", "name": "n"}, {"id": "2", "name": "n"}]});
    answer(&server, "/network/v2.0/networks", ok(networks)).await;
    assert_eq!(provider.image("i").await.unwrap_err().kind(), ErrorKind::Ambiguous);
    assert_eq!(provider.flavor("y").await.unwrap_err().kind(), ErrorKind::Ambiguous);
    assert_eq!(provider.flavor("f").await.unwrap().name, "x", "an id wins over a name");
    let uuid = "8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6";
    let error = provider.create(&NodeSpec::new("a", uuid, uuid).with_network("n")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Ambiguous, "`n` is the name of several networks; give the id: `1`, `2`")
    );
}

#[tokio::test]
async fn one_odd_server_hides_no_other() {
    let (server, provider) = cloud(None).await;
    let servers = json!({"servers": [{"id": "1", "status": "TELEPORTING", "OS-EXT-STS:power_state": null},
        {"id": "2", "name": "ok", "status": "ACTIVE"}, {"id": "3", "status": "SOFT_DELETED"},
        {"id": "4", "addresses": 7, "metadata": null, "image": "", "created": 3}]});
    answer(&server, "/compute/v2.1/7/servers/detail", ResponseTemplate::new(200).set_body_json(servers)).await;
    let nodes = provider.list(&NodeQuery::new()).await.unwrap();
    assert_eq!(nodes.iter().map(|node| node.id.as_str()).collect::<Vec<_>>(), ["1", "2", "4"]);
}

fn page(ids: &[&str], status: &str, next: Option<&str>) -> ResponseTemplate {
    let servers: Vec<Value> = ids.iter().map(|id| json!({"id": id, "name": id, "status": status})).collect();
    let href =
        next.map(|marker| json!({"rel": "next", "href": format!("http://inside/servers/detail?marker={marker}")}));
    ResponseTemplate::new(200).set_body_json(json!({"servers": servers, "servers_links": Vec::from_iter(href)}))
}

#[tokio::test]
async fn a_server_that_moves_while_pages_are_fetched_is_listed_once() {
    let (server, provider) = cloud(None).await;
    let detail = "/compute/v2.1/7/servers/detail";
    let after = |marker: &str| Mock::given(path(detail)).and(query_param("marker", marker));
    after("a").respond_with(page(&["a"], "ACTIVE", Some("a"))).up_to_n_times(1).with_priority(1).mount(&server).await;
    after("a").respond_with(page(&["b"], "ACTIVE", None)).with_priority(2).mount(&server).await;
    let first = || Mock::given(path(detail)).and(query_param_is_missing("marker"));
    first().respond_with(page(&["a"], "BUILD", Some("a"))).up_to_n_times(1).with_priority(3).mount(&server).await;
    first().respond_with(page(&["a"], "ACTIVE", Some("a"))).with_priority(4).mount(&server).await;
    let nodes = provider.list(&NodeQuery::new().with_page_size(1)).await.unwrap();
    let told: Vec<_> = nodes.iter().map(|node| (node.id.as_str(), node.vendor_status.as_str())).collect();
    assert_eq!(told, [("a", "ACTIVE"), ("b", "ACTIVE")]);
}

/// Nova's order: the servers that wait for a host before the others, the newest first. A marker that has its host is not
/// among those that wait, which are then left out.
struct Placing {
    /// Waits for a host at first; the last of them gets one when it has been told as the end of a page.
    waiting: Mutex<Vec<&'static str>>,
    placed: Mutex<Vec<&'static str>>,
    largest: usize,
    /// Whether a server is deleted in place of being placed: then its marker is unknown.
    deletes: bool,
}

impl Placing {
    fn new(waiting: &[&'static str], placed: &[&'static str]) -> Self {
        let list = |ids: &[&'static str]| Mutex::new(ids.to_vec());
        Self { waiting: list(waiting), placed: list(placed), largest: 1000, deletes: false }
    }
}

impl Respond for Placing {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let asked = |name: &str| request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        let limit = asked("limit").map_or(self.largest, |limit| limit.parse().unwrap()).min(self.largest);
        let (mut waiting, mut placed) = (self.waiting.lock().unwrap(), self.placed.lock().unwrap());
        let after = |list: &[&'static str], marker: &str| list.iter().position(|id| *id == marker).map(|at| at + 1);
        let (first, second) = match asked("marker") {
            None => (0, 0),
            Some(marker) => match (after(&waiting, &marker), after(&placed, &marker)) {
                (Some(first), _) => (first, 0),
                (None, Some(second)) => (waiting.len(), second),
                (None, None) => return unknown_marker(&marker),
            },
        };
        let building = waiting[first..].iter().map(|id| (*id, "BUILD", Some("scheduling")));
        let others = placed[second..].iter().map(|id| (*id, "ACTIVE", None));
        let page: Vec<_> = building.chain(others).take(limit).collect();
        let last = page.last().filter(|_| page.len() == limit).map(|(id, ..)| *id);
        if let Some(at) = last.and_then(|last| waiting.iter().position(|id| *id == last)) {
            let moved = waiting.remove(at);
            if !self.deletes {
                placed.insert(0, moved);
            }
        }
        let servers: Vec<Value> = page
            .iter()
            .map(|(id, status, task)| json!({"id": id, "status": status, "OS-EXT-STS:task_state": task}))
            .collect();
        let link = last.map(|last| json!({"rel": "next", "href": format!("http://inside/servers?marker={last}")}));
        ResponseTemplate::new(200).set_body_json(json!({"servers": servers, "servers_links": Vec::from_iter(link)}))
    }
}

fn unknown_marker(marker: &str) -> ResponseTemplate {
    let message = format!("marker [{marker}] not found");
    ResponseTemplate::new(400).set_body_json(json!({"badRequest": {"code": 400, "message": message}}))
}

async fn listed(nova: Placing, page_size: Option<u32>) -> (Vec<String>, Vec<String>) {
    let (server, provider) = cloud(None).await;
    Mock::given(path("/compute/v2.1/7/servers/detail")).respond_with(nova).mount(&server).await;
    let mut query = NodeQuery::new();
    query.page_size = page_size;
    let nodes = provider.list(&query).await.unwrap();
    let mut ids: Vec<String> = nodes.into_iter().map(|node| node.id.to_string()).collect();
    ids.sort();
    let asked =
        server.received_requests().await.unwrap().into_iter().filter(|request| request.url.path().ends_with("detail"));
    (ids, asked.map(|request| request.url.query().unwrap_or_default().to_owned()).collect())
}

#[tokio::test]
async fn a_listing_misses_nothing_while_servers_get_their_hosts() {
    let (ids, asked) = listed(Placing::new(&["c", "b", "a"], &["0"]), Some(1)).await;
    assert_eq!(ids, ["0", "a", "b", "c"]);
    assert_eq!(asked, ["limit=1", "limit=1&marker=c", "limit=1&marker=0", ""], "read again, in one page");
    let nova = Placing { largest: 2, ..Placing::new(&["d", "c", "b", "a"], &["0"]) };
    assert_eq!(listed(nova, None).await.0, ["0", "a", "b", "c", "d"], "several times");
}

#[tokio::test]
async fn a_server_deleted_while_it_waits_breaks_no_listing() {
    let nova = Placing { deletes: true, ..Placing::new(&["c", "b", "a"], &["0"]) };
    let (ids, asked) = listed(nova, Some(1)).await;
    assert_eq!(ids, ["0", "a", "b"]);
    assert_eq!(asked, ["limit=1", "limit=1&marker=c", ""]);
}

#[tokio::test]
async fn a_listing_whose_second_page_is_always_refused_is_not_empty_but_an_error() {
    let (server, provider) = cloud(None).await;
    let listing = || Mock::given(path("/compute/v2.1/7/servers/detail"));
    let refused = listing().and(query_param("marker", "a")).respond_with(unknown_marker("a"));
    refused.with_priority(1).mount(&server).await;
    listing().respond_with(page(&["a"], "BUILD", Some("a"))).with_priority(2).mount(&server).await;
    let error = provider.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidInput, "marker [a] not found"));
}

#[tokio::test]
async fn what_a_rehearsal_could_not_hold_back_is_not_to_be_had_in_one() {
    let (server, _) = cloud(None).await;
    let context = Context::builder("lab").rehearsal(Rehearsal::default()).build();
    let settings = settings(&format!("{}/identity", server.uri()));
    let error = OpenStack::connect(settings.parse().unwrap(), context).unwrap().cloud().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_listing_of_settled_servers_is_read_once() {
    let (ids, asked) = listed(Placing::new(&[], &["c", "b", "a"]), Some(2)).await;
    assert_eq!((ids.len(), asked), (3, vec!["limit=2".to_owned(), "limit=2&marker=b".to_owned()]));
    let (ids, asked) = listed(Placing::new(&["c", "b"], &["a"]), None).await;
    assert_eq!((ids.len(), asked.len()), (3, 1), "what waits on the last page is no reason");
}

#[tokio::test]
async fn a_listing_in_a_circle_ends() {
    let (server, provider) = cloud(None).await;
    Mock::given(path("/compute/v2.1/7/servers/detail"))
        .respond_with(page(&["a"], "ACTIVE", Some("a")))
        .mount(&server)
        .await;
    assert_eq!(provider.list(&NodeQuery::new()).await.unwrap_err().kind(), ErrorKind::Unexpected);
}

#[tokio::test]
async fn what_is_shown_as_deleted_is_not_found() {
    for status in ["DELETED", "SOFT_DELETED"] {
        let (server, provider) = cloud(None).await;
        let gone = ResponseTemplate::new(200).set_body_json(json!({"server": {"id": "7", "status": status}}));
        answer(&server, "/compute/v2.1/7/servers/7", gone).await;
        assert_eq!(provider.info(&"7".into()).await.unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn a_server_is_gone_only_when_nova_says_so() {
    use ErrorKind::Unexpected;
    let nova = json!({"itemNotFound": {"code": 404, "message": "Instance 7 could not be found."}});
    let route = json!({"message": "The resource could not be found.", "code": "404 Not Found", "title": "Not Found"});
    let answers = [
        (ResponseTemplate::new(404).set_body_json(nova), None),
        (ResponseTemplate::new(404).set_body_json(route), Some(Unexpected)),
        (ResponseTemplate::new(404).set_body_string("<h1>Not Found</h1>"), Some(Unexpected)),
        (ResponseTemplate::new(404), Some(Unexpected)),
    ];
    for (answer, kind) in answers {
        let (server, provider) = cloud(None).await;
        let any = Mock::given(path("/compute/v2.1/7/servers/7"));
        any.respond_with(answer).mount(&server).await;
        assert_eq!(provider.destroy(&"7".into()).await.err().map(|error| error.kind()), kind);
        let error = provider.info(&"7".into()).await.unwrap_err();
        assert_eq!(error.kind(), kind.unwrap_or(ErrorKind::NotFound));
    }
}

#[tokio::test]
async fn a_change_is_done_only_with_its_own_status() {
    let (server, provider) = cloud(None).await;
    let table = [("start", 202), ("stop", 202), ("destroy", 204)];
    for (operation, accepted) in table {
        for status in [200, 201, 202, 203, 204] {
            let verb = if operation == "destroy" { "DELETE" } else { "POST" };
            let nova = Mock::given(method(verb)).and(path_regex("^/compute/v2.1/7/servers/7"));
            let _mounted = nova.respond_with(ResponseTemplate::new(status)).mount_as_scoped(&server).await;
            let id = "7".into();
            let done = match operation {
                "start" => provider.start(&id).await,
                "stop" => provider.stop(&id).await,
                _ => provider.destroy(&id).await,
            };
            let kind = done.err().map(|error| error.kind());
            assert_eq!(kind, (status != accepted).then_some(ErrorKind::Unexpected), "{operation} {status}");
        }
    }
}

#[tokio::test]
async fn a_create_is_done_only_with_its_own_status() {
    let (server, provider) = cloud(None).await;
    answer(&server, "/compute/v2.1/7/servers/detail", page(&[], "ACTIVE", None)).await;
    let uuid = "8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6";
    for (status, kind) in [(200, Some(ErrorKind::Unexpected)), (202, None)] {
        let made = ResponseTemplate::new(status).set_body_json(json!({"server": {"id": "7", "adminPass": "hunter2"}}));
        let nova = Mock::given(method("POST")).and(path("/compute/v2.1/7/servers"));
        let _mounted = nova.respond_with(made).mount_as_scoped(&server).await;
        let error = provider.create(&NodeSpec::new("a", uuid, uuid)).await.err();
        assert_eq!(error.as_ref().map(cloudmesh_abstract::Error::kind), kind);
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn a_create_looks_for_its_token_only_when_it_may_have_been_used() {
    let (server, provider) = cloud(None).await;
    answer(&server, "/compute/v2.1/7/servers/detail", page(&[], "ACTIVE", None)).await;
    let made = ResponseTemplate::new(202).set_body_json(json!({"server": {"id": "7"}}));
    Mock::given(method("POST")).and(path("/compute/v2.1/7/servers")).respond_with(made).mount(&server).await;
    let uuid = "8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6";
    let fresh = NodeSpec::new("a", uuid, uuid);
    let kept = NodeSpec::new("a", uuid, uuid).with_token(Token::new("kept"));
    let read: NodeSpec = serde_json::from_value(json!(NodeSpec::new("a", uuid, uuid))).unwrap();
    let repeated = fresh.clone();
    for (spec, looks) in [(fresh, 0), (repeated, 1), (kept, 1), (read, 1)] {
        let before = server.received_requests().await.unwrap().len();
        provider.create(&spec).await.unwrap();
        let asked = server.received_requests().await.unwrap().split_off(before);
        let (looked, sent) = asked.iter().partition::<Vec<_>, _>(|request| request.url.path().ends_with("detail"));
        let sent = sent.iter().filter(|request| request.url.path().ends_with("/servers")).count();
        assert_eq!((looked.len(), sent), (looks, 1), "{spec:?}");
    }
}

#[tokio::test]
async fn a_slow_server_is_given_up() {
    let (server, provider) = cloud(None).await;
    let slow = ResponseTemplate::new(200).set_body_json(json!({"servers": []})).set_delay(Duration::from_secs(20));
    answer(&server, "/compute/v2.1/7/servers/detail", slow).await;
    let error = provider.list(&NodeQuery::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn certificate_authorities_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, missing) = (folder.path().join("empty.pem"), folder.path().join("missing.pem"));
    std::fs::write(&empty, "").unwrap();
    for file in [&empty, &missing] {
        let told = settings("https://127.0.0.1:1").with("credentials.cacert", file.to_str().unwrap());
        let error = connect(&told).list(&NodeQuery::new()).await.unwrap_err();
        assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.cacert")));
        assert!(error.message().contains(file.to_str().unwrap()), "{error}");
    }
    let error = connect(&settings("https://127.0.0.1:1")).list(&NodeQuery::new()).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Unavailable && error.source().is_some(), "{error:?}");
}

#[test]
fn what_is_wrong_in_the_configuration_is_told_before_any_request() {
    let context = || Context::builder("lab").build();
    let incomplete =
        Settings::default().with("credentials.auth.auth_url", "http://k").with("credentials.auth.username", "u");
    let error = OpenStack::connect(incomplete.parse().unwrap(), context()).unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::Config, Some("credentials.auth.password")));
    assert!(OpenStack::connect(OpenStack::example().parse().unwrap(), context()).is_ok());
}
