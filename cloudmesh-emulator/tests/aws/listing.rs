//! Lists of instances: pages and filters.

use cloudmesh_emulator::Emulator;

use crate::support::Client;

async fn filled(nodes: usize) -> Client {
    Client::of(Emulator::builder().nodes(nodes)).await
}

#[tokio::test]
async fn pages_follow_each_other() {
    let client = filled(23).await;
    let (mut token, mut found, mut pages) = (String::new(), Vec::new(), 0);
    loop {
        let page = client.ask("DescribeInstances", &[("MaxResults", "10"), ("NextToken", &token)]).await;
        found.extend(page.all("instanceId"));
        pages += 1;
        token = page.first("nextToken");
        if token.is_empty() {
            break;
        }
    }
    let different: std::collections::BTreeSet<_> = found.iter().collect();
    assert_eq!((found.len(), different.len(), pages), (23, 23, 3));
}

#[tokio::test]
async fn a_page_has_bounds() {
    let client = filled(1).await;
    let id = client.ask("DescribeInstances", &[]).await.first("instanceId");
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("MaxResults", "4")], "InvalidParameterValue"),
        (&[("MaxResults", "1001")], "InvalidParameterValue"),
        (&[("NextToken", "nonsense")], "InvalidNextToken"),
        (&[("MaxResults", "5"), ("InstanceId.1", &id)], "InvalidParameterCombination"),
        (&[("Filter.1.Name", "nonsense"), ("Filter.1.Value.1", "x")], "InvalidParameterValue"),
        (&[("InstanceId.1", "web")], "InvalidInstanceID.Malformed"),
        (&[("InstanceId.1", "i-0123456789abcdef0")], "InvalidInstanceID.NotFound"),
    ];
    for (asked, code) in table {
        assert_eq!(client.ask("DescribeInstances", asked).await.code(), *code, "{asked:?}");
    }
}

#[tokio::test]
async fn a_large_world_comes_in_full_pages() {
    let client = filled(2_500).await;
    let first = client.ask("DescribeInstances", &[("MaxResults", "1000")]).await;
    assert_eq!((first.all("instanceId").len(), first.first("nextToken").is_empty()), (1_000, false));
    let all = client.ask("DescribeInstances", &[]).await;
    assert_eq!(all.all("instanceId").len(), 1_000, "a page has no more, whatever is asked for");
}

#[tokio::test]
async fn filters_pass_what_fits_all_of_them() {
    let client = filled(12).await;
    let own = client.ask("DescribeInstances", &[]).await;
    let address = own.first("privateIpAddress");
    let table: &[(&str, &str, usize)] = &[
        ("tag:Name", "node-1", 1),
        ("tag:Name", "node-1*", 4),
        ("tag:Name", r"node-\*", 0),
        ("tag-key", "Name", 12),
        ("instance-state-name", "running", 12),
        ("instance-state-name", "stopped", 0),
        ("instance-type", "t3.*", 12),
        ("private-ip-address", &address, 1),
        ("instance.group-name", "default", 12),
        ("instance-lifecycle", "spot", 0),
    ];
    for (name, value, count) in table {
        let got = client.ask("DescribeInstances", &[("Filter.1.Name", name), ("Filter.1.Value.1", value)]).await;
        assert_eq!(got.all("reservationId").len(), *count, "{name} {value}");
    }
}

#[tokio::test]
async fn a_repeated_list_shows_what_has_changed() {
    let client = filled(2).await;
    let before = client.ask("DescribeInstances", &[]).await;
    assert_eq!(client.ask("DescribeInstances", &[]).await.all("instanceId"), before.all("instanceId"));
    let id = before.first("instanceId");
    client.ask("StopInstances", &[("InstanceId.1", &id)]).await;
    assert_ne!(client.ask("DescribeInstances", &[]).await.states(), ["running", "running"]);
}

#[tokio::test]
async fn the_status_is_that_of_running_ones_unless_all_are_asked_for() {
    let client = filled(2).await;
    let id = client.ask("DescribeInstances", &[]).await.first("instanceId");
    client.ask("TerminateInstances", &[("InstanceId.1", &id)]).await;
    let count = |got: crate::support::Got| got.all("systemStatus").len();
    assert_eq!(count(client.ask("DescribeInstanceStatus", &[]).await), 1);
    assert_eq!(count(client.ask("DescribeInstanceStatus", &[("IncludeAllInstances", "true")]).await), 2);
}
