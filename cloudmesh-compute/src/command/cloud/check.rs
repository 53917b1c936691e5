//! `cms cloud check`

use std::process::ExitCode;
use std::time::Instant;

use serde::Serialize;

use crate::cli::{Column, Session, cell, heading};
use crate::{ComputeNodeABC, Provider, Result};

/// A cloud that lets us in.
#[derive(Debug, Serialize)]
struct Row {
    cloud: String,
    usable: bool,
    user: String,
    account: String,
    region: Option<String>,
    endpoint: Option<String>,
    /// Where the credentials came from.
    source: Option<String>,
    took_ms: u128,
}

/// Signs in on all chosen clouds at once.
pub(super) async fn run(session: &Session) -> Result<ExitCode> {
    session.on_each(async |provider| Ok(vec![sign_in(provider).await])).await?.finish(session, "clouds", &columns())
}

async fn sign_in(provider: &Provider) -> Result<Row> {
    let began = Instant::now();
    let identity = provider.whoami().await?;
    Ok(Row {
        cloud: provider.name().to_owned(),
        usable: true,
        user: identity.user,
        account: identity.account,
        region: identity.region,
        endpoint: identity.endpoint,
        source: identity.source,
        took_ms: began.elapsed().as_millis(),
    })
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("CLOUD", |row: &Row| row.cloud.clone()).rank(0),
        heading("STATUS", |row: &Row| if row.usable { "usable" } else { "refused" }.to_owned()).key("usable"),
        heading("USER", |row: &Row| row.user.clone()),
        heading("ACCOUNT", |row: &Row| row.account.clone()),
        heading("REGION", |row: &Row| cell(row.region.as_ref())),
        heading("CREDENTIALS", |row: &Row| cell(row.source.as_ref())).key("source").wraps(),
        heading("TOOK", |row: &Row| format!("{} ms", row.took_ms)).key("took_ms").rank(2),
        heading("ENDPOINT", |row: &Row| cell(row.endpoint.as_ref())).rank(3),
    ]
}
