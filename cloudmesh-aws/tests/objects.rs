//! Images, sizes, keys, security groups and addresses, on the emulator: what they cost, and what stands in their way.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::sync::Arc;
use std::task::Poll;

use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Context, ErrorKind, FlavorQuery, ImageQuery, KeyPair, Keys, Leftovers, NodeId, NodeSpec,
    NodeState, PollPolicy, PublicIps, Recorder, Rehearsal, RetryPolicy, SecurityGroups, SecurityRule,
};
use cloudmesh_aws::Aws;
use cloudmesh_emulator::Emulator;
use futures::future::join_all;

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMC3h9lHvDFKtlKT6DH5TkCYbw4nHXR8Ys6xwDsN1Tvu lab";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVJ+gdcb8H4Hl0G4M5r0d0lJyVWhXtF1b0qMYx2dQeC other";

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

    /// How often an action was sent since the last look.
    fn count(&self, action: &str) -> usize {
        self.requests().iter().filter(|sent| *sent == action).count()
    }

    fn spec(&self, name: &str) -> NodeSpec {
        let props = self.emulator.props();
        NodeSpec::new(name, props.image, props.flavor)
    }

    async fn boot(&self, spec: &NodeSpec) -> NodeId {
        let id = self.cloud.create(spec).await.unwrap().id;
        let look = || async {
            // A new id may be unknown for a moment.
            let runs = self.cloud.info(&id).await.is_ok_and(|node| node.status == NodeState::Running);
            Ok(if runs { Poll::Ready(()) } else { Poll::Pending })
        };
        self.context.poll("the new node", look).await.unwrap();
        id
    }
}

fn rules(words: &str) -> Vec<SecurityRule> {
    words.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

fn words(rules: &[SecurityRule]) -> Vec<String> {
    let mut words: Vec<String> = rules.iter().map(ToString::to_string).collect();
    words.sort_unstable();
    words
}

#[tokio::test]
async fn a_short_name_is_one_request_for_the_newest_image_of_its_publisher() {
    let lab = lab().await;
    for (alias, begins) in [
        ("ubuntu-24.04", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-"),
        ("debian-12", "debian-12-amd64-"),
        ("amazon-linux-2023", "al2023-ami-2023."),
        ("rocky-9", "Rocky-9-EC2-Base-9."),
    ] {
        lab.requests();
        let image = lab.cloud.image(alias).await.unwrap();
        assert_eq!(lab.count("DescribeImages"), 1, "{alias}");
        assert!(image.name.starts_with(begins), "{alias} is {}", image.name);
        assert_eq!(image.architecture.as_deref(), Some("x86_64"));
        // Anybody may publish an image of that name: the newer ones of a stranger do not count.
        let all = lab.cloud.images(&ImageQuery::new().with_all(true)).await.unwrap();
        let family = all.iter().filter(|other| other.owner == image.owner && other.name.starts_with(begins));
        let newest = family.filter(|other| other.architecture == image.architecture).filter_map(|other| other.created);
        assert_eq!(newest.max(), image.created, "{alias}");
    }
}

#[tokio::test]
async fn an_image_is_chosen_for_the_processors_of_the_size_and_looked_up_once() {
    let lab = lab().await;
    let specs: Vec<NodeSpec> =
        (0..20).map(|number| NodeSpec::new(format!("arm-{number}"), "ubuntu-24.04", "t4g.micro")).collect();
    let made = join_all(specs.iter().map(|spec| lab.cloud.create(spec))).await;
    let sent = lab.requests();
    let count = |action: &str| sent.iter().filter(|sent| *sent == action).count();
    assert_eq!((count("RunInstances"), count("DescribeImages"), count("DescribeInstanceTypes")), (20, 1, 1));
    let made = made.into_iter().map(Result::unwrap).next().unwrap();
    let image = lab.cloud.image(made.image.as_deref().unwrap()).await.unwrap();
    assert!(image.name.contains("24.04-arm64-server"), "{}", image.name);
    assert_eq!(image.architecture.as_deref(), Some("aarch64"));
}

#[tokio::test]
async fn a_listing_of_images_asks_each_publisher_once_and_never_for_everything() {
    let lab = lab().await;
    let usual = lab.cloud.images(&ImageQuery::new()).await.unwrap();
    let asked = lab.count("DescribeImages");
    assert!((3..20).contains(&asked), "{asked} requests");
    let all = lab.cloud.images(&ImageQuery::new().with_all(true)).await.unwrap();
    assert!(usual.len() * 2 < all.len(), "{} of {} are listed", usual.len(), all.len());
    let raw = lab.cloud.images(&ImageQuery::new().with_raw(true)).await.unwrap();
    for image in &raw {
        assert_eq!(image.raw.as_ref().and_then(|record| record["imageId"].as_str()), Some(image.id.as_str()));
    }
    assert!(usual.iter().all(|image| image.raw.is_none()) && raw.len() == usual.len());
}

#[tokio::test]
async fn an_image_that_does_not_exist_is_told_with_what_may_be_meant() {
    let lab = lab().await;
    let table = [
        ("ubunto-24.04", "did you mean `ubuntu-24.04`?"),
        ("ubuntu-99.04", "no current official image"),
        ("golden", "give the id of another one"),
        ("ami-0123456789abcdef0", "there is no image `ami-0123456789abcdef0`"),
    ];
    for (name, told) in table {
        let error = lab.cloud.image(name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        assert!(error.message().contains(told), "{error}");
    }
}

#[tokio::test]
async fn sizes_are_told_in_full_and_narrowed_by_the_cloud() {
    let lab = lab().await;
    let all = lab.cloud.flavors(&FlavorQuery::new()).await.unwrap();
    assert!(lab.count("DescribeInstanceTypes") <= all.len() / 100 + 1);
    assert!(all.iter().all(|flavor| flavor.vcpus.is_some() && flavor.memory_mb.is_some() && flavor.network.is_some()));
    let arm = lab.cloud.flavors(&FlavorQuery::new().with_architecture("arm64")).await.unwrap();
    assert!(!arm.is_empty() && arm.iter().all(|flavor| flavor.architecture.as_deref() == Some("aarch64")));
    assert!(lab.count("DescribeInstanceTypes") <= arm.len() / 100 + 1, "the cloud leaves the others out");
    let gpus = lab.cloud.flavors(&FlavorQuery::new().with_min_gpus(1)).await.unwrap();
    assert!(!gpus.is_empty() && gpus.iter().all(|flavor| flavor.gpus >= Some(1)));
    let raw = lab.cloud.flavors(&FlavorQuery::new().with_min_gpus(1).with_raw(true)).await.unwrap();
    assert!(raw.iter().all(|flavor| flavor.raw.as_ref().unwrap()["instanceType"] == flavor.name.as_str()));
    let error = lab.cloud.flavor("t99.huge").await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "there is no flavor `t99.huge`"));
}

#[tokio::test]
async fn a_key_of_a_taken_name_is_told_with_both_fingerprints() {
    let lab = lab().await;
    let key = |text: &str| KeyPair::new("laptop").with_public_key(text);
    let made = lab.cloud.key_upload(&key(ED25519)).await.unwrap();
    let listed = lab.cloud.keys().await.unwrap().into_iter().find(|key| key.name == "laptop").unwrap();
    assert_eq!((&listed.fingerprint, &listed.key_type), (&made.fingerprint, &made.key_type));
    let same = lab.cloud.key_upload(&key(ED25519)).await.unwrap_err();
    assert_eq!(same.message(), "the key `laptop` is there already, and is this one");
    let other = lab.cloud.key_upload(&key(OTHER)).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::AlreadyExists);
    assert!(other.message().contains(made.fingerprint.as_deref().unwrap()), "{other}");
}

#[tokio::test]
async fn any_number_of_rules_is_loaded_with_one_request_a_direction() {
    let lab = lab().await;
    lab.cloud.add_secgroup("web", "").await.unwrap();
    let ports: Vec<String> = (1000..1020).map(|port| format!("tcp/{port} tcp/{port}@::/0 ")).collect();
    let wanted = rules(&(ports.concat() + "icmp/8 icmpv6/128 any@10.0.0.0/8 112 egress:udp/53@10.0.0.2/32"));
    lab.requests();
    lab.cloud.add_rules_to_secgroup("web", &wanted).await.unwrap();
    let both = ["DescribeSecurityGroups", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"];
    assert_eq!(lab.requests(), both);
    lab.cloud.add_rules_to_secgroup("web", &wanted).await.unwrap();
    assert_eq!(lab.requests(), ["DescribeSecurityGroups"], "what is there is not sent");
    let held = lab.cloud.list_secgroup_rules("web").await.unwrap();
    assert!(held.iter().all(|rule| rule.id.as_ref().is_some_and(|id| id.starts_with("sgr-"))));
    assert_eq!(words(&held), words(&[wanted.clone(), rules("egress:any")].concat()));
    lab.requests();
    lab.cloud.remove_rules_from_secgroup("web", &wanted).await.unwrap();
    let sent = lab.requests();
    assert_eq!(sent[..2], ["DescribeSecurityGroups", "DescribeSecurityGroupRules"]);
    assert_eq!(sent.len(), 4, "one request a direction");
    assert_eq!(words(&lab.cloud.list_secgroup_rules("web").await.unwrap()), ["egress:any"]);
}

#[tokio::test]
async fn rules_that_two_remove_at_the_same_time_are_gone_in_the_end() {
    let lab = lab().await;
    lab.cloud.add_secgroup("web", "").await.unwrap();
    let all = rules("tcp/22 tcp/80 tcp/443");
    lab.cloud.add_rules_to_secgroup("web", &all).await.unwrap();
    let (one, other) = futures::join!(
        lab.cloud.remove_rules_from_secgroup("web", &all[..2]),
        lab.cloud.remove_rules_from_secgroup("web", &all[1..])
    );
    one.and(other).unwrap();
    assert_eq!(words(&lab.cloud.list_secgroup_rules("web").await.unwrap()), ["egress:any"]);
}

#[tokio::test]
async fn a_rule_about_a_group_names_it_and_a_group_in_use_says_by_whom() {
    let lab = lab().await;
    for name in ["web", "db"] {
        lab.cloud.add_secgroup(name, "for a check").await.unwrap();
    }
    lab.cloud.add_rules_to_secgroup("db", &rules("tcp/5432@group:web any@group:db")).await.unwrap();
    let held = lab.cloud.list_secgroup_rules("db").await.unwrap();
    assert_eq!(words(&held), ["any@group:db", "egress:any", "tcp/5432@group:web"]);
    let listed = lab.cloud.list_secgroups().await.unwrap().into_iter().find(|group| group.name == "db").unwrap();
    assert_eq!(words(&listed.rules), words(&held));

    let named = lab.cloud.remove_secgroup("web").await.unwrap_err();
    assert_eq!((named.kind(), named.code()), (ErrorKind::Conflict, Some("DependencyViolation")));
    assert!(named.message().contains("is named in rules of `db`; delete those rules first"), "{named}");
    lab.boot(&lab.spec("wearer").with_secgroup("db")).await;
    let worn = lab.cloud.remove_secgroup("db").await.unwrap_err();
    assert!(worn.message().contains("is worn by node `wearer`; take it off there"), "{worn}");
}

#[tokio::test]
async fn an_address_is_never_taken_from_anybody() {
    let lab = lab().await;
    let (one, other) = (lab.boot(&lab.spec("one")).await, lab.boot(&lab.spec("other")).await);
    let (first, second) =
        (lab.cloud.create_public_ip(None).await.unwrap(), lab.cloud.create_public_ip(None).await.unwrap());
    assert!(first.ours && second.ours);
    let (used, free) = (first.address.to_string(), second.address.to_string());
    lab.cloud.attach_public_ip(&one, &used).await.unwrap();
    let taken = lab.cloud.attach_public_ip(&other, &used).await.unwrap_err();
    assert!(taken.message().contains("leads to node `one`; detach it there first"), "{taken}");
    let another = lab.cloud.attach_public_ip(&one, &free).await.unwrap_err();
    assert_eq!(another.kind(), ErrorKind::Conflict);
    assert!(another.message().contains(&format!("node `one` has the address `{used}`")), "{another}");
    let missing = lab.cloud.attach_public_ip(&"i-0123456789abcdef0".into(), &free).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound, "{missing}");
    let leftovers = lab.cloud.leftovers().await.unwrap();
    let ids: Vec<&str> = leftovers.iter().map(|leftover| leftover.id.as_str()).collect();
    assert_eq!(ids, [second.id.as_str()]);
}

#[tokio::test]
async fn a_rehearsal_shows_what_would_be_sent_and_sends_no_change() {
    let rehearsal = Rehearsal::default();
    let lab = lab_with(Some(rehearsal.clone())).await;
    let error = lab.cloud.add_rules_to_secgroup("ssh", &rules("tcp/8080@10.0.0.0/8")).await.unwrap_err();
    assert!(Rehearsal::is_held_back(&error), "{error}");
    let held = rehearsal.requests().into_iter().find(|request| !request.sent).unwrap();
    assert_eq!(held.request, "AuthorizeSecurityGroupIngress");
    let shown = held.body.unwrap();
    assert_eq!(shown["IpPermissions"][0]["IpRanges"][0]["CidrIp"], "10.0.0.0/8", "{shown}");
    assert_eq!(shown["IpPermissions"][0]["FromPort"], "8080");
}
