//! What proves at the emulated AWS who one is, beside an access key.

use cloudmesh_abstract::Secret;

use crate::Emulator;

/// What proves at the emulated AWS that one may take its role on. The metadata service of an instance with that role
/// answers at [`Emulator::url`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AwsProofs {
    /// The account's number.
    pub account: String,
    /// The role, which the account's user, workloads, containers and people of the directory (SSO) may take on.
    pub role: String,
    /// A role that only those take on who say the [`external_id`](Self::external_id).
    pub guarded_role: String,
    /// What the guarded role's owner wants to be told.
    pub external_id: String,
    /// The token of a workload: `AWS_WEB_IDENTITY_TOKEN_FILE` names a file with it.
    pub workload: Secret,
    /// The token of a person who has signed in at the directory, as `aws sso login` keeps it.
    pub person: Secret,
    /// The token of a container: `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
    pub container: Secret,
    /// Where the container's credentials are: `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
    pub container_url: String,
}

impl Emulator {
    /// What proves at the emulated AWS who one is, beside the access key in the settings.
    pub fn aws_proofs(&self) -> AwsProofs {
        self.world().aws(|account| account.proofs(&self.url()))
    }
}
