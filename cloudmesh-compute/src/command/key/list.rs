//! `cms key list`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::{Selector, select};
use serde::Serialize;

use super::add::ssh_folder;
use crate::cli::{Column, Item, Report, Session, cell, field, heading, usage};
use crate::command::pick;
use crate::library::key_from;
use crate::partial::Partial;
use crate::{Error, ErrorKind, KeyPair, Keys, PublicKey, Result};

/// `cms key list [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Names, ranges such as `lab[1-3]`, globs such as `lab*`; none: all
    #[arg(value_name = "NAMES")]
    names: Vec<String>,
    /// Those that `cms key add` keeps on this machine
    #[arg(long)]
    local: bool,
    /// Those in the files ~/.ssh/*.pub
    #[arg(long, conflicts_with = "local")]
    ssh: bool,
}

/// A key, wherever it is kept.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    cloud: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    bits: Option<usize>,
    pub(super) fingerprint: Option<String>,
    vendor_fingerprint: Option<String>,
    comment: Option<String>,
    public_key: Option<String>,
    file: Option<PathBuf>,
}

impl List {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let columns = columns(self.local || self.ssh);
        session.shared.view.check(&columns)?;
        let wanted = select(&self.names).map_err(usage)?;
        let report = if self.local {
            chosen(&wanted, here(session)?)
        } else if self.ssh {
            let (rows, broken) = of_ssh()?;
            let mut report = chosen(&wanted, rows);
            let all = wanted.is_empty();
            for error in broken.into_iter().filter(|_| all) {
                report.add(Err(error));
            }
            report
        } else {
            session.needs_the_cloud()?;
            let found = session.items(async |provider| Ok(pick::some(&wanted, provider.keys().await?)));
            found.await?.each(|key| vec![of_cloud(key)])
        };
        report.finish(session, "keys", &columns)
    }
}

/// The rows that are wanted.
fn chosen(wanted: &[Selector], rows: Vec<Row>) -> Report<Row> {
    Report::of_known(Partial::of_items(vec![Ok(pick::some(wanted, rows))]))
}

/// The keys of the library.
pub(super) fn here(session: &Session) -> Result<Vec<Row>> {
    Ok(session.key_library()?.keys()?.into_iter().map(|(name, key)| of_key(name, &key)).collect())
}

/// The keys in the files of OpenSSH, and what is wrong with others.
fn of_ssh() -> Result<(Vec<Row>, Vec<Error>)> {
    let folder = ssh_folder()?;
    let Ok(entries) = folder.read_dir() else { return Ok((Vec::new(), Vec::new())) };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|file| is_public(file)).collect();
    files.sort();
    let (mut rows, mut broken) = (Vec::new(), Vec::new());
    for file in files {
        match key_from(&file) {
            Ok(key) => {
                let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                rows.push(Row { file: Some(file), ..of_key(name, &key) });
            }
            Err(error) => broken.push(error.with_kind(ErrorKind::InvalidInput)),
        }
    }
    Ok((rows, broken))
}

fn is_public(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".pub") && !name.ends_with("-cert.pub")
}

fn of_key(name: String, key: &PublicKey) -> Row {
    Row {
        name,
        kind: Some(key.algorithm().to_owned()),
        bits: Some(key.bits()),
        fingerprint: Some(key.sha256()),
        comment: Some(key.comment().to_owned()).filter(|comment| !comment.is_empty()),
        public_key: Some(key.to_string()),
        ..Row::default()
    }
}

fn of_cloud(key: KeyPair) -> Row {
    let known: Option<PublicKey> = key.public_key.as_deref().and_then(|text| text.parse().ok());
    let known = known.map(|known| of_key(String::new(), &known)).unwrap_or_default();
    Row {
        kind: known.kind.or(key.key_type),
        fingerprint: known.fingerprint.or_else(|| key.fingerprint.clone()),
        name: key.name,
        cloud: Some(key.cloud),
        vendor_fingerprint: key.fingerprint,
        public_key: key.public_key.map(|text| text.trim().to_owned()),
        bits: known.bits,
        comment: known.comment,
        file: None,
    }
}

fn columns(here: bool) -> Vec<Column<Row>> {
    let columns = vec![
        heading("NAME", |row: &Row| row.name.clone()).rank(0),
        heading("TYPE", |row: &Row| cell(row.kind.as_ref())).rank(3),
        heading("FINGERPRINT", |row: &Row| {
            cell(row.fingerprint.as_ref().filter(|fingerprint| !fingerprint.is_empty()))
        })
        .rank(4),
        heading("CLOUD", |row: &Row| cell(row.cloud.as_ref())).rank(2),
        field("bits"),
        field("comment"),
        field("vendor_fingerprint"),
        field("file"),
        field("public_key").detail(),
    ];
    if here { Column::pick(columns, &["name", "type", "fingerprint", "comment"]) } else { columns }
}

/// A row of the library, as something that can be chosen by name.
impl pick::Thing for Row {
    const WORD: &'static str = "key";
    const LIST: &'static str = "cms key list --local";

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> Option<&str> {
        None
    }
}

/// The rows of these names in the library, one after the other.
pub(super) fn each_here(session: &Session, wanted: &[Selector]) -> Result<Vec<Item<Row>>> {
    Ok(pick::each(wanted, &here(session)?))
}
