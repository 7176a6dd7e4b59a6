//! The Muster language: rule text in, meaning out. It knows no event stream.

pub mod builtins;
pub mod diagnostic;
pub mod escape;
pub mod file;
pub mod ir;
pub mod syntax;
pub mod time;
pub mod types;
pub mod units;
pub mod value;
