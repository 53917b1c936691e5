//! Lists of servers.

use serde::Serialize;

use super::call::{Call, Link, Reply};
use super::fault::Fault;
use super::filter::{Filter, Sorting, compare, sorting};
use super::page::{Page, next};
use super::server::View;
use crate::exchange::Answer;
use crate::world::State;
use crate::world::node::Node;

#[derive(Debug, Serialize)]
struct Servers<T> {
    servers: Vec<T>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    servers_links: Vec<Link>,
}

/// The servers that the query asks for, with all details or with names only.
pub(super) fn list(call: &mut Call<'_>, detail: bool) -> Reply {
    let parameters = call.parameters();
    let asked = repeatable(call, &parameters);
    if let Some(known) = asked.as_ref().and_then(|asked| call.state.prepared.get(asked)) {
        return Ok(Answer::prepared(200, known));
    }
    let answer = fresh(call, detail, &parameters)?;
    if let Some(asked) = asked {
        call.state.prepared.keep(asked, answer.body.clone());
    }
    Ok(answer)
}

/// All that the answer depends on beside the state, if the same question is answered alike as long as that stays: a
/// busy node changes with time, and filters may look at the time.
fn repeatable(call: &Call<'_>, parameters: &[(String, String)]) -> Option<String> {
    let plain = parameters.iter().all(|(key, _)| matches!(key.as_str(), "limit" | "marker"));
    let same = plain && call.state.nodes.is_settled();
    same.then(|| format!("{} {} {} {}", call.caller.project, call.version, call.base(), call.ask.line()))
}

fn fresh(call: &Call<'_>, detail: bool, parameters: &[(String, String)]) -> Reply {
    let filter = Filter::parse(parameters, call.version, &call.caller.project)?;
    let (page, order) = (Page::parse(parameters)?, sorting(parameters)?);
    let found = match &order {
        None => newest_first(call.state, &filter, &page)?,
        Some(order) => sorted(call.state, &filter, &page, order)?,
    };
    let url = format!("{}/v2.1/servers{}", call.base(), if detail { "/detail" } else { "" });
    let full = page.limit > 0 && found.len() == page.limit;
    let last = found.last().filter(|_| full);
    let servers_links = last.map(|node| next(&url, parameters, &node.id)).unwrap_or_default();
    let view = View::list(call.state, call.base(), call.version, &call.caller.project);
    Ok(if detail {
        let servers = found.into_iter().map(|node| view.server(node)).collect();
        Answer::json(200, &Servers { servers, servers_links })
    } else {
        let servers = found.into_iter().map(|node| view.name(node)).collect();
        Answer::json(200, &Servers { servers, servers_links })
    })
}

fn newest_first<'a>(state: &'a State, filter: &Filter, page: &Page) -> Result<Vec<&'a Node>, Fault> {
    let wanted = |node: &&Node| filter.wants(node, state.now);
    match &page.marker {
        None => Ok(state.nodes.newest_first().filter(wanted).take(page.limit).collect()),
        Some(marker) => {
            let rest = state.nodes.before(marker).ok_or_else(|| no_marker(marker))?;
            Ok(rest.filter(wanted).take(page.limit).collect())
        }
    }
}

fn sorted<'a>(state: &'a State, filter: &Filter, page: &Page, order: &Sorting) -> Result<Vec<&'a Node>, Fault> {
    let marker = page.marker.as_deref();
    if let Some(marker) = marker.filter(|marker| state.nodes.get(marker).is_none()) {
        return Err(no_marker(marker));
    }
    let is_marker = |node: &Node| marker == Some(node.id.as_str());
    let wanted = |node: &&Node| filter.wants(node, state.now) || is_marker(node);
    let mut all: Vec<&Node> = state.nodes.newest_first().filter(wanted).collect();
    all.sort_by(|a, b| compare(order, a, b));
    let begin = all.iter().position(|node| is_marker(node)).map_or(0, |place| place + 1);
    Ok(all.into_iter().skip(begin).take(page.limit).collect())
}

fn no_marker(marker: &str) -> Fault {
    Fault::bad(format!("marker [{marker}] not found"))
}
