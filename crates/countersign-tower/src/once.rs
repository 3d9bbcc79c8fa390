//! The path of a verified request whose event is to be handled once: claim, handle, settle.

use std::sync::Arc;

use countersign::{
    Admission, Answer, Claim, Claims, CompleteOutcome, Declined, Held, Identity, ReleaseOutcome,
    Store, Verifier,
};
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use tower_service::Service;

use crate::answers::Answers;
use crate::body::VerifiedBody;
use crate::config::Config;
use crate::handling::{Handling, PermanentFailure};
use crate::runtime::{Runtime, token};

/// Says that the answer is that of an earlier delivery.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Handles a request in a task of its own, so that a client that hangs up neither loses the event
/// nor has it handled twice. Where there are no tasks, the claim is released when the client hangs
/// up.
pub(crate) async fn handle<I, S, A, B>(
    config: Arc<Config<S>>,
    inner: I,
    request: Request<VerifiedBody>,
    identity: Identity,
) -> Result<Response<B>, I::Error>
where
    I: Service<Request<VerifiedBody>, Response = Response<B>> + Send + 'static,
    I::Future: Send,
    I::Error: Send,
    S: Store,
    A: Answers<B>,
    B: Default + Send + 'static,
{
    let runtime = config.runtime();
    let work = run::<I, S, A, B>(Arc::clone(&config), inner, request, identity, runtime);
    match runtime.spawn(work) {
        Ok(task) => match task.await {
            Some(result) => result,
            // The runtime is shutting down.
            None => Ok(empty(config.receiver.verifier().reply().retry_status(503))),
        },
        // Boxed, so that it does not make the other way's future larger.
        Err(work) => Box::pin(work).await,
    }
}

async fn run<I, S, A, B>(
    config: Arc<Config<S>>,
    mut inner: I,
    mut request: Request<VerifiedBody>,
    identity: Identity,
    runtime: Runtime,
) -> Result<Response<B>, I::Error>
where
    I: Service<Request<VerifiedBody>, Response = Response<B>> + Send + 'static,
    I::Future: Send,
    S: Store,
    A: Answers<B>,
    B: Default + Send + 'static,
{
    let verifier = config.receiver.verifier();
    let Some((claims, shared)) = config.receiver.claims().zip(config.claims.as_ref()) else {
        return inner.call(request).await; // There is an identity only if there is a store.
    };
    let admission = match token() {
        Ok(token) => claims.admit(identity, token, &runtime).await,
        Err(error) => Admission::Declined(Declined::Unavailable(error)),
    };
    let claim = match admission {
        Admission::Fresh(claim) => claim,
        Admission::Declined(declined) => return Ok(decline::<A, B>(verifier, declined)),
    };
    if let Some(error) = claim.unprotected_because() {
        tracing::error!(
            target: "countersign",
            { webhook.provider = verifier.sender(), webhook.detail = %chain(error) },
            "handled without a claim"
        );
    }
    let handling = Handling::new(&claim, shared.clone(), config.now(), runtime);
    request.extensions_mut().insert(handling);
    let handled = claim.hold(respond::<I, S, A, B>(claims, verifier, inner, request), &runtime);
    match handled.await {
        Held::Ended(Ok((response, Some(answer)))) => {
            complete(verifier, claim, answer, runtime).await;
            Ok(response)
        }
        Held::Ended(Ok((response, None))) => {
            release(verifier, claim, runtime).await;
            Ok(response)
        }
        Held::Ended(Err(error)) => {
            release(verifier, claim, runtime).await;
            Err(error)
        }
        held @ (Held::Panicked | Held::Overran | Held::LeaseLost) => {
            let (status, what) = match held {
                Held::Panicked => (500, "the handler panicked"),
                Held::Overran => (503, "the handler overran its deadline"),
                _ => (409, "the handler was stopped, since another took its event over"),
            };
            tracing::error!(
                target: "countersign",
                { webhook.provider = verifier.sender(), webhook.attempt = attempt(&claim) },
                "{what}"
            );
            release(verifier, claim, runtime).await;
            Ok(empty(verifier.reply().retry_status(status)))
        }
    }
}

/// Runs the handler, and reads what is kept of its answer if that completes the claim.
async fn respond<I, S, A, B>(
    claims: &Claims<S>,
    verifier: &Verifier,
    mut inner: I,
    request: Request<VerifiedBody>,
) -> Result<(Response<B>, Option<Answer>), I::Error>
where
    I: Service<Request<VerifiedBody>, Response = Response<B>>,
    A: Answers<B>,
{
    let mut response = inner.call(request).await?;
    let failed = settle_failure(verifier, &mut response);
    let code = response.status().as_u16();
    if !failed && !claims.completes_on(code) {
        return Ok((response, None));
    }
    if !verifier.reply().is_success(code) {
        tracing::warn!(
            target: "countersign",
            { webhook.provider = verifier.sender(), http.response.status_code = code },
            "the sender takes this status for a failure, and will retry an event that was handled"
        );
    }
    let (response, answer) = A::keep(response).await;
    Ok((response, Some(answer.permanent_failure(failed))))
}

/// Makes a failure for good an answer that ends the sender's retries, and tells whether it is one.
pub(crate) fn settle_failure<B>(verifier: &Verifier, response: &mut Response<B>) -> bool {
    let Some(failure) = response.extensions().get::<PermanentFailure>() else { return false };
    tracing::error!(
        target: "countersign",
        { webhook.provider = verifier.sender(), webhook.detail = failure.reason() },
        "failed for good"
    );
    *response.status_mut() = status(verifier.reply().success_status(200));
    true
}

/// Records that the event was handled. The handler's answer stands whatever comes of it.
async fn complete<S: Store>(
    verifier: &Verifier,
    claim: Claim<S>,
    answer: Answer,
    runtime: Runtime,
) {
    let sender = verifier.sender();
    let attempt = attempt(&claim);
    let unsettled = match claim.complete(answer, &runtime).await {
        Ok(outcome) => return log_completion(sender, attempt, outcome),
        Err(unsettled) => unsettled,
    };
    tracing::error!(
        target: "countersign",
        { webhook.provider = sender, webhook.attempt = attempt, webhook.detail = %chain(unsettled.error()) },
        "handled, but the store could not record it; trying again"
    );
    let sender = sender.to_owned();
    let later = async move {
        match unsettled.retry(&runtime).await {
            Ok(outcome) => log_completion(&sender, attempt, outcome),
            Err(error) => tracing::error!(
                target: "countersign",
                { webhook.provider = sender, webhook.attempt = attempt, webhook.detail = %chain(&error) },
                "handled, but never recorded: a retry by the sender will be handled again"
            ),
        }
    };
    if let Err(later) = runtime.spawn(later) {
        // Without timers, it ends at once, and says so.
        Box::pin(later).await;
    }
}

fn log_completion(sender: &str, attempt: u32, outcome: CompleteOutcome) {
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

async fn release<S: Store>(verifier: &Verifier, claim: Claim<S>, runtime: Runtime) {
    let sender = verifier.sender();
    let attempt = attempt(&claim);
    match claim.release(&runtime).await {
        Ok(outcome) => {
            let outcome = match outcome {
                ReleaseOutcome::Released => "released",
                ReleaseOutcome::Lost => "lost",
            };
            tracing::debug!(
                target: "countersign",
                { webhook.provider = sender, webhook.attempt = attempt, webhook.idempotency = outcome },
                "released"
            );
        }
        Err(error) => tracing::warn!(
            target: "countersign",
            { webhook.provider = sender, webhook.attempt = attempt, webhook.detail = %chain(&error) },
            "the claim could not be released: the lease ends it"
        ),
    }
}

/// Answers a delivery whose event is not handled now.
fn decline<A: Answers<B>, B: Default>(verifier: &Verifier, declined: Declined) -> Response<B> {
    let code = declined.status(verifier.reply());
    let sender = verifier.sender();
    let mut response = match &declined {
        Declined::Duplicate(duplicate) => {
            let mut response = Response::new(A::body(&duplicate.answer));
            let headers = response.headers_mut();
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
            let content = duplicate.answer.stored_content();
            let content_type = content.filter(|content| !content.content_type.is_empty());
            if let Some(Ok(value)) =
                content_type.map(|it| HeaderValue::from_bytes(&it.content_type))
            {
                headers.insert(CONTENT_TYPE, value);
            }
            if duplicate.content_differs {
                tracing::warn!(
                    target: "countersign",
                    { webhook.provider = sender },
                    "an event was taken for a duplicate by its id, but its content differs"
                );
            }
            response
        }
        _ => Response::new(B::default()),
    };
    *response.status_mut() = status(code);
    if let Some(seconds) = declined.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let kind = match &declined {
        Declined::Duplicate(duplicate) => duplicate.kind.as_str(),
        Declined::InFlight { kind, .. } => kind.as_str(),
        _ => "",
    };
    match &declined {
        Declined::Unavailable(error) => tracing::error!(
            target: "countersign",
            { webhook.provider = sender, webhook.idempotency = declined.code(), webhook.detail = %chain(error) },
            "declined"
        ),
        Declined::Saturated | Declined::ContentDiffers => tracing::error!(
            target: "countersign",
            { webhook.provider = sender, webhook.idempotency = declined.code(), webhook.detail = %declined },
            "declined"
        ),
        _ => tracing::info!(
            target: "countersign",
            { webhook.provider = sender, webhook.idempotency = declined.code(), webhook.duplicate = kind },
            "declined"
        ),
    }
    response.extensions_mut().insert(Arc::new(declined));
    response
}

fn empty<B: Default>(code: u16) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = status(code);
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The attempt for the log; zero if the store could not tell.
fn attempt<S: Store>(claim: &Claim<S>) -> u32 {
    claim.attempt().map_or(0, std::num::NonZeroU32::get)
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
