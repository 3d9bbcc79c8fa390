//! The table of cases.

use std::thread;
use std::time::Duration;

use countersign::{Algorithm, KeyForm, RemoteKeys, Scheme, Setting, catalog};

use crate::client::{Answer, Client, Framing, Request, request, send, signed};
use crate::servers::{BODY_LIMIT, READ_TIMEOUT, Server, Setup};

type Run = Box<dyn Fn(&Server) -> Vec<Option<Answer>> + Send + Sync>;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) setup: Setup,
    pub(crate) run: Run,
    /// The status of each answer; `None` where the server closes.
    pub(crate) expected: Vec<Option<u16>>,
    /// The attempts of the handler, for each run; zero without a store.
    pub(crate) attempts: Vec<u32>,
    /// Whether it is the framework's to choose if a last request is answered, and so logged.
    pub(crate) may_close: bool,
}

const GITHUB: &Scheme = &catalog::GITHUB;
const STRIPE: &Scheme = &catalog::STRIPE;
const SIGNATURE: &str = "X-Hub-Signature-256";

/// An endpoint without a store.
fn verifying(scheme: &Scheme) -> Setup {
    Setup {
        scheme: scheme.clone(),
        capacity: None,
        keeps_bodies: false,
        handler_deadline: Duration::from_secs(60),
        tenants: false,
        settings: Vec::new(),
    }
}

/// An endpoint with a store.
pub(crate) fn once(scheme: &Scheme) -> Setup {
    Setup { capacity: Some(100), ..verifying(scheme) }
}

fn case(
    name: &'static str,
    setup: Setup,
    expected: &[u16],
    attempts: &[u32],
    run: impl Fn(&Server) -> Vec<Option<Answer>> + Send + Sync + 'static,
) -> Case {
    let expected = expected.iter().map(|it| Some(*it)).collect();
    let (run, attempts) = (Box::new(run), attempts.to_vec());
    Case { name, setup, run, expected, attempts, may_close: false }
}

/// A case of one request to an endpoint without a store.
fn one(name: &'static str, request: Request, status: u16) -> Case {
    let attempts: &[u32] = if status == 200 { &[0] } else { &[] };
    case(name, verifying(GITHUB), &[status], attempts, move |it| vec![send(it.address, &request)])
}

/// The same, of a sender that signs a time.
fn timed(name: &'static str, request: Request, status: u16) -> Case {
    Case { setup: verifying(STRIPE), ..one(name, request, status) }
}

/// A case of requests one after the other to an endpoint with a store.
fn several(name: &'static str, requests: &[Request], expected: &[u16], attempts: &[u32]) -> Case {
    let requests = requests.to_vec();
    case(name, once(GITHUB), expected, attempts, move |server| {
        requests.iter().map(|request| send(server.address, request)).collect()
    })
}

pub(crate) fn all() -> Vec<Case> {
    let mut all = refusals();
    all.extend(bodies());
    all.extend(connections());
    all.extend(events());
    all.extend(tenants());
    all.extend(keys());
    all.extend(handshakes());
    all
}

/// Senders that sign with a private key.
fn keys() -> Vec<Case> {
    let mut scheme = Scheme::new("acme", Algorithm::Ed25519, "X-Signature");
    let genuine = signed(&scheme, b"{}", 0);
    let forged = genuine.clone().with("X-Signature", |it| it[0] ^= 1);
    let mut all = vec![
        Case {
            setup: verifying(&scheme),
            ..one("signed with a private key", genuine.clone(), 200)
        },
        Case { setup: verifying(&scheme), ..one("forged without the private key", forged, 401) },
    ];
    scheme.key_id_header = Some("X-Key".into());
    scheme.remote_keys =
        Some(RemoteKeys { url: "https://keys.example.com/jwks.json".into(), form: KeyForm::Jwks });
    for (name, id, status) in [
        ("a key that is fetched", "good", 200),
        ("a key that the sender does not have", "made-up", 401),
        ("a key that cannot be fetched", "down", 503),
        ("a key that takes too long", "slow", 503),
    ] {
        let request = genuine.clone().header("X-Key", id);
        all.push(Case { setup: verifying(&scheme), ..one(name, request, status) });
    }
    all
}

/// What senders ask before they deliver.
fn handshakes() -> Vec<Case> {
    let ask = |method, path: &str, body: &str| Request {
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
        framing: Framing::Length(0),
    };
    let handshake =
        |name, scheme: &Scheme, settings: &[(Setting, &'static str)], request, status| {
            let setup = Setup { settings: settings.to_vec(), ..once(scheme) };
            let request: Request = request;
            case(name, setup, &[status], &[], move |it| vec![send(it.address, &request)])
        };
    let meta = [(Setting::VerifyToken, "meatyhamhock")];
    let token = |token: &str| {
        format!("/hooks?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}")
    };
    let slack = br#"{"type":"url_verification","challenge":"3eZbrw1aB10FEMAGAZd4FyFQ"}"#;
    let forged = signed(&catalog::SLACK, slack, 0).with("X-Slack-Signature", |it| it[10] ^= 1);
    let monday = r#"{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}"#;
    let audience = [(Setting::Audience, "https://example.com/hooks")];
    let long = format!(r#"{{"challenge":"{}"}}"#, "x".repeat(2 * BODY_LIMIT));
    vec![
        handshake(
            "a question with the right token",
            &catalog::META,
            &meta,
            ask("GET", &token("meatyhamhock"), ""),
            200,
        ),
        handshake(
            "a question with a wrong token",
            &catalog::META,
            &meta,
            ask("GET", &token("other"), ""),
            403,
        ),
        handshake(
            "a question while no token is known",
            &catalog::META,
            &[],
            ask("GET", &token(""), ""),
            403,
        ),
        handshake(
            "a question that computes",
            &catalog::X_TWITTER,
            &[],
            ask("GET", "/hooks?crc_token=uzwcfYtzr9", ""),
            200,
        ),
        handshake(
            "a signed question",
            &catalog::SLACK,
            &[],
            signed(&catalog::SLACK, slack, 0),
            200,
        ),
        handshake("a forged question", &catalog::SLACK, &[], forged, 401),
        handshake(
            "an unsigned question in the body",
            &catalog::MONDAY,
            &audience,
            ask("POST", "/hooks", monday),
            200,
        ),
        handshake(
            "an unsigned question that is too long",
            &catalog::MONDAY,
            &audience,
            ask("POST", "/hooks", &long),
            413,
        ),
        handshake(
            "an unsigned event",
            &catalog::MONDAY,
            &audience,
            ask("POST", "/hooks", "{}"),
            401,
        ),
        handshake(
            "an OPTIONS request of an origin",
            &catalog::CLOUDEVENTS_WEBHOOK,
            &[(Setting::AllowedOrigin, "eventemitter.example.com")],
            ask("OPTIONS", "/hooks", "")
                .header("WebHook-Request-Origin", "eventemitter.example.com"),
            200,
        ),
        handshake(
            "an OPTIONS request of another origin",
            &catalog::CLOUDEVENTS_WEBHOOK,
            &[(Setting::AllowedOrigin, "eventemitter.example.com")],
            ask("OPTIONS", "/hooks", "").header("WebHook-Request-Origin", "evil.example.com"),
            405,
        ),
    ]
}

fn tenants() -> Vec<Case> {
    let from = |tenant: &str| signed(GITHUB, b"{}", 0).header("x-tenant", tenant);
    let forged = from("acme").with(SIGNATURE, |it| it[10] ^= 1);
    let tenants = |case| Case { setup: Setup { tenants: true, ..verifying(GITHUB) }, ..case };
    vec![
        tenants(one("a tenant's delivery", from("acme"), 200)),
        tenants(one("a tenant's forged delivery", forged, 401)),
        tenants(one("an unknown tenant's delivery", from("nobody"), 401)),
        tenants(one("a delivery of no tenant", signed(GITHUB, b"{}", 0), 401)),
        tenants(one("secrets that cannot be told", from("down"), 503)),
    ]
}

fn refusals() -> Vec<Case> {
    let genuine = signed(GITHUB, b"{}", 0);
    let paid = |age| signed(STRIPE, br#"{"id":"evt_1"}"#, age);
    let forged = |value: &mut Vec<u8>| *value.last_mut().unwrap() ^= 1;
    let other = || format!("sha256={}", "0".repeat(64));
    let many = |count: usize| {
        let more = format!(",v1={}", "0".repeat(64)).repeat(count);
        paid(0).with("Stripe-Signature", move |value| value.extend(more.bytes()))
    };
    vec![
        one("genuine", genuine.clone(), 200),
        one("no signature", genuine.clone().without(SIGNATURE), 401),
        one("empty signature", genuine.clone().with(SIGNATURE, Vec::clear), 401),
        one("malformed signature", genuine.clone().with(SIGNATURE, |it| it.truncate(20)), 401),
        one("signature not UTF-8", genuine.clone().with(SIGNATURE, |it| it[10] = 0xff), 401),
        one("forged signature", genuine.clone().with(SIGNATURE, forged), 401),
        one("two signatures that differ", genuine.clone().header(SIGNATURE, other()), 401),
        one(
            "the same signature twice",
            genuine.clone().header(SIGNATURE, signature(&genuine)),
            200,
        ),
        one("name of the header in capitals", upper(genuine.clone()), 200),
        one("a header that is not UTF-8", genuine.header("x-other", [0xff, 0xfe]), 200),
        timed("signed now", paid(0), 200),
        timed("signed too long ago", paid(400), 401),
        timed("signed in the future", paid(-400), 401),
        timed("128 signatures", many(127), 200),
        timed("129 signatures", many(128), 401),
        timed(
            "no timestamp",
            paid(0).with("Stripe-Signature", |value| {
                let at = value.iter().position(|it| *it == b',').unwrap();
                value.drain(..=at);
            }),
            401,
        ),
    ]
}

fn signature(request: &Request) -> Vec<u8> {
    request.headers.iter().find(|it| it.0.eq_ignore_ascii_case(SIGNATURE)).unwrap().1.clone()
}

/// GitHub's header in capitals.
fn upper(mut request: Request) -> Request {
    for (name, _) in &mut request.headers {
        *name = name.to_uppercase();
    }
    request
}

fn bodies() -> Vec<Case> {
    let sized = |length: usize| signed(GITHUB, &vec![b'x'; length], 0);
    let cut = |closes: bool| {
        move |server: &Server| {
            let request = signed(GITHUB, b"{}", 0).framed(Framing::Length(10));
            let mut client = Client::connect(server.address);
            client.send(&request.bytes());
            if closes {
                client.half_close();
            }
            vec![client.answer("POST")]
        }
    };
    vec![
        one("body of the limit", sized(BODY_LIMIT), 200),
        one("body of the limit and one", sized(BODY_LIMIT + 1), 413),
        one("chunked body of the limit", sized(BODY_LIMIT).framed(Framing::Chunked), 200),
        one(
            "chunked body of the limit and one",
            sized(BODY_LIMIT + 1).framed(Framing::Chunked),
            413,
        ),
        one("body that claims 70 TiB", sized(3).framed(Framing::Length(76_965_813_944_320)), 413),
        one("empty body", sized(0), 200),
        one("body not UTF-8", signed(GITHUB, &[0xff, 0, 0xfe], 0), 200),
        one(
            "compressed body, signed as it is",
            signed(GITHUB, b"\x1f\x8b not really", 0).header("content-encoding", "gzip"),
            200,
        ),
        one(
            "chunk whose size is no number",
            signed(GITHUB, b"", 0).framed(Framing::BrokenChunk),
            400,
        ),
        case("body that never ends", verifying(GITHUB), &[408], &[], cut(false)),
        case("body that breaks off", verifying(GITHUB), &[400], &[], cut(true)),
        case("body that drips", verifying(GITHUB), &[408], &[], |server| {
            let request = signed(GITHUB, &[b'x'; 500], 0).bytes();
            let (start, rest) = request.split_at(request.len() - 500);
            let mut client = Client::connect(server.address);
            client.send(start);
            // Every byte is in time, the body is not.
            for byte in rest.chunks(1) {
                if !client.send(byte) {
                    break;
                }
                thread::sleep(READ_TIMEOUT / 40);
            }
            vec![client.answer("POST")]
        }),
    ]
}

fn connections() -> Vec<Case> {
    let genuine = || signed(GITHUB, b"{}", 0);
    let two = |first: Request, second: Request| {
        move |server: &Server| {
            let mut client = Client::connect(server.address);
            client.send(&first.bytes());
            let one = client.answer(first.method);
            client.send(&second.bytes());
            vec![one, client.answer(second.method)]
        }
    };
    // After a refusal the connection is closed or usable. Which of the two is the framework's.
    let after = |name: &'static str, refused: Request, status: u16| {
        let case = case(name, verifying(GITHUB), &[status], &[], move |server| {
            let mut client = Client::connect(server.address);
            client.send(&refused.bytes());
            let first = client.answer(refused.method);
            let next = signed(GITHUB, b"{}", 0).without(SIGNATURE);
            client.send(&next.bytes());
            let next = client.answer("POST").map(|it| it.status);
            assert!(next.is_none_or(|it| it == 401), "misparsed: {next:?}");
            vec![first]
        });
        Case { may_close: true, ..case }
    };
    let long = || signed(GITHUB, &[b'x'; 900], 0).without(SIGNATURE);
    let pipelined = |first: Request, second: Request| {
        move |server: &Server| {
            let mut client = Client::connect(server.address);
            client.send(&[first.bytes(), second.bytes()].concat());
            vec![client.answer(first.method), client.answer(second.method)]
        }
    };
    vec![
        case("keep-alive", verifying(GITHUB), &[200, 200], &[0, 0], two(genuine(), genuine())),
        case("pipelined", verifying(GITHUB), &[200, 200], &[0, 0], pipelined(genuine(), genuine())),
        case(
            "keep-alive after an empty refusal",
            verifying(GITHUB),
            &[401, 200],
            &[0],
            two(request(GITHUB, "GET", b"", 0).without(SIGNATURE), genuine()),
        ),
        after("after a refused body", long(), 401),
        after("after a refused chunked body", long().framed(Framing::Chunked), 401),
        after("after a body that was too long", signed(GITHUB, &[b'x'; 5000], 0), 413),
        after(
            "after a chunked body that was too long",
            signed(GITHUB, &[b'x'; 5000], 0).framed(Framing::Chunked),
            413,
        ),
        one("GET, signed", request(GITHUB, "GET", b"", 0), 200),
        one("GET, not signed", request(GITHUB, "GET", b"", 0).without(SIGNATURE), 401),
        one("HEAD, signed", request(GITHUB, "HEAD", b"", 0), 200),
        one("HEAD, not signed", request(GITHUB, "HEAD", b"", 0).without(SIGNATURE), 401),
        one("OPTIONS, not signed", request(GITHUB, "OPTIONS", b"", 0).without(SIGNATURE), 401),
        one("PUT, signed", request(GITHUB, "PUT", b"{}", 0), 200),
    ]
}

fn events() -> Vec<Case> {
    let event = |body: &str| signed(GITHUB, body.as_bytes(), 0);
    let slow =
        |deadline: u64| Setup { handler_deadline: Duration::from_millis(deadline), ..once(GITHUB) };
    vec![
        several("a duplicate", &[event("{}"), event("{}")], &[200, 200], &[1]),
        several(
            "a failure, then its retry and a duplicate",
            &[event("fails"), event("fails"), event("fails")],
            &[500, 200, 200],
            &[1, 2],
        ),
        several(
            "a panic, then its retry and a duplicate",
            &[event("panics"), event("panics"), event("panics")],
            &[500, 200, 200],
            &[1, 2],
        ),
        several("a failure for good", &[event("for good"), event("for good")], &[200, 200], &[1]),
        several("a body that is not kept", &[event("says"), event("says")], &[200, 200], &[1]),
        Case {
            setup: Setup { keeps_bodies: true, ..once(GITHUB) },
            ..several("a body that is kept", &[event("says"), event("says")], &[200, 200], &[1])
        },
        several(
            "a refusal touches no event",
            &[event("{}").with(SIGNATURE, |it| it[10] ^= 1), event("{}")],
            &[401, 200],
            &[1],
        ),
        Case {
            setup: Setup { capacity: Some(1), ..once(GITHUB) },
            ..several("a full store", &[event("1"), event("2"), event("1")], &[200, 503, 200], &[1])
        },
        case("a handler that overruns", slow(300), &[503, 503], &[1, 2], |server| {
            let event = signed(GITHUB, b"hangs", 0);
            vec![send(server.address, &event), send(server.address, &event)]
        }),
        case("a duplicate in flight", once(GITHUB), &[409, 200, 200], &[1], |server| {
            let event = signed(GITHUB, b"sleeps", 0);
            let mut first = Client::connect(server.address);
            first.send(&event.bytes());
            wait_for_runs(server, 1);
            let second = send(server.address, &event);
            vec![second, first.answer("POST"), send(server.address, &event)]
        }),
        case("a client that hangs up", once(GITHUB), &[200], &[1], |server| hang_up(server, drop)),
        case("a client that half-closes", once(GITHUB), &[200], &[1], |server| {
            hang_up(server, |client| {
                client.half_close();
                thread::sleep(Duration::from_millis(200));
            })
        }),
        case("a client that resets", once(GITHUB), &[200], &[1], |server| {
            // With an answer unread, to close is to reset.
            let mut client = Client::connect(server.address);
            client.send(&request(GITHUB, "GET", b"", 0).without(SIGNATURE).bytes());
            thread::sleep(Duration::from_millis(200));
            hang_up_with(server, client, drop)
        }),
        case("64 at once, and one after", once(GITHUB), &[200], &[1], |server| {
            let event = signed(GITHUB, b"sleeps", 0);
            let statuses: Vec<_> = thread::scope(|scope| {
                let sending: Vec<_> =
                    (0..64).map(|_| scope.spawn(|| send(server.address, &event))).collect();
                let answers = sending.into_iter().map(|it| it.join().unwrap().unwrap());
                answers.map(|it| (it.status, it.headers.len())).collect()
            });
            // One is handled; the rest are told to come again, or if they were late, that it was.
            let handled = statuses.iter().filter(|it| **it == (200, 0)).count();
            assert_eq!(handled, 1, "{statuses:?}");
            assert!(statuses.iter().all(|it| it.0 == 409 || it.0 == 200), "{statuses:?}");
            vec![send(server.address, &event)]
        }),
        case("drained while in flight", once(GITHUB), &[200, 503], &[1], |server| {
            let mut first = Client::connect(server.address);
            first.send(&signed(GITHUB, b"sleeps", 0).bytes());
            wait_for_runs(server, 1);
            let receiver = server.receiver.clone().unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let open = runtime.unwrap().block_on(async {
                receiver.drain(tokio::time::sleep(Duration::from_secs(8))).await
            });
            assert_eq!(open, 0);
            vec![first.answer("POST"), send(server.address, &signed(GITHUB, b"other", 0))]
        }),
    ]
}

fn wait_for_runs(server: &Server, runs: usize) {
    for _ in 0..500 {
        if server.handler.runs.lock().unwrap().len() >= runs {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the handler did not run");
}

/// A client leaves in the middle of a handler of one second. Then the sender retries.
fn hang_up(server: &Server, leave: impl FnOnce(Client)) -> Vec<Option<Answer>> {
    hang_up_with(server, Client::connect(server.address), leave)
}

fn hang_up_with(
    server: &Server,
    mut client: Client,
    leave: impl FnOnce(Client),
) -> Vec<Option<Answer>> {
    let event = signed(GITHUB, b"sleeps", 0);
    client.send(&event.bytes());
    wait_for_runs(server, 1);
    thread::sleep(Duration::from_millis(100));
    leave(client);
    let counts = || server.receiver.as_ref().unwrap().counts();
    for _ in 0..500 {
        if counts().completed == 1 {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(counts().completed, 1, "{:?}", counts());
    vec![send(server.address, &event)]
}
