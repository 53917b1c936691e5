//! Signing in.

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Failure, Need, Outcome, check, ensure, refused};
use crate::conformance::{Disturbance, On, Trouble};
use crate::{ComputeNodeABC, Effect, ErrorKind, NodeQuery};

pub(super) const CHECKS: &[Check] = &[
    check!(wrong_credentials_are_told_at_once: "`Unauthenticated` is not retried.", Need::WrongSettings),
    check!(an_expired_token_is_renewed_once: "A token that ends in mid-way is renewed, once.", Need::Troubles),
    check!(one_sign_in_serves_many_requests: "The first operation signs in, and the others use what it was granted."),
    check!(whoami_says_who_we_are: "`whoami` says who we are to this cloud: user and account."),
];

fn sign_ins(cloud: &Cloud) -> usize {
    cloud.trace.take().iter().filter(|sent| sent.effect == Effect::SignIn).count()
}

async fn wrong_credentials_are_told_at_once(bench: &Bench) -> Outcome {
    let lost = || Failure::new("the target offered wrong settings before, and does not now");
    let wrong = bench.stage.wrong_settings().ok_or_else(lost)?;
    let cloud = bench.cloud_with(&wrong, |builder| builder)?;
    refused("`list` with a wrong secret", cloud.list(&NodeQuery::new()).await, &[ErrorKind::Unauthenticated])?;
    let refusals = cloud.trace.take().iter().filter(|sent| sent.error == Some(ErrorKind::Unauthenticated)).count();
    ensure!(refusals == 1, "the cloud had to refuse {refusals} times");
    Ok(())
}

async fn an_expired_token_is_renewed_once(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    let id = cloud.boot(&bench.spec("a")).await?.id;
    cloud.trace.take();
    bench.troubles()?.disturb(Disturbance::new(Trouble::TokenExpired).on(On::Reads).times(1));
    cloud.info(&id).await?;
    cloud.info(&id).await?;
    let renewals = sign_ins(&cloud);
    ensure!(renewals == 1, "the token ended once, and was renewed {renewals} times");
    Ok(())
}

async fn one_sign_in_serves_many_requests(bench: &Bench) -> Outcome {
    let cloud = bench.cloud()?;
    cloud.whoami().await?;
    let first = sign_ins(&cloud);
    let many = (0..5).map(|_| cloud.whoami());
    futures::future::try_join_all(many).await?;
    let later = sign_ins(&cloud);
    ensure!(later == 0, "the first request signed in {first} times, five later ones {later} times");
    Ok(())
}

async fn whoami_says_who_we_are(bench: &Bench) -> Outcome {
    let identity = bench.cloud()?.whoami().await?;
    ensure!(!identity.user.is_empty(), "no user is told");
    ensure!(!identity.account.is_empty(), "no account is told");
    Ok(())
}
