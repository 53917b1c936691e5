//! The configuration file as a person writes, checks and changes it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use crate::desk::{Desk, Said};

/// A file as people write it, in which nothing is wrong.
const FILE: &str = "\
# My clouds.
cloudmesh:
  profile: {user: albert}   # me
  default: {cloud: lab, group: physics}
  compute:
    lab:
      cm: {kind: openstack, label: 'the lab'}
      credentials:   # from the dashboard
        auth:
          auth_url: http://127.0.0.1:9/v3
          username: '{cloudmesh.profile.user}'
          password: ${OS_PASSWORD}
          project_name: physics
      defaults: {size: m1.small, network: [private, public]}
    far:
      cm: {kind: openstack, active: false}
      cloud: far
  # the end
";

fn mode(desk: &Desk, name: &str) -> u32 {
    fs::metadata(desk.folder.path().join(name)).unwrap().permissions().mode() & 0o777
}

fn text(desk: &Desk) -> String {
    fs::read_to_string(desk.folder.path().join("cloudmesh.yaml")).unwrap()
}

/// A desk with [`FILE`].
fn written() -> Desk {
    let desk = Desk::empty();
    desk.write("cloudmesh.yaml", FILE);
    desk
}

/// Runs `cms` with something on stdin.
fn cms_with(desk: &Desk, words: &[&str], input: &str) -> Said {
    let mut child = desk.command(words).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Said::from(child.wait_with_output().unwrap())
}

#[test]
fn a_first_file_is_written_and_checked() {
    let mut desk = Desk::empty();
    let folder = desk.folder.path().join("new/cloudmesh");
    desk.set("CLOUDMESH_CONFIG_DIR", &folder);
    desk.cms("config init").exits(0);
    assert_eq!((mode(&desk, "new/cloudmesh"), mode(&desk, "new/cloudmesh/cloudmesh.yaml")), (0o700, 0o600));
    desk.cms("config check").exits(0);
    desk.cms("config init").exits(2);
    desk.cms("config init --force").exits(0);
    assert_eq!(mode(&desk, "new/cloudmesh/cloudmesh.yaml.old"), 0o600);
    desk.cms("config set compute.openstack.cm.active true").exits(0);
    desk.cms("config check openstack").exits(2);
    for name in
        ["AUTH_URL", "USERNAME", "PASSWORD", "PROJECT_NAME", "USER_DOMAIN_NAME", "PROJECT_DOMAIN_NAME", "REGION_NAME"]
    {
        desk.set(&format!("OS_{name}"), "http://127.0.0.1:9/v3");
    }
    desk.cms("config check openstack").exits(0);
    let file = fs::read_to_string(folder.join("cloudmesh.yaml")).unwrap();
    insta::assert_snapshot!(format!("{file}\n{}", desk.session()));
}

#[test]
fn keys_are_shown_without_secrets() {
    let mut desk = written();
    desk.set("OS_PASSWORD", "hunter2");
    for line in [
        "config path",
        "config get default.cloud",
        "config get cloudmesh.default",
        "config get compute.lab.credentials.auth.password",
        "config get compute.lab.credentials.auth.password --resolved",
        "config get compute.lab.credentials.auth.username",
        "config get compute.lab.credentials.auth.username --resolved",
        "config get cloud.lab.default.flavor",
        "config get compute.lab.defaults.network[1]",
        "config get compute.lab.defaults -o json",
        "config get default.clod",
        "config get compute.lap",
        "config list",
        "config list --resolved",
    ] {
        desk.cms(line);
    }
    desk.edit(&[("password: ${OS_PASSWORD}", "password: hunter2\n          token: '${X:-hunter2}'")]);
    desk.edit(&[("{user: albert}", "{user: albert, mine: hunter2}")]);
    desk.edit(&[("token: '${X:-hunter2}'", "token: '{cloudmesh.profile.mine}'")]);
    desk.cms("config list");
    desk.cms("config list --resolved -o json");
    let session = desk.session();
    assert!(!session.contains("hunter2"), "{session}");
    insta::assert_snapshot!(session);
}

#[test]
fn a_value_is_set_and_all_else_stays() {
    let desk = written();
    for (line, from, to) in [
        ("config set default.cloud far", "{cloud: lab,", "{cloud: far,"),
        ("config set cloud.lab.default.flavor=m1.large", "size: m1.small", "size: m1.large"),
        ("config set compute.lab.defaults.public true", "public]}", "public], public: true}"),
        ("config unset default.group", ", group: physics}", "}"),
    ] {
        let before = text(&desk);
        let said = desk.cms(line).exits(0);
        assert!(said.out.is_empty());
        assert_eq!(text(&desk), before.replacen(from, to, 1), "{line}");
    }
    desk.cms("config set compute.lab.defaults.disk 40 --dry-run").exits(0);
    desk.cms("config unset compute.lab --dry-run").exits(0);
    assert!(!text(&desk).contains("40") && text(&desk).contains("lab:"));
    assert_eq!(mode(&desk, "cloudmesh.yaml"), 0o600);
    insta::assert_snapshot!(desk.session());
}

#[test]
fn what_cannot_be_set_changes_nothing() {
    let desk = written();
    for line in [
        "config set default.cloud",
        "config set compute.lab.credentials.auth.pasword x",
        "config set compute.lab.defaults.disk large",
        "config set compute.lab x",
        "config set default.clod x",
        "config unset default.clod",
        "config get compute.lab.nothing",
    ] {
        assert_ne!(desk.cms(line).code, Some(0), "{line}");
    }
    assert_eq!(text(&desk), FILE);
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_secret_is_better_typed_elsewhere() {
    let desk = written();
    let said = desk.cms("config set compute.lab.credentials.auth.password hunter2").exits(0);
    said.complains("is a secret");
    let said = cms_with(&desk, &["config", "set", "compute.lab.credentials.auth.password", "-"], "tiger3\n").exits(0);
    assert!(!said.err.contains("tiger3") && !said.err.contains("warning"), "{}", said.err);
    assert_eq!(text(&desk), FILE.replace("${OS_PASSWORD}", "tiger3"));
    let said = desk.run(&["config", "set", "compute.lab.credentials.auth.password", "${OS_PASSWORD}"]).exits(0);
    assert!(!said.err.contains("warning"), "{}", said.err);
    assert_eq!(text(&desk), FILE);
}

#[test]
fn two_at_once_lose_nothing() {
    let desk = written();
    let children: Vec<_> = (0..8)
        .map(|number| desk.command(&["config", "set", &format!("profile.k{number}={number}")]).spawn().unwrap())
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let said = desk.cms("config get profile -o json").exits(0).json();
    assert_eq!(said["config"].as_array().unwrap().len(), 9);
    let left: Vec<_> = fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".new")), "{left:?}");
}

#[test]
fn a_link_stays_a_link_and_permissions_stay() {
    let desk = Desk::empty();
    fs::create_dir(desk.folder.path().join("dotfiles")).unwrap();
    let real = desk.write("dotfiles/clouds.yaml", FILE);
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let link = desk.folder.path().join("cloudmesh.yaml");
    symlink(&real, &link).unwrap();
    desk.cms("config set default.cloud far").exits(0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("cloud: far"));
    assert_eq!(mode(&desk, "dotfiles/clouds.yaml"), 0o640);
}

#[test]
fn everything_is_checked_not_only_the_first_mistake() {
    let mut desk = Desk::empty();
    desk.write(
        "cloudmesh.yaml",
        "cloudmesh:
  default: {cloud: lap, output: xml}
  compute:
    good:
      cm: {kind: openstack}
      cloud: good
    lab:
      cm: {kind: openstack, acitve: true}
      credentials:
        auth: {auth_url: TBD, usrename: a, password: '${NOT_SET}', project_name: '{cloudmesh.profile.nobody}'}
        insecure: perhaps
      defaults: {disk: large, imgae: x}
    asleep:
      cm: {kind: openstack, active: false}
      credentials: {auth: {auth_url: '${NOT_SET}', username: '${NOR_THIS}'}}
    other:
      cm: {kind: vsphere}
      anything: {goes: here}
    resting:
      cm: {kind: vsphere, active: false}
",
    );
    desk.cms("config check").exits(3);
    desk.cms("config check lab").exits(2);
    desk.cms("config check good,asleep").exits(0);
    desk.cms("config check lap").exits(2);
    let said = desk.cms("config check good,lab -o json").exits(3).json();
    assert_eq!(said["clouds"][0]["usable"], true);
    assert!(said["clouds"][1]["mistakes"].as_array().unwrap().len() > 5);
    desk.set("NOT_SET", "hunter2");
    let session = desk.session();
    insta::assert_snapshot!(session.split_once("$ cms config check good,lab -o json").unwrap().0);
}

#[test]
fn bombs_and_other_bad_files_end_in_a_sentence() {
    let desk = Desk::empty();
    let line = |n: u8| format!("  a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]", n - 1);
    let bomb = (1..30).map(line).collect::<Vec<_>>().join("\n");
    let deep = "[".repeat(5000);
    let files = [
        ("bomb.yaml", format!("cloudmesh:\n  a0: &a0 x\n{bomb}")),
        ("deep.yaml", format!("cloudmesh: {deep}")),
        ("huge.yaml", format!("cloudmesh: {{x: {}}}\n", "x".repeat(2 << 20))),
        ("two.yaml", "cloudmesh: {}\n---\ncloudmesh: {}\n".to_owned()),
        ("empty.yaml", String::new()),
    ];
    for (name, text) in files {
        desk.write(name, &text);
        for line in ["config check", "config get x", "config set default.cloud lab"] {
            desk.cms(&format!("{line} --config {name}")).exits(2);
        }
        assert_eq!(fs::read_to_string(desk.folder.path().join(name)).unwrap(), text);
    }
    fs::write(desk.folder.path().join("latin1.yaml"), b"cloudmesh: {profile: {user: J\xf6rg}}\n").unwrap();
    fs::create_dir(desk.folder.path().join("folder.yaml")).unwrap();
    for name in ["latin1.yaml", "folder.yaml", "nowhere.yaml"] {
        for line in ["config list", "config set default.cloud lab", "config check"] {
            desk.cms(&format!("{line} --config {name}")).exits(2);
        }
    }
    insta::assert_snapshot!(desk.session());
}

#[test]
fn a_file_that_somebody_else_can_change_is_refused() {
    let desk = Desk::new();
    let file = desk.folder.path().join("cloudmesh.yaml");
    let allow = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    allow(&file, 0o606);
    for line in ["vm list", "config check", "config set default.cloud lab", "config list"] {
        desk.cms(line).exits(2).complains("others can write to `~/cloudmesh.yaml`");
    }
    desk.cms("vm list --config cloudmesh.yaml").exits(0).complains("chmod go-w cloudmesh.yaml");
    allow(&file, 0o600);
    desk.cms("vm list").exits(0);
    allow(desk.folder.path(), 0o707);
    desk.cms("config list").exits(2).complains("chmod go-w");
    allow(desk.folder.path(), 0o700);
    desk.write("variables.yaml", "size: m1.small\n");
    allow(&desk.folder.path().join("variables.yaml"), 0o602);
    desk.cms("vm default").exits(2).complains("variables.yaml");
}

#[test]
fn a_file_or_folder_of_somebody_else_is_refused() {
    let desk = Desk::new();
    let file = desk.folder.path().join("cloudmesh.yaml");
    let somebody = Some(54_321);
    if chown(&file, somebody, somebody).is_err() {
        // Only the superuser can give a file away.
        return;
    }
    desk.cms("config list").exits(2).complains("belongs to another user").complains("sudo chown");
    desk.cms("config list --config cloudmesh.yaml").exits(0);
    chown(&file, Some(0), Some(0)).unwrap();
    desk.cms("config list").exits(0);
    chown(desk.folder.path(), somebody, somebody).unwrap();
    desk.cms("config list").exits(2).complains("belongs to another user");
    chown(desk.folder.path(), Some(0), Some(0)).unwrap();
}

#[test]
fn what_may_be_a_secret_in_a_wrong_place_is_not_shown() {
    let desk = Desk::empty();
    let text = "cloudmesh:\n  compute:\n    a: {cm: {kind: openstack}, credentials: hunter1}\n    \
                b: {cm: {kind: openstack}, credentials: {auth: [hunter2]}}\n    \
                c: {cm: {kind: other}, api_key: hunter3, endpoint: 'https://joe:hunter4@host/v3'}\n    \
                d: {cm: {kind: openstack}, credentials: {auth: {auth_url: 'http://joe:hunter5@host:5000/v3'}}}\n";
    desk.write("cloudmesh.yaml", text);
    for line in ["config list", "config list --resolved -o json", "config check", "config get compute.a.credentials"] {
        let said = desk.cms(line);
        assert!(!(said.out.clone() + &said.err).contains("hunter"), "{line}: {said:?}");
    }
}

#[test]
fn a_usual_file_that_is_named_is_changed_as_it_is_shown() {
    let desk = Desk::new();
    fs::set_permissions(desk.folder.path(), fs::Permissions::from_mode(0o707)).unwrap();
    let file = desk.folder.path().join("cloudmesh.yaml").display().to_string();
    for line in ["config set default.group physics", "config list", "cloud default lab"] {
        desk.cms(line).exits(2).complains("chmod go-w");
        desk.cms(&format!("{line} --config {file}")).exits(0);
    }
    fs::set_permissions(desk.folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_file_whose_group_cannot_be_given_is_changed_and_no_other_group_may_read_it() {
    let desk = Desk::new();
    let folder = desk.folder.path();
    if fs::metadata(folder).unwrap().uid() != 0 {
        // Only the superuser can make such a file.
        return;
    }
    let (file, program) = (folder.join("cloudmesh.yaml"), folder.join("cms"));
    fs::copy(env!("CARGO_BIN_EXE_cms"), &program).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    for path in [folder, file.as_path()] {
        chown(path, Some(65_534), None).unwrap();
    }
    let cms = desk.command(&["config", "set", "default.group", "physics"]);
    let mut command = Command::new(&program);
    command.args(cms.get_args()).env_clear().current_dir(folder).uid(65_534).gid(65_534);
    command.envs(cms.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Said::from(command.output().unwrap()).exits(0);
    assert!(fs::read_to_string(&file).unwrap().contains("physics"));
    let now = fs::metadata(&file).unwrap();
    assert_eq!((now.uid(), now.gid(), now.mode() & 0o777), (65_534, 65_534, 0o600));
}

#[test]
fn a_folder_that_is_a_link_is_followed() {
    let mut desk = Desk::new();
    let real = desk.folder.path().join("dotfiles");
    fs::create_dir(&real).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o700)).unwrap();
    fs::rename(desk.folder.path().join("cloudmesh.yaml"), real.join("cloudmesh.yaml")).unwrap();
    let link = desk.folder.path().join("link");
    symlink(&real, &link).unwrap();
    desk.set("CLOUDMESH_CONFIG_DIR", &link);
    desk.cms("vm list").exits(0);
    desk.cms("config set default.group physics").exits(0);
    desk.cms("set size=m1.small").exits(0);
    assert!(real.join("variables.yaml").exists());
    fs::set_permissions(&real, fs::Permissions::from_mode(0o777)).unwrap();
    desk.cms("vm list").exits(2).complains("others can write to");
}
