//! Signatures, actions and parameters.

use crate::support::{Client, Signer};

const REGIONS: [(&str, &str); 2] = [("Action", "DescribeRegions"), ("Version", "2016-11-15")];
const WHO: [(&str, &str); 2] = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];

#[tokio::test]
async fn a_right_signature_is_answered_in_the_namespace_of_the_service() {
    let client = Client::start().await;
    let got = client.ask("DescribeRegions", &[]).await;
    assert_eq!(got.status, 200, "{}", got.text);
    let head = "<DescribeRegionsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>";
    assert!(got.text.contains(head), "{}", got.text);
    assert!(got.all("regionName").contains(&"us-east-1".to_owned()));
}

#[tokio::test]
async fn signatures_are_refused_in_the_words_of_each_service() {
    let client = Client::start().await;
    let right = client.signer.clone();
    let table = [
        (Signer { secret: "another".to_owned(), ..right.clone() }, "AuthFailure", "SignatureDoesNotMatch"),
        (Signer { key: "AKIAAAAAAAAAAAAAAAAA".to_owned(), ..right.clone() }, "AuthFailure", "InvalidClientTokenId"),
        (Signer { region: "us-nowhere-9".to_owned(), ..right.clone() }, "AuthFailure", "SignatureDoesNotMatch"),
        (Signer { skew: -960, ..right.clone() }, "RequestExpired", "SignatureDoesNotMatch"),
        (Signer { skew: 960, ..right.clone() }, "RequestExpired", "SignatureDoesNotMatch"),
    ];
    for (signer, of_ec2, of_sts) in table {
        let got = client.post(&signer, &REGIONS).await.unwrap();
        assert_eq!(got.code(), of_ec2, "{signer:?}");
        let signer = Signer { service: "sts".to_owned(), ..signer };
        assert_eq!(client.post(&signer, &WHO).await.unwrap().code(), of_sts, "{signer:?}");
    }
    let other = Signer { service: "s3".to_owned(), ..right.clone() };
    assert_eq!(client.post(&other, &REGIONS).await.unwrap().code(), "AuthFailure");
    assert_eq!(client.post(&other, &WHO).await.unwrap().code(), "SignatureDoesNotMatch");
    let almost = Signer { skew: 840, ..right };
    assert_eq!(client.post(&almost, &REGIONS).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_told_which_way() {
    let client = Client::start().await;
    let told = |skew| {
        let signer = Signer { service: "sts".to_owned(), skew, ..client.signer.clone() };
        let client = &client;
        async move { client.post(&signer, &WHO).await.unwrap().first("Message") }
    };
    let (early, late) = (told(-960).await, told(960).await);
    assert!(early.starts_with("Signature expired: ") && early.ends_with(" - 15 min.)"), "{early}");
    assert!(late.starts_with("Signature not yet current: ") && late.ends_with(" + 15 min.)"), "{late}");
}

#[tokio::test]
async fn a_signature_covers_the_body_and_the_headers() {
    let client = Client::start().await;
    let body = "Action=DescribeRegions&Version=2016-11-15";
    let (stamp, authorization) = client.sign(&client.signer, body);
    let headers = [("x-amz-date", stamp.as_str()), ("authorization", authorization.as_str())];
    assert_eq!(client.send(body, &headers).await.unwrap().status, 200);
    let other = client.send("Action=DescribeRegions&Version=2016-11-15&DryRun=true", &headers).await.unwrap();
    assert_eq!(other.code(), "AuthFailure");
    let more = [headers.as_slice(), &[("x-amz-security-token", "x")]].concat();
    assert_eq!(client.send(body, &more).await.unwrap().code(), "AuthFailure");
    let nobody = client.send(body, &[]).await.unwrap();
    assert_eq!(nobody.code(), "MissingParameter");
    let basic = client.send(body, &[("authorization", "Basic eA==")]).await.unwrap();
    assert_eq!(basic.code(), "IncompleteSignature");
}

#[tokio::test]
async fn unknown_actions_versions_and_parameters_are_refused() {
    let client = Client::start().await;
    let table: [(&[(&str, &str)], &str); 5] = [
        (&[("Action", "DescribeNothing"), ("Version", "2016-11-15")], "InvalidAction"),
        (&[("Action", "DescribeRegions"), ("Version", "2009-01-01")], "InvalidAction"),
        (&[("Action", "DescribeRegions")], "InvalidAction"),
        (&[("Version", "2016-11-15")], "MissingAction"),
        (&[("Action", "DescribeInstances"), ("Version", "2016-11-15"), ("Nonsense", "1")], "UnknownParameter"),
    ];
    for (asked, code) in table {
        let got = client.post(&client.signer, asked).await.unwrap();
        assert_eq!((got.status, got.code().as_str()), (400, code), "{asked:?}");
    }
}

#[tokio::test]
async fn a_rehearsal_changes_nothing_and_sees_what_is_wrong() {
    let client = Client::start().await;
    let made = client.run(&[("DryRun", "true")]).await;
    assert_eq!((made.status, made.code().as_str()), (412, "DryRunOperation"));
    assert!(client.emulator.world().node_names().is_empty());
    assert_eq!(client.run(&[("DryRun", "true"), ("KeyName", "none")]).await.code(), "InvalidKeyPair.NotFound");
}

#[tokio::test]
async fn the_journal_has_no_secrets() {
    let client = Client::start().await;
    client.create(&[("UserData", "aHVudGVyMg==")]).await;
    let seen = client.emulator.troubles().seen();
    let line = &seen.last().unwrap().line;
    assert!(line.starts_with("POST /?Action=RunInstances&ImageId=ami-") && !line.contains("aHVudGVyMg"), "{line}");
}
