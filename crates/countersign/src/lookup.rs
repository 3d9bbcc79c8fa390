//! Metadata of a delivery: ids and types, read on demand.

use std::borrow::Cow;

use crate::content;
use crate::delivery::{Delivery, Occurrence, single};
use crate::envelope;
use crate::json::{self, Scalar};
use crate::outside;
use crate::procedure::Setup;
use crate::scheme::{Lookup, Place, Scheme};

/// Reads metadata as a scheme says.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'v> {
    pub(crate) scheme: &'v Scheme,
    /// The most bytes that a compressed body may decompress to.
    pub(crate) decoded_limit: usize,
    /// What a procedure judges with, if one does.
    pub(crate) setup: Option<&'v Setup>,
    /// The label of the signature that was verified, if a delivery may have several.
    pub(crate) signature: Option<&'v str>,
}

impl Reader<'_> {
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
            && let Some(signed) = envelope::signed_id_of(self.scheme, delivery.head())
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
            Place::Query(name) => outside::query(delivery.head(), name).ok().flatten().map(text)?,
            Place::FormField(name) => {
                outside::form_field(delivery.body(), name).ok().flatten().map(text)?
            }
            Place::Claim(pointer) => {
                let setup = self.setup?;
                let procedure = setup.procedure().ok()?;
                let claims = procedure.claims_of(setup, delivery, self.signature)?;
                let value = json::scalar(&claims, pointer)?.into_text();
                Some(Cow::Owned(value.into_owned()))
            }
            Place::Body(pointer) => {
                match content::readable_body(self.scheme, delivery, self.decoded_limit) {
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

fn text(value: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    match value {
        Cow::Borrowed(value) => core::str::from_utf8(value).ok().map(Cow::Borrowed),
        Cow::Owned(value) => String::from_utf8(value).ok().map(Cow::Owned),
    }
}
