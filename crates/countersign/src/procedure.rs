//! What judges a delivery where data cannot: one interface for tokens and for code.

use std::borrow::Cow;
use std::sync::Arc;

use crate::check::Checked;
use crate::config_error::{ConfigError, Warning};
use crate::delivery::{Delivery, Head};
use crate::external_url::ExternalUrl;
use crate::public_key::NamedKey;
use crate::rejection::Rejection;
use crate::remote_keys::{KeyDocument, KeyRequest};
use crate::scheme::{Algorithm, Coverage, Scheme, Text};
use crate::secret::KeyMaterial;
use crate::setting::{Setting, Settings};
use crate::time::Timestamp;

/// Judges the deliveries of one kind. It compares in constant time, and reports only what it took from
/// authenticated bytes; the tolerance is applied to the time that it reports.
pub(crate) trait Procedure: Send + Sync {
    /// What it authenticates when it accepts, at least.
    fn coverage(&self) -> Coverage;

    /// A feature that it needs and that is off.
    fn missing_feature(&self) -> Option<&'static str> {
        None
    }

    /// Settings without which no verifier is built.
    fn required_settings(&self) -> &'static [Setting] {
        &[]
    }

    /// Settings that make a difference.
    fn optional_settings(&self) -> &'static [Setting] {
        &[]
    }

    /// Whether the URL as the sender knows it is needed.
    fn needs_external_url(&self) -> bool {
        false
    }

    /// Whether secrets, public keys or both are what it checks with.
    fn key_kind(&self) -> KeyKind {
        KeyKind::None
    }

    /// Whether a receiver may have no secret, so that nothing is authentic.
    fn may_lack_secret(&self) -> bool {
        false
    }

    /// Looks for contradictions in a configuration, and for features that are off.
    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        let _ = setup;
        Ok(())
    }

    /// Judges what can be judged before the body is there.
    fn precheck(&self, setup: &Setup, head: &Head<'_>, now: Timestamp) -> Result<(), Rejection> {
        let _ = (setup, head, now);
        Ok(())
    }

    /// The keys that must be fetched before the delivery can be judged. Nothing of the delivery is
    /// verified yet: a URL that it names must be on the procedure's own list.
    fn key_requests(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<KeyRequest>, Rejection> {
        let _ = (setup, delivery);
        Ok(Vec::new())
    }

    /// Judges a delivery.
    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        keys: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection>;

    /// The token of a delivery that was verified, as JSON, where claims are looked up in.
    fn claims<'d>(&self, setup: &Setup, delivery: &Delivery<'d>) -> Option<Cow<'d, [u8]>> {
        let _ = (setup, delivery);
        None
    }

    /// The same, where a delivery may have several signatures: of the one that was verified.
    fn claims_of<'d>(
        &self,
        setup: &Setup,
        delivery: &Delivery<'d>,
        signature: Option<&str>,
    ) -> Option<Cow<'d, [u8]>> {
        let _ = signature;
        self.claims(setup, delivery)
    }

    /// The SHA-256 of what is authentic and the same in every attempt to deliver one event. `None`: of
    /// the body.
    fn content_digest(&self, setup: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let _ = (setup, delivery);
        None
    }

    /// The same, where a delivery may have several signatures: by the one that was verified.
    fn content_digest_of(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        signature: Option<&str>,
    ) -> Option<[u8; 32]> {
        let _ = signature;
        self.content_digest(setup, delivery)
    }
}

/// What a procedure checks with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyKind {
    /// Neither secrets nor keys.
    None,
    /// Shared secrets.
    Secrets,
    /// Public keys, given or fetched.
    PublicKeys,
    /// Certificates that are fetched or come along, and roots that are given.
    #[cfg_attr(not(feature = "x509"), allow(dead_code, reason = "no one else has certificates"))]
    Certificates,
    /// Secrets or public keys, at least one.
    #[cfg_attr(not(feature = "jwt"), allow(dead_code, reason = "only for tokens"))]
    Either,
}

/// What the receiver was configured with.
pub(crate) struct Setup {
    pub(crate) scheme: Scheme,
    pub(crate) secrets: Vec<NamedSecret>,
    pub(crate) public_keys: Vec<NamedKey>,
    /// Whether keys are fetched, besides those that were given.
    pub(crate) remote_keys: bool,
    /// Certificates in DER that chains must end at.
    #[cfg_attr(not(feature = "x509"), allow(dead_code, reason = "no one else has certificates"))]
    pub(crate) trust_roots: Vec<Vec<u8>>,
    pub(crate) settings: Settings,
    pub(crate) external_url: Option<ExternalUrl>,
    #[cfg_attr(not(feature = "jwt"), allow(dead_code, reason = "only for tokens"))]
    pub(crate) any_age: bool,
    /// Whether secrets are no one's, so that nothing is accepted.
    pub(crate) accepts_nothing: bool,
    pub(crate) warnings: Vec<Warning>,
}

impl Setup {
    /// The procedure of the scheme. A verifier is built only for one that has one.
    pub(crate) fn procedure(&self) -> Result<&dyn Procedure, Rejection> {
        self.scheme.procedure().ok_or(Rejection::Unsigned)
    }
}

/// A secret with its label.
pub(crate) struct NamedSecret {
    pub(crate) label: Text,
    /// The id by which deliveries name it.
    pub(crate) id: Option<Text>,
    /// The only algorithm that it is used with, if that was said.
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) material: KeyMaterial,
}

/// The keys that were fetched for one delivery.
#[derive(Clone, Copy, Default)]
pub(crate) struct Keys<'k>(pub(crate) &'k [Arc<KeyDocument>]);

impl<'k> Keys<'k> {
    /// The document that answers a request.
    pub(crate) fn answer(&self, request: &KeyRequest) -> Result<&'k KeyDocument, Rejection> {
        let found = self.0.iter().find(|document| document.answers(request));
        found.map(|document| &**document).ok_or(Rejection::KeyUnavailable)
    }
}
