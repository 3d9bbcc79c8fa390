//! Handshakes: how a receiver shows a sender that the endpoint is its own.
//!
//! Most of them are not authenticated, so they must neither sign what a forger likes, nor reflect
//! what a browser would run, nor replace a secret.

use core::fmt;

use zeroize::Zeroizing;

use crate::config_error::ConfigError;
use crate::delivery::{Delivery, Head};
use crate::external_url::ExternalUrl;
use crate::mac;
use crate::outside;
use crate::rejection::Rejection;
use crate::scheme::{Handshake, Scheme, SecretRules, Text};
use crate::secret::{self, KeyMaterial, Secret};
use crate::setting::{Setting, Settings};
use crate::verified::Verified;

mod body;
mod head;
mod reply;

pub use self::reply::HandshakeReply;

/// The most bytes that the body of a handshake may have. A longer one is taken for an event.
pub const MAX_HANDSHAKE_BODY: usize = 64 * 1024;

/// What was received: an event, or the sender's question whether the endpoint is the receiver's.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing else, and both must be dealt with")]
pub enum Received {
    /// An event that passed every check.
    Event(Verified),
    /// A handshake, with the answer to it. It is no event: nothing is to be done but to answer.
    Handshake(HandshakeReply),
}

/// What handshakes are answered with.
pub(crate) struct Handshaker {
    handshake: Handshake,
    settings: Settings,
    secrets: Vec<Answering>,
    external_url: Option<ExternalUrl>,
    /// Whether events can be verified.
    has_key: bool,
    /// Whether the sender may tell its secret.
    expected: bool,
}

/// A secret that answers are computed with.
struct Answering {
    label: Text,
    material: KeyMaterial,
}

impl Handshaker {
    /// `None` if the scheme has no handshake, or a feature that it needs is off: events are
    /// verified all the same.
    pub(crate) fn new(
        scheme: &Scheme,
        secrets: &[Secret],
        settings: &Settings,
        external_url: Option<&ExternalUrl>,
    ) -> Result<Option<Self>, ConfigError> {
        let Some(handshake) = &scheme.handshake else { return Ok(None) };
        if handshake.missing_feature().is_some() {
            return Ok(None);
        }
        check_settings(settings)?;
        let secrets = if handshake.needs_secret() { secrets } else { &[] };
        Ok(Some(Self {
            handshake: handshake.clone(),
            settings: settings.clone(),
            secrets: answering(secrets, &scheme.secret),
            external_url: external_url.cloned(),
            has_key: false,
            expected: false,
        }))
    }

    pub(crate) fn has_key(mut self, has_key: bool) -> Self {
        self.has_key = has_key;
        self
    }

    pub(crate) fn expected(mut self, expected: bool) -> Self {
        self.expected = expected;
        self
    }

    pub(crate) fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// The answer to a handshake that is not signed and has no body that matters; `None` if the
    /// head is not of one.
    pub(crate) fn in_head(&self, head: &Head<'_>) -> Option<Result<HandshakeReply, Rejection>> {
        head::answer(self, head)
    }

    /// Whether an unsigned handshake may be in the body.
    pub(crate) fn may_be_unsigned(&self, head: &Head<'_>) -> bool {
        body::may_be_unsigned(self, head)
    }

    /// The answer to a handshake that is not signed and in the body.
    pub(crate) fn in_unsigned_body(
        &self,
        scheme: &Scheme,
        delivery: &Delivery<'_>,
    ) -> Option<Result<HandshakeReply, Rejection>> {
        let is_short = delivery.body().len() <= MAX_HANDSHAKE_BODY;
        if !is_short || !self.may_be_unsigned(delivery.head()) {
            return None;
        }
        body::answer_unsigned(self, scheme, delivery)
    }

    /// The answer to a handshake that was verified.
    pub(crate) fn in_verified(
        &self,
        proof: &Verified,
        delivery: &Delivery<'_>,
    ) -> Option<Result<HandshakeReply, Rejection>> {
        if delivery.body().len() > MAX_HANDSHAKE_BODY {
            return None;
        }
        body::answer_verified(self, proof.secret(), delivery)
    }

    /// Whether the sender may tell the secret now: it is expected, and replaces none.
    fn takes_secret(&self) -> bool {
        self.expected && !self.has_key
    }

    /// Whether a value is one of those of a setting. An empty one equals nothing.
    fn matches(&self, setting: Setting, value: &[u8]) -> bool {
        let given = mac::sha256(value);
        let values = self.settings.all(setting).filter(|it| !it.is_empty());
        values.fold(false, |found, it| found | mac::equal(&mac::sha256(it.as_bytes()), &given))
    }

    /// The secret to answer with: the newest, unless it is known which one the sender has.
    fn secret(&self, label: Option<&str>) -> Option<&Answering> {
        match label {
            Some(label) => self.secrets.iter().find(|secret| secret.label == label),
            None => self.secrets.first(),
        }
    }
}

/// Whether what an event is signed over is a text that the answer to a handshake is signed over: then
/// anyone can have had it signed.
pub(crate) fn signs_alike(handshake: &Handshake, delivery: &Delivery<'_>) -> bool {
    match handshake {
        Handshake::X => reply::base64_token(delivery.body()).is_ok(),
        Handshake::Braintree => {
            let payload = outside::form_field(delivery.body(), "bt_payload");
            let payload = payload.ok().flatten().unwrap_or_default();
            reply::short_hex(outside::without_line_ends(&payload)).is_ok()
        }
        _ => false,
    }
}

/// Decodes secrets. What is wrong with one, the verifier of events reports.
fn answering(secrets: &[Secret], rules: &SecretRules) -> Vec<Answering> {
    let decode = |(index, secret): (usize, &Secret)| {
        let label = secret.label.clone().unwrap_or_else(|| secret::default_label(index));
        let material = secret::decode(&secret.text, rules).ok()?;
        Some(Answering { label, material })
    };
    secrets.iter().enumerate().filter_map(decode).collect()
}

/// Refuses what could not be sent in a header.
fn check_settings(settings: &Settings) -> Result<(), ConfigError> {
    let wrong = |setting| ConfigError::WrongSetting { setting };
    let is_rate = |rate: &str| {
        rate == "*" || (1..=9).contains(&rate.len()) && rate.bytes().all(|it| it.is_ascii_digit())
    };
    if !settings.all(Setting::AllowedRate).all(is_rate) {
        return Err(wrong(Setting::AllowedRate));
    }
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_graphic());
    for setting in [Setting::AllowedOrigin, Setting::PublicHalf] {
        if !settings.all(setting).all(is_word) {
            return Err(wrong(setting));
        }
    }
    Ok(())
}

impl fmt::Debug for Handshaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handshaker").field("handshake", &self.handshake).finish_non_exhaustive()
    }
}

/// A secret that a sender told.
pub(crate) type ToldSecret = Zeroizing<String>;
