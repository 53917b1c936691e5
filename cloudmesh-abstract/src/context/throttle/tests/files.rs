//! What processes tell each other through a file, and what they do not believe.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use super::refusal;
use crate::context::throttle::{Class, Throttle};

/// A process with this folder: a throttle that it shares with nobody.
fn process(folder: &Path) -> Throttle {
    Throttle::new("albert at lab", Some(folder.to_owned()))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn is_refused(throttle: &Throttle, asked: u64) {
    let sent = throttle.take(Class::Reads, at(0)).unwrap();
    let error = refusal().with_retry_after(Duration::from_secs(asked));
    sent.learn::<()>(&Err(error), at(0));
}

fn file(folder: &Path) -> std::path::PathBuf {
    fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn what_one_process_learns_another_knows() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (process(folder.path()), process(folder.path()));
    assert_eq!(other.wait(Class::Reads, at(-5)), Duration::ZERO);
    is_refused(&one, 30);
    let third = process(folder.path());
    for throttle in [one, other, third] {
        let wait = throttle.wait(Class::Reads, at(10)).as_secs_f64();
        assert!((19.9..20.1).contains(&wait), "{wait}");
        assert_eq!(throttle.wait(Class::Changes, at(10)), Duration::ZERO);
    }
}

#[test]
fn what_one_process_writes_takes_nothing_from_another() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (process(folder.path()), process(folder.path()));
    assert_eq!(other.wait(Class::Changes, at(0)), Duration::ZERO);
    is_refused(&one, 30);
    let error = refusal().with_retry_after(Duration::from_secs(20));
    other.take(Class::Changes, at(0)).unwrap().learn::<()>(&Err(error), at(0));
    let third = process(folder.path());
    let waits = [Class::Reads, Class::Changes].map(|class| (third.wait(class, at(0)).as_millis() + 500) / 1000);
    assert_eq!(waits, [30, 20]);
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    is_refused(&process(folder.path()), 30);
    let path = file(folder.path());
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    assert_eq!(process(folder.path()).wait(Class::Reads, at(1)), Duration::ZERO);
}

#[test]
fn nothing_is_written_before_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let one = process(&folder.path().join("throttle"));
    let sent = one.take(Class::Reads, at(0)).unwrap();
    sent.learn(&Ok(()), at(1));
    assert_eq!(one.wait(Class::Reads, at(2)), Duration::ZERO);
    assert!(!folder.path().join("throttle").exists());
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone_and_tells_no_name() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    is_refused(&process(folder.path()), 30);
    let file = file(folder.path());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!file.to_string_lossy().contains("albert"));
    assert!(!fs::read_to_string(&file).unwrap().contains("albert"));
}

#[test]
fn a_file_that_cannot_be_true_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    is_refused(&process(folder.path()), 30);
    let path = file(folder.path());
    let good: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut record = good.clone();
        change(&mut record);
        record.to_string()
    };
    let table = [
        ("true", good.to_string(), false),
        ("broken", "{".to_owned(), true),
        ("foreign", "[1, 2, 3]".to_owned(), true),
        ("of another version", with(&|record| record["version"] = 2.into()), true),
        ("from the future", with(&|record| record["written"] = 1_700_009_999.0.into()), true),
        ("stale", with(&|record| record["written"] = 1_600_000_000.0.into()), true),
        ("without end", with(&|record| record["classes"][1]["paused_until"] = 1e12.into()), true),
        ("short", with(&|record| record["classes"] = serde_json::json!([])), true),
    ];
    for (what, text, ignored) in table {
        fs::write(&path, text).unwrap();
        let wait = process(folder.path()).wait(Class::Reads, at(1));
        assert_eq!(wait.is_zero(), ignored, "{what}");
    }
}

#[test]
fn a_clock_that_is_set_back_holds_nobody() {
    let throttle = Throttle::new("albert at lab", None);
    is_refused(&throttle, 30);
    assert_eq!(throttle.wait(Class::Reads, at(31)), Duration::ZERO);
    assert_eq!(throttle.wait(Class::Reads, at(-9999)), Duration::ZERO);
}
