//! From the wire to a face and back, and what goes wrong in between.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cloudmesh_abstract::conformance::Trouble;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::World;
use crate::exchange::{Answer, Ask, Twist};
use crate::face::Face;
use crate::gate::{Gate, Ticket, When};
use crate::journal::Journal;
use crate::tls::Trust;
use crate::troubles::Disturbances;

/// What answers requests.
#[derive(Debug)]
pub(crate) struct Server {
    /// The vendors' APIs; each request is answered by the first that owns it.
    pub(crate) faces: Vec<Box<dyn Face>>,
    pub(crate) world: World,
    pub(crate) disturbances: Disturbances,
    pub(crate) journal: Journal,
    pub(crate) gate: Gate,
    pub(crate) address: SocketAddr,
    /// How long every answer takes at least.
    pub(crate) latency: Duration,
    /// The path that it lies below, empty or such as `/cloud`.
    pub(crate) prefix: String,
    /// What connections are encrypted with, if they are.
    pub(crate) trust: Option<Trust>,
}

/// The connection is cut instead of an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// Answers on a listener until it is dropped.
pub(crate) async fn serve(listener: TcpListener, server: Arc<Server>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(connection(stream, Arc::clone(&server)))),
                // Out of descriptors, most likely: let a connection end first.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, server: Arc<Server>) {
    // Without it small answers wait for the other side's acknowledgement; the connection works either way.
    let _ = stream.set_nodelay(true);
    let Some(trust) = &server.trust else { return exchange(stream, server).await };
    // Who does not speak TLS, or does not trust the certificate, is told so by the handshake.
    if let Ok(stream) = trust.acceptor().accept(stream).await {
        exchange(stream, server).await;
    }
}

async fn exchange(stream: impl AsyncRead + AsyncWrite + Unpin, server: Arc<Server>) {
    let service = service_fn(|request| respond(Arc::clone(&server), request));
    // A client that goes away, or a connection that we cut, is no failure of ours.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(server: Arc<Server>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let host = head.headers.get("host").and_then(|host| host.to_str().ok());
    let (scheme, prefix) = (server.scheme(), &server.prefix);
    let origin = host.map_or_else(|| server.url(), |host| format!("{scheme}://{host}{prefix}"));
    let Some(path) = head.uri.path().strip_prefix(prefix.as_str()) else {
        return Ok(wire(Answer::html(404, "<html><body><h1>404 Not Found</h1></body></html>")));
    };
    let ask = Ask {
        method: head.method,
        path: path.to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: body.into(),
        origin,
        id: format!("req-{}", Uuid::new_v4()),
        twist: Twist::default(),
    };
    if !server.gate.is_closed() {
        return server.handle(ask).await.map(wire);
    }
    // What is held goes on by itself, even if its client does not wait for it.
    let handled = tokio::spawn(async move { server.handle(ask).await });
    handled.await.map_err(|_| Cut)?.map(wire)
}

fn wire(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    let body = Full::new(answer.body);
    response.body(body.clone()).unwrap_or_else(|_| Response::new(body))
}

impl Server {
    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("{}://{}{}", self.scheme(), self.address, self.prefix)
    }

    fn scheme(&self) -> &'static str {
        if self.trust.is_some() { "https" } else { "http" }
    }

    /// Answers a request, unless something goes wrong.
    async fn handle(&self, mut ask: Ask) -> Result<Answer, Cut> {
        let face = self.face(&ask)?;
        let purpose = face.purpose(&ask);
        let number = self.journal.arrived(purpose.operation, face.line(&ask));
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let held = self.gate.arrived(purpose);
        self.pass(held.as_ref(), When::Before).await?;
        let trouble = self.disturbances.strike(purpose);
        if let Some(trouble) = &trouble {
            self.prepare(&mut ask, trouble);
        }
        let answer = match trouble {
            Some(trouble) => self.trouble(face, &ask, trouble).await?,
            None => face.answer(&self.world, &ask),
        };
        self.pass(held.as_ref(), When::After).await?;
        self.journal.answered(number, answer.status);
        Ok(answer)
    }

    /// The vendor that a request is for.
    fn face(&self, ask: &Ask) -> Result<&dyn Face, Cut> {
        self.faces.iter().find(|face| face.owns(ask)).map(AsRef::as_ref).ok_or(Cut)
    }

    /// Waits where the request is held.
    async fn pass(&self, held: Option<&Ticket>, here: When) -> Result<(), Cut> {
        match held.filter(|ticket| ticket.when == here) {
            Some(ticket) if !ticket.is_let_through().await => Err(Cut),
            _ => Ok(()),
        }
    }

    /// What a trouble changes before the request is answered.
    fn prepare(&self, ask: &mut Ask, trouble: &Trouble) {
        match trouble {
            Trouble::TokenExpired => self.world.end_sessions(),
            Trouble::Quota => ask.twist.quota = true,
            Trouble::Capacity => ask.twist.no_room = true,
            Trouble::NotYet(requests) => ask.twist.hidden = *requests,
            _ => {}
        }
    }

    /// The answer to a request that something goes wrong with.
    async fn trouble(&self, face: &dyn Face, ask: &Ask, trouble: Trouble) -> Result<Answer, Cut> {
        match trouble {
            Trouble::Throttled { retry_after } => Ok(face.throttled(ask, retry_after)),
            Trouble::Unavailable => Ok(face.unavailable(ask)),
            Trouble::CutBefore => Err(Cut),
            Trouble::CutAfter => {
                face.answer(&self.world, ask);
                Err(Cut)
            }
            Trouble::Silence => match std::future::pending::<Infallible>().await {},
            Trouble::Slow(late) => {
                let answer = face.answer(&self.world, ask);
                tokio::time::sleep(late).await;
                Ok(answer)
            }
            Trouble::Html => Ok(Answer::html(200, PAGE)),
            Trouble::Garbage => Ok(Answer::json(200, &"").with_body(b"\x00\xff{\"servers\": [{\"id\": \"")),
            Trouble::Empty => Ok(Answer::json(200, &"").with_body(b"")),
            _ => Ok(face.answer(&self.world, ask)),
        }
    }
}

/// What a proxy might say.
const PAGE: &str = "<!DOCTYPE html>
<html><head><title>Welcome</title></head>\
                    <body><h1>Please sign in to the network</h1></body></html>
";

impl Answer {
    fn with_body(mut self, body: &[u8]) -> Self {
        self.body = Bytes::copy_from_slice(body);
        self
    }
}
