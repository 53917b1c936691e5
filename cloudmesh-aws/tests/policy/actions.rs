//! The policy in the README allows what is sent, and no more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloudmesh_abstract::{ComputeNodeABC, Connect, Context, FlavorQuery, ImageQuery, NodeQuery, Recorder};
use cloudmesh_aws::Aws;
use cloudmesh_emulator::Emulator;
use serde_json::Value;

/// Verbs that the names of EC2's actions begin with, as far as they are used.
const VERBS: [&str; 18] = [
    "Allocate",
    "Associate",
    "Attach",
    "Authorize",
    "Create",
    "Delete",
    "Describe",
    "Detach",
    "Disassociate",
    "Get",
    "Import",
    "Modify",
    "Reboot",
    "Release",
    "Revoke",
    "Run",
    "Start",
    "Stop",
];

/// What needs no permission, or is sent for a role alone.
const FREE: [&str; 3] = ["AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity"];

fn allowed() -> BTreeSet<String> {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```json").unwrap();
    let policy: Value = serde_json::from_str(rest.split_once("```").unwrap().0).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let actions: Vec<&str> = statements
        .iter()
        .flat_map(|statement| statement["Action"].as_array().unwrap())
        .map(|one| one.as_str().unwrap())
        .collect();
    let names: BTreeSet<String> =
        actions.iter().map(|action| action.strip_prefix("ec2:").unwrap().to_owned()).collect();
    assert_eq!(names.len(), actions.len(), "an action stands twice");
    names
}

/// The provider's sources, without raw calls, which send what a user says, and without tests.
fn sources() -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut texts = Vec::new();
    let is_left_out = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        matches!(name, "raw.rs" | "raw" | "tests.rs" | "tests" | "vectors")
    };
    while let Some(folder) = folders.pop() {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        for path in paths.filter(|path| !is_left_out(path)) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(path).unwrap();
                texts.push(text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned());
            }
        }
    }
    texts
}

fn is_action(word: &str) -> bool {
    let after = VERBS.iter().chain(&["Terminate"]).find_map(|verb| word.strip_prefix(verb));
    after.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
}

/// The actions that the wire lines name: the first word of a text.
fn named() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in sources() {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for literal in line.split('"').skip(1).step_by(2) {
                let word: String = literal.chars().take_while(char::is_ascii_alphanumeric).collect();
                if is_action(&word) && !FREE.contains(&word.as_str()) {
                    names.insert(word);
                }
            }
        }
    }
    names
}

/// The actions whose builders the SDK is asked for: `describe_instances()` is `DescribeInstances`.
fn called() -> BTreeSet<String> {
    let camel = |name: &str| {
        let word = |word: &str| word[..1].to_uppercase() + &word[1..];
        name.split('_').map(word).collect::<String>()
    };
    let mut names = BTreeSet::new();
    for text in sources() {
        for part in text.split("()").filter_map(|part| part.rsplit_once('.')) {
            let name = part.1;
            let of = part.0.trim_end();
            if !(of.ends_with("ec2") || of.ends_with("client")) {
                continue;
            }
            let is_name = !name.is_empty()
                && name.contains('_')
                && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_' || letter.is_ascii_digit());
            if is_name && !name.starts_with('_') && !name.ends_with('_') && is_action(&camel(name)) {
                names.insert(camel(name));
            }
        }
    }
    // One that is put together apart is known by the builder of its input.
    for text in sources() {
        let inputs = text.split("aws_sdk_ec2::operation::").skip(1).filter_map(|rest| rest.split_once("::"));
        names.extend(inputs.map(|(name, _)| camel(name)).filter(|name| is_action(name)));
    }
    names.retain(|name| !FREE.contains(&name.as_str()));
    names
}

#[test]
fn the_policy_allows_what_the_sources_name_and_no_more() {
    assert_eq!(allowed(), named());
}

#[test]
fn each_request_of_the_sdk_is_named_and_allowed() {
    let (called, allowed) = (called(), allowed());
    let missing: Vec<_> = called.difference(&allowed).collect();
    assert!(missing.is_empty(), "{missing:?} is sent and not allowed");
    let idle: Vec<_> = allowed.difference(&called).collect();
    assert!(idle.is_empty(), "{idle:?} is allowed and never sent");
}

#[tokio::test]
async fn what_is_sent_is_allowed() {
    let emulator = Emulator::builder().kind("aws").nodes(2).start().await.unwrap();
    let recorder = Arc::new(Recorder::default());
    let context = Context::builder("lab").trace(recorder.clone()).build();
    let aws = Aws::connect(emulator.settings("aws").unwrap().parse().unwrap(), context).unwrap();
    aws.list(&NodeQuery::new()).await.unwrap();
    aws.whoami().await.unwrap();
    aws.flavors(&FlavorQuery::default()).await.unwrap();
    aws.images(&ImageQuery::default()).await.unwrap();
    aws.as_keys().unwrap().keys().await.unwrap();
    aws.as_public_ips().unwrap().create_public_ip(None).await.unwrap();
    aws.as_secgroups().unwrap().list_secgroups().await.unwrap();
    aws.as_leftovers().unwrap().leftovers().await.unwrap();
    let allowed = allowed();
    let sent: BTreeSet<String> =
        recorder.outcomes().iter().map(|sent| sent.request.split(' ').next().unwrap().to_owned()).collect();
    assert!(sent.len() > 5, "{sent:?}");
    for action in sent {
        assert!(allowed.contains(&action) || FREE.contains(&action.as_str()), "`{action}` is not allowed");
    }
}
