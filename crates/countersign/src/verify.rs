//! The one engine: read, check, prove.

use core::fmt;
use std::sync::Arc;

use crate::builder::VerifierBuilder;
use crate::check::Check;
use crate::config_error::Warning;
use crate::delivery::{Delivery, Head};
use crate::envelope::Envelope;
use crate::handshake::{HandshakeReply, Handshaker, MAX_HANDSHAKE_BODY, Received};
use crate::judge::{Judge, Origin};
use crate::keyring::Keyring;
use crate::outside::Outside;
use crate::procedure::{Keys, Setup};
use crate::rejection::Rejection;
use crate::remote_keys::{KeyDocument, KeyRequest};
use crate::scheme::{Reply, Scheme, Text};
use crate::time::{Timestamp, Tolerance};
use crate::verified::Verified;

/// The largest body in bytes that adapters accept where the sender's page states no other.
const DEFAULT_MAX_BODY: usize = 1024 * 1024;

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
    judge: Arc<Judge>,
    handshaker: Option<Arc<Handshaker>>,
}

impl Verifier {
    /// Starts to configure a verifier for deliveries signed as `scheme` says.
    pub fn builder(scheme: impl Into<Scheme>) -> VerifierBuilder {
        VerifierBuilder::new(scheme.into())
    }

    /// A verifier for deliveries of `sender` that only code can judge.
    #[must_use]
    pub fn custom(
        sender: impl Into<Text>,
        tolerance: Tolerance,
        check: impl Check + 'static,
    ) -> Self {
        let origin = Origin::Custom { sender: sender.into(), check: Box::new(check) };
        Self::new(Judge { origin, tolerance, tenant: None })
    }

    /// A [custom](Self::custom) verifier for the deliveries of one tenant of many; see
    /// [`VerifierBuilder::tenant`].
    #[must_use]
    pub fn custom_for(
        tenant: impl Into<Text>,
        sender: impl Into<Text>,
        tolerance: Tolerance,
        check: impl Check + 'static,
    ) -> Self {
        let origin = Origin::Custom { sender: sender.into(), check: Box::new(check) };
        Self::new(Judge { origin, tolerance, tenant: Some(tenant.into()) })
    }

    fn new(judge: Judge) -> Self {
        Self { judge: Arc::new(judge), handshaker: None }
    }

    pub(crate) fn with_handshaker(mut self, handshaker: Option<Handshaker>) -> Self {
        self.handshaker = handshaker.map(Arc::new);
        self
    }

    pub(crate) fn by_procedure(setup: Setup, tolerance: Tolerance, tenant: Option<Text>) -> Self {
        let origin = Origin::Procedure(Box::new(setup));
        Self::new(Judge { origin, tolerance, tenant })
    }

    pub(crate) fn by_keyring(ring: Keyring, tolerance: Tolerance, tenant: Option<Text>) -> Self {
        let origin = Origin::Scheme(Box::new(ring));
        Self::new(Judge { origin, tolerance, tenant })
    }

    /// Judges what can be judged before a byte of the body is read.
    ///
    /// A delivery without a well-formed signature or with a timestamp outside the tolerance is
    /// refused here and costs nothing; of a token, only one that has expired or is not valid yet.
    /// What stands in the body is left for later. Passing proves nothing yet:
    /// [`verify`](Self::verify) checks all of it again. A delivery that [may be a
    /// handshake](Self::may_be_unsigned_handshake) without a signature passes too.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] that names the first check that failed.
    pub fn precheck(&self, head: &Head<'_>, now: Timestamp) -> Result<(), Rejection> {
        let checked = self.precheck_event(head, now);
        if self.may_be_unsigned_handshake(head) { Ok(()) } else { checked }
    }

    fn precheck_event(&self, head: &Head<'_>, now: Timestamp) -> Result<(), Rejection> {
        let ring = match &self.judge.origin {
            Origin::Scheme(ring) => ring,
            Origin::Procedure(setup) => return setup.procedure()?.precheck(setup, head, now),
            Origin::Custom { check, .. } => return check.precheck(head, now),
        };
        let outside = Outside::read(&ring.scheme, head, None)?;
        let mut envelope = Envelope::new(&ring.scheme, head, &outside);
        envelope.open(ring.key_id.as_deref())?;
        if ring.scheme.signature.headers.is_in_body() {
            return Ok(());
        }
        // Of several groups, one that may pass is enough.
        let mut failure = Rejection::MalformedSignature;
        let passed = envelope.find_group(|group| {
            let judged = group.and_then(|group| self.judge.judge_time(group.signed_at, now));
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
        self.verify_with(delivery, &[], now)
    }

    /// Whether keys may have to be fetched to verify a delivery:
    /// [`remote_keys`](VerifierBuilder::remote_keys) was called.
    #[must_use]
    pub fn fetches_keys(&self) -> bool {
        match &self.judge.origin {
            Origin::Scheme(ring) => ring.remote_keys,
            Origin::Procedure(setup) => setup.remote_keys,
            Origin::Custom { .. } => false,
        }
    }

    /// The keys that must be fetched before a delivery can be verified; none for most senders. Call it
    /// after [`precheck`](Self::precheck), and hand what was fetched to
    /// [`verify_with`](Self::verify_with).
    ///
    /// # Errors
    ///
    /// The [`Rejection`] of a delivery that names no key, or one at a foreign place.
    pub fn key_requests(&self, delivery: &Delivery<'_>) -> Result<Vec<KeyRequest>, Rejection> {
        if !self.fetches_keys() {
            return Ok(Vec::new());
        }
        match &self.judge.origin {
            Origin::Scheme(ring) => ring.key_requests(delivery),
            Origin::Procedure(setup) => setup.procedure()?.key_requests(setup, delivery),
            Origin::Custom { .. } => Ok(Vec::new()),
        }
    }

    /// Verifies one delivery as of `now`, with the keys that were
    /// [asked for](Self::key_requests).
    ///
    /// # Errors
    ///
    /// As with [`verify`](Self::verify), and [`Rejection::KeyUnavailable`] if a key is not among `keys`.
    pub fn verify_with(
        &self,
        delivery: &Delivery<'_>,
        keys: &[Arc<KeyDocument>],
        now: Timestamp,
    ) -> Result<Verified, Rejection> {
        match &self.judge.origin {
            Origin::Scheme(ring) if ring.is_plain() => {
                let (secret, signed_at) = ring.check_plain(delivery)?;
                self.judge.judge_time(signed_at, now)?;
                self.judge.refuse_answer(delivery)?;
                Ok(Verified::by_secret(Arc::clone(&self.judge), secret, signed_at))
            }
            _ => self.verify_otherwise(delivery, keys, now),
        }
    }

    /// Verifies in the other ways. Apart from the first, which would be slower for what these keep at
    /// hand.
    #[inline(never)]
    fn verify_otherwise(
        &self,
        delivery: &Delivery<'_>,
        keys: &[Arc<KeyDocument>],
        now: Timestamp,
    ) -> Result<Verified, Rejection> {
        let judge = &self.judge;
        let proof = match &judge.origin {
            Origin::Scheme(ring) => {
                let signed = ring.check(delivery, Keys(keys), now)?;
                judge.judge_time(signed.signed_at, now)?;
                Verified::by_signature(Arc::clone(judge), signed)
            }
            Origin::Procedure(setup) => {
                let checked = setup.procedure()?.check(setup, delivery, &Keys(keys), now)?;
                if setup.accepts_nothing {
                    return Err(Rejection::BadSignature);
                }
                judge.judge_time(checked.signed_at, now)?;
                Verified::by_check(Arc::clone(judge), checked)
            }
            Origin::Custom { check, .. } => {
                let checked = check.check(delivery, now)?;
                judge.judge_time(checked.signed_at, now)?;
                Verified::by_check(Arc::clone(judge), checked)
            }
        };
        judge.refuse_answer(delivery)?;
        Ok(proof)
    }

    /// Answers a handshake of which the method, the query and the headers are all that matters;
    /// `None` if the head is not of one.
    ///
    /// Adapters call it first, before [`precheck`](Self::precheck), and read no body if it answers.
    /// A refusal is final: it is answered with [its status](Self::status).
    ///
    /// ```
    /// use countersign::{catalog, Head, Setting, Verifier};
    ///
    /// let verifier = Verifier::builder(catalog::STRAVA)
    ///     .setting(Setting::VerifyToken, "STRAVA")
    ///     .build()?;
    /// let headers: [(&str, &str); 0] = [];
    /// let url = "/hooks?hub.mode=subscribe&hub.verify_token=STRAVA&hub.challenge=15f7d1a9";
    ///
    /// let answer = verifier.handshake_in_head(&Head::new("GET", url, &headers)).unwrap().unwrap();
    /// assert_eq!((answer.status(), answer.body()), (200, r#"{"hub.challenge":"15f7d1a9"}"#));
    /// # Ok::<(), countersign::ConfigError>(())
    /// ```
    #[must_use]
    pub fn handshake_in_head(&self, head: &Head<'_>) -> Option<Result<HandshakeReply, Rejection>> {
        self.handshaker.as_ref()?.in_head(head)
    }

    /// Whether the body may hold a handshake that nothing signs. [`precheck`](Self::precheck) then
    /// passes.
    #[must_use]
    pub fn may_be_unsigned_handshake(&self, head: &Head<'_>) -> bool {
        self.handshaker.as_ref().is_some_and(|it| it.may_be_unsigned(head))
    }

    /// The most bytes of a body that are worth reading, of at most `limit`: [64
    /// KiB](MAX_HANDSHAKE_BODY) where only a handshake that nothing signs could pass. Adapters ask
    /// after [`precheck`](Self::precheck).
    #[must_use]
    pub fn body_limit(&self, head: &Head<'_>, limit: usize, now: Timestamp) -> usize {
        if self.may_be_unsigned_handshake(head) && self.precheck_event(head, now).is_err() {
            std::cmp::min(limit, MAX_HANDSHAKE_BODY)
        } else {
            limit
        }
    }

    /// Verifies one delivery as of `now`, or answers it if it is a handshake.
    ///
    /// # Errors
    ///
    /// As with [`verify`](Self::verify), and the reason why a handshake is refused.
    pub fn receive(&self, delivery: &Delivery<'_>, now: Timestamp) -> Result<Received, Rejection> {
        self.receive_with(delivery, &[], now)
    }

    /// Verifies one delivery as of `now`, with the keys that were [asked for](Self::key_requests),
    /// or answers it if it is a handshake.
    ///
    /// This is what adapters call once they have the body. A handshake that the sender signs is
    /// answered only after it was verified; what [`handshake_in_head`](Self::handshake_in_head)
    /// answers is answered here too.
    ///
    /// ```
    /// use countersign::{catalog, Delivery, Received, Secret, Timestamp, Verifier};
    ///
    /// let verifier = Verifier::builder(catalog::XERO)
    ///     .secret(Secret::new("xero-webhooks-key"))
    ///     .build()?;
    /// let headers = [("x-xero-signature", "6w0ci/vmVUXkSg4rG0tKcJiagYRDCV9xjOXqZv5I0jw=")];
    /// let body = concat!(
    ///     r#"{"events":[],"lastEventSequence":0,"#,
    ///     r#""firstEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}"#
    /// );
    /// let delivery = Delivery::new("POST", "/hooks/xero", &headers, body.as_bytes());
    ///
    /// match verifier.receive(&delivery, Timestamp::from_unix_seconds(1_700_000_000)).unwrap() {
    ///     Received::Handshake(answer) => assert_eq!((answer.status(), answer.body()), (200, "")),
    ///     Received::Event(_) => unreachable!(),
    /// }
    /// # Ok::<(), countersign::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As with [`verify_with`](Self::verify_with), and the reason why a handshake is refused.
    pub fn receive_with(
        &self,
        delivery: &Delivery<'_>,
        keys: &[Arc<KeyDocument>],
        now: Timestamp,
    ) -> Result<Received, Rejection> {
        let Some(handshaker) = &self.handshaker else {
            return self.verify_with(delivery, keys, now).map(Received::Event);
        };
        if let Some(answer) = handshaker.in_head(delivery.head()) {
            return answer.map(Received::Handshake);
        }
        if let Some(scheme) = self.scheme()
            && let Some(answer) = handshaker.in_unsigned_body(scheme, delivery)
        {
            return answer.map(Received::Handshake);
        }
        let proof = self.verify_with(delivery, keys, now)?;
        match handshaker.in_verified(&proof, delivery) {
            Some(answer) => answer.map(Received::Handshake),
            None => Ok(Received::Event(proof)),
        }
    }

    /// The scheme, unless the verifier is [custom](Self::custom).
    #[must_use]
    pub fn scheme(&self) -> Option<&Scheme> {
        self.judge.scheme()
    }

    /// The sender's id: `stripe`.
    #[must_use]
    pub fn sender(&self) -> &str {
        self.judge.sender()
    }

    /// Whose deliveries it verifies, if it was said.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.judge.tenant.as_deref()
    }

    /// The tolerance in force.
    #[must_use]
    pub fn tolerance(&self) -> Tolerance {
        self.judge.tolerance
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
        let of_handshake = || self.handshaker.as_ref()?.handshake().refused();
        if matches!(rejection, Rejection::WrongHandshake | Rejection::UnexpectedHandshake)
            && let Some(status) = of_handshake()
        {
            return status;
        }
        match (rejection.status(), self.scheme()) {
            (401, Some(scheme)) => scheme.reply.refused,
            (status, _) => status,
        }
    }

    /// What the sender makes of the answers it gets; for a [custom](Self::custom) verifier, what most
    /// make of them.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        self.judge.reply()
    }

    /// What an operator should know about the configuration, although it works.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        match &self.judge.origin {
            Origin::Scheme(ring) => &ring.warnings,
            Origin::Procedure(setup) => &setup.warnings,
            Origin::Custom { .. } => &[],
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("sender", &self.sender())
            .field("tolerance", &self.judge.tolerance)
            .finish_non_exhaustive()
    }
}
