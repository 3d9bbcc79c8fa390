//! Lark without an encrypt key: its verification token comes with each event.
//!
//! <https://open.larksuite.com/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case>,
//! as of 2026-11-24.

use super::shared;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::delivery::Delivery;
use crate::json::{self, Scalar};
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::Coverage;
use crate::time::Timestamp;

pub(super) struct LarkToken;

impl Procedure for LarkToken {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn check_setup(&self, _: &Setup) -> Result<(), ConfigError> {
        shared::needs(&[("json", cfg!(feature = "json"))])
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let body = delivery.body();
        // Events of the first version have it at the top.
        let token = match json::unique(body, "/header/token")? {
            Some(token) => Some(token),
            None => json::unique(body, "/token")?,
        };
        let Some(Scalar::Text(token)) = token else { return Err(Rejection::MissingSignature) };
        let secret = shared::bearer(&setup.secrets, token.as_bytes())?;
        Ok(Checked::new(secret.label.clone(), self.coverage()))
    }
}
