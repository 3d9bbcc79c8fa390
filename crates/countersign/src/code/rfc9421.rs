//! HTTP message signatures ([RFC 9421](https://www.rfc-editor.org/rfc/rfc9421), read 2026-11-24).
//!
//! A signature covers what it lists, so most of this is about what it must list. The algorithm is the
//! key's; the delivery may say the same and nothing else.

use std::borrow::Cow;

use crate::check::Checked;
use crate::config_error::{ConfigError, KeyProblem};
use crate::delivery::{Delivery, Head};
use crate::mac::{self, Computed, Mac};
use crate::procedure::{KeyKind, Keys, NamedSecret, Procedure, Setup};
use crate::public_key::NamedKey;
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Coverage, Text};
use crate::secret::SecretProblem;
use crate::setting::Setting;
use crate::time::Timestamp;

use self::component::Message;
use self::input::Input;
use self::policy::Policy;
use super::content_digest;

mod component;
mod input;
mod policy;
mod target;

/// How many signatures are checked of one delivery, each with each key that it may be of.
const MAX_CHECKS: usize = 8;

/// Judges by the signatures that a delivery lists: one is enough that is by a known key and covers what
/// it must.
pub(crate) struct Rfc9421;

impl Procedure for Rfc9421 {
    fn coverage(&self) -> Coverage {
        // Where nothing is configured away. What one signature covers, its proof says.
        Coverage::BODY.with_timestamp().with_method()
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[
            Setting::RequiredComponent,
            Setting::RequiredTag,
            Setting::RequireDigest,
            Setting::RequireCreated,
        ]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Either
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        let policy = Policy::of(setup)?;
        if setup.remote_keys {
            return Err(ConfigError::NoRemoteKeys);
        }
        // A server that is spoken HTTP/1.1 to knows the path of its URL and no more.
        if policy.is_default() && setup.external_url.is_none() {
            return Err(ConfigError::MissingExternalUrl);
        }
        for key in &setup.public_keys {
            let problem = match algorithm_of(key) {
                Some(algorithm) if name_of(algorithm).is_some() => continue,
                Some(_) => KeyProblem::WrongKind,
                None => KeyProblem::NoAlgorithm,
            };
            return Err(ConfigError::PublicKey { label: key.label.clone(), problem });
        }
        let is_hmac = |it: &&NamedSecret| it.algorithm.is_none_or(|it| it == Algorithm::HmacSha256);
        match setup.secrets.iter().find(|it| !is_hmac(it)) {
            Some(secret) => Err(ConfigError::Secret {
                label: secret.label.clone(),
                problem: SecretProblem::WrongKind("for another algorithm than HMAC-SHA256".into()),
            }),
            None => Ok(()),
        }
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        candidates(&policy(setup)?, head, may_have_body(head)).map(|_| ())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection> {
        let policy = policy(setup)?;
        let head = delivery.head();
        let has_body = !delivery.body().is_empty() || may_have_body(head);
        let mut inputs = candidates(&policy, head, has_body)?;
        // Of several that are genuine, the one counts that time speaks for.
        inputs.sort_by_key(|input| (input.is_expired(now), input.distance(now)));
        let (input, key) = find(setup, head, &inputs, now)?;
        if input.is_expired(now) {
            return Err(Rejection::TooOld);
        }
        let mut coverage = Coverage::NOTHING;
        if policy.judges_digest_of(input) {
            content_digest::check(delivery)?;
            coverage.body = true;
        }
        coverage.method = input.covers("@method");
        coverage.url = input.covers("@path") && input.covers("@query");
        coverage.timestamp = input.created.is_some();
        let mut checked = Checked::new(key, coverage);
        checked.signature = Some(input.label.clone());
        Ok(match input.created {
            Some(created) => checked.signed_at(Timestamp::from_unix_seconds(created)),
            None => checked,
        })
    }

    fn claims_of<'d>(
        &self,
        _: &Setup,
        delivery: &Delivery<'d>,
        signature: Option<&str>,
    ) -> Option<Cow<'d, [u8]>> {
        let input = matched(delivery, signature)?;
        // The label is not among them: it is not signed.
        let claims = serde_json::json!({
            "keyid": input.key_id,
            "nonce": input.nonce,
            "tag": input.tag,
            "created": input.created,
            "expires": input.expires,
        });
        serde_json::to_vec(&claims).ok().map(Cow::Owned)
    }

    fn content_digest_of(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        signature: Option<&str>,
    ) -> Option<[u8; 32]> {
        let input = matched(delivery, signature)?;
        let policy = policy(setup).ok()?;
        if policy.judges_digest_of(&input) && !delivery.body().is_empty() {
            return None;
        }
        // A body that is not covered is whatever a forger likes, and one that is empty is that of many
        // events. What is covered is then all that tells them apart, with the time of the signature.
        let message = Message::new(setup, delivery.head()).ok()?;
        input.base(&message).ok().map(|base| mac::sha256(&base))
    }
}

fn policy(setup: &Setup) -> Result<Policy, Rejection> {
    // `Verifier::build` has refused settings that cannot be read.
    Policy::of(setup).map_err(|_| Rejection::NotCovered)
}

/// The signatures of a delivery that would do if they are genuine.
fn candidates(policy: &Policy, head: &Head<'_>, has_body: bool) -> Result<Vec<Input>, Rejection> {
    let mut failure = Rejection::MissingSignature;
    let mut candidates = Vec::new();
    for input in input::read(head.headers())? {
        match input.and_then(|input| policy.check(&input, has_body).map(|()| input)) {
            Ok(input) => candidates.push(input),
            Err(rejection) => failure = rejection,
        }
    }
    if candidates.is_empty() { Err(failure) } else { Ok(candidates) }
}

/// Whether requests of this method have a body. One that nothing covers could be taken away, and what is
/// left would look like a request that never had any.
fn may_have_body(head: &Head<'_>) -> bool {
    matches!(head.method(), "POST" | "PUT" | "PATCH")
}

/// The signature that a delivery was verified by: that of the label in its proof. Any other may be
/// genuine, too, and of another time.
fn matched(delivery: &Delivery<'_>, label: Option<&str>) -> Option<Input> {
    let inputs = input::read(delivery.head().headers()).ok()?;
    inputs.into_iter().flatten().find(|input| Some(&*input.label) == label)
}

/// Finds a genuine signature, and the label of the key that made it.
fn find<'i>(
    setup: &Setup,
    head: &Head<'_>,
    inputs: &'i [Input],
    now: Timestamp,
) -> Result<(&'i Input, Text), Rejection> {
    let message = Message::new(setup, head)?;
    let mut failure = Rejection::BadSignature;
    let mut checks = MAX_CHECKS;
    for input in inputs {
        match find_key(setup, &message, input, now, &mut checks) {
            Ok(Some(key)) => return Ok((input, key)),
            Ok(None) => {}
            Err(rejection) => failure = rejection,
        }
    }
    Err(failure)
}

/// Finds the key that made a signature.
fn find_key(
    setup: &Setup,
    message: &Message<'_>,
    input: &Input,
    now: Timestamp,
    checks: &mut usize,
) -> Result<Option<Text>, Rejection> {
    let is_named =
        |id: Option<&str>| id.is_none() || input.key_id.is_none() || id == input.key_id.as_deref();
    let is_current = |key: &&NamedKey| key.expires.is_none_or(|expires| expires > now);
    let keys = setup.public_keys.iter().filter(|it| is_named(it.id.as_deref()));
    let keys = keys.filter(is_current);
    let keys = keys.filter_map(|key| Some((Key::Public(key), algorithm_of(key)?)));
    let secrets = setup.secrets.iter().filter(|it| is_named(it.id.as_deref()));
    let secrets = secrets.map(|secret| (Key::Secret(secret), Algorithm::HmacSha256));
    let mut candidates = keys.chain(secrets).peekable();
    if candidates.peek().is_none() {
        return Err(Rejection::UnknownKey);
    }
    let base = input.base(message)?;
    let mut failure = None;
    for (key, algorithm) in candidates {
        // Section 3.2, step 6: what the delivery says must not contradict what is known of the key.
        if input.algorithm.as_deref().is_some_and(|it| Some(it) != name_of(algorithm)) {
            failure = Some(Rejection::WrongAlgorithm);
            continue;
        }
        *checks = checks.checked_sub(1).ok_or(Rejection::TooManySignatures)?;
        if let Some(label) = key.verify(algorithm, &input.signature, &base)? {
            return Ok(Some(label));
        }
    }
    failure.map_or(Ok(None), Err)
}

/// A key of either kind.
enum Key<'s> {
    Public(&'s NamedKey),
    Secret(&'s NamedSecret),
}

impl Key<'_> {
    /// Its label, if it made the signature.
    fn verify(
        &self,
        algorithm: Algorithm,
        signature: &[u8],
        base: &[u8],
    ) -> Result<Option<Text>, Rejection> {
        match self {
            Self::Public(key) => {
                let verified = key.verify(algorithm, signature, &mut |sink| {
                    sink(base);
                    Ok(())
                })?;
                Ok(verified.then(|| key.label.clone()))
            }
            Self::Secret(secret) => {
                let mac = Mac::new(algorithm, &secret.material.key);
                let computed =
                    mac.ok_or(Rejection::BadSignature)?.compute(Some(signature), |it| {
                        it(base);
                        Ok(())
                    })?;
                let verified = matches!(computed, Computed::Matched(true));
                Ok(verified.then(|| secret.label.clone()))
            }
        }
    }
}

/// The algorithm that a key is used with. Keys of RSA have two, and must say which.
fn algorithm_of(key: &NamedKey) -> Option<Algorithm> {
    let fits = |algorithm: &&Algorithm| key.key.fits(**algorithm);
    let by_kind = [Algorithm::Ed25519, Algorithm::EcdsaP256Sha256, Algorithm::EcdsaP384Sha384];
    key.algorithm.or_else(|| by_kind.iter().find(fits).copied())
}

/// The name of an algorithm (section 3.3).
const fn name_of(algorithm: Algorithm) -> Option<&'static str> {
    Some(match algorithm {
        Algorithm::RsaPssSha512 => "rsa-pss-sha512",
        Algorithm::RsaSha256 => "rsa-v1_5-sha256",
        Algorithm::HmacSha256 => "hmac-sha256",
        Algorithm::EcdsaP256Sha256 => "ecdsa-p256-sha256",
        Algorithm::EcdsaP384Sha384 => "ecdsa-p384-sha384",
        Algorithm::Ed25519 => "ed25519",
        _ => return None,
    })
}
