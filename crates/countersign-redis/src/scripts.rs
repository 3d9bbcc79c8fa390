//! The operations, as the server runs them: one script each, on one key.

use std::fmt;

use redis::aio::ConnectionLike;
use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, Script, ServerErrorKind, ToRedisArgs};

macro_rules! script {
    ($file:literal) => {
        Source::new(concat!(include_str!("scripts/record.lua"), include_str!($file)))
    };
}

/// A script, and the digest that the server knows it by.
struct Source {
    text: &'static str,
    script: Script,
}

impl Source {
    fn new(text: &'static str) -> Self {
        Self { text, script: Script::new(text) }
    }
}

/// All scripts.
pub(crate) struct Scripts {
    claim: Source,
    complete: Source,
    release: Source,
    extend: Source,
}

/// Which of them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Claim,
    Complete,
    Release,
    Extend,
}

impl Scripts {
    pub(crate) fn new() -> Self {
        Self {
            claim: script!("scripts/claim.lua"),
            complete: script!("scripts/complete.lua"),
            release: script!("scripts/release.lua"),
            extend: script!("scripts/extend.lua"),
        }
    }

    fn source(&self, operation: Operation) -> &Source {
        match operation {
            Operation::Claim => &self.claim,
            Operation::Complete => &self.complete,
            Operation::Release => &self.release,
            Operation::Extend => &self.extend,
        }
    }

    /// Runs one by its digest, or by its text if the server does not know it: once after it was
    /// started.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        connection: &mut impl ConnectionLike,
        operation: Operation,
        key: &[u8],
        arguments: impl ToRedisArgs,
    ) -> Result<T, RedisError> {
        let source = self.source(operation);
        let mut command = redis::cmd("EVALSHA");
        command.arg(source.script.get_hash()).arg(1).arg(key).arg(&arguments);
        match command.query_async(connection).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                let mut command: Cmd = redis::cmd("EVAL");
                command.arg(source.text).arg(1).arg(key).arg(&arguments);
                command.query_async(connection).await
            }
            ended => ended,
        }
    }
}

impl fmt::Debug for Scripts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scripts").finish_non_exhaustive()
    }
}
