//! The profiles of `~/.aws/config` and `~/.aws/credentials`.

use std::error::Error as StdError;

use aws_config::profile::{Profile, ProfileSet, load};
use aws_runtime::env_config::property::PropertiesKey;
use aws_types::os_shim_internal::Fs;
use cloudmesh_abstract::{Error, ErrorKind, Result, nearest};

use crate::machine::Machine;

/// The profiles, and the one that is meant.
#[derive(Debug)]
pub(crate) struct Profiles {
    set: ProfileSet,
    /// The one that is meant.
    pub(crate) name: String,
    /// Who named it: a key of the configuration or a variable; nobody named `default`.
    named_by: Option<&'static str>,
}

impl Profiles {
    /// Reads the files. Files that are missing are empty.
    ///
    /// # Errors
    ///
    /// A configuration error for files that cannot be read, and for a profile that is named and is not there.
    pub(crate) async fn read(machine: &Machine, named: Option<&str>) -> Result<Self> {
        let by_variable = machine.variable("AWS_PROFILE").is_some();
        let named_by = if named.is_some() { Some("credentials.profile") } else { by_variable.then_some("AWS_PROFILE") };
        let chosen = named.map(|name| name.to_owned().into());
        let set = load(&Fs::real(), machine.env(), machine.files(), chosen).await.map_err(|error| {
            // The text may hold a line of the file, which may be a secret.
            let why = deepest(&error);
            let message = format!("the files of the AWS profiles cannot be read: {why}; correct or remove them");
            Error::config("credentials.profile", message)
        })?;
        let name = set.selected_profile().to_owned();
        let profiles = Self { set, name, named_by };
        if named_by.is_some() && profiles.profile().is_none() {
            return Err(profiles.missing());
        }
        Ok(profiles)
    }

    pub(crate) fn profile(&self) -> Option<&Profile> {
        self.set.get_profile(&self.name)
    }

    /// Whether somebody asked for this profile by its name.
    pub(crate) fn is_named(&self) -> bool {
        self.named_by.is_some()
    }

    fn missing(&self) -> Error {
        let name = &self.name;
        let mut names: Vec<&str> = self.set.profiles().collect();
        names.sort_unstable();
        let known = || names.iter().take(9).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let advice = match nearest(name, names.iter().copied()) {
            Some(near) => format!(", did you mean `{near}`?"),
            None if names.is_empty() => ", nor any other; make one with `aws configure`".to_owned(),
            None => format!("; there are {}", known()),
        };
        let by = if self.named_by == Some("AWS_PROFILE") { ", which `AWS_PROFILE` names," } else { "" };
        let message = format!("there is no profile `{name}`{by} in `~/.aws/config` and `~/.aws/credentials`{advice}");
        Error::config("credentials.profile", message)
    }

    /// The region that the profile names.
    pub(crate) fn region(&self) -> Option<&str> {
        self.profile()?.get("region")
    }

    /// Where the profile says that a service answers.
    pub(crate) fn endpoint(&self, service: &str) -> Option<String> {
        let profile = self.profile()?;
        let own = || {
            let key = PropertiesKey::builder().section_key("services").section_name(profile.get("services")?);
            let key = key.property_name(service).sub_property_name("endpoint_url").build().ok()?;
            self.set.other_sections().get(&key).map(ToOwned::to_owned)
        };
        own().or_else(|| profile.get("endpoint_url").map(str::to_owned))
    }

    /// The profile that the first keys come from: the end of the way that `source_profile` leads.
    pub(crate) fn base(&self) -> Option<&Profile> {
        let mut profile = self.profile()?;
        for _ in 0..16 {
            match profile.get("source_profile").and_then(|name| self.set.get_profile(name)) {
                Some(next) if next.name() != profile.name() => profile = next,
                _ => break,
            }
        }
        Some(profile)
    }

    /// Where the keys come from, in words for people.
    pub(crate) fn source(&self) -> String {
        let name = &self.name;
        let Some(profile) = self.profile() else { return format!("profile `{name}`") };
        match (profile.get("role_arn"), self.base().map(way)) {
            (Some(role), _) => format!("profile `{name}` (role `{role}`)"),
            (None, Some(Way::Sso)) => format!("profile `{name}` (SSO)"),
            (None, Some(Way::Process)) => format!("profile `{name}` (credential_process)"),
            _ => format!("profile `{name}`"),
        }
    }

    /// The error of a profile that gave no keys. `why` is what the SDK says.
    pub(crate) fn failed(&self, why: &str) -> Error {
        let name = &self.name;
        let base = self.base();
        let based_on = base.map_or(name.as_str(), Profile::name);
        let mfa = self.profile().is_some_and(|profile| profile.get("mfa_serial").is_some());
        let message = match base.map(way) {
            Some(Way::Sso) => format!(
                "the SSO session of profile `{based_on}` has ended or was not begun; sign in with \
                 `aws sso login --profile {based_on}`"
            ),
            Some(Way::Login) => format!(
                "profile `{based_on}` uses a session of `aws login`, which is not read here; hand its keys over with \
                 `eval \"$(aws configure export-credentials --profile {based_on} --format env)\"`"
            ),
            Some(Way::Process) => format!(
                "the `credential_process` of profile `{based_on}` gave no credentials; run its command by hand to see why"
            ),
            _ if mfa => format!(
                "profile `{name}` wants a code of a device (`mfa_serial`), which is not asked for here; hand its keys over \
                 with `eval \"$(aws configure export-credentials --profile {name} --format env)\"`"
            ),
            _ => format!(
                "profile `{name}` gave no credentials: {why}; check it in `~/.aws/config` and `~/.aws/credentials`"
            ),
        };
        Error::new(ErrorKind::Unauthenticated, message)
    }
}

/// How the first keys are had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Sso,
    Login,
    Process,
    Other,
}

fn way(profile: &Profile) -> Way {
    let has = |key: &str| profile.get(key).is_some();
    match () {
        () if has("sso_session") || has("sso_start_url") => Way::Sso,
        () if has("login_session") => Way::Login,
        () if has("credential_process") => Way::Process,
        () => Way::Other,
    }
}

/// What the cause at the bottom says.
pub(crate) fn deepest(error: &(dyn StdError + 'static)) -> String {
    let mut deepest = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}
