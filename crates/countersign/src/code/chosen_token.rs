//! A token in a place that each receiver chooses.

use super::shared;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::delivery::{Delivery, Head, Occurrence, single};
use crate::outside;
use crate::procedure::{KeyKind, Keys, NamedSecret, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Coverage, SignatureHeaders};
use crate::setting::Setting;
use crate::time::Timestamp;

/// In the header of this name, or of the scheme's where no name is given.
pub(super) struct HeaderToken;

impl HeaderToken {
    fn name(setup: &Setup) -> &str {
        match &setup.scheme.signature.headers {
            SignatureHeaders::First(names) => {
                let usual = names.first().map_or("", |name| name);
                setup.settings.get(Setting::HeaderName).unwrap_or(usual)
            }
            _ => setup.settings.get(Setting::HeaderName).unwrap_or_default(),
        }
    }

    fn signer<'s>(setup: &'s Setup, head: &Head<'_>) -> Result<&'s NamedSecret, Rejection> {
        let role = HeaderRole::Signature;
        match single(head.headers(), Self::name(setup)) {
            Occurrence::Once(token) => shared::bearer(&setup.secrets, token),
            Occurrence::Absent => Err(Rejection::MissingHeader(role)),
            Occurrence::Differing => Err(Rejection::AmbiguousHeader(role)),
        }
    }
}

impl Procedure for HeaderToken {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[Setting::HeaderName]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let name = Self::name(setup);
        if !name.is_empty() && name.len() <= 128 && name.bytes().all(token) {
            Ok(())
        } else {
            Err(ConfigError::WrongSetting { setting: Setting::HeaderName })
        }
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        Self::signer(setup, head).map(|_| ())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let secret = Self::signer(setup, delivery.head())?;
        Ok(Checked::new(secret.label.clone(), self.coverage()))
    }
}

/// In the parameter of the query of this name.
pub(super) struct QueryToken;

impl QueryToken {
    fn signer<'s>(setup: &'s Setup, head: &Head<'_>) -> Result<&'s NamedSecret, Rejection> {
        let name = setup.settings.get(Setting::QueryName).unwrap_or_default();
        let token = outside::query(head, name)?.ok_or(Rejection::MissingSignature)?;
        shared::bearer(&setup.secrets, &token)
    }
}

impl Procedure for QueryToken {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[Setting::QueryName]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        shared::needs(&[("form", cfg!(feature = "form"))])?;
        match setup.settings.get(Setting::QueryName) {
            // A receiver of handshakes alone has no secret, nor a name for it.
            None if setup.accepts_nothing => Ok(()),
            None => Err(ConfigError::MissingSetting { setting: Setting::QueryName }),
            Some("") => Err(ConfigError::WrongSetting { setting: Setting::QueryName }),
            Some(_) => Ok(()),
        }
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        Self::signer(setup, head).map(|_| ())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let secret = Self::signer(setup, delivery.head())?;
        Ok(Checked::new(secret.label.clone(), self.coverage()))
    }
}
