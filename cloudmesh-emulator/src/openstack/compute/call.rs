//! One call of Nova: who asks what, in which version, about which world.

use serde::Serialize;

use super::fault::Fault;
use super::ordered::Ordered;
use super::schema::{self, Shape};
use super::version::Version;
use crate::exchange::{Answer, Ask};
use crate::openstack::Caller;
use crate::openstack::urls::Urls;
use crate::world::State;
use crate::world::node::Node;

/// An answer, or the error to answer with.
pub(super) type Reply = Result<Answer, Fault>;

/// A call.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) ask: &'a Ask,
    pub(super) state: &'a mut State,
    pub(super) caller: Caller,
    pub(super) version: Version,
}

/// A link to something.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) rel: &'static str,
    pub(super) href: String,
}

impl Call<'_> {
    /// Where the service is.
    pub(super) fn base(&self) -> String {
        Urls::new(self.ask).compute()
    }

    /// The body, read and checked.
    pub(super) fn body(&self, shape: &Shape) -> Result<Ordered, Fault> {
        let body = self.unchecked()?;
        schema::check(&body, shape)?;
        Ok(body)
    }

    /// The body, read.
    pub(super) fn unchecked(&self) -> Result<Ordered, Fault> {
        let kind = self.ask.header("content-type").unwrap_or("application/json");
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !matches!(kind, "application/json" | "text/plain" | "") {
            return Err(Fault::new(415, "Unsupported Content-Type"));
        }
        if self.ask.body.is_empty() {
            return Ok(Ordered::Null);
        }
        serde_json::from_slice(&self.ask.body).map_err(|_| Fault::malformed())
    }

    /// The caller's server of that id, which may pretend for a while that it does not exist.
    pub(super) fn server(&mut self, id: &str) -> Result<&Node, Fault> {
        let project = &self.caller.project;
        let node = self.state.nodes.get_mut(id).filter(|node| node.project == *project && !node.is_gone());
        let node = node.ok_or_else(|| Fault::no_server(id))?;
        if node.hidden > 0 {
            node.hidden -= 1;
            self.state.prepared.forget();
            return Err(Fault::no_server(id));
        }
        Ok(node)
    }

    /// The parameters of the query.
    pub(super) fn parameters(&self) -> Vec<(String, String)> {
        self.ask.parameters()
    }
}

/// The links of a resource: its own address, and one without a version.
pub(super) fn links(base: &str, kind: &str, id: &str) -> [Link; 2] {
    [Link { rel: "self", href: format!("{base}/v2.1/{kind}/{id}") }, bookmark(base, kind, id)]
}

/// The link without a version.
pub(super) fn bookmark(base: &str, kind: &str, id: &str) -> Link {
    Link { rel: "bookmark", href: format!("{base}/{kind}/{id}") }
}
