//! The store keeps the contract of stores.

use countersign_postgres::PostgresStore;
use countersign_store_tests::Fresh;
use countersign_store_tests::postgres::Server;
use countersign_testing::conformance::{check_all, run_traces};

use crate::support::patient;

/// Each store has a schema of its own.
async fn connect(server: &Server, number: u32, prepared: bool) -> PostgresStore {
    let builder = patient().schema(format!("test_{number}")).pool_size(4);
    builder.prepared_statements(prepared).connect(&server.url()).await.unwrap()
}

#[test]
fn it_passes_every_check() {
    let server = Server::start();
    check_all(&Fresh::new(|number| connect(&server, number, false)));
}

#[test]
fn it_passes_every_check_with_prepared_statements() {
    let server = Server::start();
    check_all(&Fresh::new(|number| connect(&server, number, true)));
}

#[test]
fn it_answers_as_the_model_does() {
    let server = Server::start();
    run_traces(&Fresh::new(|number| connect(&server, number, false)), 12);
}
