//! Connections that are encrypted.

use std::fs;

use countersign::{Store as _, StoreErrorKind};
use countersign_store_tests::redis::Server;
use countersign_store_tests::{HOUR, attempt, claim, completion, free_port, key, runtime, token};
use redis::TlsCertificates;

use crate::support::patient;

#[test]
fn a_server_is_believed_by_its_certificate_alone() {
    let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let certificate = write("certificate", issued.cert.pem());
    let secret = write("key", issued.signing_key.serialize_pem());
    let port = free_port().to_string();
    let server = Server::start_with(&[
        "--tls-port",
        &port,
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &secret,
        "--tls-ca-cert-file",
        &certificate,
        "--tls-auth-clients",
        "no",
    ]);
    let url = format!("rediss://localhost:{port}");
    let trusting = |pem: String| {
        let root_cert = Some(pem.into_bytes());
        patient().tls_certificates(TlsCertificates { client_tls: None, root_cert })
    };
    runtime().block_on(async {
        let store = trusting(issued.cert.pem()).connect(&url).await.unwrap();
        let outcome = store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        assert_eq!(attempt(&outcome), Some(1));
        store.complete(&key(1), token(1), &completion(200)).await.unwrap();

        let unavailable = |error: countersign::StoreError| {
            let kind = error.kind();
            assert!(
                matches!(kind, StoreErrorKind::Unavailable | StoreErrorKind::Timeout),
                "{error:?}"
            );
        };
        let hasty = |builder: countersign_redis::RedisStoreBuilder| {
            builder.connect_timeout(std::time::Duration::from_secs(2))
        };
        // Not by the system's certificates, nor by another, nor under another name.
        unavailable(hasty(patient()).connect(&url).await.unwrap_err());
        let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        unavailable(hasty(trusting(other.cert.pem())).connect(&url).await.unwrap_err());
        let named = format!("rediss://127.0.0.1:{port}");
        unavailable(hasty(trusting(issued.cert.pem())).connect(&named).await.unwrap_err());
        // What is not encrypted stays so.
        trusting(issued.cert.pem()).connect(&server.url()).await.unwrap();
    });
}
