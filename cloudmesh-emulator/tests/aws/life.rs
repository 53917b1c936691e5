//! The life of an instance, on a clock that stands still.

use std::time::Duration;

use crate::support::Client;

const PACE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_new_id_is_unknown_for_a_moment() {
    let (client, clock) = Client::still().await;
    let id = client.create(&[]).await;
    assert_eq!(client.info(&id).await.code(), "InvalidInstanceID.NotFound");
    assert!(client.ask("DescribeInstances", &[]).await.states().is_empty());
    clock.advance(PACE / 3);
    assert_eq!(client.info(&id).await.states(), ["pending"]);
    assert_eq!(client.ask("DescribeInstances", &[]).await.states(), ["pending"]);
}

#[tokio::test]
async fn states_follow_each_other_with_the_clock() {
    let (client, clock) = Client::still().await;
    let id = client.create(&[]).await;
    clock.advance(PACE / 3);
    let steps = [
        ("StopInstances", "IncorrectInstanceState", "pending", "running"),
        ("StartInstances", "", "running", "running"),
        ("RebootInstances", "", "running", "running"),
        ("StopInstances", "", "stopping", "stopped"),
        ("StopInstances", "", "stopped", "stopped"),
        ("RebootInstances", "IncorrectInstanceState", "stopped", "stopped"),
        ("StartInstances", "", "pending", "running"),
        ("TerminateInstances", "", "shutting-down", "terminated"),
        ("TerminateInstances", "", "terminated", "terminated"),
        ("StartInstances", "IncorrectInstanceState", "terminated", "terminated"),
        ("StopInstances", "IncorrectInstanceState", "terminated", "terminated"),
    ];
    for (action, code, during, after) in steps {
        assert_eq!(client.ask(action, &[("InstanceId.1", &id)]).await.code(), code, "{action}");
        assert_eq!(client.info(&id).await.states(), [during], "{action}");
        clock.advance(PACE);
        assert_eq!(client.info(&id).await.states(), [after], "{action}");
    }
}

#[tokio::test]
async fn what_begins_while_something_goes_on_is_refused() {
    let (client, clock) = Client::still().await;
    let id = client.create(&[]).await;
    clock.advance(PACE);
    client.ask("StopInstances", &[("InstanceId.1", &id)]).await;
    assert_eq!(client.ask("StartInstances", &[("InstanceId.1", &id)]).await.code(), "IncorrectInstanceState");
    let ended = client.ask("TerminateInstances", &[("InstanceId.1", &id)]).await;
    assert_eq!((ended.status, ended.all("name")), (200, vec!["shutting-down".to_owned(), "stopping".to_owned()]));
}

#[tokio::test]
async fn a_public_address_goes_and_comes_with_the_running() {
    let (client, clock) = Client::still().await;
    let id = client.create(&[]).await;
    clock.advance(PACE);
    let address = client.info(&id).await.first("ipAddress");
    assert!(!address.is_empty());
    client.ask("StopInstances", &[("InstanceId.1", &id)]).await;
    clock.advance(PACE);
    assert_eq!(client.info(&id).await.first("ipAddress"), "");
    client.ask("StartInstances", &[("InstanceId.1", &id)]).await;
    clock.advance(PACE);
    let another = client.info(&id).await.first("ipAddress");
    assert!(!another.is_empty() && another != address);
}

#[tokio::test]
async fn a_terminated_instance_is_seen_for_an_hour_without_what_it_had() {
    let (client, clock) = Client::still().await;
    let id = client.create(&[]).await;
    clock.advance(PACE);
    client.ask("TerminateInstances", &[("InstanceId.1", &id)]).await;
    clock.advance(PACE);
    let ghost = client.info(&id).await;
    assert_eq!(
        (ghost.states(), ghost.first("volumeId"), ghost.first("networkInterfaceId")),
        (vec!["terminated".to_owned()], String::new(), String::new())
    );
    assert_eq!(ghost.first("stateReason").matches("Client.UserInitiatedShutdown").count(), 2);
    assert!(client.ask("DescribeVolumes", &[]).await.all("volumeId").is_empty());
    clock.advance(Duration::from_hours(1));
    assert_eq!(client.info(&id).await.code(), "InvalidInstanceID.NotFound");
}

#[tokio::test]
async fn several_are_changed_all_or_none() {
    let (client, clock) = Client::still().await;
    let [one, other] = [client.create(&[]).await, client.create(&[]).await];
    clock.advance(PACE);
    client.ask("TerminateInstances", &[("InstanceId.1", &other)]).await;
    clock.advance(PACE);
    let both = [("InstanceId.1", one.as_str()), ("InstanceId.2", other.as_str())];
    assert_eq!(client.ask("StopInstances", &both).await.code(), "IncorrectInstanceState");
    assert_eq!(client.info(&one).await.states(), ["running"]);
    clock.advance(PACE);
    assert_eq!(client.info(&one).await.states(), ["running"]);
    let unknown = [("InstanceId.1", one.as_str()), ("InstanceId.2", "i-0123456789abcdef0")];
    assert_eq!(client.ask("TerminateInstances", &unknown).await.code(), "InvalidInstanceID.NotFound");
    assert_eq!(client.info(&one).await.states(), ["running"]);
}

#[tokio::test]
async fn hibernation_must_be_enabled_beforehand() {
    let (client, clock) = Client::still().await;
    let plain = client.create(&[]).await;
    let root = [
        ("HibernationOptions.Configured", "true"),
        ("BlockDeviceMapping.1.DeviceName", "/dev/sda1"),
        ("BlockDeviceMapping.1.Ebs.Encrypted", "true"),
    ];
    let able = client.create(&root).await;
    clock.advance(PACE);
    let hibernate = |id: String| {
        let client = &client;
        async move { client.ask("StopInstances", &[("InstanceId.1", id.as_str()), ("Hibernate", "true")]).await }
    };
    assert_eq!(hibernate(plain).await.code(), "UnsupportedHibernationConfiguration");
    assert_eq!(hibernate(able.clone()).await.status, 200);
    clock.advance(PACE);
    let asleep = client.info(&able).await;
    assert_eq!((asleep.states(), asleep.first("code")), (vec!["stopped".to_owned()], "80".to_owned()));
    assert!(asleep.first("stateReason").contains("<code>Client.UserInitiatedHibernate</code>"));
    client.ask("StartInstances", &[("InstanceId.1", &able)]).await;
    clock.advance(PACE);
    assert_eq!(client.info(&able).await.first("stateReason"), "");
}

#[tokio::test]
async fn the_type_changes_when_stopped() {
    let (client, clock) = Client::still().await;
    let id = client.create(&[]).await;
    clock.advance(PACE);
    let resize = [("InstanceId", id.as_str()), ("InstanceType.Value", "t3.small")];
    assert_eq!(client.ask("ModifyInstanceAttribute", &resize).await.code(), "IncorrectInstanceState");
    client.ask("StopInstances", &[("InstanceId.1", &id)]).await;
    clock.advance(PACE);
    let misfit = [("InstanceId", id.as_str()), ("InstanceType.Value", "t4g.small")];
    assert_eq!(client.ask("ModifyInstanceAttribute", &misfit).await.code(), "InvalidParameterValue");
    assert_eq!(client.ask("ModifyInstanceAttribute", &resize).await.status, 200);
    assert_eq!(client.info(&id).await.first("instanceType"), "t3.small");
}

#[tokio::test]
async fn a_protected_instance_stays() {
    let (client, clock) = Client::still().await;
    let id = client.create(&[("DisableApiTermination", "true")]).await;
    clock.advance(PACE);
    assert_eq!(client.ask("TerminateInstances", &[("InstanceId.1", &id)]).await.code(), "OperationNotPermitted");
    let freed = [("InstanceId", id.as_str()), ("DisableApiTermination.Value", "false")];
    assert_eq!(client.ask("ModifyInstanceAttribute", &freed).await.status, 200);
    assert_eq!(client.ask("TerminateInstances", &[("InstanceId.1", &id)]).await.status, 200);
}

#[tokio::test]
async fn the_console_tells_the_latest_at_once_and_the_rest_later() {
    let (client, clock) = Client::still().await;
    let id = client.create(&[]).await;
    clock.advance(PACE / 2);
    let output = |latest: &'static str| {
        let (client, id) = (&client, id.clone());
        async move { client.ask("GetConsoleOutput", &[("InstanceId", id.as_str()), ("Latest", latest)]).await }
    };
    assert_eq!(output("true").await.first("output"), "", "it has not booted");
    clock.advance(PACE / 2);
    assert_ne!(output("true").await.first("output"), "");
    assert_eq!(output("false").await.first("output"), "", "it is posted some time after the boot");
    clock.advance(PACE);
    assert_ne!(output("false").await.first("output"), "");
    let old = client.create(&[("InstanceType", "t2.micro")]).await;
    clock.advance(PACE);
    let refused = client.ask("GetConsoleOutput", &[("InstanceId", old.as_str()), ("Latest", "true")]).await;
    assert_eq!(refused.code(), "UnsupportedOperation");
}
