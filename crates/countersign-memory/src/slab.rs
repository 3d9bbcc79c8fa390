//! Records under small numbers.
#![expect(
    clippy::indexing_slicing,
    reason = "a number is in the table only as long as its record is here"
)]

use crate::expiry::NONE;
use crate::record::Record;

/// How many records are allocated at a time. Records never move, so that growing costs no more
/// when there are many.
const CHUNK: usize = 256;

#[derive(Debug)]
pub(crate) struct Slab {
    chunks: Vec<Vec<Record>>,
    /// The first of the numbers that are free; each leads to the next.
    free: u32,
}

impl Slab {
    pub(crate) const fn new() -> Self {
        Self { chunks: Vec::new(), free: NONE }
    }

    /// Stores a record, unless there are as many as there are numbers.
    pub(crate) fn insert(&mut self, record: Record) -> Option<u32> {
        if self.free != NONE {
            let number = self.free;
            let slot = self.at_mut(number);
            let next = slot.links.next;
            *slot = record;
            self.free = next;
            return Some(number);
        }
        if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let before = (self.chunks.len() - 1) * CHUNK;
        let chunk = self.chunks.last_mut()?;
        let number = u32::try_from(before + chunk.len()).ok().filter(|it| *it != NONE)?;
        chunk.push(record);
        Some(number)
    }

    /// Frees a number. Its record must be unlinked and out of the table.
    pub(crate) fn remove(&mut self, number: u32) {
        let free = self.free;
        let slot = self.at_mut(number);
        slot.content = None;
        slot.links.next = free;
        self.free = number;
    }

    pub(crate) fn at(&self, number: u32) -> &Record {
        let (chunk, place) = split(number);
        &self.chunks[chunk][place]
    }

    pub(crate) fn at_mut(&mut self, number: u32) -> &mut Record {
        let (chunk, place) = split(number);
        &mut self.chunks[chunk][place]
    }
}

fn split(number: u32) -> (usize, usize) {
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    (number / CHUNK, number % CHUNK)
}
