//! Help: with `-h` what a command has of its own, with `--help` the options that all commands share as well.

use std::borrow::Cow;
use std::ffi::OsString;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{Command, Error};

use super::output::{self, tame};

pub(super) const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

pub(super) const EXAMPLES: &str = "\
Examples:
  cms vm boot 'web[1-3]' --image ubuntu-24.04 --size m1.small
  cms vm list --cloud all
  cms vm stop 'web*' -o json
  cms vm delete 'web[1-3]'

Exit codes:
  0  all done                    5  sign-in or permission
  1  failed                      6  quota or capacity
  2  usage or configuration      7  throttled to the end
  3  partly done                 8  deadline
  4  not found                 130  interrupted

Files, beside the configuration (CLOUDMESH_CONFIG_DIR moves them):
  ~/.cloudmesh/cloudmesh.yaml  clouds and defaults
  ~/.cloudmesh/state.db        machines, images, sizes and addresses as they
                               were known last, without secrets, and boots under
                               way. It may be deleted unless a boot was cut off";

/// The headings of the options that all commands share.
pub(super) const SHARED: &str = "Shared options";
pub(super) const OUTPUT: &str = "Output options";

/// What `-h` says of the rest.
const MORE: &str = "Print help; `--help` has --cloud, -o and all shared options, too";

/// The answer to arguments that are no command: help, the version, or a mistake.
pub(super) fn answer(said: Error, command: Command) -> Error {
    let is_help = matches!(said.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    if !is_help || std::env::args_os().skip(1).any(|word| word == "--help" || word == "help") {
        return said;
    }
    // The same words mean the same help, in short.
    brief(command).try_get_matches_from(std::env::args_os()).err().unwrap_or(said)
}

/// The command without the options that all commands share. They are options of the outermost one.
fn brief(command: Command) -> Command {
    command.mut_args(|arg| match arg.get_help_heading() {
        Some(SHARED | OUTPUT) => arg.hide_short_help(true),
        _ if arg.get_id() == "help" => arg.help(MORE),
        _ => arg,
    })
}

/// Prints help or a mistake, without what a terminal would obey in what was typed, and ends.
pub(super) fn refuse(error: &Error) -> ! {
    let is_wild = |word: OsString| matches!(tame(&word.to_string_lossy()), Cow::Owned(_));
    let settings = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CLOUDMESH_"));
    if error.use_stderr() && std::env::args_os().chain(settings.map(|(_, value)| value)).any(is_wild) {
        error.render().to_string().lines().for_each(|line| output::say(&tame(line)));
        std::process::exit(error.exit_code());
    }
    error.exit()
}
