//! Senders that no data describes: one procedure each.

use crate::procedure::Procedure;
use crate::scheme::Coverage;
use crate::setting::Setting;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $procedure:path,)*) => {
        /// What is judged by code.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            pub(crate) fn procedure(self) -> &'static dyn Procedure {
                match self {
                    $(Self::$name => &$procedure,)*
                }
            }
        }
    };
}

codes! {
    /// Nothing is signed, and nothing is accepted: what the delivery names must be asked for at the
    /// sender.
    Unsigned => unsigned::Unsigned,
    /// Adobe I/O Events: two signatures of the body, and the client id in it (features `rsa`, `json`).
    AdobeIoEvents => AdobeIoEvents,
    /// App Store Server Notifications: a token with its certificates (feature `x509`).
    AppleAppStore => AppleAppStore,
    /// Amazon SNS: some members of the body, each on lines of its own (feature `x509`).
    AwsSns => AwsSns,
    /// eBay: a signature in an envelope of JSON (features `p256`, `json`).
    Ebay => Ebay,
    /// PayPal: the ids of transmission and webhook, and the CRC-32 of the body (feature `x509`).
    #[cfg_attr(feature = "serde", serde(rename = "paypal"))]
    PayPal => PayPal,
}

impl Code {
    /// The feature without which it judges nothing, if that is off.
    pub(crate) fn missing_feature(self) -> Option<&'static str> {
        self.procedure().missing_feature()
    }

    pub(crate) fn coverage(self) -> Coverage {
        self.procedure().coverage()
    }

    pub(crate) fn required_settings(self) -> &'static [Setting] {
        self.procedure().required_settings()
    }

    pub(crate) fn optional_settings(self) -> &'static [Setting] {
        self.procedure().optional_settings()
    }
}

#[cfg(feature = "json")]
mod adobe_io_events;
#[cfg(feature = "x509")]
mod apple_app_store;
#[cfg(feature = "x509")]
mod aws_sns;
#[cfg(feature = "json")]
mod ebay;
#[cfg(feature = "json")]
mod members;
mod off;
#[cfg(feature = "x509")]
mod paypal;
#[cfg(feature = "json")]
mod signers;
mod unsigned;

#[cfg(feature = "json")]
use self::{adobe_io_events::AdobeIoEvents, ebay::Ebay};
#[cfg(feature = "x509")]
use self::{apple_app_store::AppleAppStore, aws_sns::AwsSns, paypal::PayPal};
#[cfg(not(feature = "json"))]
use self::off::{WithoutJson as AdobeIoEvents, WithoutJson as Ebay};
#[cfg(not(feature = "x509"))]
use self::off::{WithoutX509 as AppleAppStore, WithoutX509 as AwsSns, WithoutX509 as PayPal};
