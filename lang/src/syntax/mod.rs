//! Text to tree and back.

pub mod ast;
pub mod format;
pub mod listing;
pub mod literal;
mod mend;
mod noun;
pub mod parse;
mod place;
pub mod print;
mod scan;
pub mod slip;
mod split;
mod text;
pub mod token;
pub mod walk;

pub(crate) use parse::parse_only;
pub use parse::{DAYS, FILE_BYTES_MAX, Parsed, expression, parse};
pub use scan::NESTING_MAX;
pub use split::DECLARATIONS;
