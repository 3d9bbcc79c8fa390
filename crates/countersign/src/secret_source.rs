//! Secrets that depend on who a delivery is for.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::error::Error;

use crate::delivery::Delivery;
use crate::verify::Verifier;

/// How many tenants one delivery is tried for, at most.
pub const MAX_TENANTS: usize = 4;

/// The longest hint in bytes that is looked up.
pub const MAX_HINT: usize = 256;

/// Looks up the secrets of the tenant that a delivery is for.
///
/// It is asked for each delivery that may be genuine, so that secrets can be added, rotated and revoked
/// while the program runs; an implementation keeps what it looked up, absences among it, for a while.
///
/// ```
/// use std::collections::HashMap;
/// use countersign::{Delivery, SecretSource, SourceError, Verifier};
///
/// /// Tenants by the last segment of the path: `/hooks/acme`.
/// struct Tenants(HashMap<String, Verifier>);
///
/// impl SecretSource for Tenants {
///     fn hint(&self, delivery: &Delivery<'_>) -> Option<String> {
///         let path = delivery.head().path_and_query().split('?').next()?;
///         Some(path.rsplit('/').next()?.to_owned())
///     }
///
///     async fn verifiers(&self, hint: &str) -> Result<Vec<Verifier>, SourceError> {
///         Ok(self.0.get(hint).cloned().into_iter().collect())
///     }
/// }
/// ```
pub trait SecretSource: Send + Sync + 'static {
    /// Who the delivery says it is for: by its path, a header, or a look into its body.
    ///
    /// Nothing of it is verified. The hint chooses which secrets are tried, and must be trusted for
    /// nothing else; who signed is told by the [tenant](crate::Verified::tenant) of the proof. Hints
    /// of more than 256 bytes are not looked up.
    fn hint(&self, delivery: &Delivery<'_>) -> Option<String>;

    /// The verifiers of the tenants that go by this hint; none if it is unknown. The first
    /// [four](MAX_TENANTS) are tried. With a store, each must have a
    /// [tenant](crate::VerifierBuilder::tenant), which keeps its events apart from those of others.
    ///
    /// None may have a wider tolerance than the receiver's own verifier: that one judges timestamps
    /// before the body is read, and decides on the retention.
    ///
    /// # Errors
    ///
    /// A [`SourceError`] if it cannot be told now. The delivery is answered so that the sender tries
    /// again.
    fn verifiers(
        &self,
        hint: &str,
    ) -> impl Future<Output = Result<Vec<Verifier>, SourceError>> + Send;
}

/// A boxed future of a source.
pub type SourceFuture<'s> =
    Pin<Box<dyn Future<Output = Result<Vec<Verifier>, SourceError>> + Send + 's>>;

/// [`SecretSource`] with boxed futures, so that it can be chosen when the program runs.
pub trait DynSecretSource: Send + Sync + 'static {
    /// See [`SecretSource::hint`].
    fn hint(&self, delivery: &Delivery<'_>) -> Option<String>;
    /// See [`SecretSource::verifiers`].
    fn verifiers<'s>(&'s self, hint: &'s str) -> SourceFuture<'s>;
}

impl<S: SecretSource> DynSecretSource for S {
    fn hint(&self, delivery: &Delivery<'_>) -> Option<String> {
        SecretSource::hint(self, delivery)
    }

    fn verifiers<'s>(&'s self, hint: &'s str) -> SourceFuture<'s> {
        Box::pin(SecretSource::verifiers(self, hint))
    }
}

/// Why secrets could not be looked up. The cause is its [`source`](Error::source), if there is one.
#[derive(Debug)]
pub struct SourceError {
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SourceError {
    /// An error with its cause, which must not hold a secret.
    pub fn because(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()) }
    }

    /// The source did not answer in time.
    #[must_use]
    pub const fn timeout() -> Self {
        Self { source: None }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Some(_) => "the secrets cannot be looked up",
            None => "the source of the secrets did not answer in time",
        })
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source: &(dyn Error + 'static) = self.source.as_deref()?;
        Some(source)
    }
}
