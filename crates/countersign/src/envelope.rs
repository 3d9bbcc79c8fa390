//! What a delivery says about its own signature: read, not yet believed.

use crate::MAX_SIGNATURES;
use crate::decode::{self, MAX_TAG};
use crate::delivery::{Head, Occurrence, single};
use crate::mac;
use crate::outside::Outside;
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::syntax::{Entry, is};
use crate::scheme::{
    Algorithm, List, Lookup, Part, Place, Scheme, SignatureHeaders, Syntax, Text, TimestampPlace,
};
use crate::time::Timestamp;

/// How many groups of signatures one header may hold.
const MAX_GROUPS: usize = 8;

/// The headers of a delivery, as its scheme reads them.
pub(crate) struct Envelope<'d> {
    pub(crate) scheme: &'d Scheme,
    head: Head<'d>,
    /// Which of several families of header names is read.
    family: usize,
    /// The name of the header that holds the timestamp.
    pub(crate) timestamp_header: Option<&'d str>,
    timestamp: Option<&'d [u8]>,
    /// The value of the delivery id header, if it is signed.
    pub(crate) delivery_id: Option<&'d [u8]>,
    /// What is not in headers.
    outside: &'d Outside<'d>,
}

/// Signatures that were made over one content.
pub(crate) struct Group<'d> {
    /// The text of the group, if the header holds several.
    text: Option<&'d [u8]>,
    /// The text of the timestamp, as it is signed.
    pub(crate) timestamp: Option<&'d [u8]>,
    /// The timestamp, if a time can be told from it.
    pub(crate) signed_at: Option<Timestamp>,
    /// How many signatures were presented.
    pub(crate) signatures: usize,
    /// The first that could be decoded.
    first: [u8; MAX_TAG],
    /// Which header it was in.
    pub(crate) first_slot: usize,
}

impl<'d> Envelope<'d> {
    /// An envelope that has not been read yet.
    #[inline]
    pub(crate) fn new(scheme: &'d Scheme, head: &Head<'d>, outside: &'d Outside<'d>) -> Self {
        Self {
            scheme,
            head: *head,
            family: family(scheme, head),
            timestamp_header: None,
            timestamp: outside.timestamp.as_deref(),
            delivery_id: None,
            outside,
        }
    }

    /// Reads the headers that do not depend on the body. It fills what is there, since moving it
    /// would cost more than reading it.
    #[inline]
    pub(crate) fn open(&mut self, key_id: Option<&str>) -> Result<(), Rejection> {
        let scheme = self.scheme;
        let headers = self.head.headers();
        for required in scheme.required_headers.iter() {
            let value = once(single(headers, &required.name), HeaderRole::Required)?;
            if !value.eq_ignore_ascii_case(required.value.as_bytes()) {
                return Err(Rejection::WrongHeader(HeaderRole::Required));
            }
        }
        if let (Some(name), Some(expected)) = (&scheme.key_id_header, key_id) {
            let value = once(single(headers, name), HeaderRole::KeyId)?;
            if !mac::equal(value, expected.as_bytes()) {
                return Err(Rejection::WrongHeader(HeaderRole::KeyId));
            }
        }
        if let Some(TimestampPlace::Header(names)) = scheme.timestamp.as_ref().map(|it| &it.place) {
            let (name, value) = self.first(names, HeaderRole::Timestamp)?;
            self.timestamp_header = Some(name);
            self.timestamp = Some(value);
        }
        self.delivery_id = signed_delivery_id(scheme, &self.head, self.family).transpose()?;
        Ok(())
    }

    /// Hands over each group of signatures, until `judge` finds something or fails. All but a few
    /// schemes have one group.
    #[inline]
    pub(crate) fn find_group<T>(
        &self,
        mut judge: impl FnMut(Result<&Group<'d>, Rejection>) -> Result<Option<T>, Rejection>,
    ) -> Result<Option<T>, Rejection> {
        let Some(between) = self.scheme.signature.syntax.between_groups() else {
            let mut group = self.empty_group(None);
            let read = self.read_group(&mut group);
            return judge(read.map(|()| &group));
        };
        let mut whole: &[u8] = &[];
        self.values(|_, value| whole = value)?;
        for (index, text) in whole.split(|byte| *byte == between).enumerate() {
            if index == MAX_GROUPS {
                return Err(Rejection::TooManySignatures);
            }
            let mut group = self.empty_group(Some(text));
            let read = self.read_group(&mut group);
            if let Some(found) = judge(read.map(|()| &group))? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The value of a field beside the signature.
    pub(crate) fn field(&self, group: &Group<'d>, wanted: &str) -> Result<&'d [u8], Rejection> {
        let mut found = Occurrence::Absent;
        self.entries(group.text, |_, entry| {
            if let Entry::Field(key, value) = entry
                && is(key, wanted)
            {
                found.add(value);
            }
        })?;
        match found {
            Occurrence::Once(value) => Ok(value),
            Occurrence::Absent | Occurrence::Differing => Err(Rejection::MalformedSignature),
        }
    }

    /// Calls `visit` with each signature of a group that can be decoded and its header's number.
    pub(crate) fn tags(
        &self,
        group: &Group<'d>,
        visit: &mut dyn FnMut(usize, &[u8]),
    ) -> Result<(), Rejection> {
        let mut buffer = [0; MAX_TAG];
        let algorithm = self.scheme.algorithm;
        self.entries(group.text, |slot, entry| {
            let Entry::Signature(text) = entry else { return };
            if algorithm.tag_is_digest() {
                if let Some(tag) = self.decode(text, &mut buffer) {
                    visit(slot, tag);
                }
            } else {
                self.other_tag(text, &mut |tag| visit(slot, tag));
            }
        })
    }

    /// Hands over what stands in place of a digest, decoded, if it has its form.
    #[inline(never)]
    fn other_tag(&self, text: &[u8], visit: &mut dyn FnMut(&[u8])) {
        match self.scheme.algorithm {
            Algorithm::Token if text.is_empty() => {}
            Algorithm::Token => visit(text),
            Algorithm::Basic => {
                if let Some(credentials) = decode::basic(text) {
                    visit(&credentials);
                }
            }
            _ => {
                if let Some(signature) = self.signature(text) {
                    visit(&signature);
                }
            }
        }
    }

    /// Decodes a signature as far as its length is known beforehand, and says whether it has its form.
    #[inline]
    fn decode_first(&self, text: &[u8], buffer: &mut [u8; MAX_TAG]) -> bool {
        if self.scheme.algorithm.tag_is_digest() {
            return self.decode(text, buffer).is_some();
        }
        let mut decoded = false;
        self.other_tag(text, &mut |_| decoded = true);
        decoded
    }

    #[inline]
    fn decode<'t>(&self, text: &[u8], buffer: &'t mut [u8; MAX_TAG]) -> Option<&'t [u8]> {
        let length = self.scheme.algorithm.tag_bytes();
        decode::tag(self.scheme.signature.encoding, text, length, buffer)
    }

    /// Decodes a signature that was made with a private key.
    fn signature(&self, text: &[u8]) -> Option<Vec<u8>> {
        let signature = decode::signature(self.scheme.signature.encoding, text)?;
        match self.scheme.algorithm.tag_bytes() {
            // DER and RSA: it depends on the signature or on the key.
            0 => Some(signature),
            length => (signature.len() == length).then_some(signature),
        }
    }

    /// The first of these headers that is there, or the one of the chosen family.
    #[inline]
    fn first(
        &self,
        names: &'d List<Text>,
        role: HeaderRole,
    ) -> Result<(&'d str, &'d [u8]), Rejection> {
        let headers = self.head.headers();
        let chosen = if names.len() == signature_names(self.scheme) {
            names.get(self.family..=self.family)
        } else {
            names.get(..)
        };
        for name in chosen.unwrap_or_default() {
            match single(headers, name) {
                Occurrence::Absent => {}
                found => return once(found, role).map(|value| (&**name, value)),
            }
        }
        Err(Rejection::MissingHeader(role))
    }

    #[inline]
    fn entries(
        &self,
        group: Option<&'d [u8]>,
        mut visit: impl FnMut(usize, Entry<'d>),
    ) -> Result<(), Rejection> {
        let syntax = &self.scheme.signature.syntax;
        match group {
            Some(text) => syntax.read(text, |entry| visit(0, entry)),
            None => {
                let mut read = Ok(());
                self.values(|slot, value| {
                    if read.is_ok() {
                        read = syntax.read(value, |entry| visit(slot, entry));
                    }
                })?;
                read
            }
        }
    }

    /// Calls `visit` with the value of each signature header and its number.
    #[inline]
    fn values(&self, mut visit: impl FnMut(usize, &'d [u8])) -> Result<(), Rejection> {
        let headers = self.head.headers();
        let role = HeaderRole::Signature;
        let mut seen = false;
        match &self.scheme.signature.headers {
            SignatureHeaders::First(names) => {
                let name = names.get(self.family).map_or("", |name| name);
                if self.scheme.signature.syntax.is_list() {
                    headers.each_value(name, &mut |value| {
                        seen = true;
                        visit(0, value);
                    });
                } else if let Some(value) = optional(single(headers, name), role)? {
                    seen = true;
                    visit(0, value);
                }
            }
            SignatureHeaders::Query(_)
            | SignatureHeaders::Body(_)
            | SignatureHeaders::FormField(_) => {
                let value = self.outside.signature.as_deref().filter(|it| !it.is_empty());
                visit(0, value.ok_or(Rejection::MissingSignature)?);
                return Ok(());
            }
            SignatureHeaders::Two { first, second, .. } => {
                for (slot, name) in [first, second].into_iter().enumerate() {
                    if let Some(value) = optional(single(headers, name), role)? {
                        seen = true;
                        visit(slot, value);
                    }
                }
            }
            SignatureHeaders::Numbered { prefix, last } => {
                for number in 1..=*last {
                    let mut buffer = [0; 80];
                    let name = numbered(prefix, number, &mut buffer);
                    if let Some(value) = optional(single(headers, name), role)? {
                        seen = true;
                        visit(0, value);
                    }
                }
            }
        }
        if seen { Ok(()) } else { Err(Rejection::MissingHeader(role)) }
    }

    fn empty_group(&self, text: Option<&'d [u8]>) -> Group<'d> {
        Group {
            text,
            timestamp: self.timestamp,
            signed_at: None,
            signatures: 0,
            first: [0; MAX_TAG],
            first_slot: 0,
        }
    }

    /// Reads one group, or all values if the scheme has no groups.
    #[inline]
    fn read_group(&self, group: &mut Group<'d>) -> Result<(), Rejection> {
        let place = self.scheme.timestamp.as_ref().map(|it| &it.place);
        let mut timestamp = Occurrence::Absent;
        let mut decoded = false;
        self.entries(group.text, |slot, entry| match entry {
            Entry::Signature(text) => {
                group.signatures += 1;
                if !decoded {
                    decoded = self.decode_first(text, &mut group.first);
                    group.first_slot = slot;
                }
            }
            Entry::FirstItem(item) => {
                if place == Some(&TimestampPlace::FirstItem) {
                    timestamp.add(item);
                }
            }
            Entry::Field(key, value) => {
                if let Some(TimestampPlace::Field(name)) = place
                    && is(key, name)
                {
                    timestamp.add(value);
                }
            }
        })?;
        if group.signatures > MAX_SIGNATURES {
            return Err(Rejection::TooManySignatures);
        }
        let once_only = match &self.scheme.signature.syntax {
            Syntax::Pairs(pairs) | Syntax::Groups { pairs, .. } => pairs.once,
            _ => false,
        };
        if !decoded || (once_only && group.signatures > 1) {
            return Err(Rejection::MalformedSignature);
        }
        match timestamp {
            Occurrence::Once(text) => group.timestamp = Some(text),
            Occurrence::Differing => return Err(Rejection::AmbiguousHeader(HeaderRole::Timestamp)),
            Occurrence::Absent => {}
        }
        group.signed_at = self.told_time(group.timestamp)?;
        Ok(())
    }

    #[inline]
    fn told_time(&self, text: Option<&[u8]>) -> Result<Option<Timestamp>, Rejection> {
        match &self.scheme.timestamp {
            None => Ok(None),
            Some(source) if source.place.is_in_body() => Ok(None),
            Some(source) => {
                let told = text.and_then(|text| source.format.parse(text));
                Ok(told.ok_or(Rejection::MalformedTimestamp)?.time())
            }
        }
    }
}

impl Group<'_> {
    /// The only tag, if one signature was presented.
    pub(crate) fn only_tag(&self, length: usize) -> Option<&[u8]> {
        if self.signatures == 1 { self.first.get(..length) } else { None }
    }
}

fn signature_names(scheme: &Scheme) -> usize {
    match &scheme.signature.headers {
        SignatureHeaders::First(names) => names.len(),
        _ => 1,
    }
}

/// The delivery id of a delivery, if it is signed.
pub(crate) fn signed_id_of<'d>(
    scheme: &Scheme,
    head: &Head<'d>,
) -> Option<Result<&'d [u8], Rejection>> {
    signed_delivery_id(scheme, head, family(scheme, head))
}

/// The value of the delivery id header, if the scheme signs one. `family` is that of the signature
/// header; a header of another family is not signed.
#[inline]
fn signed_delivery_id<'d>(
    scheme: &Scheme,
    head: &Head<'d>,
    family: usize,
) -> Option<Result<&'d [u8], Rejection>> {
    let at = scheme.signed.iter().position(|part| *part == Part::DeliveryId)?;
    Some(signed_id(scheme, head, family, at))
}

/// The signed delivery id, which is the part at `position`.
#[inline]
fn signed_id<'d>(
    scheme: &Scheme,
    head: &Head<'d>,
    family: usize,
    position: usize,
) -> Result<&'d [u8], Rejection> {
    let role = HeaderRole::DeliveryId;
    let Lookup::First(places) = &scheme.delivery_id else {
        return Err(Rejection::MissingHeader(role));
    };
    let headers = head.headers();
    let chosen = if places.len() == signature_names(scheme) {
        places.get(family..=family)
    } else {
        places.get(..)
    };
    let names = chosen.unwrap_or_default().iter().filter_map(|place| match place {
        Place::Header(name) => Some(single(headers, name)),
        _ => None,
    });
    let found = names.into_iter().find(|it| *it != Occurrence::Absent);
    let id = once(found.unwrap_or(Occurrence::Absent), role)?;
    if id.is_empty() {
        return Err(Rejection::MissingHeader(role));
    }
    // An id that holds the text which ends it could be told apart from what follows in two
    // ways, and a delivery be replayed under another id and timestamp.
    if let Some(Part::Literal(end)) = scheme.signed.get(position + 1)
        && contains(id, end.as_bytes())
    {
        return Err(Rejection::WrongHeader(role));
    }
    Ok(id)
}

/// Chooses the family of names to read: the first that is there as a whole, else the first
/// whose signature is there.
fn family(scheme: &Scheme, head: &Head<'_>) -> usize {
    let SignatureHeaders::First(names) = &scheme.signature.headers else { return 0 };
    if names.len() < 2 {
        return 0;
    }
    let there = |name: &str| single(head.headers(), name) != Occurrence::Absent;
    let stamps = match scheme.timestamp.as_ref().map(|it| &it.place) {
        Some(TimestampPlace::Header(stamps)) if stamps.len() == names.len() => &**stamps,
        _ => &[],
    };
    let ids = match &scheme.delivery_id {
        Lookup::First(ids)
            if ids.len() == names.len() && scheme.signed.contains(&Part::DeliveryId) =>
        {
            &**ids
        }
        _ => &[],
    };
    let whole = |index: usize| {
        let stamp = stamps.get(index).is_none_or(|name| there(name));
        let id = ids.get(index).is_none_or(|place| match place {
            Place::Header(name) => there(name),
            _ => true,
        });
        stamp && id
    };
    let mut signed = names.iter().enumerate().filter(|(_, name)| there(name)).map(|(at, _)| at);
    let first = signed.clone().next().unwrap_or(0);
    signed.find(|index| whole(*index)).unwrap_or(first)
}

/// Writes a numbered header name without allocating.
fn numbered<'b>(prefix: &str, number: u8, buffer: &'b mut [u8; 80]) -> &'b str {
    use std::io::Write as _;

    let room = buffer.len();
    let mut rest = buffer.as_mut_slice();
    // `Scheme::check` bounds the prefix, so the name fits.
    if write!(rest, "{prefix}{number}").is_err() {
        return "";
    }
    let length = room - rest.len();
    core::str::from_utf8(buffer.get(..length).unwrap_or_default()).unwrap_or_default()
}

#[inline]
fn once(found: Occurrence<'_>, role: HeaderRole) -> Result<&[u8], Rejection> {
    optional(found, role)?.ok_or(Rejection::MissingHeader(role))
}

#[inline]
fn optional(found: Occurrence<'_>, role: HeaderRole) -> Result<Option<&[u8]>, Rejection> {
    match found {
        Occurrence::Absent => Ok(None),
        Occurrence::Once(value) => Ok(Some(value)),
        Occurrence::Differing => Err(Rejection::AmbiguousHeader(role)),
    }
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    match wanted {
        [byte] => memchr::memchr(*byte, text).is_some(),
        _ => text.windows(wanted.len()).any(|window| window == wanted),
    }
}
