//! What the shell asks of the system: how wide the terminal is, where the history lives, signals.
//!
//! Apart from talking so that the environment is read in one file.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Returns how many columns the terminal has.
pub(super) fn width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Returns the file of the history: `MUSTER_HISTORY`, or in the state folder of the user.
pub(super) fn history() -> Option<PathBuf> {
    let named = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(path) = named("MUSTER_HISTORY") {
        return Some(path);
    }
    let folder = named("XDG_STATE_HOME")
        .or_else(|| named("HOME").map(|home| home.join(".local/state")))?
        .join("muster");
    // A folder that cannot be made holds no history.
    fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}

/// Makes a file, or leaves one there is, that only its owner can read.
pub(super) fn private(path: &Path) {
    let made = fs::OpenOptions::new().create(true).append(true).open(path);
    #[cfg(unix)]
    if let Ok(file) = made {
        use std::os::unix::fs::PermissionsExt;
        // Where rights cannot be set, the folder's must do.
        let _ = file.set_permissions(fs::Permissions::from_mode(0o600));
    }
    #[cfg(not(unix))]
    drop(made);
}

/// Makes Ctrl-C stop what a session does, and not the process; lasts as long as what is returned.
pub(super) fn on_interrupt(stop: Arc<AtomicBool>) -> Option<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .ok()?;
    runtime.spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    Some(runtime)
}
