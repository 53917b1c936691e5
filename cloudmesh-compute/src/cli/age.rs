//! How old it is what is shown.

use std::cell::RefCell;

use jiff::Timestamp;

use super::Session;

/// When the clouds were asked whose known state is shown, as of one moment.
#[derive(Debug)]
pub(crate) struct Ages {
    now: Timestamp,
    clouds: RefCell<Vec<(String, String)>>,
}

impl Ages {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self { now: Timestamp::now(), clouds: RefCell::default() }
    }

    /// The moment that they are counted from.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Takes note that a cloud was asked at that time.
    pub(crate) fn add(&self, cloud: &str, asked: Timestamp) {
        self.clouds.borrow_mut().push((cloud.to_owned(), ago(asked, self.now)));
    }

    /// Says how old it is, if anything is.
    pub(crate) fn say(&self, session: &Session) {
        let told = told(&self.clouds.borrow());
        if let Some(told) = told {
            session.note(&format!("as of {told}; --refresh asks again"));
        }
    }
}

/// The ages with their clouds; the clouds only where the ages differ.
fn told(clouds: &[(String, String)]) -> Option<String> {
    let (_, first) = clouds.first()?;
    if clouds.iter().all(|(_, age)| age == first) {
        return Some(first.clone());
    }
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (cloud, age) in clouds {
        match groups.iter_mut().find(|(known, _)| known == age) {
            Some((_, names)) => names.push(cloud),
            None => groups.push((age, vec![cloud])),
        }
    }
    let group = |(age, clouds): &(&str, Vec<&str>)| format!("{age} ({})", clouds.join(", "));
    Some(groups.iter().map(group).collect::<Vec<_>>().join(", "))
}

/// A time as people say it. One that is still to come, by a clock that was wrong, was just now.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(then).as_secs();
    let (number, unit) = match seconds {
        ..60 => return "less than a minute ago".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural} ago")
}

#[cfg(test)]
mod tests {
    use super::{ago, told};
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn ages_as_people_say_them() {
        let now = Timestamp::now();
        let table = [
            (-5, "less than a minute ago"),
            (59, "less than a minute ago"),
            (60, "1 minute ago"),
            (179, "2 minutes ago"),
            (3_600, "1 hour ago"),
            (100_000, "27 hours ago"),
            (172_800, "2 days ago"),
        ];
        for (seconds, words) in table {
            assert_eq!(ago(now - SignedDuration::from_secs(seconds), now), words, "{seconds}");
        }
    }

    #[test]
    fn clouds_are_named_where_their_ages_differ() {
        let ages = |pairs: &[(&str, &str)]| {
            told(&pairs.iter().map(|(cloud, age)| ((*cloud).to_owned(), (*age).to_owned())).collect::<Vec<_>>())
        };
        assert_eq!(ages(&[]), None);
        assert_eq!(ages(&[("a", "1 hour ago"), ("b", "1 hour ago")]).unwrap(), "1 hour ago");
        let mixed = ages(&[("a", "1 hour ago"), ("b", "2 days ago"), ("c", "1 hour ago")]).unwrap();
        assert_eq!(mixed, "1 hour ago (a, c), 2 days ago (b)");
    }
}
