//! Names for machines that are given none.

use std::collections::HashSet;

use crate::cli::Session;
use crate::config::{Environment, ProcessEnvironment};
use crate::work::taken;
use crate::{Clouds, Provider, Result};

/// The longest part of a name that says whose it is: clouds allow 63 letters and less.
const LONGEST: usize = 30;

/// So many names that no machine of these clouds has, numbered on from the last one that was given.
pub(super) async fn generated(
    session: &Session,
    user: Option<&str>,
    clouds: &Clouds,
    count: usize,
) -> Result<Vec<String>> {
    let base = format!("{}-vm", whose(session, user)?);
    let (mut names, mut skipped) = (Vec::new(), 0);
    while names.len() < count {
        let mut drawn = Vec::new();
        while names.len() + drawn.len() < count {
            drawn.push(format!("{base}-{}", session.next_number(&base, skipped)?));
            skipped += 1;
        }
        let had = session.interrupt.unless_asked(had(clouds, &drawn)).await?;
        names.extend(drawn.into_iter().filter(|name| !had.contains(name)));
    }
    Ok(names)
}

/// Which of these names some machine has. A cloud that cannot be asked says so when it is to make them.
async fn had(clouds: &Clouds, names: &[String]) -> Result<HashSet<String>> {
    let found = clouds.shares(async |cloud: Provider| taken(&cloud, names).await).await;
    Ok(found.into_iter().flatten().flatten().map(|node| node.name).collect())
}

/// Whose the machines are: who is wished, else the user of the profile, else of this computer.
fn whose(session: &Session, wished: Option<&str>) -> Result<String> {
    let login = || {
        let value = |name| ProcessEnvironment.variable(name)?.into_string().ok().filter(|value| !value.is_empty());
        ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(value)
    };
    let of_profile = session.config()?.profile()?.user;
    let user = wished.map(str::to_owned).or(of_profile).or_else(login).unwrap_or_default();
    Ok(fit(&user))
}

/// A name as every cloud takes it: small letters, digits and single dashes, a letter first.
fn fit(user: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() { sign.to_ascii_lowercase() } else { '-' };
    let dashed: String = user.chars().map(plain).take(LONGEST).collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    match words.join("-") {
        none if none.is_empty() => "cloudmesh".to_owned(),
        name if name.starts_with(|sign: char| sign.is_ascii_digit()) => format!("u{name}"),
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn whoever_it_is_every_cloud_takes_the_name() {
        let table = [
            ("albert", "albert"),
            ("Albert.Einstein@princeton.edu", "albert-einstein-princeton-edu"),
            ("DOMAIN\\\\albert", "domain-albert"),
            ("_a__b_", "a-b"),
            ("1879", "u1879"),
            ("Ælfred", "lfred"),
            ("", "cloudmesh"),
            ("---", "cloudmesh"),
            ("an-extremely-long-name-of-somebody", "an-extremely-long-name-of-some"),
        ];
        for (user, name) in table {
            assert_eq!(fit(user), name, "{user}");
        }
    }
}
