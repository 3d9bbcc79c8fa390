//! Stores on a server of a test's own.

use std::time::Duration;

use countersign_redis::{RedisStore, RedisStoreBuilder};
use countersign_store_tests::redis::Server;

/// A store that has time, on a busy machine too.
pub(crate) async fn store(server: &Server) -> RedisStore {
    patient().connect(&server.url()).await.unwrap()
}

pub(crate) fn patient() -> RedisStoreBuilder {
    let patience = Duration::from_secs(20);
    RedisStore::builder().timeout(patience).connect_timeout(patience)
}
