//! A scheme with the keys to check it: finds the secret that signed a delivery.

use crate::config_error::{ConfigError, Warning};
use crate::content::{self, Feed, Writing};
use crate::delivery::{Delivery, Occurrence, single};
use crate::envelope::{Envelope, Group};
use crate::external_url::ExternalUrl;
use crate::json::{self, Scalar};
use crate::mac::{self, Computed, Mac, Sha256Digest};
use crate::outside::{self, Outside};
use crate::procedure::Keys;
use crate::public_key::NamedKey;
use crate::public_key::content::Content;
use crate::rejection::{HeaderRole, Rejection};
use crate::remote_keys::KeyRequest;
use crate::scheme::{Algorithm, Scheme, Text, TimestampPlace};
use crate::secret::KeyMaterial;
use crate::time::Timestamp;

/// How many signatures by private keys one delivery may present.
const MAX_PUBLIC_SIGNATURES: usize = 8;

/// How many checks of such signatures, each against each key, one delivery may cost.
const MAX_PUBLIC_CHECKS: usize = 16;

/// A scheme with the keys to check it.
pub(crate) struct Keyring {
    pub(crate) scheme: Scheme,
    pub(crate) keys: Vec<Key>,
    /// Whether keys are fetched, besides those that were given.
    pub(crate) remote_keys: bool,
    pub(crate) key_id: Option<Text>,
    pub(crate) external_url: Option<ExternalUrl>,
    pub(crate) decoded_limit: usize,
    pub(crate) warnings: Vec<Warning>,
    /// Whether the key is no one's: it makes refusing cost what it costs with a secret.
    pub(crate) accepts_nothing: bool,
}

pub(crate) struct Key {
    pub(crate) label: Text,
    pub(crate) check: KeyCheck,
    /// Kept only for schemes that digest it.
    pub(crate) material: Option<KeyMaterial>,
}

/// How a key checks a signature.
#[expect(clippy::large_enum_variant, reason = "the largest is the usual one, and is used at once")]
pub(crate) enum KeyCheck {
    Mac(Mac),
    /// The digest of a secret that is sent along as it is.
    Token([u8; 32]),
    Public(NamedKey),
}

impl KeyCheck {
    pub(crate) fn of_secret(algorithm: Algorithm, secret: &[u8]) -> Result<Self, ConfigError> {
        if algorithm.is_token() {
            return Ok(Self::Token(mac::sha256(secret)));
        }
        match Mac::new(algorithm, secret) {
            Some(mac) => Ok(Self::Mac(mac)),
            None if algorithm.is_public() => Err(ConfigError::WantsPublicKey),
            None => Err(ConfigError::FeatureOff { feature: "md5" }),
        }
    }
}

/// What signed a delivery, and when.
pub(crate) struct Signed {
    pub(crate) by: SignedBy,
    pub(crate) signed_at: Option<Timestamp>,
}

pub(crate) enum SignedBy {
    /// The secret at this place of the keyring.
    Secret(usize),
    /// The public key of this label.
    Key(Text),
}

impl Keyring {
    /// Whether all that it does is to digest and compare, and to read headers. So it is for most
    /// senders, which need not pay for what the others do.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.scheme.algorithm.tag_is_digest() && !Outside::is_read(&self.scheme)
    }

    /// Finds the secret that signed, and the time it signed, if the scheme [is
    /// plain](Self::is_plain).
    #[inline]
    pub(crate) fn check_plain(
        &self,
        delivery: &Delivery<'_>,
    ) -> Result<(usize, Option<Timestamp>), Rejection> {
        self.check_secrets(delivery, &outside::NOTHING)
    }

    /// Finds the secret or the key that signed, and the time it signed.
    pub(crate) fn check(
        &self,
        delivery: &Delivery<'_>,
        keys: Keys<'_>,
        now: Timestamp,
    ) -> Result<Signed, Rejection> {
        let outside = Outside::read(&self.scheme, delivery.head(), Some(delivery.body()))?;
        if !self.scheme.algorithm.is_public() {
            let (secret, signed_at) = self.check_secrets(delivery, &outside)?;
            return Ok(Signed { by: SignedBy::Secret(secret), signed_at });
        }
        let mut envelope = Envelope::new(&self.scheme, delivery.head(), &outside);
        envelope.open(self.key_id.as_deref())?;
        let found = envelope.find_group(|group| {
            let group = group?;
            let by = self.match_public(&envelope, group, delivery, keys, now)?;
            let Some(by) = by.map(SignedBy::Key) else { return Ok(None) };
            Ok(Some(Signed { by, signed_at: self.signed_time(group, delivery)? }))
        })?;
        found.ok_or(Rejection::BadSignature)
    }

    fn check_secrets<'d>(
        &'d self,
        delivery: &Delivery<'d>,
        outside: &'d Outside<'d>,
    ) -> Result<(usize, Option<Timestamp>), Rejection> {
        let mut envelope = Envelope::new(&self.scheme, delivery.head(), outside);
        envelope.open(self.key_id.as_deref())?;
        let found = envelope.find_group(|group| {
            let group = group?;
            let Some(by) = self.match_group(&envelope, group, delivery)? else { return Ok(None) };
            Ok(Some((by, self.signed_time(group, delivery)?)))
        })?;
        found.ok_or(Rejection::BadSignature)
    }

    /// The keys that must be fetched to verify a delivery.
    pub(crate) fn key_requests(
        &self,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<KeyRequest>, Rejection> {
        let Some(remote) = self.scheme.remote_keys.as_ref().filter(|_| self.remote_keys) else {
            return Ok(Vec::new());
        };
        let request = KeyRequest::new(&self.scheme.id, &*remote.url, remote.form.clone());
        Ok(vec![match self.named_key(delivery)? {
            Some(id) => request.of_key(id),
            None => request,
        }])
    }

    /// The id of the key that a delivery names, if the sender names keys.
    fn named_key<'d>(&self, delivery: &Delivery<'d>) -> Result<Option<&'d str>, Rejection> {
        let Some(name) = &self.scheme.key_id_header else { return Ok(None) };
        let role = HeaderRole::KeyId;
        match single(delivery.head().headers(), name) {
            // It may go into a question to the sender, and into what remembers the answer.
            Occurrence::Once(id) if is_key_id(id) => {
                Ok(Some(core::str::from_utf8(id).map_err(|_| Rejection::WrongHeader(role))?))
            }
            Occurrence::Once(_) => Err(Rejection::WrongHeader(role)),
            Occurrence::Absent => Err(Rejection::MissingHeader(role)),
            Occurrence::Differing => Err(Rejection::AmbiguousHeader(role)),
        }
    }

    /// Finds the public key whose private half signed, among those that were given and fetched.
    fn match_public(
        &self,
        envelope: &Envelope<'_>,
        group: &Group<'_>,
        delivery: &Delivery<'_>,
        fetched: Keys<'_>,
        now: Timestamp,
    ) -> Result<Option<Text>, Rejection> {
        let id = self.named_key(delivery)?;
        let mut signatures = Vec::new();
        envelope.tags(group, &mut |_, signature| signatures.push(signature.to_vec()))?;
        // To check one is dear, and none is cheaper for being checked with others.
        if signatures.len() > MAX_PUBLIC_SIGNATURES {
            return Err(Rejection::TooManySignatures);
        }
        let algorithm = self.scheme.algorithm;
        let may_have_signed = |key: &&NamedKey| {
            let is_named = id.is_none() || key.id.is_none() || key.id.as_deref() == id;
            let is_current = key.expires.is_none_or(|expires| expires > now);
            is_named && is_current && key.fits(algorithm)
        };
        let public = self.keys.iter().filter_map(|key| match &key.check {
            KeyCheck::Public(key) => Some(key),
            _ => None,
        });
        let mut keys: Vec<_> = public.filter(may_have_signed).collect();
        if keys.is_empty() {
            for request in self.key_requests(delivery)? {
                keys.extend(fetched.answer(&request)?.keys.iter().filter(may_have_signed));
            }
        }
        if keys.is_empty() {
            return Err(Rejection::UnknownKey);
        }
        if keys.len() * signatures.len() > MAX_PUBLIC_CHECKS {
            return Err(Rejection::TooManySignatures);
        }
        let content = Content::of(algorithm, &mut |sink| {
            self.feed(None).run(envelope, group, delivery, &mut |piece| sink(piece))
        })?;
        for key in keys {
            for signature in &signatures {
                if key.key.verify_content(algorithm, signature, &content) {
                    return Ok(Some(key.label.clone()));
                }
            }
        }
        Ok(None)
    }

    fn feed<'v>(&'v self, material: Option<&'v KeyMaterial>) -> Feed<'v> {
        Feed {
            writing: Writing::AsSent,
            decoded_limit: self.decoded_limit,
            material,
            external_url: self.external_url.as_ref(),
            stable_only: false,
        }
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
                let feed = Feed { writing: *writing, ..self.feed(key.material.as_ref()) };
                let computed = match &key.check {
                    KeyCheck::Mac(mac) => {
                        let only = group.only_tag(self.scheme.algorithm.tag_bytes());
                        mac.compute(only, |sink| {
                            feed.run(envelope, group, delivery, &mut |piece| sink(piece))
                        })?
                    }
                    KeyCheck::Token(digest) => {
                        Computed::Matched(token_matches(digest, envelope, group)?)
                    }
                    KeyCheck::Public(_) => continue,
                };
                // The comparison comes first, so that it takes its time.
                if self.matches(&computed, envelope, group, index)? && !self.accepts_nothing {
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
        let may_be = |slot: usize| !self.scheme.signature.headers.is_paired() || slot == secret;
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

    /// The time that was signed: from the envelope, or out of a body that is now authentic.
    fn signed_time(
        &self,
        group: &Group<'_>,
        delivery: &Delivery<'_>,
    ) -> Result<Option<Timestamp>, Rejection> {
        let Some(source) = &self.scheme.timestamp else { return Ok(None) };
        let (pointer, may_be_text) = match &source.place {
            TimestampPlace::Body(pointer) => (pointer, false),
            TimestampPlace::BodyText(pointer) => (pointer, true),
            _ => return Ok(group.signed_at),
        };
        match json::scalar(delivery.body(), pointer) {
            Some(Scalar::Text(text)) if may_be_text => {
                let told = source.format.parse(text.as_bytes());
                Ok(told.ok_or(Rejection::MalformedTimestamp)?.time())
            }
            Some(Scalar::Integer(number)) => {
                let told = source.format.parse(number.to_string().as_bytes());
                Ok(told.ok_or(Rejection::MalformedTimestamp)?.time())
            }
            _ => Err(Rejection::MalformedTimestamp),
        }
    }

    /// The SHA-256 of what is signed and the same in every attempt. Where nothing or only a few
    /// fields of the body are signed, of the whole body: a second event may be alike in those.
    pub(crate) fn content_digest(&self, delivery: &Delivery<'_>) -> Result<[u8; 32], Rejection> {
        let mut digest = Sha256Digest::new();
        let coverage = self.scheme.coverage();
        let some_of_it = !coverage.body() && !coverage.form_field();
        if self.scheme.algorithm.is_token() || some_of_it {
            digest.update(delivery.body());
            return Ok(digest.finish());
        }
        let outside = Outside::read(&self.scheme, delivery.head(), Some(delivery.body()))?;
        let mut envelope = Envelope::new(&self.scheme, delivery.head(), &outside);
        envelope.open(None)?;
        let feed = Feed { stable_only: true, ..self.feed(None) };
        envelope.find_group(|group| {
            // What is stable is the same for all groups.
            feed.run(&envelope, group?, delivery, &mut |piece| digest.update(piece)).map(Some)
        })?;
        Ok(digest.finish())
    }
}

/// Whether it may be the id of a key: letters, digits and what stands between them in ids.
fn is_key_id(id: &[u8]) -> bool {
    let may_be = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    (1..=128).contains(&id.len()) && id.iter().all(may_be)
}

/// Whether a secret that is sent along is there, without telling how much of it is right.
fn token_matches(
    digest: &[u8; 32],
    envelope: &Envelope<'_>,
    group: &Group<'_>,
) -> Result<bool, Rejection> {
    let mut matched = false;
    envelope.tags(group, &mut |_, token| matched |= mac::equal(&mac::sha256(token), digest))?;
    Ok(matched)
}
