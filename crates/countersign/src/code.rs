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
    /// A token in a header that the receiver chooses ([`Setting::HeaderName`]).
    HeaderToken => chosen_token::HeaderToken,
    /// A token in a parameter of the query that the receiver chooses ([`Setting::QueryName`]).
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

mod adyen_notification;
mod chosen_token;
mod dropbox_sign;
mod form_body;
mod lark_token;
mod mailgun;
mod microsoft_graph;
mod parameters;
mod shared;
mod unsigned;
mod websub;
