//! What is printed, and how hostile text is kept from the terminal.

use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::Value;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DIM: Style = Style::new().dimmed();

/// Standard output, with colours where they are wanted.
pub(crate) struct Output {
    json: bool,
    out: anstream::AutoStream<io::Stdout>,
    /// Whether nobody reads any more. The verdict, and so the exit code, is still wanted.
    closed: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, out: anstream::AutoStream::auto(io::stdout()), closed: false }
    }

    /// Whether JSON is wanted.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Prints one line for people.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) -> io::Result<()> {
        let text = format!("{}\n", line.as_ref());
        self.write(|out| out.write_all(text.as_bytes()))
    }

    /// Prints bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Past the stream that takes colours out, and whatever looks like one.
        self.write(|_| io::stdout().write_all(bytes))
    }

    fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        match write(&mut self.out).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            result => result,
        }
    }

    /// Prints one object for programs, which may end on a terminal all the same.
    pub(crate) fn object(&mut self, value: &Value) -> io::Result<()> {
        self.line(escape_json(&value.to_string()))
    }
}

/// Tells of a mistake, on standard error.
pub(crate) fn error(message: &str) {
    // There is nowhere to report that standard error is closed.
    _ = writeln!(anstream::stderr(), "{BAD}error{BAD:#}: {}", escape_lines(message));
}

/// Tells of something to look at, on standard error.
pub(crate) fn warning(message: &str) {
    _ = writeln!(anstream::stderr(), "warning: {}", escape_lines(message));
}

/// Tells something beside what was asked for, on standard error.
pub(crate) fn note(message: &str) {
    _ = writeln!(anstream::stderr(), "note: {}", escape_lines(message));
}

/// Text in a style. It must be ours or escaped.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Makes text from the network safe to print: control characters, which could rewrite the
/// terminal, and characters that reorder a line are escaped, and it is cut at 200 characters.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, character) in text.chars().enumerate() {
        if index == 200 {
            escaped.push('…');
            break;
        }
        if is_hostile(character) {
            // Writing to a `String` does not fail.
            _ = write!(escaped, "{}", character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The same for a message of several lines, at any length.
fn escape_lines(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let characters = line.chars().map(|character| match is_hostile(character) {
            true => character.escape_unicode().to_string(),
            false => character.to_string(),
        });
        characters.collect::<String>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The same for JSON, where such characters stand in strings only: they become `\uXXXX`, which
/// reads as the same text.
fn escape_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_hostile(character) {
            // All of them are in the basic plane. Writing to a `String` does not fail.
            _ = write!(escaped, "\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn is_hostile(character: char) -> bool {
    let reorders = matches!(
        character,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    );
    character.is_control() || reorders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(
            escape("push\u{1b}[2J\r\n\u{9b}x\u{202e}"),
            "push\\u{1b}[2J\\u{d}\\u{a}\\u{9b}x\\u{202e}"
        );
        assert_eq!(escape("größe 測試"), "größe 測試");
        assert_eq!(escape(&"x".repeat(300)).chars().count(), 201);
        assert_eq!(escape_lines("a\u{1b}[2J\nb"), "a\\u{1b}[2J\nb");
    }

    #[test]
    fn escaped_json_reads_as_the_same_text() {
        let value = Value::from("\u{1b}\u{7f}\u{9b}2J\u{202e} größe 測試");
        let escaped = escape_json(&value.to_string());
        assert!(!escaped.chars().any(is_hostile), "{escaped:?}");
        assert_eq!(serde_json::from_str::<Value>(&escaped).unwrap(), value);
    }
}
