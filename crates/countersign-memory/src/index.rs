//! Which record a key has: a hash table with linear probing.
//!
//! The entries are all there is: with a million keys each look at memory that is not in the cache is
//! dear, and a table with control bytes takes one more for each search. Nothing is left behind where
//! an entry was removed, so that the table never has to be cleaned; and it keeps its order when it
//! grows, so that this goes through memory once.
#![expect(clippy::indexing_slicing, reason = "a place is less than the number of entries")]

use crate::expiry::NONE;

/// A record's place: part of its key's hash, and its number.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    number: u32,
}

const EMPTY: Entry = Entry { hash: 0, number: NONE };

#[derive(Debug)]
pub(crate) struct Index {
    /// A power of two of them, at least three eighths of them empty; or none.
    entries: Box<[Entry]>,
    length: usize,
}

impl Index {
    pub(crate) fn new() -> Self {
        Self { entries: Box::default(), length: 0 }
    }

    /// The number under this hash that `is_it`.
    pub(crate) fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let place = self.place(hash, is_it)?;
        self.entries.get(place).map(|it| it.number)
    }

    /// Adds a number that is not there.
    pub(crate) fn insert(&mut self, hash: u32, number: u32) {
        if (self.length + 1) * 8 > self.entries.len() * 5 {
            self.grow();
        }
        self.length += 1;
        self.put(Entry { hash, number });
    }

    /// Removes a number.
    pub(crate) fn remove(&mut self, hash: u32, number: u32) {
        let Some(mut gap) = self.place(hash, |it| it == number) else {
            return;
        };
        self.length -= 1;
        // What follows moves up, unless it would come to lie before its home.
        let mut place = gap;
        loop {
            place = self.after(place);
            let entry = self.entries[place];
            if entry.number == NONE {
                break;
            }
            let distance = |from: usize| place.wrapping_sub(from) & self.mask();
            if distance(self.home(entry.hash)) >= distance(gap) {
                self.entries[gap] = entry;
                gap = place;
            }
        }
        self.entries[gap] = EMPTY;
    }

    fn place(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<usize> {
        let mut place = self.home(hash);
        loop {
            let entry = self.entries.get(place)?;
            if entry.number == NONE {
                return None;
            }
            if entry.hash == hash && is_it(entry.number) {
                return Some(place);
            }
            place = self.after(place);
        }
    }

    fn put(&mut self, entry: Entry) {
        let mut place = self.home(entry.hash);
        while self.entries[place].number != NONE {
            place = self.after(place);
        }
        self.entries[place] = entry;
    }

    fn grow(&mut self) {
        let doubled = std::cmp::max(16, self.entries.len() * 2);
        let grown = vec![EMPTY; doubled].into_boxed_slice();
        for entry in std::mem::replace(&mut self.entries, grown) {
            if entry.number != NONE {
                self.put(entry);
            }
        }
    }

    /// Where the search begins. By the high bits of the hash, so that a larger table has the same
    /// order.
    fn home(&self, hash: u32) -> usize {
        let length = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        usize::try_from((u64::from(hash) * length) >> 32).unwrap_or(0)
    }

    fn after(&self, place: usize) -> usize {
        (place + 1) & self.mask()
    }

    fn mask(&self) -> usize {
        self.entries.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Numbers come and go in a random order. Each is under the hash that `hash` makes of it.
    fn check(hash: impl Fn(u32) -> u32) {
        let mut index = Index::new();
        let mut known = HashMap::new();
        let mut random = 1_u32;
        for step in 0..20_000 {
            // The constants of Numerical Recipes.
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = (random >> 16) % 500;
            let hash = hash(number);
            assert_eq!(index.find(hash, |it| it == number), known.get(&number).copied());
            // More come at first, later more go.
            if (random >> 8) % 10 < if step < 10_000 { 7 } else { 3 } {
                if known.insert(number, number).is_none() {
                    index.insert(hash, number);
                }
            } else {
                known.remove(&number);
                index.remove(hash, number);
            }
            assert_eq!(index.length, known.len());
        }
        for number in 0..500 {
            assert_eq!(index.find(hash(number), |it| it == number), known.get(&number).copied());
        }
    }

    #[test]
    fn a_number_is_found_until_it_is_removed() {
        check(|number| number.wrapping_mul(0x9e37_79b9));
    }

    #[test]
    fn numbers_that_come_to_lie_together_are_told_apart() {
        check(|number| number % 7);
    }

    #[test]
    fn the_search_goes_on_at_the_start() {
        check(|number| u32::MAX - number % 3);
    }

    #[test]
    fn an_empty_index_has_no_number() {
        let mut index = Index::new();
        assert_eq!(index.find(7, |_| true), None);
        index.remove(7, 0);
        assert_eq!(index.length, 0);
    }
}
