//! Signs a request as a sender does.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use countersign::{
    Algorithm, BodyForm, Encoding, JwtRules, Lookup, Pairs, Part, Place, Procedure, Scheme,
    SecretFormat, Setting, SignatureHeaders, Syntax, Timestamp, TimestampFormat, TimestampPlace,
    TokenPlace,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use unicode_normalization::UnicodeNormalization as _;

mod private_key;
mod token;

use self::private_key::PrivateKey;
use self::token::Making;

/// Signs requests with one secret or private key, as the sender of a scheme does.
#[derive(Clone)]
pub struct Signer {
    scheme: Scheme,
    key: Vec<u8>,
    private_key: Option<PrivateKey>,
    external_url: Option<String>,
    settings: Vec<(Setting, String)>,
    app_key: Vec<u8>,
    now: Option<Timestamp>,
    delivery_id: String,
    event_type: Option<String>,
    key_id: Option<String>,
    nonce: String,
}

/// A signed request: what is to be sent beside method and URL.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Signed {
    /// The URL to call: as it was given, unless the signature goes into its query.
    pub url: String,
    /// All headers that the scheme needs, in the sender's spelling.
    pub headers: Vec<(String, String)>,
    /// The body to send.
    pub body: Vec<u8>,
}

/// Why a request cannot be signed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignError {
    /// The secret does not have the form of the scheme's secrets.
    Secret(SecretFormat),
    /// The text is no private key that signs by the scheme's algorithm.
    PrivateKey,
    /// A claim of the token is a setting of the receiver, which was not given.
    NoSetting(Setting),
    /// The signature belongs into the body, which is no JSON object.
    BodySignature,
    /// The scheme signs a time, and none was given.
    NoTime,
    /// The time cannot be written in the scheme's format.
    UnwritableTime,
    /// The signed time belongs into the body at this JSON pointer, and is not there or differs.
    BodyTime(String),
    /// The scheme names its key in a header, and no key id was given.
    NoKeyId,
    /// The scheme has a part that this version cannot sign.
    UnknownPart,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(format) => write!(f, "the secret is not {format}"),
            Self::PrivateKey => f.write_str(
                "the sender signs with a private key, and this is none for its algorithm: give \
                 PKCS #8 in PEM, or 32 bytes for Ed25519",
            ),
            Self::NoSetting(setting) => {
                write!(f, "the token says the receiver's setting `{setting}`, which was not given")
            }
            Self::BodySignature => {
                f.write_str("the signature belongs into the body, which is no JSON object")
            }
            Self::NoTime => f.write_str("the scheme signs a time, and none was given"),
            Self::UnwritableTime => f.write_str("the time cannot be written"),
            Self::BodyTime(pointer) => {
                write!(f, "the body must hold the signed time as a number at {pointer}")
            }
            Self::NoKeyId => {
                f.write_str("the scheme names its key in a header, and no key id was given")
            }
            Self::UnknownPart => f.write_str("the scheme has a part that cannot be signed"),
        }
    }
}

impl std::error::Error for SignError {}

impl Signer {
    /// Takes a scheme and a secret as the sender's dashboard shows it, or for senders that sign with a
    /// private key a private key: in PEM (PKCS #8), or for Ed25519 32 bytes in hexadecimal or base64.
    ///
    /// # Errors
    ///
    /// [`SignError::Secret`] or [`SignError::PrivateKey`] if the secret cannot be decoded. Unlike a verifier, a signer takes
    /// secrets that no receiver should use, so that tests can show them refused.
    pub fn new(scheme: &Scheme, secret: &str) -> Result<Self, SignError> {
        let private_key = if scheme.algorithm.is_public() {
            Some(PrivateKey::read(secret).ok_or(SignError::PrivateKey)?)
        } else {
            None
        };
        let (app_key, key) = match private_key {
            Some(_) => (Vec::new(), Vec::new()),
            None => decode_secret(scheme.secret.format, secret)?,
        };
        Ok(Self {
            scheme: scheme.clone(),
            key,
            private_key,
            external_url: None,
            settings: Vec::new(),
            app_key,
            now: None,
            delivery_id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W".to_owned(),
            event_type: None,
            key_id: None,
            nonce: "7f9c1d3e5b".to_owned(),
        })
    }

    /// Sets the time that is signed.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// Sets the delivery id, for schemes that send one in a header.
    #[must_use]
    pub fn delivery_id(mut self, id: impl Into<String>) -> Self {
        self.delivery_id = id.into();
        self
    }

    /// Sets the event type, for schemes that send one in a header.
    #[must_use]
    pub fn event_type(mut self, event_type: impl Into<String>) -> Self {
        self.event_type = Some(event_type.into());
        self
    }

    /// Sets the key id, for schemes that name their key in a header.
    #[must_use]
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Sets the URL that the sender calls, for schemes that sign it. Otherwise it is the one that is
    /// signed for.
    #[must_use]
    pub fn external_url(mut self, url: impl Into<String>) -> Self {
        self.external_url = Some(url.into());
        self
    }

    /// Says what the receiver is, for schemes whose tokens say it.
    #[must_use]
    pub fn setting(mut self, setting: Setting, value: impl Into<String>) -> Self {
        self.settings.push((setting, value.into()));
        self
    }

    /// Sets the nonce, for schemes that have one.
    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = nonce.into();
        self
    }

    /// Signs one request.
    ///
    /// `url` is a path with its query, or an absolute URL, of which path and query are signed
    /// where the scheme does so. The body is signed as it is.
    ///
    /// # Errors
    ///
    /// A [`SignError`] that says what is missing.
    pub fn sign(&self, method: &str, url: &str, body: &[u8]) -> Result<Signed, SignError> {
        self.sign_with(method, url, body, &[])
    }

    /// Signs one request that is sent with further headers, such as its content type: some
    /// schemes sign another form of the body then.
    ///
    /// # Errors
    ///
    /// A [`SignError`] that says what is missing.
    pub fn sign_with(
        &self,
        method: &str,
        url: &str,
        body: &[u8],
        further: &[(&str, &str)],
    ) -> Result<Signed, SignError> {
        match &self.scheme.procedure {
            Procedure::Signature => {}
            Procedure::Jwt(rules) => return self.sign_token(rules, url, body, further),
            _ => return Err(SignError::UnknownPart),
        }
        let timestamp = self.timestamp(body)?;
        let mut headers: Vec<(String, String)> =
            further.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        self.add_plain_headers(&mut headers, timestamp.as_deref())?;
        let request = Request { method, url, body, headers: &headers };
        let content = self.content(&request, timestamp.as_deref())?;
        let signature = match self.scheme.algorithm {
            Algorithm::Token => String::from_utf8_lossy(&self.key).into_owned(),
            Algorithm::Basic => format!("Basic {}", STANDARD.encode(&self.key)),
            algorithm => self.encode(&self.sign_content(algorithm, &content)?),
        };
        let mut signed = Signed { url: url.to_owned(), headers, body: body.to_vec() };
        self.add_signature(&mut signed, &signature, timestamp.as_deref())?;
        Ok(signed)
    }

    /// Signs one request with a token.
    fn sign_token(
        &self,
        rules: &JwtRules,
        url: &str,
        body: &[u8],
        further: &[(&str, &str)],
    ) -> Result<Signed, SignError> {
        let making = Making {
            rules,
            now: self.now,
            key_id: self.key_id.as_deref(),
            url: self.external_url.as_deref().unwrap_or(url),
            body,
            settings: &self.settings,
        };
        let algorithm = self.scheme.algorithm;
        let token = making.token(algorithm, |signed| self.sign_content(algorithm, signed))?;
        let mut headers: Vec<(String, String)> =
            further.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let mut body = body.to_vec();
        match &rules.place {
            TokenPlace::Header { name, prefix } if prefix.is_empty() => {
                set(&mut headers, name, &token);
            }
            TokenPlace::Header { name, prefix } => {
                set(&mut headers, name, &format!("{prefix} {token}"));
            }
            TokenPlace::Body { .. } => body = token.into_bytes(),
            _ => return Err(SignError::UnknownPart),
        }
        Ok(Signed { url: url.to_owned(), headers, body })
    }

    /// The text of the timestamp, unless it is in the body.
    fn timestamp(&self, body: &[u8]) -> Result<Option<String>, SignError> {
        let Some(source) = &self.scheme.timestamp else { return Ok(None) };
        let now = self.now.ok_or(SignError::NoTime)?;
        if let TimestampPlace::Body(pointer) = &source.place {
            let value = serde_json::from_slice::<serde_json::Value>(body).ok();
            let number =
                value.and_then(|value| value.pointer(pointer).and_then(serde_json::Value::as_i64));
            let expected = match source.format {
                TimestampFormat::Seconds => now.as_unix_seconds(),
                _ => now.as_unix_millis(),
            };
            return match number {
                Some(number) if number == expected => Ok(None),
                _ => Err(SignError::BodyTime(pointer.to_string())),
            };
        }
        let text = match source.format {
            TimestampFormat::Seconds => now.as_unix_seconds().to_string(),
            TimestampFormat::Milliseconds | TimestampFormat::Unconfirmed => {
                now.as_unix_millis().to_string()
            }
            TimestampFormat::Rfc3339 => {
                let nanos = i128::from(now.as_unix_millis()) * 1_000_000;
                let time = OffsetDateTime::from_unix_timestamp_nanos(nanos)
                    .map_err(|_| SignError::UnwritableTime)?;
                time.format(&Rfc3339).map_err(|_| SignError::UnwritableTime)?
            }
            _ => return Err(SignError::UnwritableTime),
        };
        Ok(Some(text))
    }

    /// All headers but those that hold a signature.
    fn add_plain_headers(
        &self,
        headers: &mut Vec<(String, String)>,
        timestamp: Option<&str>,
    ) -> Result<(), SignError> {
        let scheme = &self.scheme;
        for required in scheme.required_headers.iter() {
            set(headers, &required.name, &required.value);
        }
        if let Some(name) = &scheme.key_id_header {
            set(headers, name, self.key_id.as_deref().ok_or(SignError::NoKeyId)?);
        }
        if let Lookup::First(places) = &scheme.delivery_id
            && let Some(Place::Header(name)) = places.first()
        {
            set(headers, name, &self.delivery_id);
        }
        if let (Lookup::First(places) | Lookup::Joined(places), Some(event_type)) =
            (&scheme.event_type, &self.event_type)
            && let Some(Place::Header(name)) = places.first()
        {
            set(headers, name, event_type);
        }
        if let Some(source) = &scheme.timestamp
            && let TimestampPlace::Header(names) = &source.place
            && let (Some(name), Some(text)) = (names.first(), timestamp)
        {
            set(headers, name, text);
        }
        for part in scheme.signed.iter() {
            match part {
                Part::Header(name) | Part::Nonce(name) if find(headers, name).is_none() => {
                    set(headers, name, &self.nonce);
                }
                Part::ListedHeaders(name) => {
                    let mut listed = vec![name.to_lowercase()];
                    if let Some(source) = &scheme.timestamp
                        && let TimestampPlace::Header(names) = &source.place
                        && let Some(name) = names.first()
                    {
                        listed.push(name.to_lowercase());
                    }
                    listed.sort();
                    set(headers, name, &listed.join(","));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn content(
        &self,
        request: &Request<'_>,
        timestamp: Option<&str>,
    ) -> Result<Vec<u8>, SignError> {
        let mut content = Vec::new();
        for part in self.scheme.signed.iter() {
            match part {
                Part::Body => content.extend(self.signed_body(request)),
                Part::BodyDigest => {
                    let digest = const_hex::encode(Sha256::digest(self.signed_body(request)));
                    content.extend_from_slice(digest.as_bytes());
                }
                Part::Timestamp => {
                    content.extend_from_slice(timestamp.ok_or(SignError::NoTime)?.as_bytes());
                }
                Part::DeliveryId => content.extend_from_slice(self.delivery_id.as_bytes()),
                Part::Literal(text) => content.extend_from_slice(text.as_bytes()),
                Part::Header(name) | Part::Nonce(name) => {
                    content.extend_from_slice(request.header(name).unwrap_or_default().as_bytes());
                }
                Part::Field(_) => content.extend_from_slice(self.nonce.as_bytes()),
                Part::Secret => content.extend_from_slice(&self.key),
                Part::AppKey => content.extend_from_slice(&self.app_key),
                Part::Method => content.extend_from_slice(request.method.as_bytes()),
                Part::ExternalUrl => {
                    let url = self.external_url.as_deref().unwrap_or(request.url);
                    content.extend_from_slice(url.as_bytes());
                }
                Part::BodyValue(pointer) => {
                    let value = serde_json::from_slice::<serde_json::Value>(request.body).ok();
                    match value.as_ref().and_then(|value| value.pointer(pointer)) {
                        Some(serde_json::Value::String(text)) => content.extend(text.bytes()),
                        Some(other) => content.extend(other.to_string().bytes()),
                        None => {}
                    }
                }
                Part::SortedForm => {
                    let mut fields: Vec<_> = form_urlencoded::parse(request.body).collect();
                    fields.sort_by(|(one, _), (other, _)| one.cmp(other));
                    for (name, value) in fields {
                        content.extend_from_slice(name.as_bytes());
                        content.extend_from_slice(value.as_bytes());
                    }
                }
                Part::PathAndQuery => {
                    content.extend_from_slice(path_and_query(request.url).as_bytes());
                }
                Part::ListedHeaders(list) => {
                    let names = request.header(list).unwrap_or_default();
                    let lines: Vec<_> = names
                        .split(',')
                        .map(|it| format!("{it}:{}", request.header(it).unwrap_or_default()))
                        .collect();
                    content.extend_from_slice(lines.join(";").as_bytes());
                }
                _ => return Err(SignError::UnknownPart),
            }
        }
        Ok(content)
    }

    /// The form of the body that the sender signs.
    fn signed_body(&self, request: &Request<'_>) -> Vec<u8> {
        let header = |name| request.header(name).unwrap_or_default().to_ascii_lowercase();
        match &self.scheme.body {
            BodyForm::FormField(field)
                if header("content-type").starts_with("application/x-www-form-urlencoded") =>
            {
                let mut fields = form_urlencoded::parse(request.body);
                let value = fields.find(|(name, _)| name == field);
                value.map(|(_, value)| value.into_owned().into_bytes()).unwrap_or_default()
            }
            BodyForm::Gunzipped if header("content-encoding") == "gzip" => {
                let mut decoded = Vec::new();
                let mut decoder = flate2::bufread::GzDecoder::new(request.body);
                match std::io::Read::read_to_end(&mut decoder, &mut decoded) {
                    Ok(_) => decoded,
                    Err(_) => request.body.to_vec(),
                }
            }
            _ => request.body.to_vec(),
        }
    }

    fn sign_content(&self, algorithm: Algorithm, content: &[u8]) -> Result<Vec<u8>, SignError> {
        match &self.private_key {
            Some(key) => key.sign(algorithm, content).ok_or(SignError::PrivateKey),
            None => Ok(self.digest(content)),
        }
    }

    fn digest(&self, content: &[u8]) -> Vec<u8> {
        macro_rules! hmac {
            ($hash:ty) => {{
                let mut mac = <Hmac<$hash>>::new_from_slice(&self.key)
                    .unwrap_or_else(|_| unreachable!("an HMAC takes keys of every length"));
                mac.update(content);
                mac.finalize().into_bytes().to_vec()
            }};
        }
        match self.scheme.algorithm {
            Algorithm::HmacSha384 => hmac!(Sha384),
            Algorithm::HmacSha512 => hmac!(Sha512),
            Algorithm::HmacSha1 => hmac!(Sha1),
            Algorithm::HmacMd5 => hmac!(Md5),
            Algorithm::Sha256 => Sha256::digest(content).to_vec(),
            Algorithm::Sha1 => Sha1::digest(content).to_vec(),
            Algorithm::Sha512 => Sha512::digest(content).to_vec(),
            Algorithm::Md5 => Md5::digest(content).to_vec(),
            _ => hmac!(Sha256),
        }
    }

    fn encode(&self, tag: &[u8]) -> String {
        match self.scheme.signature.encoding {
            Encoding::HexUpper => const_hex::encode_upper(tag),
            Encoding::Base64 => STANDARD.encode(tag),
            Encoding::Base64Url => URL_SAFE_NO_PAD.encode(tag),
            Encoding::Base64OfHex => STANDARD.encode(const_hex::encode(tag)),
            _ => const_hex::encode(tag),
        }
    }

    fn add_signature(
        &self,
        signed: &mut Signed,
        signature: &str,
        timestamp: Option<&str>,
    ) -> Result<(), SignError> {
        let headers = &mut signed.headers;
        let value = match &self.scheme.signature.syntax {
            Syntax::Prefixed(prefix) => format!("{prefix}{signature}"),
            Syntax::Pairs(pairs) | Syntax::Groups { pairs, .. } => {
                self.pairs(pairs, signature, timestamp)
            }
            Syntax::Positional(separator) => {
                let separator = char::from(separator.byte());
                format!("{}{separator}{signature}", timestamp.unwrap_or_default())
            }
            _ => signature.to_owned(),
        };
        match &self.scheme.signature.headers {
            SignatureHeaders::First(names) => {
                if let Some(name) = names.first() {
                    set(headers, name, &value);
                }
            }
            SignatureHeaders::Numbered { prefix, .. } => {
                set(headers, &format!("{prefix}1"), &value);
            }
            SignatureHeaders::Two { first, .. } => set(headers, first, &value),
            SignatureHeaders::Query(name) => {
                let mark = if signed.url.contains('?') { '&' } else { '?' };
                let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
                signed.url.push_str(&format!("{mark}{name}={value}"));
            }
            SignatureHeaders::Body(pointer) => {
                let name = pointer.strip_prefix('/').unwrap_or(pointer);
                let body = serde_json::from_slice::<serde_json::Value>(&signed.body);
                let mut body = body.map_err(|_| SignError::BodySignature)?;
                let object = body.as_object_mut().ok_or(SignError::BodySignature)?;
                object.insert(name.to_owned(), value.into());
                signed.body = body.to_string().into_bytes();
            }
            _ => return Err(SignError::UnknownPart),
        }
        Ok(())
    }

    fn pairs(&self, pairs: &Pairs, signature: &str, timestamp: Option<&str>) -> String {
        let assign = char::from(pairs.assign.byte());
        let mut items = Vec::new();
        if let Some(source) = &self.scheme.timestamp
            && let TimestampPlace::Field(name) = &source.place
        {
            items.push(format!("{name}{assign}{}", timestamp.unwrap_or_default()));
        }
        for part in self.scheme.signed.iter() {
            if let Part::Field(name) = part {
                items.push(format!("{name}{assign}{}", self.nonce));
            }
        }
        items.push(format!("{}{assign}{signature}", pairs.key));
        let mut separator = char::from(pairs.separator.byte()).to_string();
        if pairs.trim {
            separator.push(' ');
        }
        items.join(&separator)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("scheme", &self.scheme.id).finish_non_exhaustive()
    }
}

struct Request<'r> {
    method: &'r str,
    url: &'r str,
    body: &'r [u8],
    headers: &'r [(String, String)],
}

impl Request<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        find(self.headers, name)
    }
}

fn find<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let mut found = headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.as_str())
}

fn set(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
    headers.retain(|(it, _)| !it.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value.to_owned()));
}

fn path_and_query(url: &str) -> &str {
    match url.split_once("://") {
        Some((_, rest)) => rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => url,
    }
}

fn decode_secret(format: SecretFormat, secret: &str) -> Result<(Vec<u8>, Vec<u8>), SignError> {
    let error = || SignError::Secret(format);
    let base64 =
        |text: &str| STANDARD_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| error());
    let whsec = |text: &str| base64(text.strip_prefix("whsec_").unwrap_or(text));
    let key = match format {
        SecretFormat::Text | SecretFormat::UserAndPassword => secret.as_bytes().to_vec(),
        SecretFormat::TextNfkd => secret.nfkd().collect::<String>().into_bytes(),
        SecretFormat::Hex => const_hex::decode(secret).map_err(|_| error())?,
        SecretFormat::Base64 => base64(secret)?,
        SecretFormat::Whsec => whsec(secret)?,
        SecretFormat::VersionedWhsec => whsec(secret.strip_prefix("v1,").unwrap_or(secret))?,
        SecretFormat::WhsecOrText if secret.starts_with("whsec_") => whsec(secret)?,
        SecretFormat::WhsecOrText => secret.as_bytes().to_vec(),
        SecretFormat::AppKeyAndText => {
            let (app_key, key) = secret.split_once(':').ok_or_else(error)?;
            return Ok((app_key.as_bytes().to_vec(), key.as_bytes().to_vec()));
        }
        _ => return Err(error()),
    };
    Ok((Vec::new(), key))
}
