//! What a change would say, for a rehearsal: the SDK puts the request together as it would send it, and sends it to
//! nobody. So what is shown is what would be sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_sdk_ec2::Client;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Takes a request in and answers nothing.
#[derive(Debug, Clone, Default)]
struct Reader(Arc<Mutex<String>>);

impl HttpConnector for Reader {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body.into_owned();
        HttpConnectorFuture::ready(Err(ConnectorError::user("it is only shown".into())))
    }
}

/// The parameters of a request to EC2.
pub(crate) async fn parameters<T, F, Fut>(ec2: &Client, request: F) -> Value
where
    F: Fn(Client) -> Fut + Send + Sync,
    Fut: Future<Output = T> + Send,
{
    let reader = Reader::default();
    let connector = SharedHttpConnector::new(reader.clone());
    let config = ec2.config().to_builder().http_client(http_client_fn(move |_, _| connector.clone()));
    // Nobody checks the signature.
    let config = config.credentials_provider(Credentials::new("nobody", "nothing", None, None, "shown"));
    _ = request(Client::from_conf(config.build())).await;
    let form = reader.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    value(&form)
}

/// A form as a value: `Tag.1.Key=a` is a list of tags. What only says how it is said is left out.
pub(crate) fn value(form: &str) -> Value {
    let mut root = Branch::default();
    for pair in form.split('&') {
        let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
        if !matches!(name, "" | "Action" | "Version") {
            root.put(name.split('.'), &decoded(text));
        }
    }
    root.into_value()
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// A part of the parameters: a text, or what stands below it.
#[derive(Debug, Default)]
struct Branch {
    text: Option<String>,
    below: BTreeMap<Step, Branch>,
}

/// A step on the way to a parameter. Numbers sort as numbers.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Place(u32),
    Name(String),
}

impl Branch {
    fn put<'a>(&mut self, mut path: impl Iterator<Item = &'a str>, text: &str) {
        let Some(step) = path.next() else {
            self.text = Some(text.to_owned());
            return;
        };
        let step = step.parse().map_or_else(|_| Step::Name(step.to_owned()), Step::Place);
        self.below.entry(step).or_default().put(path, text);
    }

    fn into_value(self) -> Value {
        if let Some(text) = self.text {
            return Value::String(text);
        }
        if self.below.keys().all(|step| matches!(step, Step::Place(_))) && !self.below.is_empty() {
            return self.below.into_values().map(Self::into_value).collect();
        }
        let name = |step| match step {
            Step::Name(name) => name,
            Step::Place(number) => number.to_string(),
        };
        let fields = self.below.into_iter().map(|(step, branch)| (name(step), branch.into_value()));
        Value::Object(fields.collect::<Map<String, Value>>())
    }
}

#[cfg(test)]
mod tests {
    use super::value;
    use serde_json::json;

    #[test]
    fn a_form_is_shown_as_what_it_says() {
        let form = "Action=RunInstances&Version=2016-11-15&ImageId=ami-1&MinCount=1&TagSpecification.1.ResourceType=\
                    instance&TagSpecification.1.Tag.2.Key=b&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.\
                    Value=x%20y%2B1&Placement.AvailabilityZone=eu-west-1a";
        let wanted = json!({
            "ImageId": "ami-1", "MinCount": "1", "Placement": { "AvailabilityZone": "eu-west-1a" },
            "TagSpecification": [{ "ResourceType": "instance", "Tag": [{ "Key": "a", "Value": "x y+1" }, { "Key": "b" }] }],
        });
        assert_eq!(value(form), wanted);
        assert_eq!(value(""), json!({}));
    }

    #[test]
    fn places_are_in_their_order() {
        let form: Vec<String> = (1..=12).rev().map(|place| format!("InstanceId.{place}=i-{place}")).collect();
        let shown = value(&form.join("&"));
        assert_eq!((&shown["InstanceId"][1], &shown["InstanceId"][11]), (&json!("i-2"), &json!("i-12")));
    }
}
