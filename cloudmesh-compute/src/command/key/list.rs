//! `cms key list`

use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::select;
use serde::Serialize;

use crate::cli::{Column, Session, cell, field, heading, usage};
use crate::command::pick;
use crate::{KeyPair, Keys, PublicKey, Result};

/// `cms key list [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Names, ranges such as `lab[1-3]`, globs such as `lab*`; none: all
    #[arg(value_name = "NAMES")]
    names: Vec<String>,
}

/// A key, wherever it is kept.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    cloud: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    bits: Option<usize>,
    fingerprint: Option<String>,
    vendor_fingerprint: Option<String>,
    comment: Option<String>,
    public_key: Option<String>,
}

impl List {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        session.shared.view.check(&columns())?;
        let wanted = select(&self.names).map_err(usage)?;
        let found = session.items(async |provider| Ok(pick::some(&wanted, provider.keys().await?)));
        found.await?.each(|key| vec![row(key)]).finish(session, "keys", &columns())
    }
}

fn row(key: KeyPair) -> Row {
    let known: Option<PublicKey> = key.public_key.as_deref().and_then(|text| text.parse().ok());
    let known = known.as_ref();
    Row {
        kind: known.map(|known| known.algorithm().to_owned()).or(key.key_type),
        bits: known.map(PublicKey::bits),
        fingerprint: known.map(PublicKey::sha256).or_else(|| key.fingerprint.clone()),
        comment: known.map(|known| known.comment().to_owned()).filter(|comment| !comment.is_empty()),
        name: key.name,
        cloud: Some(key.cloud),
        vendor_fingerprint: key.fingerprint,
        public_key: key.public_key.map(|text| text.trim().to_owned()),
    }
}

fn columns() -> Vec<Column<Row>> {
    vec![
        heading("NAME", |row: &Row| row.name.clone()).rank(0),
        heading("TYPE", |row: &Row| cell(row.kind.as_ref())).rank(3),
        heading("FINGERPRINT", |row: &Row| cell(row.fingerprint.as_ref())).rank(4),
        heading("CLOUD", |row: &Row| cell(row.cloud.as_ref())).rank(2),
        field("bits"),
        field("comment"),
        field("vendor_fingerprint"),
        field("public_key").detail(),
    ]
}
