//! The Muster runtime: events in, alerts out.

pub mod decode;
pub mod event;
pub mod lookup;
pub mod normalize;
