//! External networks: where floating IPs come from.

use cloudmesh_abstract::{Error, ErrorKind, Result};

use crate::OpenStack;
use crate::catalog::Service;
use crate::catalogue::{as_input, one};
use crate::client::Ask;
use crate::wire;

impl OpenStack {
    /// The external networks, asked for once a minute.
    pub(crate) async fn pools(&self) -> Result<Vec<wire::Network>> {
        let look_up = || async {
            let ask = Ask::get(Service::Network, &["networks"]).with("router:external", "True");
            let fields = ["id", "name", "is_default", "router:external"];
            let ask = fields.iter().fold(ask, |ask, field| ask.with("fields", *field));
            self.client.list(&ask, false, |network: wire::Network, _| network.external.then_some(network)).await
        };
        self.client.context().look_up_once("external networks", look_up).await
    }

    /// The external network of this name or id; without one, the only one there is, or the only one that our routers
    /// lead to, or the cloud's default one.
    pub(crate) async fn pool(&self, which: Option<&str>) -> Result<wire::Network> {
        let pools = self.pools().await?;
        if let Some(which) = which {
            return named(which, pools);
        }
        if let [] | [_] = pools.as_slice() {
            return pools.into_iter().next().ok_or_else(none);
        }
        let led_to = self.gateways().await?;
        let of_router = only(&pools, |pool| led_to.contains(&pool.id));
        let chosen = of_router.or_else(|| only(&pools, |pool| pool.is_default));
        chosen.ok_or_else(|| {
            let message = format!("this cloud has several external networks; name one of {}", names(&pools));
            Error::new(ErrorKind::Ambiguous, message)
        })
    }

    /// The external networks that our routers lead to.
    async fn gateways(&self) -> Result<Vec<String>> {
        let ask = Ask::get(Service::Network, &["routers"]);
        let ask = ["id", "external_gateway_info"].iter().fold(ask, |ask, field| ask.with("fields", *field));
        let gateway = |router: wire::Router, _| router.external_gateway_info.map(|gateway| gateway.network_id);
        self.client.list(&ask, false, gateway).await
    }
}

fn named(which: &str, pools: Vec<wire::Network>) -> Result<wire::Network> {
    if let Some(by_id) = pools.iter().find(|pool| pool.id == which) {
        return Ok(by_id.clone());
    }
    if !pools.iter().any(|pool| pool.name == which) {
        let message = match pools.as_slice() {
            [] => return Err(none()),
            some => format!("there is no external network `{which}`; there is {}", names(some)),
        };
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    let by_name = pools.into_iter().filter(|pool| pool.name == which).collect();
    one("external network", which, by_name, |pool| &pool.id).map_err(as_input)
}

fn only(pools: &[wire::Network], fits: impl Fn(&wire::Network) -> bool) -> Option<wire::Network> {
    let mut fitting = pools.iter().filter(|pool| fits(pool));
    fitting.next().filter(|_| fitting.next().is_none()).cloned()
}

fn names(pools: &[wire::Network]) -> String {
    let mut names: Vec<String> = pools.iter().map(|pool| format!("`{}`", pool.name)).collect();
    names.sort();
    names.join(", ")
}

fn none() -> Error {
    let message = "this cloud has no external network for us, so there are no floating IPs; ask its operator for one, or \
        use a network whose addresses are public";
    Error::new(ErrorKind::Unsupported, message)
}
