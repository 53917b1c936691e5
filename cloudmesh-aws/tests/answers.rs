//! Answers that are not what AWS sends: from a server that says what it is told to.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use cloudmesh_abstract::{ComputeNodeABC, Connect, Context, ErrorKind, NodeQuery, RetryPolicy, Settings};
use cloudmesh_aws::Aws;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const LIST: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r-1</requestId>",
    "<reservationSet><item><instancesSet><item><instanceId>i-0123456789abcdef0</instanceId>",
    "<instanceState><code>16</code><name>running</name></instanceState></item></instancesSet></item></reservationSet>",
    "</DescribeInstancesResponse>",
);

async fn cloud(answer: &str) -> (MockServer, Aws) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_string(answer)).mount(&server).await;
    let settings = Settings::default()
        .with("credentials.region", "us-east-1")
        .with("credentials.aws_access_key_id", "AKIAIOSFODNN7EXAMPLE")
        .with("credentials.aws_secret_access_key", "a secret of nobody")
        .with("endpoint", server.uri());
    let context = Context::builder("lab").retry(RetryPolicy::quick()).build();
    let cloud = Aws::connect(settings.parse().unwrap(), context).unwrap();
    (server, cloud)
}

#[tokio::test]
async fn a_listing_that_was_cut_off_is_an_error_and_no_short_listing() {
    let (_server, whole) = cloud(LIST).await;
    assert_eq!(whole.list(&NodeQuery::new()).await.unwrap().len(), 1);
    for end in ["<reservationSet>", "<item><instancesSet>", "</instanceState></item>", "</reservationSet>"] {
        let (_server, cut) = cloud(&LIST[..LIST.find(end).unwrap() + end.len()]).await;
        let error = cut.list(&NodeQuery::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{end}: {error}");
        assert!(error.message().contains("broke off"), "{error}");
    }
}
