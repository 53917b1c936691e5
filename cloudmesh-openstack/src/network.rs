//! Networks by name.

use cloudmesh_abstract::Result;
use futures::future::try_join_all;

use crate::OpenStack;
use crate::catalog::Service;
use crate::catalogue::{as_input, is_uuid, one};
use crate::client::Ask;
use crate::wire;

impl OpenStack {
    /// The ids of the networks that are named, in their order.
    pub(crate) async fn network_ids(&self, names: &[String]) -> Result<Vec<String>> {
        try_join_all(names.iter().map(|name| self.network_id(name))).await
    }

    /// An id is not looked up: the create refuses one that is unknown.
    async fn network_id(&self, name: &str) -> Result<String> {
        if is_uuid(name) {
            return Ok(name.to_owned());
        }
        let look_up = || self.one_network(name);
        self.client.context().look_up_once(&format!("network {name}"), look_up).await
    }

    /// <https://docs.openstack.org/api-ref/network/v2/index.html#list-networks>.
    async fn one_network(&self, name: &str) -> Result<String> {
        let ask =
            Ask::get(Service::Network, &["networks"]).with("name", name).with("fields", "id").with("fields", "name");
        let convert = |network: wire::Network, _| (network.name == name).then_some(network);
        let found = self.client.list(&ask, false, convert).await?;
        one("network", name, found, |network| &network.id).map(|network| network.id).map_err(as_input)
    }
}
