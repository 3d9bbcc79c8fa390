//! What makes a scheme usable, checked before a verifier is built.

use core::fmt;

use super::{
    Algorithm, BodyForm, Code, Handshake, Lookup, Part, Place, Procedure, Scheme, SecretFormat,
    Separator, SignatureHeaders, Syntax, Text, TimestampPlace,
};
use crate::time::{TimestampFormat, Tolerance};

/// Why a scheme cannot be used.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SchemeError {
    /// The scheme has no id.
    NoId,
    /// This is not the name of a header.
    HeaderName(Text),
    /// The list of signature or timestamp headers is empty, or a number or prefix is out of
    /// range.
    SignatureHeaders,
    /// A text that must not be empty is, such as a prefix or a key.
    EmptyText,
    /// The separators of a signature header are the same.
    Separators,
    /// Neither the body nor its digest is signed.
    BodyNotSigned,
    /// The timestamp is named but not signed, so it could be forged.
    TimestampNotSigned,
    /// The timestamp is signed but not named.
    TimestampNotNamed,
    /// The delivery id is signed but is not in a header.
    DeliveryIdNotNamed,
    /// The event id is not among the signed bytes, so it could be forged.
    EventIdNotSigned,
    /// A field beside the signature is named, but the header has no fields.
    NoFields,
    /// A digest that is not keyed does not have the secret in its content, or a keyed one has.
    SecretPart,
    /// The app key is signed, but the secret has none.
    NoAppKey,
    /// A tolerance is given for a timestamp whose unit is not confirmed.
    UnconfirmedTolerance,
    /// This is not a JSON pointer.
    Pointer(Text),
    /// A status outside 400 to 599 refuses, and it is not 202.
    RefusalStatus(u16),
    /// The scheme needs a feature that is off.
    FeatureOff {
        /// The feature.
        feature: &'static str,
    },
}

impl fmt::Display for SchemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoId => f.write_str("it has no id"),
            Self::HeaderName(name) => write!(f, "\"{name}\" is not the name of a header"),
            Self::SignatureHeaders => {
                f.write_str("its headers are none, too many, or too long a name")
            }
            Self::EmptyText => f.write_str("a prefix, key or literal is empty"),
            Self::Separators => f.write_str("the separators of its header are the same"),
            Self::BodyNotSigned => f.write_str("it does not sign the body"),
            Self::TimestampNotSigned => f.write_str("its timestamp is not signed"),
            Self::TimestampNotNamed => {
                f.write_str("it signs a timestamp but does not say where it is")
            }
            Self::DeliveryIdNotNamed => {
                f.write_str("it signs a delivery id but names no header for it")
            }
            Self::EventIdNotSigned => f.write_str("its event id is not signed"),
            Self::NoFields => f.write_str("it names a field, but its header has no fields"),
            Self::SecretPart => {
                f.write_str("the secret must be in the content of a plain digest, and of no other")
            }
            Self::NoAppKey => f.write_str("it signs an app key, but its secret has none"),
            Self::UnconfirmedTolerance => {
                f.write_str("a timestamp in an unconfirmed unit needs the tolerance \"any-age\"")
            }
            Self::Pointer(pointer) => write!(f, "\"{pointer}\" is not a JSON pointer"),
            Self::RefusalStatus(status) => write!(f, "the status {status} does not refuse"),
            Self::FeatureOff { feature } => {
                write!(f, "it needs the feature `{feature}` of countersign")
            }
        }
    }
}

impl core::error::Error for SchemeError {}

impl Scheme {
    /// Checks that the scheme makes sense: that what is needed is named, that its timestamp is
    /// signed, and that the features it needs are on.
    ///
    /// [`VerifierBuilder::build`](crate::VerifierBuilder::build) calls it.
    ///
    /// # Errors
    ///
    /// The first contradiction found.
    pub fn check(&self) -> Result<(), SchemeError> {
        self.check_features()?;
        if self.id.is_empty() {
            return Err(SchemeError::NoId);
        }
        if self.procedure == Procedure::Signature {
            self.check_signature()?;
            self.check_parts()?;
            self.check_timestamp()?;
        }
        for required in self.required_headers.iter() {
            header_name(&required.name)?;
        }
        if let Some(name) = &self.key_id_header {
            header_name(name)?;
        }
        check_lookup(&self.delivery_id)?;
        check_lookup(&self.event_id)?;
        if self.event_id != Lookup::Absent && !self.signs(&self.event_id) {
            return Err(SchemeError::EventIdNotSigned);
        }
        check_lookup(&self.event_type)?;
        if let Some(batch) = &self.batch {
            pointer(&batch.items)?;
            batch.id.iter().chain(batch.event_type.iter()).try_for_each(pointer)?;
        }
        if let Some(handshake) = &self.handshake {
            handshake.check()?;
        }
        // 202 is for senders that insist on success: it was accepted, and is not acted upon.
        if !(400..600).contains(&self.reply.refused) && self.reply.refused != 202 {
            return Err(SchemeError::RefusalStatus(self.reply.refused));
        }
        Ok(())
    }

    fn check_features(&self) -> Result<(), SchemeError> {
        if let Some(feature) = self.missing_feature() {
            return Err(SchemeError::FeatureOff { feature });
        }
        let time = self.timestamp.as_ref();
        // Metadata in the body is merely absent without `json`; a timestamp cannot be.
        let body_time = time.is_some_and(|it| it.place.is_in_body());
        let body_signature = matches!(self.signature.headers, SignatureHeaders::Body(_))
            || self.signed.iter().any(|part| matches!(part, Part::BodyValue(_)));
        let needed = [
            (cfg!(feature = "json"), "json", body_time || body_signature),
            (
                cfg!(feature = "rfc3339"),
                "rfc3339",
                time.is_some_and(|it| it.format == TimestampFormat::Rfc3339),
            ),
            (
                cfg!(feature = "md5"),
                "md5",
                matches!(self.algorithm, Algorithm::HmacMd5 | Algorithm::Md5),
            ),
            (cfg!(feature = "nfkd"), "nfkd", self.secret.format == SecretFormat::TextNfkd),
            (cfg!(feature = "gzip"), "gzip", self.body == BodyForm::Gunzipped),
            (cfg!(feature = "form"), "form", self.reads_forms()),
        ];
        match needed.into_iter().find(|(on, _, needed)| *needed && !on) {
            Some((_, feature, _)) => Err(SchemeError::FeatureOff { feature }),
            None => Ok(()),
        }
    }

    /// Whether something that matters is in a form or in the query, which is written as one.
    fn reads_forms(&self) -> bool {
        let place = self.timestamp.as_ref().map(|it| &it.place);
        matches!(self.body, BodyForm::FormField(_))
            || matches!(
                self.signature.headers,
                SignatureHeaders::Query(_) | SignatureHeaders::FormField(_)
            )
            || matches!(place, Some(TimestampPlace::Query(_) | TimestampPlace::FormField(_)))
            || self
                .signed
                .iter()
                .any(|part| matches!(part, Part::SortedForm | Part::FormField(_) | Part::Query(_)))
    }

    /// A feature that the algorithm or the procedure needs and that is off.
    fn missing_feature(&self) -> Option<&'static str> {
        if let Procedure::Jwt(rules) = &self.procedure {
            if !cfg!(feature = "jwt") {
                return Some("jwt");
            }
            // Where there are several, the receiver's own secret or key says which is needed.
            if rules.algorithms.len() > 1 {
                return None;
            }
        }
        // Of a sender that signs nothing, only the handshake is left.
        if matches!(self.procedure, Procedure::Code(Code::Unsigned)) {
            return self.handshake.as_ref().and_then(Handshake::missing_feature);
        }
        if let Some(feature) =
            self.procedure().and_then(crate::procedure::Procedure::missing_feature)
        {
            return Some(feature);
        }
        self.algorithm.feature().filter(|feature| match *feature {
            "ed25519" => !cfg!(feature = "ed25519"),
            "p256" => !cfg!(feature = "p256"),
            "p384" => !cfg!(feature = "p384"),
            "p521" => !cfg!(feature = "p521"),
            _ => !cfg!(feature = "rsa"),
        })
    }

    fn check_signature(&self) -> Result<(), SchemeError> {
        match &self.signature.headers {
            SignatureHeaders::First(names) => check_names(names)?,
            SignatureHeaders::Body(at) => pointer(at)?,
            SignatureHeaders::Query(name) | SignatureHeaders::FormField(name) => {
                if name.is_empty() {
                    return Err(SchemeError::EmptyText);
                }
            }
            SignatureHeaders::Two { first, second, .. } => {
                header_name(first)?;
                header_name(second)?;
            }
            SignatureHeaders::Numbered { prefix, last } => {
                header_name(prefix)?;
                if !(1..=128).contains(last) || prefix.len() > 64 {
                    return Err(SchemeError::SignatureHeaders);
                }
            }
        }
        let single = matches!(&self.signature.headers, SignatureHeaders::First(_));
        let pairs = match &self.signature.syntax {
            Syntax::Prefixed(prefix) if prefix.is_empty() => return Err(SchemeError::EmptyText),
            Syntax::Groups { between, pairs } => {
                if !single {
                    return Err(SchemeError::SignatureHeaders);
                }
                distinct(&[*between, pairs.separator, pairs.assign])?;
                Some(pairs)
            }
            Syntax::Pairs(pairs) => Some(pairs),
            _ => None,
        };
        if let Some(pairs) = pairs {
            distinct(&[pairs.separator, pairs.assign])?;
            if pairs.key.is_empty() {
                return Err(SchemeError::EmptyText);
            }
        }
        Ok(())
    }

    fn check_parts(&self) -> Result<(), SchemeError> {
        let signs = |wanted: &Part| self.signed.contains(wanted);
        if self.algorithm.is_token() {
            // Nothing is signed, which the coverage says.
            return if self.signed.is_empty() { Ok(()) } else { Err(SchemeError::BodyNotSigned) };
        }
        let signs_content = self.signed.iter().any(|part| {
            matches!(
                part,
                Part::Body
                    | Part::BodyDigest
                    | Part::BodyValue(_)
                    | Part::FormField(_)
                    | Part::SortedForm
                    | Part::Query(_)
            )
        });
        if !signs_content {
            return Err(SchemeError::BodyNotSigned);
        }
        let is_plain = !self.algorithm.is_keyed() && !self.algorithm.is_public();
        if signs(&Part::Secret) != is_plain {
            return Err(SchemeError::SecretPart);
        }
        if signs(&Part::AppKey) != (self.secret.format == SecretFormat::AppKeyAndText) {
            return Err(SchemeError::NoAppKey);
        }
        if signs(&Part::DeliveryId) {
            let named = matches!(&self.delivery_id, Lookup::First(places)
                if places.iter().all(|place| matches!(place, Place::Header(_))));
            if !named {
                return Err(SchemeError::DeliveryIdNotNamed);
            }
        }
        for part in self.signed.iter() {
            match part {
                Part::Literal(text) if text.is_empty() => return Err(SchemeError::EmptyText),
                Part::Header(name) | Part::Nonce(name) | Part::ListedHeaders(name) => {
                    header_name(name)?;
                }
                Part::Field(_) if !self.has_fields() => return Err(SchemeError::NoFields),
                _ => {}
            }
        }
        Ok(())
    }

    fn check_timestamp(&self) -> Result<(), SchemeError> {
        let signed = self.signed.contains(&Part::Timestamp);
        let listed = self.signed.iter().any(|part| matches!(part, Part::ListedHeaders(_)));
        let Some(source) = &self.timestamp else {
            return if signed { Err(SchemeError::TimestampNotNamed) } else { Ok(()) };
        };
        let covered = match &source.place {
            TimestampPlace::Header(names) => {
                check_names(names)?;
                // A list of signed headers is refused if it leaves the timestamp out.
                signed || listed
            }
            TimestampPlace::Field(name) => {
                if name.is_empty() {
                    return Err(SchemeError::EmptyText);
                }
                if !self.has_fields() {
                    return Err(SchemeError::NoFields);
                }
                signed
            }
            TimestampPlace::FirstItem => {
                if !matches!(self.signature.syntax, Syntax::Positional(_)) {
                    return Err(SchemeError::NoFields);
                }
                signed
            }
            TimestampPlace::Body(at) | TimestampPlace::BodyText(at) => {
                pointer(at)?;
                if signed {
                    return Err(SchemeError::TimestampNotNamed);
                }
                let value = self.signed.contains(&Part::BodyValue(at.clone()));
                value || (self.body == BodyForm::Raw && self.coverage().body())
            }
            TimestampPlace::Query(name) => {
                signed || self.signed.contains(&Part::Query(name.clone()))
            }
            TimestampPlace::FormField(name) => {
                signed || self.signed.contains(&Part::FormField(name.clone()))
            }
        };
        if !covered {
            return Err(SchemeError::TimestampNotSigned);
        }
        let unconfirmed = source.format == TimestampFormat::Unconfirmed;
        if unconfirmed && self.tolerance != Tolerance::ANY_AGE {
            return Err(SchemeError::UnconfirmedTolerance);
        }
        Ok(())
    }

    fn has_fields(&self) -> bool {
        matches!(self.signature.syntax, Syntax::Pairs(_) | Syntax::Groups { .. })
    }
}

fn check_names(names: &[Text]) -> Result<(), SchemeError> {
    if names.is_empty() || names.len() > 4 {
        return Err(SchemeError::SignatureHeaders);
    }
    names.iter().try_for_each(header_name)
}

/// A token of [RFC 9110, section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2),
/// read 2026-11-24.
pub(super) fn header_name(name: &Text) -> Result<(), SchemeError> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !name.is_empty() && name.len() <= 128 && name.bytes().all(token) {
        Ok(())
    } else {
        Err(SchemeError::HeaderName(name.clone()))
    }
}

pub(super) fn pointer(pointer: &Text) -> Result<(), SchemeError> {
    if pointer.is_empty() || pointer.starts_with('/') {
        Ok(())
    } else {
        Err(SchemeError::Pointer(pointer.clone()))
    }
}

fn check_lookup(lookup: &Lookup) -> Result<(), SchemeError> {
    let (Lookup::First(places) | Lookup::Joined(places)) = lookup else { return Ok(()) };
    if places.is_empty() {
        return Err(SchemeError::EmptyText);
    }
    places.iter().try_for_each(|place| match place {
        Place::Header(name) => header_name(name),
        Place::Body(at) | Place::Claim(at) => pointer(at),
        Place::Query(name) | Place::FormField(name) if name.is_empty() => {
            Err(SchemeError::EmptyText)
        }
        Place::Query(_) | Place::FormField(_) => Ok(()),
    })
}

fn distinct(separators: &[Separator]) -> Result<(), SchemeError> {
    let repeated = separators
        .iter()
        .enumerate()
        .any(|(at, one)| separators.iter().skip(at + 1).any(|other| one == other));
    if repeated { Err(SchemeError::Separators) } else { Ok(()) }
}
