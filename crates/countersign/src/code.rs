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
    /// Callbacks by the standard SNAP of Bank Indonesia: JSON without its blanks.
    BiSnap => bi_snap::BiSnap,
    /// Bitso: one member of the body without its blanks.
    Bitso => bitso::Bitso,
    /// Braintree: pairs of a public key and a signature.
    Braintree => braintree::Braintree,
    /// HubSpot, by the version that a delivery is signed in.
    Hubspot => hubspot::ANY,
    /// HubSpot, by the third version: some characters of the URL are decoded.
    HubspotV3 => hubspot::V3,
    /// Mercado Pago: parts that may be absent.
    MercadoPago => mercado_pago::MercadoPago,
    /// Paddle Classic: PHP's serialisation of the sorted fields.
    PaddleClassic => paddle_classic::PaddleClassic,
    /// Payfast: fields in the order they were posted.
    Payfast => payfast::Payfast,
    /// Twilio: several spellings of the URL, and shared keys.
    Twilio => twilio::Twilio,
    /// WeChat Official Accounts: sorted parts.
    WechatOfficialAccount => wechat_official_account::WechatOfficialAccount,
}

impl Code {
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

mod bi_snap;
mod bitso;
mod braintree;
mod hubspot;
mod mercado_pago;
mod minify;
mod paddle_classic;
mod payfast;
mod tools;
mod twilio;
mod unsigned;
mod wechat_official_account;
