//! What became of the events, by the effects and by the ledger.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::ledger::{ClaimId, Entry};

/// How far the clocks of a store and of this process may be apart, and a store may round: microseconds.
const SLACK: u64 = 5_000;

/// What was counted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Audit {
    /// Events that were acknowledged and had no effect.
    pub(crate) lost: BTreeSet<u64>,
    /// Events that were handled more often than they may be.
    pub(crate) doubled: BTreeSet<u64>,
    /// Events that had more than one effect, since a lease had lapsed.
    pub(crate) doubled_after_lapse: BTreeSet<u64>,
    /// Events that were handled again since the server had forgotten what it had acknowledged.
    pub(crate) data_loss: BTreeSet<u64>,
    /// Events of which a claim was extended or completed after another had taken it over.
    pub(crate) stale: BTreeSet<u64>,
    /// Claims that were taken over from another that had not given them back.
    pub(crate) takeovers: u64,
    /// Claims that were given back.
    pub(crate) released: u64,
}

/// Judges the effects of transactions: one for each event that was acknowledged, and none or one for
/// each that was not.
pub(crate) fn transactional(
    effects: &[u64],
    acknowledged: &BTreeSet<u64>,
    entries: &[Entry],
) -> Audit {
    let mut count: BTreeMap<u64, u32> = BTreeMap::new();
    for event in effects {
        *count.entry(*event).or_default() += 1;
    }
    let claims = Claims::of(entries);
    let (stale, _) = claims.stale(&[]);
    Audit {
        stale,
        lost: acknowledged.iter().filter(|event| !count.contains_key(event)).copied().collect(),
        doubled: count.iter().filter(|(_, count)| **count > 1).map(|(event, _)| *event).collect(),
        takeovers: claims.takeovers(),
        released: claims.released(),
        ..Audit::default()
    }
}

/// When a server was killed, and when it was back, in microseconds.
pub(crate) type Outage = (u64, u64);

/// Judges effects under claims: at least one for each event that was acknowledged, and another run only
/// once the claim before was given back or its lease had lapsed.
///
/// `forgetful` are the outages of a server that may forget what it had acknowledged.
pub(crate) fn lease(
    acknowledged: &BTreeSet<u64>,
    entries: &[Entry],
    lease: Duration,
    forgetful: &[Outage],
) -> Audit {
    let claims = Claims::of(entries);
    let lease = u64::try_from(lease.as_micros()).unwrap_or(u64::MAX);
    let (stale, data_loss) = claims.stale(forgetful);
    let mut audit = Audit {
        stale,
        data_loss,
        takeovers: claims.takeovers(),
        released: claims.released(),
        ..Audit::default()
    };
    let mut effects: BTreeMap<u64, u32> = BTreeMap::new();
    for entry in entries {
        if let Entry::Effect { event, .. } = entry {
            *effects.entry(*event).or_default() += 1;
        }
    }
    audit.lost = acknowledged.iter().filter(|it| !effects.contains_key(it)).copied().collect();
    for (event, runs) in claims.runs() {
        let mut excused = true;
        for (first, second) in runs.iter().zip(runs.iter().skip(1)) {
            if first.may_be_followed_by(second, lease) {
                continue;
            }
            excused = false;
            if forgot(forgetful, first.granted, second.granted) {
                audit.data_loss.insert(event);
            } else {
                audit.doubled.insert(event);
            }
        }
        if excused && effects.get(&event).is_some_and(|count| *count > 1) {
            audit.doubled_after_lapse.insert(event);
        }
    }
    audit
}

/// Whether a server may have forgotten between these times what it had acknowledged.
fn forgot(forgetful: &[Outage], one: u64, other: u64) -> bool {
    let (from, to) = (std::cmp::min(one, other), std::cmp::max(one, other));
    forgetful.iter().any(|(down, back)| from <= *back && to >= *down)
}

/// A claim, as it is known from the ledger.
#[derive(Clone, Debug)]
struct Claim {
    attempt: u32,
    /// When the store had granted it.
    granted: u64,
    /// When its lease was counted from for the last time, or before that.
    held: u64,
    releasing: bool,
    /// When it was completed, or before that.
    completed: Option<u64>,
    event: Option<u64>,
}

impl Claim {
    fn may_be_followed_by(&self, next: &Self, lease: u64) -> bool {
        if self.completed.is_some() || self.attempt == next.attempt {
            return false;
        }
        self.releasing || next.granted.saturating_add(SLACK) >= self.held.saturating_add(lease)
    }
}

struct Claims {
    by_key: BTreeMap<u64, Vec<Claim>>,
}

impl Claims {
    fn of(entries: &[Entry]) -> Self {
        let mut claims: HashMap<ClaimId, Claim> = HashMap::new();
        for entry in entries {
            match *entry {
                Entry::Claimed { claim, attempt, before, after } => {
                    let found = Claim {
                        attempt,
                        granted: after,
                        held: before,
                        releasing: false,
                        completed: None,
                        event: None,
                    };
                    claims.entry(claim).or_insert(found);
                }
                Entry::Extended { claim, before } => {
                    if let Some(claim) = claims.get_mut(&claim) {
                        claim.held = std::cmp::max(claim.held, before);
                    }
                }
                Entry::Releasing { claim, .. } => {
                    if let Some(claim) = claims.get_mut(&claim) {
                        claim.releasing = true;
                    }
                }
                Entry::Completed { claim, before } => {
                    if let Some(claim) = claims.get_mut(&claim) {
                        claim.completed.get_or_insert(before);
                    }
                }
                Entry::Started { claim, event, .. } | Entry::Effect { claim, event, .. } => {
                    if let Some(claim) = claims.get_mut(&claim) {
                        claim.event = Some(event);
                    }
                }
            }
        }
        let mut by_key: BTreeMap<u64, Vec<Claim>> = BTreeMap::new();
        for (id, claim) in claims {
            by_key.entry(id.key).or_default().push(claim);
        }
        for claims in by_key.values_mut() {
            // A worker that was suspended may read late what the store granted long before.
            claims.sort_by_key(|claim| (claim.attempt, claim.granted));
        }
        Self { by_key }
    }

    /// Those that a handler was run under, in order.
    fn runs(&self) -> impl Iterator<Item = (u64, Vec<&Claim>)> {
        self.by_key.values().filter_map(|claims| {
            let runs: Vec<&Claim> = claims.iter().filter(|it| it.event.is_some()).collect();
            Some((runs.first()?.event?, runs))
        })
    }

    /// The events of which a claim changed something after another was granted: those where the store
    /// is wrong, and those where it may have forgotten the other.
    fn stale(&self, forgetful: &[Outage]) -> (BTreeSet<u64>, BTreeSet<u64>) {
        let (mut stale, mut data_loss) = (BTreeSet::new(), BTreeSet::new());
        for claims in self.by_key.values() {
            for (first, second) in claims.iter().zip(claims.iter().skip(1)) {
                let last_change = std::cmp::max(first.held, first.completed.unwrap_or(0));
                if last_change <= second.granted {
                    continue;
                }
                let found = match forgot(forgetful, second.granted, last_change) {
                    true => &mut data_loss,
                    false => &mut stale,
                };
                found.extend(first.event.or(second.event));
            }
        }
        (stale, data_loss)
    }

    fn takeovers(&self) -> u64 {
        let pairs =
            self.by_key.values().flat_map(|claims| claims.iter().zip(claims.iter().skip(1)));
        let taken = pairs.filter(|(first, next)| !first.releasing && next.attempt > first.attempt);
        u64::try_from(taken.count()).unwrap_or(u64::MAX)
    }

    fn released(&self) -> u64 {
        let released = self.by_key.values().flatten().filter(|claim| claim.releasing);
        u64::try_from(released.count()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_micros(100_000);

    fn id(token: u64) -> ClaimId {
        ClaimId { key: 1, token }
    }

    /// A run under a claim that is granted at this time, with its effect.
    fn run(token: u64, at: u64) -> [Entry; 3] {
        let attempt = u32::try_from(token).unwrap();
        [
            Entry::Claimed { claim: id(token), attempt, before: at, after: at },
            Entry::Started { claim: id(token), event: 7, at },
            Entry::Effect { claim: id(token), event: 7, at },
        ]
    }

    #[track_caller]
    fn check(entries: &[Entry], forgetful: &[Outage]) -> Audit {
        lease(&BTreeSet::from([7]), entries, LEASE, forgetful)
    }

    fn only(event: u64) -> BTreeSet<u64> {
        BTreeSet::from([event])
    }

    #[test]
    fn an_effect_that_is_missing_is_lost() {
        assert_eq!(check(&[], &[]).lost, only(7));
        assert_eq!(check(&run(1, 0), &[]), Audit::default());
    }

    #[test]
    fn a_second_run_needs_a_lapsed_lease() {
        let early = [run(1, 0), run(2, 90_000)].concat();
        assert_eq!(check(&early, &[]).doubled, only(7));
        let late = [run(1, 0), run(2, 100_000)].concat();
        let audit = check(&late, &[]);
        assert_eq!((audit.doubled, audit.doubled_after_lapse), (BTreeSet::new(), only(7)));
        assert_eq!(audit.takeovers, 1);
    }

    #[test]
    fn attempts_are_in_the_order_of_the_store_whenever_workers_learn_of_them() {
        let asked_early = Entry::Claimed { claim: id(1), attempt: 1, before: 0, after: 900_000 };
        let mut late = run(1, 900_000);
        late[0] = asked_early;
        let completed = Entry::Completed { claim: id(2), before: 110_000 };
        let runs = [run(2, 100_000).as_slice(), &[completed], &late].concat();
        let audit = check(&runs, &[]);
        assert_eq!((audit.doubled, audit.doubled_after_lapse), (BTreeSet::new(), only(7)));
        // Of two attempts that are the same, one should not have been.
        let mut same = [run(1, 0), run(2, 500_000)].concat();
        same[3] = Entry::Claimed { claim: id(2), attempt: 1, before: 500_000, after: 500_000 };
        assert_eq!(check(&same, &[]).doubled, only(7));
    }

    #[test]
    fn an_extension_moves_the_end_of_the_lease() {
        let extended = Entry::Extended { claim: id(1), before: 50_000 };
        let runs = [run(1, 0).as_slice(), &[extended], &run(2, 120_000)].concat();
        assert_eq!(check(&runs, &[]).doubled, only(7));
    }

    #[test]
    fn what_was_given_back_may_be_run_at_once() {
        let releasing = Entry::Releasing { claim: id(1), at: 10 };
        let mut first = run(1, 0).to_vec();
        first.truncate(2);
        let runs = [first.as_slice(), &[releasing], &run(2, 20)].concat();
        assert_eq!(check(&runs, &[]), Audit { released: 1, ..Audit::default() });
    }

    #[test]
    fn what_was_completed_is_never_run_again_unless_the_server_forgot_it() {
        let completed = Entry::Completed { claim: id(1), before: 10 };
        let runs = [run(1, 0).as_slice(), &[completed], &run(2, 900_000)].concat();
        assert_eq!(check(&runs, &[]).doubled, only(7));
        assert_eq!(check(&runs, &[(950_000, 960_000)]).doubled, only(7));
        let audit = check(&runs, &[(20_000, 30_000)]);
        assert_eq!((audit.doubled, audit.data_loss), (BTreeSet::new(), only(7)));
    }

    #[test]
    fn who_was_taken_over_must_not_extend_or_complete() {
        for entry in [
            Entry::Extended { claim: id(1), before: 160_000 },
            Entry::Completed { claim: id(1), before: 160_000 },
        ] {
            let runs = [run(1, 0).as_slice(), &run(2, 150_000), &[entry]].concat();
            assert_eq!(check(&runs, &[]).stale, only(7));
            assert_eq!(check(&runs, &[(155_000, 156_000)]).stale, BTreeSet::new());
        }
    }

    #[test]
    fn transactions_have_one_effect_each() {
        let acknowledged = BTreeSet::from([1, 2, 3]);
        let audit = transactional(&[1, 2, 2, 4], &acknowledged, &[]);
        assert_eq!((audit.lost, audit.doubled), (only(3), only(2)));
    }
}
