//! Servers that share the keys among them.

use std::time::Duration;

use countersign::{ClaimOutcome, CompleteOutcome, Store as _, StoreErrorKind};
use countersign_redis::RedisStore;
use countersign_store_tests::redis::Server;
use countersign_store_tests::{
    Fresh, HOUR, attempt, claim, completion, free_port, key, runtime, token, until,
};
use countersign_testing::conformance::{check_all, run_traces};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;

use crate::support::patient;

const SLOTS: usize = 16_384;

/// Three primary servers, each with a third of the slots.
struct Cluster {
    servers: Vec<Server>,
}

impl Cluster {
    async fn start(settings: &[&str]) -> Self {
        let buses: Vec<String> = (0..3).map(|_| free_port().to_string()).collect();
        let servers: Vec<Server> = buses
            .iter()
            .map(|bus| {
                let cluster = ["--cluster-enabled", "yes", "--cluster-port", bus];
                Server::start_with(&[&cluster[..], settings].concat())
            })
            .collect();
        let count = servers.len();
        for (number, server) in servers.iter().enumerate() {
            let mut client = server.client().await;
            let mut own = redis::cmd("CLUSTER");
            own.arg("ADDSLOTSRANGE").arg(SLOTS * number / count);
            own.arg(SLOTS * (number + 1) / count - 1);
            own.query_async::<()>(&mut client).await.unwrap();
            let mut meet = redis::cmd("CLUSTER");
            meet.arg("MEET").arg("127.0.0.1").arg(servers[0].port()).arg(&buses[0]);
            meet.query_async::<()>(&mut client).await.unwrap();
        }
        for server in &servers {
            let mut client = server.client().await;
            until("the servers know one another", async || {
                let mut info = redis::cmd("CLUSTER");
                let told: String = info.arg("INFO").query_async(&mut client).await.unwrap();
                ["cluster_state:ok", "cluster_known_nodes:3", "cluster_slots_ok:16384"]
                    .iter()
                    .all(|line| told.contains(line))
            })
            .await;
        }
        Self { servers }
    }

    /// A replica of the first.
    async fn add_replica(&self) -> Server {
        let bus = free_port().to_string();
        let replica = Server::start_with(&["--cluster-enabled", "yes", "--cluster-port", &bus]);
        let mut client = self.servers[0].client().await;
        let mut command = redis::cmd("CLUSTER");
        let id: String = command.arg("MYID").query_async(&mut client).await.unwrap();
        let mut meet = redis::cmd("CLUSTER");
        meet.arg("MEET").arg("127.0.0.1").arg(replica.port()).arg(&bus);
        meet.query_async::<()>(&mut client).await.unwrap();
        let mut added = replica.client().await;
        until("it follows the first", async || {
            let mut follow = redis::cmd("CLUSTER");
            follow.arg("REPLICATE").arg(&id).query_async::<()>(&mut added).await.is_ok()
        })
        .await;
        until("it has caught up", async || {
            let mut wait = redis::cmd("WAIT");
            wait.arg(1).arg(100).query_async::<u64>(&mut client).await.unwrap() == 1
        })
        .await;
        replica
    }

    async fn connect(&self) -> ClusterConnection {
        let urls: Vec<String> = self.servers.iter().map(Server::url).collect();
        ClusterClient::new(urls).unwrap().get_async_connection().await.unwrap()
    }
}

async fn connect(cluster: &Cluster, number: u32) -> RedisStore<ClusterConnection> {
    let builder = patient().prefix(format!("test-{number}:"));
    builder.with_connection(cluster.connect().await).await.unwrap()
}

#[test]
fn a_store_on_a_cluster_keeps_the_contract() {
    let cluster = runtime().block_on(Cluster::start(&[]));
    let fresh = Fresh::new(|number| connect(&cluster, number));
    check_all(&fresh);
    run_traces(&fresh, 4);
}

/// Each server learns the scripts, and each has some of the keys.
#[test]
fn events_are_spread_over_the_servers() {
    let runtime = runtime();
    runtime.block_on(async {
        let cluster = Cluster::start(&[]).await;
        let store = patient().with_connection(cluster.connect().await).await.unwrap();
        for number in 0..60 {
            let outcome = store.claim(&key(number), &claim(1, HOUR)).await.unwrap();
            assert_eq!(attempt(&outcome), Some(1));
            let outcome = store.complete(&key(number), token(1), &completion(200)).await.unwrap();
            assert_eq!(outcome, CompleteOutcome::Completed);
            let outcome = store.claim(&key(number), &claim(2, HOUR)).await.unwrap();
            assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }), "{outcome:?}");
        }
        let mut all = 0;
        for server in &cluster.servers {
            let mut client = server.client().await;
            let has: u64 = redis::cmd("DBSIZE").query_async(&mut client).await.unwrap();
            assert!(has > 0, "a server has none");
            all += has;
        }
        assert_eq!(all, 60);
    });
}

#[test]
fn one_server_of_a_cluster_that_evicts_is_enough_to_refuse() {
    let runtime = runtime();
    runtime.block_on(async {
        let cluster = Cluster::start(&[]).await;
        patient().with_connection(cluster.connect().await).await.unwrap();
        let mut client = cluster.servers[1].client().await;
        let mut set = redis::cmd("CONFIG");
        set.arg(&["SET", "maxmemory-policy", "allkeys-lru"]);
        set.query_async::<()>(&mut client).await.unwrap();
        let error = patient().with_connection(cluster.connect().await).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Config, "{error:?}");
    });
}

/// One of three has a replica; so only what is claimed there is had by one.
#[test]
fn replicas_are_waited_for_at_the_server_that_has_the_key() {
    let runtime = runtime();
    runtime.block_on(async {
        let cluster = Cluster::start(&[]).await;
        let _replica = cluster.add_replica().await;
        let builder = patient().wait_for_replicas(1, Duration::from_millis(500));
        let store = builder.with_connection(cluster.connect().await).await.unwrap();
        let mut client = cluster.servers[0].client().await;
        let (mut there, mut elsewhere) = (0, 0);
        for number in 0..12 {
            let mut slot = redis::cmd("CLUSTER");
            slot.arg("KEYSLOT").arg(format!("countersign:{}", key(number)));
            let slot: usize = slot.query_async(&mut client).await.unwrap();
            let outcome = store.claim(&key(number), &claim(1, HOUR)).await;
            if slot < SLOTS / 3 {
                assert_eq!(attempt(&outcome.unwrap()), Some(1));
                there += 1;
            } else {
                assert_eq!(outcome.unwrap_err().kind(), StoreErrorKind::Timeout);
                elsewhere += 1;
            }
        }
        assert!(there > 0 && elsewhere > 0, "{there} {elsewhere}");
    });
}
