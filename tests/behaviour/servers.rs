//! One endpoint, served by each framework on loopback.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use countersign::{
    Code, Delivery, KeyDocument, KeyError, KeyRequest, Procedure, PublicKey, Receiver,
    RemoteKeySource, Scheme, Secret, SecretSource, Setting, SourceError, Verifier,
};
use countersign_memory::MemoryStore;
use countersign_tower::{Handling, PermanentFailure, VerifiedBody, VerifyLayer};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower::{Layer as _, service_fn};

pub(crate) const SECRET: &str = "It's a Secret to Everybody";

/// The most bytes that a body may have here.
pub(crate) const BODY_LIMIT: usize = 1000;

/// How long a body may take here.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_millis(400);

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Framework {
    Axum,
    Hyper,
    Actix,
}

impl Framework {
    pub(crate) const ALL: [Self; 3] = [Self::Axum, Self::Hyper, Self::Actix];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Axum => "axum",
            Self::Hyper => "hyper + tower",
            Self::Actix => "actix-web",
        }
    }
}

/// What an endpoint is like.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) scheme: Scheme,
    /// How many events are remembered, if any.
    pub(crate) capacity: Option<usize>,
    pub(crate) keeps_bodies: bool,
    pub(crate) handler_deadline: Duration,
    /// Whether the secret is looked up for each delivery, by a header.
    pub(crate) tenants: bool,
    /// What the receiver is, for senders that want to know.
    pub(crate) settings: Vec<(Setting, &'static str)>,
}

/// A running server, stopped when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) sender: String,
    pub(crate) receiver: Option<Receiver<MemoryStore>>,
    pub(crate) handler: Handler,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// What the handlers of all frameworks do: as the body says.
#[derive(Clone, Default)]
pub(crate) struct Handler {
    /// Each run: the body, and the attempt or zero.
    pub(crate) runs: Arc<Mutex<Vec<(String, u32)>>>,
}

/// What a handler answers.
struct Answer {
    status: u16,
    text: &'static str,
    permanent: bool,
}

impl Handler {
    async fn handle(&self, body: &[u8], attempt: Option<NonZeroU32>) -> Answer {
        let body = String::from_utf8_lossy(body).into_owned();
        let attempt = attempt.map_or(0, NonZeroU32::get);
        let has = |word: &str| body.contains(word);
        let (fails, panics) = (has("fails"), has("panics"));
        let sleeps = has("sleeps");
        let hangs = has("hangs");
        let permanent = has("for good");
        let says = has("says");
        self.runs.lock().unwrap().push((body, attempt));
        let mut answer = Answer { status: 200, text: "", permanent };
        if sleeps {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        if hangs {
            std::future::pending::<()>().await;
        }
        if panics && attempt < 2 {
            panic!("as it should");
        }
        if fails && attempt < 2 {
            answer.status = 500;
        }
        if permanent {
            answer.status = 422;
        }
        if says {
            answer.text = "<Response/>";
        }
        answer
    }
}

impl Server {
    pub(crate) fn start(framework: Framework, setup: &Setup) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let mut setup = setup.clone();
        let sender = format!("{}-{}", setup.scheme.id, NUMBER.fetch_add(1, Ordering::Relaxed));
        setup.scheme.id = sender.clone().into();
        let builder = || Verifier::builder(setup.scheme.clone());
        let with_secret = || {
            let mut builder = builder();
            for (setting, value) in &setup.settings {
                builder = builder.setting(*setting, *value);
            }
            let is_public = setup.scheme.algorithm.is_public();
            let builder = match (is_public, &setup.scheme.remote_keys) {
                (true, Some(_)) => builder.remote_keys(),
                (true, None) => builder.public_key(PublicKey::new(PUBLIC_KEY)),
                _ if setup.scheme.procedure == Procedure::Code(Code::Unsigned) => builder,
                (false, _) => builder.secret(Secret::new(SECRET)),
            };
            builder.build().unwrap()
        };
        let verifier = match setup.tenants {
            true => builder().build_without_secret().unwrap(),
            false => with_secret(),
        };
        let receiver = setup.capacity.map(|capacity| {
            Receiver::builder(verifier.clone(), MemoryStore::new(capacity))
                .handler_deadline(setup.handler_deadline)
                .build()
                .unwrap()
        });
        let handler = Handler::default();
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let serve = Serve {
            verifier,
            receiver: receiver.clone(),
            keeps_bodies: setup.keeps_bodies,
            tenants: setup.tenants.then(|| Tenants(with_secret())),
            handler: handler.clone(),
            tell,
            stopped,
        };
        let thread = thread::spawn(move || match framework {
            Framework::Axum => on_tokio(serve, Serve::axum),
            Framework::Hyper => on_tokio(serve, Serve::hyper),
            Framework::Actix => serve.actix(),
        });
        let address = told.recv_timeout(Duration::from_secs(10)).unwrap();
        Self { address, sender, receiver, handler, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.stop.take().map(|stop| stop.send(()));
        _ = self.thread.take().map(thread::JoinHandle::join);
    }
}

/// What a server is made of.
struct Serve {
    verifier: Verifier,
    receiver: Option<Receiver<MemoryStore>>,
    keeps_bodies: bool,
    tenants: Option<Tenants>,
    handler: Handler,
    tell: mpsc::Sender<SocketAddr>,
    stopped: oneshot::Receiver<()>,
}

/// An Ed25519 key pair: RFC 8032, section 7.1, test 1.
pub(crate) const PRIVATE_KEY: &str =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC_KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// A source of public keys, by the id of the key.
struct Published;

impl RemoteKeySource for Published {
    async fn keys(&self, request: &KeyRequest) -> Result<Arc<KeyDocument>, KeyError> {
        match request.key_id() {
            Some("good") => Ok(Arc::new(request.read(JWK.as_bytes())?)),
            Some("down") => Err(KeyError::Unavailable("connection refused".into())),
            Some("slow") => std::future::pending().await,
            _ => Err(KeyError::Unknown),
        }
    }
}

/// The same public key as a JSON Web Key.
const JWK: &str = r#"{"kty":"OKP","crv":"Ed25519","kid":"good","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

/// The secrets of one tenant, and of one that cannot be told.
struct Tenants(Verifier);

impl SecretSource for Tenants {
    fn hint(&self, delivery: &Delivery<'_>) -> Option<String> {
        let mut hint = None;
        delivery.head().headers().each_value("x-tenant", &mut |value| {
            hint = String::from_utf8(value.to_vec()).ok();
        });
        hint
    }

    async fn verifiers(&self, hint: &str) -> Result<Vec<Verifier>, SourceError> {
        match hint {
            "acme" => Ok(vec![self.0.clone()]),
            "down" => Err(SourceError::because("connection refused")),
            _ => Ok(Vec::new()),
        }
    }
}

fn on_tokio<F: Future<Output = ()>>(serve: Serve, run: impl FnOnce(Serve) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(run(serve));
}

impl Serve {
    async fn listen(&self) -> TcpListener {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.tell.send(listener.local_addr().unwrap()).unwrap();
        listener
    }

    async fn axum(self) {
        use axum::response::IntoResponse as _;
        use countersign_axum::{Event, Permanent};

        let listener = self.listen().await;
        let handler = self.handler;
        let handle = async move |event: Event| {
            let answer = handler.handle(event.body(), event.attempt()).await;
            if answer.permanent {
                return Permanent("as it should").into_response();
            }
            let mut response = axum::response::Response::new(axum::body::Body::from(answer.text));
            *response.status_mut() = StatusCode::from_u16(answer.status).unwrap();
            if !answer.text.is_empty() {
                response.headers_mut().insert("content-type", "text/xml".parse().unwrap());
            }
            response
        };
        let route = axum::routing::any(handle);
        let route = match self.receiver {
            None => {
                let layer = VerifyLayer::new(self.verifier).limited();
                match self.tenants {
                    Some(tenants) => route.layer(layer.secret_source(tenants)),
                    None => route.layer(layer),
                }
            }
            Some(receiver) if self.keeps_bodies => {
                route.layer(VerifyLayer::new(receiver).limited().keep_bodies())
            }
            Some(receiver) => route.layer(VerifyLayer::new(receiver).limited()),
        };
        let app = axum::Router::new().route("/hooks", route);
        tokio::select! {
            served = async { axum::serve(listener, app).await } => served.unwrap(),
            _ = self.stopped => {}
        }
    }

    async fn hyper(self) {
        use hyper_util::rt::{TokioExecutor, TokioIo};
        use hyper_util::server::conn::auto::Builder;
        use hyper_util::service::TowerToHyperService;

        let listener = self.listen().await;
        let handler = self.handler;
        let inner = service_fn(move |request: Request<VerifiedBody>| {
            let handler = handler.clone();
            async move {
                let attempt = request.extensions().get::<Handling>().and_then(Handling::attempt);
                let answer = handler.handle(request.body().bytes(), attempt).await;
                let mut response = Response::new(Full::<Bytes>::from(answer.text));
                *response.status_mut() = StatusCode::from_u16(answer.status).unwrap();
                if answer.permanent {
                    response.extensions_mut().insert(PermanentFailure::new("as it should"));
                }
                if !answer.text.is_empty() {
                    response.headers_mut().insert("content-type", "text/xml".parse().unwrap());
                }
                Ok::<_, Infallible>(response)
            }
        });
        let mut stopped = self.stopped;
        macro_rules! serve {
            ($layer:expr) => {{
                let service = $layer.layer(inner);
                loop {
                    let (stream, _) = tokio::select! {
                        accepted = listener.accept() => accepted.unwrap(),
                        _ = &mut stopped => return,
                    };
                    let service = TowerToHyperService::new(service.clone());
                    tokio::spawn(async move {
                        let builder = Builder::new(TokioExecutor::new());
                        _ = builder.serve_connection(TokioIo::new(stream), service).await;
                    });
                }
            }};
        }
        match self.receiver {
            None => {
                let layer = VerifyLayer::new(self.verifier).limited();
                match self.tenants {
                    Some(tenants) => serve!(layer.secret_source(tenants)),
                    None => serve!(layer),
                }
            }
            Some(receiver) if self.keeps_bodies => {
                serve!(VerifyLayer::new(receiver).limited().keep_bodies());
            }
            Some(receiver) => serve!(VerifyLayer::new(receiver).limited()),
        }
    }

    fn actix(self) {
        use actix_web::{App, HttpResponse, HttpServer, ResponseError as _, web};
        use countersign_actix::{Event, Permanent, Verify};

        async fn handle(handler: web::Data<Handler>, event: Event) -> HttpResponse {
            let answer = handler.handle(event.body(), event.attempt()).await;
            if answer.permanent {
                return Permanent("as it should").error_response();
            }
            let status = actix_web::http::StatusCode::from_u16(answer.status).unwrap();
            let mut response = HttpResponse::build(status);
            if answer.text.is_empty() {
                return response.finish();
            }
            response.content_type("text/xml").body(answer.text)
        }

        let handler = web::Data::new(self.handler);
        macro_rules! serve {
            ($verify:expr) => {{
                let verify = $verify
                    .body_limit(BODY_LIMIT)
                    .read_timeout(READ_TIMEOUT)
                    .key_source(Published)
                    .key_timeout(READ_TIMEOUT);
                HttpServer::new(move || {
                    App::new().app_data(handler.clone()).service(
                        web::resource("/hooks").wrap(verify.clone()).route(web::route().to(handle)),
                    )
                })
                .workers(2)
                .disable_signals()
                .shutdown_timeout(0)
                .bind(("127.0.0.1", 0))
                .unwrap()
            }};
        }
        let (tell, stopped) = (self.tell, self.stopped);
        macro_rules! run {
            ($server:expr) => {{
                let server = $server;
                tell.send(server.addrs()[0]).unwrap();
                let server = server.run();
                let handle = server.handle();
                actix_web::rt::spawn(async move {
                    _ = stopped.await;
                    handle.stop(false).await;
                });
                server.await.unwrap();
            }};
        }
        actix_web::rt::System::new().block_on(async move {
            match self.receiver {
                None => match self.tenants {
                    Some(tenants) => {
                        run!(serve!(Verify::new(self.verifier).secret_source(tenants)));
                    }
                    None => run!(serve!(Verify::new(self.verifier))),
                },
                Some(receiver) if self.keeps_bodies => {
                    run!(serve!(Verify::new(receiver).keep_bodies()));
                }
                Some(receiver) => run!(serve!(Verify::new(receiver))),
            }
        });
    }
}

/// The limits of this suite.
trait Limited {
    fn limited(self) -> Self;
}

impl<S> Limited for VerifyLayer<S> {
    fn limited(self) -> Self {
        self.body_limit(BODY_LIMIT)
            .read_timeout(READ_TIMEOUT)
            .key_source(Published)
            .key_timeout(READ_TIMEOUT)
    }
}
