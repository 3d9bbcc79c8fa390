//! How senders make sure that an endpoint is the receiver's.

use super::{SchemeError, Text, check};
use crate::setting::Setting;

/// How a sender makes sure that the endpoint is the receiver's, before or while it delivers.
///
/// [`Verifier::receive`](crate::Verifier::receive) recognises and answers it. What a sender asks
/// for besides the handshake, such as a token or an origin, is given as a [`Setting`]; while that
/// is missing, the handshake is refused and events are verified as ever.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Handshake {
    /// A request with this method and no body is answered with 200.
    Probe {
        /// The method: `HEAD`.
        method: Text,
    },
    /// A parameter of the query comes back as text.
    EchoQuery {
        /// The method of the request.
        method: Text,
        /// The parameter.
        parameter: Text,
        /// Whether the request is signed as an event is, and answered only then.
        signed: bool,
    },
    /// A header comes back.
    EchoHeader {
        /// The header.
        header: Text,
        /// How it comes back.
        reply: Echo,
        /// Whether the request is signed as an event is, and answered only then.
        signed: bool,
    },
    /// A member of a signed JSON body comes back, where another says that it is a handshake.
    EchoBody {
        /// What tells it from an event.
        mark: Mark,
        /// The JSON pointer of the member.
        value: Text,
        /// How it comes back.
        reply: Echo,
    },
    /// A signed JSON body of a certain kind is answered with the same kind.
    Ping {
        /// The number at `/type`.
        kind: u8,
        /// Whether the answer is 200 and `{"type":kind}`; else it is 204, empty.
        pong: bool,
    },
    /// A signed JSON body names a URL that confirms a subscription once it is visited, and is
    /// answered with 200, empty. The [answer](crate::HandshakeReply::confirm_url) holds the URL,
    /// which must be among what is signed and judged.
    Confirm {
        /// What tells it from an event.
        mark: Mark,
        /// The JSON pointer of the URL.
        url: Text,
    },
    /// A signed JSON body with an empty array of events at this pointer is answered with 200,
    /// empty.
    NoEvents {
        /// The JSON pointer of the array.
        items: Text,
    },
    /// `GET` with `hub.mode`, `hub.verify_token` and `hub.challenge`
    /// ([`Setting::VerifyToken`]).
    Hub {
        /// How the challenge comes back.
        reply: Echo,
    },
    /// WebSub: `GET` with `hub.mode`, `hub.topic` and `hub.challenge` ([`Setting::Topic`]).
    WebSub,
    /// `GET` with a code that is right or wrong, answered with 204 or 404
    /// ([`Setting::VerifyCode`]).
    Code {
        /// The parameter of the query.
        parameter: Text,
    },
    /// Abuse protection of `CloudEvents`: `OPTIONS` with `WebHook-Request-Origin`
    /// ([`Setting::AllowedOrigin`], [`Setting::AllowedRate`]).
    CloudEvents,
    /// Azure Event Grid: `POST` of a validation event, or the one of
    /// [`CloudEvents`](Self::CloudEvents).
    EventGrid,
    /// Lark: `POST` of a challenge with a token ([`Setting::VerifyToken`]).
    Lark,
    /// monday.com: `POST` of a challenge, without a token.
    Monday,
    /// Zoom: a signed text is to be signed with the secret.
    Zoom,
    /// X: `GET` with a text that is to be signed with the secret.
    X,
    /// LinkedIn: `GET` with a UUID that is to be signed with the secret.
    LinkedIn,
    /// Braintree: `GET` with hexadecimal digits that are to be signed with the secret.
    Braintree,
    /// eBay: `GET` with a code that is to be digested with a token and the URL
    /// ([`Setting::VerifyToken`],
    /// [`VerifierBuilder::notification_url`](crate::VerifierBuilder::notification_url)).
    Ebay,
    /// The sender chooses the secret and tells it in this header, which comes back. Only while it
    /// is [expected](crate::VerifierBuilder::expect_handshake).
    SecretHeader {
        /// The header.
        header: Text,
    },
    /// The sender chooses the secret and tells it at this JSON pointer of a body that is signed
    /// with it. Only while it is [expected](crate::VerifierBuilder::expect_handshake).
    SecretBody {
        /// The JSON pointer of the secret.
        value: Text,
    },
}

/// How a value comes back.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Echo {
    /// It is the body, as text.
    Text,
    /// It is this member of a JSON object.
    Json(Text),
    /// It is a header, and a member of a JSON object.
    HeaderAndJson {
        /// The header.
        header: Text,
        /// The member.
        member: Text,
    },
}

/// What tells a signed handshake from an event.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Mark {
    /// This header has this value.
    Header {
        /// The header.
        name: Text,
        /// Its value.
        value: Text,
    },
    /// The body has this text at this JSON pointer.
    Body {
        /// The JSON pointer.
        at: Text,
        /// The text.
        value: Text,
    },
}

impl Handshake {
    /// The settings without which it is refused, or that make a difference to it.
    pub(crate) fn settings(&self) -> &'static [Setting] {
        match self {
            Self::Hub { .. } | Self::Ebay | Self::Lark => &[Setting::VerifyToken],
            Self::WebSub => &[Setting::Topic],
            Self::Code { .. } => &[Setting::VerifyCode],
            Self::CloudEvents | Self::EventGrid => &[Setting::AllowedOrigin, Setting::AllowedRate],
            Self::Braintree => &[Setting::PublicHalf],
            _ => &[],
        }
    }

    /// The status of a refusal, where it is another than that of an event's.
    pub(crate) fn refused(&self) -> Option<u16> {
        match self {
            Self::Hub { .. } => Some(403),
            Self::Code { .. } | Self::WebSub => Some(404),
            Self::CloudEvents => Some(405),
            _ => None,
        }
    }

    /// Whether the answer is computed with the secret.
    pub(crate) fn needs_secret(&self) -> bool {
        matches!(self, Self::Zoom | Self::X | Self::LinkedIn | Self::Braintree)
    }

    /// Whether it tells the receiver the secret.
    pub(crate) fn tells_secret(&self) -> bool {
        matches!(self, Self::SecretHeader { .. } | Self::SecretBody { .. })
    }

    /// The feature that it needs and that is off.
    pub(crate) fn missing_feature(&self) -> Option<&'static str> {
        let (form, json) = match self {
            Self::Probe { .. } | Self::CloudEvents | Self::SecretHeader { .. } => (false, false),
            Self::EchoHeader { reply, .. } => (false, *reply != Echo::Text),
            Self::Hub { reply } => (true, *reply != Echo::Text),
            Self::EchoQuery { .. } | Self::WebSub | Self::Code { .. } | Self::Braintree => {
                (true, false)
            }
            Self::X | Self::LinkedIn | Self::Ebay => (true, true),
            Self::EchoBody { .. }
            | Self::Confirm { .. }
            | Self::Ping { .. }
            | Self::NoEvents { .. }
            | Self::EventGrid
            | Self::Lark
            | Self::Monday
            | Self::Zoom
            | Self::SecretBody { .. } => (false, true),
        };
        if form && !cfg!(feature = "form") {
            return Some("form");
        }
        (json && !cfg!(feature = "json")).then_some("json")
    }

    /// Looks for what cannot work.
    pub(super) fn check(&self) -> Result<(), SchemeError> {
        match self {
            Self::Probe { method } => named(method),
            Self::EchoQuery { method, parameter, .. } => {
                named(method)?;
                named(parameter)
            }
            Self::Code { parameter } => named(parameter),
            Self::EchoHeader { header, reply, .. } => {
                check::header_name(header)?;
                reply.check()
            }
            Self::SecretHeader { header } => check::header_name(header),
            Self::EchoBody { mark, value, reply } => {
                mark.check()?;
                check::pointer(value)?;
                reply.check()
            }
            Self::Confirm { mark, url } => {
                mark.check()?;
                check::pointer(url)
            }
            Self::NoEvents { items: at } | Self::SecretBody { value: at } => check::pointer(at),
            Self::Hub { reply } => reply.check(),
            _ => Ok(()),
        }
    }
}

impl Echo {
    fn check(&self) -> Result<(), SchemeError> {
        match self {
            Self::Text => Ok(()),
            Self::Json(member) if member.is_empty() => Err(SchemeError::EmptyText),
            Self::Json(_) => Ok(()),
            Self::HeaderAndJson { header, .. } => check::header_name(header),
        }
    }
}

impl Mark {
    fn check(&self) -> Result<(), SchemeError> {
        match self {
            Self::Header { name, value } => {
                check::header_name(name)?;
                named(value)
            }
            Self::Body { at, value } => {
                check::pointer(at)?;
                named(value)
            }
        }
    }
}

fn named(text: &Text) -> Result<(), SchemeError> {
    if text.is_empty() { Err(SchemeError::EmptyText) } else { Ok(()) }
}
