//! An endpoint on loopback, behind axum or actix-web, that does as it is told.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use countersign::{Receiver, ReceiverBuilder, Secret, SharedStore, Verifier, catalog};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::client::SECRET;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Framework {
    Axum,
    Actix,
}

impl Framework {
    pub(crate) const ALL: [Self; 2] = [Self::Axum, Self::Actix];

    /// What keeps the events of one framework from those of the other, in one store.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Axum => "axum",
            Self::Actix => "actix-web",
        }
    }
}

/// What a handler does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    Answers(u16),
    AnswersAfter(Duration, u16),
    Panics,
}

/// What the handlers of both frameworks do, depending on the attempt, and what they have done.
#[derive(Clone)]
pub(crate) struct Handler {
    script: fn(u32) -> Does,
    runs: Arc<Mutex<Vec<Run>>>,
}

/// A handler was run.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) event: String,
    pub(crate) attempt: u32,
    pub(crate) at: Instant,
}

/// A running server, stopped when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) receiver: Receiver<SharedStore>,
    handler: Handler,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// What configures a receiver.
pub(crate) type Builder = ReceiverBuilder<SharedStore>;

impl Handler {
    async fn handle(&self, event: Option<String>, attempt: Option<NonZeroU32>) -> u16 {
        let attempt = attempt.unwrap().get();
        let run = Run { event: event.unwrap(), attempt, at: Instant::now() };
        self.runs.lock().unwrap().push(run);
        match (self.script)(attempt) {
            Does::Answers(status) => status,
            Does::AnswersAfter(time, status) => {
                sleep(time).await;
                status
            }
            Does::Panics => panic!("as it should"),
        }
    }
}

impl Server {
    pub(crate) fn start(
        framework: Framework,
        store: SharedStore,
        configure: impl FnOnce(Builder) -> Builder,
        script: fn(u32) -> Does,
    ) -> Self {
        let secret = Secret::new(SECRET);
        let verifier =
            Verifier::builder(catalog::STANDARD_WEBHOOKS).secret(secret).build().unwrap();
        let receiver = Receiver::builder(verifier, store).endpoint(framework.name());
        let receiver = configure(receiver).build().unwrap();
        let handler = Handler { script, runs: Arc::default() };
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let serve = Serve { receiver: receiver.clone(), handler: handler.clone(), tell, stopped };
        let thread = thread::spawn(move || match framework {
            Framework::Axum => countersign_store_tests::runtime().block_on(serve.axum()),
            Framework::Actix => serve.actix(),
        });
        let address = told.recv_timeout(Duration::from_secs(20)).unwrap();
        Self { address, receiver, handler, stop: Some(stop), thread: Some(thread) }
    }

    /// All runs, in order.
    pub(crate) fn runs(&self) -> Vec<Run> {
        self.handler.runs.lock().unwrap().clone()
    }

    /// The runs for an event, in order.
    pub(crate) fn runs_of(&self, event: &str) -> Vec<Run> {
        let mut runs = self.runs();
        runs.retain(|run| run.event == event);
        runs
    }

    /// Waits until the handler was run so often for an event.
    pub(crate) async fn until_runs(&self, event: &str, count: usize) -> Run {
        loop {
            if let Some(run) = self.runs_of(event).get(count - 1) {
                return run.clone();
            }
            sleep(Duration::from_millis(5)).await;
        }
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
    receiver: Receiver<SharedStore>,
    handler: Handler,
    tell: mpsc::Sender<SocketAddr>,
    stopped: oneshot::Receiver<()>,
}

impl Serve {
    async fn axum(self) {
        use axum::extract::State;
        use axum::http::StatusCode;
        use countersign_axum::{Event, VerifyLayer};

        async fn handle(State(handler): State<Handler>, event: Event) -> StatusCode {
            let id = event.delivery_id().map(Cow::into_owned);
            let status = handler.handle(id, event.attempt()).await;
            StatusCode::from_u16(status).unwrap()
        }

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.tell.send(listener.local_addr().unwrap()).unwrap();
        let route = axum::routing::post(handle).route_layer(VerifyLayer::new(self.receiver));
        let app = axum::Router::new().route("/hooks", route).with_state(self.handler);
        tokio::select! {
            served = async { axum::serve(listener, app).await } => served.unwrap(),
            _ = self.stopped => {}
        }
    }

    fn actix(self) {
        use actix_web::http::StatusCode;
        use actix_web::{App, HttpResponse, HttpServer, web};
        use countersign_actix::{Event, Verify};

        async fn handle(handler: web::Data<Handler>, event: Event) -> HttpResponse {
            let id = event.delivery_id().map(Cow::into_owned);
            let status = handler.handle(id, event.attempt()).await;
            HttpResponse::new(StatusCode::from_u16(status).unwrap())
        }

        let Self { receiver, handler, tell, stopped } = self;
        let handler = web::Data::new(handler);
        let verify = Verify::new(receiver);
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || {
                let hooks = web::resource("/hooks").wrap(verify.clone());
                App::new().app_data(handler.clone()).service(hooks.route(web::post().to(handle)))
            });
            let server = server.workers(2).disable_signals().shutdown_timeout(0);
            let server = server.bind(("127.0.0.1", 0)).unwrap();
            tell.send(server.addrs()[0]).unwrap();
            let server = server.run();
            let running = server.handle();
            actix_web::rt::spawn(async move {
                _ = stopped.await;
                running.stop(false).await;
            });
            server.await.unwrap();
        });
    }
}
