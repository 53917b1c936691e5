//! What AWS must be told.
//!
//! The keys are those of the AWS command line and its SDKs, beside the spellings of older Cloudmesh files.

use std::path::PathBuf;

use cloudmesh_abstract::{Form, Secret, Setting, settings};
use serde::Deserialize;

/// Whether new instances take their metadata service by session tokens only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Imds {
    /// By session tokens only (`IMDSv2`), so that a request that an instance was talked into reads no credentials.
    #[default]
    Required,
    /// Without one too, for software that does not know them.
    Optional,
}

impl Setting for Imds {
    const FORM: Form = Form::Text;
}

settings! {
    /// The configuration of one AWS account in one region.
    pub struct Config {
        /// Who we are to AWS; without it the environment, `~/.aws` and the machine's role are asked, as `aws` does.
        pub credentials [flat]: Option<Credentials>,
        /// Where EC2 answers, for an emulator or a private endpoint.
        pub endpoint as ["endpoint_url"]: Option<String>,
        /// Where STS answers, where it is not AWS's own; that of `endpoint` unless given, if that is on this machine.
        pub sts_endpoint: Option<String>,
        /// A PEM file with the certificate authorities to trust in place of the system's.
        pub ca_file as ["ca_bundle"]: Option<PathBuf>,
        /// Whether the metadata service of new instances wants a session token: `required` (unless given) or `optional`.
        pub imds: Option<Imds>,
    }
}

settings! {
    /// Who we are to AWS, and which region we mean.
    pub struct Credentials {
        /// The region, such as `eu-central-1`.
        pub region as ["region_name", "AWS_REGION", "AWS_DEFAULT_REGION"]: Option<String>,
        /// The id of an access key.
        pub aws_access_key_id as ["AWS_ACCESS_KEY_ID", "access_key_id", "EC2_ACCESS_ID"]: Option<Secret>,
        /// The secret of the access key.
        pub aws_secret_access_key as ["AWS_SECRET_ACCESS_KEY", "secret_access_key", "EC2_SECRET_KEY"]: Option<Secret>,
        /// The session token, for an access key that is granted for a while.
        pub aws_session_token as ["session_token", "AWS_SESSION_TOKEN"]: Option<Secret>,
        /// The profile of `~/.aws/config` and `~/.aws/credentials`.
        pub profile as ["AWS_PROFILE"]: Option<String>,
        /// Where they come from: `environment`, `profile`, `web-identity`, `container`, `instance`; else the first that has any.
        pub source as ["credential_source"]: Option<String>,
        /// A role to take on with these credentials.
        pub role_arn as ["AWS_ROLE_ARN"]: Option<String>,
        /// What the role's owner wants to be told when it is taken on.
        pub external_id: Option<String>,
        /// A file with the token of a workload (web identity), for which the role is granted.
        pub web_identity_token_file as ["AWS_WEB_IDENTITY_TOKEN_FILE"]: Option<PathBuf>,
        /// The name of the session in which the role is taken on.
        pub role_session_name as ["AWS_ROLE_SESSION_NAME"]: Option<String>,
        /// Accepted from older files, without effect: groups are named with `secgroup` in `defaults`.
        pub security_group as ["EC2_SECURITY_GROUP"]: Option<String>,
        /// Accepted from older files, without effect: keys have their own commands.
        pub private_key_file_path as ["EC2_PRIVATE_KEY_FILE_PATH"]: Option<String>,
        /// Accepted from older files, without effect: keys have their own commands.
        pub private_key_file_name as ["EC2_PRIVATE_KEY_FILE_NAME"]: Option<String>,
    }
}
