//! How a sender signs, as data.
//!
//! A [`Scheme`] has no branches and no loops: verifying with it always costs a few header
//! look-ups and one pass over the body for each secret. What no scheme can say is written as a
//! [`Check`](crate::Check).

use std::borrow::Cow;

use crate::setting::Setting;
use crate::time::{TimestampFormat, Tolerance};

mod check;
mod handshake;
mod jwt;
mod remote_keys;
pub(crate) mod syntax;

pub use self::check::SchemeError;
pub use self::handshake::{Echo, Handshake, Mark};
pub use self::jwt::{ClaimRule, ClaimValue, EmptyBody, JwtRules, TokenPlace, TokenTimes};
pub use self::remote_keys::{KeyForm, RemoteKeys};
pub use crate::code::Code;

/// Text of a scheme: borrowed in the catalogue, owned when read from a config file.
pub type Text = Cow<'static, str>;
/// A list of a scheme: borrowed in the catalogue, owned when read from a config file.
pub type List<T> = Cow<'static, [T]>;

/// How a sender signs its deliveries.
///
/// The [catalogue](crate::catalog) has one for each known sender. For a private sender, start
/// from [`Scheme::new`] and set fields, or read one from a config file (feature `serde`):
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use countersign::Scheme;
///
/// let scheme: Scheme = toml::from_str(r#"
///     id = "acme"
///     algorithm = "hmac-sha256"
///     signed = ["timestamp", { literal = "." }, "body"]
///
///     [signature]
///     headers = { first = ["X-Acme-Signature"] }
///     syntax = { prefixed = "v1=" }
///     encoding = "base64"
///
///     [timestamp]
///     place = { header = ["X-Acme-Timestamp"] }
///     format = "seconds"
/// "#).unwrap();
/// assert_eq!(scheme.check(), Ok(()));
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Scheme {
    /// A short name, unique in the catalogue: `stripe`.
    pub id: Text,
    /// How a delivery is judged.
    #[cfg_attr(feature = "serde", serde(default))]
    pub procedure: Procedure,
    /// The digest or the signature algorithm.
    pub algorithm: Algorithm,
    /// What is digested, piece after piece.
    pub signed: List<Part>,
    /// Which form of the body the pieces stand for.
    #[cfg_attr(feature = "serde", serde(default))]
    pub body: BodyForm,
    /// How the secret becomes a key.
    #[cfg_attr(feature = "serde", serde(default))]
    pub secret: SecretRules,
    /// Where the signatures are and how they are written.
    pub signature: Signature,
    /// Where the signed timestamp is; `None` if no time is signed.
    #[cfg_attr(feature = "serde", serde(default))]
    pub timestamp: Option<TimestampSource>,
    /// How far the signed timestamp may lie from now.
    #[cfg_attr(feature = "serde", serde(default))]
    pub tolerance: Tolerance,
    /// Headers that must be there with a constant value.
    #[cfg_attr(feature = "serde", serde(default))]
    pub required_headers: List<RequiredHeader>,
    /// The header that names the key. It must equal the key id given to the verifier.
    #[cfg_attr(feature = "serde", serde(default))]
    pub key_id_header: Option<Text>,
    /// Where the id of the delivery or the event is.
    #[cfg_attr(feature = "serde", serde(default))]
    pub delivery_id: Lookup,
    /// Where an id is that is signed, the same in every attempt to deliver one event, and in no
    /// delivery of another: what duplicates are told by. [`Lookup::Absent`] if there is none or
    /// it is not certain; duplicates are then told by their [content](crate::KeySource::Content).
    #[cfg_attr(feature = "serde", serde(default))]
    pub event_id: Lookup,
    /// Where the type of the event is.
    #[cfg_attr(feature = "serde", serde(default))]
    pub event_type: Lookup,
    /// Where the events are, if one delivery carries several.
    #[cfg_attr(feature = "serde", serde(default))]
    pub batch: Option<Batch>,
    /// The largest body in bytes that the sender's page states; `None` if it states none.
    #[cfg_attr(feature = "serde", serde(default))]
    pub max_body: Option<u32>,
    /// How long after its first attempt the sender may deliver an event again, in seconds; `None`
    /// if unknown. Where it retries by hand only, how long it keeps deliveries for that.
    #[cfg_attr(feature = "serde", serde(default))]
    pub retry_horizon: Option<u32>,
    /// What the sender makes of the answers it gets.
    #[cfg_attr(feature = "serde", serde(default))]
    pub reply: Reply,
    /// Where the sender publishes its public keys; `None` if it has none, or publishes them for
    /// people only.
    #[cfg_attr(feature = "serde", serde(default))]
    pub remote_keys: Option<RemoteKeys>,
    /// How the sender makes sure that the endpoint is the receiver's; `None` if it does not.
    #[cfg_attr(feature = "serde", serde(default))]
    pub handshake: Option<Handshake>,
    /// What is known of the sender besides. Changes nothing about verification.
    #[cfg_attr(feature = "serde", serde(default))]
    pub about: About,
}

impl Scheme {
    /// A scheme that signs the body alone and sends one bare hexadecimal signature.
    ///
    /// ```
    /// use countersign::{Algorithm, Part, Scheme, Syntax};
    ///
    /// let mut scheme = Scheme::new("acme", Algorithm::HmacSha256, "X-Acme-Signature");
    /// scheme.signature.syntax = Syntax::Prefixed("sha256=".into());
    /// assert_eq!(*scheme.signed, [Part::Body]);
    /// assert_eq!(scheme.check(), Ok(()));
    /// ```
    #[must_use]
    pub fn new(id: impl Into<Text>, algorithm: Algorithm, header: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            procedure: Procedure::Signature,
            algorithm,
            signed: Cow::Borrowed(&[Part::Body]),
            body: BodyForm::Raw,
            secret: SecretRules::default(),
            signature: Signature {
                headers: SignatureHeaders::First(Cow::Owned(vec![header.into()])),
                syntax: Syntax::Bare,
                encoding: Encoding::Hex,
            },
            timestamp: None,
            tolerance: Tolerance::default(),
            required_headers: Cow::Borrowed(&[]),
            key_id_header: None,
            delivery_id: Lookup::Absent,
            event_id: Lookup::Absent,
            event_type: Lookup::Absent,
            batch: None,
            max_body: None,
            retry_horizon: None,
            reply: Reply::default(),
            remote_keys: None,
            handshake: None,
            about: About::default(),
        }
    }

    /// What judges a delivery, if data does not.
    pub(crate) fn procedure(&self) -> Option<&dyn crate::procedure::Procedure> {
        match &self.procedure {
            Procedure::Signature => None,
            #[cfg(feature = "jwt")]
            Procedure::Jwt(rules) => Some(rules),
            #[cfg(not(feature = "jwt"))]
            Procedure::Jwt(_) => None,
            Procedure::Code(code) => Some(code.procedure()),
        }
    }

    /// The [settings](crate::VerifierBuilder::setting) without which no verifier is built, and those that
    /// make a difference besides.
    #[must_use]
    pub fn settings(&self) -> (Vec<Setting>, Vec<Setting>) {
        let mut required = Vec::new();
        let mut optional = Vec::new();
        if let Some(procedure) = self.procedure() {
            required.extend_from_slice(procedure.required_settings());
            optional.extend_from_slice(procedure.optional_settings());
        }
        let mut has_own_keys = self.remote_keys.as_ref().is_some_and(|keys| keys.url.is_empty());
        match &self.procedure {
            Procedure::Signature => {}
            Procedure::Jwt(rules) => {
                rules.add_settings(&mut required, &mut optional);
                has_own_keys = self.remote_keys.is_some();
            }
            // Code makes up the URL.
            Procedure::Code(_) => has_own_keys = false,
        }
        if has_own_keys {
            optional.push(Setting::KeysUrl);
        }
        for setting in self.handshake.iter().flat_map(Handshake::settings) {
            if !required.contains(setting) && !optional.contains(setting) {
                optional.push(*setting);
            }
        }
        (required, optional)
    }

    /// Whether a verifier must be told the [URL](crate::VerifierBuilder::external_url) that the sender
    /// calls.
    #[must_use]
    pub fn signs_external_url(&self) -> bool {
        let signs = self.signed.contains(&Part::ExternalUrl);
        signs || self.procedure().is_some_and(crate::procedure::Procedure::needs_external_url)
    }

    /// Whether the delivery id is among the signed bytes.
    #[must_use]
    pub fn signs_delivery_id(&self) -> bool {
        self.signs(&self.delivery_id)
    }

    /// Whether every place of a lookup is among the signed bytes.
    fn signs(&self, lookup: &Lookup) -> bool {
        // Of the headers that may hold the delivery id, one is signed. Which it is, only a reading
        // of the whole lookup tells.
        let is_delivery_id = self.coverage().delivery_id_header() && *lookup == self.delivery_id;
        let signed = |place: &Place| match place {
            Place::Header(name) => {
                is_delivery_id
                    || self.signed.iter().any(|part| {
                        matches!(part, Part::Header(signed) | Part::Nonce(signed)
                            if signed.eq_ignore_ascii_case(name))
                    })
            }
            Place::Body(at) => {
                self.coverage().body() || self.signed.contains(&Part::BodyValue(at.clone()))
            }
            Place::Query(name) => self.signed.contains(&Part::Query(name.clone())),
            Place::FormField(name) => {
                self.coverage().body() || self.signed.contains(&Part::FormField(name.clone()))
            }
            // A token is signed as a whole.
            Place::Claim(_) => true,
        };
        match lookup {
            Lookup::Absent => false,
            Lookup::First(places) | Lookup::Joined(places) => places.iter().all(signed),
        }
    }

    /// What the signature covers.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let signs = |wanted: fn(&Part) -> bool| self.signed.iter().any(wanted);
        let body = signs(|part| matches!(part, Part::Body | Part::BodyDigest | Part::SortedForm));
        match &self.procedure {
            Procedure::Signature => {}
            Procedure::Jwt(rules) => return rules.coverage(),
            Procedure::Code(code) => return code.coverage(),
        }
        if self.algorithm.is_token() {
            return Coverage::NOTHING;
        }
        Coverage {
            body: body && !matches!(self.body, BodyForm::FormField(_)),
            form_field: body && matches!(self.body, BodyForm::FormField(_)),
            fields: signs(|part| matches!(part, Part::BodyValue(_) | Part::FormField(_))),
            timestamp: self.timestamp.is_some(),
            delivery_id: self.signed.contains(&Part::DeliveryId),
            method: signs(|part| matches!(part, Part::Method)),
            url: signs(|part| matches!(part, Part::PathAndQuery | Part::ExternalUrl)),
        }
    }
}

/// The digest or the signature algorithm a scheme uses.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256 ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104), read 2026-11-24).
    #[cfg_attr(feature = "serde", serde(rename = "hmac-sha256"))]
    HmacSha256,
    /// HMAC with SHA-384.
    #[cfg_attr(feature = "serde", serde(rename = "hmac-sha384"))]
    HmacSha384,
    /// HMAC with SHA-512.
    #[cfg_attr(feature = "serde", serde(rename = "hmac-sha512"))]
    HmacSha512,
    /// HMAC with SHA-1. Not known to be broken as a MAC, but a sender that offers SHA-256 too
    /// should be asked for it.
    #[cfg_attr(feature = "serde", serde(rename = "hmac-sha1"))]
    HmacSha1,
    /// HMAC with MD5 (feature `md5`).
    #[cfg_attr(feature = "serde", serde(rename = "hmac-md5"))]
    HmacMd5,
    /// Plain SHA-256 over content that has [`Part::Secret`] in it.
    ///
    /// Where the secret comes first and nothing is signed after the body, the construction is
    /// open to length extension: a captured signature extends to that body with bytes appended.
    #[cfg_attr(feature = "serde", serde(rename = "sha256"))]
    Sha256,
    /// Plain SHA-1 over content that has [`Part::Secret`] in it.
    #[cfg_attr(feature = "serde", serde(rename = "sha1"))]
    Sha1,
    /// Plain SHA-512 over content that has [`Part::Secret`] in it.
    #[cfg_attr(feature = "serde", serde(rename = "sha512"))]
    Sha512,
    /// Plain MD5 over content that has [`Part::Secret`] in it (feature `md5`). Collisions of MD5 are
    /// cheap; a preimage is not known. A sender that offers anything else should be asked for it.
    #[cfg_attr(feature = "serde", serde(rename = "md5"))]
    Md5,
    /// The signature is the secret itself, compared with it in constant time. It covers nothing: who
    /// sees one delivery can make others.
    #[cfg_attr(feature = "serde", serde(rename = "token"))]
    Token,
    /// Basic authentication ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617), read 2026-11-24):
    /// the secret is `user:password`. It covers nothing.
    #[cfg_attr(feature = "serde", serde(rename = "basic"))]
    Basic,
    /// Ed25519 ([RFC 8032](https://www.rfc-editor.org/rfc/rfc8032), read 2026-11-24), strict: no
    /// small-order keys, no second spelling of a signature (feature `ed25519`).
    #[cfg_attr(feature = "serde", serde(rename = "ed25519"))]
    Ed25519,
    /// ECDSA on P-256 with SHA-256; signatures in DER (feature `p256`).
    #[cfg_attr(feature = "serde", serde(rename = "ecdsa-p256-sha256-der"))]
    EcdsaP256Sha256Der,
    /// ECDSA on P-256 with SHA-1; signatures in DER (feature `p256`).
    #[cfg_attr(feature = "serde", serde(rename = "ecdsa-p256-sha1-der"))]
    EcdsaP256Sha1Der,
    /// ECDSA on P-256 with SHA-256; signatures are r and s in 32 bytes each (feature `p256`).
    #[cfg_attr(feature = "serde", serde(rename = "ecdsa-p256-sha256"))]
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384; signatures are r and s in 48 bytes each (feature `p384`).
    #[cfg_attr(feature = "serde", serde(rename = "ecdsa-p384-sha384"))]
    EcdsaP384Sha384,
    /// ECDSA on P-521 with SHA-512; signatures are r and s in 66 bytes each (feature `p521`).
    #[cfg_attr(feature = "serde", serde(rename = "ecdsa-p521-sha512"))]
    EcdsaP521Sha512,
    /// RSA with PKCS #1 v1.5 padding and SHA-1 (feature `rsa`). Whoever can choose what a sender signs
    /// may find two contents with one signature.
    #[cfg_attr(feature = "serde", serde(rename = "rsa-sha1"))]
    RsaSha1,
    /// RSA with PKCS #1 v1.5 padding and SHA-256 (feature `rsa`).
    #[cfg_attr(feature = "serde", serde(rename = "rsa-sha256"))]
    RsaSha256,
    /// The same over the SHA-256 of the content: it is digested twice (feature `rsa`).
    #[cfg_attr(feature = "serde", serde(rename = "rsa-sha256-of-digest"))]
    RsaSha256OfDigest,
    /// RSA with PKCS #1 v1.5 padding and SHA-384 (feature `rsa`).
    #[cfg_attr(feature = "serde", serde(rename = "rsa-sha384"))]
    RsaSha384,
    /// RSA with PKCS #1 v1.5 padding and SHA-512 (feature `rsa`).
    #[cfg_attr(feature = "serde", serde(rename = "rsa-sha512"))]
    RsaSha512,
    /// RSA-PSS with SHA-256 and a salt of 32 bytes (feature `rsa`).
    #[cfg_attr(feature = "serde", serde(rename = "rsa-pss-sha256"))]
    RsaPssSha256,
    /// RSA-PSS with SHA-384 and a salt of 48 bytes (feature `rsa`).
    #[cfg_attr(feature = "serde", serde(rename = "rsa-pss-sha384"))]
    RsaPssSha384,
    /// RSA-PSS with SHA-512 and a salt of 64 bytes (feature `rsa`).
    #[cfg_attr(feature = "serde", serde(rename = "rsa-pss-sha512"))]
    RsaPssSha512,
}

impl Algorithm {
    /// The length of a tag in bytes, where all have one length.
    #[must_use]
    pub const fn tag_bytes(self) -> usize {
        match self {
            Self::HmacSha256 | Self::Sha256 => 32,
            Self::HmacSha384 => 48,
            Self::HmacSha512 | Self::Sha512 | Self::Ed25519 | Self::EcdsaP256Sha256 => 64,
            Self::HmacSha1 | Self::Sha1 => 20,
            Self::HmacMd5 | Self::Md5 => 16,
            Self::EcdsaP384Sha384 => 96,
            Self::EcdsaP521Sha512 => 132,
            Self::Token
            | Self::Basic
            | Self::EcdsaP256Sha256Der
            | Self::EcdsaP256Sha1Der
            | Self::RsaSha1
            | Self::RsaSha256
            | Self::RsaSha256OfDigest
            | Self::RsaSha384
            | Self::RsaSha512
            | Self::RsaPssSha256
            | Self::RsaPssSha384
            | Self::RsaPssSha512 => 0,
        }
    }

    /// Whether the secret is the key of an HMAC, not a part of what is digested.
    #[must_use]
    pub const fn is_keyed(self) -> bool {
        matches!(
            self,
            Self::HmacSha256 | Self::HmacSha384 | Self::HmacSha512 | Self::HmacSha1 | Self::HmacMd5
        )
    }

    /// Whether the secret is sent along as it is, so that it authenticates nothing but itself.
    #[must_use]
    pub const fn is_token(self) -> bool {
        matches!(self, Self::Token | Self::Basic)
    }

    /// Whether a tag is a digest that the secret went into.
    pub(crate) const fn tag_is_digest(self) -> bool {
        !self.is_token() && !self.is_public()
    }

    /// Whether the sender signs with a private key, and the receiver checks with a
    /// [public one](crate::PublicKey).
    #[must_use]
    pub const fn is_public(self) -> bool {
        self.feature().is_some()
    }

    /// The feature that a public-key algorithm needs.
    pub(crate) const fn feature(self) -> Option<&'static str> {
        match self {
            Self::Ed25519 => Some("ed25519"),
            Self::EcdsaP256Sha256Der | Self::EcdsaP256Sha1Der | Self::EcdsaP256Sha256 => {
                Some("p256")
            }
            Self::EcdsaP384Sha384 => Some("p384"),
            Self::EcdsaP521Sha512 => Some("p521"),
            Self::RsaSha1
            | Self::RsaSha256
            | Self::RsaSha256OfDigest
            | Self::RsaSha384
            | Self::RsaSha512
            | Self::RsaPssSha256
            | Self::RsaPssSha384
            | Self::RsaPssSha512 => Some("rsa"),
            Self::HmacSha256
            | Self::HmacSha384
            | Self::HmacSha512
            | Self::HmacSha1
            | Self::HmacMd5
            | Self::Sha256
            | Self::Sha1
            | Self::Sha512
            | Self::Md5
            | Self::Token
            | Self::Basic => None,
        }
    }
}

/// One piece of the signed content.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Part {
    /// The body, in the scheme's [form](Scheme::body).
    Body,
    /// The SHA-256 of the body, as lower-case hexadecimal text.
    BodyDigest,
    /// The text of the timestamp, as it was sent.
    Timestamp,
    /// The text of the delivery id header, as it was sent.
    DeliveryId,
    /// The same text in every delivery.
    Literal(Text),
    /// The value of a header. It is part of what events are told apart by.
    Header(Text),
    /// The value of a header that is another in each attempt to deliver one event.
    Nonce(Text),
    /// The value of a field beside the signature, in the same header.
    Field(Text),
    /// The secret itself, for digests that are not keyed.
    Secret,
    /// The public half of the secret ([`SecretFormat::AppKeyAndText`]).
    AppKey,
    /// The method of the request.
    Method,
    /// The path and query of the request's URL.
    PathAndQuery,
    /// The URL as the sender knows it. The verifier must be told
    /// [how](crate::VerifierBuilder::external_url).
    ExternalUrl,
    /// The decoded value of a parameter of the query, once.
    Query(Text),
    /// The text of the scalar at this JSON pointer of the body; an absent one is empty.
    BodyValue(Text),
    /// The decoded value of a field of the form that the body is.
    FormField(Text),
    /// The name and value of every field of the form that the body is, sorted by name.
    SortedForm,
    /// The headers named in the given header, as `name:value` joined by `;` in the listed order.
    ///
    /// The list must contain the header that holds the list and the one that holds the timestamp.
    ListedHeaders(Text),
}

/// How a delivery is judged.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Procedure {
    /// By the algorithm, the signed parts and the signature of the [`Scheme`].
    #[default]
    Signature,
    /// By the JSON Web Token that comes with it (feature `jwt`).
    Jwt(JwtRules),
    /// By code of this crate, under the name of what it judges. The other fields of the scheme then say
    /// what they can, for the reader.
    Code(Code),
}

/// Which form of the body is signed.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum BodyForm {
    /// The bytes as they came over the wire.
    #[default]
    Raw,
    /// With `Content-Encoding: gzip`, the decompressed bytes (feature `gzip`); else as they came.
    Gunzipped,
    /// As they came, or with each character beyond ASCII written as `\uXXXX`. Costs a second
    /// digest for bodies that hold such characters and did not match as they came.
    RawOrEscaped,
    /// With `Content-Type: application/x-www-form-urlencoded`, the decoded value of this field
    /// (feature `form`); else as they came.
    FormField(Text),
}

/// How the secret becomes a key.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct SecretRules {
    /// How the text is decoded.
    pub format: SecretFormat,
    /// What users paste by mistake.
    #[cfg_attr(feature = "serde", serde(default))]
    pub wrong: List<WrongSecret>,
}

impl Default for SecretRules {
    fn default() -> Self {
        Self { format: SecretFormat::Text, wrong: Cow::Borrowed(&[]) }
    }
}

/// Something that looks like a secret but is not the signing secret.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct WrongSecret {
    /// How it begins.
    pub prefix: Text,
    /// What it is: "a Stripe API key".
    pub kind: Text,
}

/// How the text of a secret is decoded.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum SecretFormat {
    /// The UTF-8 bytes of the text are the key, even if it looks like base64.
    Text,
    /// The same, in Unicode normalisation form KD (feature `nfkd`).
    TextNfkd,
    /// Hexadecimal.
    Hex,
    /// Base64, with or without padding.
    Base64,
    /// Base64, with or without `whsec_` in front.
    Whsec,
    /// Base64, with or without `v1,whsec_` in front.
    VersionedWhsec,
    /// Base64 if `whsec_` is in front, else text.
    WhsecOrText,
    /// A public app key, a colon and the secret as text.
    AppKeyAndText,
    /// A user, a colon and a password, which may hold further colons. The user may be empty.
    UserAndPassword,
}

/// Where signatures are and how they are written.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct Signature {
    /// The headers that hold signatures.
    pub headers: SignatureHeaders,
    /// The grammar of a header's value.
    pub syntax: Syntax,
    /// How the bytes of a tag are written.
    pub encoding: Encoding,
}

/// The headers that hold signatures.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case", deny_unknown_fields))]
#[non_exhaustive]
pub enum SignatureHeaders {
    /// The first of these names that is there.
    ///
    /// Where the timestamp and the delivery id have as many names, the first family that is
    /// there as a whole is read, so that names are never mixed.
    First(List<Text>),
    /// Headers named `{prefix}1`, `{prefix}2` and so on. Any may match.
    Numbered {
        /// The name up to the number.
        prefix: Text,
        /// The last number, at most 128.
        last: u8,
    },
    /// Two headers.
    Two {
        /// The first header.
        first: Text,
        /// The second header. At least one of them must be there.
        second: Text,
        /// Whether the first header is only for the first secret and the second for the second.
        paired: bool,
    },
    /// Not a header: the decoded value of this parameter of the query.
    Query(Text),
    /// Not a header: the text at this JSON pointer of the body (feature `json`).
    Body(Text),
    /// Not a header: the decoded value of this field of the form that the body is (feature `form`).
    FormField(Text),
}

impl SignatureHeaders {
    /// Whether a signature can be read only once the body is there.
    pub(crate) const fn is_in_body(&self) -> bool {
        matches!(self, Self::Body(_) | Self::FormField(_))
    }

    /// Whether the n-th secret belongs to the n-th header.
    pub(crate) const fn is_paired(&self) -> bool {
        matches!(self, Self::Two { paired: true, .. })
    }
}

/// The grammar of a signature header.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Syntax {
    /// The whole value is a signature.
    Bare,
    /// A constant text, then a signature.
    Prefixed(Text),
    /// A list of keys and values; those under one key are signatures: `t=1,v1=00ff`.
    Pairs(Pairs),
    /// Several such lists, each with its own timestamp.
    Groups {
        /// What stands between the lists.
        between: Separator,
        /// The grammar of one list.
        pairs: Pairs,
    },
    /// A list: first the timestamp, then signatures.
    Positional(Separator),
    /// A list of signatures.
    List(Separator),
}

/// The grammar of a list of keys and values.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct Pairs {
    /// What stands between the items.
    pub separator: Separator,
    /// What stands between key and value; an item is split at the first one.
    pub assign: Separator,
    /// The key whose values are signatures. Items under unknown keys are never read.
    pub key: Text,
    /// Whether the sender sends exactly one signature, so that a second is refused.
    #[cfg_attr(feature = "serde", serde(default))]
    pub once: bool,
    /// Whether blanks around items are dropped.
    #[cfg_attr(feature = "serde", serde(default))]
    pub trim: bool,
}

/// A character that separates.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// One blank.
    Space,
    /// `.`
    Dot,
    /// `=`
    Equals,
    /// `:`
    Colon,
    /// `&`
    Ampersand,
    /// `|`
    Pipe,
}

impl Separator {
    /// The character.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Space => b' ',
            Self::Dot => b'.',
            Self::Equals => b'=',
            Self::Colon => b':',
            Self::Ampersand => b'&',
            Self::Pipe => b'|',
        }
    }
}

/// How the bytes of a tag are written.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Encoding {
    /// Hexadecimal, sent in lower case, read in either.
    Hex,
    /// Hexadecimal, sent in upper case, read in either.
    HexUpper,
    /// Standard base64 with padding, canonical.
    Base64,
    /// URL-safe base64 without padding, canonical.
    Base64Url,
    /// Standard base64 of the lower-case hexadecimal text.
    Base64OfHex,
}

/// Where a signed timestamp is and how it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct TimestampSource {
    /// Where it is.
    pub place: TimestampPlace,
    /// How it is written.
    pub format: TimestampFormat,
}

/// Where a signed timestamp is.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum TimestampPlace {
    /// In the first of these headers that is there; see [`SignatureHeaders::First`].
    Header(List<Text>),
    /// Under this key of the signature header.
    Field(Text),
    /// The first item of a [positional](Syntax::Positional) signature header.
    FirstItem,
    /// A number at this JSON pointer of the body (feature `json`), which the signature covers.
    Body(Text),
    /// A text or a number at this JSON pointer of the body (feature `json`), which the signature covers.
    BodyText(Text),
    /// The decoded value of this parameter of the query.
    Query(Text),
    /// The decoded value of this field of the form that the body is (feature `form`).
    FormField(Text),
}

impl TimestampPlace {
    /// Whether it is read out of the body, once that is authentic.
    pub(crate) const fn is_in_body(&self) -> bool {
        matches!(self, Self::Body(_) | Self::BodyText(_))
    }
}

/// A header that must be there with a constant value.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct RequiredHeader {
    /// Its name.
    pub name: Text,
    /// Its whole value, compared without regard to ASCII case.
    pub value: Text,
}

/// Where a piece of metadata is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Lookup {
    /// The sender sends none.
    #[default]
    Absent,
    /// The first of these places that has a value.
    First(List<Place>),
    /// All of these places that have a value, joined by a dot. The first must have one.
    Joined(List<Place>),
}

/// Where a value is.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Place {
    /// In this header.
    Header(Text),
    /// At this JSON pointer of the body (feature `json`):
    /// [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901), read 2026-11-24.
    Body(Text),
    /// In this parameter of the query.
    Query(Text),
    /// In this field of the form that the body is (feature `form`).
    FormField(Text),
    /// At a JSON pointer of what the delivery's token says (feature `jwt`).
    Claim(Text),
}

/// Where the events of a delivery are that carries several.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct Batch {
    /// The JSON pointer of the array. Empty if the body itself is the array.
    pub items: Text,
    /// JSON pointers into an item which together identify the event. Empty if nothing does.
    pub id: List<Text>,
    /// JSON pointers into an item which together name the event's type.
    pub event_type: List<Text>,
}

/// What a sender makes of the answers it gets.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct Reply {
    /// The statuses that count as success. Empty if every 2xx does.
    pub success: List<u16>,
    /// The status for a delivery that is not authentic or not fresh.
    pub refused: u16,
    /// Statuses that make the sender give up: the endpoint is disabled or throttled.
    pub never: List<u16>,
    /// The statuses upon which the sender tries again. Empty if it does upon all that are not
    /// success.
    pub retried: List<u16>,
    /// Whether an answer must have an empty body.
    pub empty_body: bool,
}

impl Default for Reply {
    fn default() -> Self {
        Self {
            success: Cow::Borrowed(&[]),
            refused: 401,
            never: Cow::Borrowed(&[]),
            retried: Cow::Borrowed(&[]),
            empty_body: false,
        }
    }
}

impl Reply {
    /// Whether the sender takes this status for success.
    #[must_use]
    pub fn is_success(&self, status: u16) -> bool {
        if self.success.is_empty() {
            (200..300).contains(&status)
        } else {
            self.success.contains(&status)
        }
    }

    /// A status that the sender takes for success: `preferred` if it is one.
    #[must_use]
    pub fn success_status(&self, preferred: u16) -> u16 {
        if self.is_success(preferred) {
            return preferred;
        }
        self.success.first().copied().unwrap_or(200)
    }

    /// A status upon which the sender tries again: `preferred` if it is one, else 503 or 500 if
    /// it is, else the first that is known.
    ///
    /// ```
    /// use countersign::Reply;
    ///
    /// let mut reply = Reply::default();
    /// assert_eq!(reply.retry_status(409), 409);
    /// reply.retried = vec![429, 500].into();
    /// assert_eq!(reply.retry_status(409), 500);
    /// ```
    #[must_use]
    pub fn retry_status(&self, preferred: u16) -> u16 {
        let retried = |status: &u16| {
            let listed = self.retried.is_empty() || self.retried.contains(status);
            listed && !self.never.contains(status) && !self.is_success(*status)
        };
        let known = [preferred, 503, 500];
        let chosen = known.iter().chain(self.retried.iter()).find(|it| retried(it));
        chosen.copied().unwrap_or(preferred)
    }
}

/// What is known of a sender besides how it signs.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct About {
    /// The sender's name, as it writes it.
    pub name: Text,
    /// What kind of service it is.
    pub category: Text,
    /// The sender's page on its webhooks.
    pub page: Text,
    /// How well the facts are known.
    pub confidence: Confidence,
    /// How long the sender waits for an answer, in seconds; `None` if unknown.
    pub deadline: Option<u16>,
    /// When the sender tries again, in words. Empty if unknown.
    pub retries: Text,
    /// What is easily got wrong.
    pub traps: List<Text>,
    /// The id of the sender's main entry, if this one is another way in which it signs.
    pub variant_of: Option<Text>,
}

/// How well the facts of a catalogue entry are known.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Confidence {
    /// Checked against an official SDK or an official test vector.
    SdkVerified,
    /// Checked against the sender's documentation or source.
    DocsVerified,
    /// Restated in the same way by third parties who cite the sender's page.
    Secondary,
    /// A single claim by a third party, or a known contradiction.
    #[default]
    Unverified,
}

impl Confidence {
    /// The name used in config files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SdkVerified => "sdk-verified",
            Self::DocsVerified => "docs-verified",
            Self::Secondary => "secondary",
            Self::Unverified => "unverified",
        }
    }
}

/// What a signature covers. What it does not cover, anyone on the way may have changed.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact, read by name")]
pub struct Coverage {
    pub(crate) body: bool,
    pub(crate) form_field: bool,
    pub(crate) fields: bool,
    pub(crate) timestamp: bool,
    pub(crate) delivery_id: bool,
    pub(crate) method: bool,
    pub(crate) url: bool,
}

impl Coverage {
    /// Nothing but the whole body, for a [`Check`](crate::Check) that reports what it found.
    pub const BODY: Self = Self { body: true, ..Self::NOTHING };

    /// Nothing: the sender is authentic, what it delivers is not.
    pub const NOTHING: Self = Self {
        body: false,
        form_field: false,
        fields: false,
        timestamp: false,
        delivery_id: false,
        method: false,
        url: false,
    };

    /// Nothing but some fields of the body.
    pub const FIELDS: Self = Self { fields: true, ..Self::NOTHING };

    /// With a timestamp.
    #[must_use]
    pub const fn with_timestamp(self) -> Self {
        Self { timestamp: true, ..self }
    }

    /// With the URL of the request.
    #[must_use]
    pub const fn with_url(self) -> Self {
        Self { url: true, ..self }
    }

    /// With the method of the request.
    #[must_use]
    pub const fn with_method(self) -> Self {
        Self { method: true, ..self }
    }

    /// The whole body.
    #[must_use]
    pub const fn body(self) -> bool {
        self.body
    }

    /// The body, or where the body is a form only one field of it.
    #[must_use]
    pub const fn form_field(self) -> bool {
        self.form_field
    }

    /// Some fields of the body and not the others: look up by its id what the event is about before you
    /// act on it.
    #[must_use]
    pub const fn fields(self) -> bool {
        self.fields
    }

    /// A timestamp.
    #[must_use]
    pub const fn timestamp(self) -> bool {
        self.timestamp
    }

    /// The header that holds the delivery id.
    #[must_use]
    pub const fn delivery_id_header(self) -> bool {
        self.delivery_id
    }

    /// The method of the request.
    #[must_use]
    pub const fn method(self) -> bool {
        self.method
    }

    /// The path and query of the request; or, where the verifier was told the whole
    /// [URL](crate::VerifierBuilder::notification_url), that one, whatever the request asks for.
    #[must_use]
    pub const fn url(self) -> bool {
        self.url
    }
}
