//! What is logged, with the target `countersign`.

use std::error::Error;
use std::num::NonZeroU32;

use countersign::{
    Claim, CompleteOutcome, Declined, KeyError, Rejection, ReleaseOutcome, SourceError, Store,
    StoreError, Verified, Verifier,
};

pub(crate) fn warnings(verifier: &Verifier) {
    for warning in verifier.warnings() {
        tracing::warn!(
            target: "countersign",
            { webhook.provider = verifier.sender() },
            "{warning}"
        );
    }
}

pub(crate) fn verified(proof: &Verified) {
    tracing::debug!(
        target: "countersign",
        { webhook.provider = proof.sender(), webhook.secret.label = proof.secret() },
        "verified"
    );
}

pub(crate) fn refused(sender: &str, rejection: Rejection) {
    tracing::warn!(
        target: "countersign",
        { webhook.provider = sender, webhook.reason = rejection.code(), webhook.detail = %rejection },
        "refused"
    );
}

pub(crate) fn no_secrets(sender: &str, error: &SourceError) {
    tracing::error!(
        target: "countersign",
        { webhook.provider = sender, webhook.detail = %chain(error) },
        "no secrets to verify with"
    );
}

pub(crate) fn no_key_source(sender: &str) {
    tracing::error!(
        target: "countersign",
        { webhook.provider = sender },
        "the verifier leaves keys to be fetched, but there is no source of keys: give the layer one"
    );
}

pub(crate) fn no_keys(sender: &str, url: &str, error: &KeyError) {
    tracing::error!(
        target: "countersign",
        { webhook.provider = sender, webhook.key.url = url, webhook.detail = %chain(error) },
        "no key to verify with"
    );
}

pub(crate) fn handshake(sender: &str, status: u16) {
    tracing::info!(
        target: "countersign",
        { webhook.provider = sender, http.response.status_code = status },
        "handshake"
    );
}

pub(crate) fn too_many_tenants(sender: &str, most: usize) {
    tracing::warn!(
        target: "countersign",
        { webhook.provider = sender },
        "the secret source knows more than {most} tenants for a delivery: the rest are not tried"
    );
}

pub(crate) fn declined(sender: &str, declined: &Declined) {
    let code = declined.code();
    match declined {
        Declined::Unavailable(error) => tracing::error!(
            target: "countersign",
            { webhook.provider = sender, webhook.idempotency = code, webhook.detail = %chain(error) },
            "declined"
        ),
        Declined::Saturated | Declined::ContentDiffers => tracing::error!(
            target: "countersign",
            { webhook.provider = sender, webhook.idempotency = code, webhook.detail = %declined },
            "declined"
        ),
        Declined::Duplicate(duplicate) => {
            if duplicate.content_differs {
                tracing::warn!(
                    target: "countersign",
                    { webhook.provider = sender },
                    "an event was taken for a duplicate by its id, but its content differs"
                );
            }
            seen_before(sender, code, duplicate.kind.as_str());
        }
        Declined::InFlight { kind, .. } => seen_before(sender, code, kind.as_str()),
        _ => seen_before(sender, code, ""),
    }
}

fn seen_before(sender: &str, code: &str, kind: &str) {
    tracing::info!(
        target: "countersign",
        { webhook.provider = sender, webhook.idempotency = code, webhook.duplicate = kind },
        "declined"
    );
}

pub(crate) fn unprotected(sender: &str, error: &StoreError) {
    tracing::error!(
        target: "countersign",
        { webhook.provider = sender, webhook.detail = %chain(error) },
        "handled without a claim"
    );
}

pub(crate) fn cut_off(sender: &str, attempt: u32, what: &str) {
    tracing::error!(
        target: "countersign",
        { webhook.provider = sender, webhook.attempt = attempt },
        "{what}"
    );
}

pub(crate) fn failed_for_good(sender: &str, reason: &str) {
    tracing::error!(
        target: "countersign",
        { webhook.provider = sender, webhook.detail = reason },
        "failed for good"
    );
}

pub(crate) fn not_retried(sender: &str, status: u16) {
    tracing::warn!(
        target: "countersign",
        { webhook.provider = sender, http.response.status_code = status },
        "the sender does not retry upon this status: an event that failed is lost"
    );
}

#[cfg(feature = "tokio")]
pub(crate) fn interrupted(panicked: bool) {
    let what = if panicked { "panicked" } else { "was stopped with its runtime" };
    tracing::error!(target: "countersign", "the task of a delivery {what}");
}

pub(crate) fn misread(sender: &str, status: u16) {
    tracing::warn!(
        target: "countersign",
        { webhook.provider = sender, http.response.status_code = status },
        "the sender takes this status for a failure, and will retry an event that was handled"
    );
}

pub(crate) fn completed(sender: &str, attempt: u32, outcome: CompleteOutcome) {
    match outcome {
        CompleteOutcome::Completed | CompleteOutcome::AlreadyCompleted => tracing::debug!(
            target: "countersign",
            { webhook.provider = sender, webhook.attempt = attempt, webhook.idempotency = "completed" },
            "completed"
        ),
        CompleteOutcome::Lost => tracing::error!(
            target: "countersign",
            { webhook.provider = sender, webhook.attempt = attempt, webhook.idempotency = "lost" },
            "the lease had lapsed and another attempt took the event over: it was handled twice"
        ),
    }
}

pub(crate) fn not_completed(sender: &str, attempt: u32, error: &StoreError, what: &str) {
    tracing::error!(
        target: "countersign",
        { webhook.provider = sender, webhook.attempt = attempt, webhook.detail = %chain(error) },
        "handled, but {what}"
    );
}

pub(crate) fn released(sender: &str, attempt: u32, outcome: &Result<ReleaseOutcome, StoreError>) {
    let outcome = match outcome {
        Ok(ReleaseOutcome::Released) => "released",
        Ok(ReleaseOutcome::Lost) => "lost",
        Err(error) => {
            tracing::warn!(
                target: "countersign",
                { webhook.provider = sender, webhook.attempt = attempt, webhook.detail = %chain(error) },
                "the claim could not be released: the lease ends it"
            );
            return;
        }
    };
    tracing::debug!(
        target: "countersign",
        { webhook.provider = sender, webhook.attempt = attempt, webhook.idempotency = outcome },
        "released"
    );
}

/// The attempt; zero if the store could not tell.
pub(crate) fn attempt<S: Store>(claim: &Claim<S>) -> u32 {
    claim.attempt().map_or(0, NonZeroU32::get)
}

/// An error with its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
