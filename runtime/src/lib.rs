//! The Muster runtime: events in, alerts out.

pub mod alert;
pub mod decode;
pub mod digest;
pub mod encode;
pub mod engine;
pub mod error;
pub mod event;
pub mod explain;
pub mod io;
pub mod key;
pub mod lookup;
pub mod machine;
pub mod memory;
pub mod normalize;
pub mod options;
pub mod predicate;
pub mod scenario;
pub mod store;
pub mod time;
pub mod verify;
