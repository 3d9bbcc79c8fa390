//! What [countersign]'s adapters to web frameworks share, so that they all behave alike: the path of a
//! delivery, its limits, what is answered and what is logged.
//!
//! For those who write an adapter; applications use one, such as `countersign-axum`.
//!
//! # The path of a request
//!
//! 1. [`Endpoint::check_head`]: `Content-Length` against the limit, and all that can be judged before
//!    the body.
//! 2. The body into a [`Buffer`], within [`Endpoint::within_read_timeout`].
//! 3. [`Endpoint::hint`] and [`Endpoint::keys`]: the secrets, if they depend on who it is for. Then
//!    [`Endpoint::verify`]: the proof, and what names the event.
//! 4. Any refusal so far: [`Endpoint::refuse`] logs it and says what to answer.
//! 5. If there is a store, [`Endpoint::begin`] claims the event, or says what to answer instead.
//! 6. [`Started::run`] runs the handler under the claim, and settles. Where the framework drops handlers
//!    when their client hangs up, steps 5 and 6 belong in a task, by [`Runtime::spawn`].
//!
//! The sender learns a status; the operator learns the reason. Nothing that a sender sent is logged.
//!
//! # Features
//!
//! | feature | default | what for |
//! |---|---|---|
//! | `tokio` | yes | timeouts, heartbeats and tasks; without it, or outside a tokio runtime, there are none |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod buffer;
mod endpoint;
mod flow;
mod handling;
mod log;
mod receipt;
mod runtime;

pub use crate::buffer::Buffer;
pub use crate::endpoint::{Endpoint, Hint, Keys};
pub use crate::flow::{Ended, ShortAnswer, Started, Verdict};
pub use crate::handling::{Failure, Handling, NotDone, PermanentFailure, Unfinished};
pub use crate::receipt::Receipt;
pub use crate::runtime::Runtime;
