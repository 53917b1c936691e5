//! Where the services are, as the client calls this server.

use crate::exchange::Ask;

/// The addresses of the services.
#[derive(Debug, Clone, Copy)]
pub(super) struct Urls<'a>(&'a str);

impl<'a> Urls<'a> {
    pub(super) fn new(ask: &'a Ask) -> Self {
        Self(&ask.origin)
    }

    pub(super) fn identity(self) -> String {
        format!("{}/identity", self.0)
    }

    pub(super) fn compute(self) -> String {
        format!("{}/compute", self.0)
    }

    pub(super) fn image(self) -> String {
        format!("{}/image", self.0)
    }

    pub(super) fn network(self) -> String {
        format!("{}/network", self.0)
    }

    pub(super) fn placement(self) -> String {
        format!("{}/placement", self.0)
    }

    pub(super) fn volume(self) -> String {
        format!("{}/volume", self.0)
    }

    pub(super) fn console(self) -> String {
        format!("{}/console", self.0)
    }
}
