//! The ready-made fetcher.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use countersign::KeyRequest;
use reqwest::header::{ACCEPT, CACHE_CONTROL, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};

use crate::fetch::{Fetch, FetchError, Fetched};
use crate::safe_url::safe;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Below the time that adapters give all keys of a delivery, so that what is kept can be used in it.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Fetches documents over HTTPS: no redirect, no proxy of the environment, at most 3 seconds.
///
/// Certificates are checked against the roots of the operating system. Its answers' `Cache-Control:
/// max-age` says how long a document is fresh.
#[derive(Clone, Debug)]
pub struct Https {
    client: Client,
}

impl Https {
    /// A fetcher with a client of its own.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if no TLS can be set up.
    pub fn new() -> Result<Self, ClientError> {
        let client = Client::builder()
            .https_only(true)
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build();
        Ok(Self { client: client.map_err(ClientError)? })
    }
}

/// No client could be set up.
#[derive(Debug)]
pub struct ClientError(reqwest::Error);

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no HTTPS client could be set up")
    }
}

impl Error for ClientError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

impl Fetch for Https {
    async fn fetch(&self, request: &KeyRequest, limit: usize) -> Result<Fetched, FetchError> {
        let url = safe(request.url());
        let url = url.ok_or_else(|| FetchError::because("there is no URL that is ever asked"))?;
        let answer = self.client.get(url).header(ACCEPT, "*/*").send().await;
        let mut answer = answer.map_err(FetchError::because)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FetchError::NotFound),
            other => return Err(FetchError::because(format!("it was answered with {other}"))),
        }
        let fresh_for = max_age(answer.headers());
        let mut document = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(FetchError::because)? {
            if document.len() + chunk.len() > limit {
                return Err(FetchError::because("the document is too long"));
            }
            document.extend_from_slice(&chunk);
        }
        Ok(Fetched { document, fresh_for })
    }
}

/// How long an answer says that it is fresh
/// ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.1), read 2026-11-24).
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let values = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let mut directives = values.flat_map(|value| value.split(',')).map(str::trim);
    directives.find_map(|directive| {
        let (name, seconds) = directive.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("max-age");
        is_it.then(|| seconds.trim().trim_matches('"').parse().ok().map(Duration::from_secs))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_says_how_long_it_is_fresh() {
        let told = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CACHE_CONTROL, value.parse().unwrap());
            max_age(&headers).map(|it| it.as_secs())
        };
        assert_eq!(told("public, max-age=3600"), Some(3600));
        assert_eq!(told("MAX-AGE=\"60\""), Some(60));
        assert_eq!(told("no-store"), None);
        assert_eq!(told("max-age=soon"), None);
        assert_eq!(told("s-maxage=5"), None);
    }
}
