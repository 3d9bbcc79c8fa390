//! The path of a verified request whose event is to be handled once.

use std::sync::Arc;

use countersign::{Answer, HandshakeReply, Identity, Store};
use countersign_adapter::{Ended, Endpoint, PermanentFailure, ShortAnswer, Unfinished, Verdict};
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use tower_service::Service;

use crate::answers::Answers;
use crate::body::VerifiedBody;

/// Handles a request in a task of its own, so that a client that hangs up neither loses the event
/// nor has it handled twice. Where there are no tasks, the claim is released when the client hangs
/// up.
///
/// Not an `async fn`: the work is as large as all that happens in it, and goes to its task without a
/// stay in the caller's future.
pub(crate) fn handle<I, S, A, B>(
    endpoint: Arc<Endpoint<S>>,
    inner: I,
    request: Request<VerifiedBody>,
    identity: Identity,
) -> impl Future<Output = Result<Response<B>, I::Error>> + Send
where
    I: Service<Request<VerifiedBody>, Response = Response<B>> + Send + 'static,
    I::Future: Send,
    I::Error: Send,
    S: Store,
    A: Answers<B>,
    B: Default + Send + 'static,
{
    let work = run::<I, S, A, B>(Arc::clone(&endpoint), inner, request, identity);
    let handled = endpoint.runtime().spawn(work).map_err(Box::pin);
    async move {
        match handled {
            Ok(task) => match task.await {
                Some(result) => result,
                None => Ok(short::<A, B>(endpoint.interrupted())),
            },
            Err(work) => work.await,
        }
    }
}

async fn run<I, S, A, B>(
    endpoint: Arc<Endpoint<S>>,
    inner: I,
    mut request: Request<VerifiedBody>,
    identity: Identity,
) -> Result<Response<B>, I::Error>
where
    I: Service<Request<VerifiedBody>, Response = Response<B>>,
    S: Store,
    A: Answers<B>,
{
    let (started, handling) = match endpoint.begin(identity).await {
        Ok(begun) => begun,
        Err(answer) => return Ok(short::<A, B>(answer)),
    };
    request.extensions_mut().insert(handling);
    let work = respond(&endpoint, inner, request);
    match started.run(&endpoint, work, A::keep).await {
        Ended::Answered(response) => Ok(response),
        Ended::Failed(error) => Err(error),
        Ended::CutOff(answer) => Ok(short::<A, B>(answer)),
    }
}

/// Runs the handler, and judges its answer.
async fn respond<I, S, B>(
    endpoint: &Endpoint<S>,
    mut inner: I,
    request: Request<VerifiedBody>,
) -> Result<(Response<B>, Verdict), I::Error>
where
    I: Service<Request<VerifiedBody>, Response = Response<B>>,
    S: Store,
{
    let mut response = inner.call(request).await?;
    let answer = judge(endpoint, &mut response);
    Ok((response, answer.map_or(Verdict::Releases, Verdict::Completes)))
}

/// Judges a response, and makes a failure for good an answer that ends the sender's retries.
pub(crate) fn judge<S: Store, B>(
    endpoint: &Endpoint<S>,
    response: &mut Response<B>,
) -> Option<Answer> {
    let extensions = response.extensions();
    let (failure, unfinished) =
        (extensions.get::<PermanentFailure>(), extensions.get::<Unfinished>());
    let (code, answer) = endpoint.judge(response.status().as_u16(), failure, unfinished);
    *response.status_mut() = status(code);
    answer
}

/// An answer that is not the handler's, as a response.
pub fn short<A: Answers<B>, B>(answer: ShortAnswer) -> Response<B> {
    let ShortAnswer {
        status: code,
        retry_after,
        replayed,
        content,
        because,
        rejection,
        handshake,
        ..
    } = answer;
    if let Some(reply) = handshake {
        return handshake_answer::<A, B>(*reply);
    }
    let content = content.filter(|_| A::BODIES);
    let mut response = Response::new(A::body(content.as_deref()));
    *response.status_mut() = status(code);
    let headers = response.headers_mut();
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if replayed {
        let name = HeaderName::from_static(ShortAnswer::REPLAYED);
        headers.insert(name, HeaderValue::from_static("true"));
    }
    let content_type = content.as_ref().map(|it| &it.content_type).filter(|it| !it.is_empty());
    if let Some(Ok(value)) = content_type.map(|it| HeaderValue::from_bytes(it)) {
        headers.insert(CONTENT_TYPE, value);
    }
    if let Some(declined) = because {
        response.extensions_mut().insert(declined);
    }
    if let Some(rejection) = rejection {
        response.extensions_mut().insert(rejection);
    }
    response
}

fn handshake_answer<A: Answers<B>, B>(reply: HandshakeReply) -> Response<B> {
    let mut headers = HeaderMap::new();
    for (name, value) in reply.headers() {
        // The core sends no others.
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    let code = reply.status();
    let mut response = Response::new(A::of(reply.into_body().into()));
    *response.status_mut() = status(code);
    *response.headers_mut() = headers;
    response
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
