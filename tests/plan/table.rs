//! The table of the plan names tests that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The failures of the plan.
const NUMBERS: std::ops::RangeInclusive<u32> = 1..=24;

#[test]
fn the_plan_is_the_list_of_its_tests() {
    let table = fs::read_to_string(root().join("tests/README.md")).unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| number(line).is_some()).collect();
    let numbers: Vec<u32> = rows.iter().filter_map(|line| number(line)).collect();
    assert_eq!(numbers, NUMBERS.collect::<Vec<_>>(), "a row for each failure, in order");
    let listed: BTreeSet<String> = rows.iter().flat_map(|row| names(row)).collect();
    let mut written = BTreeSet::new();
    for folder in ["crates", "tests"] {
        each_rust_file(&root().join(folder), &mut |text| {
            for line in text.lines() {
                let line = line.trim_start();
                let line = line.strip_prefix("async ").unwrap_or(line);
                let line = line.strip_prefix("fn ").unwrap_or(line);
                if line.starts_with("plan_") {
                    written.extend(names(line));
                }
            }
        });
    }
    assert_eq!(listed, written, "tests/README.md lists the tests of the plan, and no others");
    for row in rows {
        for name in names(row) {
            let says = name.get(5..7).and_then(|it| it.parse().ok());
            assert_eq!(says, number(row), "{name} is in its row");
        }
    }
}

/// Of a row: `| 7 | …`.
fn number(line: &str) -> Option<u32> {
    line.strip_prefix("| ")?.split(' ').next()?.parse().ok()
}

/// The names of tests of the plan in a line.
fn names(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    words.filter(|word| is_name(word)).map(ToOwned::to_owned)
}

fn is_name(word: &str) -> bool {
    word.strip_prefix("plan_").is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
}

fn each_rust_file(folder: &Path, read: &mut impl FnMut(&str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_rust_file(&path, read);
        } else if path.extension().is_some_and(|it| it == "rs") {
            read(&fs::read_to_string(&path).unwrap());
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
