//! One thing of a name, or why there is not just one. Pure.

use cloudmesh_abstract::{Error, ErrorKind, Result};

/// The only one of those that were found.
///
/// # Errors
///
/// [`ErrorKind::NotFound`] for none, [`ErrorKind::Ambiguous`] for several, which are told by what `id` says of each.
pub(crate) fn one<T>(what: &str, name: &str, mut found: Vec<T>, id: impl Fn(&T) -> String) -> Result<T> {
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(none(what, name)),
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            found.push(last);
            let ids: Vec<String> = found.iter().map(id).collect();
            let message = format!("`{name}` is the name of several {what}s; give the id: {}", ids.join(", "));
            Err(Error::new(ErrorKind::Ambiguous, message))
        }
    }
}

/// The error for what does not exist.
pub(crate) fn none(what: &str, name: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no {what} `{name}`"))
}

/// What is named in a request and does not exist is a wrong input.
pub(crate) fn as_input(error: Error) -> Error {
    if error.kind() == ErrorKind::NotFound { error.with_kind(ErrorKind::InvalidInput) } else { error }
}

#[cfg(test)]
mod tests {
    use super::{as_input, one};
    use cloudmesh_abstract::ErrorKind;

    #[test]
    fn there_is_one_or_it_is_said_why_not() {
        let pick = |found: &[&'static str]| one("image", "x", found.to_vec(), |id| format!("`{id}`"));
        assert_eq!(pick(&["a"]).unwrap(), "a");
        let missing = pick(&[]).unwrap_err();
        assert_eq!((missing.kind(), missing.message()), (ErrorKind::NotFound, "there is no image `x`"));
        assert_eq!(as_input(missing).kind(), ErrorKind::InvalidInput);
        let several = as_input(pick(&["a", "b"]).unwrap_err());
        assert_eq!(several.kind(), ErrorKind::Ambiguous);
        assert_eq!(several.message(), "`x` is the name of several images; give the id: `a`, `b`");
    }
}
