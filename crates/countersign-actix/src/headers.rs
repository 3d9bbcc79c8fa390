//! The core's view of a request.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use countersign::{Head, Headers};

/// The headers of a request, as the core looks at them.
pub(crate) struct View<'r>(pub(crate) &'r HeaderMap);

impl Headers for View<'_> {
    fn each_value<'h>(&'h self, name: &str, visit: &mut dyn FnMut(&'h [u8])) {
        each_value(self.0, name, visit);
    }
}

/// A whole request, as the core looks at it.
pub(crate) struct Request(pub(crate) HttpRequest);

impl Headers for Request {
    fn each_value<'h>(&'h self, name: &str, visit: &mut dyn FnMut(&'h [u8])) {
        each_value(self.0.headers(), name, visit);
    }
}

impl Request {
    pub(crate) fn head(&self) -> Head<'_> {
        head(&self.0, self)
    }
}

pub(crate) fn head<'r>(request: &'r HttpRequest, headers: &'r dyn Headers) -> Head<'r> {
    let url = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let head = Head::new(request.method().as_str(), url, headers);
    match request.peer_addr() {
        Some(peer) => head.from_peer(peer.ip()),
        None => head,
    }
}

fn each_value<'h>(headers: &'h HeaderMap, name: &str, visit: &mut dyn FnMut(&'h [u8])) {
    // Looking the name up would parse it first, into memory of its own.
    for key in headers.keys().filter(|key| key.as_str().eq_ignore_ascii_case(name)) {
        for value in headers.get_all(key) {
            visit(value.as_bytes());
        }
    }
}
