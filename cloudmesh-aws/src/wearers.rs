//! Who uses a security group that is to be deleted.

use aws_sdk_ec2::types::NetworkInterface;
use cloudmesh_abstract::{Effect, Error, Result};

use crate::client::Client;
use crate::filter::exactly;
use crate::groups::groups;
use crate::holders::{Holder, holders};

/// How many of those who use a group are named.
const MOST_NAMED: usize = 3;

/// The refusal to delete a group, with who uses it where that can be seen: nodes and interfaces wear it, and rules of
/// other groups name it.
pub(crate) async fn worn(client: &Client, which: &str, id: &str, refused: Error) -> Error {
    let (interfaces, naming) = futures::join!(interfaces(client, id), naming(client, id));
    let wearers = wearers(client, &interfaces.unwrap_or_default()).await;
    refused.with_message(message(which, &wearers, &naming.unwrap_or_default()))
}

fn message(which: &str, wearers: &[String], naming: &[String]) -> String {
    match (wearers, naming) {
        ([], []) => {
            format!("the security group `{which}` is in use; take it off whatever wears it, or delete that first")
        }
        ([], naming) => {
            format!("the security group `{which}` is named in rules of {}; delete those rules first", some_of(naming))
        }
        (wearers, _) => {
            let wearers = some_of(wearers);
            format!("the security group `{which}` is worn by {wearers}; take it off there, or delete that first")
        }
    }
}

/// The first few, and how many more there are.
fn some_of(all: &[String]) -> String {
    let named = all.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// The interfaces that wear a group.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html>.
async fn interfaces(client: &Client, id: &str) -> Result<Vec<NetworkInterface>> {
    let filter = exactly("group-id", [id]);
    let request = |ec2: aws_sdk_ec2::Client| ec2.describe_network_interfaces().filters(filter.clone()).send();
    let answer = client.send(Effect::Read, "DescribeNetworkInterfaces", request).await?;
    Ok(answer.network_interfaces.unwrap_or_default())
}

/// Nodes by their names, then interfaces of something else, with what AWS says they are for.
async fn wearers(client: &Client, interfaces: &[NetworkInterface]) -> Vec<String> {
    let instance = |interface: &NetworkInterface| {
        interface.attachment().and_then(|attachment| attachment.instance_id()).map(str::to_owned)
    };
    let mut ids: Vec<String> = interfaces.iter().filter_map(instance).collect();
    ids.sort_unstable();
    ids.dedup();
    let asked: Vec<&str> = ids.iter().map(String::as_str).collect();
    let nodes = match holders(client, &asked).await {
        Ok(found) => found.iter().map(Holder::label).collect(),
        Err(_) => ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>(),
    };
    let others = interfaces.iter().filter(|interface| instance(interface).is_none());
    let others = others.map(|interface| {
        let what = interface.description().filter(|text| !text.is_empty());
        let what = what.map(|text| format!(" ({text})")).unwrap_or_default();
        format!("interface `{}`{what}", interface.network_interface_id().unwrap_or_default())
    });
    nodes.into_iter().chain(others).collect()
}

/// The other groups whose rules name a group.
async fn naming(client: &Client, id: &str) -> Result<Vec<String>> {
    let of = |filter: &str| groups(client, vec![exactly(filter, [id])]);
    let (inwards, outwards) = futures::try_join!(of("ip-permission.group-id"), of("egress.ip-permission.group-id"))?;
    let others = inwards.iter().chain(&outwards).filter(|group| group.group_id() != Some(id));
    let mut named: Vec<String> =
        others.map(|group| format!("`{}`", group.group_name().or(group.group_id()).unwrap_or_default())).collect();
    named.sort_unstable();
    named.dedup();
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn who_uses_a_group_is_told_with_what_to_do() {
        let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let table = [
            (&[][..], &[][..], "is in use; take it off whatever wears it, or delete that first"),
            (&["node `a`"], &["`db`"], "is worn by node `a`; take it off there, or delete that first"),
            (&["a", "b", "c", "d", "e"], &[], "is worn by a, b, c and 2 more; take it off there"),
            (&[], &["`db`"], "is named in rules of `db`; delete those rules first"),
        ];
        for (wearers, naming, told) in table {
            let message = message("web", &texts(wearers), &texts(naming));
            assert!(message.starts_with("the security group `web` ") && message.contains(told), "{message}");
        }
    }
}
