use proptest::prelude::{Strategy, any, prop, proptest};
use proptest::{prop_assert, prop_assert_eq, prop_oneof};

use super::{MAX_NAMES, PatternError, Selector, expand, expand_all, is_glob, matches, number, select};
use crate::{Error, ErrorKind};

#[test]
fn patterns_stand_for_names() {
    let table: &[(&str, &[&str])] = &[
        ("vm", &["vm"]),
        ("vm[1-3,07-09]", &["vm1", "vm2", "vm3", "vm07", "vm08", "vm09"]),
        ("vm[1]", &["vm1"]),
        ("[1-2]", &["1", "2"]),
        ("[1-2]a", &["1a", "2a"]),
        ("r[1-2]n[1-2]", &["r1n1", "r1n2", "r2n1", "r2n2"]),
        ("a[1-2][3-4]", &["a13", "a14", "a23", "a24"]),
        ("a,b[1-2],c", &["a", "b1", "b2", "c"]),
        ("web[1-2].lab", &["web1.lab", "web2.lab"]),
        ("n[08-11]", &["n08", "n09", "n10", "n11"]),
        ("n[9-11]", &["n9", "n10", "n11"]),
        ("n[098-102]", &["n098", "n099", "n100", "n101", "n102"]),
        ("n[8-10,08]x", &["n8x", "n9x", "n10x", "n08x"]),
        ("n[000]", &["n000"]),
        ("n[5-5]", &["n5"]),
        ("b,a,b", &["b", "a"]),
        ("n[3,1-3]", &["n3", "n1", "n2"]),
        ("n[1,01]", &["n1", "n01"]),
        (" a , b[ 1 - 2 , 4 ] ", &["a", "b1", "b2", "b4"]),
        ("my vm", &["my vm"]),
        ("größe[1-2]ß", &["größe1ß", "größe2ß"]),
        ("web-1", &["web-1"]),
        ("n[999999999999999998-999999999999999999]", &["n999999999999999998", "n999999999999999999"]),
    ];
    for (pattern, names) in table {
        assert_eq!(expand(pattern).unwrap(), *names, "{pattern}");
    }
}

#[test]
fn mistakes_are_told_with_their_position() {
    let table = [
        ("", "a name is missing at position 1 of ``"),
        ("a,,b", "a name is missing at position 3 of `a,,b`"),
        ("a,", "a name is missing at position 3 of `a,`"),
        (",a", "a name is missing at position 1 of `,a`"),
        ("vm[]", "a number is missing at position 4 of `vm[]`"),
        ("vm[1,]", "a number is missing at position 6 of `vm[1,]`"),
        ("vm[1-]", "a number is missing at position 6 of `vm[1-]`"),
        ("vm[-3]", "a number is missing at position 4 of `vm[-3]`"),
        ("vm[2,3-1]", "the range `3-1` goes down at position 6 of `vm[2,3-1]`; write the lower number first"),
        (
            "vm[1-03]",
            "the range `1-03` is padded to two widths at position 4 of `vm[1-03]`; write as many digits at both ends",
        ),
        (
            "vm[a-c]",
            "`a` is no whole number at position 4 of `vm[a-c]`; brackets hold numbers and ranges such as `[1-3,7]`",
        ),
        (
            "vm[1-2-3]",
            "`2-3` is no whole number at position 6 of `vm[1-2-3]`; brackets hold numbers and ranges such as `[1-3,7]`",
        ),
        (
            "vm[1.5]",
            "`1.5` is no whole number at position 4 of `vm[1.5]`; brackets hold numbers and ranges such as `[1-3,7]`",
        ),
        (
            "vm[٣]",
            "`٣` is no whole number at position 4 of `vm[٣]`; brackets hold numbers and ranges such as `[1-3,7]`",
        ),
        ("vm[1,[2]]", "a bracket within brackets at position 6 of `vm[1,[2]]`; put one behind the other"),
        ("ümläut[1-3", "a bracket is never closed at position 7 of `ümläut[1-3`"),
        ("vm1-3]", "a bracket is closed that was never opened at position 6 of `vm1-3]`"),
        ("a,vm[1]]", "a bracket is closed that was never opened at position 8 of `a,vm[1]]`"),
        ("vm[1-1234567890123456789]", "a number with more than 18 digits at position 6 of `vm[1-1234567890123456789]`"),
        ("a,web*", "a glob at position 6 of `a,web*` where a name is needed; `*` and `?` choose among what exists"),
    ];
    for (pattern, message) in table {
        assert_eq!(expand(pattern).unwrap_err().to_string(), message);
    }
}

#[test]
fn too_much_is_refused_before_it_is_made() {
    let table = [
        "vm[1-100001]",
        "vm[1-60000,1-60000]",
        "vm[0-999999999999999999]",
        "a[1-1000]b[1-101]",
        "[1-99999][1-99999][1-99999][1-99999][1-99999][1-99999]",
        "a[1-60000],a[1-60000]",
    ];
    for pattern in table {
        let error = expand(pattern).unwrap_err();
        assert!(matches!(error, PatternError::TooMany { .. }), "{pattern}: {error}");
    }
    assert_eq!(expand("vm[1-100000]").unwrap().len(), MAX_NAMES);
    assert!(expand_all(["a[1-60000]", "b[1-60000]"]).is_err());
}

#[test]
fn long_names_and_long_patterns_do_no_harm() {
    let long = format!("{}[1-100000]", "x".repeat(1_000_000));
    let error = expand(&long).unwrap_err();
    assert_eq!(error.to_string(), "a name of more than 255 characters at position 1");
    assert!(expand(&"[".repeat(1_000_000)).is_err());
    assert!(expand(&",".repeat(1_000_000)).is_err());
    assert!(expand(&format!("a[{}1-9]", "0".repeat(100_000))).is_err());
    assert_eq!(expand(&"ä".repeat(255)).unwrap().len(), 1);
    assert!(expand(&"[1]".repeat(256)).is_err());
}

#[test]
fn errors_become_invalid_input() {
    let error = Error::from(expand("vm[").unwrap_err());
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.message(), "a bracket is never closed at position 3 of `vm[`");
}

#[test]
fn one_name_is_numbered() {
    assert_eq!(number("web", 2).unwrap(), ["web-1", "web-2"]);
    assert_eq!(number("web", 0).unwrap(), [""; 0]);
    assert!(matches!(number("", 1), Err(PatternError::EmptyName { .. })));
    assert!(matches!(number("web", MAX_NAMES + 1), Err(PatternError::TooMany { .. })));
    assert!(matches!(number(&"x".repeat(255), 1), Err(PatternError::LongName { .. })));
}

#[test]
fn globs_match_whole_names() {
    let table = [
        ("*", "", true),
        ("*", "anything", true),
        ("web*", "web", true),
        ("web*", "my-web", false),
        ("*-1", "web-1", true),
        ("*-1", "web-1-1", true),
        ("*-1", "web-12", false),
        ("w?b", "web", true),
        ("w?b", "wb", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("web[1-3]*", "web2-old", true),
        ("web[1-3]*", "web4", false),
        ("web[!1-3]*", "web4", true),
        ("web[^1-3]*", "web1", false),
        ("web[a-cx]?", "webx1", true),
        ("web[a-]?", "web-1", true),
        ("web[]]?", "web]1", true),
        ("web[?", "web[1", true),
        ("[z-a]*", "m", false),
        ("WEB*", "web", false),
        ("grö?e", "größe", true),
    ];
    for (glob, name, fits) in table {
        assert_eq!(matches(glob, name), fits, "{glob} {name}");
    }
}

#[test]
fn globs_are_matched_in_short_time() {
    assert!(!matches(&format!("{}b", "*a".repeat(60)), &"a".repeat(20_000)));
}

#[test]
fn only_stars_and_question_marks_make_a_glob() {
    assert!(is_glob("web*") && is_glob("web-?") && is_glob("web[1-3]*"));
    assert!(!is_glob("web[1-3]") && !is_glob("web[a-c]") && !is_glob("web"));
}

#[test]
fn a_selection_mixes_names_and_globs() {
    let name = |name: &str| Selector::Name(name.to_owned());
    let glob = Selector::Glob("web[1,2]*".to_owned());
    assert_eq!(select(["db[1-2],web[1,2]*", "db2"]).unwrap(), [name("db1"), name("db2"), glob]);
    assert!(name("db1").matches("db1") && !name("db1").matches("db11"));
    assert!(select(["web[a-c]"]).is_err());
}

/// A pattern made of parts, and the names it must stand for.
fn patterns() -> impl Strategy<Value = (String, Vec<String>)> {
    let text = "[a-z.-]{0,4}";
    let bracket = prop::collection::vec((0_u64..200, 0_u64..4, 1_usize..5), 1..3);
    let part = prop_oneof![
        text.prop_map(|text| (text.clone(), vec![text])),
        bracket.prop_map(|ranges| {
            let pad = |number: u64, width: usize| format!("{number:0width$}");
            let width = |start: u64, width: usize| width.max(start.to_string().len());
            let texts = ranges.iter().map(|(start, more, wide)| {
                let (last, wide) = (start + more, width(*start, *wide));
                // Without leading zeros the end may be wider than the start.
                format!("{}-{}", pad(*start, wide), pad(last, wide))
            });
            let names = ranges.iter().flat_map(|(start, more, wide)| {
                let wide = width(*start, *wide);
                (*start..=start + more).map(move |number| pad(number, wide))
            });
            (format!("[{}]", texts.collect::<Vec<_>>().join(",")), names.collect())
        }),
    ];
    prop::collection::vec(part, 0..3).prop_map(|parts| {
        let pattern = format!("n{}", parts.iter().map(|(text, _)| text.as_str()).collect::<String>());
        let names = parts.iter().fold(vec!["n".to_owned()], |names, (_, more)| {
            names.iter().flat_map(|name| more.iter().map(move |more| format!("{name}{more}"))).collect()
        });
        (pattern, names)
    })
}

fn without_repeats(names: Vec<String>) -> Vec<String> {
    names.into_iter().fold(Vec::new(), |mut kept, name| {
        if !kept.contains(&name) {
            kept.push(name);
        }
        kept
    })
}

proptest! {
    #[test]
    fn expansion_is_the_product_of_the_parts((pattern, names) in patterns()) {
        prop_assert_eq!(expand(&pattern).unwrap(), without_repeats(names));
    }

    #[test]
    fn a_list_is_its_items_one_after_the_other(
        (left, first) in patterns(),
        (right, second) in patterns(),
    ) {
        let expected = without_repeats(first.into_iter().chain(second).collect());
        prop_assert_eq!(expand(&format!("{left},{right}")).unwrap(), expected.clone());
        prop_assert_eq!(expand_all([left, right]).unwrap(), expected);
    }

    #[test]
    fn any_text_ends_in_names_or_an_error_within_the_text(text in r"([\[\],*0-9 a-]|\PC){0,40}") {
        match expand(&text) {
            Ok(names) => prop_assert!(!names.is_empty() && names.iter().all(|name| !name.is_empty())),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn a_name_without_signs_stands_for_itself(name in "[a-zA-Z0-9._-]{1,40}") {
        prop_assert_eq!(expand(&name).unwrap(), [name.clone()]);
        prop_assert!(matches(&name, &name));
        prop_assert!(matches("*", &name));
    }

    #[test]
    fn any_glob_is_answered(glob in any::<String>(), name in any::<String>()) {
        let _ = matches(&glob, &name);
    }
}
