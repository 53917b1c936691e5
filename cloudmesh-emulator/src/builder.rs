//! What an emulator shall be like, and its start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cloudmesh_abstract::conformance::{Disturbance, Trouble};
use cloudmesh_abstract::{Error, ErrorKind, Result};
use tokio::net::TcpListener;

use crate::aws::Aws;
use crate::gate::Gate;
use crate::journal::Journal;
use crate::openstack::OpenStack;
use crate::server::{Server, serve};
use crate::settings::Kind;
use crate::tls::{Certificate, Root, Trust};
use crate::troubles::Disturbances;
use crate::{Clock, Emulator, World};

/// How long whatever a node begins takes, when nothing else is said.
const PACE: Duration = Duration::from_millis(30);

/// What an emulator shall be like. Made by [`Emulator::builder`].
#[derive(Debug, Clone)]
pub struct Builder {
    address: IpAddr,
    port: u16,
    kind: String,
    nodes: usize,
    images: usize,
    quota: Option<usize>,
    consoles: bool,
    volumes: bool,
    compute_quotas: Vec<(String, i64)>,
    network_quotas: Vec<(String, i64)>,
    pace: Duration,
    clock: Clock,
    latency: Duration,
    throttle_every: Option<usize>,
    certificate: Option<Certificate>,
    root_file: Option<PathBuf>,
    prefix: String,
    regions: Vec<String>,
    without: Vec<String>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            kind: Kind::OpenStack.name().to_owned(),
            nodes: 0,
            images: 0,
            quota: None,
            consoles: false,
            volumes: false,
            compute_quotas: Vec::new(),
            network_quotas: Vec::new(),
            pace: PACE,
            clock: Clock::running(),
            latency: Duration::ZERO,
            throttle_every: None,
            certificate: None,
            root_file: None,
            prefix: String::new(),
            regions: Vec::new(),
            without: Vec::new(),
        }
    }

    /// Listens on another address of this machine. It must be a loopback address.
    #[must_use]
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// Listens on that port instead of a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Names the cloud that [`nodes`](Self::nodes), [`quota`](Self::quota), [`Emulator::world`] and
    /// [`Emulator::troubles`] are about, one of [`KINDS`](crate::KINDS); `openstack` unless said. All the others are
    /// there too.
    #[must_use]
    pub fn kind(mut self, kind: &str) -> Self {
        kind.clone_into(&mut self.kind);
        self
    }

    /// Begins with so many running nodes.
    #[must_use]
    pub fn nodes(mut self, nodes: usize) -> Self {
        self.nodes = nodes;
        self
    }

    /// Begins with so many public images beside the usual ones, to measure clients with.
    #[must_use]
    pub fn images(mut self, images: usize) -> Self {
        self.images = images;
        self
    }

    /// Lets the user make so many nodes, beside those at the beginning; 100 when nothing is said.
    #[must_use]
    pub fn quota(mut self, nodes: usize) -> Self {
        self.quota = Some(nodes);
        self
    }

    /// Lets there be a volume service; as at many operators, there is none by default.
    #[must_use]
    pub fn volumes(mut self, there: bool) -> Self {
        self.volumes = there;
        self
    }

    /// Lets the user have so many of something of the compute service, which is named as in Nova's quotas: `instances`,
    /// `cores`, `ram` (in MiB), `key_pairs`, `metadata_items`, `injected_files`; -1 for any number. When nothing is
    /// said, there are 100 instances, 100 key pairs, 128 items of metadata for a node and 5 files, and any number of
    /// cores.
    #[must_use]
    pub fn compute_quota(mut self, resource: &str, limit: i64) -> Self {
        self.compute_quotas.push((resource.to_owned(), limit));
        self
    }

    /// Lets nodes have screens, at addresses that a client can ask for; as at many operators, they have none by default.
    #[must_use]
    pub fn consoles(mut self, open: bool) -> Self {
        self.consoles = open;
        self
    }

    /// Lets the user make so many of something on the network, which is named as in Neutron's quotas: `floatingip`,
    /// `security_group`, `security_group_rule`, `port`, `router`, `network`, `subnet`; -1 for any number. When nothing
    /// is said, it is what Neutron has by itself: 50 floating IPs, 10 groups, 100 rules and so on.
    #[must_use]
    pub fn network_quota(mut self, resource: &str, limit: i64) -> Self {
        self.network_quotas.push((resource.to_owned(), limit));
        self
    }

    /// Lets whatever a node begins (being built, stopping, …) take so long; 30 ms by default, 0 for at once.
    #[must_use]
    pub fn build_time(mut self, time: Duration) -> Self {
        self.pace = time;
        self
    }

    /// Lets every answer take so much longer; not at all by default.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Refuses each such request, the tenth for 10, as one too many; none by default.
    #[must_use]
    pub fn throttle_every(mut self, requests: usize) -> Self {
        self.throttle_every = Some(requests);
        self
    }

    /// Lies below a path of its server, such as `/cloud`, as behind a proxy; at its root unless said.
    #[must_use]
    pub fn prefix(mut self, path: &str) -> Self {
        self.prefix = match path.trim_matches('/') {
            "" => String::new(),
            path => format!("/{path}"),
        };
        self
    }

    /// Has these regions, which are all the same cloud; `RegionOne` unless said.
    #[must_use]
    pub fn regions(mut self, names: &[&str]) -> Self {
        self.regions = names.iter().map(ToString::to_string).collect();
        self
    }

    /// Leaves the services of a type, such as `network`, out of its catalogue.
    #[must_use]
    pub fn without_service(mut self, kind: &str) -> Self {
        self.without.push(kind.to_owned());
        self
    }

    /// Speaks TLS, with a certificate for its address and `localhost`, signed by a root that is made at start and written
    /// into a file of its owner's alone: [`Emulator::root_file`]. The settings and files for clients name it.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use cloudmesh_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder().tls().start().await?;
    /// assert!(emulator.url().starts_with("https://127.0.0.1:"));
    /// assert!(emulator.root_file().is_some_and(std::path::Path::is_file));
    /// # Ok::<(), cloudmesh_abstract::Error>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn tls(self) -> Self {
        self.certificate(Certificate::Good)
    }

    /// Speaks TLS with such a certificate, perhaps one that no client should trust.
    #[must_use]
    pub fn certificate(mut self, certificate: Certificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// Writes the root into this file, which then stays, instead of a temporary one.
    #[must_use]
    pub fn root_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.root_file = Some(file.into());
        self
    }

    /// Runs on another clock than the real one.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for an address that others could reach and for a quota of what is not
    /// known, [`ErrorKind::Unsupported`] for a kind that is not emulated, [`ErrorKind::Unavailable`] when it cannot
    /// listen there, [`ErrorKind::Config`] when the root cannot be written.
    pub async fn start(self) -> Result<Emulator> {
        if !self.address.is_loopback() {
            let told = format!("`{}` is no loopback address; the emulator listens on loopback only", self.address);
            return Err(Error::new(ErrorKind::InvalidInput, told));
        }
        let kind = Kind::named(&self.kind)?;
        let wanted = SocketAddr::new(self.address, self.port);
        let failed =
            |error| Error::new(ErrorKind::Unavailable, format!("cannot listen on {wanted}")).with_source(error);
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let trust = self.certificate.map(|certificate| Trust::new(certificate, self.address)).transpose()?;
        let root = trust.as_ref().map(|trust| Root::write(trust, self.root_file.as_deref())).transpose()?;
        let server = Arc::new(self.server(kind, address, trust));
        for (resource, limit) in &self.compute_quotas {
            server.world.set_compute_quota(resource, *limit)?;
        }
        for (resource, limit) in &self.network_quotas {
            server.world.set_network_quota(resource, *limit)?;
        }
        if let Some(requests) = self.throttle_every {
            let too_many = Disturbance::new(Trouble::Throttled { retry_after: None });
            server.disturbances.add(too_many.every(requests));
        }
        let running = tokio::spawn(serve(listener, Arc::clone(&server))).abort_handle();
        Ok(Emulator { server, root, running })
    }

    fn server(&self, kind: Kind, address: SocketAddr, trust: Option<Trust>) -> Server {
        let world = World::new(self.clock.clone(), self.pace).seen_as(kind);
        world.fill(self.nodes);
        world.fill_images(self.images);
        if let Some(nodes) = self.quota {
            world.set_quota(nodes);
        }
        world.set_consoles(self.consoles);
        world.set_volumes(self.volumes);
        world.look(|state| {
            if !self.regions.is_empty() {
                state.accounts.regions.clone_from(&self.regions);
            }
            state.accounts.without.clone_from(&self.without);
        });
        Server {
            prefix: self.prefix.clone(),
            faces: vec![Box::new(Aws), Box::new(OpenStack)],
            world,
            disturbances: Disturbances::default(),
            journal: Journal::default(),
            gate: Gate::default(),
            address,
            latency: self.latency,
            trust,
        }
    }
}
