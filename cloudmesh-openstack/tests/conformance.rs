//! The conformance suite, on the emulator.

use std::process::ExitCode;

use async_trait::async_trait;
use cloudmesh_abstract::conformance::{Props, Stage, Target, Troubles, main as suite};
use cloudmesh_abstract::{Result, Settings};
use cloudmesh_openstack::OpenStack;

fn main() -> ExitCode {
    suite::<OpenStack>(Emulated(cloudmesh_emulator::target("openstack")))
}

/// The emulator as the facade shows it to a provider: `defaults` are the facade's own.
struct Emulated<T>(T);

#[derive(Debug)]
struct EmulatedStage(Box<dyn Stage>);

#[async_trait]
impl<T: Target> Target for Emulated<T> {
    fn name(&self) -> String {
        self.0.name()
    }

    async fn open(&self) -> Result<Box<dyn Stage>> {
        Ok(Box::new(EmulatedStage(self.0.open().await?)))
    }
}

#[async_trait]
impl Stage for EmulatedStage {
    fn settings(&self) -> Settings {
        let mut settings = self.0.settings().as_map().clone();
        settings.remove("defaults");
        Settings::new(settings)
    }

    fn wrong_settings(&self) -> Option<Settings> {
        Some(self.settings().with("credentials.auth.password", "this is not the password"))
    }

    fn props(&self) -> Props {
        self.0.props()
    }

    fn troubles(&self) -> Option<&dyn Troubles> {
        self.0.troubles()
    }

    async fn close(self: Box<Self>) -> Result<()> {
        self.0.close().await
    }
}
