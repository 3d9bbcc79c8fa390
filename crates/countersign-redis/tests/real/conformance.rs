//! The store keeps the contract of stores.

use countersign_redis::RedisStore;
use countersign_store_tests::Fresh;
use countersign_store_tests::redis::Server;
use countersign_testing::conformance::{check_all, run_traces};

use crate::support::patient;

/// Each store has a prefix of its own.
async fn connect(server: &Server, number: u32) -> RedisStore {
    patient().prefix(format!("test-{number}:")).connect(&server.url()).await.unwrap()
}

#[test]
fn it_passes_every_check() {
    let server = Server::start();
    check_all(&Fresh::new(|number| connect(&server, number)));
}

#[test]
fn it_answers_as_the_model_does() {
    let server = Server::start();
    run_traces(&Fresh::new(|number| connect(&server, number)), 12);
}
