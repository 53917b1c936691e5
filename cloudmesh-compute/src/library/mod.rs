//! What is kept on this machine to be brought to clouds: public keys, and rules and groups of them.

mod key_file;
mod keys;
mod rules;
mod shelf;

use cloudmesh_abstract::{Error, ErrorKind, Result, names};

pub use self::key_file::{KEY_FILE_BYTES, key_from};
pub use self::keys::KeyLibrary;
pub use self::rules::RuleLibrary;

/// Refuses a name that could not be typed again, since it would be a pattern, or several names.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let is_one = names::expand(name).is_ok_and(|names| names == [name]) && !name.contains(char::is_control);
    if is_one && !name.starts_with('-') {
        return Ok(());
    }
    let message = format!("`{name}` cannot be a name; write letters, digits and signs such as `-`, `_` and `.`");
    Err(Error::new(ErrorKind::InvalidInput, message))
}
