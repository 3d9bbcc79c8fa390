//! Test vectors: deliveries with the verdict that a right receiver reaches.
//!
//! One JSON object a line, blank lines aside:
//!
//! | member | meaning |
//! |---|---|
//! | `provider`, `case` | the catalogue id, and a name of the case |
//! | `method`, `url` | of the request |
//! | `headers` | a list of name and value pairs, in order |
//! | `body_b64` | the body in base64 |
//! | `secrets` | the receiver's secrets, as pasted |
//! | `now` | the receiver's clock, in seconds since the Unix epoch |
//! | `tolerance_s` | the tolerance in seconds; `null`: age is not judged |
//! | `params.key_id` | the receiver's own key id, if the sender names keys |
//! | `extract.delivery_id`, `extract.event_type` | what the proof must say |
//! | `keys` | in place of the three above, what the receiver is configured with: see [`Keys`] |
//! | `expect` | `valid`, `invalid`, or `challenge`: a handshake that must be answered |
//! | `response` | the answer to a handshake; a JSON body compares as JSON, and more headers are allowed |
//! | `why`, `source`, `basis`, `confidence` | what is shown, where the vector comes from, how sure that is |
//!
//! A configuration that is refused counts as `invalid`.

use std::fmt;
use std::io::{self, BufRead};

use countersign::{
    ConfigError, Delivery, HandshakeReply, Head, Received, Rejection, Secret, Timestamp, Tolerance,
    Verifier,
};
use serde::{Deserialize, Serialize};

mod keys;

use self::keys::FetchError;
pub use self::keys::Keys;

/// One delivery with the verdict that a right receiver reaches.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Vector {
    /// The id of the sender in the catalogue.
    pub provider: String,
    /// The name of the case.
    pub case: String,
    /// The method of the request.
    pub method: String,
    /// The URL of the request.
    pub url: String,
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(rename = "body_b64", with = "base64_text")]
    pub body: Vec<u8>,
    /// The receiver's secrets, as pasted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// What the receiver is configured with, in place of `secrets`, `tolerance_s` and `params`.
    #[serde(default, skip_serializing_if = "Keys::is_empty")]
    pub keys: Keys,
    /// The receiver's clock, in seconds since the Unix epoch.
    pub now: i64,
    /// The tolerance in seconds; `None` if age is not judged.
    #[serde(default)]
    pub tolerance_s: Option<u32>,
    /// What else the receiver is configured with.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// What the proof must say.
    #[serde(default, skip_serializing_if = "Extract::is_empty")]
    pub extract: Extract,
    /// The verdict.
    pub expect: Verdict,
    /// The answer to a handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// What the case shows.
    #[serde(default)]
    pub why: String,
    /// Where the vector comes from.
    #[serde(default)]
    pub source: serde_json::Value,
    /// How sure that is.
    #[serde(default)]
    pub confidence: String,
    /// Why the verdict holds: by the sender's SDK, its documentation, a standard, or our own strictness.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

/// The answer that a handshake must get.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Headers that must be there.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(rename = "body_b64", with = "base64_text")]
    pub body: Vec<u8>,
}

/// What a receiver is configured with besides secrets.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Params {
    /// The receiver's own key id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
}

impl Params {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a proof must say of a delivery.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Extract {
    /// The delivery id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<String>,
    /// The event type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
}

impl Extract {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether a delivery is to be accepted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// It is.
    Valid,
    /// It is not.
    Invalid,
    /// It is a handshake, and is to be answered.
    Challenge,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Challenge => "challenge",
        })
    }
}

/// What became of a vector.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The receiver reached the expected verdict.
    Passed,
    /// It did not, for the reason given.
    Failed {
        /// The verdict it reached.
        got: Verdict,
        /// Why.
        reason: String,
    },
    /// The vector cannot be run, for the reason given.
    Skipped {
        /// Why.
        reason: String,
    },
}

/// Why a receiver refused a vector.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Refusal {
    /// The configuration was refused.
    Config(ConfigError),
    /// The delivery was refused.
    Rejection {
        /// Why.
        rejection: Rejection,
        /// The status that it is answered with.
        status: u16,
    },
    /// A key was looked for at a place that is not the sender's.
    Foreign(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => write!(f, "configuration: {error}"),
            Self::Rejection { rejection, .. } => write!(f, "{}: {rejection}", rejection.code()),
            Self::Foreign(url) => write!(f, "a key was looked for at {url}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Vector {
    /// Sets up a receiver as the vector says. `None` if the catalogue does not have the sender.
    #[must_use]
    pub fn verifier(&self) -> Option<Result<Verifier, ConfigError>> {
        let scheme = self.keys.scheme(&self.provider)?;
        if !self.keys.is_empty() || self.secrets.is_empty() {
            return Some(self.keys.verifier(scheme, &self.url));
        }
        let mut builder = Verifier::builder(scheme.clone());
        for secret in &self.secrets {
            builder = builder.secret(Secret::new(secret.as_str()));
        }
        if let Some(key_id) = &self.params.key_id {
            builder = builder.key_id(key_id.clone());
        }
        builder = match (self.tolerance_s, scheme.tolerance.future()) {
            (None, _) => builder.danger_any_age(),
            // A sender that allows no future keeps to that under every tolerance.
            (Some(past), Some(future)) if future.is_zero() => {
                builder.tolerance(Tolerance::new(past, 0))
            }
            (Some(seconds), _) => builder.tolerance(Tolerance::symmetric(seconds)),
        };
        Some(builder.build())
    }

    /// The delivery.
    #[must_use]
    pub fn delivery(&self) -> Delivery<'_> {
        // Vectors come from a proxy on this machine, which is believed only if the vector says so.
        let head = Head::new(&self.method, &self.url, &self.headers);
        head.from_peer([127, 0, 0, 1].into()).with_body(&self.body)
    }

    /// The receiver's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.now)
    }

    /// Runs the vector through the public API, as a receiver would.
    #[must_use]
    pub fn run(&self) -> Outcome {
        let Some(verifier) = self.verifier() else {
            return Outcome::Skipped { reason: "the catalogue has no such sender".to_owned() };
        };
        let result = verifier.map_err(Refusal::Config).and_then(|verifier| {
            let delivery = self.delivery();
            // All steps, as adapters take them. The last alone must reach the same verdict.
            if let Some(answer) = verifier.handshake_in_head(delivery.head()) {
                return answer.map(Received::Handshake).map_err(|it| refused(&verifier, it));
            }
            let first = verifier.precheck(delivery.head(), self.now());
            let fetched = self.keys.fetch(&verifier, &delivery);
            let keys = match fetched {
                Ok(keys) => keys,
                Err(FetchError::Refused(rejection)) => return Err(refused(&verifier, rejection)),
                Err(FetchError::Foreign(url)) => return Err(Refusal::Foreign(url)),
            };
            let last = verifier.receive_with(&delivery, &keys, self.now());
            first.and(last).map_err(|it| refused(&verifier, it))
        });
        self.judge(result)
    }

    /// Holds what became of the delivery against what is expected.
    fn judge(&self, result: Result<Received, Refusal>) -> Outcome {
        match (result, self.expect) {
            (Err(Refusal::Foreign(url)), _) => Outcome::Failed {
                got: Verdict::Invalid,
                reason: format!("the key was looked for at {url}"),
            },
            (Ok(Received::Handshake(answer)), Verdict::Challenge) => self.compare(&answer),
            // Some senders make sure that what is wrong is refused with a certain status.
            (Err(Refusal::Rejection { status, .. }), Verdict::Challenge)
                if self.response.as_ref().is_some_and(|wanted| wanted.status == status) =>
            {
                Outcome::Passed
            }
            (Ok(Received::Handshake(_)), _) => Outcome::Failed {
                got: Verdict::Challenge,
                reason: "it was taken for a handshake".to_owned(),
            },
            (Ok(Received::Event(_)), Verdict::Challenge) => Outcome::Failed {
                got: Verdict::Valid,
                reason: "it was not taken for a handshake".to_owned(),
            },
            (Err(refusal), Verdict::Challenge) => {
                Outcome::Failed { got: Verdict::Invalid, reason: refusal.to_string() }
            }
            (Err(_), Verdict::Invalid) => Outcome::Passed,
            (Err(refusal), Verdict::Valid) => {
                Outcome::Failed { got: Verdict::Invalid, reason: refusal.to_string() }
            }
            (Ok(Received::Event(_)), Verdict::Invalid) => {
                Outcome::Failed { got: Verdict::Valid, reason: self.why.clone() }
            }
            (Ok(Received::Event(proof)), Verdict::Valid) => {
                let delivery = self.delivery();
                let wanted = [
                    ("delivery id", &self.extract.delivery_id, proof.delivery_id(&delivery)),
                    ("event type", &self.extract.event_type, proof.event_type(&delivery)),
                ];
                let differing = wanted.into_iter().find(|(_, expected, got)| {
                    expected.is_some() && expected.as_deref() != got.as_deref()
                });
                match differing {
                    None => Outcome::Passed,
                    Some((what, expected, got)) => Outcome::Failed {
                        got: Verdict::Valid,
                        reason: format!("the {what} is {got:?}, not {expected:?}"),
                    },
                }
            }
        }
    }

    /// Holds the answer to a handshake against the expected one.
    fn compare(&self, answer: &HandshakeReply) -> Outcome {
        let failed = |reason| Outcome::Failed { got: Verdict::Challenge, reason };
        let Some(wanted) = &self.response else { return Outcome::Passed };
        if answer.status() != wanted.status {
            return failed(format!("the status is {}, not {}", answer.status(), wanted.status));
        }
        let lacks = |(name, value): &&(String, String)| {
            let same = |(its_name, its_value): (&str, &str)| {
                its_name.eq_ignore_ascii_case(name) && its_value == value
            };
            !answer.headers().any(same)
        };
        if let Some((name, value)) = wanted.headers.iter().find(lacks) {
            return failed(format!("the answer has no header {name}: {value}"));
        }
        if !same_body(&wanted.body, answer.body()) {
            return failed(format!("the body is {:?}", answer.body()));
        }
        Outcome::Passed
    }
}

fn refused(verifier: &Verifier, rejection: Rejection) -> Refusal {
    Refusal::Rejection { rejection, status: verifier.status(rejection) }
}

fn same_body(wanted: &[u8], got: &str) -> bool {
    let json = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).ok();
    let wanted_json = json(wanted).filter(serde_json::Value::is_object);
    wanted == got.as_bytes() || wanted_json.is_some() && wanted_json == json(got.as_bytes())
}

/// Why vectors cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The source cannot be read.
    Io(io::Error),
    /// A line is not a vector.
    Line {
        /// Its number, from 1.
        number: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Line { number, error } => write!(f, "line {number}: {error}"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Line { error, .. } => Some(error),
        }
    }
}

/// Reads vectors, one a line.
pub fn read(source: impl BufRead) -> impl Iterator<Item = Result<Vector, ReadError>> {
    source.lines().enumerate().filter_map(|(index, line)| match line {
        Err(error) => Some(Err(ReadError::Io(error))),
        Ok(line) if line.trim().is_empty() => None,
        Ok(line) => Some(
            serde_json::from_str(&line)
                .map_err(|error| ReadError::Line { number: index + 1, error }),
        ),
    })
}

mod base64_text {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    pub(super) fn serialize<S: Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        STANDARD.encode(body).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(de::Error::custom)
    }
}
