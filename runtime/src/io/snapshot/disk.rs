//! The few things that snapshots ask of a disk, and a folder that does them.
//!
//! Apart from the snapshots so that a disk that fails, lies or loses power can take its place.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// A flat folder of files.
pub trait Disk {
    /// Returns the names of its files.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses; so for all others.
    fn list(&mut self) -> io::Result<Vec<String>>;

    /// Returns the bytes of a file.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    fn read(&mut self, name: &str) -> io::Result<Vec<u8>>;

    /// Writes a file, in place of one that bears the name, and sees that its bytes survive.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Gives a file another name, in place of one that bears it.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    fn remove(&mut self, name: &str) -> io::Result<()>;

    /// Sees that names survive.
    ///
    /// # Errors
    ///
    /// Whatever the system refuses.
    fn sync(&mut self) -> io::Result<()>;
}

/// The name of the file that keeps a second process out.
const LOCK: &str = "lock";

/// A folder that one process owns.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Locked as long as it is open; nothing where the folder is only looked at.
    _lock: Option<File>,
}

/// Why a folder cannot be had.
#[derive(Debug)]
pub enum FolderError {
    /// Another process has it; its number, if it says so.
    Taken(Option<u32>),
    /// Anyone may write into it.
    Open,
    /// The system refused.
    System(io::Error),
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(Some(process)) => write!(f, "process {process} is using it"),
            Self::Taken(None) => f.write_str("another process is using it"),
            Self::Open => f.write_str("everyone may write into it"),
            Self::System(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FolderError {}

impl Folder {
    /// Takes a folder for this process alone; one that is not there is made.
    ///
    /// # Errors
    ///
    /// If another process has it, anyone may write into it, or the system refuses.
    pub fn take(path: &Path) -> Result<Self, FolderError> {
        make(path).map_err(FolderError::System)?;
        if is_open(path).map_err(FolderError::System)? {
            return Err(FolderError::Open);
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut lock = private(&mut options)
            .open(path.join(LOCK))
            .map_err(FolderError::System)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Who has it is for information: what cannot be read is not told.
                let _ = lock.read_to_string(&mut text);
                return Err(FolderError::Taken(text.trim().parse().ok()));
            }
            Err(TryLockError::Error(error)) => return Err(FolderError::System(error)),
        }
        lock.set_len(0)
            .and_then(|()| writeln!(lock, "{}", std::process::id()))
            .map_err(FolderError::System)?;
        Ok(Self {
            path: path.to_owned(),
            _lock: Some(lock),
        })
    }

    /// Returns a folder to look at, which another process may be using.
    #[must_use]
    pub fn look(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            _lock: None,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Disk for Folder {
    fn list(&mut self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        Ok(names)
    }

    fn read(&mut self, name: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut file = OpenOptions::new().read(true).open(self.path(name))?;
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        let mut file = private(&mut options).open(self.path(name))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    #[cfg(unix)]
    fn sync(&mut self) -> io::Result<()> {
        OpenOptions::new().read(true).open(&self.path)?.sync_all()
    }

    #[cfg(not(unix))]
    fn sync(&mut self) -> io::Result<()> {
        // Names survive by themselves where folders cannot be opened.
        Ok(())
    }
}

#[cfg(unix)]
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

/// Tells whether everyone may write into a folder.
#[cfg(unix)]
fn is_open(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o002 != 0)
}

#[cfg(not(unix))]
fn is_open(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Lets only the user read what is made.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
