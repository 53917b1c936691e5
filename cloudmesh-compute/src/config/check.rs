//! Everything that is wrong with a cloud's entry, not only the first mistake.

use cloudmesh_abstract::{Context, Error, ErrorKind, Form, Result};

use super::Config;
use super::cloud::FORMER;
use super::keys::{self, Known};
use super::model::Profile;
use super::position::Position;
use super::problem::Problem;
use super::references::twice;
use super::steps::{Step, shown};
use super::template::{Segment, segments};
use super::tree::{Entry, Kind, Node};
use crate::kinds;

/// What was found at a cloud.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The mistakes, each with its place.
    pub(crate) mistakes: Vec<Error>,
    /// Variables of the environment that are needed and not set.
    pub(crate) unset: Vec<String>,
}

impl Config {
    /// Looks at everything in the entry of a cloud, also of one that is not active. No request is sent.
    pub(crate) fn check_cloud(&self, name: &str) -> Findings {
        let mut findings = Findings::default();
        for (section, entry) in self.sections.entries_of(name) {
            let steps = [section, name].map(|name| Step::Key(name.to_owned()));
            self.check_value(entry, &steps, &mut findings);
        }
        // What the parts do not tell, the whole does: a missing key, one that is given in two spellings.
        if findings.mistakes.is_empty()
            && findings.unset.is_empty()
            && self.is_awake_or_linked(name)
            && let Err(error) = self.try_cloud(name)
        {
            findings.mistakes.push(error);
        }
        findings
    }

    /// Whether it matters that nobody provides a cloud's kind: not while it is not active.
    fn is_awake_or_linked(&self, name: &str) -> bool {
        let linked = || keys::keys_of(&self.sections.root, name).is_some();
        self.clouds().any(|cloud| cloud.name == name && cloud.active) || linked()
    }

    /// File, line and column of the first use of a variable in a cloud's entry.
    pub(crate) fn place_of_variable(&self, cloud: &str, variable: &str) -> String {
        let found = self.sections.cloud(cloud).and_then(|node| use_of(node, variable));
        format!("{}:{}", self.origin(), found.unwrap_or(Position::START))
    }

    /// Looks at `profile` and `default`.
    pub(crate) fn check_common(&self) -> Findings {
        let mut findings = Findings::default();
        for entry in self.sections.root.entries() {
            let known = ["profile", "default"].contains(&entry.name.as_str());
            if known {
                self.check_value(entry, &[Step::Key(entry.name.clone())], &mut findings);
            }
        }
        if findings.mistakes.is_empty() && findings.unset.is_empty() {
            findings.mistakes.extend(self.profile().map(|_: Profile| ()).err());
        }
        findings
    }

    /// Makes a provider that is never asked anything.
    fn try_cloud(&self, name: &str) -> Result<()> {
        let cloud = self.cloud_even_asleep(name)?;
        let tried = kinds::linked(&cloud.kind).and_then(|registration| {
            kinds::check_defaults(registration, &cloud.settings)?;
            registration.connect(&cloud.settings, Context::builder(name).build())
        });
        tried.map(|_| ()).map_err(|error| self.locate(error, name))
    }

    fn check_value(&self, entry: &Entry, steps: &[Step], findings: &mut Findings) {
        match &entry.value.kind {
            Kind::Group(entries) => {
                for inner in entries {
                    let below = [steps, &[Step::Key(inner.name.clone())]].concat();
                    let former = matches!(steps, [_, _, Step::Key(cm)] if cm == "cm") && FORMER.contains(&&*inner.name);
                    if former {
                        continue;
                    }
                    if entries.iter().filter(|other| other.name == inner.name).count() > 1 {
                        findings.mistakes.push(self.origin.error(twice(inner, entries).at(&shown(&below))));
                    }
                    self.check_value(inner, &below, findings);
                }
                self.check_form(entry, steps, findings);
            }
            _ if self.lacks_variables(&entry.value, findings) => {}
            _ => match self.resolver().resolve(&entry.value, &shown(steps)) {
                Ok(_) => self.check_form(entry, steps, findings),
                Err(problem) => findings.mistakes.push(self.origin.error(problem.at(&shown(steps)))),
            },
        }
    }

    /// Whether a key is known, and has a value of its form.
    fn check_form(&self, entry: &Entry, steps: &[Step], findings: &mut Findings) {
        let wrong =
            |place: Position, message: String| self.origin.error(Problem::new(place, message).at(&shown(steps)));
        match keys::known(&self.sections.root, steps) {
            Known::Slip(message) => findings.mistakes.push(wrong(entry.place, message)),
            Known::Value { form, .. } if !suits(&entry.value, form) => {
                let message = format!("`{}` must be {}, found {}", entry.name, wanted(form), entry.value.found());
                findings.mistakes.push(wrong(entry.place, message));
            }
            _ => {}
        }
    }

    /// Takes note of the variables that a value needs and that are not set.
    fn lacks_variables(&self, node: &Node, findings: &mut Findings) -> bool {
        let mut lacking = Vec::new();
        self.unset(node, &mut lacking);
        for name in &lacking {
            if !findings.unset.contains(name) {
                findings.unset.push(name.clone());
            }
        }
        !lacking.is_empty()
    }

    fn unset(&self, node: &Node, lacking: &mut Vec<String>) {
        match &node.kind {
            Kind::List(items) => items.iter().for_each(|item| self.unset(item, lacking)),
            Kind::Text(text) => {
                for segment in segments(text).unwrap_or_default() {
                    if let Segment::Variable { name, fallback: None } = segment
                        && self.environment.variable(name).is_none()
                    {
                        lacking.push(name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }

    /// The default for all clouds of that name that is not one of these, with its place.
    pub(crate) fn mistaken_default(&self, name: &str, message: &str) -> Error {
        let place = self.place_of(&["default", name]);
        Error::new(ErrorKind::Config, format!("{place}: {message}"))
    }
}

fn use_of(node: &Node, variable: &str) -> Option<Position> {
    let is = |segment: &Segment<'_>| matches!(segment, Segment::Variable { name, .. } if *name == variable);
    match &node.kind {
        Kind::Group(entries) => entries.iter().find_map(|entry| use_of(&entry.value, variable)),
        Kind::List(items) => items.iter().find_map(|item| use_of(item, variable)),
        Kind::Text(text) if segments(text).unwrap_or_default().iter().any(is) => Some(node.place),
        _ => None,
    }
}

/// Whether a value has a form; what a reference stands for is looked at with the whole.
fn suits(node: &Node, form: Form) -> bool {
    let reference = node.text().is_some_and(|text| text.contains("${") || text.contains("{cloudmesh."));
    reference
        || match (&node.kind, form) {
            (Kind::Null, _) | (Kind::Text(_), Form::Text | Form::List) => true,
            (Kind::Number(_), form) => form == Form::Number,
            (Kind::Boolean(_), form) => form == Form::Boolean,
            (Kind::List(_), form) => form == Form::List,
            (Kind::Group(_), form) => matches!(form, Form::Pairs | Form::Group),
            _ => false,
        }
}

fn wanted(form: Form) -> &'static str {
    match form {
        Form::Number => "a number",
        Form::Boolean => "true or false",
        Form::List => "a list",
        Form::Pairs => "a group of names and texts",
        Form::Group => "a group of keys",
        _ => "text",
    }
}
