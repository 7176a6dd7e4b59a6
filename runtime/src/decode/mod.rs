//! Bytes to records: framing cuts a stream into records, a decoder reads one.
//!
//! Apart from normalization because a format of the wire says nothing about what an event means.
//! Each format has a module of its own.

#[cfg(test)]
mod dice;
pub mod frame;
pub mod json;
pub mod wire;
