//! Finding machines for what is done to something else.

use cloudmesh_abstract::names::{Selector, select};

use super::change::look_up;
use crate::cli::{Item, Session, usage};
use crate::{Clouds, Error, ErrorKind, Node, Provider, Result};

/// The machines of these names in a cloud, each under the name that it was asked for by.
pub(crate) async fn find(session: &Session, provider: &Provider, names: &[String]) -> Result<Vec<Item<Node>>> {
    let found = look_up(session, provider, names).await?;
    let found = session.suggest_nodes(vec![Ok(found)]).into_iter().flatten().flatten();
    Ok(found.filter_map(|outcome| Some(Item::new(outcome.name, outcome.result.transpose()?))).collect())
}

/// The one machine of a name or id, for each of the clouds. One that several clouds have is refused.
///
/// # Errors
///
/// [`ErrorKind::Config`] for a pattern that may mean several.
pub(crate) async fn one(session: &Session, clouds: &Clouds, name: &str) -> Result<Vec<Result<Vec<Item<Node>>>>> {
    let wanted = select([name]).map_err(usage)?;
    let [Selector::Name(wanted)] = wanted.as_slice() else {
        let message = format!("`{name}` may mean several machines; an address leads to one, name it");
        return Err(Error::new(ErrorKind::Config, message));
    };
    let look = |cloud: Provider| async move {
        let mut found = find(session, &cloud, std::slice::from_ref(wanted)).await?;
        // On every cloud it is missed, or found, under the same name.
        for item in &mut found {
            item.name.clone_from(wanted);
        }
        Ok(found)
    };
    let mut found = clouds.shares(look).await;
    let holders: Vec<&str> = clouds
        .names()
        .zip(&found)
        .filter(|(_, found)| found.iter().flatten().any(|item| item.result.is_ok()))
        .map(|(name, _)| name)
        .collect();
    if holders.len() > 1 {
        let message = format!("`{wanted}` is on {}; choose one with `--cloud`", holders.join(" and on "));
        let error = Error::new(ErrorKind::Ambiguous, message);
        let all = found.iter_mut().flatten().flatten().filter(|item| item.result.is_ok());
        all.for_each(|item| item.result = Err(error.clone()));
    }
    Ok(found)
}
