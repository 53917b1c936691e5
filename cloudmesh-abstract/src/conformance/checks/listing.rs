//! Listing and finding nodes.

use std::collections::BTreeSet;

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure};
use crate::{ComputeNodeABC, ErrorKind, NodeId, NodeQuery};

pub(super) const CHECKS: &[Check] = &[
    check!(a_listing_has_every_page: "`list` lists every node, each page."),
    check!(each_page_is_fetched_once: "A method sends no request that is not needed."),
    check!(foreign_nodes_are_listed: "`list` lists nodes that somebody else made.", Need::Troubles),
    check!(nameless_nodes_are_listed: "`list` lists nodes without a name.", Need::Troubles),
    check!(deleted_nodes_are_not_listed: "Deleted nodes are left out of listings."),
    check!(the_record_of_a_node_is_kept_only_when_asked_for:
        "The vendor's record is kept in `Node::raw` only when the query asks for it."),
    check!(find_is_exact: "`find` finds the nodes of exactly this name."),
    check!(find_gives_every_node_of_the_name: "`find` finds all nodes of the name; there may be none or several."),
    check!(find_is_one_request: "`find` is one server-side request a page."),
];

/// Makes so many nodes.
async fn crowd(bench: &Bench, cloud: &Cloud, size: usize) -> Result<BTreeSet<NodeId>, Failure> {
    let mut ids = BTreeSet::new();
    for number in 0..size {
        ids.insert(cloud.create(&bench.spec(&number.to_string())).await?.id);
    }
    Ok(ids)
}

async fn a_listing_has_every_page(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let made = crowd(bench, &cloud, 3).await?;
    // A second connection knows nothing of what the first one made.
    let listed = bench.cloud()?.list(&NodeQuery::new().with_page_size(1)).await?;
    for id in &made {
        let times = listed.iter().filter(|node| node.id == *id).count();
        ensure!(times == 1, "of a listing in pages of one, `{id}` is part {times} times");
    }
    Ok(())
}

async fn each_page_is_fetched_once(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    // A listing of nodes that still move may be read again.
    for id in crowd(bench, &cloud, 3).await? {
        cloud.wait(&id, crate::Goal::Running).await?;
    }
    cloud.warm_up().await?;
    let listed = cloud.list(&NodeQuery::new().with_page_size(2)).await?;
    let lines: Vec<String> = cloud.requests().into_iter().map(|sent| sent.request).collect();
    let different = lines.iter().collect::<BTreeSet<_>>().len();
    // Where a line does not tell one page from another, their number does.
    let needed = listed.len() / 2 + 1;
    ensure!(lines.len() == different || lines.len() <= needed, "one listing sent {lines:?}");
    Ok(())
}

async fn foreign_nodes_are_listed(bench: &Bench) -> Outcome {
    let id = bench.plant(&bench.name("foreign"))?;
    let listed = bench.cloud()?.list(&NodeQuery::new()).await?;
    ensure!(listed.iter().any(|node| node.id == id), "a node without our marks is not listed");
    Ok(())
}

async fn nameless_nodes_are_listed(bench: &Bench) -> Outcome {
    let id = bench.plant("")?;
    let cloud = bench.cloud()?;
    let listed = cloud.list(&NodeQuery::new()).await?;
    ensure!(listed.iter().any(|node| node.id == id), "a node without a name is not listed");
    let node = cloud.info(&id).await?;
    ensure!(node.label() == id.as_str(), "a nameless node is called `{}`", node.label());
    Ok(())
}

async fn deleted_nodes_are_not_listed(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    let id = cloud.boot(&spec).await?.id;
    cloud.remove(&id).await?;
    let ghosts = cloud.called(&spec.name).await?.len() + cloud.find(&spec.name).await?.len();
    ensure!(ghosts == 0, "a deleted node is still listed or found");
    Ok(())
}

async fn the_record_of_a_node_is_kept_only_when_asked_for(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    cloud.boot(&spec).await?;
    for raw in [false, true] {
        let nodes = cloud.list(&NodeQuery::new().with_raw(raw)).await?;
        let node = nodes.into_iter().find(|node| node.name == spec.name);
        let kept = node.is_some_and(|node| node.raw.is_some());
        ensure!(kept == raw, "raw was {raw} in the query, and the record was kept: {kept}");
    }
    Ok(())
}

async fn find_is_exact(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let (name, longer) = (bench.name("a-b"), bench.name("a-b-c"));
    for end in ["a-b", "a-b-c"] {
        cloud.boot(&bench.spec(end)).await?;
    }
    for exact in [&name, &longer] {
        let found: Vec<String> = cloud.find(exact).await?.into_iter().map(|node| node.name).collect();
        ensure!(found == [exact.as_str()], "`{exact}` found {found:?}");
    }
    let stem = bench.name("a");
    let others =
        ["", "-", ".b", "?b", "*", "[-]b", "\\-b", "-B", "%", ".*", "-b$", "-b|x"].map(|end| format!("{stem}{end}"));
    for other in others.iter().chain([&format!("^{name}"), &name.to_uppercase()]) {
        let found: Vec<String> = cloud.find(other).await?.into_iter().map(|node| node.name).collect();
        ensure!(found.is_empty(), "`{other}` is nobody's name and found {found:?}");
    }
    found_with_odd_letters(bench, &cloud).await
}

/// Names with letters that mean something in patterns, where the cloud admits such names.
async fn found_with_odd_letters(bench: &Bench, cloud: &Cloud) -> Outcome {
    for end in ["d.e", "d(e)+[1]"] {
        let spec = bench.spec(end);
        match cloud.create(&spec).await {
            Ok(node) => {
                // Only a node that the cloud knows by now can be found.
                cloud.wait(&node.id, crate::Goal::Running).await?;
                let found = cloud.find(&spec.name).await?;
                let ids: Vec<&NodeId> = found.iter().map(|node| &node.id).collect();
                ensure!(ids == [&node.id], "`{}` found {ids:?}, not `{}`", spec.name, node.id);
            }
            Err(error) if error.kind() == ErrorKind::InvalidInput => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn find_gives_every_node_of_the_name(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let first = cloud.boot(&bench.spec("twin")).await?;
    let expected = match cloud.create(&bench.spec("twin")).await {
        Ok(second) => {
            cloud.wait(&second.id, crate::Goal::Running).await?;
            BTreeSet::from([first.id, second.id])
        }
        // A cloud in which names are unique.
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::Conflict) => {
            BTreeSet::from([first.id])
        }
        Err(error) => return Err(error.into()),
    };
    let found: BTreeSet<NodeId> = cloud.find(&bench.name("twin")).await?.into_iter().map(|node| node.id).collect();
    ensure!(found == expected, "found {found:?}, not {expected:?}");
    Ok(())
}

async fn find_is_one_request(bench: &Bench) -> Outcome {
    let (cloud, spec) = (bench.cloud()?, bench.spec("a"));
    cloud.boot(&spec).await?;
    // What a provider learns once, such as the cloud's versions, is not part of it.
    cloud.find(&spec.name).await?;
    cloud.warm_up().await?;
    cloud.find(&spec.name).await?;
    let sent: Vec<String> = cloud.requests().into_iter().map(|sent| sent.request).collect();
    ensure!(sent.len() == 1, "one look sent {sent:?}");
    Ok(())
}
