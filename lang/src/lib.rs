//! The Muster language: rule text in, meaning out. It knows no event stream.

pub mod builtins;
mod check;
mod compile;
pub mod diagnostic;
pub mod escape;
pub mod explain;
pub mod file;
pub mod ir;
mod lint;
mod lower;
pub mod pattern;
mod resolve;
pub mod suggest;
pub mod syntax;
pub mod time;
pub mod types;
pub mod units;
pub mod value;
mod written;

pub use compile::{Compilation, CompileOptions, compile, uses};
