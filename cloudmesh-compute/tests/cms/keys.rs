//! `cms key`: keys that clouds keep.

use crate::desk::Desk;

const LAPTOP: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBGXlET3AZ9YuL/FQYkBNJnNnkftLngKSPrYK0EXLJb6 albert@bern\n";

/// A desk with two clouds in memory, which forget everything when a command ends.
pub(crate) fn memories() -> Desk {
    let desk = Desk::empty();
    let entry = "{cm: {kind: memory}, credentials: {user: albert, password: relativity-1905}}";
    let file = format!("cloudmesh:\n  default: {{cloud: bern}}\n  compute:\n    bern: {entry}\n    ulm: {entry}\n");
    desk.write("cloudmesh.yaml", &file);
    desk
}

#[test]
fn keys_are_brought_to_several_clouds_at_once() {
    let desk = memories();
    desk.write("laptop.pub", LAPTOP);
    for line in [
        "key list --cloud all",
        "key upload tower --file laptop.pub --cloud all",
        "key upload laptop --file laptop.pub --cloud all -o json",
        "key upload tower --file laptop.pub --dry-run",
        "key delete laptop --cloud all",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}
