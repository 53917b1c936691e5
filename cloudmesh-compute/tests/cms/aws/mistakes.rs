//! Bad input, as it is told.

use super::{plain, session};
use crate::desk::Desk;

const TOWER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJuvFz72KX8NOMiPQd6Z5MjQ4IjGBnUa4Cko1Im2AjbJ albert@tower\n";

#[test]
fn wishes_that_aws_does_not_take_are_told_before_anything_is_made() {
    let desk = Desk::aws();
    desk.write("long.sh", &"#".repeat(16_385));
    let many = (0..50).map(|number| format!("--meta k{number}=v")).collect::<Vec<_>>().join(" ");
    let arm = desk.cms("image list --all -o json").exits(0).json();
    let arm = arm["images"].as_array().unwrap().iter().find(|image| image["architecture"] == "aarch64").unwrap();
    let arm = arm["id"].as_str().unwrap();
    let mistakes = [
        "--meta aws:mine=1".to_owned(),
        "--meta colour=b\u{7}ue".to_owned(),
        many,
        "--user-data long.sh".to_owned(),
        "--image ubunto-24.04".to_owned(),
        "--image ami-0123456789abcdef0".to_owned(),
        "--size t3.mikro".to_owned(),
        format!("--image {arm}"),
        "--key nokey".to_owned(),
        "--secgroup nogroup".to_owned(),
        "--network nowhere".to_owned(),
        "--zone us-east-1z".to_owned(),
        "--disk 1".to_owned(),
        "--disk-type tape".to_owned(),
    ];
    for mistake in &mistakes {
        let line = format!("vm boot web-1 {mistake}");
        let said = desk.cms(line.trim());
        assert!(matches!(said.code, Some(1 | 2 | 4)), "{line}: {said:?}");
        assert!(said.out.is_empty(), "{line}: {}", said.out);
        assert!(!said.err.contains("####"), "{line}");
    }
    assert!(desk.cms("vm list -o json").exits(0).nodes("name").is_empty());
    let session = plain(&desk);
    insta::assert_snapshot!(session.split_once("$ cms vm boot").unwrap().1);
}

#[test]
fn an_unknown_region_and_a_missing_profile_are_told_with_what_to_do() {
    let desk = Desk::aws();
    desk.edit(&[("region: us-east-1", "region: mars-north-1")]);
    let said = desk.cms("vm list --timeout 5");
    assert_ne!(said.code, Some(0));
    said.complains("mars-north-1");
    let mut desk = Desk::aws();
    let entry = format!("{{cm: {{kind: aws}}, endpoint: '{}', credentials: {{profile: wrok}}}}", desk.cloud(0).url());
    desk.write("cloudmesh.yaml", &format!("cloudmesh:\n  default: {{cloud: lab}}\n  compute:\n    lab: {entry}\n"));
    let file = desk.write("aws-config", "[profile work]\nregion = us-east-1\n");
    desk.set("AWS_CONFIG_FILE", &file).set("AWS_SHARED_CREDENTIALS_FILE", &file);
    let said = desk.cms("vm list");
    assert!(matches!(said.code, Some(2 | 5)), "{said:?}");
    said.complains("wrok");
}

#[test]
fn another_key_of_a_taken_name_is_refused() {
    let desk = Desk::aws();
    desk.write("tower.pub", TOWER);
    desk.cms("key upload demo-key --file tower.pub").exits(1).complains("`demo-key` is another key there");
}

#[test]
fn what_a_state_forbids_is_told() {
    let desk = Desk::aws();
    desk.cms("vm boot web-1").exits(0);
    let lines = ["vm stop web-1", "vm suspend web-1", "vm resume web-1", "vm reboot web-1"];
    let session = session(&desk, &lines);
    insta::assert_snapshot!(session.split_once("$ cms vm stop").unwrap().1);
}
