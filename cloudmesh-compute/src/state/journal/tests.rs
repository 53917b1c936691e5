//! What a run finds of another.

use super::{Cloud, Intent, Journal, Wish};
use crate::Token;
use crate::state::State;

fn lab() -> Cloud {
    Cloud { origin: String::new(), name: "lab".to_owned() }
}

fn wish(name: &str) -> Wish {
    Wish { name: name.to_owned(), token: Token::random(), told: "{}".to_owned() }
}

/// What the journal of a new run says to a wish, in a word.
fn word(journal: &Journal<'_>, wish: &Wish) -> String {
    match journal.begin(&lab(), std::slice::from_ref(wish)).unwrap().remove(0) {
        Intent::New => "new".to_owned(),
        Intent::Old(left) => left.token.as_str().to_owned(),
        Intent::Busy(process) => format!("busy {process}"),
    }
}

#[test]
fn an_intent_is_taken_up_when_its_run_is_over_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(folder.path()).unwrap();
    let (first, second, web) = (Journal::open(&state).unwrap(), Journal::open(&state).unwrap(), wish("web"));
    assert_eq!(word(&first, &web), "new");
    assert_eq!(word(&second, &wish("web")), format!("busy {}", std::process::id()));
    second.close(&lab(), &["web".to_owned()]).unwrap();
    state.forget_creates(&lab(), &["web".to_owned()]).unwrap();
    assert_eq!(word(&second, &wish("web")), format!("busy {}", std::process::id()));
    drop(first);
    assert_eq!(word(&second, &wish("web")), web.token.as_str());
    second.close(&lab(), &["web".to_owned()]).unwrap();
    assert_eq!(word(&second, &wish("web")), "new");
}

#[test]
fn what_was_noted_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(folder.path()).unwrap();
    let (journal, web) = (Journal::open(&state).unwrap(), wish("web"));
    word(&journal, &web);
    journal.ask(&lab(), &web).unwrap();
    journal.accepted(&lab(), "web", &"42".into()).unwrap();
    assert!(state.left_over(&lab(), &["web".to_owned()]).unwrap().is_empty(), "its run lives");
    drop(journal);
    let left = state.left_over(&lab(), &["web".to_owned(), "db".to_owned()]).unwrap();
    let (name, left) = &left[0];
    assert_eq!((name.as_str(), left.node.as_ref(), left.asked.is_some()), ("web", Some(&"42".into()), true));
    state.forget_creates(&lab(), &["web".to_owned()]).unwrap();
    assert!(state.left_over(&lab(), &["web".to_owned()]).unwrap().is_empty());
}

#[test]
fn nothing_is_asked_for_that_is_not_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(folder.path()).unwrap();
    let (journal, web) = (Journal::open(&state).unwrap(), wish("web"));
    word(&journal, &web);
    let change = |change: &str| state.write(|db| db.execute(change, [])).unwrap();
    change("DELETE FROM creates");
    journal.ask(&lab(), &web).unwrap();
    assert_eq!(change("UPDATE creates SET run = '1-another' WHERE asked IS NOT NULL"), 1);
    assert_eq!(journal.ask(&lab(), &web).unwrap_err().kind(), crate::ErrorKind::Conflict);
}

#[test]
fn what_nobody_takes_up_for_a_day_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let state = State::open(folder.path()).unwrap();
    let (journal, web) = (Journal::open(&state).unwrap(), wish("web"));
    word(&journal, &web);
    let age = "UPDATE creates SET begun = begun - 90000000";
    state.with(|db| db.execute_batch(age)).unwrap();
    let next = Journal::open(&state).unwrap();
    assert_ne!(word(&next, &wish("web")), "new", "its run lives");
    drop(journal);
    assert_eq!(word(&next, &wish("web")), "new");
}
