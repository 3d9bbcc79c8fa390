//! The layer, by `oneshot` and without sockets.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::cell::Cell;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use countersign::{
    Check, Checked, Delivery, Head, HeaderRole, Rejection, Secret, Timestamp, Tolerance, Verified,
    Verifier, catalog,
};
use countersign_testing::Signer;
use countersign_tower::{VerifiedBody, Verify, VerifyLayer};
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame};
use http_body_util::{BodyExt as _, Full};
use tower::limit::ConcurrencyLimitLayer;
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

const SECRET: &str = "It's a Secret to Everybody";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

type Answer = Response<Full<Bytes>>;

fn github() -> VerifyLayer {
    let verifier = Verifier::builder(catalog::GITHUB).secret(Secret::new(SECRET)).build();
    VerifyLayer::new(verifier.unwrap())
}

fn stripe() -> VerifyLayer {
    let verifier = Verifier::builder(catalog::STRIPE).secret(Secret::new(SECRET)).build();
    VerifyLayer::new(verifier.unwrap()).clock(|| NOW)
}

/// A genuine request of GitHub with another body type than the signed bytes.
fn signed<B>(content: &[u8], body: B) -> Request<B> {
    let signed = Signer::new(&catalog::GITHUB, SECRET).unwrap().sign("POST", "/", content).unwrap();
    let mut request = Request::post("/hooks/github");
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    request.body(body).unwrap()
}

/// A service that keeps what it got, and counts its calls.
#[derive(Clone, Default)]
struct Inner {
    calls: Arc<AtomicUsize>,
    seen: Arc<Mutex<Option<Seen>>>,
}

/// What reached the inner service.
#[derive(Clone)]
struct Seen {
    bytes: Bytes,
    trailers: Option<HeaderMap>,
    /// The sender that the proof in the extensions names.
    proof: Option<String>,
    size: Option<u64>,
}

impl Inner {
    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone().unwrap()
    }
}

impl Service<Request<VerifiedBody>> for Inner {
    type Response = Answer;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, io::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<VerifiedBody>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            this.calls.fetch_add(1, Ordering::SeqCst);
            let proof = request.extensions().get::<Verified>().map(|it| it.sender().to_owned());
            let size = request.body().size_hint().exact();
            let collected = request.into_body().collect().await.unwrap();
            let trailers = collected.trailers().cloned();
            let bytes = collected.to_bytes();
            *this.seen.lock().unwrap() = Some(Seen { bytes, trailers, proof, size });
            Ok(Response::new(Full::new(Bytes::from_static(b"handled"))))
        })
    }
}

/// What a scripted body does next.
enum Step {
    Data(&'static [u8]),
    Repeat(usize, usize),
    Trailers(HeaderMap),
    Fail,
    Hang,
}

/// A body that follows a script and counts how often it is polled. Not `Sync`.
struct Script {
    steps: VecDeque<Step>,
    polls: Arc<AtomicUsize>,
    _not_sync: Cell<()>,
}

impl Script {
    fn new(steps: impl IntoIterator<Item = Step>) -> (Self, Arc<AtomicUsize>) {
        let polls = Arc::new(AtomicUsize::new(0));
        let steps = steps.into_iter().collect();
        (Self { steps, polls: Arc::clone(&polls), _not_sync: Cell::new(()) }, polls)
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.polls.fetch_add(1, Ordering::SeqCst);
        match self.steps.pop_front() {
            None => Poll::Ready(None),
            Some(Step::Data(bytes)) => {
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(bytes)))))
            }
            Some(Step::Repeat(times, bytes)) => {
                if times > 1 {
                    self.steps.push_front(Step::Repeat(times - 1, bytes));
                }
                Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![b'x'; bytes])))))
            }
            Some(Step::Trailers(trailers)) => Poll::Ready(Some(Ok(Frame::trailers(trailers)))),
            Some(Step::Fail) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
            Some(Step::Hang) => {
                self.steps.push_front(Step::Hang);
                Poll::Pending
            }
        }
    }
}

async fn answer<B>(layer: &VerifyLayer, request: Request<B>) -> (Answer, Inner)
where
    B: Body + Send + 'static,
    B::Data: Send,
{
    let inner = Inner::default();
    let answer = layer.layer(inner.clone()).oneshot(request).await.unwrap();
    (answer, inner)
}

/// Sends one more request through the same service.
async fn next<S>(service: &mut S, request: Request<Full<Bytes>>) -> Answer
where
    S: Service<Request<Full<Bytes>>, Response = Answer, Error = Infallible>,
{
    service.ready().await.unwrap().call(request).await.unwrap()
}

#[track_caller]
fn assert_refused(answer: &Answer, inner: &Inner, status: u16, rejection: Rejection) {
    assert_eq!(answer.status(), status);
    assert_eq!(answer.body().size_hint().exact(), Some(0), "the body is empty");
    assert!(answer.headers().is_empty(), "{:?}", answer.headers());
    assert_eq!(answer.extensions().get(), Some(&rejection));
    assert_eq!(inner.calls(), 0, "the inner service was not called");
}

#[tokio::test]
async fn githubs_own_example_is_accepted_and_a_changed_byte_refused() {
    let request = |body: &'static str| {
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let request = Request::post("/").header("x-hub-signature-256", signature);
        request.body(Full::new(Bytes::from(body))).unwrap()
    };
    let (accepted, inner) = answer(&github(), request("Hello, World!")).await;
    assert_eq!((accepted.status().as_u16(), inner.calls()), (200, 1));
    let seen = inner.seen();
    assert_eq!((&seen.bytes[..], seen.size), (&b"Hello, World!"[..], Some(13)));
    assert_eq!((seen.proof.as_deref(), seen.trailers), (Some("github"), None));
    let (refused, inner) = answer(&github(), request("Hello, World?")).await;
    assert_refused(&refused, &inner, 401, Rejection::BadSignature);
}

#[tokio::test]
async fn every_refusal_of_authenticity_looks_the_same() {
    let request = |change: &dyn Fn(&mut HeaderMap)| {
        let signer = Signer::new(&catalog::STRIPE, SECRET).unwrap().at(NOW);
        let signed = signer.sign("POST", "/", b"{}").unwrap();
        let mut request = Request::post("/").body(Full::new(Bytes::from_static(b"{}"))).unwrap();
        for (name, value) in &signed.headers {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        change(request.headers_mut());
        request
    };
    let set = |value: &'static str| {
        move |headers: &mut HeaderMap| {
            headers.insert("stripe-signature", value.parse().unwrap());
        }
    };
    let zeros = "t=1790000000,v1=0000000000000000000000000000000000000000000000000000000000000000";
    let old = "t=1789999699,v1=0000000000000000000000000000000000000000000000000000000000000000";
    let ahead = "t=1790000301,v1=0000000000000000000000000000000000000000000000000000000000000000";
    let time = "t=+1790000000,v1=0000000000000000000000000000000000000000000000000000000000000000";
    let cases: [(&dyn Fn(&mut HeaderMap), Rejection); 6] = [
        (&HeaderMap::clear, Rejection::MissingHeader(HeaderRole::Signature)),
        (&set("nonsense"), Rejection::MalformedSignature),
        (&set(time), Rejection::MalformedTimestamp),
        (&set(zeros), Rejection::BadSignature),
        (&set(old), Rejection::TooOld),
        (&set(ahead), Rejection::FromTheFuture),
    ];
    for (change, rejection) in cases {
        let (refused, inner) = answer(&stripe(), request(change)).await;
        assert_refused(&refused, &inner, 401, rejection);
    }
    let (accepted, _) = answer(&stripe(), request(&|_| ())).await;
    assert_eq!(accepted.status(), 200);
}

#[tokio::test]
async fn whatever_the_verifier_finds_is_refused_alike() {
    /// Refuses everything, before or after the body is read.
    struct Refuse {
        early: bool,
        rejection: Rejection,
    }

    impl Check for Refuse {
        fn precheck(&self, _: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
            if self.early { Err(self.rejection) } else { Ok(()) }
        }

        fn check(&self, _: &Delivery<'_>, _: Timestamp) -> Result<Checked, Rejection> {
            Err(self.rejection)
        }
    }

    for rejection in [
        Rejection::MissingHeader(HeaderRole::Signature),
        Rejection::AmbiguousHeader(HeaderRole::Timestamp),
        Rejection::WrongHeader(HeaderRole::Required),
        Rejection::MalformedSignature,
        Rejection::TooManySignatures,
        Rejection::MalformedTimestamp,
        Rejection::UnreadableBody,
        Rejection::BadSignature,
        Rejection::TooOld,
        Rejection::FromTheFuture,
    ] {
        for early in [true, false] {
            let check = Refuse { early, rejection };
            let layer = VerifyLayer::new(Verifier::custom("acme", Tolerance::default(), check));
            let (body, polls) = Script::new([Step::Data(b"{}")]);
            let (refused, inner) = answer(&layer, Request::post("/").body(body).unwrap()).await;
            assert_refused(&refused, &inner, 401, rejection);
            assert_eq!(polls.load(Ordering::SeqCst) == 0, early);
        }
    }
}

#[tokio::test]
async fn the_service_that_was_polled_is_the_one_that_is_called() {
    /// Panics if it is called without having been polled.
    struct Picky {
        ready: bool,
    }

    impl Clone for Picky {
        fn clone(&self) -> Self {
            Self { ready: false }
        }
    }

    impl Service<Request<VerifiedBody>> for Picky {
        type Response = Answer;
        type Error = Infallible;
        type Future = Ready<Result<Answer, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            self.ready = true;
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<VerifiedBody>) -> Self::Future {
            assert!(self.ready, "called without poll_ready");
            self.ready = false;
            ready(Ok(Response::default()))
        }
    }

    let mut service = github().layer(ConcurrencyLimitLayer::new(1).layer(Picky { ready: false }));
    for _ in 0..3 {
        let request = signed(b"{}", Full::new(Bytes::from_static(b"{}")));
        let answer = next(&mut service, request).await;
        assert_eq!(answer.status(), 200);
    }
}

#[tokio::test]
async fn a_refusal_gives_the_permit_of_a_limited_service_back() {
    let inner = service_fn(async |_: Request<VerifiedBody>| Ok::<_, Infallible>(Answer::default()));
    let mut service = github().layer(ConcurrencyLimitLayer::new(1).layer(inner));
    for _ in 0..3 {
        let forged = Request::post("/").body(Full::new(Bytes::new())).unwrap();
        let refused = next(&mut service, forged).await;
        assert_eq!(refused.status(), 401);
    }
}

#[tokio::test]
async fn a_chunked_body_arrives_as_one() {
    let (body, _) = Script::new([Step::Data(b"{\"a\""), Step::Data(b""), Step::Data(b":1}")]);
    let (accepted, inner) = answer(&github(), signed(b"{\"a\":1}", body)).await;
    assert_eq!(accepted.status(), 200);
    assert_eq!((&inner.seen().bytes[..], inner.seen().size), (&b"{\"a\":1}"[..], Some(7)));
}

#[tokio::test]
async fn a_body_in_one_frame_is_not_copied() {
    let bytes = Bytes::from(vec![b'x'; 4096]);
    let (_, inner) = answer(&github(), signed(&bytes, Full::new(bytes.clone()))).await;
    assert_eq!(inner.seen().bytes.as_ptr(), bytes.as_ptr());
}

#[tokio::test]
async fn empty_frames_around_the_only_one_do_not_copy_it() {
    static BYTES: &[u8] = b"{\"a\":1}";
    let (body, _) = Script::new([Step::Data(b""), Step::Data(BYTES), Step::Data(b"")]);
    let (accepted, inner) = answer(&github(), signed(BYTES, body)).await;
    assert_eq!(accepted.status(), 200);
    assert_eq!(inner.seen().bytes.as_ptr(), BYTES.as_ptr());
}

#[tokio::test]
async fn an_empty_body_is_legitimate() {
    let (body, _) = Script::new([]);
    let (accepted, inner) = answer(&github(), signed(b"", body)).await;
    assert_eq!((accepted.status().as_u16(), inner.seen().bytes.len()), (200, 0));
}

#[tokio::test]
async fn trailers_are_kept() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checksum", "1".parse().unwrap());
    let (body, _) = Script::new([Step::Data(b"{}"), Step::Trailers(trailers.clone())]);
    let (accepted, inner) = answer(&github(), signed(b"{}", body)).await;
    assert_eq!(accepted.status(), 200);
    assert_eq!(inner.seen().trailers, Some(trailers));
    assert_eq!(inner.seen().size, Some(2), "trailers are no part of the size");
}

#[tokio::test]
async fn a_claim_of_70_tebibytes_is_refused_before_the_body_is_polled() {
    for claim in ["76965813944320", "340282366920938463463374607431768211456"] {
        let (body, polls) = Script::new([Step::Data(b"{}")]);
        let mut request = signed(b"{}", body);
        request.headers_mut().insert("content-length", claim.parse().unwrap());
        let (refused, inner) = answer(&github(), request).await;
        assert_refused(&refused, &inner, 413, Rejection::BodyTooLarge);
        assert_eq!(polls.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn the_limit_is_exact_and_does_not_believe_content_length() {
    let content = vec![b'x'; 1000];
    let layer = github().body_limit(1000);
    let (body, _) = Script::new([Step::Repeat(10, 100)]);
    let (accepted, _) = answer(&layer, signed(&content, body)).await;
    assert_eq!(accepted.status(), 200);
    for claim in [None, Some("10"), Some("nonsense")] {
        let (body, polls) = Script::new([Step::Repeat(10, 100), Step::Data(b"x"), Step::Hang]);
        let mut request = signed(&content, body);
        if let Some(claim) = claim {
            request.headers_mut().insert("content-length", claim.parse().unwrap());
        }
        let (refused, inner) = answer(&layer, request).await;
        assert_refused(&refused, &inner, 413, Rejection::BodyTooLarge);
        assert_eq!(polls.load(Ordering::SeqCst), 11, "nothing is read past the limit");
    }
}

#[tokio::test]
async fn the_default_limit_is_the_senders_own_where_it_states_one() {
    let four_mebibytes = vec![b'x'; 4 << 20];
    let (body, _) = Script::new([Step::Repeat(4, 1 << 20)]);
    let (accepted, _) = answer(&github(), signed(&four_mebibytes, body)).await;
    assert_eq!(accepted.status(), 200, "GitHub's page states 25 MB");
}

#[tokio::test]
async fn an_upload_of_512_mebibytes_without_a_signature_is_never_polled() {
    let (body, polls) = Script::new([Step::Repeat(512, 1 << 20)]);
    let request = Request::post("/").body(body).unwrap();
    let (refused, inner) = answer(&github(), request).await;
    assert_refused(&refused, &inner, 401, Rejection::MissingHeader(HeaderRole::Signature));
    assert_eq!(polls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_client_that_hangs_up_in_the_middle_is_refused() {
    let (body, _) = Script::new([Step::Data(b"{\"a\""), Step::Fail]);
    let (refused, inner) = answer(&github(), signed(b"{\"a\"", body)).await;
    assert_refused(&refused, &inner, 400, Rejection::BodyBroken);
}

#[cfg(feature = "tokio")]
#[tokio::test(start_paused = true)]
async fn a_body_that_takes_too_long_is_refused() {
    let layer = github().read_timeout(std::time::Duration::from_secs(3));
    let (body, _) = Script::new([Step::Data(b"{\"a\""), Step::Hang]);
    let started = tokio::time::Instant::now();
    let (refused, inner) = answer(&layer, signed(b"{\"a\":1}", body)).await;
    assert_refused(&refused, &inner, 408, Rejection::BodyTooSlow);
    assert_eq!(started.elapsed().as_secs(), 3);
}

#[test]
fn no_runtime_is_needed() {
    let (body, _) = Script::new([Step::Data(b"{}")]);
    let service = github().layer(Inner::default());
    let future = service.oneshot(signed(b"{}", body));
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(std::task::Waker::noop());
    let Poll::Ready(answer) = future.as_mut().poll(&mut context) else { panic!("it waits") };
    assert_eq!(answer.unwrap().status(), 200);

    // Even a body that is not there yet is only waited for.
    let (body, _) = Script::new([Step::Data(b"{}"), Step::Hang]);
    let mut future = std::pin::pin!(github().layer(Inner::default()).oneshot(signed(b"{}", body)));
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(future.as_mut().poll(&mut context).is_pending());
}

#[cfg(feature = "tokio")]
#[test]
fn a_runtime_without_timers_is_no_reason_to_panic() {
    /// Waits once before it goes on.
    struct Later(bool);

    impl Body for Later {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if !std::mem::replace(&mut self.0, true) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(None)
        }
    }

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let layer = github();
    for _ in 0..2 {
        let (accepted, _) = runtime.block_on(answer(&layer, signed(b"", Later(false))));
        assert_eq!(accepted.status(), 200);
    }
}

#[tokio::test]
async fn two_layers_see_the_same_bytes() {
    let inner = Inner::default();
    let second = Verifier::builder(catalog::SHOPIFY).secret(Secret::new(SECRET)).build().unwrap();
    let service = github().layer(VerifyLayer::new(second).layer(inner.clone()));
    let both = || {
        let (body, _) = Script::new([Step::Data(b"{"), Step::Data(b"}")]);
        let mut request = signed(b"{}", body);
        let signer = Signer::new(&catalog::SHOPIFY, SECRET).unwrap();
        for (name, value) in &signer.sign("POST", "/", b"{}").unwrap().headers {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request
    };
    assert_eq!(service.clone().oneshot(both()).await.unwrap().status(), 200);
    assert_eq!(inner.seen().bytes, "{}");
    assert_eq!(inner.seen().proof.as_deref(), Some("shopify"), "the inner layer's proof");
    let mut one = both();
    one.headers_mut().remove("x-shopify-hmac-sha256");
    assert_eq!(service.oneshot(one).await.unwrap().status(), 401);
    assert_eq!(inner.calls(), 1);
}

#[tokio::test]
async fn a_body_that_is_no_text_passes_byte_for_byte() {
    let bytes: Vec<u8> = (0..=255).chain([0xff, 0xfe, 0x00]).collect();
    let request = signed(&bytes, Full::new(Bytes::from(bytes.clone())));
    let (accepted, inner) = answer(&github(), request).await;
    assert_eq!((accepted.status().as_u16(), &inner.seen().bytes[..]), (200, &bytes[..]));
}

#[tokio::test]
async fn a_compressed_body_stays_compressed() {
    let gzip =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\xae\x05\x00C\xbf\xa6\xa3\x02\x00\x00\x00";
    let mut request = signed(gzip, Full::new(Bytes::from_static(gzip)));
    request.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
    let (accepted, inner) = answer(&github(), request).await;
    assert_eq!((accepted.status().as_u16(), &inner.seen().bytes[..]), (200, &gzip[..]));
}

#[tokio::test]
async fn the_inner_services_error_passes_untouched() {
    let inner = service_fn(async |_: Request<VerifiedBody>| {
        Err::<Answer, _>(io::Error::other("the handler's own"))
    });
    let request = signed(b"{}", Full::new(Bytes::from_static(b"{}")));
    let error = github().layer(inner).oneshot(request).await.unwrap_err();
    assert_eq!(error.to_string(), "the handler's own");
}

#[test]
fn the_service_crosses_threads_whatever_the_body() {
    fn crosses<T: Clone + Send + Sync + 'static>() {}
    fn serves<S: Service<Request<Script>>>() {}
    crosses::<VerifyLayer>();
    crosses::<Verify<Inner>>();
    serves::<Verify<Inner>>();
}
