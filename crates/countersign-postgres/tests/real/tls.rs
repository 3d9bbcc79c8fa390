//! Connections that are encrypted.

use std::sync::Arc;
use std::time::Duration;

use countersign::{ClaimOutcome, Store as _};
use countersign_store_tests::postgres::Server;
use countersign_store_tests::{claim, key, runtime, until_ok};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Client;

use crate::support::patient;

/// A file that only the server may read.
async fn write(client: &Client, path: &str, text: &str) {
    let copy = format!(
        "COPY (SELECT unnest(string_to_array('{text}', E'\\n'))) TO PROGRAM 'umask 077; cat > {path}'"
    );
    client.batch_execute(&copy).await.unwrap();
}

fn trusting(certificate: &CertificateDer<'static>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider);
    let client = client.with_safe_default_protocol_versions().unwrap();
    client.with_root_certificates(roots).with_no_client_auth()
}

#[test]
fn a_server_is_believed_by_its_certificate_alone() {
    let issued = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (genuine, other) = (issued(), issued());
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let client = server.client().await;
        let folder = server.folder().display();
        let (certificate, secret) = (format!("{folder}/certificate"), format!("{folder}/key"));
        write(&client, &certificate, &genuine.cert.pem()).await;
        write(&client, &secret, &genuine.signing_key.serialize_pem()).await;
        for setting in [
            format!("ssl_cert_file = '{certificate}'"),
            format!("ssl_key_file = '{secret}'"),
            "ssl = on".to_owned(),
        ] {
            client.batch_execute(&format!("ALTER SYSTEM SET {setting}")).await.unwrap();
        }
        client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        let url = format!("postgres://app@localhost:{}/postgres", server.port());
        let store = until_ok("the server reads its certificate", async || {
            let trusting = trusting(genuine.cert.der());
            patient().tls_config(trusting).connect(&url).await
        })
        .await;
        let outcome = store.claim(&key(1), &claim(1, Duration::from_secs(9))).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::Claimed { .. }), "{outcome:?}");
        let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                         WHERE ssl AND application_name = 'countersign'";
        let encrypted: i64 = client.query_one(encrypted, &[]).await.unwrap().get(0);
        assert!(encrypted > 0);

        // Not by another certificate, nor by the system's, nor under another name.
        patient().tls_config(trusting(other.cert.der())).connect(&url).await.unwrap_err();
        let required = format!("{url}?sslmode=require");
        patient().connect(&required).await.unwrap_err();
        let named = format!("postgres://app@127.0.0.1:{}/postgres", server.port());
        patient().tls_config(trusting(genuine.cert.der())).connect(&named).await.unwrap_err();
        // Unless it is asked for, nothing is encrypted.
        patient().connect(&url).await.unwrap();
    });
}
