//! The facade as a program uses it, on the cloud in memory.

mod building;
mod contract;
mod dry_run;
mod lab;
mod nodes;
mod secrets;
mod tokens;
mod trouble;
mod wishes;
