//! A scheme with the keys to check it: finds the secret that signed a delivery.

use std::borrow::Cow;

use crate::config_error::Warning;
use crate::content::{self, Feed, Writing};
use crate::delivery::{Delivery, Occurrence, single};
use crate::envelope::{self, Envelope, Group};
use crate::json::{self, Scalar};
use crate::mac::{Computed, Mac, Sha256Digest};
use crate::rejection::Rejection;
use crate::scheme::{Lookup, Place, Scheme, Text, TimestampPlace};
use crate::secret::KeyMaterial;
use crate::time::Timestamp;

/// A scheme with the keys to check it.
pub(crate) struct Keyring {
    pub(crate) scheme: Scheme,
    pub(crate) keys: Vec<Key>,
    pub(crate) key_id: Option<Text>,
    pub(crate) decoded_limit: usize,
    pub(crate) warnings: Vec<Warning>,
    /// Whether the key is no one's: it makes refusing cost what it costs with a secret.
    pub(crate) accepts_nothing: bool,
}

pub(crate) struct Key {
    pub(crate) label: Text,
    pub(crate) mac: Mac,
    /// Kept only for schemes that digest it.
    pub(crate) material: Option<KeyMaterial>,
}

impl Keyring {
    /// Finds the secret that signed, and the time it signed.
    pub(crate) fn check(
        &self,
        delivery: &Delivery<'_>,
    ) -> Result<(usize, Option<Timestamp>), Rejection> {
        let mut envelope = Envelope::new(&self.scheme, delivery.head());
        envelope.open(self.key_id.as_deref())?;
        let found = envelope.find_group(|group| {
            let group = group?;
            let Some(secret) = self.match_group(&envelope, group, delivery)? else {
                return Ok(None);
            };
            Ok(Some((secret, self.signed_time(group, delivery)?)))
        })?;
        found.ok_or(Rejection::BadSignature)
    }

    fn match_group(
        &self,
        envelope: &Envelope<'_>,
        group: &Group<'_>,
        delivery: &Delivery<'_>,
    ) -> Result<Option<usize>, Rejection> {
        let writings: &[Writing] = if content::is_worth_escaping(envelope, delivery) {
            &[Writing::AsSent, Writing::Escaped]
        } else {
            &[Writing::AsSent]
        };
        for (index, key) in self.keys.iter().enumerate() {
            for writing in writings {
                let feed = Feed {
                    writing: *writing,
                    decoded_limit: self.decoded_limit,
                    material: key.material.as_ref(),
                    stable_only: false,
                };
                let only = group.only_tag(self.scheme.algorithm.tag_bytes());
                let computed = key.mac.compute(only, |sink| {
                    feed.run(envelope, group, delivery, &mut |piece| sink(piece))
                })?;
                // The comparison comes first, so that it takes its time.
                if self.matches(&computed, envelope, group, index)? && !self.accepts_nothing {
                    return Ok(Some(index));
                }
            }
        }
        Ok(None)
    }

    /// Whether what a secret produced is among the signatures that it may have made.
    fn matches(
        &self,
        computed: &Computed,
        envelope: &Envelope<'_>,
        group: &Group<'_>,
        secret: usize,
    ) -> Result<bool, Rejection> {
        let may_be = |slot: usize| !self.scheme.signature.headers.is_paired() || slot == secret;
        match computed {
            Computed::Matched(matched) => Ok(*matched && may_be(group.first_slot)),
            Computed::Tag(expected) => {
                let mut matched = false;
                envelope.tags(group, &mut |slot, tag| {
                    matched |= may_be(slot) && expected.matches(tag);
                })?;
                Ok(matched)
            }
        }
    }

    /// The time that was signed: from the envelope, or out of a body that is now authentic.
    fn signed_time(
        &self,
        group: &Group<'_>,
        delivery: &Delivery<'_>,
    ) -> Result<Option<Timestamp>, Rejection> {
        let Some(source) = &self.scheme.timestamp else { return Ok(None) };
        let TimestampPlace::Body(pointer) = &source.place else { return Ok(group.signed_at) };
        match json::scalar(delivery.body(), pointer) {
            Some(Scalar::Integer(number)) => {
                let told = source.format.parse(number.to_string().as_bytes());
                Ok(told.ok_or(Rejection::MalformedTimestamp)?.time())
            }
            _ => Err(Rejection::MalformedTimestamp),
        }
    }

    /// The SHA-256 of what is signed and the same in every attempt.
    pub(crate) fn content_digest(&self, delivery: &Delivery<'_>) -> Result<[u8; 32], Rejection> {
        let mut digest = Sha256Digest::new();
        let mut envelope = Envelope::new(&self.scheme, delivery.head());
        envelope.open(None)?;
        let feed = Feed {
            writing: Writing::AsSent,
            decoded_limit: self.decoded_limit,
            material: None,
            stable_only: true,
        };
        envelope.find_group(|group| {
            // What is stable is the same for all groups.
            feed.run(&envelope, group?, delivery, &mut |piece| digest.update(piece)).map(Some)
        })?;
        Ok(digest.finish())
    }

    /// Hands the parts of the event id to `name`, if all of them are there: of two that are joined, one
    /// alone would name other events too.
    pub(crate) fn with_event_id<T>(
        &self,
        delivery: &Delivery<'_>,
        name: impl FnOnce(&[&[u8]]) -> T,
    ) -> Option<T> {
        match &self.scheme.event_id {
            Lookup::Absent => None,
            lookup @ Lookup::First(_) => {
                // An empty id names nothing.
                let id = self.read(lookup, delivery).filter(|id| !id.is_empty())?;
                Some(name(&[id.as_bytes()]))
            }
            Lookup::Joined(places) => {
                let read = |place| self.read_place(place, delivery).filter(|it| !it.is_empty());
                let parts = places.iter().map(read);
                let parts: Vec<_> = parts.collect::<Option<_>>()?;
                let parts: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
                Some(name(&parts))
            }
        }
    }

    /// Reads a piece of metadata from a delivery.
    pub(crate) fn read<'d>(
        &self,
        lookup: &Lookup,
        delivery: &Delivery<'d>,
    ) -> Option<Cow<'d, str>> {
        // Where one of several headers is signed, the others say whatever a forger likes.
        if *lookup == self.scheme.delivery_id
            && let Some(signed) = envelope::signed_id_of(&self.scheme, delivery.head())
        {
            return core::str::from_utf8(signed.ok()?).ok().map(Cow::Borrowed);
        }
        match lookup {
            Lookup::Absent => None,
            Lookup::First(places) => {
                places.iter().find_map(|place| self.read_place(place, delivery))
            }
            Lookup::Joined(places) => {
                let mut values = places.iter().map(|place| self.read_place(place, delivery));
                let mut joined = values.next()??;
                for value in values.flatten() {
                    let joined = joined.to_mut();
                    joined.push('.');
                    joined.push_str(&value);
                }
                Some(joined)
            }
        }
    }

    fn read_place<'d>(&self, place: &Place, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        match place {
            Place::Header(name) => match single(delivery.head().headers(), name) {
                Occurrence::Once(value) if !value.is_empty() => {
                    core::str::from_utf8(value).ok().map(Cow::Borrowed)
                }
                _ => None,
            },
            Place::Body(pointer) => {
                match content::readable_body(&self.scheme, delivery, self.decoded_limit) {
                    Cow::Borrowed(body) => json::scalar(body, pointer).map(Scalar::into_text),
                    Cow::Owned(body) => {
                        let text = json::scalar(&body, pointer)?.into_text();
                        Some(Cow::Owned(text.into_owned()))
                    }
                }
            }
        }
    }
}
