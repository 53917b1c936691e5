//! No secret in anything that may be printed.

use cloudmesh_compute::memory::PASSWORD;
use cloudmesh_compute::{ComputeNodeABC, NodeQuery, UserData};

use crate::lab::{Lab, small};

const USER_DATA: &str = "password: ether-wind-1887";

#[tokio::test]
async fn nothing_that_may_be_printed_holds_a_secret() {
    let lab = Lab::new();
    let cloud = lab.cloud();
    let spec = small("web-1").with_user_data(UserData::new(USER_DATA));
    cloud.create(&spec).await.unwrap();
    let nodes = cloud.list(&NodeQuery::new().with_raw(true)).await.unwrap();
    assert!(nodes[0].raw.is_some());
    let builder = lab.builder("lab");
    let told = [
        format!("{cloud:#?} {builder:#?} {:#?} {:#?}", cloud.cloud(), cloud.config()),
        format!("{:#?} {spec:#?} {:#?}", cloud.context(), cloud.nodes("web-*").unwrap()),
        format!("{nodes:#?} {}", serde_json::to_string(&nodes).unwrap()),
    ];
    for told in told {
        assert!(!told.contains(PASSWORD) && !told.contains(USER_DATA), "{told}");
    }
}

#[tokio::test]
async fn no_refusal_holds_a_secret() {
    let lab = Lab::new();
    let entry = lab.entry("").replace(PASSWORD, "ether-wind-1887");
    lab.write(&format!("cloudmesh:\n  compute:\n    lab:\n{entry}"));
    let error = lab.cloud().whoami().await.unwrap_err();
    let told = format!("{error} {error:?} {}", serde_json::to_string(&error).unwrap());
    assert!(!told.contains("ether-wind"), "{told}");
    assert!(told.contains("user and password of `albert` do not fit"), "{told}");
}
