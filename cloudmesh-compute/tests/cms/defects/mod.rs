//! Defects of the first Cloudmesh that must never return, each under its name.

mod addresses;
mod cache;
mod danger;
mod effect;
mod errors;
mod model;
mod rules;
mod speed;
