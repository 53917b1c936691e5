//! `cms sec`: security groups and rules that clouds keep.

use crate::desk::Desk;
use crate::keys::memories;

#[test]
fn groups_and_rules_of_several_clouds_are_listed() {
    let desk = memories();
    for line in [
        "sec group list --cloud all",
        "sec group list ssh --cloud bern -o name",
        "sec rule list ssh --cloud bern,ulm",
        "sec rule list ssh --cloud bern -o csv",
        "sec rule list ssh nowhere --cloud all --filter protocol=tcp --columns cloud,rule",
        "sec group delete ssh --cloud all",
        "sec group delete s* --cloud all --yes",
        "sec group delete default nothing --cloud bern --yes -o json",
        "sec group delete ssh --cloud all --dry-run",
    ] {
        desk.cms(line);
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn what_a_listing_lacks_is_told_and_the_exit_code_says_how_much() {
    let desk: Desk = memories();
    desk.cms("sec rule list nothing --cloud all").exits(4);
    desk.cms("sec rule list ssh,nothing --cloud bern").exits(3);
    desk.cms("sec group delete nothing --cloud bern --yes --if-exists").exits(0);
    desk.cms("sec group list --cached").exits(2).complains("`--cached` asks no cloud");
    desk.cms("sec group delete ssh --columns nothing --yes").exits(2);
}
