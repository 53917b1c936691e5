//! `--filter`, `--sort`, `--columns`, `--limit`.

use crate::desk::Desk;

/// A desk with machines whose names do not sort as they are written.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.cms("vm boot web-[1,2,10] --no-wait --meta course=e516 --meta a.b=c").exits(0);
    desk.cms("vm boot db-1 --size m1.medium").exits(0);
    desk
}

#[test]
fn filters_choose_by_any_field() {
    let desk = desk();
    let table: [(&str, &[&str]); 12] = [
        ("--filter name=web-2", &["web-2"]),
        ("--filter name~^web-", &["web-1", "web-10", "web-2"]),
        ("--filter name!=web-2 --filter name~web", &["web-1", "web-10"]),
        ("--filter name!~^web", &["db-1"]),
        ("--filter metadata.course=e516 --sort name", &["web-1", "web-2", "web-10"]),
        ("--filter metadata.a.b=c --filter size=m1.medium", &[]),
        ("--filter flavor=m1.medium", &["db-1"]),
        ("--filter private_ips~^10\\.", &["db-1", "web-1", "web-10", "web-2"]),
        ("--filter region=RegionOne --filter kind=openstack --filter key=", &["db-1", "web-1", "web-10", "web-2"]),
        ("--filter secgroups=default --filter name=db-1", &["db-1"]),
        ("--filter raw.flavor.original_name=m1.medium", &["db-1"]),
        ("--filter fault.message~x", &[]),
    ];
    for (options, wanted) in table {
        let said = desk.cms(&format!("vm list -o json {options}")).exits(0);
        assert_eq!(said.nodes("name"), wanted, "{options}");
        assert!(said.json()["nodes"].as_array().unwrap().iter().all(|node| node["raw"].is_null()), "{options}");
    }
}

#[test]
fn rows_are_sorted_and_limited_after_the_filter() {
    let desk = desk();
    let table: [(&str, &[&str], &str); 6] = [
        ("--sort name", &["db-1", "web-1", "web-2", "web-10"], ""),
        ("--sort -name", &["web-10", "web-2", "web-1", "db-1"], ""),
        ("--sort flavor,-name", &["db-1", "web-10", "web-2", "web-1"], ""),
        ("--sort -metadata.course,name", &["web-1", "web-2", "web-10", "db-1"], ""),
        ("--sort -name --limit 2", &["web-10", "web-2"], "showing 2 of 4\n"),
        ("--filter name~web --sort name --limit 1", &["web-1"], "showing 1 of 3\n"),
    ];
    for (options, wanted, note) in table {
        let said = desk.cms(&format!("vm list -o json {options}")).exits(0);
        assert_eq!(
            (said.nodes("name").as_slice(), said.err.as_str()),
            (wanted.map_to_strings().as_slice(), note),
            "{options}"
        );
    }
    assert_eq!(desk.cms("vm list -o name --limit 9 --sort -created").exits(0).err, "");
}

/// Texts of our own.
trait MapToStrings {
    fn map_to_strings(&self) -> Vec<String>;
}

impl MapToStrings for &[&str] {
    fn map_to_strings(&self) -> Vec<String> {
        self.iter().map(|text| (*text).to_owned()).collect()
    }
}

#[test]
fn everything_that_is_listed_can_be_viewed() {
    let desk = desk();
    for line in [
        "vm list --columns name,metadata.course,private_ips --sort name",
        "vm list --columns name,metadata.course -o csv --limit 1",
        "vm list --columns name,metadata.course,created.x -o json --limit 1 --sort -name",
        "vm list --columns NAME,size -o yaml --filter name=db-1",
        "vm info db-1 --columns name,status,flavor",
        "vm status --filter status=running --columns name,status",
        "vm list --filter name=nobody",
        "vm list --filter name=nobody -o csv --columns name",
        "vm stop db-1 --columns name,status -o csv",
        "image list --sort -size_bytes --columns name,size --limit 2",
        "flavor list --filter vcpus=2 -o name",
        "cloud list --filter default=true --columns name,kind",
        "provider list --filter capabilities~key --columns kind",
        "provider info openstack --columns lacks.capability -o json --quiet",
        "set --columns name --quiet",
    ] {
        desk.cms(line).exits(0);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn slips_are_told_before_anything_is_done() {
    let desk = desk();
    for line in [
        "vm list --filter stauts=running",
        "vm list --filter status",
        "vm list --filter name~(web",
        "vm list --sort nmae",
        "vm list --columns name,",
        "vm list --columns name,pubic_ips",
        "vm list --limit 0",
        "vm list --limit many",
        "vm list --raw",
        "vm list -o name --columns id",
        "vm stop * --filter name=web-1",
        "vm delete * --yes --limit 1",
        "vm stop web-1 --columns nothing",
        "image list --sort vcpus",
        "cloud list --filter nothing=1 -o json",
    ] {
        desk.cms(line).exits(2);
    }
    assert_eq!(desk.cms("vm list -o json").nodes("status"), ["running", "running", "running", "running"]);
    let session = desk.session();
    insta::assert_snapshot!(session.split_once("$ cms vm list --filter stauts").unwrap().1);
}

#[test]
fn every_field_of_the_json_can_be_named() {
    let desk = desk();
    desk.cms("set size=m1.tiny").exits(0);
    for (line, what) in [
        ("vm info web-1 --raw", "nodes"),
        ("vm default", "defaults"),
        ("image list --raw", "images"),
        ("flavor list --raw", "flavors"),
        ("vm meta list web-1", "metadata"),
        ("vm username web-1", "usernames"),
        ("vm log web-1", "logs"),
        ("vm ip show web-1", "nodes"),
        ("ip create", "outcomes"),
        ("ip list", "addresses"),
        ("cloud list", "clouds"),
        ("cloud check", "clouds"),
        ("config check", "clouds"),
        ("config list", "config"),
        ("provider info openstack", "providers"),
        ("set", "variables"),
    ] {
        let json = desk.cms(&format!("{line} -o json")).exits(0).json();
        let keys: Vec<&String> = json[what][0].as_object().unwrap().keys().collect();
        let list = keys.iter().map(|key| key.as_str()).collect::<Vec<_>>().join(",");
        desk.cms(&format!("{line} -o json --columns {list}")).exits(0);
    }
}
