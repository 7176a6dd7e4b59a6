//! Where the time of a run goes.
//!
//! Apart from feeding because several threads add to it, and only one reads it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long the parts of a run took so far, on whichever threads.
#[derive(Debug, Default)]
pub struct Spent {
    read: AtomicU64,
    prepare: AtomicU64,
    wait: AtomicU64,
}

impl Spent {
    /// Returns how long reading took, waiting for what is read included.
    #[must_use]
    pub fn read(&self) -> Duration {
        Duration::from_nanos(self.read.load(Ordering::Relaxed))
    }

    /// Returns how long decoding and normalizing took, on all threads together.
    #[must_use]
    pub fn prepare(&self) -> Duration {
        Duration::from_nanos(self.prepare.load(Ordering::Relaxed))
    }

    /// Returns how long there was nothing to take in.
    #[must_use]
    pub fn wait(&self) -> Duration {
        Duration::from_nanos(self.wait.load(Ordering::Relaxed))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "how long something took is a matter of real time"
    )]
    pub(super) fn now() -> Instant {
        Instant::now()
    }

    pub(super) fn was_read(&self, since: Instant) {
        add(&self.read, since);
    }

    pub(super) fn prepared(&self, since: Instant) {
        add(&self.prepare, since);
    }

    pub(super) fn waited(&self, since: Instant) {
        add(&self.wait, since);
    }
}

fn add(sum: &AtomicU64, since: Instant) {
    let nanoseconds = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
    sum.fetch_add(nanoseconds, Ordering::Relaxed);
}
