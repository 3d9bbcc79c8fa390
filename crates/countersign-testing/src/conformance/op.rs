//! What random traces are made of.

use proptest::prelude::*;

/// How many keys the operations of a trace are about.
pub const KEYS: usize = 3;

/// How many tokens take part in a trace.
pub const TOKENS: usize = 3;

/// The longest trace that [`traces`] makes.
const STEPS: usize = 64;

/// One step of a trace. Keys and tokens are numbers below [`KEYS`] and [`TOKENS`]; times are counted
/// in the [unit](super::Harness::unit) of the harness.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Op {
    /// A token claims a key.
    Claim {
        /// The key.
        key: usize,
        /// The token.
        token: usize,
        /// How long the claim holds.
        lease: u32,
        /// How long it is remembered if it is not completed.
        retention: u32,
        /// Stands for the fingerprint and the signed time of the delivery.
        mark: Option<u8>,
    },
    /// A token completes a key.
    Complete {
        /// The key.
        key: usize,
        /// The token.
        token: usize,
        /// How long that is remembered.
        retention: u32,
        /// Stands for the answer.
        answer: u8,
    },
    /// A token gives a key back.
    Release {
        /// The key.
        key: usize,
        /// The token.
        token: usize,
    },
    /// A token extends its lease.
    Extend {
        /// The key.
        key: usize,
        /// The token.
        token: usize,
        /// When it ends, from now.
        lease: u32,
    },
    /// The operator has a key forgotten.
    Forget {
        /// The key.
        key: usize,
    },
    /// Expired records are dropped.
    Purge {
        /// How many at most.
        limit: usize,
    },
    /// Time passes.
    Advance {
        /// How much.
        by: u32,
    },
    /// All records are lost.
    Flush,
}

/// Random traces of up to 64 steps.
pub fn traces() -> impl Strategy<Value = Vec<Op>> {
    proptest::collection::vec(op(), 1..=STEPS)
}

fn op() -> impl Strategy<Value = Op> {
    let key = || 0..KEYS;
    let token = || 0..TOKENS;
    let mark = proptest::option::of(0..4_u8);
    let claim = (key(), token(), 1..=4_u32, 1..=8_u32, mark);
    let complete = (key(), token(), 1..=8_u32, any::<u8>());
    prop_oneof![
        9 => claim.prop_map(|(key, token, lease, retention, mark)| {
            Op::Claim { key, token, lease, retention, mark }
        }),
        5 => complete.prop_map(|(key, token, retention, answer)| {
            Op::Complete { key, token, retention, answer }
        }),
        4 => (key(), token()).prop_map(|(key, token)| Op::Release { key, token }),
        4 => (key(), token(), 1..=8_u32).prop_map(|(key, token, lease)| {
            Op::Extend { key, token, lease }
        }),
        5 => (1..=3_u32).prop_map(|by| Op::Advance { by }),
        1 => key().prop_map(|key| Op::Forget { key }),
        1 => (0..=KEYS).prop_map(|limit| Op::Purge { limit }),
        1 => Just(Op::Flush),
    ]
}
