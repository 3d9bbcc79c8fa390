//! Deliveries that come with a JSON Web Token.

use crate::check::Checked;
use crate::delivery::Delivery;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::{Coverage, JwtRules};
use crate::time::Timestamp;

impl Procedure for JwtRules {
    fn coverage(&self) -> Coverage {
        Self::coverage(self)
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Either
    }

    fn check(
        &self,
        _: &Setup,
        _: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        Err(Rejection::MalformedToken)
    }
}
