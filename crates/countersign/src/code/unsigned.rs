//! Senders that sign nothing.

use crate::check::Checked;
use crate::delivery::{Delivery, Head};
use crate::procedure::{Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::Coverage;
use crate::time::Timestamp;

/// Refuses all deliveries.
pub(crate) struct Unsigned;

impl Procedure for Unsigned {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING
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
