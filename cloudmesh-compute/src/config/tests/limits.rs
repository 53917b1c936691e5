use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::config;
use crate::config::Config;

/// How long anything may take here, on a slow machine without optimization.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is said about a text, or about its cloud `c`; a text that is too much is refused soon.
fn refusal(text: &str) -> String {
    let start = Instant::now();
    let message = match Config::from_text(text, "x") {
        Ok(config) => config.cloud("c").map(|_| ()).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    message
}

fn numbered(count: usize, make: impl Fn(usize) -> String) -> String {
    (0..count).map(make).collect()
}

fn entry(lines: &str) -> String {
    format!("cloudmesh:\n  compute:\n    c:\n      cm: {{kind: lab}}\n{lines}")
}

#[test]
fn aliases_do_not_multiply_without_end() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    assert!(refusal(&bomb).ends_with("more than 100000 values, aliases counted"), "{}", refusal(&bomb));
}

#[test]
fn merges_do_not_multiply_without_end() {
    let keys: String = numbered(1_000, |key| format!("k{key}: 1, "));
    let merges = vec!["*a"; 10_000].join(", ");
    let bomb = format!("a: &a {{{keys}}}\nb: {{<<: [{merges}]}}\n");
    assert!(refusal(&bomb).ends_with("more than 100000 values, aliases counted"));
}

#[test]
fn nesting_has_an_end() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("{? ", "}"), ("[{a: ", "}]")] {
        let text = format!("cloudmesh: {}1{}", open.repeat(20_000), close.repeat(20_000));
        let message = refusal(&text);
        assert!(message.contains("levels within each other") || message.contains("a key must be text"), "{message}");
    }
    for text in
        ["- ".repeat(200_000), "? ".repeat(200_000), numbered(300, |level| format!("{}a:\n", " ".repeat(level)))]
    {
        assert!(refusal(&text).starts_with("x:"), "{}", refusal(&text));
    }
    let mut chain = String::from("a0: &a0 [[[[[[[[x]]]]]]]]\n");
    for level in 1..12 {
        writeln!(chain, "a{level}: &a{level} [[[[[[[[*a{}]]]]]]]]", level - 1).unwrap();
    }
    assert!(refusal(&chain).ends_with("more than 64 levels within each other"));
}

#[test]
fn texts_have_a_size() {
    let text = format!("cloudmesh: {{}} # {}", "x".repeat(1 << 20));
    assert_eq!(refusal(&text), "x:1:1: the file is larger than 1024 KiB");
    let long = format!("cloudmesh:\n  x: {}", "x".repeat((1 << 20) - 100));
    assert!(Config::from_text(&long, "x").is_ok());
}

#[test]
fn references_do_not_multiply_without_end() {
    let mut doubling = String::from("      a0: ''\n");
    for level in 1..30 {
        let one = format!("{{cloudmesh.compute.c.a{}}}", level - 1);
        writeln!(doubling, "      a{level}: '{one}{one}'").unwrap();
    }
    assert!(refusal(&entry(&doubling)).ends_with("too many references in one cloud"));

    let big = "y".repeat(100_000);
    let copies = vec!["'x{cloudmesh.big}'"; 900].join(", ");
    let text = format!("{}      a: [{copies}]\n  big: {big}\n", entry(""));
    assert!(refusal(&text).ends_with("values that are too long in one cloud"));

    let copies = vec!["*big"; 5_000].join(", ");
    let text = format!("big: &big {big}\n{}      a: [{copies}]\n", entry(""));
    assert!(refusal(&text).ends_with("values that are too long in one cloud"));

    let deep = format!("{}x{}", "${UNSET_VARIABLE:-".repeat(5_000), "}".repeat(5_000));
    assert!(refusal(&entry(&format!("      a: '{deep}'\n"))).ends_with("more than 32 references behind each other"));

    let open = "{cloudmesh.a ".repeat(50_000);
    let start = Instant::now();
    assert!(config(&entry(&format!("      a: '{open}'\n"))).cloud("c").is_ok());
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn long_lists_of_keys_are_read_in_short_time() {
    let keys: String = numbered(40_000, |key| format!("      k{key}: 1\n"));
    let start = Instant::now();
    assert_eq!(config(&entry(&keys)).cloud("c").unwrap().settings.as_map().len(), 40_000);
    assert!(start.elapsed() < PATIENCE);
}
