//! Work that is done whether or not someone waits for it.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::rt::System;

/// Work that goes on in a task of its own if it is dropped.
///
/// actix-web lets a handler run when its client closes the connection, but drops it when the client
/// resets it. A task from the start would do as well, but cannot be had in a runtime of tokio that is not
/// actix-web's, as in tests.
pub(crate) struct ToItsEnd<T: 'static> {
    work: Option<Pin<Box<dyn Future<Output = T>>>>,
}

impl<T> ToItsEnd<T> {
    pub(crate) fn new(work: impl Future<Output = T> + 'static) -> Self {
        Self { work: Some(Box::pin(work)) }
    }
}

impl<T> Future for ToItsEnd<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let Some(work) = &mut self.work else { return Poll::Pending };
        let polled = work.as_mut().poll(context);
        if polled.is_ready() {
            self.work = None;
        }
        polled
    }
}

impl<T> Drop for ToItsEnd<T> {
    fn drop(&mut self) {
        let Some(work) = self.work.take() else { return };
        // Panics of handlers are caught inside. One of something else is no reason to go on, and without
        // actix-web's runtime there is nowhere to. What is dropped here gives its claim back.
        if !std::thread::panicking() && System::try_current().is_some() {
            actix_web::rt::spawn(async move { drop(work.await) });
        }
    }
}
