use std::fmt::Write as _;

use cloudmesh_abstract::{Error, ErrorKind, settings};

use super::{complaint, config, prefixed};

settings! {
    /// Where to sign in.
    struct Auth {
        /// Where Keystone answers.
        auth_url: String,
        /// How often to try.
        tries: Option<u32>,
    }
}

settings! {
    /// Who we are.
    struct Credentials {
        /// Where to sign in.
        auth [flat]: Auth,
    }
}

settings! {
    /// What a provider must be told.
    struct Entry {
        /// Who we are.
        credentials: Credentials,
        /// Networks.
        networks: Option<Vec<String>>,
    }
}

/// Texts that are wrong before anything is looked for in them.
const MALFORMED: &[(&str, &str)] = &[
    ("nothing", ""),
    ("only a comment", "# nothing\n"),
    ("a text", "hello"),
    ("a list", "- a\n- b\n"),
    ("another file", "clouds:\n  c: {}\n"),
    ("a slip in the first key", "cloudmseh:\n  compute: {}\n"),
    ("cloudmesh is no group", "cloudmesh: [a]\n"),
    ("cloudmesh twice", "cloudmesh:\n  compute: {}\ncloudmesh:\n  profile: {}\n"),
    ("a slip in a section", "cloudmesh:\n  profile: {}\n  comptue: {}\n"),
    ("a slip in default", "cloudmesh:\n  default: {clod: a}\n"),
    ("a section twice", "cloudmesh:\n  compute: {}\n  profile: {}\n  compute: {}\n"),
    ("a section that is no group", "cloudmesh:\n  compute:\n    - a\n"),
    ("a switch that is no switch", "cloudmesh:\n  token_cache: no\n"),
    ("a tab", "cloudmesh:\n\tcompute: {}\n"),
    ("a tab further down", "cloudmesh:\n  compute:\n  \tc: {}\n"),
    ("a missing space", "cloudmesh:\n  compute:\n    c:x\n    d: {}\n"),
    ("a missing space in braces", "cloudmesh:\n  profile: {user:albert}\n"),
    ("a colon too many", "cloudmesh:\n  profile:\n    user: a: b\n"),
    ("wrong indentation", "cloudmesh:\n  profile:\n    user: a\n   publickey: b\n"),
    ("an open quote", "cloudmesh:\n  profile:\n    user: 'a\n"),
    ("an open brace", "cloudmesh:\n  profile: {user: a\n"),
    ("a bare variable in braces", "cloudmesh:\n  profile: {user: ${USER}}\n"),
    ("an at sign", "cloudmesh:\n  profile:\n    user: @albert\n"),
    ("an unknown anchor", "cloudmesh:\n  profile: *nobody\n"),
    ("an alias to itself", "cloudmesh: &a\n  profile: *a\n"),
    ("a merge of text", "cloudmesh:\n  <<: text\n"),
    ("a tag", "cloudmesh:\n  profile: {user: !!python/object:os.system id}\n"),
    ("another tag", "cloudmesh:\n  profile: !secret {user: a}\n"),
    ("a tag that does not fit", "cloudmesh:\n  profile: {user: !!int albert}\n"),
    ("two documents", "cloudmesh: {}\n---\ncloudmesh: {}\n"),
    ("a group for a key", "cloudmesh:\n  {a: b}: c\n"),
    ("a control character", "cloudmesh:\n  profile: {user: a\u{0}}\n"),
];

/// What is wrong with a profile, a default or the cloud `c`.
const WRONG: &[(&str, &str)] = &[
    ("a profile's user is no text", "profile:\n  user: 12"),
    ("a default that is a group", "default:\n  cloud: {a: b}"),
    ("a default that is not set", "default:\n  cloud: ${UNSET}"),
    ("no clouds", "compute: {}"),
    ("an unknown cloud", "compute:\n  a: {cm: {kind: lab}}\n  other: {cm: {kind: lab}}"),
    ("an unknown cloud with a near name", "compute:\n  cc: {cm: {kind: lab}}\n  other: {cm: {kind: lab}}"),
    ("no group", "compute:\n  c: openstack"),
    ("no cm", "compute:\n  c:\n    credentials: {}"),
    ("an empty entry", "compute:\n  c:"),
    ("no kind", "compute:\n  c:\n    cm:\n      label: l"),
    ("cm is no group", "compute:\n  c:\n    cm: openstack"),
    ("a slip in kind", "compute:\n  c:\n    cm:\n      knid: lab"),
    ("a slip in cm", "compute:\n  c:\n    cm:\n      kind: lab\n      lable: l"),
    ("a kind still to be filled in", "compute:\n  c:\n    cm:\n      kind: TBD"),
    ("a kind that is a number", "compute:\n  c:\n    cm: {kind: 5}"),
    ("active is no switch", "compute:\n  c:\n    cm:\n      kind: lab\n      active: yes"),
    ("not active", "compute:\n  c:\n    cm:\n      kind: lab\n      active: false"),
    ("another name", "compute:\n  c:\n    cm: {kind: lab, name: d}"),
    ("a cloud twice", "compute:\n  c: {cm: {kind: lab}}\n  c: {cm: {kind: lab}}"),
    ("a cloud in both sections", "compute:\n  c: {cm: {kind: lab}}\ncloud:\n  c: {cm: {kind: lab}}"),
    ("a key twice", "compute:\n  c:\n    cm: {kind: lab}\n    credentials:\n      password: a\n      password: b"),
    ("a variable that is not set", "compute:\n  c:\n    cm: {kind: lab}\n    credentials:\n      password: ${UNSET}"),
    ("a variable within text", "compute:\n  c:\n    cm: {kind: lab}\n    url: http://${UNSET}/"),
    ("a variable without end", "compute:\n  c:\n    cm: {kind: lab}\n    credentials: {password: 'hunter${2'}"),
    ("a variable without name", "compute:\n  c:\n    cm: {kind: lab}\n    credentials: {password: '${hunter 2}'}"),
    ("a reference to itself", "compute:\n  c:\n    cm: {kind: lab}\n    a: '{cloudmesh.compute.c.a}'"),
    (
        "a circle",
        "compute:\n  c:\n    cm: {kind: lab}\n    a: '{cloudmesh.compute.c.b}'\n    b: 'x{cloudmesh.compute.c.a}'",
    ),
    ("a reference to nothing", "profile: {user: a}\ncompute:\n  c: {cm: {kind: lab}, a: '{cloudmesh.profile.usr}'}"),
    ("a reference to nothing like it", "compute:\n  c: {cm: {kind: lab}, a: '{cloudmesh.elsewhere.x}'}"),
    ("a reference to a group", "profile: {user: a}\ncompute:\n  c: {cm: {kind: lab}, a: '{cloudmesh.profile}'}"),
    (
        "still to be filled in",
        "compute:\n  c:\n    cm: {kind: lab}\n    credentials:\n      auth:\n        password: TBD",
    ),
    ("still to be filled in, in a list", "compute:\n  c:\n    cm: {kind: lab}\n    networks: [a, TBD]"),
    ("a slip in defaults", "compute:\n  c:\n    cm: {kind: lab}\n    defaults:\n      imgae: x"),
    ("a slip in default", "compute:\n  c:\n    cm: {kind: lab}\n    default:\n      flavour: x"),
    ("a default of the wrong type", "compute:\n  c:\n    cm: {kind: lab}\n    default:\n      public: yes"),
    ("a default that loses a digit", "compute:\n  c:\n    cm: {kind: lab}\n    defaults:\n      size: 1.10"),
    ("a default in two spellings", "compute:\n  c:\n    cm: {kind: lab}\n    defaults: {size: a, flavor: b}"),
    ("default and defaults", "compute:\n  c:\n    cm: {kind: lab}\n    default: {size: a}\n    defaults: {size: b}"),
    ("defaults are a list", "compute:\n  c:\n    cm: {kind: lab}\n    defaults: [a]"),
];

/// What only a provider can find out.
const REFUSED: &[(&str, &str)] = &[
    ("a slip", "credentials:\n  auth:\n    auth_ulr: http://k"),
    ("a slip, flat", "credentials:\n  auth_ulr: http://k"),
    ("an unknown key", "credentials:\n  auth_url: http://k\ncolour: blue"),
    ("a missing key", "credentials:\n  auth: {}"),
    ("a missing group", "networks: [a]"),
    ("text for a number", "credentials:\n  auth_url: http://k\n  tries: hunter2"),
    ("a number for text", "credentials:\n  auth:\n    auth_url: 5"),
    ("a number that does not fit", "credentials:\n  auth:\n    auth_url: http://k\n    tries: -5"),
    ("an item of a list", "credentials: {auth_url: http://k}\nnetworks:\n  - a\n  - {b: c}"),
    ("a default that nobody knows", "credentials: {auth_url: http://k}\ndefaults:\n  size: s\n  shape: round"),
];

fn told(title: &str, text: &str, error: &Error, report: &mut String) {
    let text = prefixed(&text.replace('\0', "\\0"), "  | ");
    writeln!(report, "{title}\n{text}  > {error}\n").unwrap();
}

#[test]
fn malformed_texts() {
    let mut report = String::new();
    for (title, text) in MALFORMED {
        told(title, text, &complaint(text), &mut report);
    }
    insta::assert_snapshot!(report);
}

#[test]
fn wrong_entries() {
    let mut report = String::new();
    for (title, lines) in WRONG {
        let lines = prefixed(lines, "  ");
        let text = format!("cloudmesh:\n{lines}");
        told(title, &text, &complaint(&text), &mut report);
    }
    insta::assert_snapshot!(report);
}

#[test]
fn what_a_provider_refuses() {
    let mut report = String::new();
    for (title, lines) in REFUSED {
        let lines = prefixed(lines, "      ");
        let text = format!("cloudmesh:\n  compute:\n    c:\n      cm: {{kind: lab}}\n{lines}");
        let config = config(&text);
        let error = config.cloud("c").unwrap().settings.parse::<Entry>().unwrap_err();
        told(title, &text, &config.locate(error, "c"), &mut report);
    }
    insta::assert_snapshot!(report);
}

#[test]
fn a_place_is_added_once_and_only_to_configuration_errors() {
    let config = config("cloudmesh:\n  compute:\n    c: {cm: {kind: lab}, a: 1}\n");
    let error = config.locate(Error::config("a", "wrong"), "c");
    assert_eq!((error.message(), error.key()), ("cloudmesh.yaml:3:26: wrong", Some("a")));
    assert_eq!(config.locate(error, "c").message(), "cloudmesh.yaml:3:26: wrong");

    let whole = config.locate(Error::new(ErrorKind::Config, "no provider"), "c");
    assert_eq!(whole.message(), "cloudmesh.yaml:3:5: no provider");
    let other = config.locate(Error::new(ErrorKind::NotFound, "no image"), "c");
    assert_eq!((other.kind(), other.message()), (ErrorKind::NotFound, "no image"));
    assert_eq!(config.locate(Error::config("a", "wrong"), "unknown").message(), "wrong");
}

#[test]
fn keys_with_dots_are_found() {
    let config =
        config("cloudmesh:\n  compute:\n    my.c:\n      cm: {kind: lab}\n      a: {x: 1}\n      a.b:\n        c: 1\n");
    let place = |key: &str| config.locate(Error::config(key, "wrong"), "my.c").message().to_owned();
    assert_eq!(place("a.b.c"), "cloudmesh.yaml:7:9: wrong");
    assert_eq!(place("a.x"), "cloudmesh.yaml:5:11: wrong");
    assert_eq!(place("z"), "cloudmesh.yaml:3:5: wrong");
}

#[test]
fn errors_name_the_key_path() {
    let error = complaint("cloudmesh: {compute: {c: {cm: {kind: lab}, a: {b: ['${UNSET}']}}}}");
    assert_eq!(error.key(), Some("cloudmesh.compute.c.a.b"));
}
