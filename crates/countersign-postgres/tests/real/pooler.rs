//! Through PgBouncer, which lends its connections out for one transaction at a time.

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use countersign::{Answer, ClaimOutcome, CompleteOutcome, Completion, Store as _};
use countersign_store_tests::postgres::{Server, as_server};
use countersign_store_tests::{claim, free_port, key, runtime, token};
use tokio::task::JoinSet;

use crate::support::patient;

struct Bouncer {
    process: Child,
    port: u16,
}

impl Bouncer {
    fn before(server: &Server) -> Self {
        let port = free_port();
        let users = server.folder().join("users");
        fs::write(&users, "\"app\" \"\"\n").unwrap();
        let settings = format!(
            "[databases]\npostgres = host=127.0.0.1 port={} user=app\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = trust\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = 3\n",
            server.port(),
            users.display()
        );
        let path = server.folder().join("bouncer.ini");
        fs::write(&path, settings).unwrap();
        let program = ["/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer"];
        let program = program.into_iter().find(|it| fs::exists(it).is_ok_and(|is| is));
        let mut bouncer = as_server(program.unwrap_or("pgbouncer").as_ref());
        bouncer.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = bouncer.spawn().expect(
            "this test needs pgbouncer: `apt-get install pgbouncer`, which scripts/services does",
        );
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(30), "pgbouncer does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { process, port }
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

#[test]
fn a_pooler_in_transaction_mode_may_be_in_between() {
    const HOUR: Duration = Duration::from_secs(3600);
    let (runtime, server) = (runtime(), Server::start());
    let bouncer = Bouncer::before(&server);
    runtime.block_on(async {
        // More connections than the server sees, so that they are mixed up.
        let builder = patient().pool_size(12);
        let store = builder.connect(&server.url_at(bouncer.port)).await.unwrap();
        let mut tasks = JoinSet::new();
        for task in 0..24_u64 {
            let store = store.clone();
            tasks.spawn(async move {
                let done = Completion::new(HOUR, Answer::new(200));
                let mut completed = 0;
                for number in 0..40 {
                    let request = claim(task, HOUR);
                    let outcome = store.claim(&key(number), &request).await.unwrap();
                    if let ClaimOutcome::Claimed { seen } = outcome {
                        assert_eq!(seen.attempt.get(), 1);
                        let outcome = store.complete(&key(number), token(task), &done).await;
                        assert_eq!(outcome.unwrap(), CompleteOutcome::Completed);
                        completed += 1;
                    }
                }
                completed
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().sum::<u64>(), 40);
        let client = server.client().await;
        let backends = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' \
                        AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        let backends: i64 = client.query_one(backends, &[]).await.unwrap().get(0);
        assert!((1..=3).contains(&backends), "{backends}");
    });
}
