//! Neutron's errors.

use serde_json::json;

use crate::exchange::Answer;

/// An error of Neutron.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    status: u16,
    kind: &'static str,
    message: String,
}

impl Fault {
    pub(super) fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into() }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "HTTPBadRequest", message)
    }

    /// What a converter says.
    pub(super) fn input(message: impl std::fmt::Display) -> Self {
        Self::new(400, "InvalidInput", format!("Invalid input for operation: {message}."))
    }

    /// What a service says about a request for one of its resources.
    pub(super) fn request(resource: &str, message: impl std::fmt::Display) -> Self {
        Self::new(400, "BadRequest", format!("Bad {resource} request: {message}."))
    }

    /// What policy forbids.
    pub(super) fn policy(rule: &str) -> Self {
        Self::new(403, "PolicyNotAuthorized", format!("{rule} is disallowed by policy"))
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "HTTPNotFound", "The resource could not be found.")
    }

    pub(super) fn method() -> Self {
        let told = "The server could not comply with the request since it is either malformed or otherwise incorrect.";
        Self::new(405, "HTTPMethodNotAllowed", told)
    }

    pub(super) fn answer(self) -> Answer {
        let error = json!({"type": self.kind, "message": self.message, "detail": ""});
        Answer::json(self.status, &json!({"NeutronError": error}))
    }
}

pub(super) fn no_network(id: &str) -> Fault {
    Fault::new(404, "NetworkNotFound", format!("Network {id} could not be found."))
}

pub(super) fn no_subnet(id: &str) -> Fault {
    Fault::new(404, "SubnetNotFound", format!("Subnet {id} could not be found."))
}

pub(super) fn no_port(id: &str) -> Fault {
    Fault::new(404, "PortNotFound", format!("Port {id} could not be found."))
}

pub(super) fn no_router(id: &str) -> Fault {
    Fault::new(404, "RouterNotFound", format!("Router {id} could not be found"))
}

pub(super) fn no_floating_ip(id: &str) -> Fault {
    Fault::new(404, "FloatingIPNotFound", format!("Floating IP {id} could not be found"))
}

pub(super) fn no_group(id: &str) -> Fault {
    Fault::new(404, "SecurityGroupNotFound", format!("Security group {id} does not exist"))
}

pub(super) fn no_rule(id: &str) -> Fault {
    Fault::new(404, "SecurityGroupRuleNotFound", format!("Security group rule {id} does not exist"))
}

pub(super) fn no_address(network: &str) -> Fault {
    let told = format!("No more IP addresses available on network {network}.");
    Fault::new(409, "IpAddressGenerationFailure", told)
}
