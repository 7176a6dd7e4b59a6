//! The sentences of the specification as timelines, worked out by hand, against the reference.
//!
//! Apart from the reference so that a sentence can be read with its timeline and nothing else.

#[cfg(test)]
mod timeline;

mod absences;
mod alerts;
mod digests;
mod groups;
mod keys;
mod lookups;
mod memories;
mod order;
mod sequences;
mod sets;
mod windows;
