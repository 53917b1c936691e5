//! `cms key upload`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cloudmesh_abstract::names::{Selector, expand_all, select};

use super::add::typed;
use crate::cli::{Done, Item, Session, usage};
use crate::command::pick;
use crate::library::key_from;
use crate::{Brought, Error, ErrorKind, KeyPair, Keys, Provider, PublicKey, Result};

/// `cms key upload [NAMES]`
#[derive(Debug, Args)]
pub(crate) struct Upload {
    /// Keys that `cms key add` keeps: names, ranges such as `lab[1-3]`, globs such as `lab*`; none: all
    #[arg(value_name = "NAMES")]
    names: Vec<String>,
    /// Take the key from this file instead; goes with one name
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Replace a key of this name that is another one
    #[arg(long)]
    force: bool,
}

/// A key and the name to bring it under.
type Named = (String, PublicKey);

impl Upload {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        session.needs_the_cloud()?;
        let (keys, missing) = self.keys(session)?;
        let done = session.items(async |provider| {
            let there = provider.keys().await?;
            let work = async |provider: &Provider, (name, key): Named| self.bring(provider, &there, &name, &key).await;
            let items = keys.iter().map(|(name, key)| Item::new(name, Ok((name.clone(), key.clone())))).collect();
            Ok(session.do_each(provider, items, &work).await)
        });
        let mut report = done.await?;
        for error in missing {
            report.add(Err(error));
        }
        report.finish_outcomes(session)
    }

    async fn bring(&self, provider: &Provider, there: &[KeyPair], name: &str, key: &PublicKey) -> Result<Done> {
        let outcome = match provider.upload_key_beside(there, name, key, self.force).await? {
            Brought::New => "uploaded",
            Brought::Unchanged => "already there",
            Brought::Replaced => "replaced",
        };
        Ok(Done::new(name, provider.name(), outcome).with_detail(key.sha256()))
    }

    /// The keys to bring, and what is wrong with other names.
    fn keys(&self, session: &Session) -> Result<(Vec<Named>, Vec<Error>)> {
        if let Some(file) = &self.file {
            let names = expand_all(&self.names).map_err(usage)?;
            let [name] = names.as_slice() else {
                let message = "`--file` goes with one name: `cms key upload NAME --file FILE`";
                return Err(Error::new(ErrorKind::Config, message));
            };
            return Ok((vec![(name.clone(), key_from(file).map_err(typed)?)], Vec::new()));
        }
        let library = session.key_library()?;
        let keys: Vec<Named> = library.keys()?.into_iter().collect();
        if self.names.is_empty() && keys.is_empty() {
            let message =
                format!("no key is kept in `{}`; `cms key add NAME FILE` keeps one", library.file().display());
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        let wanted = select(&self.names).map_err(usage)?;
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for item in if wanted.is_empty() { all(keys) } else { pick::each(&wanted, &keys) } {
            match (item.result, wanted.contains(&Selector::Name(item.name.clone()))) {
                (Ok(key), _) => found.push(key),
                (Err(_), true) => missing.extend(library.key(&item.name).err()),
                (Err(error), false) => missing.push(error),
            }
        }
        if found.is_empty() && missing.len() == 1 { Err(missing.remove(0)) } else { Ok((found, missing)) }
    }
}

fn all(keys: Vec<Named>) -> Vec<Item<Named>> {
    keys.into_iter().map(|key| Item::new(key.0.clone(), Ok(key))).collect()
}

impl pick::Thing for Named {
    const WORD: &'static str = "key";
    const LIST: &'static str = "cms key list --local";

    fn name(&self) -> &str {
        &self.0
    }

    fn id(&self) -> Option<&str> {
        None
    }
}
