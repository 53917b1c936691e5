//! The description of a key, and the types that a key can have.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

/// One key of a configuration: the source of suggestions, checks and documentation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Key {
    /// The name that the documentation uses.
    pub name: &'static str,
    /// Other accepted names, such as older ones.
    pub spellings: &'static [&'static str],
    /// What it means: the first sentence of the declaration's documentation.
    pub meaning: &'static str,
    /// What is written there.
    pub form: Form,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it is a secret.
    pub secret: bool,
    /// Whether the keys inside may also stand one level higher.
    pub flat: bool,
    /// The keys inside, for a group.
    pub inner: &'static [Key],
}

impl Key {
    /// A key without any of the refinements; [`settings!`](crate::settings!) fills in the rest.
    #[doc(hidden)]
    pub const fn of<T: Setting>(
        name: &'static str,
        spellings: &'static [&'static str],
        meaning: &'static str,
        flat: bool,
    ) -> Self {
        Self {
            name,
            spellings,
            meaning,
            form: T::FORM,
            required: T::REQUIRED,
            secret: T::SECRET,
            flat,
            inner: T::INNER,
        }
    }

    /// Whether `name` means this key.
    pub fn is(&self, name: &str) -> bool {
        self.name == name || self.spellings.contains(&name)
    }
}

/// What is written as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list of texts, or one text.
    List,
    /// A group of named texts.
    Pairs,
    /// A group of keys.
    Group,
}

/// A type that a key can have.
pub trait Setting {
    /// What is written.
    const FORM: Form;
    /// Whether it must be given.
    const REQUIRED: bool = true;
    /// Whether it is a secret.
    const SECRET: bool = false;
    /// The keys inside, for a group.
    const INNER: &'static [Key] = &[];
}

macro_rules! forms {
    ($($type:ty => $form:ident),+ $(,)?) => {
        $(impl Setting for $type { const FORM: Form = Form::$form; })+
    };
}

forms! {
    String => Text,
    PathBuf => Text,
    bool => Boolean,
    u16 => Number,
    u32 => Number,
    u64 => Number,
    Vec<String> => List,
    BTreeMap<String, String> => Pairs,
}

impl Setting for SecretString {
    const FORM: Form = Form::Text;
    const SECRET: bool = true;
}

impl<T: Setting> Setting for Option<T> {
    const FORM: Form = T::FORM;
    const REQUIRED: bool = false;
    const SECRET: bool = T::SECRET;
    const INNER: &'static [Key] = T::INNER;
}
