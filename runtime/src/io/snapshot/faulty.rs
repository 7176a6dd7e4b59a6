//! A disk that fails once, fails for ever, or loses power, at a chosen moment.
//!
//! Apart from the tests because it knows only what disks do, not what they are used for.

use std::collections::BTreeMap;
use std::io;

use super::Disk;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// One operation fails; a write leaves half its bytes.
    Once,
    /// From then on every operation but reading fails.
    Forever,
    /// Power is lost in the operation, which is not done.
    PowerBefore,
    /// Power is lost in the operation, of a write with half its bytes there.
    PowerTorn,
}

/// A disk in memory.
#[derive(Clone, Debug, Default)]
pub(super) struct FaultyDisk {
    /// What a reader sees.
    seen: BTreeMap<String, Vec<u8>>,
    /// What survives a loss of power: names and bytes that were synced.
    safe: BTreeMap<String, Vec<u8>>,
    /// Bytes that were synced, whatever their name.
    synced: Vec<Vec<u8>>,
    /// Operations so far.
    pub(super) operations: u64,
    fault: Option<(u64, Fault)>,
    is_off: bool,
}

impl FaultyDisk {
    /// Returns a disk on which the operation of a number goes wrong.
    pub(super) fn failing(at: u64, fault: Fault) -> Self {
        Self {
            fault: Some((at, fault)),
            ..Self::default()
        }
    }

    /// Returns the disk as it is found when power is back.
    pub(super) fn after_power_loss(&self) -> Self {
        Self {
            seen: self.safe.clone(),
            safe: self.safe.clone(),
            synced: self.safe.values().cloned().collect(),
            ..Self::default()
        }
    }

    /// Returns the same disk without faults to come.
    pub(super) fn mended(&self) -> Self {
        Self {
            fault: None,
            is_off: false,
            operations: 0,
            ..self.clone()
        }
    }

    /// Returns this disk with the files of another.
    pub(super) fn with_files(self, other: Self) -> Self {
        Self {
            fault: self.fault,
            ..other
        }
    }

    /// Changes a byte of a file.
    pub(super) fn damage(&mut self, name: &str, at: usize) {
        if let Some(byte) = self.seen.get_mut(name).and_then(|bytes| bytes.get_mut(at)) {
            *byte ^= 0x10;
        }
        self.safe = self.seen.clone();
    }

    /// Returns the fault of the operation at hand.
    fn step(&mut self) -> Option<Fault> {
        self.operations += 1;
        let (at, fault) = self.fault?;
        let is_due = match fault {
            Fault::Once | Fault::PowerBefore | Fault::PowerTorn => self.operations == at,
            Fault::Forever => self.operations >= at,
        };
        is_due.then_some(fault)
    }

    fn start(&mut self) -> io::Result<()> {
        if self.is_off {
            return Err(io::Error::other("there is no power"));
        }
        match self.step() {
            None => Ok(()),
            Some(Fault::Once | Fault::Forever) => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some(Fault::PowerBefore | Fault::PowerTorn) => {
                self.is_off = true;
                Err(io::Error::other("power is lost"))
            }
        }
    }
}

impl Disk for FaultyDisk {
    fn list(&mut self) -> io::Result<Vec<String>> {
        Ok(self.seen.keys().cloned().collect())
    }

    fn read(&mut self, name: &str) -> io::Result<Vec<u8>> {
        let bytes = self.seen.get(name).cloned();
        bytes.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let torn = bytes[..bytes.len() / 2].to_vec();
        // The bytes first, then the sync: either may be where it goes wrong.
        if let Err(error) = self.start() {
            self.seen.insert(name.into(), torn.clone());
            if self
                .fault
                .is_some_and(|(_, fault)| fault == Fault::PowerTorn)
            {
                self.safe.insert(name.into(), torn);
            }
            return Err(error);
        }
        self.seen.insert(name.into(), bytes.to_vec());
        self.start()?;
        self.synced.push(bytes.to_vec());
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.start()?;
        let bytes = self.seen.remove(from);
        let bytes = bytes.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        self.seen.insert(to.into(), bytes);
        Ok(())
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.start()?;
        self.seen.remove(name);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.start()?;
        let is_synced = |bytes: &Vec<u8>| self.synced.contains(bytes);
        let files = self.seen.iter().map(|(name, bytes)| {
            let survives = if is_synced(bytes) {
                bytes.clone()
            } else {
                Vec::new()
            };
            (name.clone(), survives)
        });
        self.safe = files.collect();
        Ok(())
    }
}
