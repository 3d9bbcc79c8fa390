//! Procedures whose feature is off.

use crate::check::Checked;
use crate::delivery::Delivery;
use crate::procedure::{Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::Coverage;
use crate::time::Timestamp;

/// Stands for a procedure that needs this feature. No verifier is built for it.
pub(crate) struct Off(pub(crate) &'static str);

impl Procedure for Off {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING
    }

    fn missing_feature(&self) -> Option<&'static str> {
        Some(self.0)
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

#[cfg(all(test, not(feature = "http-signatures")))]
mod tests {
    use crate::config_error::ConfigError;
    use crate::setting::Setting;
    use crate::verify::Verifier;

    #[test]
    fn the_feature_is_named_before_all_else() {
        let built = Verifier::builder(crate::catalog::RFC9421)
            .setting(Setting::RequiredTag, "hook")
            .build();
        let error = ConfigError::FeatureOff { feature: "http-signatures" };
        assert_eq!(built.unwrap_err(), error);
    }
}
