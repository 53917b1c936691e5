//! Names that are known, for completion and for suggestions.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};

use super::State;
use super::file::NAME;
use crate::Result;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A virtual machine.
    Node,
    /// An image.
    Image,
    /// A size.
    Flavor,
    /// A public address.
    Address,
}

impl What {
    /// The word that is typed for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Node => "vm",
            Self::Image => "image",
            Self::Flavor => "flavor",
            Self::Address => "ip",
        }
    }
}

impl State {
    /// The known names that begin with a prefix, in their order, each once: of one cloud, or of all in a configuration
    /// file. `origin` is empty for the usual file, else its path.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub(crate) fn known_names(
        &self,
        what: What,
        origin: &str,
        cloud: Option<&str>,
        prefix: &str,
    ) -> Result<Vec<String>> {
        self.with(|connection| find(connection, what, origin, cloud, prefix))
    }
}

/// The known names as [`State::known_names`] finds them in all clouds, of a database that is only read: nothing is
/// made, mended or waited for. Where it cannot be read there are none.
pub(crate) fn glimpsed(folder: &Path, what: What, origin: &str, prefix: &str) -> Vec<String> {
    let look = || {
        let connection = Connection::open_with_flags(folder.join(NAME), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(Duration::ZERO)?;
        find(&connection, what, origin, None, prefix)
    };
    look().unwrap_or_default()
}

fn find(
    connection: &Connection,
    what: What,
    origin: &str,
    cloud: Option<&str>,
    prefix: &str,
) -> rusqlite::Result<Vec<String>> {
    let table = match what {
        What::Node => "nodes AS known ON known.cloud = clouds.id AND known.record IS NOT NULL AND ?5 IS NOT NULL",
        What::Image | What::Flavor | What::Address => "items AS known ON known.cloud = clouds.id AND known.what = ?5",
    };
    let find = format!(
        "SELECT DISTINCT known.name FROM clouds JOIN {table}
            WHERE clouds.origin = ?1 AND (?2 IS NULL OR clouds.cloud = ?2)
            AND known.name >= ?3 AND known.name < ?4 AND known.name <> '' ORDER BY known.name"
    );
    let end = format!("{prefix}{}", char::MAX);
    let mut statement = connection.prepare(&find)?;
    let names = statement.query_map(params![origin, cloud, prefix, end, what.word()], |row| row.get(0))?;
    names.collect()
}
