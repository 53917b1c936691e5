//! Changing one value: nothing else may change, not even a blank.

use proptest::prelude::*;

use crate::config::edit::{Change, changed};
use crate::config::problem::Origin;

const FILE: &str = "\
# My clouds.
cloudmesh:
  profile: {user: albert, publickey: ~/.ssh/id_ed25519.pub}   # me
  default: {cloud: mycloud, group: cloudmesh}

  compute:                      # the older spelling is fine too

    mycloud:
      cm: {name: mycloud, kind: google, label: 'my aws', active: true}   # only kind is required
      credentials:              # optional
        region: us-east-2       # near
        EC2_SECRET_KEY: \"${AWS_SECRET_ACCESS_KEY}\"

        # the end of the credentials
      defaults: {size: t3.micro, network: [a, b]}  # also
      tries: 3
    # between clouds
    other.cloud:
        cm:
            kind: lab
  # at the end
tool:
  keeps: [1, 2]
";

fn set(text: &str, key: &str, value: &str) -> Result<String, String> {
    let done = changed(text, key, Change::Set(value), &Origin::text("cloudmesh.yaml"));
    done.map(|(text, _)| text).map_err(|error| error.to_string())
}

fn unset(text: &str, key: &str) -> Result<String, String> {
    let done = changed(text, key, Change::Unset, &Origin::text("cloudmesh.yaml"));
    done.map(|(text, _)| text).map_err(|error| error.to_string())
}

/// The lines that went and those that came.
fn difference(before: &str, after: &str) -> String {
    let lines = |one: &str, other: &str, sign: &str| -> String {
        let gone = one.split('\n').filter(|line| !other.split('\n').any(|same| same == *line));
        gone.flat_map(|line| [sign, line, "\n"]).collect()
    };
    lines(before, after, "-") + &lines(after, before, "+")
}

#[test]
fn values_are_set_where_they_belong() {
    let changes = [
        ("default.cloud", "lab"),
        ("cloudmesh.default.image", "Ubuntu 24.04: x"),
        ("profile.user", "${USER:-me}"),
        ("compute.mycloud.credentials.region", "eu-west-1"),
        ("cloud.mycloud.credentials.EC2_ACCESS_ID", "${AWS_ACCESS_KEY_ID}"),
        ("compute.mycloud.defaults.flavor", "t3.large"),
        ("compute.mycloud.defaults.public", "true"),
        ("compute.mycloud.defaults.disk", "30"),
        ("compute.mycloud.defaults.secgroup", "ssh,web"),
        ("compute.mycloud.defaults.key", "true"),
        ("compute.mycloud.default.network[1]", "c"),
        ("compute.mycloud.tries", "4"),
        ("compute.mycloud.cm.active", "false"),
        ("compute.other.cloud.cm.label", "# no comment"),
        ("compute.new.cm.kind", "openstack"),
        ("token_cache", "false"),
        ("default.group", "012"),
        ("default.group", ""),
        ("default.group", "a\nb"),
        ("profile.note", "it's \"so\": {x}, [y]"),
    ];
    let told = changes.map(|(key, value)| match set(FILE, key, value) {
        Ok(after) => format!("{key} = {value:?}\n{}", difference(FILE, &after)),
        Err(error) => format!("{key} = {value:?}\n{error}\n"),
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_cannot_be_set_is_refused() {
    let changes = [
        ("", "x"),
        ("default", "x"),
        ("compute.mycloud", "x"),
        ("compute.mycloud.cm.active", "perhaps"),
        ("compute.mycloud.defaults.disk", "large"),
        ("compute.mycloud.cm.kidn", "x"),
        ("default.clod", "x"),
        ("default.cloud.name", "x"),
        ("default.a b", "x"),
        ("default..x", "x"),
        ("compute.mycloud.defaults.network[2]", "x"),
    ];
    let told = changes.map(|(key, value)| match set(FILE, key, value) {
        Ok(after) => format!("{key}\n{}", difference(FILE, &after)),
        Err(error) => format!("{key}\n{error}\n"),
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn keys_are_removed() {
    let keys = [
        "default.group",
        "default.cloud",
        "profile",
        "compute.mycloud.credentials.region",
        "compute.mycloud.tries",
        "compute.mycloud.defaults.network[0]",
        "compute.other.cloud",
        "compute.nothing",
        "default.gruop",
    ];
    let told = keys.map(|key| match unset(FILE, key) {
        Ok(after) => format!("{key}\n{}", difference(FILE, &after)),
        Err(error) => format!("{key}\n{error}\n"),
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn files_of_all_shapes_are_changed() {
    for (before, after) in [
        ("cloudmesh:\n  default:\n", "cloudmesh:\n  default:\n    cloud: lab\n"),
        ("cloudmesh: {default: {cloud: a}}", "cloudmesh: {default: {cloud: lab}}"),
        ("cloudmesh:\r\n  default:\r\n    cloud: a # x\r\n", "cloudmesh:\r\n  default:\r\n    cloud: lab # x\r\n"),
        ("---\n# a\ncloudmesh:\n  default: {cloud: 'a'}\n", "---\n# a\ncloudmesh:\n  default: {cloud: lab}\n"),
        ("# a\n---\ncloudmesh:\n  default: {}\n", "# a\n---\ncloudmesh:\n  default: {cloud: lab}\n"),
        ("cloudmesh:\n    default:\n        cloud:   'a'", "cloudmesh:\n    default:\n        cloud:   lab"),
        ("cloudmesh: {}\n", "cloudmesh: {default: {cloud: lab}}\n"),
    ] {
        assert_eq!(set(before, "default.cloud", "lab").as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn what_stands_behind_an_anchor_is_changed_by_hand() {
    let text = "cloudmesh:\n  base: &base {cloud: a}\n  default: *base\n";
    let told = set(text, "default.cloud", "lab").unwrap_err();
    assert!(told.contains("by hand") && told.starts_with("cloudmesh.yaml:"), "{told}");
    let told = set(text, "base.cloud", "lab").unwrap_err();
    assert!(told.contains("by hand"), "{told}");
    assert!(set(text, "profile.user", "me").is_ok());
    let told = set("cloudmesh: {}\n---\nx: 1\n", "profile.user", "me").unwrap_err();
    assert!(told.contains("a second document"), "{told}");
}

/// A file of groups, lists and values in several styles, with comments.
fn file() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("plain".to_owned()),
        Just("'it''s'".to_owned()),
        Just("\"a # b\"".to_owned()),
        Just("12".to_owned()),
        Just("true".to_owned()),
        Just("[a, b]".to_owned()),
        Just("{x: 1, y: 'z'}".to_owned()),
        Just("|\n      long\n      text".to_owned()),
        Just(">-\n      folded\n\n      text".to_owned()),
        Just("\n      - a\n      - b   # item".to_owned()),
        Just("\n      # inner\n      x: 1\n      y: 2".to_owned()),
    ];
    let comment = prop_oneof![Just(""), Just("   # told"), Just(" #"), Just("  ")];
    let before =
        prop_oneof![Just(""), Just("    # before\n"), Just("\n"), Just("\n    # two\n    # lines\n"), Just("# left\n")];
    let line = (before, value, comment).prop_map(|(before, value, comment)| (before, value, comment));
    proptest::collection::vec(line, 1..7).prop_map(|lines| {
        let mut text = "cloudmesh:\n  misc:\n".to_owned();
        for (number, (before, value, comment)) in lines.into_iter().enumerate() {
            let comment = if value.contains('\n') { "" } else { comment };
            text.extend([before, "    k", &number.to_string(), ": ", &value, comment, "\n"]);
        }
        text + "  # after\n  profile: {user: me}  # last\n"
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn only_what_is_meant_changes(text in file(), key in 0_usize..8, value in "[ -~äß\n]{0,12}", mode in 0..3) {
        let key = format!("misc.k{key}");
        let done = if mode == 0 { unset(&text, &key) } else { set(&text, &key, &value) };
        // What cannot be done is refused; what is done was compared with what was wanted by another reader.
        if let Ok(after) = done {
            let start = text.find(&format!("    {}:", &key[5..])).unwrap_or(text.len());
            let kept: Vec<&str> = text[..start].lines().collect();
            for line in kept.iter().take(kept.len().saturating_sub(3)) {
                prop_assert!(after.lines().any(|other| other == *line), "{line:?} is lost from\n{after}");
            }
            prop_assert!(after.ends_with("  # after\n  profile: {user: me}  # last\n"), "{after}");
            let lines = |text: &str| text.matches('#').count();
            if mode != 0 && !value.contains('#') {
                prop_assert!(lines(&after) + 1 >= lines(&text), "{after}");
            }
        }
    }

    #[test]
    fn nothing_makes_the_editor_panic(text in "[ -~\n]{0,60}", key in "[a-z.\\[\\]0]{0,12}", value in ".{0,8}") {
        let text = format!("cloudmesh:\n{text}");
        _ = set(&text, &key, &value);
        _ = unset(&text, &key);
    }
}
