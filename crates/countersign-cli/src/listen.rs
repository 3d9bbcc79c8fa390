//! `countersign listen`: a receiver that shows each delivery live.

use std::collections::BTreeMap;
use std::env;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::any;
use clap::ArgMatches;
use countersign::{Declined, Delivery, DuplicateKind, Receiver, Rejection, Setting, Verified};
use countersign_tower::VerifyLayer;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use crate::Verdict;
use crate::endpoint::{self, Endpoint, Plan};
use crate::failure::Failure;
use crate::given;
use crate::output::{self, BAD, DIM, GOOD, Output, escape, styled};
use crate::scheme;
use crate::secret;
use crate::secrets::{self, Found};
use crate::store;

/// The senders that get demo secrets.
const DEMO: [&str; 5] = ["github", "stripe", "slack", "shopify", "standard-webhooks"];

/// How long requests that are under way may take once the receiver is told to stop.
const GRACE: Duration = Duration::from_secs(3);

/// Arguments of `countersign listen`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The port; 0 picks a free one.
    #[arg(long, default_value_t = 4000)]
    port: u16,
    /// The address to listen on.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Accept deliveries of this sender, at /hooks/PROVIDER. Repeat it for several; each is
    /// followed by its secrets. Without --provider and --config, demo secrets are made.
    #[arg(long, value_name = "PROVIDER")]
    provider: Vec<String>,
    /// Take a secret of the provider before it from this environment variable.
    #[arg(long, value_name = "VAR")]
    secret_env: Vec<String>,
    /// Take a secret of the provider before it from this file, less one final newline.
    #[arg(long, value_name = "FILE")]
    secret_file: Vec<PathBuf>,
    /// Your own key id, for the provider before it.
    #[arg(long, value_name = "ID")]
    key_id: Vec<String>,
    /// Take a public key of the provider before it from this file.
    #[arg(long, value_name = "FILE")]
    public_key_file: Vec<PathBuf>,
    /// Take the public keys of the provider before it from this file: a JSON Web Key Set.
    #[arg(long, value_name = "FILE")]
    key_set_file: Vec<PathBuf>,
    /// Say what the receiver is, for the provider before it.
    #[arg(long, value_name = "NAME=VALUE", value_parser = given::setting)]
    set: Vec<(Setting, String)>,
    /// Where the provider before it reaches the receiver: scheme and host.
    #[arg(long, value_name = "URL")]
    external_url: Vec<String>,
    /// Take endpoints from this file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    store: store::Args,
}

pub(crate) fn run(
    args: &Args,
    matches: Option<&ArgMatches>,
    output: &mut Output,
) -> Result<Verdict, Failure> {
    let mut plans = args.plans(matches)?;
    if let Some(path) = &args.config {
        plans.extend(endpoint::read_config(path)?);
    }
    let mut demo = Vec::new();
    if plans.is_empty() && args.config.is_none() {
        for id in DEMO {
            let scheme = scheme::find(id)?;
            let text = secret::fresh(&scheme)?;
            demo.push((id, text.clone()));
            let mut plan = Plan::new(scheme);
            plan.given.secrets.push(Found { text, label: "demo".to_owned() });
            plans.push(plan);
        }
    }
    if plans.is_empty() {
        return Err(Failure::new("the config file has no endpoint"));
    }
    let endpoints: Vec<_> = plans.into_iter().map(Plan::build).collect::<Result<_, _>>()?;
    let mut paths: Vec<_> = endpoints.iter().map(|it| it.path.clone()).collect();
    paths.sort();
    if let Some([path, _]) = paths.windows(2).find(|pair| pair.first() == pair.last()) {
        return Err(Failure::new(format!("two endpoints have the path {path}")));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let address = SocketAddr::new(args.host, args.port);
    runtime.block_on(serve(address, endpoints, &args.store, &demo, output))
}

impl Args {
    /// Gives each provider the secrets that follow it on the command line.
    fn plans(&self, matches: Option<&ArgMatches>) -> Result<Vec<Plan>, Failure> {
        let indices = |name: &str| -> Vec<usize> {
            matches.and_then(|it| it.indices_of(name)).into_iter().flatten().collect()
        };
        let mut plans = BTreeMap::new();
        for (index, provider) in indices("provider").into_iter().zip(&self.provider) {
            plans.insert(index, Plan::new(scheme::find(provider)?));
        }
        for (index, name) in indices("secret_env").into_iter().zip(&self.secret_env) {
            owner(&mut plans, index)?.given.secrets.push(secrets::from_env(name)?);
        }
        for (index, path) in indices("secret_file").into_iter().zip(&self.secret_file) {
            owner(&mut plans, index)?.given.secrets.push(secrets::from_file(path)?);
        }
        for (index, key_id) in indices("key_id").into_iter().zip(&self.key_id) {
            owner(&mut plans, index)?.given.key_id = Some(key_id.clone());
        }
        for (index, path) in indices("public_key_file").into_iter().zip(&self.public_key_file) {
            let given = &mut owner(&mut plans, index)?.given;
            given.public_keys.push((None, secrets::from_file(path)?));
        }
        for (index, path) in indices("key_set_file").into_iter().zip(&self.key_set_file) {
            let given = &mut owner(&mut plans, index)?.given;
            given.key_sets.push(secrets::from_file(path)?.text);
        }
        for (index, setting) in indices("set").into_iter().zip(&self.set) {
            owner(&mut plans, index)?.given.settings.set.push(setting.clone());
        }
        for (index, url) in indices("external_url").into_iter().zip(&self.external_url) {
            owner(&mut plans, index)?.given.settings.external_url = Some(url.clone());
        }
        Ok(plans.into_values().collect())
    }
}

/// The provider before an argument.
fn owner(plans: &mut BTreeMap<usize, Plan>, index: usize) -> Result<&mut Plan, Failure> {
    let owner = plans.range_mut(..index).next_back();
    let error = || Failure::new("a secret, key or setting comes after the --provider it is for");
    owner.map(|(_, plan)| plan).ok_or_else(error)
}

async fn serve(
    address: SocketAddr,
    endpoints: Vec<Endpoint>,
    store: &store::Args,
    demo: &[(&str, String)],
    output: &mut Output,
) -> Result<Verdict, Failure> {
    let (store, kind) = store.open().await?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failure::new(format!("cannot listen on {address}: {error}")))?;
    let local = listener.local_addr()?;
    let base = format!("http://{local}");
    if output.json() {
        output.object(&match kind {
            None => json!({ "listening": base }),
            Some(kind) => json!({ "listening": base, "store": kind }),
        })?;
    } else {
        output.line(format!("listening on {base}"))?;
        for endpoint in &endpoints {
            let verifier = &endpoint.verifier;
            output.line(format!("  {:<20} {base}{}", verifier.sender(), endpoint.path))?;
        }
        if let Some(kind) = kind {
            output.line(format!("events are remembered in the {kind} store"))?;
        }
    }
    for warning in endpoints.iter().flat_map(|endpoint| endpoint.verifier.warnings()) {
        output::warning(&warning.to_string());
    }
    print_demo(demo, &base, output)?;

    let shown = Arc::new(Mutex::new(Output::new(output.json())));
    let mut app = Router::new();
    for endpoint in endpoints {
        let sender: Arc<str> = endpoint.verifier.sender().into();
        let receiver = Receiver::builder(endpoint.verifier, store.clone())
            .endpoint(endpoint.path.clone())
            .build()
            .map_err(|error| Failure::new(format!("{sender}: {error}")))?;
        let mut verify = VerifyLayer::new(receiver);
        if let Some(bytes) = endpoint.body_limit {
            verify = verify.body_limit(bytes);
        }
        if let Some(timeout) = endpoint.read_timeout {
            verify = verify.read_timeout(timeout);
        }
        let show = Show { sender, output: Arc::clone(&shown) };
        let route = any(accept).layer(verify).layer(from_fn_with_state(show, watch));
        app = app.route(&endpoint.path, route);
    }
    // A path that differs from the one in the sender's dashboard is a likely mistake.
    let unknown = Arc::clone(&shown);
    app = app.fallback(move |request: Request| async move {
        let mut output = unknown.lock().unwrap_or_else(PoisonError::into_inner);
        _ = print_unknown(request.uri().path(), &mut output);
        StatusCode::NOT_FOUND
    });
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (stop, stopped) = oneshot::channel();
    let server = axum::serve(listener, app).with_graceful_shutdown(async {
        _ = stopped.await;
    });
    let mut server = pin!(server.into_future());
    tokio::select! {
        ended = &mut server => {
            ended?;
            return Ok(Verdict::Valid);
        }
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    _ = stop.send(());
    // A client that never finishes its request must not keep the receiver alive.
    tokio::select! {
        ended = &mut server => ended?,
        _ = interrupt.recv() => {}
        () = tokio::time::sleep(GRACE) => {}
    }
    Ok(Verdict::Valid)
}

/// What is shown of an accepted delivery.
#[derive(Clone)]
struct Accepted {
    event: Option<String>,
    id: Option<String>,
    id_signed: bool,
    secret: String,
    bytes: usize,
}

/// Only verified deliveries get here. The answer is an empty 200.
async fn accept(request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut response = Response::new(Body::empty());
    let Some(proof) = parts.extensions.get::<Verified>() else {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    };
    // The layer holds the body in memory and within its limit.
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_else(|_| Bytes::new());
    let url = parts.uri.path_and_query().map_or("/", |it| it.as_str());
    let delivery = Delivery::new(parts.method.as_str(), url, &parts.headers, &body);
    response.extensions_mut().insert(Accepted {
        event: proof.event_type(&delivery).map(Into::into),
        id: proof.delivery_id(&delivery).map(Into::into),
        id_signed: proof.delivery_id_is_signed(),
        secret: proof.secret().to_owned(),
        bytes: body.len(),
    });
    response
}

#[derive(Clone)]
struct Show {
    sender: Arc<str>,
    output: Arc<Mutex<Output>>,
}

/// Measures a delivery and shows it, on the terminal only.
#[expect(clippy::disallowed_methods, reason = "the program is what reads the clock")]
async fn watch(State(show): State<Show>, request: Request, next: Next) -> Response<Body> {
    let announced = announced(request.headers());
    let started = Instant::now();
    let response = next.run(request).await;
    let took = started.elapsed();
    let mut output = show.output.lock().unwrap_or_else(PoisonError::into_inner);
    // A closed terminal does not stop the receiver.
    let extensions = response.extensions();
    _ = if let Some(accepted) = extensions.get() {
        print_accepted(&show.sender, accepted, took, &mut output)
    } else if let Some(rejection) = extensions.get() {
        let refused = Refused { rejection: *rejection, status: response.status(), announced };
        print_refused(&show.sender, &refused, took, &mut output)
    } else if let Some(declined) = extensions.get::<Arc<Declined>>() {
        print_declined(&show.sender, declined, response.status(), took, &mut output)
    } else {
        Ok(())
    };
    response
}

fn print_accepted(
    sender: &str,
    accepted: &Accepted,
    took: Duration,
    output: &mut Output,
) -> Result<(), Failure> {
    let Accepted { event, id, id_signed, secret, bytes } = accepted;
    if output.json() {
        output.object(&json!({
            "verdict": "accepted", "provider": sender, "event_type": event, "delivery_id": id,
            "delivery_id_signed": id_signed, "secret": secret, "body_bytes": bytes,
            "micros": micros(took),
        }))?;
        return Ok(());
    }
    let event = event.as_deref().map_or_else(|| "-".to_owned(), escape);
    let id = match id {
        Some(id) if *id_signed => format!("id {}", escape(id)),
        Some(id) => format!("id {} (not signed)", escape(id)),
        None => "no id".to_owned(),
    };
    output.line(format!(
        "{} {sender:<18} {event:<24} {id}  {}",
        styled(GOOD, "accepted"),
        styled(DIM, &format!("secret {}, {bytes} bytes, {}", escape(secret), time(took))),
    ))?;
    Ok(())
}

/// What is shown of a refused delivery.
struct Refused {
    rejection: Rejection,
    status: StatusCode,
    /// The length of the body that the sender announced: it may not have been read.
    announced: Option<u64>,
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn print_refused(
    sender: &str,
    refused: &Refused,
    took: Duration,
    output: &mut Output,
) -> Result<(), Failure> {
    let Refused { rejection, status, announced } = refused;
    if output.json() {
        output.object(&json!({
            "verdict": "refused", "provider": sender, "reason": rejection.code(),
            "detail": rejection.to_string(), "status": status.as_u16(),
            "announced_bytes": announced, "micros": micros(took),
        }))?;
        return Ok(());
    }
    let size = announced.map_or_else(String::new, |bytes| format!("{bytes} bytes, "));
    output.line(format!(
        "{}  {sender:<18} {}: {rejection}  {}",
        styled(BAD, "refused"),
        rejection.code(),
        styled(DIM, &format!("{size}answered {}, {}", status.as_u16(), time(took))),
    ))?;
    Ok(())
}

/// A delivery that verified, and whose event was seen before.
fn print_declined(
    sender: &str,
    declined: &Declined,
    status: StatusCode,
    took: Duration,
    output: &mut Output,
) -> Result<(), Failure> {
    let duplicate = match declined {
        Declined::Duplicate(duplicate) => Some(duplicate),
        _ => None,
    };
    if output.json() {
        output.object(&json!({
            "verdict": declined.code(), "provider": sender,
            "duplicate": duplicate.map(|it| it.kind.as_str()),
            "first_seen_millis": duplicate.map(|it| u64::try_from(it.first_seen.as_millis()).ok()),
            "detail": declined.to_string(), "status": status.as_u16(), "micros": micros(took),
        }))?;
        return Ok(());
    }
    let told = match duplicate {
        Some(duplicate) => {
            let kind = match duplicate.kind {
                DuplicateKind::Retry => "a retry: signed anew",
                DuplicateKind::Replay => "a replay: the same signed time",
                DuplicateKind::Unknown => "a retry or a replay: no time is signed",
            };
            let differs = if duplicate.content_differs { ", with another content" } else { "" };
            format!("{kind}, {} after the first{differs}", age(duplicate.first_seen))
        }
        None => declined.to_string(),
    };
    let word = if duplicate.is_some() { "duplicate" } else { "declined" };
    output.line(format!(
        "{} {sender:<18} {told}  {}",
        styled(DIM, word),
        styled(DIM, &format!("answered {}, {}", status.as_u16(), time(took))),
    ))?;
    Ok(())
}

fn print_unknown(path: &str, output: &mut Output) -> Result<(), Failure> {
    if output.json() {
        output.object(&json!({ "verdict": "unknown path", "path": path, "status": 404 }))?;
    } else {
        let answered = styled(DIM, "answered 404");
        output.line(format!(
            "{}  no endpoint has the path {}  {answered}",
            styled(BAD, "refused"),
            escape(path)
        ))?;
    }
    Ok(())
}

/// A time for people.
fn age(age: Duration) -> String {
    match age.as_secs() {
        0 => format!("{} ms", age.as_millis()),
        seconds @ 1..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

fn time(took: Duration) -> String {
    match micros(took) {
        micros @ 0..10_000 => format!("{micros} µs"),
        micros => format!("{} ms", micros / 1000),
    }
}

/// Prints for each demo secret a command that makes an accepted delivery.
fn print_demo(demo: &[(&str, String)], base: &str, output: &mut Output) -> Result<(), Failure> {
    if output.json() {
        for (id, secret) in demo {
            output.object(&json!({ "provider": id, "demo_secret": secret }))?;
        }
        return Ok(());
    }
    if demo.is_empty() {
        return Ok(());
    }
    let command = command_name();
    output.line("\nDemo secrets, made for this run. Paste a command into another terminal:")?;
    for (id, secret) in demo {
        output.line(format!("\n  {}", styled(DIM, &format!("# {id}"))))?;
        output.line(format!(
            "  COUNTERSIGN_SECRET='{secret}' {command} send {id} {base}/hooks/{id} \
             --secret-env COUNTERSIGN_SECRET"
        ))?;
    }
    if let Some((_, secret)) = demo.iter().find(|(id, _)| *id == "github") {
        output.line(format!("\n  {}", styled(DIM, "# github, with curl and openssl")))?;
        output.line(format!(
            "  body='{{\"zen\":\"Design for failure.\"}}'; curl -i {base}/hooks/github -d \"$body\" \
             -H \"X-Hub-Signature-256: sha256=$(printf %s \"$body\" | openssl dgst -sha256 -hmac \
             '{secret}' | sed 's/.*= //')\" -H 'X-GitHub-Event: ping'"
        ))?;
    }
    output.line(
        "\nSend it twice, and see the duplicate. Add --tamper body, --tamper signature or \
         --age 400, and see it refused.\n",
    )?;
    Ok(())
}

/// How to call this program again: by name if the shell finds it, else by its path.
fn command_name() -> String {
    let Ok(path) = env::current_exe() else { return "countersign".to_owned() };
    let searched = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&searched).any(|directory| path.parent() == Some(&directory)) {
        return "countersign".to_owned();
    }
    let here = env::current_dir().ok();
    match here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned)) {
        Some(relative) => quoted(&format!("./{}", relative.display())),
        None => quoted(&path.display().to_string()),
    }
}

/// Text as one word of a shell's command line.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(&byte);
    if text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
