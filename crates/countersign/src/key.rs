//! What names an event in a store.

use core::fmt;

use base64::display::Base64Display;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

#[cfg(feature = "json")]
use crate::mac::Sha256Digest;

/// The idempotency key of an event: 32 bytes that name it in a [`Store`](crate::Store).
///
/// It is the SHA-256 of the tenant, the sender, the endpoint, the kind of id and the id, each with
/// its length before it. So no choice of ids makes two events one, every key has the same length,
/// and nothing that a sender sent can be read in the store.
///
/// `Display` writes it as base64url, `Debug` the first four bytes.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Key {
    bytes: [u8; 32],
}

impl Key {
    /// The key with these bytes, for a store that reads its own back.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self { bytes }
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The key of the event with this id.
    #[cfg(feature = "json")]
    pub(crate) fn of(scope: &Scope<'_>, source: KeySource, id: &[&[u8]]) -> Self {
        let mut digest = Sha256Digest::new();
        let mut part = |bytes: &[u8]| {
            digest.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(bytes);
        };
        match scope.secrets_of {
            None => part(b"cs1"),
            Some(tenant) => {
                part(b"cs1 tenant");
                part(tenant.as_bytes());
            }
        }
        part(scope.tenant.as_bytes());
        part(scope.sender.as_bytes());
        part(scope.endpoint.as_bytes());
        part(source.as_str().as_bytes());
        id.iter().copied().for_each(part);
        Self { bytes: digest.finish() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(&self.bytes, &URL_SAFE_NO_PAD).fmt(f)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.bytes;
        write!(f, "Key({a:02x}{b:02x}{c:02x}{d:02x}…)")
    }
}

/// Within what an id is unique.
#[cfg(feature = "json")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'s> {
    pub(crate) tenant: &'s str,
    /// Whose secrets verified the delivery, if there are several tenants.
    pub(crate) secrets_of: Option<&'s str>,
    pub(crate) sender: &'s str,
    pub(crate) endpoint: &'s str,
}

/// Where an idempotency key comes from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeySource {
    /// The [event id](crate::Scheme::event_id), which is signed.
    EventId,
    /// The signed content, without what changes from one attempt to the next. Two events with
    /// the same content are taken for one.
    Content,
    /// A header that is not signed, named by
    /// [`danger_unsigned_id`](crate::ReceiverBuilder::danger_unsigned_id).
    UnsignedId,
    /// The id of one item of a [batch](crate::Batch).
    ItemId,
    /// The bytes of one item of a [batch](crate::Batch), and how many of the items before it
    /// are the same.
    ItemContent,
}

impl KeySource {
    /// The name that enters the key, and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EventId => "event-id",
            Self::Content => "content",
            Self::UnsignedId => "unsigned-id",
            Self::ItemId => "item-id",
            Self::ItemContent => "item-content",
        }
    }
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn scope<'s>(tenant: &'s str, sender: &'s str, endpoint: &'s str) -> Scope<'s> {
        Scope { tenant, secrets_of: None, sender, endpoint }
    }

    #[test]
    fn plan_24_no_two_identities_have_one_key() {
        let long = [b'x'; 4096];
        let ids: [&[&[u8]]; 9] = [
            &[b""],
            &[],
            &[b"", b""],
            &[b"\0"],
            &[b"\xff\xfe"],
            &[b"a", b"bc"],
            &[b"ab", b"c"],
            &[&long[..255]],
            &[&long],
        ];
        let of_tenant = |tenant, secrets_of| Scope { secrets_of, ..scope(tenant, "c", "") };
        let scopes = [
            scope("", "", ""),
            scope("a", "bc", ""),
            scope("ab", "c", ""),
            scope("a", "b", "c"),
            of_tenant("a", Some("b")),
            of_tenant("b", Some("a")),
            of_tenant("", Some("")),
            of_tenant("", None),
        ];
        let sources = [KeySource::EventId, KeySource::Content, KeySource::UnsignedId];
        let mut keys = HashSet::new();
        for scope in &scopes {
            for source in sources {
                for id in ids {
                    assert!(keys.insert(Key::of(scope, source, id)), "{scope:?} {source:?} {id:?}");
                }
            }
        }
        assert_eq!(keys.len(), scopes.len() * sources.len() * ids.len());
    }

    /// Computed with Python's hashlib from the layout in the documentation.
    #[test]
    fn the_layout_is_the_documented_one() {
        let key = Key::of(&scope("t", "stripe", "billing"), KeySource::EventId, &[b"evt_1"]);
        assert_eq!(key.to_string(), "B6aZvB4Dl-R6_Y_QX5bnvSS8OiEz2heT6beWkK7gMsg");
        assert_eq!(Key::from_bytes(*key.as_bytes()), key);
    }

    #[test]
    fn debug_output_is_short() {
        assert_eq!(format!("{:?}", Key::from_bytes([0xab; 32])), "Key(abababab…)");
    }
}
