//! How a sender signs, as data.
//!
//! A [`Scheme`] has no branches and no loops: verifying with it always costs a few header
//! look-ups and one pass over the body for each secret. What no scheme can say is written as a
//! [`Check`](crate::Check).

use std::borrow::Cow;

use crate::time::{TimestampFormat, Tolerance};

mod check;
pub(crate) mod syntax;

pub use self::check::SchemeError;

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
    /// The digest.
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
            about: About::default(),
        }
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
        let is_delivery_id = self.signed.contains(&Part::DeliveryId) && *lookup == self.delivery_id;
        let signed = |place: &Place| match place {
            Place::Header(name) => {
                is_delivery_id
                    || self.signed.iter().any(|part| {
                        matches!(part, Part::Header(signed) | Part::Nonce(signed)
                            if signed.eq_ignore_ascii_case(name))
                    })
            }
            Place::Body(_) => self.coverage().body(),
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
        let body = signs(|part| matches!(part, Part::Body | Part::BodyDigest));
        Coverage {
            body: body && !matches!(self.body, BodyForm::FormField(_)),
            form_field: body && matches!(self.body, BodyForm::FormField(_)),
            timestamp: self.timestamp.is_some(),
            delivery_id: self.signed.contains(&Part::DeliveryId),
            method: signs(|part| matches!(part, Part::Method)),
            url: signs(|part| matches!(part, Part::PathAndQuery)),
        }
    }
}

/// The digest a scheme uses.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256 ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104), read 2026-11-24).
    #[cfg_attr(feature = "serde", serde(rename = "hmac-sha256"))]
    HmacSha256,
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
}

impl Algorithm {
    /// The length of a tag in bytes.
    #[must_use]
    pub const fn tag_bytes(self) -> usize {
        match self {
            Self::HmacSha256 | Self::Sha256 => 32,
            Self::HmacSha512 => 64,
            Self::HmacSha1 | Self::Sha1 => 20,
            Self::HmacMd5 => 16,
        }
    }

    /// Whether the secret is the key of an HMAC, not a part of what is digested.
    #[must_use]
    pub const fn is_keyed(self) -> bool {
        matches!(self, Self::HmacSha256 | Self::HmacSha512 | Self::HmacSha1 | Self::HmacMd5)
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
    /// The headers named in the given header, as `name:value` joined by `;` in the listed order.
    ///
    /// The list must contain the header that holds the list and the one that holds the timestamp.
    ListedHeaders(Text),
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
}

impl SignatureHeaders {
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
    body: bool,
    form_field: bool,
    timestamp: bool,
    delivery_id: bool,
    method: bool,
    url: bool,
}

impl Coverage {
    /// Nothing but the whole body, for a [`Check`](crate::Check) that reports what it found.
    pub const BODY: Self = Self {
        body: true,
        form_field: false,
        timestamp: false,
        delivery_id: false,
        method: false,
        url: false,
    };

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

    /// The path and query of the request.
    #[must_use]
    pub const fn url(self) -> bool {
        self.url
    }
}
