//! A progress bar for long files, on terminals only.
//!
//! Apart from the commands because it alone draws, and must never tear a line that others write.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use muster_runtime::io::Opened;

/// What ends sooner shows no bar.
const PATIENCE: Duration = Duration::from_secs(2);
const LAYOUT: &str = "{bar:24} {percent:>3}%  {bytes}/{total_bytes}  {bytes_per_sec}  {eta}";

/// How far reading has come.
pub(crate) struct Progress {
    started: Instant,
    counters: Vec<Arc<AtomicU64>>,
    total: Option<u64>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Returns the progress of inputs; it is drawn only for people, and only of files.
    #[expect(clippy::disallowed_methods, reason = "people wait in real time")]
    pub(crate) fn of(inputs: &[Opened], quiet: bool) -> Self {
        let shown = !quiet && io::stderr().is_terminal();
        let total: Option<u64> = inputs.iter().map(|input| input.length).sum();
        Self {
            started: Instant::now(),
            counters: inputs.iter().map(Opened::read_so_far).collect(),
            total: total.filter(|_| shown),
            bar: None,
        }
    }

    /// Returns the bytes read so far, as stored.
    pub(crate) fn bytes(&self) -> u64 {
        self.counters
            .iter()
            .map(|counter| counter.load(Ordering::Relaxed))
            .sum()
    }

    /// Returns how long it has taken so far.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Shows how far reading has come, if it is time to.
    pub(crate) fn tick(&mut self) {
        let Some(total) = self.total else { return };
        if self.bar.is_none() && self.elapsed() >= PATIENCE {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template(LAYOUT);
            self.bar = Some(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.bytes().min(total));
        }
    }

    /// Writes something while the bar is away, so that neither tears the other.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
