//! What is said of an image or a size that the cloud does not have.

use cloudmesh_abstract::names::Selector;
use futures::future::join;

use super::make::{Birth, Maker};
use crate::cli::quoted;
use crate::command::choose::none;
use crate::state::Listed;
use crate::{ComputeNodeABC, ErrorKind, Flavor, Image, Keys, NodeSpec, Result};

impl Maker<'_> {
    /// Where machines were refused, finds out whether it was for their image or size, and says which one may have been
    /// meant. The catalogue is not read for it: what is known of it has to do.
    pub(super) async fn advise(&self, births: &mut [Birth], spec: &NodeSpec) {
        let is_refused =
            |birth: &Birth| birth.outcome.result.as_ref().is_err_and(|error| error.kind() == ErrorKind::InvalidInput);
        if !births.iter().any(is_refused) {
            return;
        }
        let (image, flavor) = join(self.provider.image(&spec.image), self.provider.flavor(&spec.flavor)).await;
        let image = self.told::<Image>(&spec.image, image);
        let told = match image.or_else(|| self.told::<Flavor>(&spec.flavor, flavor)) {
            Some(told) => Some(told),
            None => self.told_of_key(spec).await,
        };
        let Some(told) = told else { return };
        for birth in births.iter_mut().filter(|birth| is_refused(birth)) {
            if let Err(error) = &mut birth.outcome.result {
                *error = error.clone().with_message(told.clone());
            }
        }
    }

    /// What is said of a key that the cloud does not have, and this machine has.
    async fn told_of_key(&self, spec: &NodeSpec) -> Option<String> {
        let name = spec.key.as_deref()?;
        let kept = self.session.key_library().and_then(|library| library.keys()).ok()?;
        let there = self.provider.keys().await.ok()?;
        if there.iter().any(|key| key.name == name) || !kept.contains_key(name) {
            return None;
        }
        let (key, cloud) = (quoted(name), quoted(self.provider.name()));
        Some(format!("no key `{name}` in the cloud; `cms key upload {key} --cloud {cloud}` brings it there"))
    }

    /// What is said of a name, if it fits nothing.
    fn told<T: Listed>(&self, name: &str, found: Result<T>) -> Option<String> {
        let refusal = found.err().filter(|error| error.kind() == ErrorKind::NotFound)?;
        let wanted = Selector::Name(name.to_owned());
        Some(none::<T>(self.session, self.provider.name(), &wanted, Some(&refusal)).message().to_owned())
    }
}
