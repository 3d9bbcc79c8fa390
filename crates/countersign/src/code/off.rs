//! What stands for procedures whose feature is off.

use crate::check::Checked;
use crate::delivery::{Delivery, Head};
use crate::procedure::{Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::Coverage;
use crate::time::Timestamp;

macro_rules! off {
    ($($(#[$doc:meta])* $name:ident: $feature:literal,)*) => {$(
        $(#[$doc])*
        #[cfg(not(feature = $feature))]
        pub(super) struct $name;

        #[cfg(not(feature = $feature))]
        impl Procedure for $name {
            fn coverage(&self) -> Coverage {
                Coverage::NOTHING
            }

            fn missing_feature(&self) -> Option<&'static str> {
                Some($feature)
            }

            fn precheck(&self, _: &Setup, _: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
                Err(Rejection::Unsigned)
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
    )*};
}

off! {
    /// Needs JSON.
    WithoutJson: "json",
    /// Needs certificates.
    WithoutX509: "x509",
}
