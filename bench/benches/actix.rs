//! P8: what the actix-web middleware allocates beside actix-web alone, with a store and without.
//!
//! With `COUNTERSIGN_BENCH=counts` nothing is timed, so that a busy machine gives the same verdict.

use std::hint::black_box;
use std::process::ExitCode;

use actix_web::dev::{Service, ServiceResponse};
use actix_web::rt::{System, SystemRunner};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpResponse, web};
use allocation_counter::measure;
use bytes::Bytes;
use countersign::Receiver;
use countersign_actix::{Event, Verify};
use countersign_bench::{Race, Report, Sender, Signed, body, signed_at};
use countersign_memory::MemoryStore;

/// How many requests a count is the average of.
const REQUESTS: u32 = 1000;

const BARE: &str = "actix-web alone";
const VERIFIED: &str = "middleware";
const EVENT: &str = "middleware and Event";

fn main() -> ExitCode {
    let mut report = Report::new();
    let sender = Sender::GitHub;
    let system = System::new();
    let verify = Verify::new(sender.verifier());
    let receiver = Receiver::new(sender.verifier(), MemoryStore::new(1_000_000));
    let once = Verify::new(receiver.clone());

    let bare = web::resource("/hooks").route(web::post().to(read));
    let bare = system.block_on(init_service(App::new().service(bare)));
    let verified = web::resource("/hooks").wrap(verify.clone()).route(web::post().to(read));
    let verified = system.block_on(init_service(App::new().service(verified)));
    let event = web::resource("/hooks").wrap(verify).route(web::post().to(on_event));
    let event = system.block_on(init_service(App::new().service(event)));
    let stored = web::resource("/hooks").wrap(once).route(web::post().to(read));
    let stored = system.block_on(init_service(App::new().service(stored)));

    let requests = |from: u32| {
        let signed = |number: u32| {
            let mut body = body(1020);
            body.extend(number.to_be_bytes());
            request(&sender.sign(body, signed_at())).to_request()
        };
        (from..from + REQUESTS).map(signed).collect::<Vec<_>>()
    };
    // The first ones find the pools empty, and the tables of the store small.
    let ways: [&dyn Fn(u32) -> u64; 4] = [
        &|from| allocations(&system, &bare, requests(from)),
        &|from| allocations(&system, &verified, requests(from)),
        &|from| allocations(&system, &event, requests(from)),
        &|from| allocations(&system, &stored, requests(from)),
    ];
    let [bare_count, verified_count, event_count, stored_count] = ways.map(|way| {
        way(0);
        way(REQUESTS)
    });
    // Of all requests together, since the store's memory grows now and then.
    let mut gate = |what: &str, one: u64, other: u64, most: u32| {
        let label = format!("P8 {what}, {REQUESTS} requests");
        report.count(&label, one.saturating_sub(other), u64::from(most * REQUESTS));
    };
    gate("allocations of the middleware", verified_count, bare_count, 6);
    gate("further allocations of Event in place of Bytes", event_count, verified_count, 1);
    gate("further allocations with the memory store", stored_count, verified_count, 4);
    let completed = receiver.counts().completed == u64::from(2 * REQUESTS);
    report.fact("P8 every event was claimed and completed", completed);

    if std::env::var_os("COUNTERSIGN_BENCH").is_none() {
        let genuine = sender.sign(body(1024), signed_at());
        let request = || request(&genuine).to_request();
        let outcome = Race::new()
            .case(BARE, || answered(&system, &bare, request()))
            .case(VERIFIED, || answered(&system, &verified, request()))
            .case(EVENT, || answered(&system, &event, request()))
            .run();
        println!("\nGitHub, 1 KiB, in process, with making the request: median ns");
        for name in outcome.names() {
            println!("  {name:<26}{:>8.0}{:>8.3}", outcome.nanos(name), outcome.ratio(name, BARE));
        }
    }
    report.finish()
}

async fn read(body: Bytes) -> HttpResponse {
    black_box(body.len());
    HttpResponse::Ok().finish()
}

async fn on_event(event: Event) -> HttpResponse {
    black_box(event.payload().len());
    HttpResponse::Ok().finish()
}

fn request(signed: &Signed) -> TestRequest {
    let mut request = TestRequest::post().uri("/hooks");
    for (name, value) in &signed.headers {
        request = request.insert_header((name.as_str(), value.as_bytes()));
    }
    request.set_payload(Bytes::copy_from_slice(&signed.body))
}

/// How often handling these requests allocates; they and their bodies are there already.
fn allocations<R, S, B>(system: &SystemRunner, service: &S, requests: Vec<R>) -> u64
where
    S: Service<R, Response = ServiceResponse<B>, Error = Error>,
{
    measure(|| {
        for request in requests {
            answered(system, service, request);
        }
    })
    .count_total
}

fn answered<R, S, B>(system: &SystemRunner, service: &S, request: R)
where
    S: Service<R, Response = ServiceResponse<B>, Error = Error>,
{
    let response = system.block_on(service.call(request)).expect("an answer");
    assert_eq!(response.status(), 200, "a genuine delivery is accepted");
}
