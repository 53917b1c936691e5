//! Making instances: what they have, what is refused, and what is repeated.

use crate::support::{Client, inner};

#[tokio::test]
async fn an_instance_has_what_was_asked_for() {
    let client = Client::start().await;
    let made = client
        .run(&[
            ("KeyName", "demo-key"),
            ("SecurityGroup.1", "ssh"),
            ("ClientToken", "once"),
            ("TagSpecification.1.ResourceType", "instance"),
            ("TagSpecification.1.Tag.1.Key", "Name"),
            ("TagSpecification.1.Tag.1.Value", "web & more"),
            ("TagSpecification.2.ResourceType", "volume"),
            ("TagSpecification.2.Tag.1.Key", "of"),
            ("TagSpecification.2.Tag.1.Value", "web"),
            ("BlockDeviceMapping.1.DeviceName", "/dev/sda1"),
            ("BlockDeviceMapping.1.Ebs.VolumeSize", "30"),
            ("BlockDeviceMapping.2.DeviceName", "/dev/sdf"),
            ("BlockDeviceMapping.2.Ebs.VolumeSize", "5"),
            ("MetadataOptions.HttpTokens", "required"),
            ("Placement.AvailabilityZone", "us-east-1b"),
        ])
        .await;
    let told = ["keyName", "groupName", "clientToken", "httpTokens", "availabilityZone"].map(|name| made.first(name));
    assert_eq!(told[0], "demo-key");
    assert_eq!((made.all("groupName").contains(&"ssh".to_owned()), told[2].as_str()), (true, "once"));
    assert_eq!((told[3].as_str(), told[4].as_str()), ("required", "us-east-1b"));
    assert_eq!(inner(&made.first("tagSet"), "value"), "web &amp; more");
    assert_eq!(made.all("deviceName"), ["/dev/sda1", "/dev/sdf"]);
    assert_eq!(inner(&made.first("blockDeviceMapping"), "deleteOnTermination"), "true");
    let volumes = client.ask("DescribeVolumes", &[("Filter.1.Name", "tag:of"), ("Filter.1.Value.1", "web")]).await;
    assert_eq!(volumes.all("size"), ["30", "5"]);
}

#[tokio::test]
async fn interfaces_take_what_else_stands_at_the_top() {
    let client = Client::start().await;
    let subnet = client.ask("DescribeSubnets", &[]).await.first("subnetId");
    let group = client.ask("DescribeSecurityGroups", &[("GroupName.1", "ssh")]).await.first("groupId");
    let asked = [
        ("NetworkInterface.1.DeviceIndex", "0"),
        ("NetworkInterface.1.SubnetId", subnet.as_str()),
        ("NetworkInterface.1.SecurityGroupId.1", group.as_str()),
        ("NetworkInterface.1.AssociatePublicIpAddress", "false"),
    ];
    let id = client.create(&asked).await;
    let there = loop {
        let got = client.info(&id).await;
        if got.states() == ["running"] {
            break got;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(
        (there.first("subnetId"), there.first("groupId"), there.first("ipAddress")),
        (subnet.clone(), group.clone(), String::new())
    );
    for more in [("SubnetId", subnet.as_str()), ("SecurityGroup.1", "ssh"), ("PrivateIpAddress", "172.31.0.77")] {
        let refused = client.run(&[&asked[..], &[more]].concat()).await;
        assert_eq!(refused.code(), "InvalidParameterCombination", "{more:?}");
    }
    let second = [("NetworkInterface.2.DeviceIndex", "1")];
    assert_eq!(client.run(&[&asked[..], &second].concat()).await.code(), "InvalidParameterCombination");
    let both = client.run(&[&asked[..3], &second].concat()).await;
    assert_eq!(both.all("deviceIndex"), ["0", "1"], "{}", both.text);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_the_code_of_ec2() {
    let client = Client::start().await;
    let (long, many) = ("A".repeat(21_848), "x".repeat(65));
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("ImageId", "ami-0123456789abcdef0")], "InvalidAMIID.NotFound"),
        (&[("ImageId", "ubuntu")], "InvalidAMIID.Malformed"),
        (&[("InstanceType", "t9.micro")], "InvalidParameterValue"),
        (&[("InstanceType", "t4g.micro")], "InvalidParameterValue"),
        (&[("InstanceType", "p5.48xlarge")], "InsufficientInstanceCapacity"),
        (&[("MinCount", "0")], "InvalidParameterValue"),
        (&[("MinCount", "2")], "InvalidParameterValue"),
        (&[("MinCount", "many")], "InvalidParameterValue"),
        (&[("MinCount", "101"), ("MaxCount", "101")], "InstanceLimitExceeded"),
        (&[("KeyName", "none")], "InvalidKeyPair.NotFound"),
        (&[("SecurityGroupId.1", "sg-0123456789abcdef0")], "InvalidGroup.NotFound"),
        (&[("SecurityGroupId.1", "ssh")], "InvalidGroupId.Malformed"),
        (&[("SecurityGroup.1", "none")], "InvalidGroup.NotFound"),
        (&[("SubnetId", "subnet-0123456789abcdef0")], "InvalidSubnetID.NotFound"),
        (&[("Placement.AvailabilityZone", "eu-west-1a")], "InvalidParameterValue"),
        (&[("UserData", &long)], "InvalidParameterValue"),
        (&[("UserData", "no base64!")], "InvalidParameterValue"),
        (&[("ClientToken", &many)], "InvalidParameterValue"),
        (&[("HibernationOptions.Configured", "true")], "UnsupportedHibernationConfiguration"),
        (&[("MetadataOptions.HttpTokens", "maybe")], "InvalidParameterValue"),
        (&[("MetadataOptions.HttpPutResponseHopLimit", "65")], "InvalidParameterValue"),
        (&[("TagSpecification.1.ResourceType", "vpc")], "InvalidParameterValue"),
        (
            &[("BlockDeviceMapping.1.DeviceName", "/dev/sda1"), ("BlockDeviceMapping.1.Ebs.VolumeSize", "1")],
            "InvalidBlockDeviceMapping",
        ),
        (&[("InstanceMarketOptions.SpotOptions.MaxPrice", "1")], "InvalidParameterCombination"),
    ];
    for (asked, code) in table {
        let got = client.run(asked).await;
        assert_eq!(got.code(), *code, "{asked:?}: {}", got.first("Message"));
    }
    assert!(client.emulator.world().node_names().is_empty());
    let left = client.ask("DescribeNetworkInterfaces", &[]).await;
    assert!(left.all("networkInterfaceId").is_empty(), "{}", left.text);
}

#[tokio::test]
async fn a_repeated_token_makes_nothing_new() {
    let client = Client::start().await;
    let first = client.run(&[("ClientToken", "once"), ("MaxCount", "2")]).await;
    let again = client.run(&[("ClientToken", "once"), ("MaxCount", "2")]).await;
    assert_eq!(
        (first.all("instanceId"), first.first("reservationId")),
        (again.all("instanceId"), again.first("reservationId"))
    );
    let other = client.run(&[("ClientToken", "once")]).await;
    assert_eq!((other.status, other.code().as_str()), (400, "IdempotentParameterMismatch"));
    assert_eq!(client.emulator.world().node_names().len(), 2);
}

#[tokio::test]
async fn as_many_are_made_as_there_is_room_for() {
    let client = Client::of(cloudmesh_emulator::Emulator::builder().quota(3)).await;
    assert_eq!(client.run(&[("MinCount", "2"), ("MaxCount", "9")]).await.all("instanceId").len(), 3);
    assert_eq!(client.run(&[]).await.code(), "InstanceLimitExceeded");
}

#[tokio::test]
async fn a_spot_instance_has_a_request_that_is_described() {
    let client = Client::start().await;
    let made = client.run(&[("InstanceMarketOptions.MarketType", "spot")]).await;
    assert_eq!(made.first("instanceLifecycle"), "spot");
    let request = made.first("spotInstanceRequestId");
    let told = client.ask("DescribeSpotInstanceRequests", &[("SpotInstanceRequestId.1", &request)]).await;
    assert_eq!(
        (told.first("instanceId"), inner(&told.first("status"), "code")),
        (made.first("instanceId"), "fulfilled".to_owned())
    );
    let full = [("InstanceMarketOptions.MarketType", "spot"), ("InstanceType", "p5.48xlarge")];
    let refused = client.run(&full).await;
    assert_eq!(refused.first("Message"), "There is no Spot capacity available that matches your request.");
}
