//! The emulator over plain HTTP.

#[cfg(test)]
mod actions;
#[cfg(test)]
mod building;
#[cfg(test)]
mod floating;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod grants;
#[cfg(test)]
mod life;
#[cfg(test)]
mod network;
#[cfg(test)]
mod program;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod quotas;
#[cfg(test)]
mod support;
#[cfg(test)]
mod troubles;
#[cfg(test)]
mod volumes;
