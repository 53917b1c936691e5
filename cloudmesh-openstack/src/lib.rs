//! Cloudmesh on OpenStack: Keystone v3, Nova, Glance v2 and Neutron.
//!
//! ```
//! use cloudmesh_abstract::{Connect, Context, NodeQuery, Settings};
//! use cloudmesh_openstack::OpenStack;
//!
//! # async fn show() -> cloudmesh_abstract::Result<()> {
//! let settings = Settings::default().with("cloud", "demo"); // a cloud of clouds.yaml
//! let cloud = OpenStack::connect(settings.parse()?, Context::builder("demo").build())?;
//! # use cloudmesh_abstract::ComputeNodeABC;
//! for node in cloud.list(&NodeQuery::new()).await? {
//!     println!("{} {}", node.label(), node.status);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Signing in
//!
//! With a password, an application credential or a token; for a project, a domain or the whole system; told in the
//! configuration, by `clouds.yaml` and `secure.yaml` where openstacksdk looks for them, or by the `OS_*` environment. The
//! [README](https://docs.rs/crate/cloudmesh-openstack/latest) lists the keys of [`Credentials`] and the differences.
//! A certificate that is not checked, as `insecure` says, is told through [`Context::warn`].
//!
//! # What comes from the `openstack` crate
//!
//! [`openstack`] and the session layer beneath it, `osauth`, give the types of the catalogue search
//! ([`EndpointFilters`](openstack::EndpointFilters), [`InterfaceType`](openstack::InterfaceType)), of who signs in
//! ([`IdOrName`](openstack::IdOrName)) and of the reboot. Our sign-in implements its
//! [`AuthType`](openstack::auth::AuthType), so that [`OpenStack::cloud`] gives an [`openstack::Cloud`] for whatever
//! the uniform model lacks, without a second sign-in.
//!
//! The requests of the uniform operations are sent by [`reqwest`] directly, through the
//! [`Context`]: the session would ask for versions behind its back, turn every failure
//! into a text without its cause, `Retry-After` and request id, and fail a whole listing for one status that it does
//! not know. So the records are our own and lenient.

mod account;
mod addresses;
mod catalog;
mod catalogue;
mod client;
mod clouds;
mod config;
mod connection;
mod console;
mod create;
mod groups;
mod http;
mod keys;
mod keystone;
mod leftovers;
mod map;
mod metadata;
mod microversion;
mod network;
mod node;
mod pages;
mod pools;
mod ports;
mod power;
mod public;
mod raw;
mod refusal;
mod rename;
mod resize;
mod rules;
mod soft;
mod suspend;
#[cfg(test)]
mod vectors;
mod volume;
mod wire;

use std::sync::Arc;

use cloudmesh_abstract::{Connect, Context, Error, ErrorKind, Result, Settings, SharedLook, register};

pub use crate::config::{Auth, Config, Credentials, Ignored};

use crate::client::Client;
use crate::clouds::Machine;
use crate::keystone::SignedIn;

/// One OpenStack, in one region and for one project.
#[derive(Debug)]
pub struct OpenStack {
    client: Client,
    /// The look at all addresses that those share who delete nodes.
    look: SharedLook<Arc<Vec<wire::FloatingIp>>>,
}

register!(OpenStack);

impl Connect for OpenStack {
    const KIND: &'static str = "openstack";
    const ABOUT: &'static str = "OpenStack";
    type Config = Config;

    /// Credentials that stand in the configuration are checked here; those in `clouds.yaml` or the environment are
    /// looked for by the first operation.
    fn connect(config: Config, context: Context) -> Result<Self> {
        if config.credentials.as_ref().is_some_and(Credentials::stand_alone) {
            clouds::account(&config, &Machine)?;
        }
        Ok(Self { client: Client::new(config, Box::new(Machine), context), look: SharedLook::default() })
    }

    fn example() -> Settings {
        Settings::default()
            .with("credentials.auth.auth_url", "https://cloud.example.org:5000/v3")
            .with("credentials.auth.username", "albert")
            .with("credentials.auth.password", "${OS_PASSWORD}")
            .with("credentials.auth.project_name", "lab")
            .with("credentials.auth.user_domain_name", "Default")
            .with("credentials.auth.project_domain_name", "Default")
            .with("credentials.region_name", "RegionOne")
    }
}

impl OpenStack {
    /// The same cloud as the `openstack` crate sees it, signed in as we are.
    ///
    /// Only the sign-in is shared: its other requests are not repeated, limited or traced.
    ///
    /// # Errors
    ///
    /// Those of the sign-in; [`ErrorKind::Unsupported`] in a [rehearsal](cloudmesh_abstract::Rehearsal), which could not
    /// hold its changes back.
    pub async fn cloud(&self) -> Result<openstack::Cloud> {
        if self.client.context().rehearsal().is_some() {
            let message = "a rehearsal cannot hold back what `openstack::Cloud` sends; ask for it outside of a dry run";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let keystone = self.client.keystone().await?;
        keystone.pass().await?;
        let signed_in = SignedIn(Arc::clone(keystone));
        let session = openstack::session::Session::new_with_client(keystone.client.clone(), signed_in).await;
        let session =
            session.map_err(|error| Error::new(ErrorKind::Unexpected, "no session could be had").with_source(error))?;
        Ok(session.with_endpoint_filters(keystone.account.filters.clone()).into())
    }
}
