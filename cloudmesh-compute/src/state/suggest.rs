//! What somebody may have meant.

use cloudmesh_abstract::nearest;

use super::What;

/// How many names are suggested.
const FEW: usize = 3;

/// Of the known names those that are like a name that was not found, the likeliest first. A machine's number is meant
/// as it is typed: `web-2` is no slip of `web-1`.
pub(crate) fn near(what: What, name: &str, known: &[String]) -> Vec<String> {
    let bare = |name: &str| name.replace(|sign: char| sign.is_ascii_digit(), "");
    let others = known.iter().filter(|other| what != What::Node || bare(other) != bare(name));
    let mut others: Vec<&str> = others.map(String::as_str).collect();
    let mut near = Vec::new();
    while near.len() < FEW
        && let Some(next) = nearest(name, others.iter().copied())
    {
        near.push(next.to_owned());
        others.retain(|other| *other != next);
    }
    near
}

/// The names as a question that goes on in a sentence; nothing where there are none.
pub(crate) fn did_you_mean(names: &[String]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, others) = quoted.split_last()?;
    let or = if others.is_empty() { String::new() } else { format!("{} or ", others.join(", ")) };
    Some(format!("did you mean {or}{last}?"))
}

#[cfg(test)]
mod tests {
    use super::{What, did_you_mean, near};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_likeliest_come_first() {
        let known = names(&["debian-13", "ubuntu-22.04", "ubuntu-24.04", "fedora"]);
        assert_eq!(near(What::Image, "ubuntu-24.4", &known), ["ubuntu-24.04", "ubuntu-22.04"]);
        assert_eq!(near(What::Image, "windows", &known), names(&[]));
    }

    #[test]
    fn the_number_of_a_machine_is_no_slip() {
        let known = names(&["web-1", "web-2", "wed-7"]);
        assert_eq!(near(What::Node, "web-7", &known), ["wed-7"]);
        assert_eq!(near(What::Node, "wbe-1", &known)[0], "web-1");
    }

    #[test]
    fn names_as_a_question() {
        assert_eq!(did_you_mean(&[]), None);
        assert_eq!(did_you_mean(&names(&["a"])).unwrap(), "did you mean `a`?");
        assert_eq!(did_you_mean(&names(&["a", "b", "c"])).unwrap(), "did you mean `a`, `b` or `c`?");
    }
}
