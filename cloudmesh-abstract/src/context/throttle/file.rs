//! What was learned of an account, for other processes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Class;
use super::pace::{LONGEST_PAUSE, LOWEST, Learned, Limit};
use crate::context::tokens::replace;

/// How often the file is looked at, in seconds.
const EVERY: f64 = 1.0;
/// A file that is older, in seconds, says nothing any more.
const STALE: f64 = 900.0;
/// Clocks may differ by so much, in seconds.
const AHEAD: f64 = 2.0;
/// A file with more bytes is none of ours.
const LONGEST: u64 = 4096;
/// What is written has this form.
const VERSION: u32 = 1;

/// The file of one account. It is named by a hash, holds no more than numbers, and is written after a refusal only.
/// Losing it costs a few refusals, so nothing here fails.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    looked: f64,
    seen: Option<SystemTime>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    version: u32,
    written: f64,
    classes: Vec<ClassRecord>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct ClassRecord {
    most: Option<f64>,
    since: f64,
    noise: f64,
    paused_until: f64,
}

impl File {
    pub(super) fn new(folder: &Path, account: &str) -> Self {
        let name = format!("{:x}", Sha256::digest(account.as_bytes()));
        Self { path: folder.join(name).with_extension("json"), looked: f64::MIN, seen: None }
    }

    /// What others have written since it was last looked at. Times are the clock's, in seconds.
    pub(super) fn read(&mut self, now: f64) -> Option<Vec<Learned>> {
        if (now - self.looked).abs() < EVERY {
            return None;
        }
        self.looked = now;
        self.news(now)
    }

    /// What others have written since it was last read, however short ago that is.
    pub(super) fn news(&mut self, now: f64) -> Option<Vec<Learned>> {
        let data = fs::metadata(&self.path).ok().filter(|data| data.is_file() && data.len() <= LONGEST)?;
        let changed = data.modified().ok()?;
        if self.seen.replace(changed) == Some(changed) {
            return None;
        }
        let record: Record = serde_json::from_slice(&fs::read(&self.path).ok()?).ok()?;
        let good = record.version == VERSION
            && (now - STALE..=now + AHEAD).contains(&record.written)
            && record.classes.len() == Class::ALL.len()
            && record.classes.iter().all(|class| class.is_good(record.written));
        good.then(|| record.classes.iter().map(ClassRecord::learned).collect())
    }

    /// Writes what is known now.
    pub(super) fn write(&mut self, now: f64, learned: [Learned; 3]) {
        let classes = learned.iter().map(ClassRecord::of).collect();
        // What cannot be written, on a full disk for instance, only others will miss.
        _ = replace(&self.path, &Record { version: VERSION, written: now, classes });
        self.seen = fs::metadata(&self.path).and_then(|data| data.modified()).ok();
    }
}

impl ClassRecord {
    fn of(learned: &Learned) -> Self {
        let Learned { limit, noise, paused_until } = *learned;
        let since = limit.map_or(0.0, |limit| limit.since);
        Self { most: limit.map(|limit| limit.most), since, noise, paused_until }
    }

    fn learned(&self) -> Learned {
        let limit = self.most.map(|most| Limit { most, since: self.since });
        Learned { limit, noise: self.noise, paused_until: self.paused_until }
    }

    /// Whether the numbers can be true; a pause may last beyond the time of writing, and growth begins after it.
    fn is_good(&self, written: f64) -> bool {
        let latest = written + LONGEST_PAUSE + AHEAD;
        self.most.is_none_or(|most| (LOWEST..1e6).contains(&most))
            && (0.0..=0.5).contains(&self.noise)
            && (0.0..=latest).contains(&self.since)
            && (0.0..=latest).contains(&self.paused_until)
    }
}
