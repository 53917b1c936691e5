//! The face of AWS: EC2 and STS in the Query form, signed by Signature Version 4.

mod access;
mod account;
mod actions;
mod addresses;
mod attributes;
mod call;
mod container;
mod fault;
mod filter;
mod form;
mod groups;
mod identities;
mod images;
mod instance_types;
mod instances;
mod interfaces;
mod keys;
mod land;
mod listing;
mod metadata;
mod page;
mod permissions;
mod purpose;
mod query;
mod regions;
mod rule_changes;
mod rules;
mod service;
mod signature;
mod sso;
mod sts;
mod subnets;
mod tagging;
mod tags;
#[cfg(test)]
mod trials;
mod type_shown;
mod volumes;
mod vpcs;
mod xml;

use std::time::Duration;

pub(crate) use self::account::{Account, REGION};
use self::fault::Fault;
pub(crate) use self::land::seed;
use self::service::Service;
use crate::World;
use crate::exchange::{Answer, Ask};
use crate::face::{Face, Purpose};

/// The AWS face.
#[derive(Debug)]
pub(crate) struct Aws;

impl Face for Aws {
    fn owns(&self, ask: &Ask) -> bool {
        ask.path == "/" || grants(&ask.path).is_some()
    }

    fn answer(&self, world: &World, ask: &Ask) -> Answer {
        match grants(&ask.path) {
            Some(grant) => world.aws(|account| grant(account, ask)),
            None => query::answer(world, ask),
        }
    }

    fn purpose(&self, ask: &Ask) -> Purpose {
        if grants(&ask.path).is_some() { purpose::SIGN_IN } else { purpose::purpose(ask) }
    }

    fn line(&self, ask: &Ask) -> String {
        if grants(&ask.path).is_some() { ask.line() } else { purpose::line(ask, &query::form(ask)) }
    }

    fn throttled(&self, ask: &Ask, retry_after: Option<Duration>) -> Answer {
        let service = query::service(ask, &query::form(ask));
        let fault = match service {
            Service::Ec2 => Fault::with_status(503, "RequestLimitExceeded", "Request limit exceeded."),
            Service::Sts => Fault::new("Throttling", "Rate exceeded"),
        };
        let answer = fault.answer(service, query::request_id(ask));
        match retry_after {
            Some(wait) => answer.with("retry-after", wait.as_secs().to_string()),
            None => answer,
        }
    }

    fn unavailable(&self, ask: &Ask) -> Answer {
        let service = query::service(ask, &query::form(ask));
        let (code, told) = match service {
            Service::Ec2 => ("Unavailable", "The service is unavailable. Please try again shortly."),
            Service::Sts => ("ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
        };
        Fault::with_status(503, code, told).answer(service, query::request_id(ask))
    }
}

/// What answers at a path where credentials are granted without a signature.
fn grants(path: &str) -> Option<fn(&mut Account, &Ask) -> Answer> {
    match path {
        container::PATH => Some(container::answer),
        sso::PATH => Some(sso::answer),
        path if path.starts_with("/latest/") => Some(metadata::answer),
        _ => None,
    }
}
