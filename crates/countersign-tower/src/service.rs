//! The path of a request: refuse early, read, verify, hand on.

use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use countersign::{Head, Identity, NoStore, Rejection, Store, Verifier};
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use crate::answers::{Answers, StatusOnly};
use crate::body::VerifiedBody;
use crate::config::Config;
use crate::future::ResponseFuture;
use crate::once;
use crate::read::{self, Whole};

/// A service that only verified webhooks reach. Made by [`VerifyLayer`](crate::VerifyLayer).
pub struct Verify<I, S = NoStore, A = StatusOnly> {
    pub(crate) inner: I,
    pub(crate) config: Arc<Config<S>>,
    pub(crate) answers: PhantomData<A>,
}

impl<I, S, A, ReqBody, ResBody> Service<Request<ReqBody>> for Verify<I, S, A>
where
    I: Service<Request<VerifiedBody>, Response = Response<ResBody>> + Clone + Send + 'static,
    I::Future: Send,
    I::Error: Send,
    S: Store,
    A: Answers<ResBody>,
    ReqBody: Body + Send + 'static,
    ReqBody::Data: Send,
    ResBody: Default + Send + 'static,
{
    type Response = Response<ResBody>;
    type Error = I::Error;
    type Future = ResponseFuture<ResBody, I::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        // The clone may not be ready; move the service that was polled.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let config = Arc::clone(&self.config);

        ResponseFuture::new(async move {
            match admit(&config, request).await {
                Ok((request, None)) => {
                    let mut response = inner.call(request).await?;
                    _ = once::settle_failure(config.receiver.verifier(), &mut response);
                    Ok(response)
                }
                Ok((request, Some(identity))) => {
                    once::handle::<_, _, A, _>(config, inner, request, identity).await
                }
                Err(rejection) => Ok(refusal(config.receiver.verifier(), rejection)),
            }
        })
    }
}

/// Checks all that can be checked without the body, reads it, and verifies, in that order; the
/// first refusal ends it. If there is a store, the event is then named.
async fn admit<S, B: Body>(
    config: &Config<S>,
    request: Request<B>,
) -> Result<(Request<VerifiedBody>, Option<Identity>), Rejection> {
    let verifier = config.receiver.verifier();
    let (mut parts, body) = request.into_parts();
    if content_length(&parts.headers).is_some_and(|length| length > config.body_limit) {
        return Err(Rejection::BodyTooLarge);
    }
    verifier.precheck(&head(&parts), config.now())?;
    let Whole { bytes, trailers } = read_in_time(config, body).await?;
    let head = head(&parts);
    let delivery = head.with_body(&bytes);
    // The clock is read again, since the body may have taken its time.
    let proof = verifier.verify(&delivery, config.now())?;
    tracing::debug!(
        target: "countersign",
        { webhook.provider = proof.sender(), webhook.secret.label = proof.secret() },
        "verified"
    );
    let claims = config.receiver.claims();
    let identity = claims.map(|claims| claims.identify(&proof, &delivery)).transpose()?;
    parts.extensions.insert(proof);
    let request = Request::from_parts(parts, VerifiedBody::new(bytes, trailers));
    Ok((request, identity))
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
async fn read_in_time<S, B: Body>(config: &Config<S>, body: B) -> Result<Whole, Rejection> {
    use std::future::poll_fn;
    use std::pin::pin;

    use countersign::Timer as _;

    let mut reading = pin!(read::whole(body, config.body_limit));
    // A body that is there already needs no timer.
    if let Poll::Ready(read) = poll_fn(|it| Poll::Ready(reading.as_mut().poll(it))).await {
        return read;
    }
    if !config.runtime().is_running() {
        return reading.await;
    }
    let timed = tokio::time::timeout(config.read_timeout, reading).await;
    timed.unwrap_or(Err(Rejection::BodyTooSlow))
}

#[cfg(not(feature = "tokio"))]
async fn read_in_time<S, B: Body>(config: &Config<S>, body: B) -> Result<Whole, Rejection> {
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

impl<I: Clone, S, A> Clone for Verify<I, S, A> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), config: Arc::clone(&self.config), answers: PhantomData }
    }
}

impl<I: fmt::Debug, S, A> fmt::Debug for Verify<I, S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify").field("inner", &self.inner).finish_non_exhaustive()
    }
}
