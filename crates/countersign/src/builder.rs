//! Configures a verifier.

use core::fmt;

use crate::MAX_SECRETS;
use crate::config_error::{ConfigError, Warning};
use crate::external_url::ExternalUrl;
use crate::handshake::Handshaker;
use crate::keyring::{Key, KeyCheck, Keyring};
use crate::procedure::{KeyKind, NamedSecret, Setup};
use crate::public_key::{self, NamedKey, PublicKey};
use crate::scheme::{Algorithm, Handshake, Procedure, Scheme, Text};
use crate::secret::{self, KeyMaterial, Secret};
use crate::setting::{Setting, Settings};
use crate::time::{TimestampFormat, Tolerance};
use crate::verify::Verifier;

/// The most bytes that a compressed body may decompress to, unless the builder is told another.
const DEFAULT_DECODED_LIMIT: usize = 16 * 1024 * 1024;

/// Fewer bytes of key than this are worth a warning.
const SHORT_KEY: usize = 16;

/// Configures a [`Verifier`].
///
/// What must be decided, the secrets, has no default; what has a safe default is optional.
#[must_use = "a builder does nothing until `build`"]
pub struct VerifierBuilder {
    scheme: Scheme,
    secrets: Vec<Secret>,
    public_keys: Vec<PublicKey>,
    key_sets: Vec<String>,
    remote_keys: bool,
    trust_roots: Vec<String>,
    settings: Settings,
    external_url: Option<ExternalUrl>,
    tolerance: Option<Tolerance>,
    any_age: bool,
    without_secret: bool,
    key_id: Option<Text>,
    decoded_limit: usize,
    tenant: Option<Text>,
    expects_handshake: bool,
}

impl VerifierBuilder {
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self {
            scheme,
            secrets: Vec::new(),
            public_keys: Vec::new(),
            key_sets: Vec::new(),
            remote_keys: false,
            trust_roots: Vec::new(),
            settings: Settings::default(),
            external_url: None,
            tolerance: None,
            any_age: false,
            without_secret: false,
            key_id: None,
            decoded_limit: DEFAULT_DECODED_LIMIT,
            tenant: None,
            expects_handshake: false,
        }
    }

    /// Adds a secret. While secrets rotate, give the newest first: they are tried in order.
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Adds a public key of the sender. While keys rotate, give both.
    pub fn public_key(mut self, key: PublicKey) -> Self {
        self.public_keys.push(key);
        self
    }

    /// Adds the keys of a JSON Web Key Set, given as its text.
    pub fn key_set(mut self, jwks: impl Into<String>) -> Self {
        self.key_sets.push(jwks.into());
        self
    }

    /// Leaves the sender's public keys to be fetched from where it publishes them. The adapter must be
    /// given a [`RemoteKeySource`](crate::RemoteKeySource); without one, every delivery is answered with
    /// 503.
    pub fn remote_keys(mut self) -> Self {
        self.remote_keys = true;
        self
    }

    /// Adds a certificate in PEM that the sender's chain of certificates may end at.
    pub fn trust_root(mut self, pem: impl Into<String>) -> Self {
        self.trust_roots.push(pem.into());
        self
    }

    /// Says what the receiver is, where the sender's check needs it. A setting that may have several
    /// values is given several times.
    pub fn setting(mut self, setting: Setting, value: impl Into<String>) -> Self {
        self.settings.add(setting, value.into());
        self
    }

    /// The URL that the sender was told, whole: `https://example.com/hooks/square`. It stands for the
    /// URL of every request.
    pub fn notification_url(mut self, url: impl Into<Text>) -> Self {
        self.external_url =
            Some(ExternalUrl::Exact(url.into()).told_once(self.external_url.as_ref()));
        self
    }

    /// Where the sender reaches this server: scheme and host, and the part of the path that a proxy takes
    /// away, if one does. The path and query of the request are appended.
    ///
    /// Senders that sign the URL sign the one that they called, and no proxy is believed about it
    /// unless [it is trusted](Self::trusted_proxy).
    pub fn external_url(mut self, base: impl Into<Text>) -> Self {
        self.external_url =
            Some(ExternalUrl::Base(base.into()).told_once(self.external_url.as_ref()));
        self
    }

    /// Believes what the proxy at this address or in this network (`10.0.0.0/8`) says of scheme and host
    /// in `X-Forwarded-Proto` and `X-Forwarded-Host`; without the latter, `Host` counts. The adapter must
    /// know the [peer's address](crate::Head::from_peer).
    ///
    /// The proxy must replace these headers, not pass on what a client sent. Where several proxies follow
    /// one another, so that the headers hold lists, use [`external_url`](Self::external_url).
    pub fn trusted_proxy(mut self, network: impl Into<String>) -> Self {
        let before = self.external_url.take();
        self.external_url = Some(ExternalUrl::with_proxy(before, network.into()));
        self
    }

    /// Replaces the scheme's tolerance. The scheme must sign a timestamp.
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Judges no timestamp's age, so that a captured delivery can be replayed for ever.
    pub fn danger_any_age(mut self) -> Self {
        self.any_age = true;
        self
    }

    /// Does without a secret where the sender lets its receivers do without, so that anyone can sign: a
    /// Payfast account without a passphrase. What is accepted then is
    /// [covered](crate::Verified::coverage) by nothing.
    pub fn danger_without_secret(mut self) -> Self {
        self.without_secret = true;
        self
    }

    /// The receiver's own key id. The scheme must name a header that holds one; deliveries that
    /// name another are refused.
    pub fn key_id(mut self, key_id: impl Into<Text>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// The most bytes that a compressed body may decompress to, where the sender signs the
    /// decompressed bytes. 16 MiB by default.
    pub fn decoded_limit(mut self, bytes: usize) -> Self {
        self.decoded_limit = bytes;
        self
    }

    /// Whose deliveries these are, where each of many tenants has a secret of its own. The proof says
    /// it, and events of different tenants are kept apart.
    pub fn tenant(mut self, name: impl Into<Text>) -> Self {
        self.tenant = Some(name.into());
        self
    }

    /// Whether the sender may tell its secret now, as Asana and Notion do when a subscription is
    /// made. The [answer](crate::HandshakeReply::told_secret) then holds it.
    ///
    /// Anyone can send such a handshake, so expect one only while you subscribe. Without a secret
    /// the verifier accepts no event until it is built again with the one that was told; with a
    /// secret, none is taken.
    pub fn expect_handshake(mut self, expected: bool) -> Self {
        self.expects_handshake = expected;
        self
    }

    /// Checks the configuration and sets up the keys.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] that names what is wrong and the remedy, never a secret. A configuration
    /// that could accept unsigned deliveries, such as one with an empty secret, is refused.
    pub fn build(self) -> Result<Verifier, ConfigError> {
        let handshake = self.scheme.handshake.as_ref();
        let awaits_secret =
            self.expects_handshake && handshake.is_some_and(Handshake::tells_secret);
        if awaits_secret && !self.has_key() {
            return self.build_without_secret();
        }
        self.scheme.check()?;
        let handshaker = self.handshaker()?;
        Ok(self.build_events()?.with_handshaker(handshaker))
    }

    fn has_key(&self) -> bool {
        let has_public = !self.public_keys.is_empty() || !self.key_sets.is_empty();
        !self.secrets.is_empty() || has_public || self.remote_keys
    }

    /// What answers handshakes.
    fn handshaker(&self) -> Result<Option<Handshaker>, ConfigError> {
        let (scheme, url) = (&self.scheme, self.external_url.as_ref());
        let handshaker = Handshaker::new(scheme, &self.secrets, &self.settings, url)?;
        Ok(handshaker.map(|it| it.has_key(self.has_key()).expected(self.expects_handshake)))
    }

    /// A verifier of events.
    fn build_events(self) -> Result<Verifier, ConfigError> {
        let tolerance = self.effective_tolerance()?;
        self.check_settings()?;
        if self.scheme.procedure != Procedure::Signature {
            return self.build_procedure(tolerance);
        }
        // What nothing would come of is a mistake.
        if !self.trust_roots.is_empty() {
            return Err(ConfigError::UnusedTrustRoot);
        }
        if self.without_secret && !self.secrets.is_empty() {
            return Err(ConfigError::TooManySecrets { most: 0 });
        }
        if self.scheme.algorithm.is_public() {
            return self.build_public(tolerance);
        }
        if !self.public_keys.is_empty() || !self.key_sets.is_empty() || self.remote_keys {
            return Err(ConfigError::WantsSecret);
        }
        if self.secrets.is_empty() {
            return Err(ConfigError::NoSecret);
        }
        let most = if self.scheme.signature.headers.is_paired() { 2 } else { MAX_SECRETS };
        if self.secrets.len() > most {
            return Err(ConfigError::TooManySecrets { most });
        }
        if self.key_id.is_some() != self.scheme.key_id_header.is_some() {
            return Err(match self.scheme.key_id_header {
                Some(header) => ConfigError::MissingKeyId { header },
                None => ConfigError::UnusedKeyId,
            });
        }
        let mut keys: Vec<Key> = Vec::with_capacity(self.secrets.len());
        let mut warnings = Vec::new();
        for (index, secret) in self.secrets.into_iter().enumerate() {
            let label = secret.label.unwrap_or_else(|| secret::default_label(index));
            if keys.iter().any(|key| key.label == label) {
                return Err(ConfigError::RepeatedLabel { label });
            }
            let material = secret::decode(&secret.text, &self.scheme.secret)
                .map_err(|problem| ConfigError::Secret { label: label.clone(), problem })?;
            let bytes = material.secret_bytes(self.scheme.secret.format);
            if bytes < SHORT_KEY {
                warnings.push(Warning::ShortSecret { label: label.clone(), bytes });
            }
            let algorithm = self.scheme.algorithm;
            if secret.id.is_some() {
                return Err(ConfigError::UnusedKeyId);
            }
            if secret.algorithm.is_some_and(|only| only != algorithm) {
                return Err(ConfigError::WrongAlgorithm { label });
            }
            let check = KeyCheck::of_secret(algorithm, &material.key)?;
            let digests_it = !algorithm.is_keyed() || material.app_key.is_some();
            keys.push(Key { label, check, material: digests_it.then_some(material) });
        }
        let ring = Keyring {
            scheme: self.scheme,
            keys,
            remote_keys: false,
            key_id: self.key_id,
            external_url: self.external_url,
            decoded_limit: self.decoded_limit,
            warnings,
            accepts_nothing: false,
        };
        Ok(Verifier::by_keyring(ring, tolerance, self.tenant))
    }

    /// A verifier for a sender that signs with a private key of its own.
    fn build_public(mut self, tolerance: Tolerance) -> Result<Verifier, ConfigError> {
        if self.key_id.is_some() && self.scheme.key_id_header.is_none() {
            return Err(ConfigError::UnusedKeyId);
        }
        if !self.secrets.is_empty() {
            return Err(ConfigError::WantsPublicKey);
        }
        if self.remote_keys && self.scheme.remote_keys.is_none() {
            return Err(ConfigError::NoRemoteKeys);
        }
        let keys = self.parse_public_keys(Some(self.scheme.algorithm))?;
        if keys.is_empty() && !self.remote_keys {
            return Err(ConfigError::NoPublicKey);
        }
        // Each of them would be tried.
        let unnamed = keys.iter().filter(|key| key.id.is_none()).count();
        let tried = if self.scheme.key_id_header.is_some() { unnamed } else { keys.len() };
        if tried > MAX_SECRETS {
            return Err(ConfigError::TooManySecrets { most: MAX_SECRETS });
        }
        if let (Some(remote), Some(url)) =
            (&mut self.scheme.remote_keys, self.settings.get(Setting::KeysUrl))
        {
            if !url.starts_with("https://") {
                return Err(ConfigError::WrongSetting { setting: Setting::KeysUrl });
            }
            remote.url = url.to_owned().into();
        }
        let public =
            |key| Key { label: Text::default(), check: KeyCheck::Public(key), material: None };
        let ring = Keyring {
            scheme: self.scheme,
            keys: keys.into_iter().map(public).collect(),
            remote_keys: self.remote_keys,
            key_id: self.key_id,
            external_url: self.external_url,
            decoded_limit: self.decoded_limit,
            warnings: Vec::new(),
            accepts_nothing: false,
        };
        Ok(Verifier::by_keyring(ring, tolerance, self.tenant))
    }

    /// A verifier for a sender that a procedure judges.
    fn build_procedure(mut self, tolerance: Tolerance) -> Result<Verifier, ConfigError> {
        // Procedures find keys by the ids that keys have.
        if self.key_id.is_some() {
            return Err(ConfigError::UnusedKeyId);
        }
        let scheme = self.scheme.clone();
        let Some(procedure) = scheme.procedure() else {
            return Err(ConfigError::FeatureOff { feature: "jwt" });
        };
        let kind = procedure.key_kind();
        let wants_secrets = matches!(kind, KeyKind::Secrets | KeyKind::Either);
        let wants_public = !matches!(kind, KeyKind::Secrets | KeyKind::None);
        if !self.secrets.is_empty() && kind == KeyKind::None {
            return Err(ConfigError::TooManySecrets { most: 0 });
        }
        if !self.secrets.is_empty() && !wants_secrets {
            return Err(ConfigError::WantsPublicKey);
        }
        let has_public =
            !self.public_keys.is_empty() || !self.key_sets.is_empty() || self.remote_keys;
        if has_public && !wants_public {
            return Err(ConfigError::WantsSecret);
        }
        let reads_certificates = matches!(kind, KeyKind::Certificates | KeyKind::PublicKeys);
        if !self.trust_roots.is_empty() && !reads_certificates {
            return Err(ConfigError::UnusedTrustRoot);
        }
        let mut setup = self.setup()?;
        match kind {
            // Which of the two is meant, only the caller knows.
            _ if self.without_secret && !setup.secrets.is_empty() => {
                return Err(ConfigError::TooManySecrets { most: 0 });
            }
            KeyKind::Secrets
                if setup.secrets.is_empty()
                    && !(self.without_secret && procedure.may_lack_secret()) =>
            {
                return Err(ConfigError::NoSecret);
            }
            KeyKind::PublicKeys if setup.public_keys.is_empty() && !self.remote_keys => {
                return Err(ConfigError::NoPublicKey);
            }
            KeyKind::Either
                if setup.secrets.is_empty()
                    && setup.public_keys.is_empty()
                    && !self.remote_keys =>
            {
                return Err(ConfigError::NoSecret);
            }
            _ => {}
        }
        setup.remote_keys = self.remote_keys;
        procedure.check_setup(&setup)?;
        Ok(Verifier::by_procedure(setup, tolerance, self.tenant))
    }

    fn setup(&mut self) -> Result<Setup, ConfigError> {
        let public_keys = self.parse_public_keys(None)?;
        let mut secrets: Vec<NamedSecret> = Vec::with_capacity(self.secrets.len());
        let mut warnings = Vec::new();
        if self.secrets.len() > MAX_SECRETS {
            return Err(ConfigError::TooManySecrets { most: MAX_SECRETS });
        }
        for (index, secret) in std::mem::take(&mut self.secrets).into_iter().enumerate() {
            let label = secret.label.unwrap_or_else(|| secret::default_label(index));
            if secrets.iter().any(|it| it.label == label) {
                return Err(ConfigError::RepeatedLabel { label });
            }
            let material = secret::decode(&secret.text, &self.scheme.secret)
                .map_err(|problem| ConfigError::Secret { label: label.clone(), problem })?;
            let bytes = material.secret_bytes(self.scheme.secret.format);
            if bytes < SHORT_KEY {
                warnings.push(Warning::ShortSecret { label: label.clone(), bytes });
            }
            let (id, algorithm) = (secret.id, secret.algorithm);
            secrets.push(NamedSecret { label, id, algorithm, material });
        }
        let mut trust_roots = Vec::new();
        for pem in std::mem::take(&mut self.trust_roots) {
            trust_roots.append(&mut public_key::certificates(&pem)?);
        }
        Ok(Setup {
            scheme: self.scheme.clone(),
            secrets,
            public_keys,
            remote_keys: false,
            trust_roots,
            settings: std::mem::take(&mut self.settings),
            external_url: self.external_url.take(),
            any_age: self.any_age,
            accepts_nothing: false,
            warnings,
        })
    }

    /// Reads the public keys that were given. Without an algorithm, each must say by its form what it is
    /// for.
    fn parse_public_keys(
        &mut self,
        algorithm: Option<Algorithm>,
    ) -> Result<Vec<NamedKey>, ConfigError> {
        let mut keys: Vec<NamedKey> = Vec::new();
        for key in std::mem::take(&mut self.public_keys) {
            keys.push(public_key::named(key, keys.len(), algorithm)?);
        }
        for jwks in std::mem::take(&mut self.key_sets) {
            keys.append(&mut public_key::key_set(jwks.as_bytes())?);
        }
        let repeated =
            |at: usize, label: &Text| keys.iter().skip(at + 1).any(|it| it.label == *label);
        if let Some((_, key)) = keys.iter().enumerate().find(|(at, key)| repeated(*at, &key.label))
        {
            return Err(ConfigError::RepeatedLabel { label: key.label.clone() });
        }
        Ok(keys)
    }

    fn check_settings(&self) -> Result<(), ConfigError> {
        let (required, optional) = self.scheme.settings();
        if let Some(setting) = required.iter().find(|it| !self.settings.has(**it)) {
            return Err(ConfigError::MissingSetting { setting: *setting });
        }
        let known: Vec<_> = required.into_iter().chain(optional).collect();
        if let Some(setting) = self.settings.unknown(&known) {
            return Err(ConfigError::UnusedSetting { setting });
        }
        match &self.external_url {
            Some(url) => url.check(),
            None if self.scheme.signs_external_url() => Err(ConfigError::MissingExternalUrl),
            None => Ok(()),
        }
    }

    /// A verifier that has no secret and accepts nothing: it knows how the sender signs, and leaves
    /// the secrets to a [`SecretSource`](crate::SecretSource). To refuse a delivery costs it as much
    /// as with one secret.
    ///
    /// It answers the handshakes that need no secret: of a sender of which only those are wanted,
    /// or that signs nothing without one.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] that names what is wrong, a secret or a key id among it.
    pub fn build_without_secret(self) -> Result<Verifier, ConfigError> {
        self.scheme.check()?;
        let tolerance = self.effective_tolerance()?;
        if !self.secrets.is_empty() {
            return Err(ConfigError::TooManySecrets { most: 0 });
        }
        if self.key_id.is_some() {
            return Err(ConfigError::UnusedKeyId);
        }
        self.check_settings()?;
        let handshaker = self.handshaker()?.map(|it| it.has_key(false));
        if self.scheme.procedure != Procedure::Signature {
            let verifier = self.build_procedure_without_secret(tolerance)?;
            return Ok(verifier.with_handshaker(handshaker));
        }
        let mut keys = Vec::new();
        if !self.scheme.algorithm.is_public() {
            let check = KeyCheck::of_secret(self.scheme.algorithm, &[0; 32])?;
            keys.push(Key { label: Text::default(), check, material: None });
        }
        let ring = Keyring {
            scheme: self.scheme,
            keys,
            remote_keys: false,
            key_id: None,
            external_url: self.external_url,
            decoded_limit: self.decoded_limit,
            warnings: Vec::new(),
            accepts_nothing: true,
        };
        let verifier = Verifier::by_keyring(ring, tolerance, self.tenant);
        Ok(verifier.with_handshaker(handshaker))
    }

    /// The same for a sender that a procedure judges.
    fn build_procedure_without_secret(
        mut self,
        tolerance: Tolerance,
    ) -> Result<Verifier, ConfigError> {
        let scheme = self.scheme.clone();
        let Some(procedure) = scheme.procedure() else {
            return Err(ConfigError::FeatureOff { feature: "jwt" });
        };
        let mut setup = self.setup()?;
        let key = vec![0; 32].into();
        let material = KeyMaterial { key, app_key: None };
        let label = Text::default();
        setup.secrets.push(NamedSecret { label, id: None, algorithm: None, material });
        setup.accepts_nothing = true;
        setup.remote_keys = self.remote_keys;
        procedure.check_setup(&setup)?;
        Ok(Verifier::by_procedure(setup, tolerance, self.tenant))
    }

    fn effective_tolerance(&self) -> Result<Tolerance, ConfigError> {
        if self.any_age {
            return Ok(Tolerance::ANY_AGE);
        }
        let Some(tolerance) = self.tolerance else { return Ok(self.scheme.tolerance) };
        if self.scheme.procedure != Procedure::Signature {
            return match tolerance {
                Tolerance::ANY_AGE => Err(ConfigError::AnyAge),
                // Of several versions only some may sign a time.
                tolerance
                    if self.scheme.coverage().timestamp() || self.scheme.timestamp.is_some() =>
                {
                    Ok(tolerance)
                }
                _ => Err(ConfigError::NothingToTolerate),
            };
        }
        match &self.scheme.timestamp {
            None => Err(ConfigError::NothingToTolerate),
            Some(source) if source.format == TimestampFormat::Unconfirmed => {
                Err(ConfigError::NothingToTolerate)
            }
            Some(_) if tolerance == Tolerance::ANY_AGE => Err(ConfigError::AnyAge),
            Some(_) => Ok(tolerance),
        }
    }
}

impl fmt::Debug for VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifierBuilder")
            .field("scheme", &self.scheme.id)
            .field("secrets", &self.secrets)
            .finish_non_exhaustive()
    }
}
