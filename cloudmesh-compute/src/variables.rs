//! Defaults that `cms set` keeps: a file beside the configuration.

use std::path::Path;

use clap::ValueEnum;
use cloudmesh_abstract::nearest;

use crate::boot::Wishes;
use crate::cli::Format;
use crate::clouds::chosen;
use crate::config::companion::{self, Place, beside};
use crate::config::flat::{self, Line};
use crate::config::{Config, Environment, write};
use crate::{Error, ErrorKind, Result};

/// What stands above the lines.
const HEAD: &str = "# Defaults that `cms set` keeps. An option or a CLOUDMESH_ variable wins over them.\n";

/// A default that can be kept.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    form: Form,
}

/// What may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    List,
    Flag,
    Number,
    Output,
    /// Names of clouds, which the configuration must have.
    Cloud,
}

/// All that can be kept, in the order of their importance.
pub(crate) const KNOWN: [Known; 16] = [
    known("cloud", "clouds to use", Form::Cloud),
    known("image", "image of new machines", Form::Text),
    known("size", "size of new machines", Form::Text),
    known("key", "ssh key of new machines", Form::Text),
    known("secgroup", "security groups of new machines", Form::List),
    known("network", "networks of new machines", Form::List),
    known("zone", "availability zone of new machines", Form::Text),
    known("group", "group that new machines belong to", Form::Text),
    known("username", "login name to make on new machines", Form::Text),
    known("public", "whether new machines get a public address", Form::Flag),
    known("disk", "boot disk of new machines in GiB", Form::Number),
    known("disk_type", "type of the boot disk of new machines", Form::Text),
    known("spot", "whether new machines may be taken away again", Form::Flag),
    known("hibernate", "whether new machines are made to be suspended", Form::Flag),
    known("user", "who makes new machines, in names and marks", Form::Text),
    known("output", "how to print", Form::Output),
];

const fn known(name: &'static str, meaning: &'static str, form: Form) -> Known {
    Known { name, meaning, form }
}

/// The defaults that are kept for one configuration.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    lines: Vec<Line>,
}

/// The file that belongs to a configuration: `variables.yaml` beside the usual one.
///
/// # Errors
///
/// [`ErrorKind::Config`] when there is no home directory to look in.
pub(crate) fn file(config: Option<&Path>, environment: &dyn Environment) -> Result<Place> {
    beside(config, "variables", environment)
}

impl Variables {
    /// Reads them; a file that is not there has none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] with the place of a mistake and what to do.
    pub(crate) fn read(file: &Place, environment: &dyn Environment) -> Result<Self> {
        let mut lines = flat::read(&file.path, file.usual, environment)?;
        for line in &mut lines {
            line.name = checked(&line.name, &line.value).map_err(|error| at(line, error))?.name.to_owned();
        }
        if let Some(twice) = (1..lines.len()).find(|at| lines[..*at].iter().any(|line| line.name == lines[*at].name)) {
            let line = &lines[twice];
            let message = format!("{}: `{}` is given twice; keep one of them", line.place, line.name);
            return Err(Error::new(ErrorKind::Config, message));
        }
        Ok(Self { lines })
    }

    /// The lines, in the order of their importance.
    pub(crate) fn lines(&self) -> Vec<&Line> {
        KNOWN.iter().filter_map(|known| self.line(known.name)).collect()
    }

    /// The line of a name.
    pub(crate) fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.line(name).map(|line| line.value.as_str())
    }

    /// How to print, if that is kept.
    pub(crate) fn format(&self) -> Option<Format> {
        Format::from_str(self.get("output")?, true).ok()
    }

    /// What is kept about new machines.
    pub(crate) fn wishes(&self) -> Wishes {
        let text = |name: &str| self.get(name).map(str::to_owned);
        let list = |name: &str| self.get(name).map(words).unwrap_or_default();
        Wishes {
            image: text("image"),
            flavor: text("size"),
            key: text("key"),
            secgroups: list("secgroup"),
            networks: list("network"),
            zone: text("zone"),
            group: text("group"),
            username: text("username"),
            public: self.get("public").and_then(|text| text.parse().ok()),
            disk_gb: self.get("disk").and_then(|text| text.parse().ok()),
            disk_type: text("disk_type"),
            spot: self.get("spot").and_then(|text| text.parse().ok()),
            hibernate: self.get("hibernate").and_then(|text| text.parse().ok()),
            user: text("user"),
            ..Wishes::default()
        }
    }

    fn put(&mut self, name: &str, value: &str) {
        self.lines.retain(|line| line.name != name);
        self.lines.push(Line {
            name: name.to_owned(),
            value: value.to_owned(),
            items: Vec::new(),
            place: String::new(),
        });
    }

    fn text(&self) -> String {
        let line = |line: &Line| format!("{}: {}\n", line.name, write::scalar(&line.value));
        HEAD.to_owned() + &self.lines().into_iter().map(line).collect::<String>()
    }
}

/// Changes the file while no other process does: keeps `values`, forgets `names`.
///
/// # Errors
///
/// [`ErrorKind::Config`] for a mistake in the file, [`ErrorKind::Unexpected`] when it cannot be written.
pub(crate) fn change(
    place: &Place,
    environment: &dyn Environment,
    values: &[(&'static str, String)],
    names: &[&'static str],
) -> Result<Variables> {
    companion::change(place, || {
        let mut variables = Variables::read(place, environment)?;
        variables.lines.retain(|line| !names.contains(&line.name.as_str()));
        for (name, value) in values {
            variables.put(name, value);
        }
        Ok((Some(variables.text()), variables))
    })
}

/// The default of this name, as it may be typed.
///
/// # Errors
///
/// [`ErrorKind::Config`] with the nearest name there is.
pub(crate) fn named(name: &str) -> Result<&'static Known> {
    let name = if name == "flavor" { "size" } else { name };
    KNOWN.iter().find(|known| known.name == name).ok_or_else(|| {
        let names = || KNOWN.iter().map(|known| known.name);
        let message = nearest(name, names()).map_or_else(
            || format!("unknown variable `{name}`, there are `{}`", names().collect::<Vec<_>>().join("`, `")),
            |near| format!("unknown variable `{name}`, did you mean `{near}`?"),
        );
        Error::new(ErrorKind::Config, message)
    })
}

/// The default that a name means, if the value suits it. Whether a cloud exists is not looked at.
///
/// # Errors
///
/// [`ErrorKind::Config`] for an unknown name, or a value that it cannot have.
pub(crate) fn checked(name: &str, value: &str) -> Result<&'static Known> {
    let known = named(name)?;
    let name = known.name;
    let wanted = match known.form {
        _ if value.trim().is_empty() => Some(format!("needs a value; `cms set --delete {name}` forgets it")),
        Form::Flag if value.parse::<bool>().is_err() => Some("must be `true` or `false`".to_owned()),
        Form::Number if value.parse::<u32>().is_err() => Some("must be a number".to_owned()),
        Form::Output if Format::from_str(value, true).is_err() => Some(format!("must be one of {}", formats())),
        _ => None,
    };
    match wanted {
        Some(wanted) => Err(Error::new(ErrorKind::Config, format!("`{name}` {wanted}"))),
        None => Ok(known),
    }
}

/// Refuses clouds that the configuration does not have, and patterns that are none or fit none.
///
/// # Errors
///
/// [`ErrorKind::Config`] with the nearest name there is.
pub(crate) fn check_clouds(config: &Config, value: &str) -> Result<()> {
    let names = chosen(config, &[value]).map_err(|error| error.with_kind(ErrorKind::Config))?;
    let unknown = names.iter().find(|name| !config.clouds().any(|cloud| cloud.name == **name));
    unknown.map_or(Ok(()), |name| config.cloud(name).map(drop))
}

/// The formats there are, in backticks.
pub(crate) fn formats() -> String {
    let values = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    values.map(|value| format!("`{}`", value.get_name())).collect::<Vec<_>>().join(", ")
}

fn at(line: &Line, error: Error) -> Error {
    let message = format!("{}: {}", line.place, error.message());
    error.with_message(message)
}

fn words(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
