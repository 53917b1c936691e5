//! The facade as a program uses it, on the cloud in memory.

#![expect(clippy::unwrap_used, reason = "a test that fails panics, its helpers too")]

mod addresses;
mod blocking;
mod bringing;
mod building;
mod changes;
mod clouds;
mod contract;
mod dry_run;
mod lab;
mod nodes;
mod secrets;
mod tokens;
mod trouble;
mod wishes;
