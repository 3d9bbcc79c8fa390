//! What a receiver must say of itself besides its secrets.

use core::fmt;
use core::str::FromStr;

use zeroize::Zeroizing;

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a receiver says of itself besides its secrets, where a sender's check needs it.
        ///
        /// Given with [`VerifierBuilder::setting`](crate::VerifierBuilder::setting). Which settings a
        /// sender needs and which it knows is told by [`Scheme::settings`](crate::Scheme::settings).
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
        #[non_exhaustive]
        pub enum Setting {
            $($(#[$doc])* $name,)*
        }

        impl Setting {
            /// All settings.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name used in config files and on the command line.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

settings! {
    /// Whom a token is for: the receiver's audience. Several are allowed.
    Audience = "audience",
    /// Who issues tokens: the sender's name for itself or, with one secret for each installation, for
    /// the installation.
    Issuer = "issuer",
    /// The address of the service account that the sender acts as.
    ServiceAccount = "service-account",
    /// The id of the webhook, as the sender's dashboard shows it.
    WebhookId = "webhook-id",
    /// The receiver's client id or application id.
    ClientId = "client-id",
    /// The bundle id of the app.
    BundleId = "bundle-id",
    /// The environment whose deliveries are accepted.
    Environment = "environment",
    /// A topic that is subscribed to. Several are allowed; none is accepted unless it is named.
    Topic = "topic",
    /// The least version of signatures that is accepted.
    MinVersion = "min-version",
    /// The URL of the sender's keys, where each receiver has its own.
    KeysUrl = "keys-url",
    /// A token that the sender sends back when it verifies the endpoint.
    VerifyToken = "verify-token",
    /// A code that the sender sends when it verifies the endpoint.
    VerifyCode = "verify-code",
    /// Who may deliver: an origin. Several are allowed.
    AllowedOrigin = "allowed-origin",
    /// How many deliveries a minute the receiver accepts.
    AllowedRate = "allowed-rate",
    /// A component that must be signed, in place of those that must be by default. Several are
    /// allowed: `@path`, `@query-param;name="id"`. `danger-none` for none at all.
    RequiredComponent = "required-component",
    /// The tag that a signature must have.
    RequiredTag = "required-tag",
    /// Whether the body's digest must be there and match: `true` or `false`.
    RequireDigest = "require-digest",
    /// Whether a signature must say when it was made: `true` or `false`.
    RequireCreated = "require-created",
    /// `true`: that anyone can make a delivery that is accepted is understood.
    DangerUnauthenticated = "danger-unauthenticated",
    /// The public half of a pair of API keys.
    PublicHalf = "public-half",
    /// The name of the header that holds the token, where each receiver chooses it.
    HeaderName = "header-name",
    /// The name of the parameter of the query that holds the token, where each receiver chooses it.
    QueryName = "query-name",
    /// The key that events are encrypted with.
    EncryptionKey = "encryption-key",
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no setting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnknownSetting;

impl fmt::Display for UnknownSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no setting has this name")
    }
}

impl core::error::Error for UnknownSetting {}

impl FromStr for Setting {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|it| it.as_str() == text).ok_or(UnknownSetting)
    }
}

/// The settings of one receiver. Some are secret, such as what a sender verifies an endpoint with.
#[derive(Clone, Default)]
pub(crate) struct Settings(Vec<(Setting, Zeroizing<String>)>);

impl Settings {
    pub(crate) fn add(&mut self, setting: Setting, value: String) {
        self.0.push((setting, Zeroizing::new(value)));
    }

    /// The values of a setting, in the order they were given.
    pub(crate) fn all(&self, setting: Setting) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(it, _)| *it == setting).map(|(_, value)| value.as_str())
    }

    /// The last value of a setting.
    pub(crate) fn get(&self, setting: Setting) -> Option<&str> {
        self.all(setting).last()
    }

    pub(crate) fn has(&self, setting: Setting) -> bool {
        self.get(setting).is_some()
    }

    /// A setting that was given and is not among the known ones.
    pub(crate) fn unknown(&self, known: &[Setting]) -> Option<Setting> {
        self.0.iter().map(|(it, _)| *it).find(|it| !known.contains(it))
    }
}
