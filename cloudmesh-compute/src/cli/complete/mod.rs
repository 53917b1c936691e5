//! Completing words in a shell: the script, and the answers that it asks this program for.

mod bash;
mod candidates;
mod known;

use std::ffi::OsStr;
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory, ValueEnum};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{EnvCompleter, Fish, Powershell, Shells, Zsh};

use self::bash::Bash;

use super::arguments::Arguments;
use super::exit::failed;
use super::output;
use crate::Result;

/// The variable by which a script asks.
const VARIABLE: &str = "_CMS_COMPLETE";

pub(super) const INSTALL: &str = "\
Examples:
  cms completion bash

How to install it:
  bash:
    echo 'source <(cms completion bash)' >> ~/.bashrc
  zsh, below `compinit`:
    echo 'source <(cms completion zsh)' >> ~/.zshrc
  fish:
    echo 'cms completion fish | source' > ~/.config/fish/completions/cms.fish
  powershell:
    Add-Content $PROFILE 'cms completion powershell | Out-String | iex'

Names of machines, images and sizes are those that are known from the last listings; nothing is sent.";

/// Which script to print.
#[derive(Debug, Args)]
pub(crate) struct Completion {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: Shell,
}

/// A shell that can complete.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Shell {
    /// Bash 4 and later
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// `PowerShell`
    Powershell,
}

impl Shell {
    fn completer(self) -> &'static dyn EnvCompleter {
        match self {
            Self::Bash => &Bash,
            Self::Zsh => &Zsh,
            Self::Fish => &Fish,
            Self::Powershell => &Powershell,
        }
    }
}

/// Prints the script for a shell.
pub(super) fn script(shell: Shell) -> Result<ExitCode> {
    let mut script = Vec::new();
    let written = shell.completer().write_registration(VARIABLE, "cms", "cms", &program(), &mut script);
    written.map_err(|error| failed("write the script", error))?;
    output::script(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// How this program is called: `cms`, or its path where it was called by that.
fn program() -> String {
    let called = std::env::args_os().next().unwrap_or_default();
    let path = || std::env::current_exe().ok().filter(|_| std::path::Path::new(&called).components().count() > 1);
    path().map_or_else(|| "cms".to_owned(), |path| path.to_string_lossy().into_owned())
}

/// Answers a script, if one asks. Whatever goes wrong, there is just nothing to complete.
pub(super) fn answer() -> Option<ExitCode> {
    std::env::var_os(VARIABLE).filter(|shell| !shell.is_empty())?;
    let here = std::env::current_dir().ok();
    let environment =
        CompleteEnv::with_factory(command).var(VARIABLE).shells(Shells(&[&Bash, &Zsh, &Fish, &Powershell]));
    _ = environment.try_complete(std::env::args_os(), here.as_deref());
    Some(ExitCode::SUCCESS)
}

/// The commands, each argument with what it can be.
fn command() -> Command {
    dress(Arguments::command(), "")
}

fn dress(command: Command, above: &str) -> Command {
    let words = format!("{above} {}", command.get_name());
    let name = words.trim_start_matches(" cms").trim().to_owned();
    let command = command.mut_args(|arg| match completer(&name, arg.get_id().as_str()) {
        Some(completer) => arg.add(completer),
        None => arg,
    });
    command.mut_subcommands(|inner| dress(inner, &words))
}

/// What an argument of a command can be, beside what its type says.
fn completer(command: &str, argument: &str) -> Option<ArgValueCompleter> {
    let list: fn(&str) -> Vec<String> = match (command, argument) {
        (_, "cloud") | ("api", "api_cloud") | ("cloud check" | "config check", "names") | ("cloud default", "name") => {
            candidates::clouds
        }
        ("vm boot", "names") => return None,
        (_, "image") | ("image list" | "image info", "names") => candidates::images,
        (_, "size") | ("flavor list" | "flavor info", "names") => candidates::flavors,
        ("key upload" | "key delete" | "key list", "names") | (_, "key") => candidates::keys_kept,
        ("sec group load" | "sec group list" | "sec group delete" | "sec group clear", "names")
        | ("sec rule list", "groups")
        | (_, "secgroup")
        | ("sec rule add" | "sec rule delete", "group") => candidates::groups_kept,
        ("sec rule add" | "sec rule delete", "words") | ("sec group add", "rules") => candidates::rules_kept,
        ("provider info", "names") => candidates::kinds,
        ("config get" | "config unset", "path") => candidates::keys,
        ("config set", "path") => candidates::settable_keys,
        ("set", "words") => candidates::variables,
        ("ip attach", "vm") | ("vm rename", "old") => candidates::nodes,
        ("ip attach", "address") | ("ip delete", "addresses") => candidates::addresses,
        ("ip detach", "names") => candidates::nodes_and_addresses,
        (command, "names") if command.starts_with("vm ") => candidates::nodes,
        _ => return None,
    };
    let complete = move |current: &OsStr| candidates(current, list);
    Some(ArgValueCompleter::new(complete))
}

/// What the last of several words with commas between can be.
fn candidates(current: &OsStr, list: fn(&str) -> Vec<String>) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let (before, word) = current.rsplit_once(',').map_or(("", current), |(before, word)| (before, word));
    let prefix = if before.is_empty() { String::new() } else { format!("{before},") };
    let found = candidates::few(list(word).into_iter().filter(|name| name.starts_with(word)).collect());
    found.into_iter().map(|name| CompletionCandidate::new(format!("{prefix}{name}"))).collect()
}
