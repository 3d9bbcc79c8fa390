//! P6, P7, P12: what the tower layer costs beside the verification, with a store and without, and what
//! it reserves.
//!
//! With `COUNTERSIGN_BENCH=counts` nothing is timed, so that a busy machine gives the same verdict.

use std::convert::Infallible;
use std::hint::black_box;
use std::process::ExitCode;
use std::task::{Context, Poll};

use allocation_counter::measure;
use bytes::Bytes;
use countersign::Receiver;
use countersign_bench::{
    Handler, Race, Report, Sender, Signed, Target, body, now, poll, signed_at,
};
use countersign_memory::MemoryStore;
use countersign_tower::VerifyLayer;
use http::Request;
use http_body::{Body, Frame};
use http_body_util::Full;
use tower_layer::Layer as _;
use tower_service::Service;

const BARE: &str = "bare + raw verification";
const LAYER: &str = "layer";

/// How much memory a refused body may have taken, in bytes.
const RESERVED: u64 = 64 * 1024;

fn main() -> ExitCode {
    let mut report = Report::new();
    let sender = Sender::GitHub;
    let genuine = sender.sign(body(1024), signed_at());
    let verifier = sender.verifier();
    let layer = VerifyLayer::new(sender.verifier());

    let bare = |request: Request<Full<Bytes>>| {
        let (parts, body) = request.into_parts();
        let delivery = countersign::Delivery::new("POST", "/hooks", &parts.headers, &genuine.body);
        let accepted = verifier.verify(&delivery, now()).is_ok();
        let response = poll(Handler.call(Request::from_parts(parts, body)));
        accepted && response.status() == 200
    };
    let layered =
        |request: Request<Full<Bytes>>| poll(layer.layer(Handler).call(request)).status() == 200;
    let request = || single_frame(&genuine);

    assert!(bare(request()) && layered(request()), "a genuine delivery is accepted");
    let count = |request: &dyn Fn() -> Request<Full<Bytes>>| {
        allocations(|| layered(request())) - allocations(|| bare(request()))
    };
    // The box of the future and the proof in the extensions.
    let routed = || {
        let mut request = request();
        // axum's router leaves the matched path there, among other things.
        request.extensions_mut().insert("matched path");
        request
    };
    report.count("P6 allocations of the layer in a router", count(&routed), 3);
    // If nothing is in the extensions yet, their map and its table come on top.
    report.count_with_aim("P6 allocations of the layer by itself", count(&request), 3, 4);

    let further = allocations_with_a_store(&mut report, sender);
    report.count("P7 further allocations with the memory store, 1,000 events", further, 3 * 1000);

    // What a hostile request makes the layer reserve.
    let limit = 4096;
    let small = VerifyLayer::new(sender.verifier()).body_limit(limit);
    for (name, claim, frames) in [
        ("a claim of 70 TiB", Some("76965813944320"), 0),
        ("a chunked body over the limit", None, 1024),
        ("a claim of 10 bytes and a body over the limit", Some("10"), 1024),
    ] {
        let build = || {
            let mut request = genuine_request(&genuine, Frames { left: frames });
            if let Some(claim) = claim {
                request.headers_mut().insert("content-length", claim.parse().expect("a value"));
            }
            request
        };
        let status = poll(small.layer(Handler).call(build())).status();
        report.fact(&format!("P12 {name} is answered 413"), status == 413);
        let request = build();
        let used = measure(|| {
            black_box(poll(small.layer(Handler).call(request)));
        });
        report.count(&format!("P12 bytes reserved for {name}"), used.bytes_max, RESERVED);
    }

    if std::env::var_os("COUNTERSIGN_BENCH").is_none() {
        let mut race =
            Race::new().case(BARE, || bare(request())).case(LAYER, || layered(request()));
        let target = Target::ratio("layer / bare + verification,", LAYER, BARE, 1.50);
        let outcome = report.race(&mut race, &[target]);
        println!("\nGitHub, 1 KiB, in process: median ns");
        for name in outcome.names() {
            println!("  {name:<26}{:>8.0}{:>8.3}", outcome.nanos(name), outcome.ratio(name, BARE));
        }
    }
    report.finish()
}

/// What handling 1,000 new events once allocates, over verifying them. Not one, since the store's memory
/// grows now and then. Inside a router, as the layer is nearly always.
fn allocations_with_a_store(report: &mut Report, sender: Sender) -> u64 {
    const EVENTS: u32 = 1000;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let receiver = Receiver::new(sender.verifier(), MemoryStore::new(1_000_000));
    let verify = VerifyLayer::new(sender.verifier());
    let once = VerifyLayer::new(receiver.clone());
    let requests = |from: u32| {
        let request = |number: u32| {
            let mut body = body(1024);
            body.extend(number.to_be_bytes());
            let mut request = single_frame(&sender.sign(body, signed_at()));
            request.extensions_mut().insert("matched path");
            request
        };
        (from..from + EVENTS).map(request).collect::<Vec<_>>()
    };
    let run = |with_store: bool, requests: Vec<Request<Full<Bytes>>>| {
        measure(|| {
            for request in requests {
                let status = runtime.block_on(async {
                    let answered = if with_store {
                        once.layer(Handler).call(request).await
                    } else {
                        verify.layer(Handler).call(request).await
                    };
                    let Ok(response) = answered;
                    response.status()
                });
                assert_eq!(status, 200);
            }
        })
        .count_total
    };
    // The tables have their size, and the runtime its queues.
    run(true, requests(0));
    run(false, requests(0));
    let with = run(true, requests(EVENTS));
    let without = run(false, requests(EVENTS));
    report.fact(
        "P7 every event was claimed and completed",
        receiver.counts().completed == u64::from(2 * EVENTS),
    );
    with - without
}

/// A body in frames of 1 KiB.
struct Frames {
    left: usize,
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static FRAME: [u8; 1024] = [b'x'; 1024];
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&FRAME)))))
    }
}

fn single_frame(signed: &Signed) -> Request<Full<Bytes>> {
    genuine_request(signed, Full::new(Bytes::copy_from_slice(&signed.body)))
}

fn genuine_request<B>(signed: &Signed, body: B) -> Request<B> {
    let mut request = Request::post("/hooks").body(body).expect("a request");
    *request.headers_mut() = signed.headers.clone();
    request
}

fn allocations(mut run: impl FnMut() -> bool) -> u64 {
    assert!(run(), "the verdict is the expected one");
    measure(|| {
        black_box(run());
    })
    .count_total
}
