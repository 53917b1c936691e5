//! A raw call, taken apart and written as a form.

use cloudmesh_abstract::{Error, ErrorKind, RawCall, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

/// What stays as it is in a form (RFC 3986).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Ec2,
    Sts,
}

impl Service {
    fn named(name: &str) -> Result<Self> {
        match name.trim_matches('/') {
            "" | "ec2" => Ok(Self::Ec2),
            "sts" => Ok(Self::Sts),
            other => {
                let message =
                    format!("`{other}` is no service that is asked here; write `Action=…` for EC2 or `sts?Action=…`");
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
        }
    }

    /// The version of its interface that is asked for unless another one is named.
    fn version(self) -> &'static str {
        match self {
            Self::Ec2 => "2016-11-15",
            Self::Sts => "2011-06-15",
        }
    }
}

/// A raw call, taken apart.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) service: Service,
    pub(super) is_get: bool,
    pub(super) action: String,
    parameters: Vec<(String, String)>,
}

impl Order {
    pub(super) fn read(call: &RawCall) -> Result<Self> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidInput, message));
        let is_get = match call.method.to_ascii_uppercase().as_str() {
            "GET" => true,
            "POST" => false,
            _ => return refuse(format!("`{}` is no method that AWS takes; use GET or POST", call.method)),
        };
        let (service, query) = match call.path.split_once('?') {
            Some(parts) => parts,
            None if call.path.contains('=') => ("", call.path.trim_start_matches('/')),
            None => (call.path.as_str(), ""),
        };
        let service = Service::named(service)?;
        let mut parameters: Vec<(String, String)> =
            query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
        match &call.data {
            None | Some(Value::Null) => {}
            Some(Value::Object(fields)) => flatten_all(fields, "", &mut parameters),
            Some(_) => {
                return refuse(
                    "the parameters must be a JSON object such as `{\"Action\": \"DescribeRegions\"}`".to_owned(),
                );
            }
        }
        let actions: Vec<&String> =
            parameters.iter().filter(|(name, _)| name == "Action").map(|(_, value)| value).collect();
        let action = match actions.as_slice() {
            [action] if !action.is_empty() => (*action).clone(),
            [] | [_] => return refuse("no action is named; write `Action=DescribeRegions`".to_owned()),
            _ => return refuse("several actions are named; name one of them".to_owned()),
        };
        if !parameters.iter().any(|(name, _)| name == "Version") {
            parameters.push(("Version".to_owned(), service.version().to_owned()));
        }
        Ok(Self { service, is_get, action, parameters })
    }

    /// The parameters as a form.
    pub(super) fn form(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, PLAIN).to_string();
        let pairs = self.parameters.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

fn pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    (decode(name), decode(value))
}

/// Numbers the items of lists from 1 and joins the names of groups by dots, as the Query form has it.
fn flatten(value: &Value, name: &str, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => flatten_all(fields, &format!("{name}."), into),
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                flatten(item, &format!("{name}.{}", number + 1), into);
            }
        }
        Value::Null => {}
        Value::String(text) => into.push((name.to_owned(), text.clone())),
        other => into.push((name.to_owned(), other.to_string())),
    }
}

fn flatten_all(fields: &Map<String, Value>, before: &str, into: &mut Vec<(String, String)>) {
    for (name, value) in fields {
        flatten(value, &format!("{before}{name}"), into);
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, Service};
    use cloudmesh_abstract::{ErrorKind, RawCall};
    use serde_json::json;

    #[test]
    fn a_call_is_written_as_a_form() {
        let table = [
            ("GET", "Action=DescribeRegions", None, Service::Ec2, "Action=DescribeRegions&Version=2016-11-15"),
            (
                "get",
                "/?Action=DescribeRegions&Version=2015-10-01",
                None,
                Service::Ec2,
                "Action=DescribeRegions&Version=2015-10-01",
            ),
            ("POST", "sts?Action=GetCallerIdentity", None, Service::Sts, "Action=GetCallerIdentity&Version=2011-06-15"),
            (
                "POST",
                "?Action=CreateTags&ResourceId.1=i-1",
                Some(json!({"Tag": [{"Key": "a b", "Value": "ü&="}]})),
                Service::Ec2,
                "Action=CreateTags&ResourceId.1=i-1&Tag.1.Key=a%20b&Tag.1.Value=%C3%BC%26%3D&Version=2016-11-15",
            ),
            (
                "POST",
                "",
                Some(
                    json!({"Action": "DescribeInstances", "DryRun": true, "MaxResults": 5, "Filter": [{"Name": "x", "Value": ["y", "z"]}], "NextToken": null}),
                ),
                Service::Ec2,
                "Action=DescribeInstances&DryRun=true&MaxResults=5&Filter.1.Name=x&Filter.1.Value.1=y&Filter.1.Value.2=z&Version=2016-11-15",
            ),
            (
                "GET",
                "Action=DescribeTags&Filter.1.Value.1=a+b%2Bc",
                None,
                Service::Ec2,
                "Action=DescribeTags&Filter.1.Value.1=a%20b%2Bc&Version=2016-11-15",
            ),
        ];
        for (method, path, data, service, form) in table {
            let call = RawCall::new(method, path);
            let call = if let Some(data) = data { call.with_data(data) } else { call };
            let order = Order::read(&call).unwrap();
            assert_eq!((order.service, order.form().as_str()), (service, form), "{path}");
        }
    }

    #[test]
    fn what_is_no_call_is_refused() {
        let table = [
            RawCall::new("DELETE", "Action=DescribeRegions"),
            RawCall::new("GET", ""),
            RawCall::new("GET", "Action="),
            RawCall::new("GET", "s3?Action=ListBuckets"),
            RawCall::new("GET", "Action=DescribeRegions&Action=TerminateInstances"),
            RawCall::new("POST", "Action=DescribeRegions").with_data(json!({"Action": "TerminateInstances"})),
            RawCall::new("POST", "Action=DescribeRegions").with_data(json!(["a"])),
        ];
        for call in table {
            assert_eq!(Order::read(&call).unwrap_err().kind(), ErrorKind::InvalidInput, "{call:?}");
        }
    }
}
