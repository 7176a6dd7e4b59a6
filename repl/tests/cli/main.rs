//! Tests that run the real binary: what it prints, where, and how it ends.
//!
//! One program of tests, because each further one is linked anew.

mod explain;
mod files;
mod fmt;
mod hostile;
mod map;
mod pipes;
mod rules;
mod run;
mod support;
mod testing;
