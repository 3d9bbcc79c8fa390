//! Microsoft Graph: each notification holds the secret of its subscription.
//!
//! <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>, as of 2026-11-24.

use super::shared;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::delivery::Delivery;
use crate::json::{self, Scalar};
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::Coverage;
use crate::time::Timestamp;

pub(super) struct MicrosoftGraph;

impl Procedure for MicrosoftGraph {
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
        let items = json::unique_items(delivery.body(), "/value");
        let mut secret = None;
        // One delivery may hold notifications of several subscriptions, and each proves but itself.
        for item in items.ok_or(Rejection::UnreadableBody)? {
            let Some(Scalar::Text(state)) = json::unique(item, "/clientState")? else {
                return Err(Rejection::MissingSignature);
            };
            let found = shared::bearer(&setup.secrets, state.as_bytes())?;
            secret.get_or_insert(found);
        }
        let secret = secret.ok_or(Rejection::MissingSignature)?;
        Ok(Checked::new(secret.label.clone(), self.coverage()))
    }
}
