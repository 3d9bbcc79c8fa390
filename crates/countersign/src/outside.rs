//! What a scheme reads from elsewhere than headers: the query, and fields of the body.

use std::borrow::Cow;

use crate::delivery::Head;
use crate::form;
use crate::json::{self, Scalar};
use crate::rejection::Rejection;
use crate::scheme::{Scheme, SignatureHeaders, TimestampPlace};

/// What a scheme reads from elsewhere than headers.
#[derive(Debug, Default)]
pub(crate) struct Outside<'d> {
    /// The value that holds the signature.
    pub(crate) signature: Option<Cow<'d, [u8]>>,
    /// The text of the timestamp.
    pub(crate) timestamp: Option<Cow<'d, [u8]>>,
}

/// Nothing, as for most schemes.
pub(crate) static NOTHING: Outside<'static> = Outside { signature: None, timestamp: None };

impl<'d> Outside<'d> {
    /// Whether a scheme reads anything outside of headers.
    #[inline]
    pub(crate) fn is_read(scheme: &Scheme) -> bool {
        let signature = &scheme.signature.headers;
        let time = scheme.timestamp.as_ref().map(|it| &it.place);
        matches!(
            signature,
            SignatureHeaders::Query(_) | SignatureHeaders::FormField(_) | SignatureHeaders::Body(_)
        ) || matches!(time, Some(TimestampPlace::Query(_) | TimestampPlace::FormField(_)))
    }

    /// Reads what the scheme reads outside of headers: nothing, for most. Without a body, what is in it
    /// is left out.
    pub(crate) fn read(
        scheme: &Scheme,
        head: &Head<'d>,
        body: Option<&'d [u8]>,
    ) -> Result<Self, Rejection> {
        let mut outside = Self::default();
        match &scheme.signature.headers {
            SignatureHeaders::Query(name) => outside.signature = query(head, name)?,
            SignatureHeaders::FormField(name) => {
                if let Some(body) = body {
                    outside.signature = form_field(body, name)?;
                }
            }
            SignatureHeaders::Body(pointer) => {
                if let Some(body) = body {
                    outside.signature = body_text(body, pointer);
                }
            }
            SignatureHeaders::First(_)
            | SignatureHeaders::Two { .. }
            | SignatureHeaders::Numbered { .. } => {}
        }
        match scheme.timestamp.as_ref().map(|it| &it.place) {
            Some(TimestampPlace::Query(name)) => outside.timestamp = query(head, name)?,
            Some(TimestampPlace::FormField(name)) => {
                if let Some(body) = body {
                    outside.timestamp = form_field(body, name)?;
                }
            }
            _ => {}
        }
        Ok(outside)
    }
}

/// The text at a JSON pointer; a number is none.
fn body_text<'d>(body: &'d [u8], pointer: &str) -> Option<Cow<'d, [u8]>> {
    match json::scalar(body, pointer)? {
        Scalar::Text(Cow::Borrowed(text)) => Some(Cow::Borrowed(text.as_bytes())),
        Scalar::Text(Cow::Owned(text)) => Some(Cow::Owned(text.into_bytes())),
        _ => None,
    }
}

/// The decoded value of a parameter of the query; it must not be there twice.
pub(crate) fn query<'d>(head: &Head<'d>, name: &str) -> Result<Option<Cow<'d, [u8]>>, Rejection> {
    form_field(form::query_of(head.path_and_query()).as_bytes(), name)
}

/// The decoded value of a field of a form; it must not be there twice.
pub(crate) fn form_field<'d>(
    form: &'d [u8],
    name: &str,
) -> Result<Option<Cow<'d, [u8]>>, Rejection> {
    form::only(form, name).map_err(|form::Repeated| Rejection::UnreadableBody)
}

/// A text without the line ends behind it.
pub(crate) fn without_line_ends(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte != b'\n').map_or(0, |last| last + 1);
    text.get(..end).unwrap_or_default()
}
