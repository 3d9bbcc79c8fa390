//! What went wrong before there was a verdict.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::output;

/// A mistake in the use of the program, or an environment in which it cannot work, in words:
/// exit code 2.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl Failure {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self(message.to_string())
    }

    /// A file that cannot be read.
    pub(crate) fn file(path: &Path, error: &dyn fmt::Display) -> Self {
        Self(format!("{}: {error}", path.display()))
    }

    /// Tells the user, and with which code to exit.
    pub(crate) fn report(&self) -> ExitCode {
        output::error(&self.0);
        ExitCode::from(2)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error)
    }
}
