//! Who we are to AWS, and what the configuration says.

use super::plain;
use crate::desk::Desk;

#[test]
fn a_check_says_which_credentials_won_as_whom_and_where() {
    let desk = Desk::both();
    for line in ["cloud check", "cloud check work -o json", "config check", "provider list"] {
        desk.cms(line).exits(0);
    }
    insta::assert_snapshot!(plain(&desk));
}

#[test]
fn what_aws_needs_is_listed() {
    let desk = Desk::aws();
    desk.cms("provider info aws").exits(0);
    insta::assert_snapshot!(plain(&desk));
}

#[test]
fn without_credentials_the_environment_signs_in() {
    let mut desk = Desk::aws();
    let (id, secret) = (desk.value("aws_access_key_id"), desk.value("aws_secret_access_key"));
    let entry = format!("{{cm: {{kind: aws}}, endpoint: '{}'}}", desk.cloud(0).url());
    desk.write("cloudmesh.yaml", &format!("cloudmesh:\n  default: {{cloud: lab}}\n  compute:\n    lab: {entry}\n"));
    desk.set("AWS_ACCESS_KEY_ID", &id).set("AWS_SECRET_ACCESS_KEY", &secret).set("AWS_REGION", "us-east-1");
    let check = desk.cms("cloud check -o json").exits(0).json();
    assert_eq!((&check["clouds"][0]["region"], &check["clouds"][0]["usable"]), (&"us-east-1".into(), &true.into()));
    assert!(check["clouds"][0]["source"].as_str().unwrap().contains("environment"), "{check}");
    assert!(desk.cms("vm list -o json").exits(0).nodes("name").is_empty());
}

#[test]
fn older_files_are_read() {
    let desk = Desk::aws();
    desk.edit(&[("aws_access_key_id:", "EC2_ACCESS_ID:"), ("aws_secret_access_key:", "EC2_SECRET_KEY:")]);
    desk.edit(&[("region: us-east-1", "region: us-east-1\n        EC2_SECURITY_GROUP: default")]);
    desk.cms("config check").exits(0);
    desk.cms("vm list").exits(0);
}

#[test]
fn wrong_keys_are_told_without_them() {
    let desk = Desk::aws();
    let secret = desk.value("aws_secret_access_key");
    desk.edit(&[(secret.as_str(), "notTheSecretThatIsWanted")]);
    let said = desk.cms("vm list").exits(5);
    assert!(!said.err.contains("notTheSecret") && !said.err.contains(&secret), "{}", said.err);
}
