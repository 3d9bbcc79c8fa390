//! Another process.

use std::env;
use std::process::{Child, Command, Stdio};

/// A test that is left out of the run, in a process of its own, which is killed if this is dropped.
#[derive(Debug)]
pub struct Other {
    process: Child,
}

impl Other {
    /// Starts it. It finds what it needs to know in these variables.
    #[must_use]
    pub fn run(test: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { process: command.spawn().unwrap() }
    }

    /// As `kill -9` does.
    pub fn kill(&mut self) {
        _ = self.process.kill();
        self.process.wait().unwrap();
    }

    /// Whether it succeeded.
    pub fn wait(&mut self) -> bool {
        self.process.wait().unwrap().success()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.kill();
    }
}
