//! The emulator as a target of the conformance suite.

use async_trait::async_trait;
use cloudmesh_abstract::conformance::{Disturbance, Props, Seen, Stage, Target, Troubles};
use cloudmesh_abstract::{NodeId, Result, Settings};

use crate::Emulator;
use crate::settings::Kind;

/// A cloud of that kind to try a provider on: a fresh emulator for each check.
///
/// ```
/// use cloudmesh_abstract::conformance::Target;
///
/// assert_eq!(cloudmesh_emulator::target("openstack").name(), "emulator (openstack)");
/// ```
pub fn target(kind: &str) -> impl Target + use<> {
    Emulated { kind: kind.to_owned() }
}

#[derive(Debug)]
struct Emulated {
    kind: String,
}

#[derive(Debug)]
struct EmulatedStage {
    emulator: Emulator,
    settings: Settings,
    props: Props,
}

#[async_trait]
impl Target for Emulated {
    fn name(&self) -> String {
        format!("emulator ({})", self.kind)
    }

    async fn open(&self) -> Result<Box<dyn Stage>> {
        let emulator = Emulator::builder().kind(&self.kind).start().await?;
        let settings = match emulator.world().kind() {
            // A role's credentials end, and are granted anew; an access key's do not.
            Kind::Aws => emulator.settings(&self.kind)?.with("credentials.role_arn", emulator.aws_proofs().role),
            Kind::OpenStack => emulator.settings(&self.kind)?,
        };
        let props = emulator.props();
        Ok(Box::new(EmulatedStage { emulator, settings, props }))
    }
}

impl Stage for EmulatedStage {
    fn settings(&self) -> Settings {
        self.settings.clone()
    }

    fn wrong_settings(&self) -> Option<Settings> {
        let secret = match self.emulator.world().kind() {
            Kind::Aws => "credentials.aws_secret_access_key",
            Kind::OpenStack => "credentials.auth.password",
        };
        Some(self.settings.clone().with(secret, "not the secret"))
    }

    fn props(&self) -> Props {
        self.props.clone()
    }

    fn troubles(&self) -> Option<&dyn Troubles> {
        Some(self.emulator.troubles())
    }
}

impl Troubles for Emulator {
    fn disturb(&self, disturbance: Disturbance) {
        self.server.disturbances.add(disturbance);
    }

    fn calm(&self) {
        self.server.disturbances.clear();
    }

    fn plant(&self, name: &str) -> NodeId {
        self.world().plant(name)
    }

    fn seen(&self) -> Vec<Seen> {
        self.server.journal.seen()
    }
}
