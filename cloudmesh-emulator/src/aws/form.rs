//! The parameters of a request in EC2's Query form: flat names such as `Filter.1.Value.2`, read as what they stand for.
//!
//! Whatever is read is noted, so that what nobody knows can be refused.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use url::form_urlencoded;

use super::fault::Fault;

/// All parameters of a request.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pairs: BTreeMap<String, String>,
    read: RefCell<BTreeSet<String>>,
}

impl Form {
    /// Reads what is written as in the query of an address.
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self { pairs: form_urlencoded::parse(text).into_owned().collect(), read: RefCell::default() }
    }

    /// All of them, at the top.
    pub(crate) fn params(&self) -> Params<'_> {
        Params { form: self, prefix: String::new() }
    }

    /// Names and values, in the order of the names.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Refuses what has not been read.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        let read = self.read.borrow();
        match self.pairs.keys().find(|name| !read.contains(*name)) {
            Some(name) => Err(Fault::new("UnknownParameter", format!("The parameter {name} is not recognized"))),
            None => Ok(()),
        }
    }
}

/// The parameters of one structure, such as those whose names begin with `TagSpecification.1.`.
#[derive(Debug, Clone)]
pub(crate) struct Params<'a> {
    form: &'a Form,
    prefix: String,
}

impl<'a> Params<'a> {
    /// The whole name of one of them.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A text; `None` when it is not given.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        let (name, value) = self.form.pairs.get_key_value(&self.name(name))?;
        self.form.read.borrow_mut().insert(name.clone());
        Some(value)
    }

    /// A text that must be given.
    pub(crate) fn required(&self, name: &str) -> Result<&'a str, Fault> {
        self.text(name).filter(|text| !text.is_empty()).ok_or_else(|| Fault::missing(&self.name(name)))
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(self.wrong(name, text, "Expecting a boolean.")),
        }
    }

    /// A whole number.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Fault> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.wrong(name, text, "Expecting an integer."))
    }

    /// One of some words.
    pub(crate) fn choice(&self, name: &str, words: &[&'static str]) -> Result<Option<&'static str>, Fault> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let known = words.iter().find(|word| **word == text);
        let told = || self.wrong(name, text, &format!("Valid values are: {}.", words.join(", ")));
        known.copied().map(Some).ok_or_else(told)
    }

    /// A list of texts: `NAME.1`, `NAME.2` and so on.
    pub(crate) fn list(&self, name: &str) -> Vec<&'a str> {
        self.numbers(name).into_iter().filter_map(|number| self.text(&format!("{name}.{number}"))).collect()
    }

    /// A list of structures: `NAME.1.…`, `NAME.2.…` and so on.
    pub(crate) fn parts(&self, name: &str) -> Vec<Self> {
        let part = |number| Self { form: self.form, prefix: format!("{}{name}.{number}.", self.prefix) };
        self.numbers(name).into_iter().map(part).collect()
    }

    /// A structure `NAME.…`, if anything of it is given.
    pub(crate) fn part(&self, name: &str) -> Option<Self> {
        let prefix = format!("{}{name}.", self.prefix);
        let given = self.form.pairs.range(prefix.clone()..).next().is_some_and(|(name, _)| name.starts_with(&prefix));
        given.then_some(Self { form: self.form, prefix })
    }

    /// A list that some clients call by another name: boto sends `Group` where the SDK sends `GroupId`, for one.
    pub(crate) fn either(&self, name: &str, other: &str) -> Vec<&'a str> {
        let found = self.list(name);
        if found.is_empty() { self.list(other) } else { found }
    }

    /// What EC2 says about a value that cannot be.
    pub(crate) fn wrong(&self, name: &str, value: impl Display, why: &str) -> Fault {
        Fault::value(&self.name(name), value, why)
    }

    /// The numbers that elements of a list have, in order. Not all need be there.
    fn numbers(&self, name: &str) -> BTreeSet<u32> {
        let prefix = format!("{}{name}.", self.prefix);
        let names = self.form.pairs.range(prefix.clone()..).map(|(name, _)| name);
        let within = names.take_while(|name| name.starts_with(&prefix));
        within.filter_map(|name| name[prefix.len()..].split('.').next()?.parse().ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    const TEXT: &[u8] = b"Filter.1.Name=tag:a&Filter.1.Value.1=x&Filter.1.Value.10=z&Filter.1.Value.2=y\
        &Filter.3.Name=b&DryRun=true&Count=5&Filters=1&Ebs.Size=8";

    #[test]
    fn lists_and_structures_are_read_in_order() {
        let form = Form::parse(TEXT);
        let filters = form.params().parts("Filter");
        let read: Vec<_> = filters.iter().map(|one| (one.required("Name").unwrap(), one.list("Value"))).collect();
        assert_eq!(read, [("tag:a", vec!["x", "y", "z"]), ("b", vec![])]);
        assert_eq!(form.params().part("Ebs").unwrap().number("Size").unwrap(), Some(8));
        assert!(form.params().part("Eb").is_none());
    }

    #[test]
    fn what_nobody_read_is_refused() {
        let form = Form::parse(b"A=1&B.1.C=2");
        assert_eq!(form.params().text("A"), Some("1"));
        let refused = form.finish().unwrap_err();
        assert_eq!(
            (refused.code, refused.message.as_str()),
            ("UnknownParameter", "The parameter B.1.C is not recognized")
        );
        form.params().parts("B")[0].text("C");
        assert!(form.finish().is_ok());
    }

    #[test]
    fn wrong_values_are_told() {
        let form = Form::parse(TEXT);
        assert_eq!(form.params().flag("DryRun"), Ok(Some(true)));
        assert_eq!(form.params().flag("Count").unwrap_err().code, "InvalidParameterValue");
        assert_eq!(form.params().number::<u8>("DryRun").unwrap_err().code, "InvalidParameterValue");
        let missing = form.params().required("ImageId").unwrap_err();
        assert_eq!(missing.message, "The request must contain the parameter ImageId");
        assert_eq!(form.params().choice("Count", &["5", "6"]), Ok(Some("5")));
        assert!(form.params().choice("Count", &["6"]).is_err());
    }
}
