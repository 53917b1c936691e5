//! The file to begin with, made from what the providers say about themselves.

use std::fmt::Write;

use cloudmesh_abstract::{Form, Key, Registration, Settings};
use serde_json::Value;

use super::write::scalar;

const HEAD: &str = "\
# The configuration of Cloudmesh. `cms config check` tells what is usable and what is missing.
#
# ${NAME} is a variable of the environment, ${NAME:-text} has a fallback, {cloudmesh.profile.user} is a value of this
# file. Keep secrets in variables, or keep this file to yourself: chmod 600.
cloudmesh:
  profile:
    # The name that new machines are marked with.
    user: ${USER:-me}
    # The file of your ssh public key.
    # publickey: ~/.ssh/id_ed25519.pub
  default:
    # What is used when nothing else is said.
    # cloud: CLOUD
    # group: mygroup
";

/// The file: an entry for each kind of cloud, none of them active yet.
pub(crate) fn starter(registrations: &[&Registration]) -> String {
    let mut text = HEAD.to_owned();
    if let Some(first) = registrations.first() {
        text = text.replace("CLOUD\n", &format!("{}\n", first.kind));
    }
    text.push_str("  compute:\n");
    for registration in registrations {
        text.push_str(&entry(registration));
    }
    text
}

fn entry(registration: &Registration) -> String {
    let (kind, about) = (registration.kind, registration.about);
    let mut text = format!(
        "    # {about}. `cms provider info {kind}` shows all that can be written here.\n    {kind}:\n      \
         cm: {{kind: {kind}, active: false}}   # `true` once it is filled in\n"
    );
    let example = registration.example();
    let shown = Shown { kind, example: &example };
    shown.keys(registration.keys, "", 6, &mut text);
    text.push_str("      defaults:\n");
    for (name, what) in [("image", "image list"), ("size", "flavor list"), ("key", "")] {
        let advice = if what.is_empty() { String::new() } else { format!("   # `cms {what} --cloud {kind}`") };
        _ = writeln!(text, "        # {name}: …{advice}");
    }
    text
}

struct Shown<'a> {
    kind: &'a str,
    example: &'a Settings,
}

impl Shown<'_> {
    /// The lines of the keys that the provider's example has, with what they mean.
    fn keys(&self, keys: &'static [Key], above: &str, indent: usize, text: &mut String) {
        let margin = " ".repeat(indent);
        for key in keys {
            let path = if above.is_empty() { key.name.to_owned() } else { format!("{above}.{}", key.name) };
            let Some(value) = self.example.get(&path) else { continue };
            _ = writeln!(text, "{margin}# {}", key.meaning);
            if key.form == Form::Group {
                _ = writeln!(text, "{margin}{}:", key.name);
                self.keys(key.inner, &path, indent + 2, text);
            } else {
                _ = writeln!(text, "{margin}{}: {}", key.name, self.value(key, &path, value));
            }
        }
    }

    /// What is written as a value: a variable below `credentials` and for secrets, else the provider's example.
    fn value(&self, key: &Key, path: &str, example: &Value) -> String {
        if key.secret || path.starts_with("credentials") {
            return format!("${{{}}}", self.variable(key));
        }
        example.as_str().map_or_else(|| example.to_string(), scalar)
    }

    /// The variable that the vendor's own tools read, else one that is called after the kind.
    fn variable(&self, key: &Key) -> String {
        let named =
            |name: &&&str| name.chars().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_');
        let usual = key.spellings.iter().find(named);
        usual.map_or_else(|| format!("{}_{}", self.kind, key.name).to_uppercase(), |name| (*name).to_owned())
    }
}
