//! What can be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::Resettable;
use clap::{
    Arg, ArgAction, ArgMatches, Args, ColorChoice, Command, CommandFactory, FromArgMatches, Parser, Subcommand,
    ValueEnum,
};

use super::complete;
use super::given::Given;
use super::help::{self, EXAMPLES, STYLES};
use super::output::without_colour;
use super::view::View;
use crate::command::{api, cloud, config, flavor, gc, image, ip, key, provider, sec, set, vm};

/// One way to run virtual machines on many clouds.
#[derive(Debug, Parser)]
#[command(name = "cms", version, styles = STYLES, after_help = EXAMPLES, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_flag = true)]
pub(crate) struct Arguments {
    /// Print help; `-h` leaves out the options that all commands share
    #[arg(long, short, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(subcommand)]
    pub(crate) object: Object,
}

/// What the commands are about.
#[derive(Debug, Subcommand)]
pub(crate) enum Object {
    /// Virtual machines
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms vm list\n  cms vm boot --help")]
    Vm(vm::Verb),
    /// Images that machines are made from
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms image list 'ubuntu*'")]
    Image(image::Verb),
    /// Sizes that machines can have
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms flavor list --vcpus 4")]
    Flavor(flavor::Verb),
    /// ssh keys
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms key list\n  cms key upload laptop --file ~/.ssh/id_ed25519.pub")]
    Key(key::Verb),
    /// Security groups: what may reach machines, and what these may reach
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms sec group list\n  cms sec rule list default")]
    Sec(sec::Verb),
    /// Public addresses that the account holds
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms ip list\n  cms ip create\n  cms ip attach web-1 203.0.113.7")]
    Ip(ip::Verb),
    /// What carries our mark and belongs to nothing
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms gc list --cloud all\n  cms gc remove")]
    Gc(gc::Verb),
    /// One call in the vendor's own words, signed for a cloud
    #[command(after_help = "Examples:\n  cms api lab GET 'compute/servers/detail?limit=1'\n  \
                            cms api lab POST network/floatingips --data @new.json --dry-run\n  \
                            cms api lab GET identity/v3/projects -o yaml\n  \
                            cms api work GET Action=DescribeRegions\n\n\
                            The answer is printed as it came, with whatever secrets it holds.")]
    Api(api::Api),
    /// Clouds in the configuration
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms cloud list")]
    Cloud(cloud::Verb),
    /// Kinds of cloud that are linked, and what each can do
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms provider list\n  cms provider info openstack")]
    Provider(provider::Verb),
    /// The configuration file
    #[command(subcommand)]
    #[command(after_help = "Examples:\n  cms config init\n  cms config check\n  cms config set default.cloud lab")]
    Config(config::Verb),
    /// Defaults that stay
    #[command(after_help = "Examples:\n  cms set cloud=lab size=m1.small\n  cms set\n  cms set cloud\n  \
                            cms set --delete size\n\nAn option, and a variable such as CLOUDMESH_SIZE, wins over what is set here; \
                            it wins over the configuration. `cms vm default` shows the result.")]
    Set(set::Set),
    /// The script that completes words in a shell
    #[command(after_help = complete::INSTALL)]
    Completion(complete::Completion),
}

impl Arguments {
    /// Reads the arguments of this process; `--help`, `--version` and mistakes end it here.
    pub(super) fn read() -> (Self, ArgMatches) {
        let mut command = dressed();
        let matches = command.try_get_matches_from_mut(std::env::args_os());
        let matches = matches.unwrap_or_else(|said| help::refuse(&help::answer(said, dressed())));
        let read = Self::from_arg_matches(&matches);
        let mut arguments = read.unwrap_or_else(|error| error.format(&mut command).exit());
        arguments.shared.given = Given::of(&matches);
        (arguments, matches)
    }
}

/// The commands, as this process means them.
fn dressed() -> Command {
    let command = without_empty_variables(Arguments::command());
    if !std::env::args_os().any(|word| word == "--no-color") {
        return command;
    }
    // Help and mistakes are printed before the option has been read.
    without_colour();
    command.color(ColorChoice::Never)
}

/// A variable that is set to nothing is not set.
fn without_empty_variables(command: Command) -> Command {
    let empty = |arg: &Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|arg| if empty(&arg) { arg.env(Resettable::Reset) } else { arg });
    command.mut_subcommands(without_empty_variables)
}

impl Object {
    /// Whether it may change anything in a cloud.
    pub(super) fn changes(&self) -> bool {
        match self {
            Self::Vm(verb) => verb.changes(),
            Self::Key(verb) => verb.changes(),
            Self::Sec(verb) => verb.changes(),
            Self::Ip(verb) => verb.changes(),
            Self::Gc(verb) => verb.changes(),
            Self::Api(api) => api.changes(),
            Self::Config(verb) => verb.changes(),
            Self::Set(set) => set.changes(),
            Self::Cloud(verb) => verb.changes(),
            Self::Image(_) | Self::Flavor(_) | Self::Provider(_) | Self::Completion(_) => false,
        }
    }

    /// What shows afterwards how far a change came.
    pub(super) fn shown_by(&self) -> &'static str {
        match self {
            Self::Key(_) => "`cms key list` shows it",
            Self::Sec(_) => "`cms sec group list` shows it",
            Self::Ip(_) | Self::Vm(vm::Verb::Ip(_)) => "`cms ip list` shows it",
            Self::Gc(_) => "`cms gc list` shows what is left",
            Self::Api(_) => "look before you send it again",
            _ => "`cms vm list` shows it",
        }
    }

    /// Whether it lists what there is, which may be watched.
    pub(super) fn lists(&self) -> bool {
        match self {
            Self::Vm(verb) => verb.lists(),
            Self::Ip(verb) => verb.lists(),
            Self::Gc(verb) => !verb.changes(),
            Self::Image(verb) => matches!(verb, image::Verb::List(_)),
            Self::Flavor(verb) => matches!(verb, flavor::Verb::List(_)),
            Self::Key(verb) => verb.lists(),
            Self::Sec(verb) => verb.lists(),
            Self::Cloud(cloud::Verb::List) => true,
            _ => false,
        }
    }
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is given or not")]
#[command(next_help_heading = help::SHARED)]
pub(crate) struct Shared {
    /// Clouds to use: a name, `a,b`, `lab[1-3]`, `lab*` or `all` [default: the configuration's]
    #[arg(long, global = true, value_name = "CLOUDS", hide_env_values = true, env = "CLOUDMESH_CLOUD")]
    pub(crate) cloud: Option<String>,
    /// Configuration file [default: ~/.cloudmesh/cloudmesh.yaml]
    #[arg(long, global = true, value_name = "FILE", hide_env_values = true, env = "CLOUDMESH_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Ask the clouds again for what is kept for a day: images and sizes
    #[arg(long, global = true)]
    pub(crate) refresh: bool,
    /// Show what was known last, without any network
    #[arg(long, global = true, conflicts_with_all = ["refresh", "raw"])]
    pub(crate) cached: bool,
    /// Change nothing, say what would be done; with `=wire`, show the requests as well
    #[arg(long, global = true, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "plan", hide_possible_values = true)]
    pub(crate) dry_run: Option<DryRun>,
    /// Do not ask before deleting
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
    /// Time limit for each cloud's part, such as `90`, `90s`, `10m` [default: 5m, with waiting 10m]
    #[arg(long, global = true, value_name = "TIME", value_parser = time, hide_env_values = true, env = "CLOUDMESH_TIMEOUT")]
    pub(crate) timeout: Option<Duration>,
    /// How many requests may be under way at once in a cloud [default: 16]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) parallel: Option<u16>,
    /// Say nothing but results and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say every request on stderr
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) view: View,
    /// Which options were typed.
    #[arg(skip)]
    pub(crate) given: Given,
}

impl Shared {
    /// The options as they are meant for a command: one that changes nothing has nothing to leave out, and its requests
    /// are said as they are sent.
    pub(super) fn for_object(self, object: &Object) -> Self {
        let cloud = match object {
            Object::Cloud(verb) => verb.clouds(self.cloud.as_deref()),
            Object::Api(api) => Some(api.place.clone()),
            _ => self.cloud,
        };
        let meant = Self { cloud, ..self };
        if object.changes() {
            return meant;
        }
        let verbose = meant.verbose || meant.dry_run == Some(DryRun::Wire);
        Self { dry_run: None, verbose, ..meant }
    }
}

/// What a dry run shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DryRun {
    /// What would be done
    Plan,
    /// What would be done, and the requests
    Wire,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    #[default]
    Table,
    /// More columns
    Wide,
    /// The whole model, the same for every cloud
    Json,
    /// As json, written as yaml
    Yaml,
    /// A line of keys, then a line each; RFC 4180, lists joined by `;`
    Csv,
    /// Names alone, one a line; an id where the name is no plain word
    Name,
}

impl Format {
    /// Whether the errors stand beside the rows.
    pub(crate) fn has_errors(self) -> bool {
        matches!(self, Self::Json | Self::Yaml)
    }

    /// Whether people read it.
    pub(crate) fn is_table(self) -> bool {
        matches!(self, Self::Table | Self::Wide)
    }
}

/// Reads a time such as `90`, `90s`, `10m`, `2h`.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time; write seconds, or a number with s, m or h, such as `90s` or `10m`");
    let (number, unit) = match text.char_indices().last() {
        Some((at, unit @ ('s' | 'm' | 'h'))) => (&text[..at], unit),
        _ => (text, 's'),
    };
    let seconds = match unit {
        'm' => 60,
        'h' => 3600,
        _ => 1,
    };
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let time = Duration::from_secs(u64::from(number) * seconds);
    if time.is_zero() { Err("no time at all is too little".to_owned()) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, time};
    use clap::CommandFactory;
    use std::time::Duration;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn times() {
        let table = [
            ("90", Some(90)),
            ("90s", Some(90)),
            ("10m", Some(600)),
            ("2h", Some(7200)),
            ("0", None),
            ("", None),
            ("m", None),
            ("1.5", None),
            ("-1", None),
            ("5d", None),
            ("99999999999", None),
        ];
        for (text, seconds) in table {
            assert_eq!(time(text).ok(), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
