//! Signing in: who is trusted, and what is said when it does not work.

use cloudmesh_emulator::{Certificate, Emulator};

use crate::desk::Desk;

fn encrypted(certificate: Certificate) -> Desk {
    Desk::with_clouds_like(&["lab"], &Emulator::builder().certificate(certificate))
}

/// Puts something else in place of the root in the configuration.
fn instead_of_root(desk: &Desk, line: &str) {
    let root = desk.cloud(0).root_file().unwrap().display().to_string();
    desk.edit(&[(&format!("ca_file: {root}"), line)]);
}

#[test]
fn an_encrypted_cloud_is_used_as_any_other_once_its_root_is_named() {
    let desk = encrypted(Certificate::Good);
    let said = desk.cms("vm boot web-1 --no-wait").exits(0);
    assert!(!said.err.contains("warning"), "{}", said.err);
    assert_eq!(desk.cms("vm list -o json").exits(0).nodes("name"), ["web-1"]);
    desk.cms("cloud check").exits(0);
}

#[test]
fn a_certificate_that_cannot_be_trusted_is_told() {
    let session = |certificate, edit: fn(&Desk)| {
        let desk = encrypted(certificate);
        edit(&desk);
        let said = desk.cms("vm list");
        assert!(!said.err.contains(&desk.password()));
        desk.session()
    };
    let told = [
        session(Certificate::Good, |desk| instead_of_root(desk, "ca_file: ~/no.pem")),
        session(Certificate::Good, |desk| instead_of_root(desk, "verify: true")),
        session(Certificate::Expired, |_| ()),
        session(Certificate::OtherHost, |_| ()),
        session(Certificate::Good, |desk| desk.edit(&[("auth_url: https:", "auth_url: http:")])),
    ];
    insta::assert_snapshot!(told.concat());
}

#[test]
fn a_sign_in_that_cannot_work_is_told_with_what_to_check() {
    let session = |edits: &[(&str, &str)]| {
        let desk = Desk::new();
        desk.edit(edits);
        let said = desk.cms("vm list");
        assert!(!said.err.contains(&desk.password()));
        desk.session()
    };
    let told = [
        session(&[("password: ", "password: not-")]),
        session(&[("user_domain_name: Default", "user_domain_name: Elsewhere")]),
        session(&[("          project_name: demo\n", ""), ("          project_domain_name: Default\n", "")]),
        session(&[("region: RegionOne", "region: regionone")]),
        session(&[("region: RegionOne", "interface: outside")]),
        session(&[("region: RegionOne", "auth_type: v3oidcpassword")]),
        session(&[("/identity/v3", "/dashboard")]),
        session(&[("auth_url: http:", "auth_url: https:")]),
        session(&[("project_name: demo", "project_name: demo\n          system_scope: all")]),
    ];
    insta::assert_snapshot!(told.concat());
}

#[test]
fn insecure_is_said_at_each_start() {
    let desk = encrypted(Certificate::SelfSigned);
    instead_of_root(&desk, "insecure: true");
    desk.cms("vm list").exits(0);
    desk.cms("flavor list -o name").exits(0);
    desk.cms("vm list --quiet -o json").exits(0);
    insta::assert_snapshot!(desk.session());
}
