//! Documents that were fetched, and those that were not there.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use countersign::{KeyDocument, KeyError, KeyRequest, RemoteKeySource};
use tokio::sync::Mutex as Turn;

use crate::fetch::{Fetch, FetchError, Fetched};
use crate::rate::Bucket;
use crate::safe_url::safe;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Keeps the documents that a [fetcher](Fetch) gets. See the [crate](crate) for what it protects against.
///
/// Cheap to clone; clones share what they keep.
pub struct KeyCache<F> {
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    fetcher: F,
    limits: Limits,
    clock: Box<dyn Fn() -> Duration + Send + Sync>,
    known: Mutex<Known>,
}

#[derive(Clone, Debug)]
struct Limits {
    fresh_for: Duration,
    stale_for: Duration,
    absent_for: Duration,
    refresh_after: Duration,
    document_bytes: usize,
    documents: usize,
    fetches_per_minute: u32,
    hangs_after: Duration,
}

/// All that is known, by what was asked for.
struct Known {
    slots: HashMap<SlotKey, Arc<Slot>>,
    /// What is left of the rate at which each sender is asked for documents that are not there yet.
    rates: HashMap<String, Rate>,
}

struct Rate {
    asked: Bucket,
    /// Permits that were given back, since there was a document: bounded too, as one document may have
    /// many URLs.
    given_back: Bucket,
}

/// A document: by sender and URL, or by sender and key id where a sender has no URL.
#[derive(Clone, Eq, Hash, PartialEq)]
struct SlotKey {
    sender: String,
    place: String,
}

impl SlotKey {
    fn of(request: &KeyRequest) -> Self {
        let place = if request.url().is_empty() {
            request.key_id().unwrap_or_default()
        } else {
            request.url()
        };
        Self { sender: request.sender().to_owned(), place: place.to_owned() }
    }
}

struct Slot {
    /// Held by the one that fetches.
    turn: Turn<()>,
    state: Mutex<State>,
}

#[derive(Clone, Default)]
struct State {
    document: Option<Arc<KeyDocument>>,
    /// When the document was fetched.
    fetched_at: Duration,
    /// Until when it is fresh, or known to be absent.
    fresh_until: Duration,
    /// When it was last asked for, with or without success.
    asked_at: Option<Duration>,
    /// Whether the sender said that there is no such document.
    absent: bool,
    used_at: Duration,
}

impl Slot {
    /// Whether the sender has yet to serve the document.
    fn is_new(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).document.is_none()
    }
}

/// Watches a fetch; dropped with it, it remembers that the sender did not answer.
struct Hang<'s, F: Fetch> {
    shared: &'s Shared<F>,
    slot: &'s Slot,
    since: Duration,
}

impl<F: Fetch> Drop for Hang<'_, F> {
    fn drop(&mut self) {
        let now = self.shared.now();
        let limits = &self.shared.limits;
        // Whoever made the delivery may have gone away, which says nothing about the sender's keys.
        if now.saturating_sub(self.since) < limits.hangs_after {
            return;
        }
        let mut state = self.slot.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked_at = Some(now);
        if state.document.is_none() {
            state.absent = false;
            state.fresh_until = now.saturating_add(limits.refresh_after);
        }
    }
}

/// What a look at the cache says.
enum Look {
    Found(Arc<KeyDocument>),
    Unknown,
    /// It must be asked for. What is there may be used if that fails.
    Ask(Option<Arc<KeyDocument>>),
}

#[cfg(feature = "reqwest")]
impl KeyCache<crate::Https> {
    /// A cache that fetches over HTTPS, with the defaults of [`builder`](Self::builder).
    ///
    /// # Errors
    ///
    /// [`ClientError`](crate::ClientError) if no TLS can be set up.
    pub fn https() -> Result<Self, crate::ClientError> {
        Ok(Self::builder(crate::Https::new()?).build())
    }
}

impl<F: Fetch> KeyCache<F> {
    /// Starts to configure a cache for what `fetcher` gets.
    pub fn builder(fetcher: F) -> KeyCacheBuilder<F> {
        KeyCacheBuilder {
            fetcher,
            limits: Limits {
                fresh_for: HOUR,
                stale_for: DAY,
                absent_for: MINUTE,
                refresh_after: MINUTE,
                document_bytes: 64 * 1024,
                documents: 1024,
                fetches_per_minute: 60,
                hangs_after: Duration::from_secs(2),
            },
            clock: None,
        }
    }

    /// The document, from what is kept or from the sender.
    async fn get(&self, request: &KeyRequest) -> Result<Arc<KeyDocument>, KeyError> {
        let shared = &*self.shared;
        // Senders without a URL are asked by the user's own fetcher, which makes up its own.
        if !request.url().is_empty() && safe(request.url()).is_none() {
            return Err(KeyError::Unavailable("the URL is not one that is ever asked".into()));
        }
        let slot = shared.slot(request);
        match shared.look(&slot, request)? {
            Look::Found(document) => return Ok(document),
            Look::Unknown => return Err(KeyError::Unknown),
            Look::Ask(_) => {}
        }
        let _turn = slot.turn.lock().await;
        // Whoever had the turn before may have found it.
        let kept = match shared.look(&slot, request)? {
            Look::Found(document) => return Ok(document),
            Look::Unknown => return Err(KeyError::Unknown),
            Look::Ask(kept) => kept,
        };
        let is_new = slot.is_new();
        if is_new && !shared.may_ask(request) {
            return Err(KeyError::Unavailable("the sender was asked too often".into()));
        }
        let hang = Hang { shared, slot: &slot, since: shared.now() };
        let fetched = shared.fetcher.fetch(request, shared.limits.document_bytes).await;
        std::mem::forget(hang);
        let stored = shared.store(&slot, request, kept, fetched);
        if is_new && stored.is_ok() {
            shared.was_there(request);
        }
        stored
    }
}

impl<F: Fetch> Shared<F> {
    fn now(&self) -> Duration {
        (self.clock)()
    }

    /// The slot of a document.
    fn slot(&self, request: &KeyRequest) -> Arc<Slot> {
        let key = SlotKey::of(request);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = known.slots.get(&key) {
            return Arc::clone(slot);
        }
        if known.slots.len() >= self.limits.documents {
            known.make_room();
        }
        let state = State { used_at: self.now(), ..State::default() };
        let slot = Arc::new(Slot { turn: Turn::new(()), state: Mutex::new(state) });
        // With more deliveries at once than documents are kept, some are not.
        if known.slots.len() < self.limits.documents {
            known.slots.insert(key, Arc::clone(&slot));
        }
        slot
    }

    /// Takes a permit to ask for what is not there yet.
    fn may_ask(&self, request: &KeyRequest) -> bool {
        let now = self.now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let rates = &mut known.rates;
        // The senders are those of the program's own verifiers: there are not many.
        let rate = rates.entry(request.sender().to_owned());
        let full = || Bucket::new(self.limits.fetches_per_minute);
        rate.or_insert_with(|| Rate { asked: full(), given_back: full() }).asked.take(now)
    }

    /// Gives a permit back: what was asked for was there.
    fn was_there(&self, request: &KeyRequest) {
        let now = self.now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rate) = known.rates.get_mut(request.sender())
            && rate.given_back.take(now)
        {
            rate.asked.give_back();
        }
    }

    fn look(&self, slot: &Slot, request: &KeyRequest) -> Result<Look, KeyError> {
        let now = self.now();
        let mut state = slot.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.used_at = now;
        let was_just_asked =
            state.asked_at.is_some_and(|at| now.saturating_sub(at) < self.limits.refresh_after);
        match &state.document {
            Some(document) => {
                let has_key = document.has_key(request.key_id());
                if has_key && now < state.fresh_until {
                    return Ok(Look::Found(Arc::clone(document)));
                }
                let fresh_until = state.fetched_at.saturating_add(self.limits.fresh_for);
                let fresh_until = std::cmp::max(fresh_until, state.fresh_until);
                let last = fresh_until.saturating_add(self.limits.stale_for);
                let kept = Some(Arc::clone(document)).filter(|_| has_key && now < last);
                match kept {
                    // The sender was asked a moment ago, and did not answer.
                    Some(kept) if was_just_asked => Ok(Look::Found(kept)),
                    None if was_just_asked && !has_key => Err(KeyError::Unknown),
                    None if was_just_asked => {
                        Err(KeyError::Unavailable("it was too long ago".into()))
                    }
                    kept => Ok(Look::Ask(kept)),
                }
            }
            None if state.absent && now < state.fresh_until => Ok(Look::Unknown),
            None if was_just_asked && !state.absent && now < state.fresh_until => {
                Err(KeyError::Unavailable("the sender was asked a moment ago, in vain".into()))
            }
            None => Ok(Look::Ask(None)),
        }
    }

    fn store(
        &self,
        slot: &Slot,
        request: &KeyRequest,
        kept: Option<Arc<KeyDocument>>,
        fetched: Result<Fetched, FetchError>,
    ) -> Result<Arc<KeyDocument>, KeyError> {
        let now = self.now();
        let read = match fetched {
            Ok(fetched) if fetched.document.len() > self.limits.document_bytes => {
                Err(KeyError::Unusable("the document is too long".into()))
            }
            Ok(fetched) => request.read(&fetched.document).map(|document| {
                let fresh_for = fetched.fresh_for.unwrap_or(self.limits.fresh_for);
                (Arc::new(document), fresh_for.clamp(MINUTE, DAY))
            }),
            Err(FetchError::NotFound) => Err(KeyError::Unknown),
            Err(FetchError::Failed(cause)) => Err(KeyError::Unavailable(cause)),
        };
        let mut state = slot.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked_at = Some(now);
        match read {
            Ok((document, fresh_for)) => {
                state.document = Some(Arc::clone(&document));
                state.absent = false;
                state.fetched_at = now;
                state.fresh_until = now.saturating_add(fresh_for);
                drop(state);
                if document.has_key(request.key_id()) {
                    Ok(document)
                } else {
                    Err(KeyError::Unknown)
                }
            }
            Err(KeyError::Unknown) => {
                // What the sender has withdrawn is not used any more.
                state.document = None;
                state.absent = true;
                state.fresh_until = now.saturating_add(self.limits.absent_for);
                Err(KeyError::Unknown)
            }
            Err(error) => {
                if state.document.is_none() {
                    // A moment's rest for a sender that is down.
                    state.fresh_until = now.saturating_add(Duration::from_secs(1));
                }
                drop(state);
                let Some(kept) = kept else { return Err(error) };
                tracing::warn!(
                    target: "countersign",
                    { webhook.provider = request.sender(), webhook.detail = %error },
                    "the sender's keys could not be fetched anew: those from before are used"
                );
                Ok(kept)
            }
        }
    }
}

impl Known {
    /// Forgets what was not used for longest, of what nobody waits for. Absences go first.
    fn make_room(&mut self) {
        let age = |slot: &Slot| {
            let state = slot.state.lock().unwrap_or_else(PoisonError::into_inner);
            (state.document.is_some(), state.used_at)
        };
        let idle = self.slots.iter().filter(|(_, slot)| Arc::strong_count(slot) == 1);
        let oldest = idle.min_by_key(|(_, slot)| age(slot)).map(|(key, _)| key.clone());
        if let Some(oldest) = oldest {
            self.slots.remove(&oldest);
        }
    }
}

impl<F: Fetch> RemoteKeySource for KeyCache<F> {
    async fn keys(&self, request: &KeyRequest) -> Result<Arc<KeyDocument>, KeyError> {
        self.get(request).await
    }
}

impl<F> Clone for KeyCache<F> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<F> fmt::Debug for KeyCache<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

/// Configures a [`KeyCache`].
#[must_use = "a builder does nothing until `build`"]
pub struct KeyCacheBuilder<F> {
    fetcher: F,
    limits: Limits,
    clock: Option<Box<dyn Fn() -> Duration + Send + Sync>>,
}

impl<F: Fetch> KeyCacheBuilder<F> {
    /// How long a document is fresh whose answer does not say. An hour by default. What answers say is
    /// believed between a minute and a day.
    pub fn fresh_for(mut self, duration: Duration) -> Self {
        self.limits.fresh_for = duration;
        self
    }

    /// How long a document that is not fresh any more is used if it cannot be fetched anew. A day by
    /// default.
    pub fn stale_for(mut self, duration: Duration) -> Self {
        self.limits.stale_for = duration;
        self
    }

    /// How long it is remembered that a document is not there. A minute by default.
    pub fn absent_for(mut self, duration: Duration) -> Self {
        self.limits.absent_for = duration;
        self
    }

    /// How soon after it was asked for a document is asked for again, because it lacks a key or could not
    /// be fetched. A minute by default.
    pub fn refresh_after(mut self, duration: Duration) -> Self {
        self.limits.refresh_after = duration;
        self
    }

    /// The largest document in bytes. 64 KiB by default.
    pub fn document_bytes(mut self, bytes: usize) -> Self {
        self.limits.document_bytes = bytes;
        self
    }

    /// The most documents that are kept, absences among them. 1024 by default.
    pub fn documents(mut self, count: usize) -> Self {
        self.limits.documents = count;
        self
    }

    /// How often a minute each sender is asked for documents that are not there yet. 60 by default;
    /// further deliveries that name such are answered so that the sender tries again. As many again are
    /// asked for if they turn out to be there; what was there before is not counted.
    pub fn fetches_per_minute(mut self, count: u32) -> Self {
        self.limits.fetches_per_minute = count;
        self
    }

    /// How long a fetch lasts at least that counts as a failure if it is given up: 2 seconds by default.
    /// Keep it below the adapter's `key_timeout`, or a sender that hangs is waited for each time.
    pub fn hangs_after(mut self, duration: Duration) -> Self {
        self.limits.hangs_after = duration;
        self
    }

    /// Replaces the clock, for tests: the time since some point in the past.
    pub fn clock(mut self, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// Sets up the cache.
    #[expect(clippy::disallowed_methods, reason = "how old a document is tells a clock")]
    pub fn build(self) -> KeyCache<F> {
        let known = Mutex::new(Known { slots: HashMap::new(), rates: HashMap::new() });
        let clock = self.clock.unwrap_or_else(|| {
            let start = Instant::now();
            Box::new(move || start.elapsed())
        });
        let shared = Shared { fetcher: self.fetcher, limits: self.limits, clock, known };
        KeyCache { shared: Arc::new(shared) }
    }
}

impl<F> fmt::Debug for KeyCacheBuilder<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCacheBuilder").field("limits", &self.limits).finish_non_exhaustive()
    }
}
