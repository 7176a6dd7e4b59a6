//! What holds Muster to its word: the oracle, the corpus, the harness and the workload.

pub mod carried;
pub mod compare;
pub mod conformance;
pub mod generate;
pub mod harness;
pub mod reference;
pub mod workload;
