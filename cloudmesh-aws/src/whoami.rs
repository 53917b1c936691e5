//! Who AWS takes us for.

use cloudmesh_abstract::{Effect, Identity, Result, Wire};

use crate::Aws;
use crate::client::Letter;

impl Aws {
    /// Asks STS, which answers whatever a policy allows:
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>.
    pub(crate) async fn identity(&self) -> Result<Identity> {
        let account = self.client.account().await?;
        let endpoint = account.sts_endpoint();
        let letter = Letter { effect: Effect::Read, wire: Wire::new("GetCallerIdentity"), endpoint: &endpoint };
        let ask = || account.sts().get_caller_identity().send();
        let answer = Box::pin(self.client.signed(account, letter, ask)).await?;
        let source = self.client.grant().await?.value.source.clone();
        let identity = Identity::new(answer.arn.unwrap_or_default(), answer.account.unwrap_or_default());
        let identity = identity.with_region(&account.region).with_endpoint(&account.endpoint);
        Ok(identity.with_source(source))
    }
}
