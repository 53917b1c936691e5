//! The program `cms` as a person uses it, against emulated clouds.
//!
//! Snapshots are sessions: what was typed, what came out, and the exit code where it is not 0.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics, its helpers too")]

mod accounts;
mod addresses;
mod api;
mod aws;
mod boot;
mod choose;
mod clouds;
mod completion;
mod config;
mod defects;
mod delete;
mod desk;
mod environment;
mod exits;
mod files;
mod firewall;
mod formats;
mod help;
mod interrupt;
mod journal;
mod key_gen;
mod keys;
mod kill;
mod known;
mod known_file;
mod life;
mod many;
mod output;
mod rehearsal;
mod sec;
mod server;
mod set;
mod sign_in;
mod terminal;
mod throttle;
mod verbs;
mod view;
mod watch;
