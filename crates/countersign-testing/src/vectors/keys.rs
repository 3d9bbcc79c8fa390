//! What a receiver is configured with, in vectors of senders that need more than secrets.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign::{
    Algorithm, ConfigError, Delivery, KeyDocument, PublicKey, Rejection, Scheme, Secret, Setting,
    Tolerance, Verifier, VerifierBuilder, catalog,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a receiver is configured with: members by name, as the vector has them.
///
/// | member | meaning |
/// |---|---|
/// | `secret`, `secret_hex`, `secret_b64`, `auth_token`, `client_state`, `passphrase`, `private_key`, `encrypt_key` | a secret as pasted, or a list of them |
/// | `username`, `password` | the two halves of a secret |
/// | `query_secret` | the secret and the parameter of the query that holds it |
/// | `topics` | secrets by the topic that they are for |
/// | `public_key_pem`, `_hex`, `_b64`, `_der_b64`, `whpk` | a public key as pasted, or a list of them |
/// | `public_keys` | public keys in PEM by id |
/// | `keyids`, `shared_keys` | keys or secrets by id, with their algorithm |
/// | `jwks` | a JSON Web Key Set |
/// | `certs`, `jwks_by_url` | what a fetch of these URLs returns |
/// | `allowed_jku` | URLs that may be fetched besides |
/// | `trust_roots` | certificates in PEM that chains may end at |
/// | `expect_handshake` | whether the sender may tell its secret |
/// | `notification_url`, `endpoint`, `public_base_url`, `trust_forwarded` | how the URL is told that the sender called; without them, as the vector's URL has it |
/// | `tolerance_s` | the tolerance in seconds; `null`: age is not judged |
/// | others | a [`Setting`] each |
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Keys(BTreeMap<String, Value>);

/// Members that are settings, under the names that vectors have for them.
const SETTINGS: &[(&str, Setting)] = &[
    ("aud", Setting::Audience),
    ("issuer", Setting::Issuer),
    ("email", Setting::ServiceAccount),
    ("webhook_id", Setting::WebhookId),
    ("client_id", Setting::ClientId),
    ("bundle_id", Setting::BundleId),
    ("environment", Setting::Environment),
    ("topic_arns", Setting::Topic),
    ("min_signature_version", Setting::MinVersion),
    ("verify_token", Setting::VerifyToken),
    ("verification_token", Setting::VerifyToken),
    ("verify_code", Setting::VerifyCode),
    ("allowed_origins", Setting::AllowedOrigin),
    ("allowed_rate", Setting::AllowedRate),
    ("required_components", Setting::RequiredComponent),
    ("required_tag", Setting::RequiredTag),
    ("verify_content_digest", Setting::RequireDigest),
    ("require_created", Setting::RequireCreated),
    ("required", Setting::RequireDigest),
    ("public_key", Setting::PublicHalf),
    ("auth_header", Setting::HeaderName),
];

/// What a receiver does not require unless the vector says so, although it is the default.
const UNLESS_GIVEN: &[(Setting, &str)] = &[
    (Setting::Topic, "danger-any"),
    (Setting::RequiredComponent, "danger-none"),
    (Setting::RequireDigest, "false"),
    (Setting::RequireCreated, "false"),
    (Setting::DangerUnauthenticated, "true"),
];

/// Members that hold secrets.
const SECRETS: &[&str] = &[
    "secret",
    "secret_hex",
    "secret_b64",
    "auth_token",
    "client_state",
    "passphrase",
    "private_key",
    "encrypt_key",
];

/// Members that hold public keys.
const PUBLIC_KEYS: &[&str] =
    &["public_key_pem", "public_key_hex", "public_key_b64", "public_key_der_b64", "whpk"];

impl Keys {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The texts of a member that is one or a list of them.
    fn texts(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(Value::Array(items)) => items.iter().map(text).collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(value) => vec![text(value)],
        }
    }

    /// The entry of the catalogue that a vector is about.
    pub(super) fn scheme(&self, provider: &str) -> Option<&'static Scheme> {
        let variant = match provider {
            "fireblocks" if self.get("public_key_pem").is_some() => Some("fireblocks-legacy"),
            // Without an encrypt key, a token is all there is.
            "lark" if self.get("encrypt_key").is_none() => Some("lark-token"),
            "flutterwave" if self.texts("version") == ["v4"] => Some("flutterwave-v4"),
            _ => None,
        };
        variant.and_then(catalog::find).or_else(|| catalog::find(provider))
    }

    /// Sets up a receiver: without secrets and keys, one that answers handshakes alone.
    pub(super) fn verifier(&self, scheme: &Scheme, url: &str) -> Result<Verifier, ConfigError> {
        match self.builder(scheme, url).build() {
            Err(ConfigError::NoSecret | ConfigError::NoPublicKey) if scheme.handshake.is_some() => {
                self.builder(scheme, url).build_without_secret()
            }
            built => built,
        }
    }

    fn builder(&self, scheme: &Scheme, url: &str) -> VerifierBuilder {
        let mut builder = Verifier::builder(scheme.clone());
        builder = self.add_secrets(builder);
        if scheme.id == "lark-token" {
            for token in self.texts("verification_token") {
                builder = builder.secret(Secret::new(token));
            }
        }
        builder = self.add_public_keys(builder);
        builder = self.add_settings(builder, scheme);
        builder = self.add_url(builder, scheme, url);
        let tells_time = scheme.timestamp.is_some() || scheme.coverage().timestamp();
        builder = match self.get("tolerance_s") {
            Some(Value::Null) => builder.danger_any_age(),
            Some(seconds) if tells_time => {
                let seconds = seconds.as_u64().and_then(|it| u32::try_from(it).ok());
                builder.tolerance(Tolerance::symmetric(seconds.unwrap_or_default()))
            }
            _ => builder,
        };
        builder.expect_handshake(self.get("expect_handshake").is_some_and(|it| it == true))
    }

    fn add_secrets(&self, mut builder: VerifierBuilder) -> VerifierBuilder {
        // A passphrase that is there and null: the receiver has none.
        if self.get("passphrase").is_some_and(Value::is_null) {
            builder = builder.danger_without_secret();
        }
        for secret in SECRETS.iter().flat_map(|name| self.texts(name)) {
            builder = builder.secret(Secret::new(secret));
        }
        if let (Some(user), Some(password)) = (self.get("username"), self.get("password")) {
            builder = builder.secret(Secret::new(format!("{}:{}", text(user), text(password))));
        }
        if let Some(value) = self.get("query_secret").and_then(|it| it.get("value")) {
            builder = builder.secret(Secret::new(text(value)));
        }
        for (topic, of) in self.members("topics") {
            if let Some(secret) = of.get("secret") {
                builder = builder
                    .secret(Secret::new(text(secret)).label(topic.clone()).id(topic.clone()));
            }
        }
        for (id, key) in self.members("shared_keys").chain(self.members("keyids")) {
            let Some(secret) = key.get("secret").or_else(|| key.get("secret_b64")) else {
                continue;
            };
            let mut secret = Secret::new(text(secret)).label(id.clone()).id(id.clone());
            if let Some(algorithm) = key.get("algorithm").or_else(|| key.get("alg")) {
                secret = match algorithm_of(&text(algorithm)) {
                    Some(algorithm) => secret.algorithm(algorithm),
                    None => secret,
                };
            }
            builder = builder.secret(secret);
        }
        builder
    }

    fn add_public_keys(&self, mut builder: VerifierBuilder) -> VerifierBuilder {
        for key in PUBLIC_KEYS.iter().flat_map(|name| self.texts(name)) {
            builder = builder.public_key(PublicKey::new(key));
        }
        for (id, key) in self.members("public_keys") {
            builder =
                builder.public_key(PublicKey::new(text(key)).label(id.clone()).id(id.clone()));
        }
        for (id, key) in self.members("keyids") {
            let Some(pem) = key.get("public_key_pem") else { continue };
            let mut public = PublicKey::new(text(pem)).label(id.clone()).id(id.clone());
            if let Some(algorithm) = key.get("alg").and_then(|it| algorithm_of(&text(it))) {
                public = public.algorithm(algorithm);
            }
            builder = builder.public_key(public);
        }
        if let Some(jwks) = self.get("jwks") {
            builder = builder.key_set(jwks.to_string());
        }
        if self.get("certs").is_some() || self.get("jwks_by_url").is_some() {
            builder = builder.remote_keys();
        }
        for root in self.texts("trust_roots") {
            builder = builder.trust_root(root);
        }
        builder
    }

    fn add_settings(&self, mut builder: VerifierBuilder, scheme: &Scheme) -> VerifierBuilder {
        let (required, optional) = scheme.settings();
        let mut given = Vec::new();
        let knows = |setting: Setting| required.contains(&setting) || optional.contains(&setting);
        if let Some(name) = self.get("query_secret").and_then(|it| it.get("name"))
            && knows(Setting::QueryName)
        {
            builder = builder.setting(Setting::QueryName, text(name));
        }
        for (topic, _) in self.members("topics").filter(|_| knows(Setting::Topic)) {
            builder = builder.setting(Setting::Topic, topic.clone());
        }
        for (name, setting) in SETTINGS {
            if !knows(*setting) {
                continue;
            }
            for value in self.texts(name) {
                given.push(*setting);
                builder = builder.setting(*setting, value);
            }
        }
        for (setting, value) in UNLESS_GIVEN {
            if knows(*setting) && !given.contains(setting) {
                builder = builder.setting(*setting, *value);
            }
        }
        builder
    }

    fn add_url(&self, builder: VerifierBuilder, scheme: &Scheme, url: &str) -> VerifierBuilder {
        if let Some(url) =
            self.texts("notification_url").pop().or_else(|| self.texts("endpoint").pop())
        {
            return builder.notification_url(url);
        }
        if let Some(base) = self.texts("public_base_url").pop() {
            return builder.external_url(base);
        }
        if self.get("trust_forwarded").is_some_and(|it| it == true) {
            return builder.trusted_proxy("127.0.0.0/8");
        }
        if scheme.signs_external_url() {
            return builder.external_url(origin(url).to_owned());
        }
        builder
    }

    /// The keys that a delivery needs, as a fetcher would find them.
    pub(super) fn fetch(
        &self,
        verifier: &Verifier,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<Arc<KeyDocument>>, FetchError> {
        let requests = verifier.key_requests(delivery).map_err(FetchError::Refused)?;
        let mut documents = Vec::with_capacity(requests.len());
        for request in requests {
            let url = request.url();
            let fetched = ["certs", "jwks_by_url"].iter().find_map(|name| self.get(name)?.get(url));
            let Some(document) = fetched else {
                // A page that is not there is found out by asking for it; another's must not be asked.
                return Err(if self.may_be_asked(url) {
                    FetchError::Refused(Rejection::UnknownKey)
                } else {
                    FetchError::Foreign(url.to_owned())
                });
            };
            let read = request.read(text(document).as_bytes());
            documents.push(Arc::new(read.map_err(|_| FetchError::Refused(Rejection::UnknownKey))?));
        }
        Ok(documents)
    }

    fn may_be_asked(&self, url: &str) -> bool {
        let listed = self.members("certs").chain(self.members("jwks_by_url")).map(|(url, _)| url);
        let allowed = self.texts("allowed_jku");
        listed.chain(allowed.iter()).any(|it| origin(it) == origin(url))
    }

    fn members(&self, name: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.get(name).and_then(Value::as_object).into_iter().flatten()
    }
}

/// Why the keys of a delivery were not found.
pub(super) enum FetchError {
    /// The delivery is refused.
    Refused(Rejection),
    /// A URL was asked for that is not the sender's.
    Foreign(String),
}

/// The text of a text, else the JSON of a value.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Scheme and authority of a URL.
fn origin(url: &str) -> &str {
    let from = url.find("://").map_or(0, |at| at + 3);
    let length = url.get(from..).and_then(|rest| rest.find(['/', '?', '#']));
    length.and_then(|length| url.get(..from + length)).unwrap_or(url)
}

fn algorithm_of(name: &str) -> Option<Algorithm> {
    Some(match name {
        "HMAC_SHA256" | "hmac-sha256" => Algorithm::HmacSha256,
        "HMAC_SHA1" => Algorithm::HmacSha1,
        "ed25519" => Algorithm::Ed25519,
        "ecdsa-p256-sha256" => Algorithm::EcdsaP256Sha256,
        "ecdsa-p384-sha384" => Algorithm::EcdsaP384Sha384,
        "rsa-v1_5-sha256" => Algorithm::RsaSha256,
        "rsa-pss-sha512" => Algorithm::RsaPssSha512,
        _ => return None,
    })
}
