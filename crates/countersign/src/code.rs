//! Senders that no data describes: one procedure each.

use crate::procedure::Procedure;
use crate::scheme::Coverage;

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
    /// Atlassian Connect: a token that signs method and URL (feature `jwt`).
    AtlassianConnect => ATLASSIAN_CONNECT,
    /// TrueLayer: a detached token over method, path, listed headers and body (feature `jwt`).
    #[cfg_attr(feature = "serde", serde(rename = "truelayer"))]
    TrueLayer => TRUELAYER,
    /// Nothing is signed, and nothing is accepted: what the delivery names must be asked for at the
    /// sender.
    Unsigned => unsigned::Unsigned,
    /// HTTP message signatures (RFC 9421).
    Rfc9421 => RFC9421,
    /// A digest of the body alone, which authenticates nothing (RFC 9530).
    ContentDigest => CONTENT_DIGEST,
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
    /// A token in a header that the receiver chooses ([`Setting::HeaderName`](crate::Setting::HeaderName)).
    HeaderToken => chosen_token::HeaderToken,
    /// A token in a parameter of the query that the receiver chooses ([`Setting::QueryName`](crate::Setting::QueryName)).
    QueryToken => chosen_token::QueryToken,
    /// Mailgun's timestamp, token and signature, in JSON or in a form.
    Mailgun => mailgun::Mailgun,
    /// The signature of each item of Adyen's standard notifications.
    AdyenNotification => adyen_notification::AdyenNotification,
    /// Dropbox Sign's JSON in a field of a form.
    DropboxSign => dropbox_sign::DropboxSign,
    /// The client state of each item of Microsoft Graph's notifications.
    MicrosoftGraph => microsoft_graph::MicrosoftGraph,
    /// Lark's verification token, where it does not sign.
    LarkToken => lark_token::LarkToken,
    /// WebSub's signature, by the method that it names and with the secret of its topic.
    WebSub => websub::WebSub,
    /// Adobe I/O Events: two signatures of the body, and the client id in it (features `rsa`, `json`).
    AdobeIoEvents => ADOBE_IO_EVENTS,
    /// App Store Server Notifications: a token with its certificates (feature `x509`).
    AppleAppStore => APPLE_APP_STORE,
    /// Amazon SNS: some members of the body, each on lines of its own (feature `x509`).
    AwsSns => AWS_SNS,
    /// eBay: a signature in an envelope of JSON (features `p256`, `json`).
    Ebay => EBAY,
    /// PayPal: the ids of transmission and webhook, and the CRC-32 of the body (feature `x509`).
    #[cfg_attr(feature = "serde", serde(rename = "paypal"))]
    PayPal => PAYPAL,
}

impl Code {
    pub(crate) fn coverage(self) -> Coverage {
        self.procedure().coverage()
    }
}

#[cfg(feature = "json")]
mod adobe_io_events;
mod adyen_notification;
#[cfg(feature = "x509")]
mod apple_app_store;
#[cfg(feature = "jwt")]
mod atlassian_connect;
#[cfg(feature = "x509")]
mod aws_sns;
mod bi_snap;
mod bitso;
mod braintree;
mod chosen_token;
#[cfg(feature = "http-signatures")]
mod content_digest;
mod dropbox_sign;
#[cfg(feature = "json")]
mod ebay;
mod form_body;
mod hubspot;
mod lark_token;
mod mailgun;
#[cfg(feature = "json")]
mod members;
mod mercado_pago;
mod microsoft_graph;
mod minify;
#[cfg(not(all(feature = "http-signatures", feature = "json", feature = "jwt", feature = "x509")))]
mod off;
mod paddle_classic;
mod parameters;
mod payfast;
#[cfg(feature = "x509")]
mod paypal;
#[cfg(feature = "http-signatures")]
mod rfc9421;
mod shared;
#[cfg(feature = "json")]
mod signers;
mod tools;
#[cfg(feature = "jwt")]
mod truelayer;
mod twilio;
mod unsigned;
mod websub;
mod wechat_official_account;

/// A procedure that needs a feature, or what stands for it while that is off.
macro_rules! with_feature {
    ($($feature:literal: $name:ident = $module:ident::$procedure:ident;)*) => {$(
        #[cfg(feature = $feature)]
        static $name: $module::$procedure = $module::$procedure;
        #[cfg(not(feature = $feature))]
        static $name: off::Off = off::Off($feature);
    )*};
}

with_feature! {
    "json": ADOBE_IO_EVENTS = adobe_io_events::AdobeIoEvents;
    "x509": APPLE_APP_STORE = apple_app_store::AppleAppStore;
    "jwt": ATLASSIAN_CONNECT = atlassian_connect::AtlassianConnect;
    "x509": AWS_SNS = aws_sns::AwsSns;
    "http-signatures": CONTENT_DIGEST = content_digest::ContentDigest;
    "json": EBAY = ebay::Ebay;
    "x509": PAYPAL = paypal::PayPal;
    "http-signatures": RFC9421 = rfc9421::Rfc9421;
    "jwt": TRUELAYER = truelayer::TrueLayer;
}
