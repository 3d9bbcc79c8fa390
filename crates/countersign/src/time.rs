//! Points in time as senders sign them, and how far from now they may lie.

use core::fmt;
use core::time::Duration;

/// A point in time, in whole milliseconds since the Unix epoch.
///
/// The core has no clock: an adapter reads one and hands the time in.
///
/// ```
/// use countersign::Timestamp;
///
/// let noon = Timestamp::from_unix_seconds(1_790_000_000);
/// assert_eq!(noon.as_unix_millis(), 1_790_000_000_000);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp {
    millis: i64,
}

impl Timestamp {
    /// The time that is `seconds` after the Unix epoch; the far ends of the range saturate.
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self { millis: seconds.saturating_mul(1000) }
    }

    /// The time that is `millis` milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self { millis }
    }

    /// Whole seconds since the Unix epoch, rounded down.
    #[must_use]
    pub const fn as_unix_seconds(self) -> i64 {
        self.millis.div_euclid(1000)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_unix_millis(self) -> i64 {
        self.millis
    }
}

impl From<std::time::SystemTime> for Timestamp {
    /// Converts a reading of the system clock. Times before 1970 become 1970.
    fn from(time: std::time::SystemTime) -> Self {
        let since_epoch = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
        let millis = seconds.saturating_mul(1000);
        Self { millis: millis.saturating_add(since_epoch.subsec_millis().into()) }
    }
}

/// How a sender writes its timestamp.
///
/// The text is signed as it stands; a copy of it is parsed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum TimestampFormat {
    /// Decimal seconds since the Unix epoch.
    Seconds,
    /// Decimal milliseconds since the Unix epoch.
    Milliseconds,
    /// RFC 3339, such as `2026-11-24T12:00:00.123456789Z` (feature `rfc3339`).
    Rfc3339,
    /// The sender does not say in what unit it counts.
    ///
    /// Digits or RFC 3339 are required, but no time is read from them: a scheme with this
    /// format has [`Tolerance::ANY_AGE`].
    Unconfirmed,
}

impl TimestampFormat {
    /// Reads the text of a timestamp; `None` if it does not have the form.
    ///
    /// Only canonical digits are accepted: no sign, no leading zero, no blank. One instant in
    /// one unit then has one spelling.
    pub(crate) fn parse(self, text: &[u8]) -> Option<Told> {
        let millis = match self {
            Self::Seconds => canonical_digits(text)?.checked_mul(1000)?,
            Self::Milliseconds => canonical_digits(text)?,
            Self::Rfc3339 => return rfc3339(text).map(Told::Time),
            Self::Unconfirmed => {
                let known = canonical_digits(text).is_some() || is_date_like(text);
                return known.then_some(Told::Nothing);
            }
        };
        Some(Told::Time(Timestamp { millis }))
    }
}

/// What a well-formed timestamp tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Told {
    Time(Timestamp),
    /// Its unit is not confirmed.
    Nothing,
}

impl Told {
    pub(crate) fn time(self) -> Option<Timestamp> {
        match self {
            Self::Time(time) => Some(time),
            Self::Nothing => None,
        }
    }
}

fn canonical_digits(text: &[u8]) -> Option<i64> {
    let canonical = matches!(text, [b'0'] | [b'1'..=b'9', ..]);
    if !canonical || text.len() > 18 {
        return None;
    }
    // Eighteen digits cannot overflow, so this is faster than a parser that has to check.
    text.iter().try_fold(0, |number: i64, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
    })
}

/// Whether the text starts as an RFC 3339 date does and holds only its characters.
fn is_date_like(text: &[u8]) -> bool {
    let starts = matches!(text, [a, b, c, d, b'-', ..]
        if [a, b, c, d].iter().all(|it| it.is_ascii_digit()));
    let plain = |byte: &u8| byte.is_ascii_digit() || b"-+:.TZtz ".contains(byte);
    starts && text.len() <= 40 && text.iter().all(plain)
}

#[cfg(feature = "rfc3339")]
fn rfc3339(text: &[u8]) -> Option<Timestamp> {
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;

    // The longest text with nanoseconds and an offset has 35 characters.
    let text = core::str::from_utf8(text).ok().filter(|text| text.len() <= 40)?;
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
    Some(Timestamp { millis: i64::try_from(millis).ok()? })
}

#[cfg(not(feature = "rfc3339"))]
fn rfc3339(_: &[u8]) -> Option<Timestamp> {
    None // `Verifier::build` has refused the scheme already.
}

/// How far a signed timestamp may lie from now, into the past and into the future.
///
/// Both ends are inclusive.
///
/// ```
/// use core::time::Duration;
/// use countersign::Tolerance;
///
/// assert_eq!(Tolerance::symmetric(300).past(), Some(Duration::from_secs(300)));
/// assert_eq!(Tolerance::new(600, 0).future(), Some(Duration::ZERO));
/// assert_eq!(Tolerance::ANY_AGE.past(), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tolerance {
    window: Option<Window>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
struct Window {
    past: u32,
    future: u32,
}

impl Tolerance {
    /// No limit: a timestamp, if there is one, is signed but its age is not judged.
    ///
    /// A captured delivery can then be replayed for ever unless a store remembers it. Some
    /// senders document no window, and their entries say this.
    pub const ANY_AGE: Self = Self { window: None };

    /// The same number of seconds into the past and into the future.
    #[must_use]
    pub const fn symmetric(seconds: u32) -> Self {
        Self::new(seconds, seconds)
    }

    /// `past` seconds back and `future` seconds ahead.
    #[must_use]
    pub const fn new(past: u32, future: u32) -> Self {
        Self { window: Some(Window { past, future }) }
    }

    /// How old a signed timestamp may be; `None` if its age is not judged.
    #[must_use]
    pub fn past(&self) -> Option<Duration> {
        self.window.map(|window| Duration::from_secs(window.past.into()))
    }

    /// How far ahead a signed timestamp may lie; `None` if its age is not judged.
    #[must_use]
    pub fn future(&self) -> Option<Duration> {
        self.window.map(|window| Duration::from_secs(window.future.into()))
    }

    /// Judges a signed time.
    pub(crate) fn check(&self, signed_at: Timestamp, now: Timestamp) -> Result<(), Untimely> {
        let Some(window) = self.window else { return Ok(()) };
        // i64 milliseconds apart: saturation only matters for times no one signs.
        let age = now.millis.saturating_sub(signed_at.millis);
        if age > i64::from(window.past) * 1000 {
            Err(Untimely::TooOld)
        } else if age < i64::from(window.future) * -1000 {
            Err(Untimely::FromTheFuture)
        } else {
            Ok(())
        }
    }
}

/// On which side of the tolerance a timestamp lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Untimely {
    TooOld,
    FromTheFuture,
}

impl Default for Tolerance {
    /// Five minutes either way, as most senders recommend.
    fn default() -> Self {
        Self::symmetric(300)
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.window {
            None => f.write_str("any age"),
            Some(Window { past, future }) if past == future => write!(f, "{past} s either way"),
            Some(Window { past, future }) => write!(f, "{past} s past, {future} s future"),
        }
    }
}

#[cfg(feature = "serde")]
mod config {
    use super::{Tolerance, Window};

    #[derive(serde::Deserialize, serde::Serialize)]
    enum Keyword {
        #[serde(rename = "any-age")]
        AnyAge,
    }

    #[derive(serde::Deserialize, serde::Serialize)]
    #[serde(untagged, expecting = "expected { past = SECONDS, future = SECONDS } or \"any-age\"")]
    enum Form {
        Keyword(Keyword),
        Window(Window),
    }

    impl serde::Serialize for Tolerance {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.window.map_or(Form::Keyword(Keyword::AnyAge), Form::Window).serialize(serializer)
        }
    }

    impl<'de> serde::Deserialize<'de> for Tolerance {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Ok(match Form::deserialize(deserializer)? {
                Form::Keyword(Keyword::AnyAge) => Self::ANY_AGE,
                Form::Window(window) => Self { window: Some(window) },
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: TimestampFormat, text: &str, expected: Option<i64>) {
        let expected = expected.map(|millis| Told::Time(Timestamp::from_unix_millis(millis)));
        assert_eq!(format.parse(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn only_canonical_digits_are_a_number() {
        check(TimestampFormat::Seconds, "1790000000", Some(1_790_000_000_000));
        check(TimestampFormat::Seconds, "0", Some(0));
        for text in ["", "+1", "-1", "01", " 1", "1 ", "1.0", "1e3", "१", "99999999999999999999"]
        {
            check(TimestampFormat::Seconds, text, None);
            check(TimestampFormat::Milliseconds, text, None);
        }
        check(TimestampFormat::Milliseconds, "999999999999999999", Some(999_999_999_999_999_999));
        check(TimestampFormat::Seconds, "999999999999999999", None);
    }

    #[cfg(feature = "rfc3339")]
    #[test]
    fn rfc_3339_is_read_with_nanoseconds_and_offsets() {
        let format = TimestampFormat::Rfc3339;
        check(format, "1970-01-01T00:00:01.999999999Z", Some(1_999));
        check(format, "2020-01-01T00:00:00-07:00", Some(1_577_862_000_000));
        for text in ["2020-01-01", "2020-01-01T00:00:00", "1577836800", "", "2020-13-01T00:00:00Z"]
        {
            check(format, text, None);
        }
    }

    #[test]
    fn an_unconfirmed_unit_tells_no_time_but_refuses_other_text() {
        let format = TimestampFormat::Unconfirmed;
        for text in ["1790000000123", "2027-03-06T14:53:13Z"] {
            assert_eq!(format.parse(text.as_bytes()), Some(Told::Nothing));
        }
        check(format, "soon", None);
        check(format, "", None);
        check(format, "2027-<script>", None);
    }

    #[test]
    fn the_ends_of_the_tolerance_are_inside() {
        let now = Timestamp::from_unix_seconds(10_000);
        let tolerance = Tolerance::new(600, 5);
        let at = |millis| tolerance.check(Timestamp::from_unix_millis(millis), now);
        assert_eq!(at(9_400_000), Ok(()));
        assert_eq!(at(9_399_999), Err(Untimely::TooOld));
        assert_eq!(at(10_005_000), Ok(()));
        assert_eq!(at(10_005_001), Err(Untimely::FromTheFuture));
        assert_eq!(at(i64::MIN), Err(Untimely::TooOld));
        assert_eq!(at(i64::MAX), Err(Untimely::FromTheFuture));
        assert_eq!(Tolerance::ANY_AGE.check(Timestamp::from_unix_millis(0), now), Ok(()));
    }
}
