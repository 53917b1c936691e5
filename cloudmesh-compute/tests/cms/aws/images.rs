//! What machines are made from.

use super::session;
use crate::desk::Desk;

/// How many requests of an action came.
fn asked(desk: &Desk, action: &str) -> usize {
    desk.cloud(0).troubles().seen().iter().filter(|seen| seen.line.contains(action)).count()
}

#[test]
fn a_short_name_is_the_newest_official_image_for_the_sizes_processors() {
    let desk = Desk::aws();
    let lines = [
        "image info ubuntu-24.04 --columns name,architecture",
        "vm boot arm --size t4g.micro --image ubuntu-24.04 --dry-run",
        "vm boot arm --size t4g.micro --image ubuntu-24.04",
        "image info ubunto-24.04",
        "image info ami-0123456789abcdef0",
    ];
    insta::assert_snapshot!(session(&desk, &lines));
    let image = desk.cms("vm info arm -o json").exits(0).json()["nodes"][0]["image"].as_str().unwrap().to_owned();
    let image = desk.cms(&format!("image info {image} -o json")).exits(0).json();
    assert_eq!(image["images"][0]["architecture"], "aarch64");
}

#[test]
fn the_public_catalogue_is_asked_for_only_by_name() {
    let desk = Desk::aws();
    let count = |line: &str| desk.cms(&format!("{line} -o json")).exits(0).json()["images"].as_array().unwrap().len();
    let usual = count("image list");
    let filtered = asked(&desk, "DescribeImages");
    assert!((1..=16).contains(&filtered), "{filtered} requests for the usual images");
    assert_eq!((count("image list"), asked(&desk, "DescribeImages")), (usual, filtered), "it is kept for a day");
    assert!(count("image list --all") > usual);
}

#[test]
fn sizes_tell_what_they_have_and_the_server_filters_them() {
    let desk = Desk::aws();
    let lines = [
        "flavor list t3.*",
        "flavor list --vcpus 4 --memory 16 --arch arm64 --limit 3",
        "flavor info t3.micro",
        "flavor info t3.mikro",
    ];
    insta::assert_snapshot!(session(&desk, &lines));
    assert!(!desk.cms("flavor list --gpu -o json").exits(0).json()["flavors"].as_array().unwrap().is_empty());
}
