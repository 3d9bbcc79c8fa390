//! What workers write down: a file that each appends whole lines to, whoever is killed.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use countersign::{Key, Token};

/// The file, opened by one worker.
#[derive(Debug)]
pub(crate) struct Ledger {
    file: File,
}

/// A claim, as the ledger names it: its event's key and its token, of each the beginning.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct ClaimId {
    pub(crate) key: u64,
    pub(crate) token: u64,
}

/// A line. Times are microseconds of the system's clock, which all processes share.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Entry {
    /// The store granted a claim: it was asked at `before`, and had answered at `after`.
    Claimed { claim: ClaimId, attempt: u32, before: u64, after: u64 },
    /// It extended the claim's lease: it was asked at `before`.
    Extended { claim: ClaimId, before: u64 },
    /// It is about to be asked to give the claim back.
    Releasing { claim: ClaimId, at: u64 },
    /// It recorded the claim as completed: it was asked at `before`.
    Completed { claim: ClaimId, before: u64 },
    /// The handler of an event begins.
    Started { claim: ClaimId, event: u64, at: u64 },
    /// It has had its effect, which is on the disk.
    Effect { claim: ClaimId, event: u64, at: u64 },
}

impl ClaimId {
    pub(crate) fn of(key: &Key, token: Token) -> Self {
        Self { key: number(key.as_bytes()), token: number(token.as_bytes()) }
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.first_chunk().copied().map_or(0, u64::from_be_bytes)
}

impl Ledger {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Self { file })
    }

    /// Appends a line. One write, so that it is whole.
    pub(crate) fn write(&self, entry: &Entry) -> io::Result<()> {
        (&self.file).write_all(format!("{entry}\n").as_bytes())
    }

    /// Appends a line, and waits for the disk.
    pub(crate) fn write_through(&self, entry: &Entry) -> io::Result<()> {
        self.write(entry)?;
        self.file.sync_data()
    }
}

/// All that was written.
pub(crate) fn read(path: &Path) -> Result<Vec<Entry>, String> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(|error| format!("{}: {error}", path.display()))?,
    };
    text.lines().map(|line| parse(line).ok_or_else(|| format!("no entry: {line}"))).collect()
}

fn parse(line: &str) -> Option<Entry> {
    let mut words = line.split(' ');
    let what = words.next()?;
    let mut hex = || u64::from_str_radix(words.next()?, 16).ok();
    let claim = ClaimId { key: hex()?, token: hex()? };
    let numbers: Vec<u64> = words.map(|word| word.parse().ok()).collect::<Option<_>>()?;
    Some(match (what, numbers.as_slice()) {
        ("claimed", &[attempt, before, after]) => {
            Entry::Claimed { claim, attempt: attempt.try_into().ok()?, before, after }
        }
        ("extended", &[before]) => Entry::Extended { claim, before },
        ("releasing", &[at]) => Entry::Releasing { claim, at },
        ("completed", &[before]) => Entry::Completed { claim, before },
        ("started", &[event, at]) => Entry::Started { claim, event, at },
        ("effect", &[event, at]) => Entry::Effect { claim, event, at },
        _ => return None,
    })
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claimed { claim, attempt, before, after } => {
                write!(f, "claimed {claim} {attempt} {before} {after}")
            }
            Self::Extended { claim, before } => write!(f, "extended {claim} {before}"),
            Self::Releasing { claim, at } => write!(f, "releasing {claim} {at}"),
            Self::Completed { claim, before } => write!(f, "completed {claim} {before}"),
            Self::Started { claim, event, at } => write!(f, "started {claim} {event} {at}"),
            Self::Effect { claim, event, at } => write!(f, "effect {claim} {event} {at}"),
        }
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x} {:016x}", self.key, self.token)
    }
}

/// Microseconds of the system's clock.
#[expect(clippy::disallowed_methods, reason = "the only place that reads it")]
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let claim = ClaimId { key: 7, token: u64::MAX };
        let entries = [
            Entry::Claimed { claim, attempt: 3, before: 1, after: 2 },
            Entry::Extended { claim, before: 3 },
            Entry::Releasing { claim, at: 4 },
            Entry::Completed { claim, before: 5 },
            Entry::Started { claim, event: 6, at: 7 },
            Entry::Effect { claim, event: 8, at: 9 },
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        assert_eq!(read(&path).unwrap(), []);
        let ledger = Ledger::open(&path).unwrap();
        for entry in &entries {
            ledger.write(entry).unwrap();
        }
        assert_eq!(read(&path).unwrap(), entries);
        fs::write(&path, "claimed 1").unwrap();
        read(&path).unwrap_err();
    }
}
