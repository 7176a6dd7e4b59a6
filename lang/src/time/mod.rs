//! Time as text: reading instants in the forms that logs use, and printing them.
//!
//! Apart from values because sources, tests, tables and literals all read times. Every result lies
//! in 1970 to 9999; what is finer than a microsecond is cut off; nothing asks the wall clock.

mod civil;
mod epoch;
mod iso;
mod parser;
mod rfc3164;
mod scan;
mod strftime;
mod zone;

pub use civil::{date_of_days, days_of_date};
pub use epoch::{EpochUnit, from_epoch};
pub use iso::{format_rfc3339, parse_rfc3339};
pub use parser::{TimeFormatError, TimeParser, parse_with};
pub use zone::{LocalTime, Zone};
