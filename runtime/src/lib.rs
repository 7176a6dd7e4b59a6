//! The Muster runtime: events in, alerts out.

pub mod event;
