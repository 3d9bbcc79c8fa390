//! A proxy that counts round trips, and can cut replies off or hold everything up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const PASSES: u8 = 0;
const CUTS: u8 = 1;
const HOLDS: u8 = 2;

/// Before a server, on a port of its own.
#[derive(Debug)]
pub struct Proxy {
    /// The port.
    pub port: u16,
    state: Arc<State>,
    _tasks: JoinSet<()>,
}

#[derive(Debug, Default)]
struct State {
    mode: AtomicU8,
    /// How often a client spoke after the server had.
    turns: AtomicU64,
    connections: AtomicU64,
    cut: AtomicU64,
}

impl Proxy {
    /// One before a server on this port.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let mut tasks = JoinSet::new();
        let shared = Arc::clone(&state);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let state = Arc::clone(&shared);
                connections.spawn(async move {
                    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else {
                        return;
                    };
                    client.set_nodelay(true).unwrap();
                    server.set_nodelay(true).unwrap();
                    pass(client, server, &state).await;
                });
            }
        });
        Self { port, state, _tasks: tasks }
    }

    /// The next reply ends its connection, and does not arrive.
    pub fn cut_replies(&self) {
        self.state.mode.store(CUTS, Ordering::SeqCst);
    }

    /// Nothing arrives, either way.
    pub fn hold(&self) {
        self.state.mode.store(HOLDS, Ordering::SeqCst);
    }

    /// Everything arrives again.
    pub fn pass(&self) {
        self.state.mode.store(PASSES, Ordering::SeqCst);
    }

    /// How often a client spoke after the server had.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.state.turns.load(Ordering::SeqCst)
    }

    /// How many connections there were.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// How many replies were cut off.
    #[must_use]
    pub fn cut(&self) -> u64 {
        self.state.cut.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, server: TcpStream, state: &State) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut server_spoke = true;
    let (mut request, mut reply) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let kept = tokio::select! {
            read = from_client.read(&mut request) => {
                if server_spoke {
                    state.turns.fetch_add(1, Ordering::SeqCst);
                }
                server_spoke = false;
                forward(read, &request, &mut to_server, state).await
            }
            read = from_server.read(&mut reply) => {
                server_spoke = true;
                if state.mode.load(Ordering::SeqCst) == CUTS {
                    state.cut.fetch_add(1, Ordering::SeqCst);
                    false
                } else {
                    forward(read, &reply, &mut to_client, state).await
                }
            }
        };
        if !kept {
            // Both halves are dropped, and with them the connections.
            let _: (OwnedReadHalf, OwnedReadHalf) = (from_client, from_server);
            return;
        }
    }
}

async fn forward(
    read: std::io::Result<usize>,
    bytes: &[u8],
    to: &mut OwnedWriteHalf,
    state: &State,
) -> bool {
    while state.mode.load(Ordering::SeqCst) == HOLDS {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    match read {
        Ok(count) if count > 0 => to.write_all(&bytes[..count]).await.is_ok(),
        _ => false,
    }
}
