//! What a provider says that it can do.

use std::collections::BTreeMap;

use strum::VariantArray;

use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Outcome, check, ensure, refused};
use crate::{Call, Capability, ErrorKind, RawCall, Request};

pub(super) const CHECKS: &[Check] = &[
    check!(what_is_lacking_is_unsupported: "What a cloud lacks is `Unsupported`, and the error names the reason."),
    check!(what_is_claimed_is_supported: "What a provider says that it can do is never `Unsupported`."),
];

/// A request that needs a capability and can do no harm: it is about nothing that exists, or it only looks.
fn probe(bench: &Bench, capability: Capability) -> Request {
    let id = super::unknown_id();
    match capability {
        Capability::Suspend => Request::Suspend(id),
        Capability::Rename => Request::Rename(id, bench.name("probe")),
        Capability::Resize => Request::Resize(id, bench.props().flavor),
        Capability::Metadata => Request::SetServerMetadata(id, BTreeMap::from([("a".to_owned(), "b".to_owned())])),
        Capability::Keys => Request::Keys,
        Capability::PublicIps => Request::ListPublicIps,
        Capability::Secgroups => Request::ListSecgroups,
        Capability::Console => Request::Log(id),
        Capability::Leftovers => Request::Leftovers,
        Capability::Raw => Request::Raw(RawCall::new("GET", bench.props().raw.unwrap_or_else(|| "/".to_owned()))),
    }
}

async fn what_is_lacking_is_unsupported(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let claimed = cloud.capabilities();
    for capability in Capability::VARIANTS.iter().filter(|capability| !claimed.contains(capability)) {
        let what = format!("`{capability}`, which is lacking,");
        let error = refused(&what, cloud.call(probe(bench, *capability)).await, &[ErrorKind::Unsupported])?;
        let reason = cloud.why_lacking(*capability);
        ensure!(!reason.trim().is_empty(), "nobody says why `{capability}` is lacking");
        ensure!(error.message().contains(reason), "the error does not say why `{capability}` is lacking: {error}");
    }
    Ok(())
}

async fn what_is_claimed_is_supported(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    for capability in cloud.capabilities() {
        let answer = cloud.call(probe(bench, capability)).await;
        let unsupported = answer.is_err_and(|error| error.kind() == ErrorKind::Unsupported);
        ensure!(!unsupported, "the provider says that it has `{capability}`, and it has not");
    }
    Ok(())
}
