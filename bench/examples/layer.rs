//! Runs one way to handle a delivery so many times, for `scripts/instructions` to count.

use std::hint::black_box;

use bytes::Bytes;
use countersign::{Delivery, Timestamp};
use countersign_bench::{Handler, Sender, Signed, body, poll};
use countersign_tower::VerifyLayer;
use http::Request;
use http_body_util::Full;
use tower_layer::Layer as _;
use tower_service::Service;

const SECONDS: i64 = 1_790_000_000;

fn main() {
    let mut args = std::env::args().skip(1);
    let (way, times) = (args.next().expect("bare or layer"), args.next().expect("how often"));
    let times: u32 = times.parse().expect("a number");
    let genuine = Sender::GitHub.sign(body(1024), SECONDS);
    let verifier = Sender::GitHub.verifier();
    let now = Timestamp::from_unix_seconds(SECONDS);
    let mut layered = VerifyLayer::new(verifier.clone()).clock(move || now).layer(Handler);
    for _ in 0..times {
        let request = request(&genuine);
        let status = if way == "layer" {
            poll(layered.call(request)).status()
        } else {
            let (parts, body) = request.into_parts();
            let delivery = Delivery::new("POST", "/hooks", &parts.headers, &genuine.body);
            assert!(verifier.verify(&delivery, now).is_ok());
            poll(Handler.call(Request::from_parts(parts, body))).status()
        };
        assert_eq!(black_box(status), 200);
    }
}

fn request(signed: &Signed) -> Request<Full<Bytes>> {
    let body = Full::new(Bytes::copy_from_slice(&signed.body));
    let mut request = Request::post("/hooks").body(body).expect("a request");
    *request.headers_mut() = signed.headers.clone();
    request
}
