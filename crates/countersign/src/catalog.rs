//! How the known senders sign: one entry each, with every field spelled out.
//!
//! An entry is data, so what is true of all of them is one test; nothing is inherited, so one
//! file is the whole audit. Its docs name the sender's page, how well the facts are known, and
//! what is easily got wrong.
//!
//! ```
//! use countersign::catalog;
//!
//! let stripe = catalog::find("stripe").unwrap();
//! assert_eq!(stripe.about.name, "Stripe");
//! assert_eq!(*stripe, catalog::STRIPE);
//! ```

use std::borrow::Cow;

use crate::scheme::{Scheme, Text};

mod ably;
mod adobe_io_events;
mod adyen_notification;
mod adyen_platform;
mod affirm;
mod aftership;
mod airship;
mod airtable;
mod airwallex;
mod akeneo;
mod alchemy;
mod anthropic;
mod apple_app_store_v2;
mod asana;
mod ashby;
mod atlassian_connect;
mod attentive;
mod attio;
mod authorize_net;
mod authorize_net_text;
mod autodesk_aps;
mod aws_sns;
mod azure_devops;
mod azure_event_grid;
mod bi_snap;
mod bitbucket;
mod bitbucket_dc;
mod bitso;
mod bolt;
mod box_;
mod braintree;
mod brex;
mod bridge_api;
mod bridge_xyz;
mod buildkite;
mod bunny_stream;
mod cal_com;
mod calendly;
mod cashfree;
mod chargebee;
mod checkout_com;
mod circleci;
mod clerk;
mod clickup;
mod close;
mod cloudevents_webhook;
mod cloudflare_notifications;
mod cloudinary;
mod coinbase_commerce;
mod commercelayer;
mod contentful;
mod courier;
mod cursor;
mod customerio;
mod discord_interactions;
mod discord_webhook_events;
mod dixa;
mod docusign;
mod dropbox;
mod dropbox_sign;
mod dwolla;
mod easypost;
mod ebay;
mod elevenlabs;
mod enode;
mod fastspring;
mod finch;
mod fireblocks;
mod fireblocks_legacy;
mod fireflies;
mod fitbit;
mod flutterwave;
mod flutterwave_v4;
mod forgejo;
mod front;
mod front_rule;
mod fusionauth;
mod gemini_static;
mod getstream;
mod gitea;
mod github;
mod github_secret_scanning;
mod github_sha1;
mod gitlab;
mod gitlab_token;
mod gocardless;
mod gogs;
mod google_pubsub_push;
mod gusto;
mod heroku;
mod hookdeck;
mod hubspot;
mod hubspot_v1;
mod hubspot_v2;
mod hubspot_v3;
mod incident_io;
mod intercom;
mod jira;
mod kick;
mod kinde;
mod klaviyo;
mod knock;
mod lark;
mod lark_token;
mod launchdarkly;
mod lemon_squeezy;
mod line;
mod linear;
mod linkedin;
mod lithic;
mod liveblocks;
mod lob;
mod logto;
mod mailgun;
mod mandrill;
mod mercado_pago;
mod mercury;
mod messagebird;
mod meta;
mod meta_sha1;
mod microsoft_graph;
mod microsoft_graph_rich;
mod midtrans;
mod midtrans_iris;
mod modern_treasury;
mod mollie_classic;
mod monday;
mod mongodb_atlas;
mod ms_teams;
mod mux;
mod nango;
mod nango_legacy;
mod netlify;
mod neynar;
mod nmi;
mod notion;
mod nuvemshop;
mod nylas;
mod okta_event_hooks;
mod onfleet;
mod openai;
mod orb;
mod ordergroove;
mod oura;
mod paddle;
mod paddle_classic;
mod pagerduty;
mod pandadoc;
mod patreon;
mod payfast;
mod paypal;
mod paypal_ipn;
mod paystack;
mod persona;
mod picqer;
mod pipedrive;
mod plaid;
mod plain;
mod polar;
mod postmark;
mod postmark_token;
mod pusher;
mod pylon;
mod quickbooks;
mod ramp;
mod razorpay;
mod recharge;
mod recharge_legacy;
mod recurly;
mod render;
mod replicate;
mod resend;
mod retell;
mod revolut;
mod rfc9421;
mod rfc9530_content_digest;
mod sanity;
mod segment;
mod sendgrid_event_webhook;
mod sentry;
mod shipbob;
mod shiphero;
mod shippo;
mod shopify;
mod shopline;
mod sinch;
mod slack;
mod smartcar;
mod smartsheet;
mod smile_api;
mod solidgate;
mod square;
mod squarespace;
mod standard_webhooks;
mod standard_webhooks_v1a;
mod statsig;
mod strava;
mod stripe;
mod stytch;
mod supabase;
mod surveymonkey;
mod svix;
mod synctera;
mod tally;
mod tebex;
mod telegram;
mod telnyx_v2;
mod tiktok;
mod tiktok_shop;
mod travis_ci;
mod trello;
mod truelayer;
mod twilio;
mod twitch;
mod typeform;
mod vercel;
mod viber;
mod vonage;
mod webflow;
mod websub;
mod wechat_official_account;
mod wechatpay_v3;
mod wise;
mod wix;
mod woocommerce;
mod workos;
mod x_twitter;
mod xendit;
mod xero;
mod zendesk;
mod zerohash;
mod zoho_payments;
mod zoom;

pub use self::ably::ABLY;
pub use self::adobe_io_events::ADOBE_IO_EVENTS;
pub use self::adyen_notification::ADYEN_NOTIFICATION;
pub use self::adyen_platform::ADYEN_PLATFORM;
pub use self::affirm::AFFIRM;
pub use self::aftership::AFTERSHIP;
pub use self::airship::AIRSHIP;
pub use self::airtable::AIRTABLE;
pub use self::airwallex::AIRWALLEX;
pub use self::akeneo::AKENEO;
pub use self::alchemy::ALCHEMY;
pub use self::anthropic::ANTHROPIC;
pub use self::apple_app_store_v2::APPLE_APP_STORE_V2;
pub use self::asana::ASANA;
pub use self::ashby::ASHBY;
pub use self::atlassian_connect::ATLASSIAN_CONNECT;
pub use self::attentive::ATTENTIVE;
pub use self::attio::ATTIO;
pub use self::authorize_net::AUTHORIZE_NET;
pub use self::authorize_net_text::AUTHORIZE_NET_TEXT;
pub use self::autodesk_aps::AUTODESK_APS;
pub use self::aws_sns::AWS_SNS;
pub use self::azure_devops::AZURE_DEVOPS;
pub use self::azure_event_grid::AZURE_EVENT_GRID;
pub use self::bi_snap::BI_SNAP;
pub use self::bitbucket::BITBUCKET;
pub use self::bitbucket_dc::BITBUCKET_DC;
pub use self::bitso::BITSO;
pub use self::bolt::BOLT;
pub use self::box_::BOX;
pub use self::braintree::BRAINTREE;
pub use self::brex::BREX;
pub use self::bridge_api::BRIDGE_API;
pub use self::bridge_xyz::BRIDGE_XYZ;
pub use self::buildkite::BUILDKITE;
pub use self::bunny_stream::BUNNY_STREAM;
pub use self::cal_com::CAL_COM;
pub use self::calendly::CALENDLY;
pub use self::cashfree::CASHFREE;
pub use self::chargebee::CHARGEBEE;
pub use self::checkout_com::CHECKOUT_COM;
pub use self::circleci::CIRCLECI;
pub use self::clerk::CLERK;
pub use self::clickup::CLICKUP;
pub use self::close::CLOSE;
pub use self::cloudevents_webhook::CLOUDEVENTS_WEBHOOK;
pub use self::cloudflare_notifications::CLOUDFLARE_NOTIFICATIONS;
pub use self::cloudinary::CLOUDINARY;
pub use self::coinbase_commerce::COINBASE_COMMERCE;
pub use self::commercelayer::COMMERCELAYER;
pub use self::contentful::CONTENTFUL;
pub use self::courier::COURIER;
pub use self::cursor::CURSOR;
pub use self::customerio::CUSTOMERIO;
pub use self::discord_interactions::DISCORD_INTERACTIONS;
pub use self::discord_webhook_events::DISCORD_WEBHOOK_EVENTS;
pub use self::dixa::DIXA;
pub use self::docusign::DOCUSIGN;
pub use self::dropbox::DROPBOX;
pub use self::dropbox_sign::DROPBOX_SIGN;
pub use self::dwolla::DWOLLA;
pub use self::easypost::EASYPOST;
pub use self::ebay::EBAY;
pub use self::elevenlabs::ELEVENLABS;
pub use self::enode::ENODE;
pub use self::fastspring::FASTSPRING;
pub use self::finch::FINCH;
pub use self::fireblocks::FIREBLOCKS;
pub use self::fireblocks_legacy::FIREBLOCKS_LEGACY;
pub use self::fireflies::FIREFLIES;
pub use self::fitbit::FITBIT;
pub use self::flutterwave::FLUTTERWAVE;
pub use self::flutterwave_v4::FLUTTERWAVE_V4;
pub use self::forgejo::FORGEJO;
pub use self::front::FRONT;
pub use self::front_rule::FRONT_RULE;
pub use self::fusionauth::FUSIONAUTH;
pub use self::gemini_static::GEMINI_STATIC;
pub use self::getstream::GETSTREAM;
pub use self::gitea::GITEA;
pub use self::github::GITHUB;
pub use self::github_secret_scanning::GITHUB_SECRET_SCANNING;
pub use self::github_sha1::GITHUB_SHA1;
pub use self::gitlab::GITLAB;
pub use self::gitlab_token::GITLAB_TOKEN;
pub use self::gocardless::GOCARDLESS;
pub use self::gogs::GOGS;
pub use self::google_pubsub_push::GOOGLE_PUBSUB_PUSH;
pub use self::gusto::GUSTO;
pub use self::heroku::HEROKU;
pub use self::hookdeck::HOOKDECK;
pub use self::hubspot::HUBSPOT;
pub use self::hubspot_v1::HUBSPOT_V1;
pub use self::hubspot_v2::HUBSPOT_V2;
pub use self::hubspot_v3::HUBSPOT_V3;
pub use self::incident_io::INCIDENT_IO;
pub use self::intercom::INTERCOM;
pub use self::jira::JIRA;
pub use self::kick::KICK;
pub use self::kinde::KINDE;
pub use self::klaviyo::KLAVIYO;
pub use self::knock::KNOCK;
pub use self::lark::LARK;
pub use self::lark_token::LARK_TOKEN;
pub use self::launchdarkly::LAUNCHDARKLY;
pub use self::lemon_squeezy::LEMON_SQUEEZY;
pub use self::line::LINE;
pub use self::linear::LINEAR;
pub use self::linkedin::LINKEDIN;
pub use self::lithic::LITHIC;
pub use self::liveblocks::LIVEBLOCKS;
pub use self::lob::LOB;
pub use self::logto::LOGTO;
pub use self::mailgun::MAILGUN;
pub use self::mandrill::MANDRILL;
pub use self::mercado_pago::MERCADO_PAGO;
pub use self::mercury::MERCURY;
pub use self::messagebird::MESSAGEBIRD;
pub use self::meta::META;
pub use self::meta_sha1::META_SHA1;
pub use self::microsoft_graph::MICROSOFT_GRAPH;
pub use self::microsoft_graph_rich::MICROSOFT_GRAPH_RICH;
pub use self::midtrans::MIDTRANS;
pub use self::midtrans_iris::MIDTRANS_IRIS;
pub use self::modern_treasury::MODERN_TREASURY;
pub use self::mollie_classic::MOLLIE_CLASSIC;
pub use self::monday::MONDAY;
pub use self::mongodb_atlas::MONGODB_ATLAS;
pub use self::ms_teams::MS_TEAMS;
pub use self::mux::MUX;
pub use self::nango::NANGO;
pub use self::nango_legacy::NANGO_LEGACY;
pub use self::netlify::NETLIFY;
pub use self::neynar::NEYNAR;
pub use self::nmi::NMI;
pub use self::notion::NOTION;
pub use self::nuvemshop::NUVEMSHOP;
pub use self::nylas::NYLAS;
pub use self::okta_event_hooks::OKTA_EVENT_HOOKS;
pub use self::onfleet::ONFLEET;
pub use self::openai::OPENAI;
pub use self::orb::ORB;
pub use self::ordergroove::ORDERGROOVE;
pub use self::oura::OURA;
pub use self::paddle::PADDLE;
pub use self::paddle_classic::PADDLE_CLASSIC;
pub use self::pagerduty::PAGERDUTY;
pub use self::pandadoc::PANDADOC;
pub use self::patreon::PATREON;
pub use self::payfast::PAYFAST;
pub use self::paypal::PAYPAL;
pub use self::paypal_ipn::PAYPAL_IPN;
pub use self::paystack::PAYSTACK;
pub use self::persona::PERSONA;
pub use self::picqer::PICQER;
pub use self::pipedrive::PIPEDRIVE;
pub use self::plaid::PLAID;
pub use self::plain::PLAIN;
pub use self::polar::POLAR;
pub use self::postmark::POSTMARK;
pub use self::postmark_token::POSTMARK_TOKEN;
pub use self::pusher::PUSHER;
pub use self::pylon::PYLON;
pub use self::quickbooks::QUICKBOOKS;
pub use self::ramp::RAMP;
pub use self::razorpay::RAZORPAY;
pub use self::recharge::RECHARGE;
pub use self::recharge_legacy::RECHARGE_LEGACY;
pub use self::recurly::RECURLY;
pub use self::render::RENDER;
pub use self::replicate::REPLICATE;
pub use self::resend::RESEND;
pub use self::retell::RETELL;
pub use self::revolut::REVOLUT;
pub use self::rfc9421::RFC9421;
pub use self::rfc9530_content_digest::RFC9530_CONTENT_DIGEST;
pub use self::sanity::SANITY;
pub use self::segment::SEGMENT;
pub use self::sendgrid_event_webhook::SENDGRID_EVENT_WEBHOOK;
pub use self::sentry::SENTRY;
pub use self::shipbob::SHIPBOB;
pub use self::shiphero::SHIPHERO;
pub use self::shippo::SHIPPO;
pub use self::shopify::SHOPIFY;
pub use self::shopline::SHOPLINE;
pub use self::sinch::SINCH;
pub use self::slack::SLACK;
pub use self::smartcar::SMARTCAR;
pub use self::smartsheet::SMARTSHEET;
pub use self::smile_api::SMILE_API;
pub use self::solidgate::SOLIDGATE;
pub use self::square::SQUARE;
pub use self::squarespace::SQUARESPACE;
pub use self::standard_webhooks::STANDARD_WEBHOOKS;
pub use self::standard_webhooks_v1a::STANDARD_WEBHOOKS_V1A;
pub use self::statsig::STATSIG;
pub use self::strava::STRAVA;
pub use self::stripe::STRIPE;
pub use self::stytch::STYTCH;
pub use self::supabase::SUPABASE;
pub use self::surveymonkey::SURVEYMONKEY;
pub use self::svix::SVIX;
pub use self::synctera::SYNCTERA;
pub use self::tally::TALLY;
pub use self::tebex::TEBEX;
pub use self::telegram::TELEGRAM;
pub use self::telnyx_v2::TELNYX_V2;
pub use self::tiktok::TIKTOK;
pub use self::tiktok_shop::TIKTOK_SHOP;
pub use self::travis_ci::TRAVIS_CI;
pub use self::trello::TRELLO;
pub use self::truelayer::TRUELAYER;
pub use self::twilio::TWILIO;
pub use self::twitch::TWITCH;
pub use self::typeform::TYPEFORM;
pub use self::vercel::VERCEL;
pub use self::viber::VIBER;
pub use self::vonage::VONAGE;
pub use self::webflow::WEBFLOW;
pub use self::websub::WEBSUB;
pub use self::wechat_official_account::WECHAT_OFFICIAL_ACCOUNT;
pub use self::wechatpay_v3::WECHATPAY_V3;
pub use self::wise::WISE;
pub use self::wix::WIX;
pub use self::woocommerce::WOOCOMMERCE;
pub use self::workos::WORKOS;
pub use self::x_twitter::X_TWITTER;
pub use self::xendit::XENDIT;
pub use self::xero::XERO;
pub use self::zendesk::ZENDESK;
pub use self::zerohash::ZEROHASH;
pub use self::zoho_payments::ZOHO_PAYMENTS;
pub use self::zoom::ZOOM;

/// Every entry, in the order of its id.
#[must_use]
pub fn all() -> &'static [Scheme] {
    ALL
}

/// The entry with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Scheme> {
    let id = ALIASES.iter().find(|(alias, _)| *alias == id).map_or(id, |(_, id)| id);
    ALL.iter().find(|scheme| scheme.id == id)
}

/// Other ids that senders go by.
const ALIASES: &[(&str, &str)] =
    &[("twitch-eventsub", "twitch"), ("x-account-activity", "x-twitter")];

static ALL: &[Scheme] = &[
    ABLY,
    ADOBE_IO_EVENTS,
    ADYEN_NOTIFICATION,
    ADYEN_PLATFORM,
    AFFIRM,
    AFTERSHIP,
    AIRSHIP,
    AIRTABLE,
    AIRWALLEX,
    AKENEO,
    ALCHEMY,
    ANTHROPIC,
    APPLE_APP_STORE_V2,
    ASANA,
    ASHBY,
    ATLASSIAN_CONNECT,
    ATTENTIVE,
    ATTIO,
    AUTHORIZE_NET,
    AUTHORIZE_NET_TEXT,
    AUTODESK_APS,
    AWS_SNS,
    AZURE_DEVOPS,
    AZURE_EVENT_GRID,
    BI_SNAP,
    BITBUCKET,
    BITBUCKET_DC,
    BITSO,
    BOLT,
    BOX,
    BRAINTREE,
    BREX,
    BRIDGE_API,
    BRIDGE_XYZ,
    BUILDKITE,
    BUNNY_STREAM,
    CAL_COM,
    CALENDLY,
    CASHFREE,
    CHARGEBEE,
    CHECKOUT_COM,
    CIRCLECI,
    CLERK,
    CLICKUP,
    CLOSE,
    CLOUDEVENTS_WEBHOOK,
    CLOUDFLARE_NOTIFICATIONS,
    CLOUDINARY,
    COINBASE_COMMERCE,
    COMMERCELAYER,
    CONTENTFUL,
    COURIER,
    CURSOR,
    CUSTOMERIO,
    DISCORD_INTERACTIONS,
    DISCORD_WEBHOOK_EVENTS,
    DIXA,
    DOCUSIGN,
    DROPBOX,
    DROPBOX_SIGN,
    DWOLLA,
    EASYPOST,
    EBAY,
    ELEVENLABS,
    ENODE,
    FASTSPRING,
    FINCH,
    FIREBLOCKS,
    FIREBLOCKS_LEGACY,
    FIREFLIES,
    FITBIT,
    FLUTTERWAVE,
    FLUTTERWAVE_V4,
    FORGEJO,
    FRONT,
    FRONT_RULE,
    FUSIONAUTH,
    GEMINI_STATIC,
    GETSTREAM,
    GITEA,
    GITHUB,
    GITHUB_SECRET_SCANNING,
    GITHUB_SHA1,
    GITLAB,
    GITLAB_TOKEN,
    GOCARDLESS,
    GOGS,
    GOOGLE_PUBSUB_PUSH,
    GUSTO,
    HEROKU,
    HOOKDECK,
    HUBSPOT,
    HUBSPOT_V1,
    HUBSPOT_V2,
    HUBSPOT_V3,
    INCIDENT_IO,
    INTERCOM,
    JIRA,
    KICK,
    KINDE,
    KLAVIYO,
    KNOCK,
    LARK,
    LARK_TOKEN,
    LAUNCHDARKLY,
    LEMON_SQUEEZY,
    LINE,
    LINEAR,
    LINKEDIN,
    LITHIC,
    LIVEBLOCKS,
    LOB,
    LOGTO,
    MAILGUN,
    MANDRILL,
    MERCADO_PAGO,
    MERCURY,
    MESSAGEBIRD,
    META,
    META_SHA1,
    MICROSOFT_GRAPH,
    MICROSOFT_GRAPH_RICH,
    MIDTRANS,
    MIDTRANS_IRIS,
    MODERN_TREASURY,
    MOLLIE_CLASSIC,
    MONDAY,
    MONGODB_ATLAS,
    MS_TEAMS,
    MUX,
    NANGO,
    NANGO_LEGACY,
    NETLIFY,
    NEYNAR,
    NMI,
    NOTION,
    NUVEMSHOP,
    NYLAS,
    OKTA_EVENT_HOOKS,
    ONFLEET,
    OPENAI,
    ORB,
    ORDERGROOVE,
    OURA,
    PADDLE,
    PADDLE_CLASSIC,
    PAGERDUTY,
    PANDADOC,
    PATREON,
    PAYFAST,
    PAYPAL,
    PAYPAL_IPN,
    PAYSTACK,
    PERSONA,
    PICQER,
    PIPEDRIVE,
    PLAID,
    PLAIN,
    POLAR,
    POSTMARK,
    POSTMARK_TOKEN,
    PUSHER,
    PYLON,
    QUICKBOOKS,
    RAMP,
    RAZORPAY,
    RECHARGE,
    RECHARGE_LEGACY,
    RECURLY,
    RENDER,
    REPLICATE,
    RESEND,
    RETELL,
    REVOLUT,
    RFC9421,
    RFC9530_CONTENT_DIGEST,
    SANITY,
    SEGMENT,
    SENDGRID_EVENT_WEBHOOK,
    SENTRY,
    SHIPBOB,
    SHIPHERO,
    SHIPPO,
    SHOPIFY,
    SHOPLINE,
    SINCH,
    SLACK,
    SMARTCAR,
    SMARTSHEET,
    SMILE_API,
    SOLIDGATE,
    SQUARE,
    SQUARESPACE,
    STANDARD_WEBHOOKS,
    STANDARD_WEBHOOKS_V1A,
    STATSIG,
    STRAVA,
    STRIPE,
    STYTCH,
    SUPABASE,
    SURVEYMONKEY,
    SVIX,
    SYNCTERA,
    TALLY,
    TEBEX,
    TELEGRAM,
    TELNYX_V2,
    TIKTOK,
    TIKTOK_SHOP,
    TRAVIS_CI,
    TRELLO,
    TRUELAYER,
    TWILIO,
    TWITCH,
    TYPEFORM,
    VERCEL,
    VIBER,
    VONAGE,
    WEBFLOW,
    WEBSUB,
    WECHAT_OFFICIAL_ACCOUNT,
    WECHATPAY_V3,
    WISE,
    WIX,
    WOOCOMMERCE,
    WORKOS,
    X_TWITTER,
    XENDIT,
    XERO,
    ZENDESK,
    ZEROHASH,
    ZOHO_PAYMENTS,
    ZOOM,
];

/// Borrows a text.
const fn text(text: &'static str) -> Text {
    Cow::Borrowed(text)
}

// Lists with a destructor are not promoted to statics, so each is a constant of its own.

macro_rules! names {
    ($($name:expr),* $(,)?) => {{
        const LIST: &[crate::scheme::Text] = &[$(std::borrow::Cow::Borrowed($name)),*];
        std::borrow::Cow::Borrowed(LIST)
    }};
}

macro_rules! places {
    ($($place:expr),* $(,)?) => {{
        const LIST: &[Place] = &[$($place),*];
        std::borrow::Cow::Borrowed(LIST)
    }};
}

macro_rules! signed {
    ($($part:expr),* $(,)?) => {{
        const LIST: &[Part] = &[$($part),*];
        std::borrow::Cow::Borrowed(LIST)
    }};
}

macro_rules! algorithms {
    ($($algorithm:expr),* $(,)?) => {{
        const LIST: &[crate::scheme::Algorithm] = &[$($algorithm),*];
        std::borrow::Cow::Borrowed(LIST)
    }};
}

macro_rules! claims {
    ($($claim:expr),* $(,)?) => {{
        const LIST: &[crate::scheme::ClaimRule] = &[$($claim),*];
        std::borrow::Cow::Borrowed(LIST)
    }};
}

macro_rules! required {
    ($($name:literal : $value:literal),* $(,)?) => {{
        const LIST: &[crate::scheme::RequiredHeader] = &[$(crate::scheme::RequiredHeader {
            name: std::borrow::Cow::Borrowed($name),
            value: std::borrow::Cow::Borrowed($value),
        }),*];
        std::borrow::Cow::Borrowed(LIST)
    }};
}

macro_rules! wrong {
    ($($prefix:literal : $kind:literal),* $(,)?) => {{
        const LIST: &[crate::scheme::WrongSecret] = &[$(crate::scheme::WrongSecret {
            prefix: std::borrow::Cow::Borrowed($prefix),
            kind: std::borrow::Cow::Borrowed($kind),
        }),*];
        std::borrow::Cow::Borrowed(LIST)
    }};
}

macro_rules! statuses {
    ($($status:expr),* $(,)?) => {{
        const LIST: &[u16] = &[$($status),*];
        std::borrow::Cow::Borrowed(LIST)
    }};
}

use {algorithms, claims, names, places, required, signed, statuses, wrong};
