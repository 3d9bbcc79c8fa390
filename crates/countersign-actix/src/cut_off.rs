//! Answers that are not the handler's.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use countersign::HandshakeReply;
use countersign_adapter::ShortAnswer;

/// The handler was cut off. A response with a status and an empty body.
#[derive(Debug)]
pub(crate) struct CutOff {
    answer: ShortAnswer,
}

impl CutOff {
    pub(crate) fn new(answer: ShortAnswer) -> Self {
        Self { answer }
    }
}

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the handler was cut off")
    }
}

impl ResponseError for CutOff {
    fn status_code(&self) -> StatusCode {
        status(self.answer.status)
    }

    fn error_response(&self) -> HttpResponse {
        short(self.answer.clone())
    }
}

pub(crate) fn short(answer: ShortAnswer) -> HttpResponse {
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
        return handshake_answer(*reply);
    }
    let mut response = HttpResponse::new(status(code));
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
    match content {
        Some(content) => response.set_body(actix_web::body::BoxBody::new(content.body.clone())),
        None => response,
    }
}

fn handshake_answer(reply: HandshakeReply) -> HttpResponse {
    let mut response = HttpResponse::build(status(reply.status()));
    for (name, value) in reply.headers() {
        response.insert_header((name, value));
    }
    response.body(reply.into_body())
}

pub(crate) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
