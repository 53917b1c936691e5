//! Making an instance: one `RunInstances`, which is the same however often it is sent with its token.

use aws_sdk_ec2::types::{BlockDeviceMapping, Instance};
use cloudmesh_abstract::{Effect, Error, ErrorKind, Node, NodeSpec, NodeState, Result};

use crate::disk::{Root, is_ordered, mapping};
use crate::filter::exactly;
use crate::flavors::chosen_flavor;
use crate::images::chosen_image;
use crate::network::is_id;
use crate::node::instances;
use crate::order::{Parts, order};
use crate::power::advised;
use crate::{Aws, check, map};

impl Aws {
    /// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html>.
    pub(crate) async fn run_instance(&self, spec: &NodeSpec) -> Result<Node> {
        check::spec(spec)?;
        let parts = Box::pin(self.parts(spec)).await.map_err(|error| explained(error, spec))?;
        let (line, order) = (format!("RunInstances {}", spec.name), order(spec, parts));
        let ask = |ec2: aws_sdk_ec2::Client| {
            let order = order.clone();
            async move { order.send_with(&ec2).await }
        };
        match self.client.send(Effect::Idempotent, &line, ask).await {
            Ok(answer) => self.made(answer.instances.unwrap_or_default(), spec).await,
            Err(error) if error.code() == Some("IdempotentParameterMismatch") => self.made_before(spec, error).await,
            Err(error) => Err(explained(error, spec)),
        }
    }

    /// What must be looked up for the order. An image by its id needs no look, unless its boot disk is to be another.
    async fn parts(&self, spec: &NodeSpec) -> Result<Parts> {
        let known = is_id("ami-", &spec.image) && !is_ordered(spec);
        let image = async { if known { Ok(None) } else { Box::pin(self.image_for(spec)).await.map(Some) } };
        let (image, plug) = futures::try_join!(image, self.plug(spec))?;
        let (image, disk) = image.unwrap_or_else(|| (spec.image.clone(), None));
        Ok(Parts { image, disk, plug, imds: self.client.imds() })
    }

    /// The image, and the boot disk where it is to be another.
    async fn image_for(&self, spec: &NodeSpec) -> Result<(String, Option<BlockDeviceMapping>)> {
        let flavor = chosen_flavor(&self.client, &spec.flavor).await?;
        let image = Box::pin(chosen_image(&self.client, &spec.image, &flavor)).await?;
        if !is_ordered(spec) {
            return Ok((image.id, None));
        }
        if spec.hibernate && !flavor.hibernates {
            let message = format!("nodes of flavor `{}` cannot be suspended on AWS", spec.flavor);
            let message = format!("{message}; choose another flavor, or leave out `hibernate`");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let root = Root { device: image.root_device.unwrap_or_default(), gb: image.root_gb };
        Ok((image.id, Some(mapping(spec, &root, flavor.memory_mb)?)))
    }

    /// The node of an answer.
    async fn made(&self, instances: Vec<Instance>, spec: &NodeSpec) -> Result<Node> {
        let region = self.client.region().await?;
        let made = instances.into_iter().next().filter(|instance| instance.instance_id().is_some());
        let lost =
            || Error::new(ErrorKind::Unexpected, "AWS answered `RunInstances` without an instance; list the nodes");
        let node = map::node::node(made.ok_or_else(lost)?, region);
        if node.status == NodeState::Deleted { Err(ended(&node, spec)) } else { Ok(node) }
    }

    /// The node that an earlier order with the same token made, which AWS finds different from this one. What a name of
    /// an image means may have changed since.
    async fn made_before(&self, spec: &NodeSpec, refused: Error) -> Result<Node> {
        let filter = exactly("client-token", [spec.token.as_str()]);
        let ask = |ec2: aws_sdk_ec2::Client| ec2.describe_instances().filters(filter.clone()).send();
        let answer = self.client.send(Effect::Read, "DescribeInstances", ask).await?;
        let node =
            self.made(instances(answer.reservations).collect(), spec).await.map_err(|_| mismatch(None, &refused))?;
        if is_the_same(&node, spec) { Ok(node) } else { Err(mismatch(Some(&node), &refused)) }
    }
}

/// Whether a node is the one that is asked for, as far as nobody may have changed it since.
fn is_the_same(node: &Node, spec: &NodeSpec) -> bool {
    let named = node.marks().is_some_and(|marks| marks.name == spec.name);
    named && node.flavor.as_deref() == Some(spec.flavor.as_str())
}

fn mismatch(made: Option<&Node>, refused: &Error) -> Error {
    let before = made.map_or_else(String::new, |node| {
        let (label, id, flavor) = (node.label(), &node.id, node.flavor.as_deref().unwrap_or("unknown"));
        format!(" for node `{label}` ({id}) of flavor `{flavor}`")
    });
    let message = format!("the token was used before{before}, with other wishes; ask for the same, or use a new token");
    refused.clone().with_kind(ErrorKind::InvalidInput).with_message(message)
}

/// The node of this token is gone by now.
fn ended(node: &Node, spec: &NodeSpec) -> Error {
    let why = node.fault.as_ref().map_or_else(String::new, |fault| format!(": {}", fault.message));
    let message =
        format!("`{}` was made as `{}` with this token, and has ended{why}; use a new token", spec.name, node.id);
    let kind = node.fault.as_ref().and_then(|fault| fault.kind).unwrap_or(ErrorKind::Conflict);
    let code = node.fault.as_ref().and_then(|fault| fault.code.clone());
    code.into_iter().fold(Error::new(kind, message), Error::with_code)
}

/// The refusal of a create, with what to do. A part that does not exist is a wrong value here.
fn explained(refused: Error, spec: &NodeSpec) -> Error {
    let refused =
        if refused.kind() == ErrorKind::NotFound { refused.with_kind(ErrorKind::InvalidInput) } else { refused };
    match refused.code().unwrap_or_default() {
        "InsufficientInstanceCapacity" | "InsufficientHostCapacity" | "InsufficientCapacity" if spec.spot => {
            let message = format!("{}, or leave out `--spot`", refused.message());
            refused.with_message(message)
        }
        "InvalidGroup.NotFound" => {
            let advice = "a group serves the network (VPC) that it was made in; name one of this network";
            advised(refused, advice)
        }
        "Unsupported" | "UnsupportedOperation" | "UnsupportedHibernationConfiguration" => {
            advised(refused.with_kind(ErrorKind::InvalidInput), "choose another flavor, zone or image")
        }
        _ => refused,
    }
}

#[cfg(test)]
mod tests {
    use super::{ended, explained, is_the_same, mismatch};
    use cloudmesh_abstract::{Error, ErrorKind, Fault, Node, NodeSpec, NodeState};

    fn spec() -> NodeSpec {
        NodeSpec::new("web-1", "ubuntu-24.04", "t3.micro")
    }

    fn refusal(kind: ErrorKind, code: &str) -> Error {
        Error::new(kind, "no").with_code(code)
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        use ErrorKind::{InvalidInput, NotFound, QuotaExceeded, Unsupported};
        let table = [
            (NotFound, "InvalidKeyPair.NotFound", false, InvalidInput, "no"),
            (NotFound, "InvalidGroup.NotFound", false, InvalidInput, "name one of this network"),
            (QuotaExceeded, "InsufficientInstanceCapacity", false, QuotaExceeded, "no"),
            (QuotaExceeded, "InsufficientInstanceCapacity", true, QuotaExceeded, "no, or leave out `--spot`"),
            (QuotaExceeded, "SpotMaxPriceTooLow", true, QuotaExceeded, "no"),
            (Unsupported, "Unsupported", false, InvalidInput, "choose another flavor, zone or image"),
        ];
        for (kind, code, spot, expected, advice) in table {
            let error = explained(refusal(kind, code), &spec().with_spot(spot));
            assert_eq!((error.kind(), error.code()), (expected, Some(code)));
            assert!(error.message().ends_with(advice), "{error} does not say `{advice}`");
        }
    }

    #[test]
    fn a_token_that_made_something_else_is_told_with_what_it_made() {
        let mut node = Node::new("i-7", "web-1", NodeState::Running);
        (node.flavor, node.metadata) = (Some("t3.micro".into()), spec().tags());
        assert!(is_the_same(&node, &spec()));
        node.flavor = Some("t3.large".into());
        assert!(!is_the_same(&node, &spec()));
        let error = mismatch(Some(&node), &refusal(ErrorKind::Unexpected, "IdempotentParameterMismatch"));
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, Some("IdempotentParameterMismatch")));
        let wanted = "the token was used before for node `web-1` (i-7) of flavor `t3.large`, with other wishes; ask for \
                      the same, or use a new token";
        assert_eq!(error.message(), wanted);
    }

    #[test]
    fn a_node_that_has_ended_says_why() {
        let mut node = Node::new("i-7", "web-1", NodeState::Deleted);
        assert_eq!(ended(&node, &spec()).kind(), ErrorKind::Conflict);
        node.fault = Some(Fault::new("no room").with_code("Server.X").with_kind(ErrorKind::QuotaExceeded));
        let error = ended(&node, &spec());
        assert_eq!((error.kind(), error.code()), (ErrorKind::QuotaExceeded, Some("Server.X")));
        assert_eq!(
            error.message(),
            "`web-1` was made as `i-7` with this token, and has ended: no room; use a new token"
        );
    }
}
