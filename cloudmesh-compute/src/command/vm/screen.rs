//! `cms vm console`, `log`: what machines show and have written.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::Names;
use super::find::find;
use crate::cli::{Column, Session, heading};
use crate::{Capability, Console, Node, NodeId, Provider, Result};

/// `cms vm log NAMES`
#[derive(Debug, Args)]
pub(crate) struct Log {
    #[command(flatten)]
    names: Names,
    /// The last lines only
    #[arg(long, value_name = "N")]
    tail: Option<usize>,
}

/// What a machine has to say.
#[derive(Debug, Serialize)]
struct Shown {
    name: String,
    cloud: String,
    id: NodeId,
    text: String,
}

impl Log {
    pub(super) async fn run(self, session: &Session) -> Result<ExitCode> {
        texts(session, &self.names, "logs", async |provider, node| {
            let log = provider.log(&node.id).await?;
            Ok(self.tail.map_or_else(|| log.clone(), |lines| last(&log, lines).to_owned()))
        })
        .await
    }
}

/// `cms vm console NAMES`
pub(super) async fn console(session: &Session, names: &Names) -> Result<ExitCode> {
    texts(session, names, "consoles", async |provider, node| provider.console(&node.id).await).await
}

/// Prints what is read of each machine.
async fn texts(
    session: &Session,
    names: &Names,
    what: &str,
    read: impl AsyncFn(&Provider, &Node) -> Result<String>,
) -> Result<ExitCode> {
    session.shared.view.check(&columns())?;
    let one = async |provider: &Provider, node: Node| {
        let text = session.interrupt.unless_asked(read(provider, &node)).await?;
        Ok(Shown { name: node.label().to_owned(), cloud: node.cloud.clone(), id: node.id.clone(), text })
    };
    let done = session.items(async |provider| {
        provider.requires(Capability::Console)?;
        let found = find(session, provider, &names.names).await?;
        Ok(session.do_each(provider, found, &one).await)
    });
    done.await?.finish_as_text(session, what, &columns(), |shown| (shown.name.clone(), shown.text.clone()))
}

/// The last lines of a text. What ends without a line's end is a line too.
fn last(text: &str, lines: usize) -> &str {
    let ends = text.strip_suffix('\n').unwrap_or(text).rmatch_indices('\n');
    match lines.checked_sub(1) {
        None => "",
        Some(before) => ends.map(|(at, _)| &text[at + 1..]).nth(before).unwrap_or(text),
    }
}

fn columns() -> Vec<Column<Shown>> {
    vec![
        heading("NAME", |shown: &Shown| shown.name.clone()).rank(0),
        heading("CLOUD", |shown: &Shown| shown.cloud.clone()).rank(2),
        heading("ID", |shown: &Shown| shown.id.to_string()).rank(3),
        heading("TEXT", |shown: &Shown| shown.text.clone()).wraps(),
    ]
}

#[cfg(test)]
mod tests {
    use super::last;

    #[test]
    fn the_last_lines() {
        let table =
            [("a\nb\nc\n", 2, "b\nc\n"), ("a\nb\nc", 1, "c"), ("a\n", 5, "a\n"), ("a\nb\n", 0, ""), ("", 3, "")];
        for (text, lines, wanted) in table {
            assert_eq!(last(text, lines), wanted, "{text:?} {lines}");
        }
    }
}
