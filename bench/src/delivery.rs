//! Deliveries as three senders make them, signed without countersign.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;

/// What an HMAC-SHA256 yields.
pub type Tag = [u8; 32];

const KEY: &[u8; 32] = b"0123456789abcdef0123456789abcdef";

/// A sender with the commonest of its ways to sign.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sender {
    /// The body alone; hexadecimal behind `sha256=`.
    GitHub,
    /// Timestamp and body; pairs of `t` and `v1` in hexadecimal.
    Stripe,
    /// Id, timestamp and body; `v1,` and base64.
    StandardWebhooks,
}

impl Sender {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GitHub, Self::Stripe, Self::StandardWebhooks];

    /// The name, for tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::Stripe => "Stripe",
            Self::StandardWebhooks => "Standard Webhooks",
        }
    }

    /// Whether a time is among the signed bytes.
    #[must_use]
    pub const fn signs_time(self) -> bool {
        !matches!(self, Self::GitHub)
    }

    /// The secret, as the sender shows it to the receiver.
    #[must_use]
    pub fn secret(self) -> String {
        match self {
            Self::GitHub => String::from_utf8_lossy(KEY).into_owned(),
            Self::Stripe => format!("whsec_{}", String::from_utf8_lossy(KEY)),
            Self::StandardWebhooks => format!("whsec_{}", STANDARD.encode(KEY)),
        }
    }

    /// The bytes of the key.
    #[must_use]
    pub fn key(self) -> Vec<u8> {
        match self {
            Self::GitHub | Self::StandardWebhooks => KEY.to_vec(),
            Self::Stripe => self.secret().into_bytes(),
        }
    }

    /// A verifier of countersign.
    #[must_use]
    pub fn verifier(self) -> countersign::Verifier {
        use countersign::{Secret, Verifier, catalog};
        let scheme = match self {
            Self::GitHub => catalog::GITHUB,
            Self::Stripe => catalog::STRIPE,
            Self::StandardWebhooks => catalog::STANDARD_WEBHOOKS,
        };
        Verifier::builder(scheme).secret(Secret::new(self.secret())).build().expect("it is valid")
    }

    /// Signs a body at a time in seconds since the Unix epoch.
    #[must_use]
    pub fn sign(self, body: Vec<u8>, seconds: i64) -> Signed {
        let id = "msg_2y4WzUqXb8KcLlPNRr7dQmEoVfT";
        let mut content = match self {
            Self::GitHub => String::new(),
            Self::Stripe => format!("{seconds}."),
            Self::StandardWebhooks => format!("{id}.{seconds}."),
        }
        .into_bytes();
        content.extend_from_slice(&body);
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key()).expect("any length will do");
        mac.update(&content);
        let tag: Tag = mac.finalize().into_bytes().into();
        let length = body.len().to_string();
        let signature = self.write(&tag, seconds);
        let time = seconds.to_string();
        let headers: &[(&str, &str)] = match self {
            Self::GitHub => &[
                ("host", "hooks.example.com"),
                ("user-agent", "GitHub-Hookshot/044aadd"),
                ("content-length", &length),
                ("accept", "*/*"),
                ("content-type", "application/json"),
                ("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
                ("x-github-event", "issues"),
                ("x-github-hook-id", "292430182"),
                ("x-hub-signature-256", &signature),
            ],
            Self::Stripe => &[
                ("host", "hooks.example.com"),
                ("user-agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"),
                ("content-length", &length),
                ("accept", "*/*; q=0.5, application/xml"),
                ("content-type", "application/json; charset=utf-8"),
                ("cache-control", "no-cache"),
                ("x-forwarded-for", "203.0.113.7"),
                ("x-forwarded-proto", "https"),
                ("stripe-signature", &signature),
            ],
            Self::StandardWebhooks => &[
                ("host", "hooks.example.com"),
                ("user-agent", "Svix-Webhooks/1.62.0 (sender-9YMgn; +https://www.svix.com)"),
                ("content-length", &length),
                ("accept", "*/*"),
                ("content-type", "application/json"),
                ("x-forwarded-proto", "https"),
                ("webhook-id", id),
                ("webhook-timestamp", &time),
                ("webhook-signature", &signature),
            ],
        };
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_bytes(name.as_bytes()).expect("a name"), header(value))
        });
        Signed { sender: self, headers: headers.collect(), body, content, tag, seconds }
    }

    /// Writes a tag as the value of the signature header.
    #[must_use]
    pub fn write(self, tag: &[u8], seconds: i64) -> String {
        match self {
            Self::GitHub => format!("sha256={}", const_hex::encode(tag)),
            Self::Stripe => format!("t={seconds},v1={}", const_hex::encode(tag)),
            Self::StandardWebhooks => format!("v1,{}", STANDARD.encode(tag)),
        }
    }

    /// The name of the signature header.
    #[must_use]
    pub const fn signature_header(self) -> &'static str {
        match self {
            Self::GitHub => "x-hub-signature-256",
            Self::Stripe => "stripe-signature",
            Self::StandardWebhooks => "webhook-signature",
        }
    }
}

/// A genuine delivery, with what a baseline needs to check it.
#[derive(Clone)]
pub struct Signed {
    /// Who signed it.
    pub sender: Sender,
    /// Nine headers, as a server sees them.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// The signed content in one piece.
    pub content: Vec<u8>,
    /// The tag of the content.
    pub tag: Tag,
    /// When it was signed, in seconds since the Unix epoch.
    pub seconds: i64,
}

impl Signed {
    /// The same delivery with another value of the signature header.
    #[must_use]
    pub fn with_signature(&self, value: &str) -> Self {
        let mut changed = self.clone();
        changed.headers.insert(self.sender.signature_header(), header(value));
        changed
    }

    /// The same delivery with one flipped bit in its tag.
    #[must_use]
    pub fn forged(&self) -> Self {
        let mut tag = self.tag;
        tag[31] ^= 1;
        self.with_signature(&self.sender.write(&tag, self.seconds))
    }

    /// What an adapter hands to [`Verifier::verify`](countersign::Verifier::verify).
    #[must_use]
    pub fn delivery(&self) -> countersign::Delivery<'_> {
        countersign::Delivery::new("POST", "/hooks", &self.headers, &self.body)
    }
}

fn header(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).expect("a value")
}

/// A JSON object of exactly this many bytes, all of them ASCII.
#[must_use]
pub fn body(bytes: usize) -> Vec<u8> {
    let start = r#"{"id":"evt_1","type":"invoice.paid","data":""#;
    let filler = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr. ";
    let room = bytes - start.len() - 2;
    let text: String = filler.chars().cycle().take(room).collect();
    format!("{start}{text}\"}}").into_bytes()
}

/// The time, as an adapter reads it.
#[must_use]
pub fn now() -> countersign::Timestamp {
    SystemTime::now().into()
}

/// The present second since the Unix epoch.
#[must_use]
pub fn signed_at() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    i64::try_from(since.as_secs()).expect("it is before the end of time")
}
