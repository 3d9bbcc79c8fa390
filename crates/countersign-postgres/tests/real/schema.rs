//! Migrations.

use std::time::Duration;

use countersign::{Store as _, StoreErrorKind};
use countersign_postgres::PostgresStore;
use countersign_store_tests::postgres::Server;
use countersign_store_tests::{Other, claim, key, runtime};
use tokio::task::JoinSet;

use crate::support::{patient, store};

#[test]
fn many_may_migrate_at_once() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        for round in 0..5 {
            let mut tasks = JoinSet::new();
            for _ in 0..12 {
                let builder = patient().schema(format!("round_{round}")).pool_size(1);
                let url = server.url();
                tasks.spawn(async move { builder.connect(&url).await.map(drop) });
            }
            for migrated in tasks.join_all().await {
                migrated.unwrap();
            }
        }
        let client = server.client().await;
        let versions = "SELECT version FROM round_4.migration";
        assert_eq!(client.query(versions, &[]).await.unwrap().len(), 1);
    });
}

#[test]
fn several_processes_may_migrate_at_once() {
    let (runtime, server) = (runtime(), Server::start());
    let url = server.url();
    let mut others: Vec<_> =
        (0..4).map(|_| Other::run("schema::migrates", &[("STORE", url.as_str())])).collect();
    for other in &mut others {
        assert!(other.wait());
    }
    runtime.block_on(async { PostgresStore::connect(&url).await.map(drop) }).unwrap();
}

#[test]
#[ignore = "runs in a process of its own"]
fn migrates() {
    let Ok(url) = std::env::var("STORE") else { return };
    runtime().block_on(async { patient().connect(&url).await.map(drop) }).unwrap();
}

#[test]
fn a_schema_is_refused_that_is_missing_or_newer() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let connect = async || {
            let builder = PostgresStore::builder().timeout(Duration::from_secs(20));
            builder.connect(&server.url()).await.map(drop)
        };
        assert_eq!(connect().await.unwrap_err().kind(), StoreErrorKind::Config);
        store(&server).await;
        connect().await.unwrap();
        let client = server.client().await;
        client.batch_execute("INSERT INTO countersign.migration VALUES (999)").await.unwrap();
        assert_eq!(connect().await.unwrap_err().kind(), StoreErrorKind::Config);
        let migrated = patient().connect(&server.url()).await;
        assert_eq!(migrated.unwrap_err().kind(), StoreErrorKind::Config);
    });
}

/// The rights that the documentation names are enough.
#[test]
fn a_role_without_the_right_to_create_can_use_the_store() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        store(&server).await;
        let client = server.client().await;
        client
            .batch_execute(
                "CREATE ROLE worker LOGIN;
                 GRANT USAGE ON SCHEMA countersign TO worker;
                 GRANT SELECT, INSERT, UPDATE, DELETE ON countersign.delivery TO worker;
                 GRANT SELECT ON countersign.migration TO worker;",
            )
            .await
            .unwrap();
        let url = format!("host=127.0.0.1 port={} user=worker dbname=postgres", server.port());
        let store = patient().connect(&url).await.unwrap();
        store.claim(&key(1), &claim(1, Duration::from_secs(60))).await.unwrap();
        assert!(store.forget(&key(1)).await.unwrap());
        store.purge(10).await.unwrap();

        // One that may do nothing is told so.
        client.batch_execute("CREATE ROLE stranger LOGIN").await.unwrap();
        let error = patient().connect(&url.replace("worker", "stranger")).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Config, "{error:?}");
    });
}
