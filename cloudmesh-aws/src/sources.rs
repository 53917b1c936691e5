//! Where credentials and region come from.

use cloudmesh_abstract::{Context, Error, ErrorKind, Grant, Result};
use jiff::Timestamp;

use crate::config::{Config, Credentials};
use crate::keyring::{Keys, SessionToken};
use crate::machine::Surroundings;

/// The region: that of the configuration, else that of the environment.
pub(crate) fn region(config: &Config, machine: &dyn Surroundings) -> Result<String> {
    let given = config.credentials.as_ref().and_then(|credentials| credentials.region.clone());
    let named = || ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().find_map(|name| machine.variable(name));
    given.or_else(named).ok_or_else(|| {
        let message = "no region is named; name one with `region`, `AWS_REGION` or in a profile of `~/.aws/config`";
        Error::config("credentials.region", message)
    })
}

/// The keys to sign with.
pub(crate) async fn keys(config: &Config, machine: &dyn Surroundings, _: &Context) -> Result<Grant<Keys>> {
    let _ = machine;
    match config.credentials.as_ref().and_then(written) {
        Some(keys) => Ok(Grant { value: keys, expires: Timestamp::MAX }),
        None => Err(Error::new(ErrorKind::Unauthenticated, "no credentials")),
    }
}

/// The keys that stand in the configuration.
fn written(credentials: &Credentials) -> Option<Keys> {
    Some(Keys {
        id: credentials.aws_access_key_id.clone()?,
        secret: credentials.aws_secret_access_key.clone()?,
        token: credentials.aws_session_token.clone().map(SessionToken),
        source: "the configuration".to_owned(),
    })
}
