//! Encrypted connections.

use std::sync::Arc;

use countersign::StoreError;
use rustls::{ClientConfig, RootCertStore};

use crate::error::config;

/// Trusts what the system trusts.
pub(crate) fn system() -> Result<ClientConfig, StoreError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(config("the system trusts no certificate; give a `tls_config`"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| config("no version of TLS is known"))?;
    Ok(client.with_root_certificates(roots).with_no_client_auth())
}
