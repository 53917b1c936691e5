//! The cloud in memory as a place to try a provider on.

use async_trait::async_trait;

use super::{Memory, World};
use crate::conformance::{Props, Stage, Target, Troubles};
use crate::{Connect, Result, Settings};

/// The cloud in memory, to run the conformance suite on. Each check has a world of its own.
pub fn target() -> impl Target {
    InMemory
}

#[derive(Debug)]
struct InMemory;

#[async_trait]
impl Target for InMemory {
    fn name(&self) -> String {
        "the cloud in memory".to_owned()
    }

    async fn open(&self) -> Result<Box<dyn Stage>> {
        let name = format!("stage-{}", uuid::Uuid::new_v4().simple());
        Ok(Box::new(Scene { world: World::named(&name) }))
    }
}

#[derive(Debug)]
struct Scene {
    world: World,
}

#[async_trait]
impl Stage for Scene {
    fn settings(&self) -> Settings {
        Memory::example().with("world", self.world.name())
    }

    fn wrong_settings(&self) -> Option<Settings> {
        Some(self.settings().with("credentials.password", "ether-wind-1887"))
    }

    fn props(&self) -> Props {
        let props = Props::new("ubuntu-24.04", "m1.small").with_raw("/me");
        props.with_key("laptop").with_secgroup("ssh").with_network("private").with_other_network("lab")
    }

    fn troubles(&self) -> Option<&dyn Troubles> {
        Some(&self.world)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        World::forget(self.world.name());
    }
}
