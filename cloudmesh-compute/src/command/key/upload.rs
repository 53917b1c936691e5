//! `cms key upload`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::expand_all;

use super::Names;
use crate::cli::{Done, Item, Session, usage};
use crate::library::key_from;
use crate::{Brought, Error, ErrorKind, Provider, PublicKey, Result};

/// `cms key upload NAMES`
#[derive(Debug, Args)]
pub(crate) struct Upload {
    #[command(flatten)]
    names: Names,
    /// File of the public key
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Replace a key of this name that is another one
    #[arg(long)]
    force: bool,
}

impl Upload {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let keys = self.keys()?;
        let work =
            async |provider: &Provider, (name, key): (String, PublicKey)| self.bring(provider, &name, &key).await;
        let done = session.items(async |provider| {
            let items = keys.iter().map(|(name, key)| Item::new(name, Ok((name.clone(), key.clone())))).collect();
            Ok(session.do_each(provider, items, &work).await)
        });
        done.await?.finish_outcomes(session)
    }

    async fn bring(&self, provider: &Provider, name: &str, key: &PublicKey) -> Result<Done> {
        let outcome = match provider.upload_key(name, key, self.force).await? {
            Brought::New => "uploaded",
            Brought::Unchanged => "already there",
            Brought::Replaced => "replaced",
        };
        Ok(Done::new(name, provider.name(), outcome).with_detail(key.sha256()))
    }

    /// The names, each with the key to bring under it.
    fn keys(&self) -> Result<Vec<(String, PublicKey)>> {
        let names = expand_all(&self.names.names).map_err(usage)?;
        let Some(file) = &self.file else {
            return Err(Error::new(ErrorKind::Config, "say which key, with `--file`"));
        };
        let [name] = names.as_slice() else {
            return Err(Error::new(ErrorKind::Config, "`--file` goes with one name"));
        };
        let key = key_from(file).map_err(|error| error.with_kind(ErrorKind::Config))?;
        Ok(vec![(name.clone(), key)])
    }
}
