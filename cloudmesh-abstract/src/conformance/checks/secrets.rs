//! Secrets stay where they are.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use crate::conformance::bench::{Bench, Cloud};
use crate::conformance::check::{Check, Outcome, check, ensure};
use crate::{ComputeNodeABC, Error, Event, Kept, Key, MemoryTokens, NodeQuery, NodeSpec, TokenStore, Trace, UserData};

pub(super) const CHECKS: &[Check] = &[
    check!(debug_shows_no_secret: "No `Debug` holds a secret."),
    check!(no_error_shows_a_secret: "No error holds a secret."),
    check!(the_trace_shows_no_secret: "No log holds a secret."),
    check!(user_data_is_not_shown: "User data is taken out of the vendor's record."),
];

/// Keeps tokens, and remembers which secrets were among them.
#[derive(Debug, Default)]
struct Witness {
    tokens: MemoryTokens,
    secrets: Mutex<Vec<String>>,
}

impl TokenStore for Witness {
    fn load(&self, identity: &str) -> Option<Kept> {
        self.tokens.load(identity)
    }

    fn keep(&self, identity: &str, token: &Kept) {
        let value = serde_json::from_str(token.text.expose_secret()).unwrap_or_default();
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).extend(tokens_in(&value));
        self.tokens.keep(identity, token);
    }

    fn forget(&self, identity: &str) {
        self.tokens.forget(identity);
    }
}

/// What is called a token, a ticket or a secret.
fn tokens_in(value: &Value) -> Vec<String> {
    let secret = |name: &str| ["token", "ticket", "secret"].iter().any(|word| name.to_lowercase().contains(word));
    let Value::Object(map) = value else { return Vec::new() };
    let found = map.iter().flat_map(|(name, value)| match value {
        Value::String(text) if secret(name) => vec![text.clone()],
        other => tokens_in(other),
    });
    found.collect()
}

/// The values of all secret keys, in every spelling and place.
pub(in crate::conformance) fn secrets_in(map: &Map<String, Value>, keys: &[Key]) -> Vec<String> {
    let flat = keys.iter().filter(|key| key.flat).flat_map(|key| key.inner);
    let known: Vec<&Key> = keys.iter().chain(flat).collect();
    let found = map.iter().flat_map(|(name, value)| match (known.iter().find(|key| key.is(name)), value) {
        (Some(key), Value::String(text)) if key.secret => vec![text.clone()],
        (Some(key), Value::Object(inner)) => secrets_in(inner, key.inner),
        _ => Vec::new(),
    });
    found.filter(|secret| !secret.is_empty()).collect()
}

/// Says that none of the secrets is part of a text.
fn is_clean(bench: &Bench, witness: &Witness, what: &str, text: &str) -> Outcome {
    let settings = bench.stage.wrong_settings().into_iter().chain([bench.stage.settings()]);
    let mut secrets: Vec<String> = settings.flat_map(|given| secrets_in(given.as_map(), bench.subject.keys)).collect();
    secrets.extend(witness.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone());
    // The text itself is not told, since a secret is part of it.
    ensure!(!secrets.iter().any(|secret| text.contains(secret.as_str())), "{what} shows a secret");
    Ok(())
}

fn watched(bench: &Bench) -> Result<(Cloud, Arc<Witness>), crate::conformance::check::Failure> {
    let witness = Arc::new(Witness::default());
    Ok((bench.cloud_in(|builder| builder.tokens(witness.clone()))?, witness))
}

async fn debug_shows_no_secret(bench: &Bench) -> Outcome {
    let (cloud, witness) = watched(bench)?;
    cloud.warm_up().await?;
    let settings = bench.stage.settings();
    is_clean(bench, &witness, "`Debug` of the settings", &format!("{settings:?}"))?;
    is_clean(bench, &witness, "`Debug` of the provider", &format!("{cloud:?} {cloud:#?}"))
}

/// An error with its causes, for people and for developers.
fn written(error: &Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |cause| cause.source());
    causes.map(|cause| format!("{cause} {cause:?} ")).collect::<Vec<_>>().concat()
}

async fn no_error_shows_a_secret(bench: &Bench) -> Outcome {
    let (cloud, witness) = watched(bench)?;
    let mut errors = Vec::new();
    errors.extend(cloud.info(&super::unknown_id()).await.err());
    errors.extend(cloud.create(&NodeSpec { image: bench.name("none"), ..bench.spec("a") }).await.err());
    let misspelt = bench.stage.settings().with("credentials.no_such_key", "x");
    errors.extend(bench.subject.connect(&misspelt, &crate::Context::builder("bench")).err());
    if let Some(wrong) = bench.stage.wrong_settings() {
        let stranger = bench.cloud_with(&wrong, |builder| builder)?;
        errors.extend(stranger.list(&NodeQuery::new()).await.err());
    }
    errors.iter().try_for_each(|error| is_clean(bench, &witness, "an error", &written(error)))
}

/// Writes down everything that it is told.
#[derive(Debug, Default)]
struct Scribe(Mutex<Vec<String>>);

impl Trace for Scribe {
    fn record(&self, event: &Event<'_>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{event:?}"));
    }
}

async fn the_trace_shows_no_secret(bench: &Bench) -> Outcome {
    let (witness, scribe) = (Arc::new(Witness::default()), Arc::new(Scribe::default()));
    let spec = bench.spec("a").with_user_data(UserData::new(secret_text(bench)));
    let cloud = bench.cloud_in(|builder| builder.tokens(witness.clone()).trace(scribe.clone()))?;
    cloud.boot(&spec).await?;
    _ = cloud.info(&super::unknown_id()).await;
    if let Some(wrong) = bench.stage.wrong_settings() {
        _ = bench.cloud_with(&wrong, |builder| builder.trace(scribe.clone()))?.list(&NodeQuery::new()).await;
    }
    let written = scribe.0.lock().unwrap_or_else(PoisonError::into_inner).concat();
    ensure!(!written.contains(&secret_text(bench)), "the trace shows user data");
    is_clean(bench, &witness, "the trace", &written)
}

fn secret_text(bench: &Bench) -> String {
    format!("#!/bin/sh\n: password of {}\n", bench.prefix())
}

async fn user_data_is_not_shown(bench: &Bench) -> Outcome {
    let (cloud, text) = (bench.cloud()?, secret_text(bench));
    let id = cloud.boot(&bench.spec("a").with_user_data(UserData::new(&text))).await?.id;
    let nodes = cloud.list(&NodeQuery::new().with_raw(true)).await?;
    let raw = nodes.into_iter().find(|node| node.id == id).and_then(|node| node.raw).unwrap_or_default().to_string();
    let plain = Value::String(text.clone()).to_string();
    ensure!(!raw.contains(plain.trim_matches('"')), "the vendor's record shows user data");
    ensure!(!raw.contains(&STANDARD.encode(&text)), "the vendor's record shows user data in base64");
    Ok(())
}
