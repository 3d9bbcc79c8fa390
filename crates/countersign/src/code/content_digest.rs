//! A digest of the body in a header ([RFC 9530](https://www.rfc-editor.org/rfc/rfc9530#section-2),
//! read 2026-11-24).

use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::delivery::{Delivery, Head, Headers};
use crate::mac;
use crate::procedure::{Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::Coverage;
use crate::setting::{Setting, Settings};
use crate::structured::{self, Bare, Item, Member};
use crate::time::Timestamp;

/// The header.
pub(super) const NAME: &str = "content-digest";

/// Accepts whatever has the digest of its body with it. It tells bodies that broke on the way, not
/// forgers: a forger writes the digest of the forged body.
pub(crate) struct ContentDigest;

impl Procedure for ContentDigest {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING
    }

    fn required_settings(&self) -> &'static [Setting] {
        &[Setting::DangerUnauthenticated]
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[Setting::RequireDigest]
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        truth(&setup.settings, Setting::RequireDigest)?;
        match truth(&setup.settings, Setting::DangerUnauthenticated)? {
            Some(true) => Ok(()),
            _ => Err(ConfigError::WrongSetting { setting: Setting::DangerUnauthenticated }),
        }
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        Digests::read(head.headers()).map(|_| ()).or_else(|rejection| forgive(setup, rejection))
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        check(delivery).or_else(|rejection| forgive(setup, rejection))?;
        Ok(Checked::new("none", Coverage::NOTHING))
    }
}

/// Passes what has no digest, if none is required.
fn forgive(setup: &Setup, rejection: Rejection) -> Result<(), Rejection> {
    let required = truth(&setup.settings, Setting::RequireDigest);
    match rejection {
        Rejection::MissingHeader(_) if required == Ok(Some(false)) => Ok(()),
        rejection => Err(rejection),
    }
}

/// The value of a setting that is `true` or `false`.
pub(super) fn truth(settings: &Settings, setting: Setting) -> Result<Option<bool>, ConfigError> {
    match settings.get(setting) {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(ConfigError::WrongSetting { setting }),
    }
}

/// Holds the digests of a delivery against its body, as it came over the wire. All that are known must
/// match, and one must be known.
pub(super) fn check(delivery: &Delivery<'_>) -> Result<(), Rejection> {
    let digests = Digests::read(delivery.head().headers())?;
    let body = delivery.body();
    let mut matches = true;
    if let Some(digest) = digests.sha256 {
        matches &= mac::equal(&digest, &mac::sha256(body));
    }
    if let Some(digest) = digests.sha512 {
        matches &= mac::equal(&digest, &mac::sha512(body));
    }
    if matches { Ok(()) } else { Err(Rejection::WrongDigest) }
}

/// The digests that a delivery has, at least one.
struct Digests {
    sha256: Option<Vec<u8>>,
    sha512: Option<Vec<u8>>,
}

impl Digests {
    fn read(headers: &dyn Headers) -> Result<Self, Rejection> {
        let role = HeaderRole::Signed;
        let field = structured::field(headers, NAME).ok_or(Rejection::MissingHeader(role))?;
        let members = structured::dictionary(&field).ok_or(Rejection::WrongHeader(role))?;
        let mut digests = Self { sha256: None, sha512: None };
        for (key, member) in members {
            let Member::Item(Item { value: Bare::Bytes(bytes), .. }) = member else {
                return Err(Rejection::WrongHeader(role));
            };
            match &*key {
                "sha-256" => digests.sha256 = Some(bytes),
                "sha-512" => digests.sha512 = Some(bytes),
                // The others are deprecated (section 5) or unknown: they say nothing.
                _ => {}
            }
        }
        match digests {
            Self { sha256: None, sha512: None } => Err(Rejection::WrongHeader(role)),
            digests => Ok(digests),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA_256: &str = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    const SHA_512: &str = "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8Mj\
                           kM7iw7yZ/WkppmM44T3qg==:";
    const BODY: &[u8] = b"{\"hello\": \"world\"}\n";

    #[track_caller]
    fn judge(lines: &[&str], body: &[u8], expected: Result<(), Rejection>) {
        let headers: Vec<_> = lines.iter().map(|line| ("Content-Digest", *line)).collect();
        let delivery = Delivery::new("POST", "/", &headers, body);
        assert_eq!(check(&delivery), expected, "{lines:?}");
    }

    #[test]
    fn every_known_digest_must_match() {
        judge(&[SHA_256], BODY, Ok(()));
        judge(&[SHA_512], BODY, Ok(()));
        judge(&[SHA_256, SHA_512], BODY, Ok(()));
        judge(&[&format!("{SHA_256}, md5=:AAAA:")], BODY, Ok(()));
        // The line end belongs to the body.
        judge(&[SHA_256], b"{\"hello\": \"world\"}", Err(Rejection::WrongDigest));
        let wrong = "sha-512=:AAAA:";
        judge(&[SHA_256, wrong], BODY, Err(Rejection::WrongDigest));
        judge(&[wrong, SHA_256], BODY, Err(Rejection::WrongDigest));
    }

    #[test]
    fn one_must_be_known_and_all_be_bytes() {
        let role = HeaderRole::Signed;
        judge(&[], BODY, Err(Rejection::MissingHeader(role)));
        for line in [
            "",
            "md5=:UFIauregE76D7gDe0/n0JA==:",
            "sha-256=\"44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38\"",
            "SHA-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
            "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
            "sha-256",
        ] {
            judge(&[line], BODY, Err(Rejection::WrongHeader(role)));
        }
        // Which of two counts, readers differ about.
        judge(&[SHA_256, SHA_256], BODY, Err(Rejection::WrongHeader(role)));
    }
}
