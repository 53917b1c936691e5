//! The face of AWS over plain HTTP, signed by another hand than the emulator's.

#[cfg(test)]
mod launch;
#[cfg(test)]
mod life;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod support;
#[cfg(test)]
mod troubles;
