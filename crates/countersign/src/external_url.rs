//! The URL of a request as its sender knows it, which proxies may have changed.

use std::borrow::Cow;

use crate::config_error::ConfigError;
use crate::delivery::Head;
use crate::rejection::Rejection;
use crate::scheme::Text;

/// How the URL that the sender called is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum ExternalUrl {
    /// It is this one, whatever the request says.
    Exact(Text),
    /// Scheme and host, and in front of the path what a proxy takes away.
    Base(Text),
    /// By `X-Forwarded-Proto` and `X-Forwarded-Host`, if the peer is one of these proxies.
    Forwarded(Vec<String>),
}

impl ExternalUrl {
    /// Refuses what is no URL.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }

    /// The URL that the sender called.
    pub(crate) fn of<'v>(&'v self, head: &Head<'v>) -> Result<Cow<'v, str>, Rejection> {
        match self {
            Self::Exact(url) => Ok(Cow::Borrowed(url)),
            Self::Base(base) => {
                let base = base.trim_end_matches('/');
                Ok(Cow::Owned(format!("{base}{}", head.path_and_query())))
            }
            Self::Forwarded(_) => Err(Rejection::UntrustedProxy),
        }
    }
}
