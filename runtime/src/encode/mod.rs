//! From alerts and rejected records to bytes.
//!
//! Apart from alerts so that every format is a module of its own and none decides anything.

pub mod ecs;
pub mod forward;
pub mod json;
pub mod ocsf;
mod pivot;
pub mod safe;
pub mod text;
