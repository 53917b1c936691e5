//! No common model, and listings that one odd machine broke.

use std::collections::BTreeSet;

use crate::desk::Desk;

/// The names of all fields below a value.
fn keys(value: &serde_json::Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn machines_of_different_clouds_have_the_same_fields_and_states() {
    let desk = Desk::new();
    let memory = "compute:\n    mem:\n      cm: {kind: memory}\n      credentials: {user: albert, password: \
                  relativity-1905}\n      defaults: {image: ubuntu-24.04, size: m1.small}\n";
    desk.edit(&[("compute:\n", memory)]);
    let json = desk.cms("vm boot web-1 --cloud lab,mem -o json").exits(0).json();
    let [one, two] = [&json["nodes"][0], &json["nodes"][1]];
    assert_eq!((&one["kind"], &two["kind"]), (&"openstack".into(), &"memory".into()));
    assert_eq!(keys(one), keys(two));
    assert_eq!((&one["status"], &two["status"]), (&"running".into(), &"running".into()));
    for node in [one, two] {
        assert!(node["public_ips"].is_array() && node["private_ips"].is_array(), "{node}");
    }
    for (line, plural) in [("image list", "images"), ("flavor list", "flavors")] {
        let json = desk.cms(&format!("{line} --cloud lab,mem -o json")).exits(0).json();
        let fields: BTreeSet<_> = json[plural].as_array().unwrap().iter().map(keys).collect();
        assert_eq!(fields.len(), 1, "{line}: {fields:?}");
    }
}

#[test]
fn one_machine_without_marks_or_name_does_not_break_the_list() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    desk.cloud(0).world().plant("somebody-elses");
    let nameless = desk.cloud(0).world().plant("");
    let list = desk.cms("vm list -o json").exits(0);
    assert_eq!(list.nodes("name"), ["", "somebody-elses", "web-1"]);
    let table = desk.cms("vm list").exits(0).out;
    assert!(table.contains(nameless.as_str()), "{table}");
    // What we did not make can be worked with like all else.
    desk.cms(&format!("vm stop somebody-elses {nameless}")).exits(0);
    assert_eq!(desk.cms("vm list -o json").nodes("status"), ["stopped", "stopped", "running"]);
}
