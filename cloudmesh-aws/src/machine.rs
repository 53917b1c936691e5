//! What the machine knows: its environment and the files of the AWS tools.

use std::fmt;

use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::Env;

/// Where the program runs.
#[derive(Clone)]
pub(crate) struct Machine {
    env: Env,
    files: EnvConfigFiles,
}

impl Machine {
    /// This machine.
    pub(crate) fn this() -> Self {
        Self { env: Env::real(), files: EnvConfigFiles::default() }
    }

    /// A machine with this environment, and with these lines in `~/.aws/config`.
    #[cfg(test)]
    pub(crate) fn with(variables: &[(&str, &str)], config: &str) -> Self {
        use aws_runtime::env_config::file::EnvConfigFileKind;
        let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, config).build();
        Self { env: Env::from_slice(variables), files }
    }

    /// A variable of the environment, unless it is empty.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.env.get(name).ok().filter(|value| !value.is_empty())
    }

    /// The first of these variables that is there.
    pub(crate) fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.variable(name))
    }

    /// Whether a variable says `true`.
    pub(crate) fn says(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    pub(crate) fn env(&self) -> &Env {
        &self.env
    }

    /// The files with profiles.
    pub(crate) fn files(&self) -> &EnvConfigFiles {
        &self.files
    }
}

/// The environment holds secrets.
impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Machine")
    }
}
