//! One behaviour for every framework: each case runs over loopback HTTP/1.1 against axum, plain hyper
//! with tower, and actix-web, and all must see the same.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may panic, read the clock and print"
)]

mod cases;
mod client;
mod log;
mod servers;

use std::fmt;
use std::thread;
use std::time::Duration;

use countersign::catalog;

use crate::cases::Case;
use crate::client::Answer;
use crate::servers::{Framework, Server};

/// What is seen of a case.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Seen {
    /// The answers, in the order of the requests; `None` where the server closed.
    answers: Vec<Option<Answer>>,
    /// The attempts of the handler, for each run.
    attempts: Vec<u32>,
    /// What was logged, less what depends on the order in which threads run.
    logged: Vec<String>,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statuses: Vec<_> = self
            .answers
            .iter()
            .map(|answer| {
                answer.as_ref().map_or_else(|| "closed".to_owned(), |it| it.status.to_string())
            })
            .collect();
        let mut text = match statuses.as_slice() {
            [first, .., last] if statuses.len() > 6 => format!("{first} … {last}"),
            all => all.join(" "),
        };
        text.push_str(&format!(", {} runs", self.attempts.len()));
        f.pad(&text)
    }
}

fn see(framework: Framework, case: &Case) -> Seen {
    let server = Server::start(framework, &case.setup);
    let answers = (case.run)(&server);
    let mut attempts: Vec<_> =
        server.handler.runs.lock().unwrap().iter().map(|(_, attempt)| *attempt).collect();
    attempts.sort_unstable();
    let mut logged = log::of(&server.sender);
    logged.sort();
    if case.may_close {
        // What was asked last lacks a signature, which sorts behind the reason of the first.
        logged.truncate(1);
    }
    Seen { answers, attempts, logged }
}

/// What each framework makes of these cases.
fn see_all(cases: &[Case]) -> Vec<(&Case, Vec<Seen>)> {
    thread::scope(|scope| {
        let start = |case| (case, Framework::ALL.map(|it| scope.spawn(move || see(it, case))));
        let running: Vec<_> = cases.iter().map(start).collect();
        let join = |(case, seen): (_, [thread::ScopedJoinHandle<'_, Seen>; 3])| {
            (case, seen.into_iter().map(|it| it.join().expect("no case panics")).collect())
        };
        running.into_iter().map(join).collect()
    })
}

#[test]
fn every_framework_behaves_alike() {
    log::keep();
    std::panic::set_hook(Box::new(|info| {
        // Those of the handlers are part of the cases.
        if info.payload().downcast_ref::<&str>() != Some(&"as it should") {
            eprintln!("{info}");
        }
    }));
    let cases = cases::all();
    // A few at a time, so that none is slowed down into its timeouts.
    let rows: Vec<_> = cases.chunks(4).flat_map(see_all).collect();
    let [first, second, third] = Framework::ALL.map(Framework::name);
    println!("{:<58}{first:<24}{second:<24}{third:<24}", "case");
    let mut differing = Vec::new();
    for (case, seen) in &rows {
        println!("{:<58}{:<24}{:<24}{:<24}", case.name, seen[0], seen[1], seen[2]);
        if seen.iter().any(|it| *it != seen[0]) {
            differing.push(format!("{}:\n{:#?}", case.name, seen));
        }
        let statuses: Vec<_> =
            seen[0].answers.iter().map(|it| it.as_ref().map(|it| it.status)).collect();
        let expected: Vec<_> = case.expected.to_vec();
        if statuses != expected || seen[0].attempts != case.attempts {
            differing.push(format!(
                "{}: expected {expected:?} and the attempts {:?}, saw {:#?}",
                case.name, case.attempts, seen[0]
            ));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
}

/// HTTP/2 has no framing of its own to get wrong, but another way to end a body and to hang up.
#[tokio::test(flavor = "multi_thread")]
async fn axum_behaves_alike_over_http_2() {
    use http::Request;
    use http_body_util::Full;
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use tokio::net::TcpStream;

    let setup = cases::once(&catalog::GITHUB);
    let server = Server::start(Framework::Axum, &setup);
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    let connection = tokio::spawn(connection);
    let send = |body: &'static str, forged: bool| {
        let signed = client::signed(&catalog::GITHUB, body.as_bytes(), 0);
        let mut request = Request::post(format!("http://{}/hooks", server.address));
        for (name, value) in signed.headers {
            request = request.header(name, value);
        }
        let body = if forged { "forged" } else { body };
        let mut sender = sender.clone();
        let request = request.body(Full::<bytes::Bytes>::from(body)).unwrap();
        async move { sender.send_request(request).await.map(|it| it.status().as_u16()) }
    };
    assert_eq!(send("{}", true).await.unwrap(), 401);
    assert_eq!(send("{}", false).await.unwrap(), 200);
    assert_eq!(send("{}", false).await.unwrap(), 200);
    assert_eq!(send("fails", false).await.unwrap(), 500);
    assert_eq!(send("fails", false).await.unwrap(), 200);
    // A stream that is reset while its handler runs.
    let reset = tokio::time::timeout(Duration::from_millis(300), send("sleeps", false)).await;
    assert!(reset.is_err());
    assert_eq!(send("sleeps", false).await.unwrap(), 409);
    for _ in 0..200 {
        if server.receiver.as_ref().unwrap().counts().completed == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(send("sleeps", false).await.unwrap(), 200);
    let runs = server.handler.runs.lock().unwrap().clone();
    let runs: Vec<_> = runs.iter().map(|(body, attempt)| (&**body, *attempt)).collect();
    assert_eq!(runs, [("{}", 1), ("fails", 1), ("fails", 2), ("sleeps", 1)]);
    connection.abort();
}
