//! The built program, as a user calls it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may panic, and reads the clock"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const SECRET: &str = "It's a Secret to Everybody";
const SIGNATURE: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

fn countersign(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.args(args).env("SECRET", SECRET).env_remove("UNSET").stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> (i32, String) {
    finish(&countersign(args).output().unwrap())
}

fn finish(output: &Output) -> (i32, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains("Secret to Everybody"), "a secret was printed: {text}");
    (output.status.code().unwrap(), text)
}

#[track_caller]
fn check(args: &[&str], code: i32, expected: &str) -> String {
    let (got, text) = run(args);
    assert_eq!(got, code, "{text}");
    assert!(text.contains(expected), "{text}");
    text
}

/// A file that is removed at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, bytes).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.0);
    }
}

fn vectors(sender: &str) -> String {
    format!("{}/../../tests/vectors/{sender}.jsonl", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn vectors_close_with_their_counts() {
    let text = check(&["vectors", &vectors("github"), &vectors("box")], 0, "");
    assert_eq!(text.lines().last(), Some("52 passed, 0 failed, 0 skipped"));
    let one =
        check(&["vectors", "--provider", "github", &vectors("github"), &vectors("box")], 0, "");
    assert_eq!(one, "20 passed, 0 failed, 0 skipped\n");
    let json = check(&["vectors", "--json", &vectors("github")], 0, "");
    assert_eq!(json.lines().next(), Some(r#"{"passed":20,"failed":0,"skipped":0}"#));
}

#[test]
fn a_vector_that_disagrees_or_cannot_run_fails_the_run() {
    let text = fs::read_to_string(vectors("github")).unwrap();
    let wrong = text.replace(r#""expect":"valid""#, r#""expect":"INV""#);
    let wrong = wrong.replace(r#""expect":"invalid""#, r#""expect":"valid""#);
    let wrong = Scratch::new("wrong.jsonl", wrong.replace("INV", "invalid").as_bytes());
    let text = check(&["vectors", wrong.path()], 1, "github/official-doc-vector: expected invalid");
    assert_eq!(text.lines().last(), Some("0 passed, 20 failed, 0 skipped"));
    let json = check(&["vectors", "--json", wrong.path()], 1, r#""case":"official-doc-vector""#);
    assert!(json.contains(r#"{"passed":0,"failed":20,"skipped":0}"#));

    let text = fs::read_to_string(vectors("github")).unwrap();
    let unknown = text.replace(r#""provider":"github""#, r#""provider":"nobody""#);
    let unknown = Scratch::new("unknown.jsonl", unknown.as_bytes());
    check(&["vectors", unknown.path()], 1, "0 passed, 0 failed, 20 skipped");
}

#[test]
fn vectors_that_cannot_be_read_are_a_mistake_in_use() {
    let garbage = Scratch::new("garbage.jsonl", b"\n{\"provider\":1}\n");
    check(&["vectors", garbage.path()], 2, "garbage.jsonl: line 2: ");
    check(&["vectors", "no/such/file"], 2, "no/such/file: ");
    let empty = Scratch::new("empty.jsonl", b"");
    check(&["vectors", empty.path()], 2, "no vector was run");
    check(&["vectors"], 2, "Usage");
}

#[test]
fn what_is_signed_verifies() {
    let body = Scratch::new("round-trip", b"{\"webhookTimestamp\":1790000000000}\r\n\xff\x00");
    for provider in ["github", "stripe", "slack", "shopify", "twitch", "box", "recurly"] {
        let sign = ["sign", provider, "--secret-env", "SECRET", "--body-file", body.path()];
        let (code, headers) = run(&[&sign[..], &["--time", "1790000000"]].concat());
        assert_eq!(code, 0, "{headers}");
        let mut verify = vec!["verify", provider, "--secret-env", "SECRET", "--now", "1790000100"];
        verify.extend(["--body-file", body.path()]);
        for header in headers.lines() {
            verify.extend(["--header", header]);
        }
        check(&verify, 0, "valid");
        let json = check(&[&verify[..], &["--json"]].concat(), 0, r#""verdict":"valid""#);
        assert!(json.contains(r#""secret":"SECRET""#), "{json}");
    }
}

#[test]
fn a_capture_is_verified_byte_for_byte() {
    let capture =
        |body: &str| format!("POST / HTTP/1.1\r\nX-Hub-Signature-256: {SIGNATURE}\r\n\r\n{body}");
    let genuine = Scratch::new("genuine.http", capture("Hello, World!").as_bytes());
    check(
        &["verify", "github", genuine.path(), "--secret-env", "SECRET"],
        0,
        "covers          body",
    );
    let longer = Scratch::new("longer.http", capture("Hello, World!\n").as_bytes());
    let text = check(&["verify", "github", longer.path(), "--secret-env", "SECRET"], 1, "");
    assert!(text.contains("signature.mismatch") && text.contains("14 bytes"), "{text}");
    let broken = Scratch::new("broken.http", b"POST / HTTP/1.1\r\nX-A: 1\r\n");
    check(&["verify", "github", broken.path(), "--secret-env", "SECRET"], 2, "no empty line");
    let other = Scratch::new("other-secret", b"another secret\n");
    check(&["verify", "github", genuine.path(), "--secret-file", other.path()], 1, "invalid");
    let same = Scratch::new("same-secret", format!("{SECRET}\n").as_bytes());
    check(&["verify", "github", genuine.path(), "--secret-file", same.path()], 0, "valid");
}

#[test]
fn a_capture_may_hold_line_ends_and_bytes_that_are_no_text() {
    let body = b"{\r\n\"a\":\t1}\r\n\r\n\x00\xff\n";
    let file = Scratch::new("binary-body", body);
    for provider in ["github", "stripe", "shopify"] {
        let (_, headers) =
            run(&["sign", provider, "--secret-env", "SECRET", "--body-file", file.path()]);
        let head = format!("POST / HTTP/1.1\n{headers}").replace('\n', "\r\n") + "\r\n";
        let capture = [head.as_bytes(), body].concat();
        let name = format!("binary-{provider}.http");
        let capture = Scratch::new(&name, &capture);
        check(&["verify", provider, capture.path(), "--secret-env", "SECRET"], 0, "valid");
    }
    let json = ["sign", "github", "--secret-env", "SECRET", "--body-file", file.path(), "--json"];
    check(&json, 0, r#""body_b64":"ew0K"#);
}

#[test]
fn every_clock_is_judged() {
    let (_, headers) =
        run(&["sign", "stripe", "--secret-env", "SECRET", "--body", "{}", "--time", "1790000000"]);
    let header = headers.lines().find(|it| it.contains("v1=")).unwrap();
    let body = Scratch::new("clock", b"{}");
    let verify = |rest: &[&str], code: i32, expected: &str| {
        let args = ["verify", "stripe", "--secret-env", "SECRET", "--header", header];
        check(&[&args[..], &["--body-file", body.path()], rest].concat(), code, expected);
    };
    verify(&["--now", "1790000050"], 0, "(50 s ago)");
    verify(&["--now", "1789999950"], 0, "(50 s ahead)");
    verify(&["--now", "1790000301"], 1, "timestamp.stale");
    verify(&["--now", "1790000301"], 1, "signed   301 s ago (tolerance: 300 s either way)");
    verify(&["--now", "1789999699"], 1, "timestamp.future");
    verify(&["--any-age", "--now=-9223372036854775808"], 0, "valid");
    verify(&["--any-age", "--now=9223372036854775807"], 0, "valid");
}

#[test]
fn a_sample_is_shown_with_its_headers() {
    check(&["sign", "github", "--secret-env", "SECRET"], 0, r#"a sample is signed: {"#);
}

#[test]
fn mistakes_in_use_exit_with_2() {
    check(&["sign", "github", "--secret-env", "UNSET"], 2, "the variable UNSET is not set");
    check(&["sign", "github"], 2, "no secret");
    check(&["providers", "gihtub"], 2, "did you mean `github`");
    check(&["providers", "--category", "nothing"], 2, "payments");
    check(&["verify", "github", "--secret-env", "SECRET"], 2, "give a FILE");
    check(&["listen", "--secret-env", "SECRET"], 2, "after the --provider");
    check(&["frobnicate"], 2, "unrecognized");
    check(&["send", "github", "http://127.0.0.1:1/", "--secret-env", "SECRET"], 2, "127.0.0.1:1");
}

#[test]
fn providers_lists_every_sender() {
    let text = check(&["providers"], 0, "standard-webhooks");
    assert_eq!(text.lines().count(), 1 + 233);
    let json = check(&["providers", "--json"], 0, r#""id":"github""#);
    assert_eq!(json.lines().count(), 233);
    check(&["providers", "paddle"], 0, "ts={timestamp};h1={signature}");
    let private = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/custom-scheme/acme.toml");
    check(&["providers", private], 0, "{delivery id}.{timestamp}.{body}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = countersign(&["providers", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_closed_pipe_does_not_change_the_verdict() {
    let args = ["verify", "github", "-", "--secret-env", "SECRET"];
    let mut child =
        countersign(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let forged = post("/", "X-Hub-Signature-256: sha256=00\r\n", "{}");
    child.stdin.take().unwrap().write_all(forged.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_dry_run_prints_what_verify_reads() {
    let body = Scratch::new("dry-body", b"{\r\n\xff\x1b[2J}\n");
    let url = "http://127.0.0.1:1/hooks?a=b";
    let args = ["send", "stripe", url, "--secret-env", "SECRET", "--dry-run", "--body-file"];
    let output = countersign(&[&args[..], &[body.path()]].concat()).output().unwrap();
    assert!(output.stdout.starts_with(b"POST /hooks?a=b HTTP/1.1\r\nHost: 127.0.0.1:1\r\n"));
    assert!(output.stdout.ends_with(b"\r\n\r\n{\r\n\xff\x1b[2J}\n"));
    let raw = Scratch::new("dry.http", &output.stdout);
    check(&["verify", "stripe", raw.path(), "--secret-env", "SECRET"], 0, "valid");
}

#[test]
fn a_time_inside_the_body_is_the_one_that_is_signed() {
    let body = r#"{"webhookTimestamp":1790000000123}"#;
    check(&["sign", "linear", "--secret-env", "SECRET", "--body", body], 0, "Linear-Signature: ");
}

#[test]
fn a_fresh_secret_is_usable_and_a_wrong_one_is_told() {
    for provider in ["github", "stripe", "standard-webhooks", "supabase", "close", "tiktok-shop"] {
        let (code, secret) = run(&["secret", "new", provider]);
        assert_eq!(code, 0);
        let file = Scratch::new(&format!("fresh-{provider}"), secret.as_bytes());
        let lint = check(&["secret", "lint", provider, "--secret-file", file.path()], 0, "usable");
        assert!(!lint.contains("warning"), "{lint}");
    }
    let key = Scratch::new("api-key", b"sk_test_4eC39HqLyjWDarjtT1zdp7dc");
    check(&["secret", "lint", "stripe", "--secret-file", key.path()], 1, "a Stripe API key");
    let short = Scratch::new("short", b"abc");
    check(&["secret", "lint", "github", "--secret-file", short.path()], 0, "only 3 bytes");
}

/// A running receiver, stopped at the end of the test.
struct Receiver {
    child: Child,
    base: String,
    lines: mpsc::Receiver<String>,
}

impl Receiver {
    fn start(args: &[&str]) -> Self {
        Self::start_with(args, "")
    }

    fn start_with(args: &[&str], store: &str) -> Self {
        let all = [&["listen", "--port", "0"], args].concat();
        let mut command = countersign(&all);
        command.env("COUNTERSIGN_TEST_STORE", store);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut receiver = Self { child, base: String::new(), lines };
        let first = receiver.line();
        let base = first.strip_prefix("listening on ").or_else(|| {
            first.strip_prefix(r#"{"listening":""#).and_then(|it| it.strip_suffix(r#""}"#))
        });
        receiver.base = base.unwrap().to_owned();
        receiver
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    /// The next line that holds `wanted`.
    fn find(&self, wanted: &str) -> String {
        for _ in 0..100 {
            let line = self.line();
            if line.contains(wanted) {
                return line;
            }
        }
        panic!("no line has {wanted}")
    }

    /// Sends a raw request, and returns status and body of the answer.
    fn raw(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.base.strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(!head.to_ascii_lowercase().contains("mismatch"), "{head}");
        (status, body.to_owned())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn post(path: &str, headers: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\
         {headers}\r\n{body}",
        body.len()
    )
}

#[test]
fn a_duplicate_is_shown_as_such() {
    let receiver = Receiver::start(&[
        "--provider",
        "stripe",
        "--secret-env",
        "SECRET",
        "--provider",
        "github",
        "--secret-env",
        "SECRET",
    ]);
    let send = |provider: &str, more: &[&str]| {
        let url = format!("{}/hooks/{provider}", receiver.base);
        let args = [&["send", provider, &url, "--secret-env", "SECRET"], more].concat();
        assert!(countersign(&args).stdout(Stdio::null()).status().unwrap().success());
    };
    let body = ["--body", r#"{"id":"evt_1","type":"invoice.paid"}"#];
    send("stripe", &[&body[..], &["--twice"]].concat());
    receiver.find("accepted");
    let replay = receiver.find("duplicate");
    assert!(replay.contains("a replay: the same signed time"), "{replay}");
    send("stripe", &[&body[..], &["--age", "60"]].concat());
    let retry = receiver.find("duplicate");
    assert!(retry.contains("a retry: signed anew"), "{retry}");
    send("github", &["--twice"]);
    receiver.find("accepted");
    let either = receiver.find("duplicate");
    assert!(either.contains("no time is signed") && either.contains("answered 200"), "{either}");
}

#[test]
fn events_are_remembered_across_restarts() {
    let file = Scratch::new("events", b"");
    fs::remove_file(file.path()).unwrap();
    let store = format!("sqlite:{}", file.path());
    let args = ["--provider", "github", "--secret-env", "SECRET"];
    for (given, told) in [
        (["--store", &store], "accepted"),
        (["--store-env", "COUNTERSIGN_TEST_STORE"], "duplicate"),
    ] {
        let receiver = Receiver::start_with(&[&args[..], &given].concat(), &store);
        receiver.find("events are remembered in the sqlite store");
        let url = format!("{}/hooks/github", receiver.base);
        let send = ["send", "github", &url, "--secret-env", "SECRET", "--body", "{}"];
        assert!(countersign(&send).stdout(Stdio::null()).status().unwrap().success());
        receiver.find(told);
    }
    let one = ["listen", "--port", "0", "--store"];
    check(&[&one[..], &["mysql://root:hunter2@localhost/db"]].concat(), 2, "takes sqlite:FILE");
    let down = "postgres://app:hunter2@127.0.0.1:1/db";
    let told = check(&[&one[..], &[down]].concat(), 2, "the postgres store cannot be opened");
    assert!(!told.contains("hunter2"), "{told}");
    let down = "redis://:hunter2@127.0.0.1:1";
    let told = check(&[&one[..], &[down]].concat(), 2, "the redis store cannot be opened");
    assert!(!told.contains("hunter2"), "{told}");
    let unset = ["listen", "--port", "0", "--store-env", "UNSET"];
    check(&unset, 2, "UNSET is not set");
    for name in ["-wal", "-shm"] {
        _ = fs::remove_file(format!("{}{name}", file.path()));
    }
}

#[test]
fn githubs_own_example_is_accepted_and_a_changed_byte_refused() {
    let receiver = Receiver::start(&["--provider", "github", "--secret-env", "SECRET"]);
    let headers = format!("X-Hub-Signature-256: {SIGNATURE}\r\nX-GitHub-Event: \x1b[2Jpush\r\n");
    // A header with a control character is refused by the server, or shown escaped.
    let (status, _) = receiver.raw(&post("/hooks/github", &headers, "Hello, World!"));
    assert!(status == 200 || status == 400);
    let headers = format!("X-Hub-Signature-256: {SIGNATURE}\r\nX-GitHub-Event: ping\r\n");
    let accepted = receiver.raw(&post("/hooks/github", &headers, "Hello, World!"));
    assert_eq!(accepted, (200, String::new()));
    let line = receiver.find("ping");
    assert!(
        line.starts_with("accepted github") && line.contains("secret SECRET, 13 bytes"),
        "{line}"
    );
    let refused = receiver.raw(&post("/hooks/github", &headers, "Hello, World?"));
    assert_eq!(refused, (401, String::new()));
    let line = receiver.find("refused");
    assert!(line.contains("signature.mismatch") && line.contains("13 bytes"), "{line}");
    assert_eq!(receiver.raw(&post("/hooks/stripe", "", "")).0, 404);
    receiver.find("no endpoint has the path /hooks/stripe");
}

#[test]
fn hostile_text_is_escaped_before_it_is_shown() {
    let receiver = Receiver::start(&["--provider", "stripe", "--secret-env", "SECRET"]);
    let url = format!("{}/hooks/stripe", receiver.base);
    let body = r#"{"id":"evt\u001b]0;owned\u0007","type":"\u001b[2J\u202efoo"}"#;
    check(&["send", "stripe", &url, "--secret-env", "SECRET", "--body", body], 0, "200");
    let line = receiver.find("accepted");
    assert!(line.contains(r"\u{1b}[2J\u{202e}foo") && !line.contains('\u{1b}'), "{line}");
}

#[test]
fn hostile_text_is_escaped_in_json_too() {
    let receiver = Receiver::start(&["--json", "--provider", "stripe", "--secret-env", "SECRET"]);
    let url = format!("{}/hooks/stripe", receiver.base);
    let body = r#"{"id":"evt\u001b]0;owned\u0007","type":"\u009b2J\u202efoo"}"#;
    check(&["send", "stripe", &url, "--secret-env", "SECRET", "--body", body], 0, "200");
    let line = receiver.find("accepted");
    assert!(line.contains(r#""event_type":"\u009b2J\u202efoo""#), "{line}");
    assert!(line.contains(r#""delivery_id":"evt\u001b]0;owned\u0007""#), "{line}");
}

#[test]
fn a_signal_stops_the_receiver_although_a_client_dawdles() {
    let mut receiver = Receiver::start(&["--provider", "github", "--secret-env", "SECRET"]);
    let address = receiver.base.strip_prefix("http://").unwrap();
    let mut dawdler = TcpStream::connect(address).unwrap();
    dawdler.write_all(b"POST /hooks/github HT").unwrap();
    // A whole request after it shows that the receiver has seen the first one.
    assert_eq!(receiver.raw(&post("/hooks/github", "", "")).0, 401);
    let pid = receiver.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    for _ in 0..100 {
        if let Some(status) = receiver.child.try_wait().unwrap() {
            assert_eq!(status.code(), Some(0));
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the receiver did not stop");
}

#[test]
fn several_providers_have_their_own_secrets() {
    let other = Scratch::new("rotated", b"a rotated secret, long enough");
    let receiver = Receiver::start(&[
        "--provider",
        "github",
        "--secret-env",
        "SECRET",
        "--secret-file",
        other.path(),
        "--provider",
        "pusher",
        "--secret-env",
        "SECRET",
        "--key-id",
        "key-1",
    ]);
    let send = |provider: &str, rest: &[&str]| {
        let url = format!("{}/hooks/{provider}", receiver.base);
        run(&[&["send", provider, &url][..], rest].concat()).0
    };
    assert_eq!(send("github", &["--secret-env", "SECRET"]), 0);
    assert_eq!(send("github", &["--secret-file", other.path()]), 0);
    assert_eq!(send("pusher", &["--secret-env", "SECRET", "--key-id", "key-1"]), 0);
    assert_eq!(send("pusher", &["--secret-env", "SECRET", "--key-id", "key-2"]), 1);
    assert_eq!(send("pusher", &["--secret-file", other.path(), "--key-id", "key-1"]), 1);
}

#[test]
fn every_demo_command_works_as_it_is_pasted() {
    let receiver = Receiver::start(&[]);
    for provider in ["github", "stripe", "slack", "shopify", "standard-webhooks"] {
        let line = receiver.find("COUNTERSIGN_SECRET=");
        assert!(line.contains(&format!(" send {provider} ")), "{line}");
        let pasted = Command::new("sh").arg("-c").arg(line.trim()).output().unwrap();
        assert!(pasted.status.success(), "{line}\n{}", String::from_utf8_lossy(&pasted.stderr));
        let (assignment, _) = line.trim().split_once("' ").unwrap();
        let secret = assignment.strip_prefix("COUNTERSIGN_SECRET='").unwrap();
        let url = format!("{}/hooks/{provider}", receiver.base);
        let send = |rest: &[&str]| {
            let args = [&["send", provider, &url, "--secret-env", "DEMO"], rest].concat();
            let output = countersign(&args).env("DEMO", secret).output().unwrap();
            let (code, text) = finish(&output);
            assert!(!text.contains(secret), "{text}");
            code
        };
        assert_eq!(send(&[]), 0, "{provider}");
        assert_eq!(send(&["--tamper", "body"]), 1, "{provider}");
        assert_eq!(send(&["--tamper", "signature"]), 1, "{provider}");
        if !matches!(provider, "github" | "shopify") {
            assert_eq!(send(&["--age", "400"]), 1, "{provider}");
            assert_eq!(send(&["--tamper", "timestamp"]), 1, "{provider}");
        }
    }
    // The last one is for curl and openssl, by a shell.
    let line = receiver.find("curl -i");
    let output = Command::new("sh").arg("-c").arg(line.trim()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.starts_with("HTTP/1.1 200"), "{line}\n{text}");
}

#[test]
fn a_config_file_describes_endpoints() {
    let config = Scratch::new(
        "config.toml",
        br#"
        [[endpoint]]
        provider = "stripe"
        path = "/stripe"
        secrets = [{ env = "SECRET", label = "current" }]
        tolerance = { past = 10, future = 10 }
        body_limit = 64

        [[endpoint]]
        secrets = [{ env = "SECRET" }]
        [endpoint.scheme]
        id = "acme"
        algorithm = "hmac-sha256"
        signed = ["body"]
        signature = { headers = { first = ["X-Acme"] }, syntax = "bare", encoding = "hex" }
        "#,
    );
    let receiver = Receiver::start(&["--config", config.path()]);
    let url = format!("{}/stripe", receiver.base);
    let send = |rest: &[&str]| {
        run(&[&["send", "stripe", &url, "--secret-env", "SECRET"], rest].concat()).1
    };
    assert!(send(&["--body", "{}"]).contains("200 OK"));
    assert!(receiver.find("accepted").contains("secret current"));
    assert!(send(&["--body", "{}", "--age", "11"]).contains("401"));
    assert!(send(&["--body", &" ".repeat(65)]).contains("413"));
    assert_eq!(receiver.raw(&post("/hooks/acme", "X-Acme: 00\r\n", "{}")).0, 401);

    let unknown =
        Scratch::new("unknown.toml", b"[[endpoint]]\nprovidr = \"stripe\"\nsecrets = []\n");
    check(&["listen", "--config", unknown.path()], 2, "providr");
    let unset = b"[[endpoint]]\nprovider = \"stripe\"\nsecrets = [{ env = \"UNSET\" }]\n";
    let unset = Scratch::new("unset.toml", unset);
    check(&["listen", "--config", unset.path()], 2, "UNSET is not set");
}

#[test]
fn a_config_file_names_the_file_of_a_private_scheme() {
    let scheme = Scratch::new(
        "private.toml",
        br#"
        id = "acme"
        algorithm = "hmac-sha256"
        signed = ["body"]
        signature = { headers = { first = ["X-Acme"] }, syntax = "bare", encoding = "hex" }
        "#,
    );
    let config =
        b"[[endpoint]]\nscheme_file = \"private.toml\"\nsecrets = [{ env = \"SECRET\" }]\n";
    let config = Scratch::new("scheme-file.toml", config);
    let receiver = Receiver::start(&["--config", config.path()]);
    let url = format!("{}/hooks/acme", receiver.base);
    check(&["send", scheme.path(), &url, "--secret-env", "SECRET"], 0, "200");
}

#[test]
fn a_secret_written_into_a_config_file_is_not_printed() {
    for (index, secrets) in
        [r#"["hunter2"]"#, r#""hunter2""#, r#"[{ value = "hunter2" }]"#].into_iter().enumerate()
    {
        let text = format!("[[endpoint]]\nprovider = \"stripe\"\nsecrets = {secrets}\n");
        let config = Scratch::new(&format!("inline-{index}.toml"), text.as_bytes());
        let told = check(&["listen", "--config", config.path()], 2, "line 3: ");
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[test]
fn a_port_in_use_is_told() {
    let receiver = Receiver::start(&["--provider", "github", "--secret-env", "SECRET"]);
    let (_, port) = receiver.base.rsplit_once(':').unwrap();
    let args = ["listen", "--port", port, "--provider", "github", "--secret-env", "SECRET"];
    check(&args, 2, "cannot listen on 127.0.0.1");
}

#[test]
fn disputed_vectors_are_skipped_and_fail_nothing() {
    let text = fs::read_to_string(vectors("github")).unwrap();
    let wrong = text.replacen(r#""expect":"valid""#, r#""expect":"invalid""#, 1);
    let wrong = Scratch::new("disputed.jsonl", wrong.as_bytes());
    let text = check(&["vectors", wrong.path()], 1, "19 passed, 1 failed, 0 skipped");
    let case = text.split("github/").nth(1).unwrap().split(':').next().unwrap();
    let list = format!("# why\ngithub/{case} # it was changed\n");
    let list = Scratch::new("disputed.txt", list.as_bytes());
    let closing = "19 passed, 0 failed, 1 skipped";
    check(&["vectors", "--disputed", list.path(), wrong.path()], 0, closing);
}

/// Signs with `send --dry-run`, and verifies what it would send.
#[track_caller]
fn round_trip(provider: &str, secret: &str, sends: &[&str], verifies: &[&str]) {
    let secret = Scratch::new(&format!("{provider}.secret"), secret.as_bytes());
    let url = "https://hooks.example.com/in";
    let mut args = vec!["send", provider, url, "--dry-run", "--body", r#"{"id":"1"}"#];
    args.extend(["--secret-file", secret.path()]);
    args.extend(sends);
    let output = countersign(&args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let request = Scratch::new(&format!("{provider}.http"), &output.stdout);
    let mut args = vec!["verify", provider, request.path()];
    let is_public = verifies.contains(&"--public-key-file");
    if !is_public {
        args.extend(["--secret-file", secret.path()]);
    }
    args.extend(verifies);
    check(&args, 0, "valid");
    // The same with another body is refused.
    let text = String::from_utf8(output.stdout).unwrap();
    let forged = text.replace(r#"{"id":"1"}"#, r#"{"id":"2"}"#);
    if forged != text {
        let request = Scratch::new(&format!("{provider}-forged.http"), forged.as_bytes());
        args[2] = request.path();
        check(&args, 1, "");
    }
}

#[test]
fn what_is_signed_for_each_kind_of_sender_verifies() {
    // RFC 8032, section 7.1, test 1.
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let public = b"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let public = Scratch::new("discord.pub", public);
    let keys = ["--public-key-file", public.path()];
    round_trip("discord-interactions", seed, &[], &keys);
    let base = ["--external-url", "https://hooks.example.com"];
    round_trip("square", SECRET, &base, &base);
    round_trip("netlify", SECRET, &[], &[]);
    let audience = ["--set", "audience=https://hooks.example.com/in"];
    // Its token does not cover the body.
    let secret = Scratch::new("monday.secret", SECRET.as_bytes());
    let mut args = vec!["send", "monday", "https://hooks.example.com/in", "--dry-run"];
    args.extend(["--secret-file", secret.path()]);
    args.extend(audience);
    let output = countersign(&args).output().unwrap();
    let request = Scratch::new("monday.http", &output.stdout);
    let verify = ["verify", "monday", request.path(), "--secret-file", secret.path()];
    check(&[&verify[..], &audience].concat(), 0, "valid");
    check(&[&verify[..], &["--set", "audience=another"]].concat(), 1, "token.claim");
    check(&verify, 2, "audience");
    check(&["verify", "monday", request.path(), "--set", "nothing=1"], 2, "there are: audience");
}

#[test]
fn a_handshake_is_told_from_an_event() {
    let body = Scratch::new("handshake.json", br#"{"challenge":"abc123"}"#);
    let args = ["verify", "monday", "--body-file", body.path(), "--secret-env", "SECRET"];
    let audience = ["--set", "audience=https://example.com"];
    let text = check(&[&args[..], &audience].concat(), 0, "handshake");
    assert!(text.contains(r#"200 {"challenge":"abc123"}"#), "{text}");
}
