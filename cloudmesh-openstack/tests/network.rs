//! Keys, security groups and addresses, on the emulator: what they cost, and what stands in their way.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use std::sync::Arc;

use cloudmesh_abstract::{
    ComputeNodeABC, Connect, Context, ErrorKind, KeyPair, Keys, NodeSpec, PublicIps, Recorder, RetryPolicy,
    SecurityGroups, SecurityRule, Settings,
};
use cloudmesh_emulator::Emulator;
use cloudmesh_openstack::OpenStack;
use futures::future::join_all;

struct Lab {
    emulator: Emulator,
    cloud: OpenStack,
    trace: Arc<Recorder>,
}

/// A cloud that lets a project have 500 rules; usually it is 100.
async fn lab() -> Lab {
    let emulator = Emulator::builder().network_quota("security_group_rule", 500).start().await.unwrap();
    let all = emulator.settings("openstack").unwrap();
    let settings = Settings::default().with("credentials", all.get("credentials").unwrap().clone());
    let trace = Arc::new(Recorder::default());
    let context = Context::builder("lab").retry(RetryPolicy::quick()).trace(trace.clone()).build();
    Lab { cloud: OpenStack::connect(settings.parse().unwrap(), context).unwrap(), emulator, trace }
}

impl Lab {
    /// The requests since the last look, without their parameters.
    fn requests(&self) -> Vec<String> {
        let line = |line: String| line.split('?').next().unwrap_or_default().to_owned();
        self.trace.take().into_iter().map(|sent| line(sent.request)).collect()
    }

    fn spec(&self, name: &str) -> NodeSpec {
        let props = self.emulator.props();
        let spec = NodeSpec::new(name, props.image, props.flavor);
        props.network.into_iter().fold(spec, NodeSpec::with_network)
    }
}

fn rules(count: u16) -> Vec<SecurityRule> {
    (0..count).map(|number| format!("tcp/{}", 1000 + number).parse().unwrap()).collect()
}

#[tokio::test]
async fn any_number_of_rules_is_loaded_with_two_requests() {
    let lab = lab().await;
    lab.cloud.add_secgroup("web", "").await.unwrap();
    lab.requests();
    let (half, all) = (rules(100), rules(200));
    lab.cloud.add_rules_to_secgroup("web", &half).await.unwrap();
    assert_eq!(lab.requests(), ["GET /security-groups", "POST /security-group-rules"]);
    lab.cloud.add_rules_to_secgroup("web", &all).await.unwrap();
    assert_eq!(lab.requests(), ["GET /security-groups", "POST /security-group-rules"]);
    lab.cloud.add_rules_to_secgroup("web", &all).await.unwrap();
    assert_eq!(lab.requests(), ["GET /security-groups"], "what is there is not sent");
    lab.cloud.remove_rules_from_secgroup("web", &all).await.unwrap();
    assert_eq!(lab.requests().len(), 201, "one look, and each by its id");
    assert_eq!(lab.cloud.list_secgroup_rules("web").await.unwrap().len(), 2);
}

#[tokio::test]
async fn hundreds_who_delete_at_once_share_one_look_at_the_addresses() {
    let lab = lab().await;
    let ids: Vec<_> = (0..300).map(|number| lab.emulator.troubles().plant(&format!("n{number}"))).collect();
    lab.cloud.find("none").await.unwrap();
    lab.requests();
    let ended = join_all(ids.iter().map(|id| lab.cloud.destroy(id))).await;
    assert!(ended.into_iter().all(|each| each.is_ok()));
    let sent = lab.requests();
    let looks = sent.iter().filter(|request| *request == "GET /floatingips").count();
    assert_eq!((sent.len() - looks, looks), (300, 1));
}

#[tokio::test]
async fn a_rule_that_neutron_refuses_among_others_is_named() {
    let lab = lab().await;
    lab.cloud.add_secgroup("web", "").await.unwrap();
    let stranger = "8b9c6fd9-1360-4b98-9f62-3bdc6655aaf6";
    let mut asked = rules(2);
    asked.push(format!("tcp/22@group:{stranger}").parse().unwrap());
    let error = lab.cloud.add_rules_to_secgroup("web", &asked).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let named = format!("1 of 3 rules are refused, the others are there: `tcp/22@group:{stranger}`: ");
    assert!(error.message().starts_with(&named), "{error}");
    assert_eq!(lab.cloud.list_secgroup_rules("web").await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_group_in_use_names_who_wears_it_and_a_taken_address_who_holds_it() {
    let lab = lab().await;
    lab.cloud.add_secgroup("web", "").await.unwrap();
    let one = lab.cloud.create(&lab.spec("web-1").with_secgroup("web").with_public(true)).await.unwrap();
    let other = lab.cloud.create(&lab.spec("web-2").with_public(true)).await.unwrap();
    let error = lab.cloud.remove_secgroup("web").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().contains("is worn by node `web-1`"), "{error}");
    let address = one.public_ips[0].to_string();
    let error = lab.cloud.attach_public_ip(&other.id, &address).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().contains("leads to node `web-1`"), "{error}");
}

#[tokio::test]
async fn a_private_key_is_refused_before_anything_is_sent_and_never_told() {
    let lab = lab().await;
    let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----\n";
    let error = lab.cloud.key_upload(&KeyPair::new("k").with_public_key(private)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    assert!(lab.requests().is_empty());
}
