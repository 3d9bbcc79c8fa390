//! Mercado Pago: HMAC-SHA256 over the id in the query, the request id and the time; nothing of the body.
//!
//! <https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks>, as of
//! 2026-11-24, and mercadopago 3.6.0 (`WebhookSignatureValidator`).

use std::borrow::Cow;

use super::tools;
use crate::check::Checked;
use crate::delivery::{Delivery, Head};
use crate::mac::Sha256Digest;
use crate::outside;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::{Timestamp, TimestampFormat};

/// Judges Mercado Pago's notifications.
pub(crate) struct MercadoPago;

impl Procedure for MercadoPago {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING.with_timestamp()
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn precheck(&self, _: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        let manifest = Manifest::read(head)?;
        tools::check_form(Algorithm::HmacSha256, Encoding::Hex, manifest.signature)
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let manifest = Manifest::read(delivery.head())?;
        let told = TimestampFormat::Seconds.parse(manifest.timestamp);
        let signed_at = told.ok_or(Rejection::MalformedTimestamp)?.time();
        for secret in &setup.secrets {
            let key = &secret.material.key;
            let made = tools::made(
                Algorithm::HmacSha256,
                key,
                Encoding::Hex,
                manifest.signature,
                |sink| manifest.feed(true, sink),
            )?;
            if made {
                let mut checked = Checked::new(secret.label.clone(), self.coverage());
                checked.signed_at = signed_at;
                return Ok(checked);
            }
        }
        Err(Rejection::BadSignature)
    }

    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let manifest = Manifest::read(delivery.head()).ok()?;
        let mut digest = Sha256Digest::new();
        // The id is that of a payment, which has many events: without a request id, only the time tells
        // one from the next.
        let with_time = manifest.request_id.is_none();
        manifest.feed(with_time, &mut |piece| digest.update(piece));
        Some(digest.finish())
    }
}

/// What is signed, and the signature.
struct Manifest<'d> {
    id: Option<Cow<'d, [u8]>>,
    request_id: Option<&'d [u8]>,
    timestamp: &'d [u8],
    signature: &'d [u8],
}

impl<'d> Manifest<'d> {
    fn read(head: &Head<'d>) -> Result<Self, Rejection> {
        let header = tools::required(head, "x-signature", HeaderRole::Signature)?;
        let field = |wanted: &[u8]| {
            let mut values = header.split(|byte| *byte == b',').filter_map(|item| {
                let at = item.iter().position(|byte| *byte == b'=')?;
                let (name, value) = (item.get(..at)?, item.get(at + 1..)?);
                name.trim_ascii().eq_ignore_ascii_case(wanted).then(|| value.trim_ascii())
            });
            match (values.next(), values.next()) {
                (Some(value), None) if !value.is_empty() => Ok(value),
                _ => Err(Rejection::MalformedSignature),
            }
        };
        let (timestamp, signature) = (field(b"ts")?, field(b"v1")?);
        // A value that holds the delimiter could be read as several.
        let clean = |value: &[u8]| !value.is_empty() && !value.contains(&b';');
        let mut id = outside::query(head, "data.id")?.filter(|it| !it.is_empty());
        if let Some(id) = &mut id {
            if !clean(id) {
                return Err(Rejection::MalformedSignature);
            }
            // "If data.id is alphanumeric, it must be sent in lower case."
            if id.iter().any(u8::is_ascii_uppercase) {
                id.to_mut().make_ascii_lowercase();
            }
        }
        let role = HeaderRole::DeliveryId;
        let request_id = tools::optional(head, "x-request-id", role)?.map(<[u8]>::trim_ascii);
        let request_id = request_id.filter(|it| !it.is_empty());
        if request_id.is_some_and(|it| !clean(it)) {
            return Err(Rejection::WrongHeader(role));
        }
        Ok(Self { id, request_id, timestamp, signature })
    }

    /// Hands over what is signed; what is absent is left out with its name.
    fn feed(&self, with_time: bool, sink: &mut dyn FnMut(&[u8])) {
        let timestamp = with_time.then_some(self.timestamp);
        let parts: [(&str, Option<&[u8]>); 3] =
            [("id:", self.id.as_deref()), ("request-id:", self.request_id), ("ts:", timestamp)];
        for (name, value) in parts {
            if let Some(value) = value {
                sink(name.as_bytes());
                sink(value);
                sink(b";");
            }
        }
    }
}
