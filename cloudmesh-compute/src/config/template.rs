//! References within a text: found, not yet looked up.

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    /// What stands for itself.
    Plain(&'a str),
    /// `~` at the beginning, before a `/`.
    Home,
    /// `${NAME}` or `${NAME:-fallback}`.
    Variable { name: &'a str, fallback: Option<&'a str> },
    /// `{cloudmesh.profile.user}`, without the `cloudmesh.`.
    Path(&'a str),
}

const OPEN: &str = "${";
const ESCAPED: &str = "$${";
const PATH: &str = "{cloudmesh.";

/// Cuts a text at its references. `$${` is a plain `${`; a `$` or `{` that begins no reference is itself.
///
/// # Errors
///
/// A sentence about a `${` that is not closed or that holds no name. It repeats nothing of the text.
pub(super) fn segments(text: &str) -> Result<Vec<Segment<'_>>, &'static str> {
    let mut segments = Vec::new();
    let mut rest = text;
    if rest.starts_with("~/") {
        segments.push(Segment::Home);
        rest = &rest[1..];
    }
    while !rest.is_empty() {
        let (segment, length) = first(rest)?;
        segments.push(segment);
        rest = &rest[length..];
    }
    Ok(segments)
}

fn first(text: &str) -> Result<(Segment<'_>, usize), &'static str> {
    if text.starts_with(ESCAPED) {
        return Ok((Segment::Plain(OPEN), ESCAPED.len()));
    }
    if text.starts_with(OPEN) {
        let end = closing(text).ok_or("`${` is not closed by `}`; write `$${` for a plain `${`")?;
        return Ok((variable(&text[OPEN.len()..end])?, end + 1));
    }
    if let Some((path, length)) = path(text) {
        return Ok((Segment::Path(path), length));
    }
    let begins = |index: &usize| text[*index..].starts_with(OPEN) || text[*index..].starts_with(ESCAPED);
    let mut later = text.char_indices().skip(1).map(|(index, _)| index);
    let end = later.find(|index| begins(index) || path(&text[*index..]).is_some()).unwrap_or(text.len());
    Ok((Segment::Plain(&text[..end]), end))
}

/// Where the `}` is that belongs to the `${` at the beginning.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, sign) in text.bytes().enumerate() {
        match sign {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return Some(index),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn variable(inside: &str) -> Result<Segment<'_>, &'static str> {
    let (name, fallback) = match inside.split_once(":-") {
        Some((name, fallback)) => (name, Some(fallback)),
        None => (inside, None),
    };
    let first = name.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_');
    if first && name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_') {
        return Ok(Segment::Variable { name, fallback });
    }
    Err("`${…}` holds no name of a variable; write `${NAME}` or `${NAME:-fallback}`, and `$${` for a plain `${`")
}

fn path(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix(PATH)?;
    let fits = |sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '_' | '-' | '[' | ']');
    let end = inside.find(|sign| !fits(sign)).filter(|end| *end > 0)?;
    inside[end..].starts_with('}').then(|| (&inside[..end], PATH.len() + end + 1))
}

#[cfg(test)]
mod tests {
    use super::Segment::{Home, Path, Plain, Variable};
    use super::segments;

    #[test]
    fn references_are_found() {
        let variable = |name, fallback| Variable { name, fallback };
        let table = [
            ("", vec![]),
            ("plain", vec![Plain("plain")]),
            ("~/x", vec![Home, Plain("/x")]),
            ("a~/x", vec![Plain("a~/x")]),
            ("~", vec![Plain("~")]),
            ("${A}", vec![variable("A", None)]),
            ("a${A}b${_B2}", vec![Plain("a"), variable("A", None), Plain("b"), variable("_B2", None)]),
            ("${A:-}", vec![variable("A", Some(""))]),
            ("${A:-x:-y}", vec![variable("A", Some("x:-y"))]),
            ("${A:-${B:-c}}d", vec![variable("A", Some("${B:-c}")), Plain("d")]),
            ("${A:-{cloudmesh.a}}", vec![variable("A", Some("{cloudmesh.a}"))]),
            ("$${A}", vec![Plain("${"), Plain("A}")]),
            ("pa$word{1}$", vec![Plain("pa$word{1}$")]),
            ("$A", vec![Plain("$A")]),
            ("{cloudmesh.profile.user}-vm", vec![Path("profile.user"), Plain("-vm")]),
            ("a{cloudmesh.}{other.x}", vec![Plain("a{cloudmesh.}{other.x}")]),
            ("{cloudmesh.a b}", vec![Plain("{cloudmesh.a b}")]),
            ("ä${A}ö", vec![Plain("ä"), variable("A", None), Plain("ö")]),
        ];
        for (text, expected) in table {
            assert_eq!(segments(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn broken_references_are_refused() {
        for text in ["${", "a${A", "${A:-${B}", "${}", "${1}", "${A B}", "${A:?x}", "${A-b}", "${`id`}"] {
            assert!(segments(text).is_err(), "{text}");
        }
    }
}
