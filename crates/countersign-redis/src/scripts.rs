//! The operations, as the server runs them: one script each, on one key.

use std::fmt;

use redis::aio::ConnectionLike;
use redis::{
    Cmd, ErrorKind, FromRedisValue, RedisError, Script, ServerErrorKind, ToRedisArgs, Value,
    from_redis_value,
};

macro_rules! script {
    ($($file:literal),+) => {
        Source::new(concat!($(include_str!($file)),+))
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
            claim: script!("scripts/fresh.lua", "scripts/record.lua", "scripts/claim.lua"),
            complete: script!("scripts/record.lua", "scripts/complete.lua"),
            release: script!("scripts/record.lua", "scripts/release.lua"),
            extend: script!("scripts/record.lua", "scripts/extend.lua"),
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
    /// started. Tells also how many replicas have it, if `wait` asks for that.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        connection: &mut impl ConnectionLike,
        operation: Operation,
        key: &[u8],
        arguments: impl ToRedisArgs,
        wait: Option<&Cmd>,
    ) -> Result<(T, Option<u64>), RedisError> {
        let source = self.source(operation);
        let mut command = redis::cmd("EVALSHA");
        command.arg(source.script.get_hash()).arg(1).arg(key).arg(&arguments);
        match send(connection, command, wait).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                let mut command = redis::cmd("EVAL");
                command.arg(source.text).arg(1).arg(key).arg(&arguments);
                send(connection, command, wait).await
            }
            ended => ended,
        }
    }
}

/// One round trip. A wait goes with the command, since it is for what the same connection wrote,
/// which may be another one a moment later.
async fn send<T: FromRedisValue>(
    connection: &mut impl ConnectionLike,
    command: Cmd,
    wait: Option<&Cmd>,
) -> Result<(T, Option<u64>), RedisError> {
    let Some(wait) = wait else {
        return Ok((command.query_async(connection).await?, None));
    };
    let mut both = redis::pipe();
    both.add_command(command).add_command(wait.clone());
    let mut told = connection.req_packed_commands(&both, 0, 2).await?.into_iter();
    let mut next = || told.next().unwrap_or(Value::Nil).extract_error();
    let (done, have) = (next()?, next()?);
    Ok((from_redis_value(done)?, Some(from_redis_value(have)?)))
}

impl fmt::Debug for Scripts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scripts").finish_non_exhaustive()
    }
}
