//! What OpenStack must be told.
//!
//! The keys are those of `clouds.yaml`, beside the spellings of older Cloudmesh files and of the `OS_*` environment.

use std::path::PathBuf;

use cloudmesh_abstract::{Form, Secret, Setting, settings};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A number that stands in older files and has no effect.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(transparent)]
pub struct Ignored(IgnoredAny);

impl Setting for Ignored {
    const FORM: Form = Form::Number;
}

settings! {
    /// The configuration of one OpenStack.
    pub struct Config {
        /// Who we are to the cloud; without it `clouds.yaml` and the `OS_*` environment are asked.
        pub credentials [flat]: Option<Credentials>,
        /// Where Keystone answers, in place of `credentials.auth.auth_url`.
        pub endpoint: Option<String>,
        /// Whether each new server gets a drive with its metadata, for images and networks without the metadata
        /// service; as the cloud does by itself unless given.
        pub config_drive: Option<bool>,
    }
}

settings! {
    /// Who we are to the cloud, and which part of it we mean.
    pub struct Credentials {
        /// Who signs in, where and for what.
        pub auth [flat]: Auth,
        /// The way to sign in: `password`, `v3password`, `v3applicationcredential`, `token` or `v3token`; found by itself
        /// unless given.
        pub auth_type as ["OS_AUTH_TYPE"]: Option<String>,
        /// The region; needed where the cloud has several.
        pub region_name as ["region", "OS_REGION_NAME"]: Option<String>,
        /// Which addresses of the services to use: `public` (unless given), `internal` or `admin`.
        pub interface as ["endpoint_type", "OS_INTERFACE", "OS_ENDPOINT_TYPE"]: Option<String>,
        /// The name of the cloud in `clouds.yaml`; what stands here beside it wins.
        pub cloud as ["OS_CLOUD"]: Option<String>,
        /// A PEM file with the certificate authorities to trust in place of the system's.
        pub cacert as ["ca_file", "OS_CACERT"]: Option<PathBuf>,
        /// A PEM file with a certificate of ours, and perhaps its key, for a cloud that asks for one.
        pub cert as ["OS_CERT"]: Option<PathBuf>,
        /// The PEM file with the key of `cert`, where that does not hold it.
        pub key as ["OS_KEY"]: Option<PathBuf>,
        /// Whether to trust any certificate; only for trying out.
        pub insecure as ["OS_INSECURE"]: Option<bool>,
        /// The opposite of `insecure`, as `clouds.yaml` says it.
        pub verify: Option<bool>,
        /// Where Nova answers, in place of the catalogue's address.
        pub compute_endpoint_override as ["OS_COMPUTE_ENDPOINT_OVERRIDE"]: Option<String>,
        /// Where Glance answers, in place of the catalogue's address.
        pub image_endpoint_override as ["OS_IMAGE_ENDPOINT_OVERRIDE"]: Option<String>,
        /// Where Neutron answers, in place of the catalogue's address.
        pub network_endpoint_override as ["OS_NETWORK_ENDPOINT_OVERRIDE"]: Option<String>,
        /// Where Cinder answers, in place of the catalogue's address.
        pub volume_endpoint_override as [
            "OS_VOLUME_ENDPOINT_OVERRIDE", "volumev3_endpoint_override", "block_storage_endpoint_override",
            "OS_BLOCK_STORAGE_ENDPOINT_OVERRIDE"
        ]: Option<String>,
        /// The version of Keystone's interface; it is always 3.
        pub identity_api_version as ["OS_IDENTITY_API_VERSION"]: Option<Ignored>,
        /// Accepted from older files, without effect: the version is negotiated.
        pub compute_api_version as ["OS_COMPUTE_API_VERSION"]: Option<Ignored>,
        /// Accepted from older files, without effect.
        pub volume_api_version as ["OS_VOLUME_API_VERSION"]: Option<Ignored>,
        /// Accepted from older files, without effect.
        pub image_api_version as ["OS_IMAGE_API_VERSION"]: Option<Ignored>,
        /// Accepted from older files, without effect.
        pub version as ["OS_VERSION"]: Option<String>,
        /// Accepted from older files, without effect: keys have their own commands.
        pub key_path as ["OS_KEY_PATH"]: Option<String>,
    }
}

settings! {
    /// Who signs in, where and for what.
    pub struct Auth {
        /// Where Keystone answers, with or without `/v3`.
        pub auth_url as ["OS_AUTH_URL"]: Option<String>,
        /// The user's name.
        pub username as ["OS_USERNAME", "user_name"]: Option<String>,
        /// The user's id, in place of name and domain.
        pub user_id as ["OS_USER_ID"]: Option<String>,
        /// The user's password.
        pub password as ["OS_PASSWORD"]: Option<Secret>,
        /// The project's name.
        pub project_name as ["OS_PROJECT_NAME"]: Option<String>,
        /// The project's id, in place of name and domain.
        pub project_id as ["OS_PROJECT_ID"]: Option<String>,
        /// The project's name, in older files.
        pub tenant_name as ["OS_TENANT_NAME"]: Option<String>,
        /// The project's id, in older files.
        pub tenant_id as ["OS_TENANT_ID"]: Option<String>,
        /// The name of the user's domain.
        pub user_domain_name as ["OS_USER_DOMAIN_NAME"]: Option<String>,
        /// The id of the user's domain; `default` unless one is given.
        pub user_domain_id as ["OS_USER_DOMAIN_ID"]: Option<String>,
        /// The name of the project's domain.
        pub project_domain_name as ["OS_PROJECT_DOMAIN_NAME"]: Option<String>,
        /// The id of the project's domain; `default` unless one is given.
        pub project_domain_id as ["OS_PROJECT_DOMAIN_ID"]: Option<String>,
        /// The name of the domain of both user and project; without a project the domain to sign in for.
        pub domain_name as ["OS_DOMAIN_NAME"]: Option<String>,
        /// The id of the domain of both user and project; without a project the domain to sign in for.
        pub domain_id as ["OS_DOMAIN_ID"]: Option<String>,
        /// The name of the domain of user and project where nothing else says it.
        pub default_domain_name as ["OS_DEFAULT_DOMAIN_NAME"]: Option<String>,
        /// The id of the domain of user and project where nothing else says it.
        pub default_domain_id as ["OS_DEFAULT_DOMAIN_ID", "default_domain", "OS_DEFAULT_DOMAIN"]: Option<String>,
        /// Signs in for the whole cloud, as its operators do, in place of a project: `all`.
        pub system_scope as ["OS_SYSTEM_SCOPE"]: Option<String>,
        /// Not supported: a trust; application credentials have taken the place of trusts.
        pub trust_id as ["OS_TRUST_ID"]: Option<String>,
        /// The id of an application credential.
        pub application_credential_id as ["OS_APPLICATION_CREDENTIAL_ID"]: Option<String>,
        /// The name of an application credential of the user, in place of its id.
        pub application_credential_name as ["OS_APPLICATION_CREDENTIAL_NAME"]: Option<String>,
        /// The secret of the application credential.
        pub application_credential_secret as ["OS_APPLICATION_CREDENTIAL_SECRET"]: Option<Secret>,
        /// A token to sign in with.
        pub token as ["OS_TOKEN", "auth_token"]: Option<Secret>,
    }
}

/// Fills the fields of `$own` that are empty from `$other`.
macro_rules! fill {
    ($own:expr, $other:expr; $($field:ident),+ $(,)?) => { $( $own.$field = $own.$field.or($other.$field); )+ };
}

impl Auth {
    /// Whether anything is said about signing in.
    fn says_something(&self) -> bool {
        let texts = [&self.auth_url, &self.username, &self.user_id, &self.application_credential_id];
        let secrets = [&self.password, &self.application_credential_secret, &self.token];
        texts.iter().any(|text| text.is_some()) || secrets.iter().any(|secret| secret.is_some())
    }

    /// What is given in two ways, such as the project by its name or its id, is taken whole from one side.
    fn or(mut self, mut other: Self) -> Self {
        if self.names_scope() {
            other = other.without_scope();
        }
        if self.username.is_some() || self.user_id.is_some() {
            other = Self { username: None, user_id: None, user_domain_name: None, user_domain_id: None, ..other };
        }
        fill!(self, other; auth_url, username, user_id, password, project_name, project_id, tenant_name, tenant_id,
            user_domain_name, user_domain_id, project_domain_name, project_domain_id, domain_name, domain_id,
            default_domain_name, default_domain_id, system_scope, trust_id,
            application_credential_id, application_credential_name, application_credential_secret, token);
        self
    }

    fn names_scope(&self) -> bool {
        self.names_project() || self.system_scope.is_some() || self.domain_id.is_some() || self.domain_name.is_some()
    }

    /// Whether a project is named.
    pub(crate) fn names_project(&self) -> bool {
        [&self.project_name, &self.project_id, &self.tenant_name, &self.tenant_id].iter().any(|it| it.is_some())
    }

    fn without_scope(self) -> Self {
        Self {
            project_name: None,
            project_id: None,
            tenant_name: None,
            tenant_id: None,
            project_domain_name: None,
            project_domain_id: None,
            system_scope: None,
            ..self
        }
    }
}

impl Credentials {
    /// Whether these credentials stand for themselves, without `clouds.yaml` and environment.
    pub(crate) fn stand_alone(&self) -> bool {
        self.cloud.is_none() && self.auth.says_something()
    }

    /// These credentials, and from `other` what they leave open.
    pub(crate) fn or(mut self, other: Self) -> Self {
        self.auth = self.auth.or(other.auth);
        fill!(self, other; auth_type, region_name, interface, cacert, cert, key, insecure, verify,
            compute_endpoint_override, image_endpoint_override, network_endpoint_override, volume_endpoint_override);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Config;
    use cloudmesh_abstract::{ExposeSecret, Settings};
    use serde_json::{Value, json};

    fn parse(value: &Value) -> Config {
        Settings::new(value.as_object().unwrap().clone()).parse().unwrap()
    }

    #[test]
    fn the_shapes_of_old_and_new_files_mean_the_same() {
        let shapes = [
            json!({"credentials": {"auth": {"auth_url": "http://k/v3", "username": "u", "password": "p",
                "project_name": "n"}, "region_name": "R"}}),
            json!({"credentials": {"auth_url": "http://k/v3", "username": "u", "password": "p",
                "tenant_name": "n", "region": "R"}}),
            json!({"credentials": {"OS_AUTH_URL": "http://k/v3", "OS_USERNAME": "u", "OS_PASSWORD": "p",
                "OS_TENANT_NAME": "n", "OS_PROJECT_NAME": "n", "OS_REGION_NAME": "R", "OS_VERSION": "liberty"}}),
            json!({"credentials": {"auth": {"auth_url": "http://k/v3", "username": "u", "password": "p",
                "project_name": "n"}, "region_name": "R", "identity_api_version": 3, "compute_api_version": "2.1",
                "interface": "public", "key_path": "~/.ssh/id_rsa.pub"}}),
        ];
        for shape in shapes {
            let credentials = parse(&shape).credentials.unwrap();
            let auth = credentials.auth;
            assert_eq!(auth.auth_url.as_deref(), Some("http://k/v3"));
            assert_eq!(auth.username.as_deref(), Some("u"));
            assert_eq!(auth.password.unwrap().expose_secret(), "p");
            assert_eq!(auth.project_name.or(auth.tenant_name).as_deref(), Some("n"));
            assert_eq!(credentials.region_name.as_deref(), Some("R"));
        }
    }

    #[test]
    fn a_cloud_of_clouds_yaml_needs_no_credentials_block() {
        let credentials = parse(&json!({"cloud": "demo"})).credentials.unwrap();
        assert_eq!(credentials.cloud.as_deref(), Some("demo"));
        assert!(!credentials.stand_alone());
        assert!(parse(&json!({})).credentials.is_none());
    }

    #[test]
    fn what_is_written_wins_over_what_is_found() {
        let own = parse(&json!({"credentials": {"cloud": "demo", "region": "Own"}})).credentials.unwrap();
        let found = parse(&json!({"credentials": {"region": "Found", "auth_url": "http://k"}})).credentials.unwrap();
        let both = own.or(found);
        assert_eq!((both.region_name.as_deref(), both.auth.auth_url.as_deref()), (Some("Own"), Some("http://k")));
    }

    #[test]
    fn no_secret_in_debug() {
        let config = parse(&json!({"credentials": {"password": "hunter2", "token": "hunter2",
            "application_credential_secret": "hunter2"}}));
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
