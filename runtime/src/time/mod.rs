//! Event time: order, lateness, duplicates and deadlines.
//!
//! Apart from the machines because time is a subject of its own, owned by no rule.

pub mod dedupe;
pub mod reorder;
pub mod timers;
pub mod watermark;
