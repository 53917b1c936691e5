//! The policy in the README.

#[cfg(test)]
mod actions;
