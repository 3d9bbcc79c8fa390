//! The items of a delivery that carries several events.

use core::fmt;
use std::borrow::Cow;
use std::collections::HashMap;

use super::claims::Claims;
use super::identity::Identity;
use crate::delivery::Delivery;
use crate::json::{self, Scalar};
use crate::key::{Key, KeySource};
use crate::mac;
use crate::scheme::{List, Text};
use crate::verified::Verified;

/// One event of a [batch](crate::Batch).
#[derive(Clone)]
pub struct Item<'d> {
    index: usize,
    json: &'d [u8],
    event_type: Option<String>,
    identity: Identity,
}

impl<'d> Item<'d> {
    /// Its place in the batch, from zero.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its JSON, as it stands in the body.
    #[must_use]
    pub fn json(&self) -> &'d [u8] {
        self.json
    }

    /// The type of the event, if it is known where that is.
    #[must_use]
    pub fn event_type(&self) -> Option<&str> {
        self.event_type.as_deref()
    }

    /// What names the event.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Payloads do not belong in logs.
        f.debug_struct("Item")
            .field("index", &self.index)
            .field("bytes", &self.json.len())
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// Why a delivery cannot be taken apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BatchError {
    /// The sender puts one event into each delivery, as far as the catalogue knows.
    NotABatch,
    /// There is no store to claim items in: the layer was given a verifier and no receiver.
    NoStore,
    /// The body is not JSON, or has no array where the items should be.
    NoItems,
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotABatch => "the sender is not known to put several events into one delivery",
            Self::NoStore => "there is no store: give the layer a receiver",
            Self::NoItems => "the body has no array of events where the sender puts it",
        })
    }
}

impl core::error::Error for BatchError {}

impl<S> Claims<S> {
    /// Takes a verified delivery apart into its events, each of which can be claimed by itself.
    ///
    /// An item is named by its ids, or, where it has none, by its bytes and by how many items before
    /// it are the same. So a batch that half failed is handled to its end when it is delivered again,
    /// and no more, even if the sender has put its events together in another way.
    ///
    /// # Errors
    ///
    /// A [`BatchError`] if the sender sends no batches, or this is none.
    pub fn items<'d>(
        &self,
        proof: &Verified,
        delivery: &Delivery<'d>,
    ) -> Result<Vec<Item<'d>>, BatchError> {
        let batch = proof.scheme().and_then(|scheme| scheme.batch.as_ref());
        let batch = batch.ok_or(BatchError::NotABatch)?;
        let items = json::items(delivery.body(), &batch.items).ok_or(BatchError::NoItems)?;
        let scope = self.scope(proof);
        let mut same: HashMap<[u8; 32], u64> = HashMap::new();
        let mut named = Vec::with_capacity(items.len());
        for (index, json) in items.into_iter().enumerate() {
            let (key, source) = match ids(json, &batch.id) {
                Some(ids) => {
                    let source = KeySource::ItemId;
                    let ids: Vec<_> = ids.iter().map(|id| id.as_bytes()).collect();
                    (Key::of(&scope, source, &ids), source)
                }
                None => {
                    let source = KeySource::ItemContent;
                    let digest = mac::sha256(json);
                    let before = same.entry(digest).or_default();
                    let key = Key::of(&scope, source, &[&digest, &before.to_be_bytes()]);
                    *before += 1;
                    (key, source)
                }
            };
            let identity =
                Identity { key, source, fingerprint: None, signed_at: proof.signed_at() };
            let event_type = ids_of_type(json, &batch.event_type);
            named.push(Item { index, json, event_type, identity });
        }
        Ok(named)
    }
}

/// All of the ids, or none: an id that is absent would make two events one.
fn ids<'d>(json: &'d [u8], pointers: &List<Text>) -> Option<Vec<Cow<'d, str>>> {
    let ids: Option<Vec<_>> =
        pointers.iter().map(|it| json::scalar(json, it).map(Scalar::into_text)).collect();
    ids.filter(|ids| !ids.is_empty() && ids.iter().all(|id| !id.is_empty()))
}

fn ids_of_type(json: &[u8], pointers: &List<Text>) -> Option<String> {
    let parts: Vec<_> =
        pointers.iter().filter_map(|it| json::scalar(json, it).map(Scalar::into_text)).collect();
    (!parts.is_empty()).then(|| parts.join("."))
}
