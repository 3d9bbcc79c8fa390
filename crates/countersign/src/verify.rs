//! The one engine: read, check, prove.

use core::fmt;
use std::borrow::Cow;
use std::sync::Arc;

use crate::MAX_SECRETS;
use crate::config_error::{ConfigError, Warning};
use crate::content::{self, Feed, Writing};
use crate::delivery::{Delivery, Head};
use crate::envelope::{Envelope, Group};
use crate::json::{self, Scalar};
use crate::mac::{Computed, Mac};
use crate::rejection::Rejection;
use crate::scheme::{Coverage, Scheme, SignatureHeaders, Text, TimestampPlace};
use crate::secret::{self, KeyMaterial, Secret};
use crate::time::{Timestamp, TimestampFormat, Tolerance, Untimely};
use crate::verified::Verified;

/// The largest body in bytes that adapters accept where the sender's page states no other.
const DEFAULT_MAX_BODY: usize = 1024 * 1024;

/// The most bytes that a compressed body may decompress to, unless the builder is told another.
const DEFAULT_DECODED_LIMIT: usize = 16 * 1024 * 1024;

/// Fewer bytes of key than this are worth a warning.
const SHORT_KEY: usize = 16;

/// Verifies the deliveries of one sender.
///
/// Cheap to clone; clones share the keys.
///
/// # What it checks
///
/// 1. Required headers are there, once, and have the right values.
/// 2. The signature header has the sender's form. At most [128](crate::MAX_SIGNATURES)
///    signatures are looked at; more are refused.
/// 3. One of the secrets, at most [8](crate::MAX_SECRETS), produced one of the signatures. Each
///    secret costs one digest of the content however many signatures are presented (two for the
///    one sender whose [body](crate::BodyForm::RawOrEscaped) has two forms, and one for each
///    group of a sender that [groups](crate::Syntax::Groups) them).
/// 4. The signed timestamp lies within the tolerance.
///
/// # What it does not do
///
/// It does not remember deliveries: the same delivery verifies again until its timestamp is too
/// old, and for ever if no time is signed. It says nothing about bytes that the signature does
/// not [cover](Verified::coverage), and nothing about the meaning of the body.
///
/// # Example
///
/// ```
/// use countersign::{catalog, Delivery, Rejection, Secret, Timestamp, Verifier};
///
/// // GitHub's own example:
/// // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
/// let verifier = Verifier::builder(catalog::GITHUB)
///     .secret(Secret::new("It's a Secret to Everybody"))
///     .build()?;
/// let headers = [(
///     "X-Hub-Signature-256",
///     "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
/// )];
/// let now = Timestamp::from_unix_seconds(1_790_000_000);
///
/// let delivery = Delivery::new("POST", "/hooks/github", &headers, b"Hello, World!");
/// assert_eq!(verifier.verify(&delivery, now).unwrap().sender(), "github");
///
/// let forged = Delivery::new("POST", "/hooks/github", &headers, b"Hello, World?");
/// assert_eq!(verifier.verify(&forged, now).unwrap_err(), Rejection::BadSignature);
/// # Ok::<(), countersign::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) origin: Origin,
    tolerance: Tolerance,
}

pub(crate) enum Origin {
    Scheme(Box<Keyring>),
    Custom { sender: Text, check: Box<dyn Check> },
}

/// A scheme with the keys to check it.
pub(crate) struct Keyring {
    pub(crate) scheme: Scheme,
    pub(crate) keys: Vec<Key>,
    key_id: Option<Text>,
    pub(crate) decoded_limit: usize,
    warnings: Vec<Warning>,
}

pub(crate) struct Key {
    pub(crate) label: Text,
    mac: Mac,
    /// Kept only for schemes that digest it.
    material: Option<KeyMaterial>,
}

/// A check that no [`Scheme`] describes.
///
/// It must compare in constant time and report only facts taken from authenticated bytes. The
/// tolerance is applied to what it reports by [`Verifier::verify`].
pub trait Check: Send + Sync {
    /// Judges what can be judged before the body is there.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] that names the first check that failed.
    fn precheck(&self, head: &Head<'_>, now: Timestamp) -> Result<(), Rejection> {
        let _ = (head, now);
        Ok(())
    }

    /// Judges one delivery.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] that names the first check that failed.
    fn check(&self, delivery: &Delivery<'_>, now: Timestamp) -> Result<Checked, Rejection>;

    /// The id of the delivery, if it has one.
    fn delivery_id<'d>(&self, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        let _ = delivery;
        None
    }

    /// Whether [`delivery_id`](Self::delivery_id) is among the authenticated bytes.
    fn delivery_id_is_signed(&self) -> bool {
        false
    }

    /// The type of the event, if it has one.
    fn event_type<'d>(&self, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        let _ = delivery;
        None
    }
}

/// What a [`Check`] found out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The time that was signed, if one was.
    pub signed_at: Option<Timestamp>,
    /// Which secret or key matched.
    pub secret: Text,
    /// What the signature covers.
    pub coverage: Coverage,
}

impl Checked {
    /// Reports that `secret` signed what `coverage` says.
    #[must_use]
    pub fn new(secret: impl Into<Text>, coverage: Coverage) -> Self {
        Self { signed_at: None, secret: secret.into(), coverage }
    }

    /// Adds the time that was signed.
    #[must_use]
    pub fn signed_at(mut self, time: Timestamp) -> Self {
        self.signed_at = Some(time);
        self
    }
}

impl Verifier {
    /// Starts to configure a verifier for deliveries signed as `scheme` says.
    pub fn builder(scheme: impl Into<Scheme>) -> VerifierBuilder {
        VerifierBuilder {
            scheme: scheme.into(),
            secrets: Vec::new(),
            tolerance: None,
            any_age: false,
            key_id: None,
            decoded_limit: DEFAULT_DECODED_LIMIT,
        }
    }

    /// A verifier for deliveries of `sender` that only code can judge.
    #[must_use]
    pub fn custom(
        sender: impl Into<Text>,
        tolerance: Tolerance,
        check: impl Check + 'static,
    ) -> Self {
        let origin = Origin::Custom { sender: sender.into(), check: Box::new(check) };
        Self { inner: Arc::new(Inner { origin, tolerance }) }
    }

    /// Judges what can be judged before a byte of the body is read.
    ///
    /// A delivery without a well-formed signature or with a timestamp outside the tolerance is
    /// refused here and costs nothing. Passing proves nothing yet: [`verify`](Self::verify)
    /// checks all of it again.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] that names the first check that failed.
    pub fn precheck(&self, head: &Head<'_>, now: Timestamp) -> Result<(), Rejection> {
        let ring = match &self.inner.origin {
            Origin::Scheme(ring) => ring,
            Origin::Custom { check, .. } => return check.precheck(head, now),
        };
        let mut envelope = Envelope::new(&ring.scheme, head);
        envelope.open(ring.key_id.as_deref())?;
        // Of several groups, one that may pass is enough.
        let mut failure = Rejection::MalformedSignature;
        let passed = envelope.find_group(|group| {
            let judged = group.and_then(|group| self.inner.judge_time(group.signed_at, now));
            Ok(judged.map_err(|rejection| failure = rejection).ok())
        })?;
        passed.ok_or(failure)
    }

    /// Verifies one delivery as of `now`.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] names the first check that failed: headers, syntax, signature, then
    /// timestamp, which is judged only once it is authentic.
    pub fn verify(&self, delivery: &Delivery<'_>, now: Timestamp) -> Result<Verified, Rejection> {
        let inner = &self.inner;
        match &inner.origin {
            Origin::Scheme(ring) => {
                let (secret, signed_at) = ring.check(delivery)?;
                inner.judge_time(signed_at, now)?;
                Ok(Verified::by_secret(Arc::clone(inner), secret, signed_at))
            }
            Origin::Custom { check, .. } => {
                let checked = check.check(delivery, now)?;
                inner.judge_time(checked.signed_at, now)?;
                Ok(Verified::by_check(Arc::clone(inner), checked))
            }
        }
    }

    /// The scheme, unless the verifier is [custom](Self::custom).
    #[must_use]
    pub fn scheme(&self) -> Option<&Scheme> {
        self.inner.scheme()
    }

    /// The sender's id: `stripe`.
    #[must_use]
    pub fn sender(&self) -> &str {
        self.inner.sender()
    }

    /// The tolerance in force.
    #[must_use]
    pub fn tolerance(&self) -> Tolerance {
        self.inner.tolerance
    }

    /// The limit in bytes that adapters set on bodies unless told another: 1 MiB, or what the
    /// sender's page states if that is more.
    #[must_use]
    pub fn max_body(&self) -> usize {
        let stated = self.scheme().and_then(|scheme| scheme.max_body);
        let stated = stated.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0);
        std::cmp::max(stated, DEFAULT_MAX_BODY)
    }

    /// The status that refuses a delivery: the sender's own where it insists on one.
    #[must_use]
    pub fn status(&self, rejection: Rejection) -> u16 {
        match (rejection.status(), self.scheme()) {
            (401, Some(scheme)) => scheme.reply.refused,
            (status, _) => status,
        }
    }

    /// What an operator should know about the configuration, although it works.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        match &self.inner.origin {
            Origin::Scheme(ring) => &ring.warnings,
            Origin::Custom { .. } => &[],
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("sender", &self.sender())
            .field("tolerance", &self.inner.tolerance)
            .finish_non_exhaustive()
    }
}

impl Inner {
    pub(crate) fn scheme(&self) -> Option<&Scheme> {
        match &self.origin {
            Origin::Scheme(ring) => Some(&ring.scheme),
            Origin::Custom { .. } => None,
        }
    }

    pub(crate) fn sender(&self) -> &str {
        match &self.origin {
            Origin::Scheme(ring) => &ring.scheme.id,
            Origin::Custom { sender, .. } => sender,
        }
    }

    fn judge_time(&self, signed_at: Option<Timestamp>, now: Timestamp) -> Result<(), Rejection> {
        let Some(signed_at) = signed_at else { return Ok(()) };
        self.tolerance.check(signed_at, now).map_err(|untimely| match untimely {
            Untimely::TooOld => Rejection::TooOld,
            Untimely::FromTheFuture => Rejection::FromTheFuture,
        })
    }
}

impl Keyring {
    /// Finds the secret that signed, and the time it signed.
    fn check(&self, delivery: &Delivery<'_>) -> Result<(usize, Option<Timestamp>), Rejection> {
        let mut envelope = Envelope::new(&self.scheme, delivery.head());
        envelope.open(self.key_id.as_deref())?;
        let found = envelope.find_group(|group| {
            let group = group?;
            let Some(secret) = self.match_group(&envelope, group, delivery)? else {
                return Ok(None);
            };
            Ok(Some((secret, self.signed_time(group, delivery)?)))
        })?;
        found.ok_or(Rejection::BadSignature)
    }

    fn match_group(
        &self,
        envelope: &Envelope<'_>,
        group: &Group<'_>,
        delivery: &Delivery<'_>,
    ) -> Result<Option<usize>, Rejection> {
        let writings: &[Writing] = if content::is_worth_escaping(envelope, delivery) {
            &[Writing::AsSent, Writing::Escaped]
        } else {
            &[Writing::AsSent]
        };
        for (index, key) in self.keys.iter().enumerate() {
            for writing in writings {
                let feed = Feed {
                    writing: *writing,
                    decoded_limit: self.decoded_limit,
                    material: key.material.as_ref(),
                    stable_only: false,
                };
                let only = group.only_tag(self.scheme.algorithm.tag_bytes());
                let computed = key.mac.compute(only, |sink| {
                    feed.run(envelope, group, delivery, &mut |piece| sink(piece))
                })?;
                if self.matches(&computed, envelope, group, index)? {
                    return Ok(Some(index));
                }
            }
        }
        Ok(None)
    }

    /// Whether what a secret produced is among the signatures that it may have made.
    fn matches(
        &self,
        computed: &Computed,
        envelope: &Envelope<'_>,
        group: &Group<'_>,
        secret: usize,
    ) -> Result<bool, Rejection> {
        let may_be = |slot: usize| !self.is_paired() || slot == secret;
        match computed {
            Computed::Matched(matched) => Ok(*matched && may_be(group.first_slot)),
            Computed::Tag(expected) => {
                let mut matched = false;
                envelope.tags(group, &mut |slot, tag| {
                    matched |= may_be(slot) && expected.matches(tag);
                })?;
                Ok(matched)
            }
        }
    }

    /// Whether the n-th secret belongs to the n-th header.
    fn is_paired(&self) -> bool {
        matches!(self.scheme.signature.headers, SignatureHeaders::Two { paired: true, .. })
    }

    /// The time that was signed: from the envelope, or out of a body that is now authentic.
    fn signed_time(
        &self,
        group: &Group<'_>,
        delivery: &Delivery<'_>,
    ) -> Result<Option<Timestamp>, Rejection> {
        let Some(source) = &self.scheme.timestamp else { return Ok(None) };
        let TimestampPlace::Body(pointer) = &source.place else { return Ok(group.signed_at) };
        match json::scalar(delivery.body(), pointer) {
            Some(Scalar::Integer(number)) => {
                let told = source.format.parse(number.to_string().as_bytes());
                Ok(told.ok_or(Rejection::MalformedTimestamp)?.time())
            }
            _ => Err(Rejection::MalformedTimestamp),
        }
    }
}

/// Configures a [`Verifier`].
///
/// What must be decided, the secrets, has no default; what has a safe default is optional.
#[must_use = "a builder does nothing until `build`"]
pub struct VerifierBuilder {
    scheme: Scheme,
    secrets: Vec<Secret>,
    tolerance: Option<Tolerance>,
    any_age: bool,
    key_id: Option<Text>,
    decoded_limit: usize,
}

impl VerifierBuilder {
    /// Adds a secret. While secrets rotate, give the newest first: they are tried in order.
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Replaces the scheme's tolerance. The scheme must sign a timestamp.
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Judges no timestamp's age, so that a captured delivery can be replayed for ever.
    pub fn danger_any_age(mut self) -> Self {
        self.any_age = true;
        self
    }

    /// The receiver's own key id. The scheme must name a header that holds one; deliveries that
    /// name another are refused.
    pub fn key_id(mut self, key_id: impl Into<Text>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// The most bytes that a compressed body may decompress to, where the sender signs the
    /// decompressed bytes. 16 MiB by default.
    pub fn decoded_limit(mut self, bytes: usize) -> Self {
        self.decoded_limit = bytes;
        self
    }

    /// Checks the configuration and sets up the keys.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] that names what is wrong and the remedy, never a secret. A configuration
    /// that could accept unsigned deliveries, such as one with an empty secret, is refused.
    pub fn build(self) -> Result<Verifier, ConfigError> {
        self.scheme.check()?;
        let tolerance = self.effective_tolerance()?;
        if self.secrets.is_empty() {
            return Err(ConfigError::NoSecret);
        }
        let paired =
            matches!(self.scheme.signature.headers, SignatureHeaders::Two { paired: true, .. });
        let most = if paired { 2 } else { MAX_SECRETS };
        if self.secrets.len() > most {
            return Err(ConfigError::TooManySecrets { most });
        }
        if self.key_id.is_some() != self.scheme.key_id_header.is_some() {
            return Err(match self.scheme.key_id_header {
                Some(header) => ConfigError::MissingKeyId { header },
                None => ConfigError::UnusedKeyId,
            });
        }
        let mut keys: Vec<Key> = Vec::with_capacity(self.secrets.len());
        let mut warnings = Vec::new();
        for (index, secret) in self.secrets.into_iter().enumerate() {
            let label = secret.label.unwrap_or_else(|| secret::default_label(index));
            if keys.iter().any(|key| key.label == label) {
                return Err(ConfigError::RepeatedLabel { label });
            }
            let material = secret::decode(&secret.text, &self.scheme.secret)
                .map_err(|problem| ConfigError::Secret { label: label.clone(), problem })?;
            if material.key.len() < SHORT_KEY {
                let bytes = material.key.len();
                warnings.push(Warning::ShortSecret { label: label.clone(), bytes });
            }
            let algorithm = self.scheme.algorithm;
            let mac = Mac::new(algorithm, &material.key)
                .ok_or(ConfigError::FeatureOff { feature: "md5" })?;
            let digests_it = !algorithm.is_keyed() || material.app_key.is_some();
            keys.push(Key { label, mac, material: digests_it.then_some(material) });
        }
        let ring = Keyring {
            scheme: self.scheme,
            keys,
            key_id: self.key_id,
            decoded_limit: self.decoded_limit,
            warnings,
        };
        let origin = Origin::Scheme(Box::new(ring));
        Ok(Verifier { inner: Arc::new(Inner { origin, tolerance }) })
    }

    fn effective_tolerance(&self) -> Result<Tolerance, ConfigError> {
        if self.any_age {
            return Ok(Tolerance::ANY_AGE);
        }
        let Some(tolerance) = self.tolerance else { return Ok(self.scheme.tolerance) };
        match &self.scheme.timestamp {
            None => Err(ConfigError::NothingToTolerate),
            Some(source) if source.format == TimestampFormat::Unconfirmed => {
                Err(ConfigError::NothingToTolerate)
            }
            Some(_) if tolerance == Tolerance::ANY_AGE => Err(ConfigError::AnyAge),
            Some(_) => Ok(tolerance),
        }
    }
}

impl fmt::Debug for VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifierBuilder")
            .field("scheme", &self.scheme.id)
            .field("secrets", &self.secrets)
            .finish_non_exhaustive()
    }
}
