//! STS: who asks, and roles that are taken on: <https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html>.

use super::account::Account;
use super::call::{Action, Call, Reply};
use super::fault::Fault;
use super::form::Params;
use super::identities::{EXTERNAL_ID, GUARDED, Granted, ROLE, later, moment};
use super::xml::Xml;
use cloudmesh_abstract::ExposeSecret;

pub(super) const ACTIONS: &[Action] = &[
    Action { name: "GetCallerIdentity", run: whoami },
    Action { name: "AssumeRole", run: assume },
    Action { name: "AssumeRoleWithWebIdentity", run: assume_as_workload },
];

fn whoami(call: &mut Call<'_>) -> Reply {
    let who = call.who.clone().ok_or_else(|| denied("nobody", "sts:GetCallerIdentity", "*"))?;
    let account = call.account()?.access.account.clone();
    let mut xml = Xml::new();
    xml.text("Arn", who.arn);
    xml.text("UserId", who.id);
    xml.text("Account", account);
    Ok(xml)
}

/// What every way to take a role on is told.
struct Wish<'a> {
    role: &'a str,
    session: &'a str,
    seconds: i64,
}

impl<'a> Wish<'a> {
    fn read(params: &Params<'a>) -> Result<Self, Fault> {
        let role = params.text("RoleArn").ok_or_else(|| null("roleArn"))?;
        let session = params.text("RoleSessionName").ok_or_else(|| null("roleSessionName"))?;
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "_=,.@-".contains(letter);
        if !(2..=64).contains(&session.len()) || !session.chars().all(fits) {
            let told = format!(
                "1 validation error detected: Value '{session}' at 'roleSessionName' failed to satisfy constraint: Member must \
                 satisfy regular expression pattern: [\\w+=,.@-]*"
            );
            return Err(Fault::new("ValidationError", told));
        }
        if !role.starts_with("arn:") || role.len() < 20 {
            return Err(Fault::new("ValidationError", format!("{role} is invalid")));
        }
        let seconds = params.number("DurationSeconds")?.unwrap_or(3600);
        if (900..=43_200).contains(&seconds) {
            return Ok(Self { role, session, seconds });
        }
        Err(Fault::new(
            "ValidationError",
            format!("The requested DurationSeconds {seconds} is not between 900 and 43200"),
        ))
    }

    /// The role's name, if it is one of the account.
    fn name(&self, account: &Account) -> Option<&'a str> {
        self.role.strip_prefix(&format!("arn:aws:iam::{}:role/", account.access.account))
    }

    fn grant(&self, account: &mut Account) -> Option<Granted> {
        let (name, expires) = (self.name(account)?, later(account.now, self.seconds));
        account.identities.grant(&mut account.access, name, self.session, expires)
    }
}

fn assume(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wish = Wish::read(&params)?;
    let external = params.text("ExternalId");
    let who = call.who.clone().map(|who| who.arn).unwrap_or_default();
    let account = call.account()?;
    let refused = || denied(&who, "sts:AssumeRole", wish.role);
    let name = wish.name(account).ok_or_else(refused)?;
    if name == GUARDED && external != Some(EXTERNAL_ID) {
        return Err(refused());
    }
    wish.grant(account).map(|granted| shown(&granted)).ok_or_else(refused)
}

fn assume_as_workload(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wish = Wish::read(&params)?;
    let token = params.text("WebIdentityToken").ok_or_else(|| null("webIdentityToken"))?.to_owned();
    let account = call.account()?;
    if !crate::world::account::same(&account.identities.workload, &token) {
        let told = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
        return Err(Fault::new("InvalidIdentityToken", told));
    }
    let refused = || Fault::with_status(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    wish.name(account).filter(|name| *name == ROLE).ok_or_else(refused)?;
    wish.grant(account).map(|granted| shown(&granted)).ok_or_else(refused)
}

fn null(name: &str) -> Fault {
    let told = format!(
        "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
    );
    Fault::new("ValidationError", told)
}

fn denied(who: &str, action: &str, what: &str) -> Fault {
    let told = format!("User: {who} is not authorized to perform: {action} on resource: {what}");
    Fault::with_status(403, "AccessDenied", told)
}

fn shown(granted: &Granted) -> Xml {
    let mut xml = Xml::new();
    xml.group("Credentials", |xml| {
        xml.text("AccessKeyId", &granted.id);
        xml.text("SecretAccessKey", granted.secret.expose_secret());
        xml.text("SessionToken", granted.token.expose_secret());
        xml.text("Expiration", moment(granted.expires));
    });
    xml.group("AssumedRoleUser", |xml| {
        xml.text("AssumedRoleId", &granted.who.id);
        xml.text("Arn", &granted.who.arn);
    });
    xml
}
