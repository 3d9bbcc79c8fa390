//! What went wrong before there was a verdict.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::output;

/// A mistake in the use of the program, or an environment in which it cannot work: exit code 2.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A message for the user.
    Message(String),
    /// Nobody reads the output any more. Not worth a message.
    OutputClosed,
}

impl Failure {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self::Message(message.to_string())
    }

    /// A file that cannot be read.
    pub(crate) fn file(path: &Path, error: &dyn fmt::Display) -> Self {
        Self::Message(format!("{}: {error}", path.display()))
    }

    /// Tells the user, and with which code to exit.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Message(message) => {
                output::error(message);
                ExitCode::from(2)
            }
            Self::OutputClosed => ExitCode::SUCCESS,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::Message(error.to_string())
        }
    }
}
