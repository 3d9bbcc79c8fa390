//! The middleware: refuse early, read, verify, hand on.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use actix_web::{Error, HttpMessage as _, HttpResponse};
use bytes::Bytes;
use countersign::{
    Answer, Content, HandshakeReply, Identity, MAX_STORED_BODY, NoStore, Receiver, RemoteKeySource,
    SecretSource, Store, Timestamp, within,
};
use countersign_adapter::{
    Ended, Endpoint, Handling, PermanentFailure, Runtime, ShortAnswer, Unfinished, Verdict,
};

use crate::cut_off::{CutOff, short, status};
use crate::headers::{View, head};
use crate::read;
use crate::to_its_end::ToItsEnd;

/// How long the body of an answer may take to be read. It is small, and nearly always there.
const KEEP_TIMEOUT: Duration = Duration::from_secs(1);

/// Wraps an `App`, a `Scope` or a `Resource` so that only verified webhooks reach it, and with a
/// [`Receiver`] each event once. See the [crate](crate) for what that means.
pub struct Verify<S = NoStore> {
    endpoint: Arc<Endpoint<S>>,
    keeps_bodies: bool,
}

impl<S: Store> Verify<S> {
    /// Lets through what a [`Verifier`](countersign::Verifier) accepts, or what a [`Receiver`] does
    /// and has not handled.
    ///
    /// Make it once and clone it into the application's factory, so that all workers share one store
    /// and one count. What an operator should know about the verifier's configuration is logged here.
    #[must_use]
    pub fn new(receiver: impl Into<Receiver<S>>) -> Self {
        Self { endpoint: Arc::new(Endpoint::new(receiver.into())), keeps_bodies: false }
    }
}

impl<S> Verify<S> {
    /// The most bytes that a body may have. By default 1 MiB, or what the sender's page states if
    /// that is more.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.endpoint).set_body_limit(bytes);
        self
    }

    /// How long the whole body may take to arrive. 10 seconds by default.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.endpoint).set_read_timeout(timeout);
        self
    }

    /// Keeps the bodies of answers too, if they have at most [16 KiB](MAX_STORED_BODY), and gives them
    /// to duplicates. For senders that act on the answer.
    #[must_use]
    pub fn keep_bodies(mut self) -> Self {
        self.keeps_bodies = true;
        self
    }

    /// Looks the secrets up for each delivery, where each of many tenants has its own. The verifier is
    /// then made [without a secret](countersign::VerifierBuilder::build_without_secret).
    ///
    /// A delivery whose tenant is unknown is refused as a forged one is, after the work that one
    /// secret costs. One whose secrets cannot be told now is answered 503.
    #[must_use]
    pub fn secret_source(mut self, source: impl SecretSource) -> Self {
        Arc::make_mut(&mut self.endpoint).set_secret_source(source);
        self
    }

    /// How long a look-up of secrets may take. One second by default.
    #[must_use]
    pub fn source_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.endpoint).set_source_timeout(timeout);
        self
    }

    /// How long it may take to find the keys of a delivery. Five seconds by default.
    #[must_use]
    pub fn key_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.endpoint).set_key_timeout(timeout);
        self
    }

    /// Finds the public keys of senders that publish them, with a `KeyCache` of `countersign-keys` or a
    /// source of your own. The verifier is one that
    /// [leaves keys to be fetched](countersign::VerifierBuilder::remote_keys).
    ///
    /// A delivery that names a key which the sender does not have is refused as a forged one is. One
    /// whose key cannot be had now is answered 503.
    #[must_use]
    pub fn key_source(mut self, source: impl RemoteKeySource) -> Self {
        Arc::make_mut(&mut self.endpoint).set_key_source(source);
        self
    }

    /// Calls `hook` with each answer to a [handshake](countersign::Received::Handshake), before it is
    /// sent: to keep a secret that the sender tells
    /// ([`told_secret`](HandshakeReply::told_secret)), or to visit the URL that confirms a subscription
    /// ([`confirm_url`](HandshakeReply::confirm_url)). Neither belongs in a log. The hook must not block.
    #[must_use]
    pub fn on_handshake(mut self, hook: impl Fn(&HandshakeReply) + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.endpoint).set_on_handshake(hook);
        self
    }

    /// Replaces the system's clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.endpoint).set_clock(clock);
        self
    }
}

impl<S> Clone for Verify<S> {
    fn clone(&self) -> Self {
        Self { endpoint: Arc::clone(&self.endpoint), keeps_bodies: self.keeps_bodies }
    }
}

impl<S> fmt::Debug for Verify<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl<I, S, B> Transform<I, ServiceRequest> for Verify<S>
where
    I: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S: Store,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = VerifyService<I, S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: I) -> Self::Future {
        ready(Ok(VerifyService { wrapped: Rc::new(Wrapped { inner, verify: self.clone() }) }))
    }
}

/// A service that only verified webhooks reach. Made by [`Verify`].
pub struct VerifyService<I, S> {
    wrapped: Rc<Wrapped<I, S>>,
}

/// What each request's future shares with the service.
struct Wrapped<I, S> {
    inner: I,
    verify: Verify<S>,
}

impl<I, S> fmt::Debug for VerifyService<I, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyService")
            .field("verify", &self.wrapped.verify)
            .finish_non_exhaustive()
    }
}

impl<I, S, B> Service<ServiceRequest> for VerifyService<I, S>
where
    I: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S: Store,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.wrapped.inner.poll_ready(context)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let wrapped = Rc::clone(&self.wrapped);
        Box::pin(async move {
            let Wrapped { inner, verify } = &*wrapped;
            let endpoint = &*verify.endpoint;
            match admit(endpoint, &mut request).await {
                Ok(None) => match inner.call(request).await {
                    Ok(mut response) => {
                        judge(endpoint, &mut response);
                        Ok(response.map_into_left_body())
                    }
                    Err(error) => Err(judge_error(endpoint, error).0),
                },
                Ok(Some(identity)) => {
                    let wrapped = Rc::clone(&wrapped);
                    let work = async move { once(&wrapped, request, identity).await };
                    // Boxed, so that a request without a store does not carry its room either.
                    ToItsEnd::new(work).await
                }
                Err(answer) => Ok(request.into_response(short(answer)).map_into_right_body()),
            }
        })
    }
}

/// The bytes that were verified, for [`Event`](crate::Event).
#[derive(Clone)]
pub(crate) struct VerifiedBytes(pub(crate) Bytes);

/// Checks all that can be checked without the body, reads it, and verifies, in that order; the
/// first refusal ends it. If there is a store, the event is then named.
async fn admit<S: Store>(
    endpoint: &Endpoint<S>,
    request: &mut ServiceRequest,
) -> Result<Option<Identity>, ShortAnswer> {
    let refuse = |rejection| endpoint.refuse(rejection);
    let view = View(request.headers());
    let length = request.headers().get(CONTENT_LENGTH).map(HeaderValue::as_bytes);
    let buffer = endpoint.check_head(&head(request.request(), &view), length)?;
    // The bytes as they came over the wire: extractors would see them decompressed.
    let bytes = {
        let reading = pin!(read::whole(request.take_payload(), buffer));
        endpoint.within_read_timeout(reading).await.map_err(refuse)?
    };
    let view = View(request.headers());
    let delivery = head(request.request(), &view).with_body(&bytes);
    let mut keys = endpoint.keys(endpoint.hint(&delivery)).await?;
    let requests = endpoint.key_requests(&delivery, &keys);
    if !requests.is_empty() {
        // Boxed, so that the deliveries of other senders do not carry its room.
        Box::pin(endpoint.fetch(requests, &mut keys)).await;
    }
    let (proof, identity) = endpoint.verify(&delivery, &keys)?;
    let mut extensions = request.extensions_mut();
    extensions.remove::<Handling>(); // Of an outer layer, and so of another event.
    extensions.insert(proof);
    extensions.insert(VerifiedBytes(bytes.clone()));
    drop(extensions);
    request.set_payload(read::again(bytes));
    Ok(identity)
}

/// Claims the event, runs the handler, and settles.
async fn once<I, S, B>(
    Wrapped { inner, verify }: &Wrapped<I, S>,
    request: ServiceRequest,
    identity: Identity,
) -> Result<ServiceResponse<EitherBody<B>>, Error>
where
    I: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S: Store,
    B: MessageBody + 'static,
{
    let endpoint = &*verify.endpoint;
    let (started, handling) = match endpoint.begin(identity).await {
        Ok(begun) => begun,
        Err(mut answer) => {
            answer.content = answer.content.filter(|_| verify.keeps_bodies);
            return Ok(request.into_response(short(answer)).map_into_right_body());
        }
    };
    request.extensions_mut().insert(handling);
    let work = async {
        let (response, answer) = match inner.call(request).await {
            Ok(mut response) => {
                let answer = judge(endpoint, &mut response);
                (Ok(response.map_into_left_body()), answer)
            }
            Err(error) => {
                let (error, answer) = judge_error(endpoint, error);
                (Err(error), answer)
            }
        };
        Ok::<_, Infallible>((response, answer.map_or(Verdict::Releases, Verdict::Completes)))
    };
    let keeps_bodies = verify.keeps_bodies;
    let keep = async |response: Result<ServiceResponse<EitherBody<B>>, Error>, answer, runtime| {
        match response {
            Ok(response) if keeps_bodies => {
                let (response, answer) = keep(response, answer, runtime).await;
                (Ok(response), answer)
            }
            response => (response, answer),
        }
    };
    match started.run(endpoint, work, keep).await {
        Ended::Answered(response) => response,
        Ended::Failed(never) => match never {},
        // The request went with the handler, so that only an error can become the answer.
        Ended::CutOff(answer) => Err(CutOff::new(answer).into()),
    }
}

/// Judges a response, and makes a failure for good an answer that ends the sender's retries.
fn judge<S: Store, B>(endpoint: &Endpoint<S>, response: &mut ServiceResponse<B>) -> Option<Answer> {
    let (code, answer) = judge_response(endpoint, response.response());
    *response.response_mut().status_mut() = status(code);
    answer
}

/// Judges an error of inner middleware as the response that it becomes further out.
fn judge_error<S: Store>(endpoint: &Endpoint<S>, error: Error) -> (Error, Option<Answer>) {
    let response = error.error_response();
    let (code, answer) = judge_response(endpoint, &response);
    if response.status() == status(code) {
        (error, answer)
    } else {
        (CutOff::new(ShortAnswer::status(code)).into(), answer)
    }
}

fn judge_response<S: Store, B>(
    endpoint: &Endpoint<S>,
    response: &HttpResponse<B>,
) -> (u16, Option<Answer>) {
    let extensions = response.extensions();
    let (failure, unfinished) =
        (extensions.get::<PermanentFailure>(), extensions.get::<Unfinished>());
    endpoint.judge(response.status().as_u16(), failure, unfinished)
}

/// Reads the body of an answer, if it is small and says so.
async fn keep<B: MessageBody + 'static>(
    response: ServiceResponse<EitherBody<B>>,
    answer: Answer,
    runtime: Runtime,
) -> (ServiceResponse<EitherBody<B>>, Answer) {
    let is_small = match response.response().body().size() {
        BodySize::None | BodySize::Sized(0) => false, // There is nothing to keep.
        BodySize::Sized(bytes) => usize::try_from(bytes).is_ok_and(|it| it <= MAX_STORED_BODY),
        BodySize::Stream => false,
    };
    // Only the type is kept beside it, without which an encoded body says nothing.
    if !is_small || response.headers().contains_key(CONTENT_ENCODING) {
        return (response, answer);
    }
    let (request, response) = response.into_parts();
    let content_type = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let content_type = content_type.unwrap_or_default().to_vec();
    let (response, body) = response.into_parts();
    // What the handler did stays done, even if its answer cannot be read.
    let read = within(KEEP_TIMEOUT, &runtime, to_bytes(body)).await.and_then(Result::ok);
    let answer = match &read {
        Some(body) => answer.content(Content::new(content_type, &**body)),
        None => answer,
    };
    let response = response.set_body(BoxBody::new(read.unwrap_or_default()));
    (ServiceResponse::new(request, response).map_into_right_body(), answer)
}
