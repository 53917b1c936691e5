//! Exit codes, and what is said with them.

use std::collections::BTreeSet;
use std::io;

use super::begun::quoted;
use super::output;
use crate::{Error, ErrorKind};

/// Everything was done.
pub(super) const DONE: u8 = 0;
/// Some of it was done.
pub(super) const PARTLY: u8 = 3;

/// What an error of this kind is to whoever called the program.
pub(super) fn code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Config => 2,
        ErrorKind::NotFound => 4,
        ErrorKind::Unauthenticated | ErrorKind::PermissionDenied => 5,
        ErrorKind::QuotaExceeded => 6,
        ErrorKind::RateLimited => 7,
        ErrorKind::Timeout => 8,
        ErrorKind::Cancelled => 130,
        _ => 1,
    }
}

/// The code for several outcomes: of the errors if they agree, 1 if they do not, 3 if something was done beside them.
pub(super) fn code_of(done: usize, errors: &[&Error]) -> u8 {
    let mut codes = errors.iter().map(|error| code(error.kind()));
    let Some(first) = codes.next() else { return DONE };
    match done {
        0 if codes.all(|code| code == first) => first,
        0 => 1,
        _ => PARTLY,
    }
}

/// The error of something that this machine did not let us do.
pub(crate) fn failed(doing: &str, error: io::Error) -> Error {
    Error::new(ErrorKind::Unexpected, format!("cannot {doing}")).with_source(error)
}

/// The sentence of an error. One about the configuration begins with its place in the file, which editors can open.
fn told(error: &Error) -> String {
    if error.kind() == ErrorKind::Config { error.message().to_owned() } else { error.to_string() }
}

/// Says an error, and beneath it the causes that add something.
pub(super) fn say(error: &Error, quiet: bool) {
    let told = told(error);
    output::say(&format!("{}: {}", output::red("error"), output::tame(&told)));
    if quiet {
        return;
    }
    let mut last = told;
    for cause in std::iter::successors(std::error::Error::source(error), |cause| (*cause).source()) {
        let sentence = cause.to_string();
        if !last.contains(&sentence) {
            output::say(&format!("  because: {}", output::tame(&sentence)));
        }
        last = sentence;
    }
}

/// Says beneath errors what to type next, where their sentences are the cloud's own and cannot tell. Each once.
pub(super) fn advise(errors: &[&Error]) {
    let advice: BTreeSet<String> = errors.iter().filter_map(|error| advice(error)).collect();
    for line in advice {
        output::say(&format!("  try: {}", output::tame(&line)));
    }
}

/// What to type next about an error of which only its kind is known.
fn advice(error: &Error) -> Option<String> {
    match error.kind() {
        ErrorKind::RateLimited => Some("the same again a little later, or with `--parallel 2`".to_owned()),
        ErrorKind::QuotaExceeded => {
            let cloud = error.place().cloud.as_deref()?;
            let cloud = quoted(cloud);
            Some(format!(
                "`cms vm list --cloud {cloud}` shows what is there, `cms flavor list --cloud {cloud}` other sizes"
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{advice, code_of};
    use crate::{Error, ErrorKind};

    #[test]
    fn where_only_the_cloud_speaks_it_is_said_what_to_do() {
        let quota = Error::new(ErrorKind::QuotaExceeded, "no").in_cloud("my lab");
        assert!(advice(&quota).unwrap().starts_with("`cms vm list --cloud 'my lab'` "));
        assert!(advice(&Error::new(ErrorKind::RateLimited, "no")).unwrap().contains("--parallel"));
        assert_eq!(advice(&Error::new(ErrorKind::NotFound, "no; `cms vm list` shows what there is")), None);
    }

    #[test]
    fn codes_of_several_outcomes() {
        let missing = Error::new(ErrorKind::NotFound, "a");
        let refused = Error::new(ErrorKind::PermissionDenied, "b");
        assert_eq!(code_of(0, &[]), 0);
        assert_eq!(code_of(2, &[]), 0);
        assert_eq!(code_of(0, &[&missing, &missing]), 4);
        assert_eq!(code_of(0, &[&missing, &refused]), 1);
        assert_eq!(code_of(1, &[&missing]), 3);
    }
}
