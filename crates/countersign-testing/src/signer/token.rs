//! JSON Web Tokens, as senders make them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use countersign::{
    Algorithm, ClaimRule, ClaimValue, EmptyBody, Encoding, JwtRules, Setting, Timestamp,
};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::SignError;

/// How long a token is valid that says so, in seconds.
const LIFE: i64 = 60;

/// What a token is made of besides its rules.
pub(super) struct Making<'m> {
    pub(super) rules: &'m JwtRules,
    pub(super) now: Option<Timestamp>,
    pub(super) key_id: Option<&'m str>,
    /// The URL that the sender calls.
    pub(super) url: &'m str,
    pub(super) body: &'m [u8],
    pub(super) settings: &'m [(Setting, String)],
}

impl Making<'_> {
    /// Makes a token that `sign` signs.
    pub(super) fn token(
        &self,
        algorithm: Algorithm,
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, SignError>,
    ) -> Result<String, SignError> {
        let mut header = json!({ "alg": name(algorithm).ok_or(SignError::UnknownPart)? });
        if let (Some(header), Some(id)) = (header.as_object_mut(), self.key_id) {
            header.insert("kid".to_owned(), id.into());
        }
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let payload = if self.rules.detached {
            encode(self.body)
        } else {
            encode(Value::Object(self.claims()?).to_string().as_bytes())
        };
        let signed = format!("{}.{payload}", encode(header.to_string().as_bytes()));
        let signature = encode(&sign(signed.as_bytes())?);
        Ok(if self.rules.detached {
            format!("{}..{signature}", encode(header.to_string().as_bytes()))
        } else {
            format!("{signed}.{signature}")
        })
    }

    fn claims(&self) -> Result<Map<String, Value>, SignError> {
        let mut claims = Map::new();
        for rule in self.rules.claims.iter() {
            if let (Some(name), Some(value)) = (rule.names.first(), self.claim(rule)?) {
                claims.insert(name.to_string(), value);
            }
        }
        let now = || self.now.map(Timestamp::as_unix_seconds).ok_or(SignError::NoTime);
        if let Some(name) = &self.rules.times.signed_at {
            claims.insert(name.to_string(), now()?.into());
        }
        if self.rules.times.expires {
            claims.insert("exp".to_owned(), (now()? + LIFE).into());
        }
        Ok(claims)
    }

    fn claim(&self, rule: &ClaimRule) -> Result<Option<Value>, SignError> {
        let setting = |wanted: Setting| {
            let mut them = self.settings.iter().filter(|(it, _)| *it == wanted);
            them.next().map(|(_, value)| Value::from(value.as_str()))
        };
        Ok(match &rule.expected {
            ClaimValue::OneOf(values) => values.first().map(|it| Value::from(it.as_ref())),
            ClaimValue::True => Some(true.into()),
            ClaimValue::Setting(wanted) => {
                Some(setting(*wanted).ok_or(SignError::NoSetting(*wanted))?)
            }
            ClaimValue::SettingIfGiven(wanted) => setting(*wanted),
            ClaimValue::Endpoint => {
                Some(setting(Setting::Audience).unwrap_or_else(|| self.url.into()))
            }
            ClaimValue::BodySha256 { empty: EmptyBody::Absent, .. } if self.body.is_empty() => None,
            ClaimValue::BodySha256 { encoding, .. } => Some(digest(*encoding, self.body)),
            ClaimValue::UrlSha256(encoding) => Some(digest(*encoding, self.url.as_bytes())),
            _ => return Err(SignError::UnknownPart),
        })
    }
}

fn digest(encoding: Encoding, content: &[u8]) -> Value {
    let digest = Sha256::digest(content);
    match encoding {
        Encoding::Base64 => STANDARD.encode(digest).into(),
        Encoding::Base64Url => URL_SAFE_NO_PAD.encode(digest).into(),
        _ => const_hex::encode(digest).into(),
    }
}

/// The name of an algorithm in tokens
/// ([RFC 7518](https://www.rfc-editor.org/rfc/rfc7518#section-3.1), read 2026-11-24).
fn name(algorithm: Algorithm) -> Option<&'static str> {
    Some(match algorithm {
        Algorithm::HmacSha256 => "HS256",
        Algorithm::HmacSha384 => "HS384",
        Algorithm::HmacSha512 => "HS512",
        Algorithm::RsaSha256 => "RS256",
        Algorithm::RsaSha384 => "RS384",
        Algorithm::RsaSha512 => "RS512",
        Algorithm::EcdsaP256Sha256 => "ES256",
        Algorithm::Ed25519 => "EdDSA",
        _ => return None,
    })
}
