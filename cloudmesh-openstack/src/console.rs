//! The console: <https://docs.openstack.org/api-ref/compute/#create-console> and
//! <https://docs.openstack.org/api-ref/compute/#show-console-output-os-getconsoleoutput-action>.

use async_trait::async_trait;
use cloudmesh_abstract::{ComputeNodeABC, Console, Effect, Error, ErrorKind, NodeId, Result};
use serde_json::{Value, json};

use crate::OpenStack;
use crate::catalog::Service;
use crate::client::{Ask, parse};
use crate::microversion::Spoken;
use crate::node::part;
use crate::refusal::unreadable;

/// The consoles that a browser can show, the usual one first.
const KINDS: [(&str, &str); 2] = [("vnc", "novnc"), ("spice", "spice-html5")];

#[async_trait]
impl Console for OpenStack {
    /// An address that shows the console in a browser, good for a few minutes; its text where the cloud has no such one.
    async fn console(&self, id: &NodeId) -> Result<String> {
        for (protocol, kind) in KINDS {
            match self.remote_console(id, protocol, kind).await {
                Err(error) if is_not_offered(&error) => {}
                settled => return settled,
            }
        }
        self.log(id).await
    }

    async fn log(&self, id: &NodeId) -> Result<String> {
        match self.console_text(id).await {
            // Nova says the same of a server without a console; of one that is missing this look says it again.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.info(id).await?;
                let message = format!("{}; start the node, or try again in a moment", error.message());
                Err(error.with_kind(ErrorKind::Conflict).with_message(message))
            }
            settled => settled,
        }
    }
}

impl OpenStack {
    async fn remote_console(&self, id: &NodeId, protocol: &str, kind: &str) -> Result<String> {
        let body = json!({"remote_console": {"protocol": protocol, "type": kind}});
        // It makes a way to look at the server, and leaves the server alone.
        let ask = Ask::post(Service::Compute, &["servers", part(id)?, "remote-consoles"], Effect::Read, body);
        let ask = ask.accepted_with(200).spoken(Spoken::From((2, 6)));
        self.text(&ask, "/remote_console/url").await
    }

    async fn console_text(&self, id: &NodeId) -> Result<String> {
        let body = json!({"os-getConsoleOutput": {}});
        let ask = Ask::post(Service::Compute, &["servers", part(id)?, "action"], Effect::Read, body);
        self.text(&ask.accepted_with(200), "/output").await
    }

    async fn text(&self, ask: &Ask, pointer: &str) -> Result<String> {
        let answer = self.client.send(ask).await?;
        let body = parse(&answer, &ask.line())?;
        let text = body.pointer(pointer).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| unreadable(&answer, &ask.line(), None))
    }
}

/// Whether the cloud has no such console, or the server none now: 400 and 501 for the kind, 409 for the state.
fn is_not_offered(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::Conflict)
}
