//! The Query form of EC2 and STS: who asks for which action, and the answer in the service's wrapping.

use std::time::Duration;

use http::Method;
use jiff::Timestamp;

use super::access::Caller;
use super::account::Account;
use super::actions::action;
use super::call::{Call, Reply};
use super::fault::Fault;
use super::form::Form;
use super::service::Service;
use super::signature::{Signature, Trouble};
use crate::World;
use crate::exchange::{Answer, Ask};

/// How far a client's clock may be from ours.
const SKEW: Duration = Duration::from_mins(15);

/// Actions that need no signature, since a token says who asks.
const UNSIGNED: [&str; 2] = ["AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"];

/// The parameters, wherever they are.
pub(super) fn form(ask: &Ask) -> Form {
    if ask.method == Method::POST { Form::parse(&ask.body) } else { Form::parse(ask.query.as_bytes()) }
}

/// The service that is asked: the signature's, or else that whose version is named.
pub(super) fn service(ask: &Ask, form: &Form) -> Service {
    let signed = Signature::read(ask).ok().and_then(|signature| Service::named(&signature.service));
    let version = form.params().text("Version");
    signed.unwrap_or(if version == Some(Service::Sts.version()) { Service::Sts } else { Service::Ec2 })
}

/// Answers a request.
pub(super) fn answer(world: &World, ask: &Ask) -> Answer {
    let form = form(ask);
    let (service, id) = (service(ask, &form), request_id(ask));
    let name = form.params().text("Action").unwrap_or_default();
    match world.aws(|account| reply(account, ask, &form, service)) {
        Ok(xml) => service.wrap(name, &xml, id),
        Err(fault) => fault.answer(service, id),
    }
}

/// The number of a request, without what tells it from those of other clouds.
pub(super) fn request_id(ask: &Ask) -> &str {
    ask.id.strip_prefix("req-").unwrap_or(&ask.id)
}

fn reply(account: &mut Account, ask: &Ask, form: &Form, service: Service) -> Reply {
    let params = form.params();
    let name = params.text("Action").ok_or_else(|| Fault::new("MissingAction", "The request is missing an action"))?;
    let (who, region) = if service == Service::Sts && UNSIGNED.contains(&name) && ask.header("authorization").is_none()
    {
        (None, super::account::REGION.to_owned())
    } else {
        let signature = Signature::read(ask).map_err(|trouble| unsigned(service, trouble))?;
        (Some(caller(account, ask, service, &signature)?), signature.region)
    };
    let action = action(service, name).filter(|_| params.text("Version") == Some(service.version()));
    let action = action.ok_or_else(|| unknown(service, name))?;
    let rehearsed = service == Service::Ec2 && params.flag("DryRun")?.unwrap_or(false);
    let run = |account: &mut Account| (action.run)(&mut Call::new(ask, form, who, &region, account));
    if rehearsed {
        return account.rehearse(&region, run).and(Err(Fault::dry_run()));
    }
    run(account)
}

fn unknown(service: Service, name: &str) -> Fault {
    let told = match service {
        Service::Ec2 => format!("The action {name} is not valid for this web service."),
        Service::Sts => format!("Could not find operation {name} for version {}", service.version()),
    };
    Fault::new("InvalidAction", told)
}

fn unsigned(service: Service, trouble: Trouble) -> Fault {
    match (service, trouble) {
        (Service::Ec2, Trouble::Missing) => Fault::missing("AWSAccessKeyId"),
        (Service::Sts, Trouble::Missing) => {
            Fault::with_status(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
        }
        (_, Trouble::Incomplete) => {
            let told = "The request signature does not conform to AWS standards.";
            Fault::new("IncompleteSignature", told)
        }
    }
}

/// Who has signed the request, if the signature is right.
fn caller(account: &Account, ask: &Ask, service: Service, signature: &Signature) -> Result<Caller, Fault> {
    let (stamp, time) = Signature::time(ask).ok_or_else(|| unsigned(service, Trouble::Incomplete))?;
    let key = account.access.key(&signature.key).ok_or_else(|| stranger(service))?;
    let token = ask.header("x-amz-security-token");
    let shown = key.session.as_ref().map(|session| &session.token);
    let token_fits = match shown {
        Some(secret) => token.is_some_and(|token| crate::world::account::same(secret, token)),
        None => token.is_none(),
    };
    if !token_fits {
        return Err(stranger(service));
    }
    in_time(account.now, service, &stamp, time)?;
    let service_fits = Service::named(&signature.service) == Some(service);
    let scoped = service_fits && Account::has_region(&signature.region) && stamp.starts_with(&signature.day);
    if !scoped || !signature.covers_enough(ask) || !signature.is_right(ask, &stamp, &key.secret) {
        return Err(forged(service));
    }
    match &key.session {
        Some(session) if session.expires <= account.now => Err(expired(service)),
        _ => Ok(key.who.clone()),
    }
}

fn in_time(now: Timestamp, service: Service, stamp: &str, time: Timestamp) -> Result<(), Fault> {
    if now.duration_since(time).unsigned_abs() <= SKEW {
        return Ok(());
    }
    if service == Service::Ec2 {
        return Err(Fault::new("RequestExpired", "Request has expired."));
    }
    let shown = |time: Timestamp| time.strftime("%Y%m%dT%H%M%SZ").to_string();
    let told = if time < now {
        let least = shown(now.checked_sub(SKEW).unwrap_or(now));
        format!("Signature expired: {stamp} is now earlier than {least} ({} - 15 min.)", shown(now))
    } else {
        let most = shown(now.checked_add(SKEW).unwrap_or(now));
        format!("Signature not yet current: {stamp} is still later than {most} ({} + 15 min.)", shown(now))
    };
    Err(Fault::with_status(403, "SignatureDoesNotMatch", told))
}

/// The access key or the session's token is not known.
fn stranger(service: Service) -> Fault {
    match service {
        Service::Ec2 => not_validated(),
        Service::Sts => {
            let told = "The security token included in the request is invalid.";
            Fault::with_status(403, "InvalidClientTokenId", told)
        }
    }
}

/// The signature is not that of this request.
fn forged(service: Service) -> Fault {
    match service {
        Service::Ec2 => not_validated(),
        Service::Sts => {
            let told = "The request signature we calculated does not match the signature you provided. Check your AWS \
                        Secret Access Key and signing method. Consult the service documentation for details.";
            Fault::with_status(403, "SignatureDoesNotMatch", told)
        }
    }
}

fn not_validated() -> Fault {
    Fault::with_status(401, "AuthFailure", "AWS was not able to validate the provided access credentials")
}

/// The session has ended.
fn expired(service: Service) -> Fault {
    match service {
        Service::Ec2 => Fault::new("RequestExpired", "Request has expired."),
        Service::Sts => {
            Fault::with_status(403, "ExpiredToken", "The security token included in the request is expired")
        }
    }
}
