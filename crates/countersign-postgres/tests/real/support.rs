//! Stores on a server of a test's own.

use std::time::Duration;

use countersign_postgres::{PostgresStore, PostgresStoreBuilder};
use countersign_store_tests::postgres::Server;

/// A store that has time, on a busy machine too.
pub(crate) async fn store(server: &Server) -> PostgresStore {
    patient().connect(&server.url()).await.unwrap()
}

pub(crate) fn patient() -> PostgresStoreBuilder {
    let patience = Duration::from_secs(20);
    PostgresStore::builder().migrate(true).timeout(patience).connect_timeout(patience)
}
