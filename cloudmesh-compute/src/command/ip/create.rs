//! `cms ip create`

use std::process::ExitCode;

use clap::Args;

use crate::cli::{Done, Item, Session};
use crate::{Capability, Provider, PublicIps, Result};

/// `cms ip create`
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Pool or network that they are to come from, by name or id [default: the cloud's]
    #[arg(long, value_name = "POOL")]
    pool: Option<String>,
    /// How many, on each of the clouds
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    n: u16,
}

impl Create {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        let create = async |provider: &Provider, _: u16| {
            let new = provider.create_public_ip(self.pool.as_deref()).await?;
            let done = Done::new(new.address.to_string(), provider.name(), "allocated").with_id(new.id);
            Ok(match new.pool {
                Some(pool) => done.with_detail(format!("from {pool}")),
                None => done,
            })
        };
        let done = session.items(async |provider| {
            provider.requires(Capability::PublicIps)?;
            let items = (1..=self.n).map(|number| Item::new(format!("address {number}"), Ok(number))).collect();
            Ok(session.do_each(provider, items, &create).await)
        });
        done.await?.finish_outcomes(session)
    }
}
