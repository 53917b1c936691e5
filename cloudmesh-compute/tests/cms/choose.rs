//! Which machines a pattern means.

use crate::desk::Desk;

#[test]
fn ranges_globs_and_lists() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-3],db-[01-02] --no-wait").exits(0);
    let table: [(&str, &[&str]); 7] = [
        ("web-1", &["web-1"]),
        ("web-[1-2]", &["web-1", "web-2"]),
        ("web-[3,1]", &["web-3", "web-1"]),
        ("*", &["db-01", "db-02", "web-1", "web-2", "web-3"]),
        ("db-?? web-3", &["db-01", "db-02", "web-3"]),
        ("web-*,web-1,db-[01-02]", &["web-1", "web-2", "web-3", "db-01", "db-02"]),
        ("web-[1-1]", &["web-1"]),
    ];
    for (pattern, wanted) in table {
        assert_eq!(desk.cms(&format!("vm list {pattern} -o json")).exits(0).nodes("name"), wanted, "{pattern}");
    }
}

#[test]
fn broken_patterns_are_mistakes_of_the_user_for_every_verb() {
    let desk = Desk::new();
    for verb in ["list", "info", "status", "start", "stop", "reboot", "wait", "delete --yes"] {
        let said = desk.cms(&format!("vm {verb} web-[1-")).exits(2);
        assert!(said.out.is_empty(), "{verb}: {}", said.out);
    }
    for list in ["image list web-[1-", "flavor list web-[2-1]"] {
        desk.cms(list).exits(2);
    }
}

#[test]
fn images_flavors_and_providers_are_chosen_as_machines_are() {
    let desk = Desk::new();
    let id = desk.cms("image list tinyboot -o json").exits(0).json()["images"][0]["id"].clone();
    let id = id.as_str().unwrap();
    let names = |line: &str, what: &str, field: &str| -> Vec<String> {
        let json = desk.cms(&format!("{line} -o json")).exits(0).json();
        let text = |row: &serde_json::Value| row[field].as_str().unwrap().to_owned();
        json[what].as_array().unwrap().iter().map(text).collect()
    };
    for verb in ["list", "info"] {
        let image = |wanted: &str| names(&format!("image {verb} {wanted}"), "images", "name");
        assert_eq!(image("debian-13,tinyboot"), ["debian-13", "tinyboot"], "{verb}");
        assert_eq!(image("ubuntu*"), ["ubuntu-24.04"], "{verb}");
        assert_eq!(image(id), ["tinyboot"], "{verb}");
        assert_eq!(image(&format!("debian-[13] {id}")), ["debian-13", "tinyboot"], "{verb}");
        let flavor = |wanted: &str| names(&format!("flavor {verb} {wanted}"), "flavors", "name");
        assert_eq!(flavor("m1.tiny,m1.sm*"), ["m1.tiny", "m1.small"], "{verb}");
        assert_eq!(flavor("3"), ["m1.small"], "{verb}");
    }
    assert_eq!(names("provider info open*", "providers", "kind"), ["openstack"]);
}

#[test]
fn images_and_flavors_that_are_not_there_are_not_found() {
    let desk = Desk::new();
    for wanted in ["none", "none*", "none,other*"] {
        for (object, verb) in [("image", "list"), ("image", "info"), ("flavor", "list"), ("flavor", "info")] {
            let told = format!("`cms {object} list` shows what there is");
            desk.cms(&format!("{object} {verb} {wanted}")).exits(4).complains(&told);
        }
    }
    desk.cms("flavor list m1.tiny --vcpus 2").exits(0).complains("no flavors");
    desk.cms("image list tinyboot,none").exits(3).complains("no image `none`");
}

#[test]
fn what_is_there_is_done_and_what_is_missing_is_said() {
    let desk = Desk::new();
    desk.cms("vm boot web-1 web-3").exits(0);
    for line in
        ["vm stop web-[1-3]", "vm stop web-[1-3] -o json", "vm stop web-2", "vm wait web-2", "vm info web-[2,4]"]
    {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn flavors_are_chosen_by_architecture_and_graphics_processors() {
    let desk = Desk::new();
    let memory = "compute:\n    mem:\n      cm: {kind: memory}\n      credentials: {user: albert, password: \
                  relativity-1905}\n";
    desk.edit(&[("compute:\n", memory)]);
    for line in [
        "flavor list --cloud mem --columns name,architecture,gpus",
        "flavor list --cloud mem --arch arm64",
        "flavor list --cloud mem --gpu --columns name,gpus",
        "flavor list --cloud mem --gpu=3",
        "flavor list --cloud mem --arch x86_64 --vcpus 2 --quiet",
        "flavor list --cloud lab,mem --arch aarch64 --cached",
        "flavor list --gpu=many",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn everything_that_is_published_is_asked_for_each_time_and_not_kept() {
    let desk = Desk::new();
    let asked = || desk.cloud(0).troubles().seen().iter().filter(|seen| seen.line.contains("/images")).count();
    let all = desk.cms("image list --all -o json").exits(0).json();
    desk.cms("image list --all ubuntu*").exits(0);
    assert_eq!(asked(), 2);
    assert_eq!(desk.cms("image list -o json").exits(0).json(), all, "all of an OpenStack's images are the usual ones");
    assert_eq!(asked(), 3, "what is usual is not known from what is published");
    desk.cms("image list --all --cached").exits(2).complains("asks no cloud, and this command has to");
}
