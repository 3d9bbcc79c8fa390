//! The path of a verified delivery whose event is to be handled once: claim, handle, settle.

use std::sync::Arc;

use countersign::{
    Admission, Answer, Claim, Content, Declined, HandshakeReply, Held, Identity, Rejection, Reply,
    Store, StoreError, StoreErrorKind,
};

use crate::endpoint::Endpoint;
use crate::handling::{Handling, PermanentFailure, Unfinished};
use crate::log;
use crate::runtime::{Runtime, token};

/// An answer that is not the handler's: a status, perhaps a few headers, and an empty body but for
/// duplicates whose answer was kept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ShortAnswer {
    /// The status.
    pub status: u16,
    /// The seconds for a `Retry-After`.
    pub retry_after: Option<u64>,
    /// Whether the answer is that of an earlier delivery: `Idempotent-Replayed: true`.
    pub replayed: bool,
    /// The body that was kept of it.
    pub content: Option<Arc<Content>>,
    /// Why the event was not handled, for the extensions of the response.
    pub because: Option<Arc<Declined>>,
    /// Why the delivery was refused, likewise.
    pub rejection: Option<Rejection>,
    /// The answer to a handshake: its headers and its body.
    pub handshake: Option<Box<HandshakeReply>>,
}

impl ShortAnswer {
    /// The header that says that the answer is that of an earlier delivery.
    pub const REPLAYED: &'static str = "idempotent-replayed";

    /// A status, and nothing else.
    #[must_use]
    pub const fn status(status: u16) -> Self {
        Self {
            status,
            retry_after: None,
            replayed: false,
            content: None,
            because: None,
            rejection: None,
            handshake: None,
        }
    }

    /// The answer to a handshake.
    #[must_use]
    pub fn handshake(reply: HandshakeReply) -> Self {
        let mut answer = Self::status(reply.status());
        answer.handshake = Some(Box::new(reply));
        answer
    }

    /// What an event that is not handled now is answered.
    #[must_use]
    pub fn of(declined: Declined, reply: &Reply) -> Self {
        let mut answer = Self::status(declined.status(reply));
        answer.retry_after = declined.retry_after();
        if let Declined::Duplicate(duplicate) = &declined {
            answer.replayed = true;
            answer.content = duplicate.answer.stored_content().cloned();
        }
        answer.because = Some(Arc::new(declined));
        answer
    }
}

/// An event that is the adapter's to handle.
#[derive(Debug)]
#[must_use = "a claim that is dropped is released"]
pub struct Started<S: Store> {
    claim: Claim<S>,
    runtime: Runtime,
}

/// What a handler's answer makes of its event.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Verdict {
    /// It was handled; this is kept for duplicates.
    Completes(Answer),
    /// It was not; the sender's next attempt is handled.
    Releases,
}

/// How a handler ended.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "adapters must treat each")]
pub enum Ended<T, E> {
    /// With an answer.
    Answered(T),
    /// With an error of its service. The event was released.
    Failed(E),
    /// By a panic, at its deadline, or since another had taken its event over.
    CutOff(ShortAnswer),
}

impl<S: Store> Endpoint<S> {
    /// Claims an event, and tells what its handler may know of it.
    ///
    /// # Errors
    ///
    /// What to answer if the event is not to be handled, or not now.
    pub async fn begin(&self, identity: Identity) -> Result<(Started<S>, Handling), ShortAnswer> {
        let runtime = self.runtime();
        // There is an identity only if there is a store.
        let Some((claims, shared)) = self.receiver().claims().zip(self.shared_claims()) else {
            return Err(
                self.decline(Declined::Unavailable(StoreError::new(StoreErrorKind::Config)))
            );
        };
        let token = token().map_err(|error| self.decline(Declined::Unavailable(error)))?;
        match claims.admit(identity, token, &runtime).await {
            Admission::Fresh(claim) => {
                if let Some(error) = claim.unprotected_because() {
                    log::unprotected(self.receiver().verifier().sender(), error);
                }
                let (verifier, shared) = (self.receiver().verifier().clone(), shared.clone());
                let handling = Handling::new(&claim, verifier, shared, self.now(), runtime);
                Ok((Started { claim, runtime }, handling))
            }
            Admission::Declined(declined) => Err(self.decline(declined)),
        }
    }

    fn decline(&self, declined: Declined) -> ShortAnswer {
        let verifier = self.receiver().verifier();
        log::declined(verifier.sender(), &declined);
        ShortAnswer::of(declined, verifier.reply())
    }

    /// What the sender is to be answered when the task of its delivery was cut off, since the runtime
    /// is shutting down.
    #[must_use]
    pub fn interrupted(&self) -> ShortAnswer {
        ShortAnswer::status(self.receiver().verifier().reply().retry_status(503))
    }

    /// Judges a handler's answer by its status and by what is in its extensions: the status that the
    /// sender is to see, and whether the event was handled, to be remembered with
    /// [`Answer::permanent_failure`] if it failed for good.
    ///
    /// Also for endpoints without a store, as failures for good are answered with success there too.
    #[must_use]
    pub fn judge(
        &self,
        status: u16,
        failure: Option<&PermanentFailure>,
        unfinished: Option<&Unfinished>,
    ) -> (u16, Option<Answer>) {
        let verifier = self.receiver().verifier();
        let sender = verifier.sender();
        if let Some(unfinished) = unfinished {
            let Some(declined) = unfinished.declined() else { return (status, None) };
            log::declined(sender, declined);
            return (declined.status(verifier.reply()), None);
        }
        if let Some(failure) = failure {
            log::failed_for_good(sender, failure.reason());
            let status = verifier.reply().success_status(200);
            return (status, Some(Answer::new(status).permanent_failure(true)));
        }
        let Some(claims) = self.receiver().claims() else { return (status, None) };
        if !claims.completes_on(status) {
            if verifier.reply().retry_status(status) != status {
                log::not_retried(sender, status);
            }
            return (status, None);
        }
        if !verifier.reply().is_success(status) {
            log::misread(sender, status);
        }
        (status, Some(Answer::new(status)))
    }
}

impl<S: Store> Started<S> {
    /// Runs the handler under the claim, then settles: at once, or in the background if the store
    /// cannot take a completion.
    ///
    /// Of an answer that completes it, `keep` reads what is kept for duplicates, and hands it on.
    pub async fn run<T, E, K>(
        self,
        endpoint: &Endpoint<S>,
        work: impl Future<Output = Result<(T, Verdict), E>>,
        keep: impl FnOnce(T, Answer, Runtime) -> K,
    ) -> Ended<T, E>
    where
        K: Future<Output = (T, Answer)>,
    {
        let Self { claim, runtime } = self;
        let verifier = endpoint.receiver().verifier();
        let (sender, reply) = (verifier.sender(), verifier.reply());
        let what = match claim.hold(work, &runtime).await {
            Held::Ended(Ok((output, Verdict::Completes(answer)))) => {
                // The handler is done: nothing that goes wrong from here on undoes it.
                let (output, answer) = keep(output, answer, runtime).await;
                complete(sender, claim, answer, runtime).await;
                return Ended::Answered(output);
            }
            Held::Ended(Ok((output, Verdict::Releases))) => {
                release(sender, claim, runtime).await;
                return Ended::Answered(output);
            }
            Held::Ended(Err(error)) => {
                release(sender, claim, runtime).await;
                return Ended::Failed(error);
            }
            Held::Panicked => PANICKED,
            Held::Overran => OVERRAN,
            Held::LeaseLost => LOST,
        };
        let answer = cut_off(sender, &claim, reply, what);
        release(sender, claim, runtime).await;
        Ended::CutOff(answer)
    }
}

/// How a handler can be cut off: the status, and what is logged.
pub(crate) const PANICKED: (u16, &str) = (500, "the handler panicked");
pub(crate) const OVERRAN: (u16, &str) = (503, "the handler overran its deadline");
pub(crate) const LOST: (u16, &str) =
    (409, "the handler was stopped, since another attempt took its event over");

/// Logs that a handler was cut off, and tells what to answer.
pub(crate) fn cut_off<S: Store>(
    sender: &str,
    claim: &Claim<S>,
    reply: &Reply,
    (status, what): (u16, &str),
) -> ShortAnswer {
    log::cut_off(sender, log::attempt(claim), what);
    let mut answer = ShortAnswer::status(reply.retry_status(status));
    answer.retry_after = (status != PANICKED.0).then_some(1);
    answer
}

/// Records that the event was handled. The handler's answer stands whatever comes of it.
pub(crate) async fn complete<S: Store>(
    sender: &str,
    claim: Claim<S>,
    answer: Answer,
    runtime: Runtime,
) {
    let attempt = log::attempt(&claim);
    let unsettled = match claim.complete(answer, &runtime).await {
        Ok(outcome) => return log::completed(sender, attempt, outcome),
        Err(unsettled) => unsettled,
    };
    let what = "the store could not record it; trying again";
    log::not_completed(sender, attempt, unsettled.error(), what);
    let sender = sender.to_owned();
    let later = async move {
        match unsettled.retry(&runtime).await {
            Ok(outcome) => log::completed(&sender, attempt, outcome),
            Err(error) => {
                let what = "never recorded: a retry by the sender will be handled again";
                log::not_completed(&sender, attempt, &error, what);
            }
        }
    };
    if let Err(later) = runtime.spawn(later) {
        // Without timers, it ends at once, and says so.
        Box::pin(later).await;
    }
}

pub(crate) async fn release<S: Store>(sender: &str, claim: Claim<S>, runtime: Runtime) {
    let attempt = log::attempt(&claim);
    let outcome = claim.release(&runtime).await;
    log::released(sender, attempt, &outcome);
}
