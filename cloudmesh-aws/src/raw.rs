//! Raw calls: `Action=…` with its parameters, as EC2 and STS document them.

mod carrier;
mod query;

use async_trait::async_trait;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use cloudmesh_abstract::{Effect, Raw, RawCall, Result, Wire};
use serde_json::{Value, json};

use self::carrier::Carrier;
use self::query::{Order, Service};
use crate::client::Letter;
use crate::{Aws, shown, xml};

#[async_trait]
impl Raw for Aws {
    /// `GET 'Action=DescribeRegions'`, `POST 'Action=…'`, and `sts?Action=…` for STS. The body, a JSON object, is written
    /// into numbered parameters: `{"Filter": [{"Name": "x", "Value": ["y"]}]}` is `Filter.1.Name=x&Filter.1.Value.1=y`.
    /// The answer is JSON made from the XML: lists are lists, all else is text.
    async fn raw(&self, call: &RawCall) -> Result<Value> {
        let order = Order::read(call)?;
        let effect = if call.is_read() { Effect::Read } else { Effect::Once };
        let said = || shown::value(&order.form());
        let wire = Wire::new(&order.action).with_body(&said);
        let account = self.client.account().await?;
        let text = match order.service {
            Service::Ec2 => {
                let letter = Letter { effect, wire, endpoint: &account.endpoint };
                Box::pin(self.client.signed(account, letter, || through_ec2(&account.ec2, &order))).await
            }
            Service::Sts => {
                let endpoint = account.sts_endpoint();
                let letter = Letter { effect, wire, endpoint: &endpoint };
                Box::pin(self.client.signed(account, letter, || through_sts(account.sts(), &order))).await
            }
        };
        match text {
            Err(tried) if tried.code() == Some("DryRunOperation") => Ok(json!({ "dryRun": tried.message() })),
            text => xml::value(text?.as_bytes()),
        }
    }
}

/// Sends an order to EC2: the SDK signs it in place of a request of its own.
async fn through_ec2(
    client: &aws_sdk_ec2::Client,
    order: &Order,
) -> Result<String, SdkError<impl ProvideErrorMetadata + std::error::Error + use<>>> {
    let carrier = Carrier::new(order);
    let sent = client.describe_regions().customize().interceptor(carrier.clone()).send().await;
    carrier.answer(sent)
}

/// The same for STS.
async fn through_sts(
    client: &aws_sdk_sts::Client,
    order: &Order,
) -> Result<String, SdkError<impl ProvideErrorMetadata + std::error::Error + use<>>> {
    let carrier = Carrier::new(order);
    let sent = client.get_caller_identity().customize().interceptor(carrier.clone()).send().await;
    carrier.answer(sent)
}
