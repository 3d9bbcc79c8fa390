//! Whatever a signature covers cannot change by one bit; whatever it does not cover can.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeSet;

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use countersign::{
    BodyForm, Encoding, Lookup, Part, Place, Scheme, SecretFormat, SignatureHeaders, Syntax,
    TimestampPlace, catalog,
};
use countersign_testing::vectors::{Outcome, Vector, Verdict};

/// How many bytes of one body are changed at most, spread evenly.
const POSITIONS: usize = 48;

#[test]
fn every_valid_vector_is_accepted_before_it_is_changed() {
    let vectors = support::valid_vectors();
    assert_eq!(vectors.len(), 1350);
    for vector in vectors {
        accepted(&vector, "unchanged");
    }
}

#[test]
fn one_flipped_bit_in_the_decoded_tag_is_refused() {
    for vector in support::valid_vectors() {
        let scheme = scheme(&vector);
        let last = scheme.algorithm.tag_bytes() - 1;
        let flip = |tags: &[usize], byte: usize, bit: u8| {
            let mut changed = vector.clone();
            change_tags(scheme, &mut changed, tags, |tag| tag[byte] ^= 1 << bit);
            changed
        };
        // Some deliveries hold several genuine signatures, of which one would be enough, and
        // some hold others that are one bit away from a genuine one.
        let count = change_tags(scheme, &mut vector.clone(), &[], |_| ());
        let all: Vec<_> = (0..count).collect();
        let is_genuine = |tag: &usize| {
            let others: Vec<_> = all.iter().copied().filter(|it| it != tag).collect();
            is_accepted(&flip(&others, last, 5))
        };
        let genuine: Vec<_> = all.iter().copied().filter(is_genuine).collect();
        assert!(!genuine.is_empty(), "{}/{}: no tag matters", vector.provider, vector.case);
        for bit in [0, 3, 7] {
            for byte in [0, last / 2, last] {
                refused(&flip(&genuine, byte, bit), "tag");
            }
        }
    }
}

/// Of senders that need more than a secret: public keys, tokens, URLs, certificates.
#[test]
fn one_flipped_bit_in_a_covered_body_is_refused_whoever_signs() {
    let mut changes = 0;
    let mut senders = BTreeSet::new();
    for vector in support::all_vectors() {
        let needs_more = vector.secrets.is_empty() && vector.expect == Verdict::Valid;
        let Some(Ok(verifier)) = vector.verifier().filter(|_| needs_more) else { continue };
        // What HTTP message signatures cover is told by each of them: see `rfc9421.rs`.
        let is_told = |scheme: &&Scheme| scheme.coverage().body() && scheme.id != "rfc9421";
        if verifier.scheme().filter(is_told).is_none() {
            continue;
        }
        assert_eq!(vector.run(), Outcome::Passed, "{}/{}", vector.provider, vector.case);
        // Each costs a signature, of which RSA's are dear without optimisation.
        let step = std::cmp::max(vector.body.len() / 8, 1);
        for at in (0..vector.body.len()).step_by(step) {
            let mut changed = vector.clone();
            changed.body[at] ^= 1;
            changed.expect = Verdict::Invalid;
            let outcome = changed.run();
            let at = format!("{}/{}: byte {at} of the body", vector.provider, vector.case);
            assert_eq!(outcome, Outcome::Passed, "{at}");
            changes += 1;
        }
        senders.insert(vector.provider);
    }
    assert!(changes > 500, "only {changes} changes");
    assert!(senders.len() >= 25, "only {senders:?}");
}

#[test]
fn one_flipped_bit_in_the_derived_keys_is_refused() {
    for vector in support::valid_vectors() {
        let format = scheme(&vector).secret.format;
        let mut changed = vector.clone();
        changed.secrets = vector.secrets.iter().map(|text| flip_key_bit(format, text)).collect();
        assert_ne!(changed.secrets, vector.secrets);
        refused(&changed, "key");
    }
}

#[test]
fn one_flipped_bit_in_any_covered_byte_of_the_body_is_refused() {
    let mut changes = 0;
    for vector in support::valid_vectors() {
        let signed = signed_body(&vector);
        let step = std::cmp::max(signed.len() / POSITIONS, 1);
        for at in (0..signed.len()).step_by(step) {
            let mut body = signed.clone();
            body[at] ^= 1 << (at % 8);
            let mut changed = vector.clone();
            changed.body = wrap_body(&vector, &body);
            refused(&changed, &format!("byte {at} of the body"));
            changes += 1;
        }
        let mut longer = vector.clone();
        longer.body = wrap_body(&vector, &[&signed, &b" "[..]].concat());
        refused(&longer, "a longer body");
        if !signed.is_empty() {
            let mut shorter = vector.clone();
            shorter.body = wrap_body(&vector, &signed[..signed.len() - 1]);
            refused(&shorter, "a shorter body");
        }
    }
    assert!(changes > 40_000, "only {changes}");
}

#[test]
fn a_changed_signed_header_is_refused() {
    let mut changes = 0;
    for vector in support::valid_vectors() {
        let scheme = scheme(&vector);
        let mut names: Vec<String> = Vec::new();
        if let Some(source) = &scheme.timestamp
            && let TimestampPlace::Header(headers) = &source.place
        {
            names.extend(headers.iter().map(ToString::to_string));
        }
        if scheme.signed.contains(&Part::DeliveryId)
            && let Lookup::First(places) = &scheme.delivery_id
        {
            names.extend(places.iter().filter_map(|place| match place {
                Place::Header(name) => Some(name.to_string()),
                _ => None,
            }));
        }
        names.extend(scheme.signed.iter().filter_map(|part| match part {
            Part::Header(name) | Part::Nonce(name) | Part::ListedHeaders(name) => {
                Some(name.to_string())
            }
            _ => None,
        }));
        names.extend(scheme.required_headers.iter().map(|it| it.name.to_string()));
        names.extend(scheme.key_id_header.iter().map(ToString::to_string));
        for (index, (name, value)) in vector.headers.iter().enumerate() {
            if !names.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                continue;
            }
            for at in 0..value.len() {
                let mut changed = vector.clone();
                changed.headers[index].1 = flip_text_bit(value, at);
                refused(&changed, &format!("{name} at {at}"));
                changes += 1;
            }
            let mut absent = vector.clone();
            absent.headers.remove(index);
            refused(&absent, &format!("no {name}"));
            let mut repeated = vector.clone();
            repeated.headers.push((name.clone(), format!("{value}0")));
            refused(&repeated, &format!("a differing repeat of {name}"));
        }
    }
    assert!(changes > 5_000, "only {changes}");
}

#[test]
fn a_changed_signed_field_beside_the_signature_is_refused() {
    let mut changes = 0;
    for vector in support::valid_vectors() {
        let scheme = scheme(&vector);
        let fields = match (&scheme.signature.syntax, &scheme.timestamp) {
            (Syntax::Pairs(pairs) | Syntax::Groups { pairs, .. }, timestamp) => {
                let mut keys: Vec<_> = scheme
                    .signed
                    .iter()
                    .filter_map(|part| match part {
                        Part::Field(key) => Some(key.to_string()),
                        _ => None,
                    })
                    .collect();
                if let Some(source) = timestamp
                    && let TimestampPlace::Field(key) = &source.place
                {
                    keys.push(key.to_string());
                }
                keys.iter().map(|key| format!("{key}{}", char::from(pairs.assign.byte()))).collect()
            }
            (Syntax::Positional(_), _) => vec![String::new()],
            _ => Vec::new(),
        };
        for (index, (name, value)) in vector.headers.iter().enumerate() {
            if !is_signature_header(scheme, name) {
                continue;
            }
            for start in &fields {
                let Some(at) = value.find(start.as_str()).map(|at| at + start.len()) else {
                    panic!("{}/{} has no field {start}", vector.provider, vector.case)
                };
                // Groups have timestamps of their own: all of them are changed.
                let text: String =
                    value[at..].chars().take_while(char::is_ascii_alphanumeric).collect();
                for offset in 0..text.len() {
                    let other = flip_text_bit(&text, offset);
                    let from = format!("{start}{text}");
                    let mut changed = vector.clone();
                    changed.headers[index].1 = value.replace(&from, &format!("{start}{other}"));
                    refused(&changed, &format!("{start} at {offset}"));
                    changes += 1;
                }
            }
        }
    }
    assert!(changes > 2_000, "only {changes}");
}

#[test]
fn a_changed_method_or_url_is_refused_where_it_is_signed_and_passes_elsewhere() {
    for vector in support::valid_vectors() {
        let coverage = scheme(&vector).coverage();
        let mut method = vector.clone();
        method.method = "PATCH".to_owned();
        check(&method, "method", coverage.method());
        let mut url = vector.clone();
        url.url.push_str("?changed=1");
        check(&url, "url", coverage.url());
    }
}

#[test]
fn what_is_listed_as_uncovered_passes_when_it_changes() {
    let table = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/uncovered.txt"));
    let table = table.unwrap();
    let listed = |sender: &str| {
        let line = table.lines().find_map(|it| it.strip_prefix(&format!("{sender}:")[..]));
        line.unwrap_or_else(|| panic!("{sender} is not listed")).to_owned()
    };
    for vector in support::valid_vectors() {
        let scheme = scheme(&vector);
        let listed = listed(&vector.provider);
        let headers = |lookup: &Lookup| match lookup {
            Lookup::First(places) | Lookup::Joined(places) => {
                let names = places.iter().filter_map(|place| match place {
                    Place::Header(name) => Some(name.to_string()),
                    _ => None,
                });
                names.collect()
            }
            _ => Vec::new(),
        };
        let mut names = Vec::new();
        if listed.contains("delivery id") {
            names.extend(headers(&scheme.delivery_id));
        }
        if listed.contains("event type") {
            names.extend(headers(&scheme.event_type));
        }
        let mut changed = vector.clone();
        for (name, value) in &mut changed.headers {
            if names.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                value.push_str("-changed");
            }
        }
        changed.headers.push(("X-Unrelated".to_owned(), "1".to_owned()));
        accepted(&changed, &listed);
        if listed.contains("other form fields") && vector.body.starts_with(b"payload=") {
            let mut changed = vector.clone();
            changed.body.extend_from_slice(b"&other=1");
            accepted(&changed, "other form fields");
        }
    }
}

fn scheme(vector: &Vector) -> &'static Scheme {
    catalog::find(&vector.provider).unwrap()
}

fn is_accepted(vector: &Vector) -> bool {
    let Some(Ok(verifier)) = vector.verifier() else { return false };
    let verified = verifier.verify(&vector.delivery(), vector.now());
    verified.is_ok()
}

#[track_caller]
fn accepted(vector: &Vector, what: &str) {
    assert!(is_accepted(vector), "{}/{} refused: {what}", vector.provider, vector.case);
}

#[track_caller]
fn refused(vector: &Vector, what: &str) {
    assert!(!is_accepted(vector), "{}/{} accepted: {what}", vector.provider, vector.case);
}

#[track_caller]
fn check(vector: &Vector, what: &str, is_covered: bool) {
    if is_covered { refused(vector, what) } else { accepted(vector, what) }
}

fn is_signature_header(scheme: &Scheme, name: &str) -> bool {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    match &scheme.signature.headers {
        SignatureHeaders::First(names) => names.iter().any(|it| is(it)),
        SignatureHeaders::Two { first, second, .. } => is(first) || is(second),
        SignatureHeaders::Numbered { prefix, .. } => {
            name.to_ascii_lowercase().starts_with(&prefix.to_ascii_lowercase())
        }
        _ => false,
    }
}

/// Applies a change to some of the texts in the signature headers that decode to a whole tag, and
/// counts all of them.
fn change_tags(
    scheme: &Scheme,
    vector: &mut Vector,
    wanted: &[usize],
    change: impl Fn(&mut [u8]),
) -> usize {
    let mut count = 0;
    for (name, value) in &mut vector.headers {
        if !is_signature_header(scheme, name) {
            continue;
        }
        // Cut at everything that separates in any scheme but is not in an encoded tag.
        let starts = (0..=value.len()).filter(|at| {
            *at == 0 || matches!(value.as_bytes()[at - 1], b',' | b';' | b' ' | b'=' | b'.')
        });
        let mut changed = value.clone();
        for start in starts {
            let end =
                value[start..].find([',', ';', ' ', '.']).map_or(value.len(), |at| start + at);
            let text = &value[start..end];
            if let Some(mut tag) = decode(scheme, text) {
                if wanted.contains(&count) {
                    change(&mut tag);
                    changed.replace_range(start..end, &encode(scheme, &tag, text));
                }
                count += 1;
            }
        }
        *value = changed;
    }
    count
}

fn decode(scheme: &Scheme, text: &str) -> Option<Vec<u8>> {
    let tag = match scheme.signature.encoding {
        Encoding::Hex | Encoding::HexUpper => const_hex::decode(text).ok()?,
        Encoding::Base64 => STANDARD.decode(text).ok()?,
        Encoding::Base64Url => URL_SAFE_NO_PAD.decode(text).ok()?,
        Encoding::Base64OfHex => const_hex::decode(STANDARD.decode(text).ok()?).ok()?,
        _ => return None,
    };
    (tag.len() == scheme.algorithm.tag_bytes()).then_some(tag)
}

fn encode(scheme: &Scheme, tag: &[u8], like: &str) -> String {
    match scheme.signature.encoding {
        Encoding::Base64 => STANDARD.encode(tag),
        Encoding::Base64Url => URL_SAFE_NO_PAD.encode(tag),
        Encoding::Base64OfHex => STANDARD.encode(const_hex::encode(tag)),
        _ if like.bytes().any(|it| it.is_ascii_uppercase()) => const_hex::encode_upper(tag),
        _ => const_hex::encode(tag),
    }
}

fn flip_key_bit(format: SecretFormat, secret: &str) -> String {
    let flip_base64 = |text: &str| {
        let mut key = STANDARD_NO_PAD.decode(text.trim_end_matches('=')).unwrap();
        let middle = key.len() / 2;
        key[middle] ^= 1;
        STANDARD.encode(key)
    };
    match format {
        SecretFormat::Hex => {
            let mut key = const_hex::decode(secret).unwrap();
            key[0] ^= 1;
            const_hex::encode(key)
        }
        SecretFormat::Base64 => flip_base64(secret),
        SecretFormat::Whsec | SecretFormat::VersionedWhsec | SecretFormat::WhsecOrText
            if secret.contains("whsec_") =>
        {
            let (start, text) = secret.split_once("whsec_").unwrap();
            format!("{start}whsec_{}", flip_base64(text))
        }
        SecretFormat::Whsec | SecretFormat::VersionedWhsec => flip_base64(secret),
        _ => {
            // A bit that turns one letter or digit into another, so that no lint is in the way.
            let mut bytes = secret.as_bytes().to_vec();
            let at = (0..bytes.len())
                .rev()
                .find(|at| {
                    bytes[*at].is_ascii_alphanumeric() && (bytes[*at] ^ 1).is_ascii_alphanumeric()
                })
                .unwrap();
            bytes[at] ^= 1;
            String::from_utf8(bytes).unwrap()
        }
    }
}

/// Flips a bit so that the text stays one that a header may hold.
fn flip_text_bit(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let graphic = |byte: u8| byte.is_ascii_graphic();
    let bit = [0, 1, 2, 3].into_iter().find(|bit| graphic(bytes[at] ^ (1 << bit))).unwrap();
    bytes[at] ^= 1 << bit;
    String::from_utf8(bytes).unwrap()
}

/// The bytes that the signature covers, however the body carries them.
fn signed_body(vector: &Vector) -> Vec<u8> {
    match &scheme(vector).body {
        BodyForm::Gunzipped if header(vector, "content-encoding") == Some("gzip") => {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(&vector.body[..]).read_to_end(&mut plain).unwrap();
            plain
        }
        BodyForm::FormField(field) if is_form(vector) => {
            let mut fields = form_urlencoded::parse(&vector.body);
            fields.find(|(name, _)| name == field).unwrap().1.into_owned().into_bytes()
        }
        _ => vector.body.clone(),
    }
}

/// Puts signed bytes back into the form in which they were sent.
fn wrap_body(vector: &Vector, signed: &[u8]) -> Vec<u8> {
    match &scheme(vector).body {
        BodyForm::Gunzipped if header(vector, "content-encoding") == Some("gzip") => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
            encoder.write_all(signed).unwrap();
            encoder.finish().unwrap()
        }
        BodyForm::FormField(field) if is_form(vector) => {
            let value: String = form_urlencoded::byte_serialize(signed).collect();
            format!("{field}={value}").into_bytes()
        }
        _ => signed.to_vec(),
    }
}

fn is_form(vector: &Vector) -> bool {
    header(vector, "content-type").is_some_and(|it| it.starts_with("application/x-www-form"))
}

fn header<'v>(vector: &'v Vector, name: &str) -> Option<&'v str> {
    let mut found = vector.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.as_str())
}
