//! In the place of procedures whose feature is off.

use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::delivery::Delivery;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::Coverage;
use crate::time::Timestamp;

/// Builds no verifier, and says which feature is off.
pub(crate) struct Off {
    pub(crate) feature: &'static str,
    pub(crate) kind: KeyKind,
    pub(crate) coverage: Coverage,
}

impl Procedure for Off {
    fn coverage(&self) -> Coverage {
        self.coverage
    }

    fn key_kind(&self) -> KeyKind {
        self.kind
    }

    fn check_setup(&self, _: &Setup) -> Result<(), ConfigError> {
        Err(ConfigError::FeatureOff { feature: self.feature })
    }

    fn check(
        &self,
        _: &Setup,
        _: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        Err(Rejection::Unsigned)
    }
}
