//! The path of a request: refuse early, read, verify, hand on.

use std::fmt;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use countersign::{Head, Rejection, Verifier};
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use crate::body::VerifiedBody;
use crate::config::Config;
use crate::future::ResponseFuture;
use crate::read::{self, Whole};

/// A service that only verified webhooks reach. Made by [`VerifyLayer`](crate::VerifyLayer).
#[derive(Clone)]
pub struct Verify<S> {
    pub(crate) inner: S,
    pub(crate) config: Arc<Config>,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for Verify<S>
where
    S: Service<Request<VerifiedBody>, Response = Response<ResBody>> + Clone + Send + 'static,
    S::Future: Send,
    ReqBody: Body + Send + 'static,
    ReqBody::Data: Send,
    ResBody: Default,
{
    type Response = Response<ResBody>;
    type Error = S::Error;
    type Future = ResponseFuture<ResBody, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        // The clone may not be ready; move the service that was polled.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let config = Arc::clone(&self.config);

        ResponseFuture::new(async move {
            match admit(&config, request).await {
                Ok(request) => inner.call(request).await,
                Err(rejection) => Ok(refusal(&config.verifier, rejection)),
            }
        })
    }
}

/// Checks all that can be checked without the body, reads it, and verifies, in that order; the
/// first refusal ends it.
async fn admit<B: Body>(
    config: &Config,
    request: Request<B>,
) -> Result<Request<VerifiedBody>, Rejection> {
    let (mut parts, body) = request.into_parts();
    if content_length(&parts.headers).is_some_and(|length| length > config.body_limit) {
        return Err(Rejection::BodyTooLarge);
    }
    config.verifier.precheck(&head(&parts), config.now())?;
    let Whole { bytes, trailers } = read_in_time(config, body).await?;
    // The clock is read again, since the body may have taken its time.
    let proof = config.verifier.verify(&head(&parts).with_body(&bytes), config.now())?;
    tracing::debug!(
        target: "countersign",
        { webhook.provider = proof.sender(), webhook.secret.label = proof.secret() },
        "verified"
    );
    parts.extensions.insert(proof);
    Ok(Request::from_parts(parts, VerifiedBody::new(bytes, trailers)))
}

fn head(parts: &Parts) -> Head<'_> {
    let url = parts.uri.path_and_query().map_or("/", |it| it.as_str());
    Head::new(parts.method.as_str(), url, &parts.headers)
}

/// What `Content-Length` claims. One that cannot be read claims nothing: the bytes are counted as
/// they come.
fn content_length(headers: &HeaderMap) -> Option<usize> {
    let digits = headers.get(CONTENT_LENGTH)?.as_bytes();
    // What does not fit is longer than any limit.
    let add = |length: usize, digit: &u8| {
        let digit = digit.is_ascii_digit().then(|| usize::from(digit - b'0'))?;
        Some(length.saturating_mul(10).saturating_add(digit))
    };
    digits.iter().try_fold(0, add)
}

#[cfg(feature = "tokio")]
async fn read_in_time<B: Body>(config: &Config, body: B) -> Result<Whole, Rejection> {
    use std::future::poll_fn;
    use std::pin::pin;

    let mut reading = pin!(read::whole(body, config.body_limit));
    // A body that is there already needs no timer.
    if let Poll::Ready(read) = poll_fn(|it| Poll::Ready(reading.as_mut().poll(it))).await {
        return read;
    }
    if !config.has_timers() {
        return reading.await;
    }
    let timed = tokio::time::timeout(config.read_timeout, reading).await;
    timed.unwrap_or(Err(Rejection::BodyTooSlow))
}

#[cfg(not(feature = "tokio"))]
async fn read_in_time<B: Body>(config: &Config, body: B) -> Result<Whole, Rejection> {
    read::whole(body, config.body_limit).await
}

/// The sender learns a status; the operator learns the reason.
fn refusal<B: Default>(verifier: &Verifier, rejection: Rejection) -> Response<B> {
    tracing::warn!(
        target: "countersign",
        { webhook.provider = verifier.sender(), webhook.reason = rejection.code(), webhook.detail = %rejection },
        "refused"
    );
    let mut response = Response::new(B::default());
    let status = StatusCode::from_u16(verifier.status(rejection));
    *response.status_mut() = status.unwrap_or(StatusCode::UNAUTHORIZED);
    response.extensions_mut().insert(rejection);
    response
}

impl<S: fmt::Debug> fmt::Debug for Verify<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify").field("inner", &self.inner).finish_non_exhaustive()
    }
}
