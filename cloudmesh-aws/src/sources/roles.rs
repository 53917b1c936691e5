//! Roles that are taken on: STS grants keys for a while.

use std::fs;

use aws_sdk_ec2::error::ProvideErrorMetadata;
use aws_sdk_sts::types::Credentials as Granted;
use cloudmesh_abstract::{Effect, Error, ErrorKind, Result, Secret, Wire};
use jiff::Timestamp;

use super::Sources;
use super::places::Found;
use crate::account::sts;
use crate::keyring::{Keys, Lent, Slot};
use crate::refusal::{Scene, refusal};

impl Sources<'_> {
    /// Takes a role on with the keys of somebody who may.
    pub(super) async fn assume(&self, role: &str, base: &Lent) -> Result<Lent> {
        let slot = Slot::default();
        slot.put(&base.keys);
        let client = sts(self.region, self.sts, self.http, &slot);
        let external = self.credentials().and_then(|credentials| credentials.external_id.clone());
        let source = &base.keys.source;
        let ask = || async {
            let ask = client.assume_role().role_arn(role).role_session_name(self.session());
            let answer = ask.set_external_id(external.clone()).send().await;
            let answer = answer.map_err(|error| self.refused(&error, role, source))?;
            granted(answer.credentials, format!("role `{role}`, taken on with {source}"))
        };
        let line = format!("AssumeRole {role}");
        self.context.send(Effect::SignIn, Wire::new(&line), ask).await
    }

    /// Takes a role on with the token of a workload: `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`.
    pub(super) async fn web_identity(&self) -> Result<Found> {
        let credentials = self.credentials();
        let written = credentials.and_then(|credentials| credentials.web_identity_token_file.clone());
        let is_written = written.is_some();
        let Some(file) = written.or_else(|| self.machine.variable("AWS_WEB_IDENTITY_TOKEN_FILE").map(Into::into))
        else {
            return Ok(Err("no workload has a token (`AWS_WEB_IDENTITY_TOKEN_FILE` is not set)".to_owned()));
        };
        // The environment's token is for the environment's role; from there one goes on to a role that is written.
        let wanted = || credentials.and_then(|credentials| credentials.role_arn.clone());
        let given = || self.machine.variable("AWS_ROLE_ARN");
        let role = if is_written { wanted().or_else(given) } else { given().or_else(wanted) };
        let role = role.ok_or_else(|| {
            Error::config(
                "credentials.role_arn",
                "a web identity token needs a role; name it with `role_arn` or `AWS_ROLE_ARN`",
            )
        })?;
        let path = file.display().to_string();
        let source = format!("the web identity token `{path}`");
        let client = sts(self.region, self.sts, self.http, &Slot::default());
        let ask = || async {
            let token = fs::read_to_string(&file).map_err(|error| {
                let message = format!("`{path}` with the web identity token cannot be read; check the path");
                Error::config("credentials.web_identity_token_file", message).with_source(error)
            })?;
            let ask = client.assume_role_with_web_identity().role_arn(&role).role_session_name(self.session());
            let answer = ask.web_identity_token(token.trim()).send().await;
            let answer = answer.map_err(|error| self.refused(&error, &role, &source))?;
            granted(answer.credentials, format!("role `{role}`, taken on with {source}"))
        };
        let line = format!("AssumeRoleWithWebIdentity {role}");
        let lent = self.context.send(Effect::SignIn, Wire::new(&line), ask).await?;
        Ok(Ok(lent.of(role)))
    }

    /// The name of the session, as AWS's log shows it.
    fn session(&self) -> String {
        let written = self.credentials().and_then(|credentials| credentials.role_session_name.clone());
        let named = written.or_else(|| self.machine.variable("AWS_ROLE_SESSION_NAME"));
        named.unwrap_or_else(|| format!("cloudmesh-{}", self.context.clock().now().as_second()))
    }

    fn refused<E>(&self, error: &aws_sdk_ec2::error::SdkError<E>, role: &str, source: &str) -> Error
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let endpoint = self.sts.map_or_else(|| crate::region::endpoint("sts", self.region), str::to_owned);
        let scene = Scene {
            action: "sts:AssumeRole",
            source,
            region: self.region,
            endpoint: &endpoint,
            now: self.context.clock().now(),
        };
        let error = refusal(error, &scene);
        match error.kind() {
            ErrorKind::PermissionDenied => {
                let message = format!(
                    "the role `{role}` may not be taken on with {source}; its owner must trust that identity (and the external \
                     id, if one is asked for), and a policy must allow `sts:AssumeRole`"
                );
                error.with_message(message)
            }
            _ => error,
        }
    }
}

fn granted(granted: Option<Granted>, source: String) -> Result<Lent> {
    let granted =
        granted.ok_or_else(|| Error::new(ErrorKind::Unexpected, "STS granted a role without keys; try again"))?;
    let expires = Timestamp::from_second(granted.expiration.secs()).unwrap_or(Timestamp::MAX);
    let token = Some(Secret::from(granted.session_token));
    let keys = Keys::new(granted.access_key_id.into(), granted.secret_access_key.into(), token, source);
    Ok(Lent::until(keys, expires))
}
