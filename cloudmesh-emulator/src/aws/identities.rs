//! Who else may ask than the user that there is from the start: a role, and what proves that one may take it on.

use std::fmt;

use cloudmesh_abstract::{ExposeSecret, Secret};
use jiff::{SignedDuration, Timestamp};

use super::access::{Access, Caller, Key, Session, secret, unique};
use super::account::Account;
use super::container;
use crate::AwsProofs;

/// The role that the account's user, workloads, instances, containers and people of the directory take on.
pub(super) const ROLE: &str = "lab";

/// The role that wants to be told an external id.
pub(super) const GUARDED: &str = "guarded";

/// The external id of [`GUARDED`].
pub(super) const EXTERNAL_ID: &str = "cloudmesh";

/// Keys of a session that end sooner than this are not handed out again.
const REST: SignedDuration = SignedDuration::from_mins(5);

/// Proofs and what has been granted for them.
#[derive(Clone)]
pub(crate) struct Identities {
    /// The unique ids of the roles.
    roles: [(&'static str, String); 2],
    /// What a workload shows for the role.
    pub(super) workload: Secret,
    /// What a person shows who has signed in at the directory (SSO).
    pub(super) person: Secret,
    /// What a container shows.
    pub(super) container: Secret,
    /// Tokens of the metadata service, and when they end.
    pub(super) metadata: Vec<(Secret, Timestamp)>,
    /// What the instance was granted.
    instance: Option<Granted>,
}

/// Keys of a session.
#[derive(Debug, Clone)]
pub(super) struct Granted {
    pub(super) id: String,
    pub(super) secret: Secret,
    pub(super) token: Secret,
    pub(super) expires: Timestamp,
    pub(super) who: Caller,
}

impl Identities {
    pub(super) fn new() -> Self {
        let roles = [ROLE, GUARDED].map(|role| (role, unique("AROA")));
        let [workload, person, container] = [(); 3].map(|()| secret());
        Self { roles, workload, person, container, metadata: Vec::new(), instance: None }
    }

    /// Grants a role to a session of that name.
    pub(super) fn grant(&self, access: &mut Access, role: &str, session: &str, expires: Timestamp) -> Option<Granted> {
        let (role, unique_id) = self.roles.iter().find(|(name, _)| *name == role)?;
        Some(grant(access, role, unique_id, session, expires))
    }

    /// What a person of the directory is granted.
    pub(super) fn grant_person(&self, access: &mut Access, expires: Timestamp) -> Granted {
        let role = format!("AWSReservedSSO_{ROLE}_0123456789abcdef");
        grant(access, &role, &self.roles[0].1, "demo", expires)
    }

    /// What the instance is granted: the same keys until they are about to end.
    pub(super) fn grant_instance(&mut self, access: &mut Access, now: Timestamp) -> Granted {
        let fresh = |granted: &Granted| {
            let session = access.key(&granted.id).and_then(|key| key.session.as_ref());
            session.is_some_and(|session| session.expires.duration_since(now) > REST)
        };
        if let Some(granted) = self.instance.clone().filter(fresh) {
            return granted;
        }
        let granted = grant(access, ROLE, &self.roles[0].1, "i-0123456789abcdef0", later(now, 6 * 3600));
        self.instance = Some(granted.clone());
        granted
    }
}

impl Account {
    /// What proves who one is, for a server at that address.
    pub(crate) fn proofs(&self, url: &str) -> AwsProofs {
        let (number, own) = (&self.access.account, &self.identities);
        AwsProofs {
            account: number.clone(),
            role: format!("arn:aws:iam::{number}:role/{ROLE}"),
            guarded_role: format!("arn:aws:iam::{number}:role/{GUARDED}"),
            external_id: EXTERNAL_ID.to_owned(),
            workload: own.workload.clone(),
            person: own.person.clone(),
            container: own.container.clone(),
            container_url: format!("{url}{}", container::PATH),
        }
    }
}

fn grant(access: &mut Access, role: &str, unique_id: &str, session: &str, expires: Timestamp) -> Granted {
    let arn = format!("arn:aws:sts::{}:assumed-role/{role}/{session}", access.account);
    let who = Caller { arn, id: format!("{unique_id}:{session}") };
    let (own, token) =
        (secret(), Secret::from([secret(), secret()].map(|part| part.expose_secret().to_owned()).concat()));
    let key = Key { secret: own.clone(), session: Some(Session { token: token.clone(), expires }), who: who.clone() };
    let id = access.add(key);
    Granted { id, secret: own, token, expires, who }
}

/// So many seconds later.
pub(super) fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// A moment as AWS writes it.
pub(super) fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identities").field("roles", &self.roles).finish_non_exhaustive()
    }
}
