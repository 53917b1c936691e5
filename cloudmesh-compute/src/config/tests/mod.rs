//! The configuration as a user sees it: what is read, what is refused, and in which words.

#[cfg(feature = "cli")]
mod editing;
mod files;
mod limits;
mod mistakes;
mod properties;
mod reading;
mod secrets;

use cloudmesh_abstract::{Error, ErrorKind};

use super::{Cloud, Config, Variables};

/// The environment of all tests.
fn environment() -> Variables {
    Variables::new([
        ("HOME", "/home/albert"),
        ("OS_PASSWORD", "hunter2"),
        ("EMPTY", ""),
        ("TRICKY", "${OS_PASSWORD}{cloudmesh.profile.user}~/"),
        ("NUMBER", "0123"),
    ])
}

fn config(text: &str) -> Config {
    Config::from_text(text, "cloudmesh.yaml").unwrap().with_environment(environment())
}

/// The text with something before each line.
fn prefixed(text: &str, before: &str) -> String {
    text.lines().flat_map(|line| [before, line, "\n"]).collect()
}

/// The cloud `c`, whose entry has these lines beside `cm`.
fn cloud(lines: &str) -> Result<Cloud, Error> {
    let lines = prefixed(lines, "      ");
    let text = format!(
        "cloudmesh:\n  profile: {{user: albert, email: a@example.org, port: 8080}}\n  compute:\n    c:\n      cm: {{kind: lab}}\n{lines}"
    );
    Config::from_text(&text, "cloudmesh.yaml")?.with_environment(environment()).cloud("c")
}

/// The complaint about a text, or about its cloud `c`, its profile or its defaults.
fn complaint(text: &str) -> Error {
    let config = match Config::from_text(text, "cloudmesh.yaml") {
        Ok(config) => config.with_environment(environment()),
        Err(error) => return error,
    };
    let profile = config.profile().map(|_| ());
    let default = || config.default_cloud().map(|_| ());
    let error = profile.and_then(|()| default()).and_then(|()| config.cloud("c").map(|_| ())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    error
}
