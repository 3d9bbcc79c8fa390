//! The secrets of tenants: a database, and what is kept of its answers for a minute.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign::{Delivery, Secret, SecretSource, SourceError, Verifier, catalog};
use moka::future::Cache;
use serde::Deserialize;

/// How long an answer of the database is trusted: so long a revoked secret is still accepted, and a new
/// one is not.
const KEPT: Duration = Duration::from_secs(60);

/// How many answers are kept. Whoever invents tenants pushes out the answers about them first.
const MOST: u64 = 10_000;

/// Looks secrets up, and keeps what it found, also that there is nothing.
pub(crate) struct Tenants {
    database: Database,
    known: Cache<String, Vec<Verifier>>,
}

impl Tenants {
    pub(crate) fn new(database: Database) -> Self {
        let known = Cache::builder().max_capacity(MOST).time_to_live(KEPT).build();
        Self { database, known }
    }
}

/// The one thing that is read of a body before it is verified.
#[derive(Deserialize)]
struct Peek<'b> {
    #[serde(borrow)]
    organization: Organization<'b>,
}

#[derive(Deserialize)]
struct Organization<'b> {
    login: &'b str,
}

impl SecretSource for Tenants {
    /// The last segment of `/hooks/{tenant}`; on `/hooks`, the organisation that the body names.
    fn hint(&self, delivery: &Delivery<'_>) -> Option<String> {
        let path = delivery.head().path_and_query().split('?').next()?;
        if let Some(tenant) = path.strip_prefix("/hooks/") {
            return Some(format!("tenant {tenant}"));
        }
        let peek: Peek<'_> = serde_json::from_slice(delivery.body()).ok()?;
        Some(format!("organization {}", peek.organization.login))
    }

    async fn verifiers(&self, hint: &str) -> Result<Vec<Verifier>, SourceError> {
        // Many deliveries of one tenant at once ask the database once. Failures are not kept.
        let found = self.known.try_get_with_by_ref(hint, self.look_up(hint)).await;
        found.map_err(SourceError::because)
    }
}

impl Tenants {
    async fn look_up(&self, hint: &str) -> Result<Vec<Verifier>, SourceError> {
        let Some((tenant, secret)) = self.database.find(hint).await? else {
            return Ok(Vec::new());
        };
        let verifier =
            Verifier::builder(catalog::GITHUB).tenant(tenant).secret(Secret::new(secret));
        // A secret that cannot be used is an error of the database, not of the sender.
        Ok(vec![verifier.build().map_err(SourceError::because)?])
    }
}

/// Stands for the application's database.
#[derive(Clone, Default)]
pub(crate) struct Database {
    rows: Arc<Mutex<HashMap<String, (String, String)>>>,
    asked: Arc<AtomicUsize>,
    down: Arc<AtomicBool>,
}

impl Database {
    pub(crate) fn insert(&self, tenant: &str, organization: &str, secret: &str) {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let row = (tenant.to_owned(), secret.to_owned());
        rows.insert(format!("tenant {tenant}"), row.clone());
        rows.insert(format!("organization {organization}"), row);
    }

    async fn find(&self, hint: &str) -> Result<Option<(String, String)>, SourceError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.down.load(Ordering::Relaxed) {
            return Err(SourceError::because("the database is down"));
        }
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(rows.get(hint).cloned())
    }

    #[cfg(test)]
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(crate) fn stop(&self) {
        self.down.store(true, Ordering::Relaxed);
    }
}
