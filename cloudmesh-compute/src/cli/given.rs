//! Which options were typed, and which came from the environment.

use std::collections::BTreeMap;

use clap::ArgMatches;
use clap::parser::ValueSource;

/// Where the values of options came from, by their names in the code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given(BTreeMap<String, ValueSource>);

impl Given {
    /// What the last of the commands was given.
    pub(super) fn of(matches: &ArgMatches) -> Self {
        let mut last = matches;
        while let Some((_, inner)) = last.subcommand() {
            last = inner;
        }
        let ids = last.ids().map(clap::Id::as_str);
        Self(ids.filter_map(|id| Some((id.to_owned(), last.value_source(id)?))).collect())
    }

    /// What a user calls the place that an option's value came from: `--image`, or `CLOUDMESH_IMAGE`.
    pub(crate) fn source(&self, id: &str) -> Option<String> {
        match self.0.get(id)? {
            ValueSource::CommandLine => Some(format!("--{}", id.replace('_', "-"))),
            ValueSource::EnvVariable => Some(format!("CLOUDMESH_{}", id.to_uppercase())),
            _ => None,
        }
    }
}
