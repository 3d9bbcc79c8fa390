//! Configures a verifier.

use core::fmt;

use crate::MAX_SECRETS;
use crate::config_error::{ConfigError, Warning};
use crate::keyring::{Key, Keyring};
use crate::mac::Mac;
use crate::scheme::{Scheme, Text};
use crate::secret::{self, Secret};
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
    tolerance: Option<Tolerance>,
    any_age: bool,
    key_id: Option<Text>,
    decoded_limit: usize,
    tenant: Option<Text>,
}

impl VerifierBuilder {
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self {
            scheme,
            secrets: Vec::new(),
            tolerance: None,
            any_age: false,
            key_id: None,
            decoded_limit: DEFAULT_DECODED_LIMIT,
            tenant: None,
        }
    }

    /// Adds a secret. While secrets rotate, give the newest first: they are tried in order.
    pub fn secret(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
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

    /// Checks the configuration and sets up the keys.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] that names what is wrong and the remedy, never a secret. A configuration
    /// that could accept unsigned deliveries, such as one with an empty secret, is refused.
    pub fn build(self) -> Result<Verifier, ConfigError> {
        self.scheme.check()?;
        let tolerance = self.effective_tolerance()?;
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
            if material.key.len() < SHORT_KEY {
                let bytes = material.key.len();
                warnings.push(Warning::ShortSecret { label: label.clone(), bytes });
            }
            let algorithm = self.scheme.algorithm;
            let mac = Mac::new(algorithm, &material.key)
                .ok_or(ConfigError::FeatureOff { feature: "md5" })?;
            let digests_it = !algorithm.is_keyed() || material.app_key.is_some();
            keys.push(Key { label, mac, material: digests_it.then_some(material) });
        }
        let ring = Keyring {
            scheme: self.scheme,
            keys,
            key_id: self.key_id,
            decoded_limit: self.decoded_limit,
            warnings,
            accepts_nothing: false,
        };
        Ok(Verifier::by_keyring(ring, tolerance, self.tenant))
    }

    /// A verifier that has no secret and accepts nothing: it knows how the sender signs, and leaves
    /// the secrets to a [`SecretSource`](crate::SecretSource). To refuse a delivery costs it as much
    /// as with one secret.
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
        let mac = Mac::new(self.scheme.algorithm, &[0; 32])
            .ok_or(ConfigError::FeatureOff { feature: "md5" })?;
        let key = Key { label: Text::default(), mac, material: None };
        let ring = Keyring {
            scheme: self.scheme,
            keys: vec![key],
            key_id: None,
            decoded_limit: self.decoded_limit,
            warnings: Vec::new(),
            accepts_nothing: true,
        };
        Ok(Verifier::by_keyring(ring, tolerance, self.tenant))
    }

    fn effective_tolerance(&self) -> Result<Tolerance, ConfigError> {
        if self.any_age {
            return Ok(Tolerance::ANY_AGE);
        }
        let Some(tolerance) = self.tolerance else { return Ok(self.scheme.tolerance) };
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
