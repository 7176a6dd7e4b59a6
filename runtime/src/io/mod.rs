//! Bytes in and bytes out: the inputs side by side, the outputs, the signals.
//!
//! Apart from the engine because this is the only place with files, threads, a clock and async code.
//!
//! Every input has a thread of its own that reads, unpacks and frames; workers prepare what was read, if
//! the [`Consumer`] has some; [`feed()`] takes the records of all inputs in the order of their events and
//! hands them to the consumer, which owns all state.

mod batch;
mod feed;
mod input;
mod lane;
mod output;
mod reader;
mod signal;
mod snapshot;
mod spent;
mod unpack;
mod workers;

pub use feed::{Consumer, Ending, FeedError, feed};
pub use input::{Input, InputError, InputKind, Opened};
pub use output::{Output, OutputError, ResumeError};
pub use signal::{Signal, Stop, Urgency, on_hangup};
pub use snapshot::{
    Commit, Disk, Folder, FolderError, Found, Position, SnapshotError, Snapshots, Written,
};
pub use spent::Spent;
pub use workers::Preparer;
