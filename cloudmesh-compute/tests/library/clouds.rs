//! Several clouds at once: what succeeded, and beside it what failed.

use std::time::Duration;

use cloudmesh_abstract::conformance::{Disturbance, On, Trouble, Troubles as _};
use cloudmesh_compute::memory::{PASSWORD, World};
use cloudmesh_compute::{
    Clouds, CloudsBuilder, ComputeNodeABC, Error, ErrorKind, FlavorQuery, Goal, Node, NodeQuery, NodeState, Partial,
    PollPolicy, Provider, RebootKind, RetryPolicy,
};
use futures::StreamExt;
use tempfile::TempDir;

use crate::lab::{SOON, small};

/// Clouds in memory, each in a world of its own, and beside them entries that are wrong.
struct Sky {
    folder: TempDir,
    worlds: Vec<World>,
}

impl Sky {
    fn new(names: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = |name| World::named(&format!("clouds-{name}-{}", folder.path().display()));
        let worlds: Vec<World> = names.iter().map(world).collect();
        let entry = |(name, world): (&&str, &World)| {
            let credentials = format!("credentials: {{user: albert, password: {PASSWORD}}}");
            format!("    {name}: {{cm: {{kind: memory}}, world: {}, {credentials}}}\n", world.name())
        };
        let entries: String = names.iter().zip(&worlds).map(entry).collect();
        let wrong = "    wrong: {cm: {kind: memory}, credentials: {user: albert, pasword: x}}\n    other: {cm: {kind: \
                     vsphere}}\n    asleep: {cm: {kind: memory, active: false}}\n";
        std::fs::write(folder.path().join("cloudmesh.yaml"), format!("cloudmesh:\n  compute:\n{entries}{wrong}"))
            .unwrap();
        Self { folder, worlds }
    }

    fn builder(&self, names: &[&str]) -> CloudsBuilder {
        let file = self.folder.path().join("cloudmesh.yaml");
        Clouds::builder(names.iter().copied()).config_file(&file).retry(RetryPolicy::quick()).poll(PollPolicy::quick())
    }

    fn clouds(&self, names: &[&str]) -> Clouds {
        self.builder(names).build().unwrap()
    }
}

impl Drop for Sky {
    fn drop(&mut self) {
        self.worlds.iter().for_each(|world| World::forget(world.name()));
    }
}

async fn boot(clouds: &Clouds, name: &str) {
    assert!(clouds.each(async |cloud| cloud.create(&small(name)).await).await.is_complete());
    assert!(clouds.nodes(name).unwrap().wait(Goal::Running).await.is_complete());
}

/// Where which node is, in order.
fn places(partial: &Partial<Node>) -> Vec<(&str, &str)> {
    partial.done.iter().map(|node| (node.cloud.as_str(), node.name.as_str())).collect()
}

/// Which cloud failed in which way, in order.
fn failures<T>(partial: &Partial<T>) -> Vec<(&str, ErrorKind)> {
    partial.failed.iter().map(|error| (error.place().cloud.as_deref().unwrap(), error.kind())).collect()
}

#[tokio::test]
async fn results_come_in_the_order_of_the_clouds() {
    let sky = Sky::new(&["a", "b"]);
    for names in [["a", "b"], ["b", "a"]] {
        let clouds = sky.clouds(&names);
        boot(&clouds, &format!("web-{}", names[0])).await;
        let listing = clouds.list(&NodeQuery::new()).await;
        assert_eq!(places(&listing).first().unwrap().0, names[0]);
        assert_eq!(clouds.whoami().await.done[0].cloud, names[0]);
    }
}

#[tokio::test]
async fn clouds_are_chosen_by_name_range_and_glob() {
    let sky = Sky::new(&["lab1", "lab2", "lab3", "aws"]);
    let table: [(&[&str], &[&str]); 6] = [
        (&["lab[2-3]", "aws"], &["lab2", "lab3", "aws"]),
        (&["lab*"], &["lab1", "lab2", "lab3"]),
        (&["aws,lab?"], &["aws", "lab1", "lab2", "lab3"]),
        (&["aws", "lab1", "aws"], &["aws", "lab1"]),
        (&["all"], &["lab1", "lab2", "lab3", "aws", "wrong", "other"]),
        (&["wrong", "aws", "nothing"], &["wrong", "aws", "nothing"]),
    ];
    for (patterns, wanted) in table {
        assert_eq!(sky.clouds(patterns).names().collect::<Vec<_>>(), wanted, "{patterns:?}");
    }
    let refused = |pattern: &str| sky.builder(&[pattern]).build().unwrap_err();
    assert_eq!(refused("lab[3-1]").kind(), ErrorKind::InvalidInput);
    assert_eq!(refused("none*").kind(), ErrorKind::Config);
    assert_eq!(refused("asle*").kind(), ErrorKind::Config);
}

#[tokio::test]
async fn a_cloud_that_is_written_wrong_stops_no_other() {
    let sky = Sky::new(&["a", "b"]);
    let clouds = sky.clouds(&["wrong", "a", "other", "b", "asleep", "nothing"]);
    assert_eq!(clouds.providers().map(Provider::name).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(clouds.unusable().count(), 4);
    boot(&sky.clouds(&["a", "b"]), "web-1").await;
    // More than once: the errors are there each time.
    for _ in 0..2 {
        let listing = clouds.list(&NodeQuery::new()).await;
        assert_eq!(places(&listing), [("a", "web-1"), ("b", "web-1")]);
        assert_eq!(failures(&listing), ["wrong", "other", "asleep", "nothing"].map(|name| (name, ErrorKind::Config)));
    }
    assert!(sky.worlds.iter().all(|world| !world.seen().is_empty()));
}

#[tokio::test]
async fn a_cloud_in_trouble_is_an_error_beside_the_others_results() {
    let sky = Sky::new(&["a", "b", "c"]);
    let clouds = sky.builder(&["a", "b", "c"]).deadline(SOON).build().unwrap();
    boot(&sky.clouds(&["a", "b", "c"]), "web-1").await;
    sky.worlds[0].disturb(Disturbance::new(Trouble::Silence));
    sky.worlds[1].disturb(Disturbance::new(Trouble::Html));
    let listing = clouds.list(&NodeQuery::new()).await;
    assert_eq!(places(&listing), [("c", "web-1")]);
    assert_eq!(failures(&listing), [("a", ErrorKind::Timeout), ("b", ErrorKind::Unexpected)]);
    let all: Vec<_> = listing.into_iter().map(|result| result.is_ok()).collect();
    assert_eq!(all, [true, false, false]);
}

#[tokio::test]
async fn fast_clouds_are_told_first() {
    let sky = Sky::new(&["slow", "fast"]);
    sky.worlds[0].disturb(Disturbance::new(Trouble::Silence));
    let clouds = sky.builder(&["slow", "wrong", "fast"]).deadline(SOON).build().unwrap();
    let told = clouds.as_they_come(async |cloud| cloud.whoami().await);
    let told: Vec<(&str, bool)> = told.map(|(name, result)| (name, result.is_ok())).collect().await;
    assert_eq!(told.last(), Some(&("slow", false)));
    assert!(told.contains(&("fast", true)) && told.contains(&("wrong", false)), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn one_deadline_is_for_the_whole_share_of_a_cloud() {
    let sky = Sky::new(&["slow"]);
    sky.worlds[0].disturb(Disturbance::new(Trouble::Slow(Duration::from_secs(20))));
    let patient = sky.builder(&["slow"]).deadline(Duration::from_secs(30));
    let ask = async |cloud: Provider| {
        for _ in 0..5 {
            cloud.whoami().await?;
        }
        Ok(())
    };
    let began = tokio::time::Instant::now();
    let asked = patient.build().unwrap().each(&ask).await;
    assert_eq!(failures(&asked), [("slow", ErrorKind::Timeout)]);
    assert_eq!(began.elapsed().as_secs(), 30);
    let asked = sky.builder(&["slow"]).deadline(Duration::from_secs(200)).build().unwrap().each(&ask).await;
    assert!(asked.is_complete(), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn waiting_has_a_limit_that_counts_from_the_beginning() {
    let sky = Sky::new(&["lab"]);
    let limit = Duration::from_secs(30);
    boot(&sky.clouds(&["lab"]), "web-1").await;
    sky.worlds[0].disturb(Disturbance::new(Trouble::Slow(Duration::from_secs(2))).on(On::Reads));
    let clouds = sky.builder(&["lab"]).deadline(limit).poll(PollPolicy::default().with_limit(limit)).build().unwrap();
    let began = tokio::time::Instant::now();
    let waited = clouds.nodes("web-1").unwrap().wait(Goal::Stopped).await;
    assert_eq!(
        waited.failed[0].to_string(),
        "lab: `web-1`: not stopped within 30s; it may still get there, wait again or look at it"
    );
    assert_eq!(began.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn nodes_of_all_clouds_live_their_lives() {
    let sky = Sky::new(&["a", "b"]);
    let clouds = sky.clouds(&["a", "b"]);
    boot(&clouds, "web-1").await;
    let web = clouds.nodes("web*").unwrap();
    let both = [("a", "web-1"), ("b", "web-1")];
    assert_eq!(places(&web.look_up().await), both);
    assert_eq!(places(&web.stop().await), both);
    assert!(web.wait(Goal::Stopped).await.done.iter().all(|node| node.status == NodeState::Stopped));
    assert_eq!(places(&web.start().await), both);
    assert!(web.wait(Goal::Running).await.is_complete());
    assert_eq!(places(&web.reboot(RebootKind::Hard).await), both);
    assert_eq!(places(&web.destroy().await), both);
    let gone = clouds.nodes("web-1").unwrap().wait(Goal::Gone).await.into_result().unwrap();
    assert!(gone.iter().all(|node| node.status == NodeState::Deleted), "{gone:?}");
    assert!(clouds.list(&NodeQuery::new()).await.into_result().unwrap().is_empty());
}

#[tokio::test]
async fn a_name_is_missing_only_where_no_cloud_has_it() {
    let sky = Sky::new(&["a", "b"]);
    let clouds = sky.clouds(&["a", "b"]);
    boot(&sky.clouds(&["a"]), "web-1").await;
    // Worlds count their nodes: an id of its own needs one more.
    sky.worlds[1].plant("old-1");
    boot(&sky.clouds(&["b"]), "db-1").await;
    for names in ["web-1", "web-1,db-1", "web*", "web*,db-?"] {
        assert!(clouds.nodes(names).unwrap().look_up().await.is_complete(), "{names}");
    }
    let id = clouds.nodes("db-1").unwrap().look_up().await.done[0].id.to_string();
    assert_eq!(places(&clouds.nodes(&id).unwrap().look_up().await), [("b", "db-1")]);
    let missing = clouds.nodes("web-1,web-2").unwrap().stop().await;
    assert_eq!(places(&missing), [("a", "web-1")]);
    assert_eq!(failures(&missing), [("a", ErrorKind::NotFound), ("b", ErrorKind::NotFound)]);
}

#[tokio::test]
async fn nothing_is_changed_in_a_dry_run() {
    let sky = Sky::new(&["a", "b"]);
    boot(&sky.clouds(&["a", "b"]), "web-1").await;
    let clouds = sky.builder(&["a", "b"]).dry_run(true).build().unwrap();
    assert_eq!(clouds.nodes("web-1").unwrap().destroy().await.done.len(), 2);
    assert_eq!(clouds.providers().map(|cloud| cloud.plan().unwrap().steps().len()).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(sky.clouds(&["a", "b"]).list(&NodeQuery::new()).await.done.len(), 2);
}

#[tokio::test]
async fn providers_made_by_hand_are_clouds_too() {
    let sky = Sky::new(&["a", "b"]);
    let file = sky.folder.path().join("cloudmesh.yaml");
    let made = ["b", "a"].map(|name| Provider::with_config(name, &file).unwrap());
    let clouds: Clouds = made.into_iter().collect();
    assert_eq!(clouds.names().collect::<Vec<_>>(), ["b", "a"]);
    assert!(clouds.provider("a").is_some() && clouds.provider("c").is_none());
    assert_eq!(clouds.whoami().await.into_result().unwrap().len(), 2);
}

#[tokio::test]
async fn work_on_several_clouds_may_move_to_another_thread() {
    let sky = Sky::new(&["a", "b"]);
    let clouds = sky.clouds(&["a", "b"]);
    let listing = tokio::spawn(async move { clouds.list(&NodeQuery::new()).await }).await.unwrap();
    assert!(listing.is_complete());
    let clouds = sky.clouds(&["a", "b"]);
    let looked = tokio::spawn(async move { clouds.nodes("web*").unwrap().stop().await.failed.len() });
    assert_eq!(looked.await.unwrap(), 2);
}

#[test]
fn json_is_what_the_program_prints() {
    let error = Error::new(ErrorKind::Timeout, "no answer within 30s").in_cloud("b");
    let partial: Partial<Node> = [Ok(Node::new("1", "web-1", NodeState::Running)), Err(error)].into_iter().collect();
    let json = serde_json::to_value(&partial).unwrap();
    assert_eq!(json["nodes"][0]["name"], "web-1");
    let error = serde_json::json!([{ "kind": "timeout", "message": "no answer within 30s", "cloud": "b" }]);
    assert_eq!(json["errors"], error);
    assert_eq!(json.as_object().unwrap().len(), 2);
}

#[test]
fn a_result_that_is_not_whole_names_all_that_failed() {
    let failed = |cloud: &str| Error::new(ErrorKind::Unavailable, "out of reach").in_cloud(cloud);
    let partial: Partial<u8> = [Ok(1), Err(failed("a")), Err(failed("b"))].into_iter().collect();
    assert!(!partial.is_complete());
    assert_eq!(partial.clone().into_parts().0, [1]);
    assert_eq!(partial.into_result().unwrap_err().to_string(), "a: out of reach; and b: out of reach");
    assert_eq!([Ok(1), Ok(2)].into_iter().collect::<Partial<_>>().into_result().unwrap(), [1, 2]);
}

#[tokio::test]
async fn flavors_of_a_kind_are_those_that_are_known_to_be() {
    let sky = Sky::new(&["lab"]);
    let clouds = sky.clouds(&["lab"]);
    let table = [
        (FlavorQuery::new().with_min_gpus(1), vec!["m1.large"]),
        (FlavorQuery::new().with_architecture("arm64"), vec!["m1.medium"]),
        (FlavorQuery::new().with_architecture("x86_64"), vec!["m1.small", "m1.large"]),
    ];
    for (query, wanted) in table {
        let flavors = clouds.flavors(&query).await.into_result().unwrap();
        assert_eq!(flavors.into_iter().map(|flavor| flavor.name).collect::<Vec<_>>(), wanted, "{query:?}");
    }
}
