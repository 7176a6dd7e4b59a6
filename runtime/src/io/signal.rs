//! Signals: a wish to stop, and a stop that may not wait.
//!
//! Apart from feeding because the second signal must act even while the first is being obeyed.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

/// How long the end may take after the first signal.
const PATIENCE: Duration = Duration::from_secs(5);

/// A signal that asks for an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// `SIGINT`, as Ctrl-C sends it.
    Interrupt,
    /// `SIGTERM`.
    Terminate,
}

/// Why an end may not wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A second signal came.
    Again(Signal),
    /// The end after the first signal takes too long.
    TooLong,
}

/// The wish to stop, once a signal came.
#[derive(Clone, Debug)]
pub struct Stop {
    signal: watch::Receiver<Option<Signal>>,
}

impl Stop {
    /// Starts to listen; `urgent` is called when the process must end at once.
    ///
    /// # Errors
    ///
    /// The system may refuse to hand over signals.
    pub fn on_signals(urgent: impl FnOnce(Urgency) + Send + 'static) -> io::Result<Self> {
        let mut signals = Signals::new()?;
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(async move {
            let first = signals.next().await;
            // With every receiver gone nobody is left to stop.
            let _ = sender.send(Some(first));
            tokio::select! {
                second = signals.next() => urgent(Urgency::Again(second)),
                () = tokio::time::sleep(PATIENCE) => urgent(Urgency::TooLong),
            }
        });
        Ok(Self { signal: receiver })
    }

    /// Returns a stop that never comes, and what makes it come.
    #[must_use]
    pub fn by_hand() -> (watch::Sender<Option<Signal>>, Self) {
        let (sender, receiver) = watch::channel(None);
        (sender, Self { signal: receiver })
    }

    /// Returns the signal if one came.
    #[must_use]
    pub fn came(&self) -> Option<Signal> {
        *self.signal.borrow()
    }

    /// Waits for a signal; for ever if none comes.
    pub(super) async fn wait(&mut self) -> Signal {
        let came = self
            .signal
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|signal| *signal);
        match came {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }
}

/// Starts to listen for `SIGHUP`; each sets the flag.
///
/// # Errors
///
/// The system may refuse to hand over signals.
#[cfg(unix)]
pub fn on_hangup(flag: Arc<AtomicBool>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            flag.store(true, Ordering::Relaxed);
        }
    });
    Ok(())
}

/// Does nothing: there is no such signal here.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub fn on_hangup(_flag: Arc<AtomicBool>) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        // Where the system cannot hand over Ctrl-C, no signal ever comes.
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
