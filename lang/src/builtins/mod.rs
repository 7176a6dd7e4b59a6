//! Builtin functions: what rules may call, in one registry.
//!
//! Apart from the evaluator because the checker, the reference pages and the tests read the same
//! registry. Each function has a file with its signature, words, examples and body. All are pure
//! and total: an argument that is missing or does not fit gives [`Value::Missing`].

mod abs;
mod argument;
mod avg;
mod changes;
mod cidr_host;
mod count;
mod country_of;
mod cv;
mod date;
mod distance;
mod distinct;
mod domain_of;
pub mod extract;
mod first;
mod gaps;
mod geo;
mod hash;
mod hour;
mod ip;
mod join;
mod json;
mod kv;
mod last;
mod len;
mod lower;
mod max;
mod min;
mod parse_time;
mod percentile;
mod pick;
mod replace;
mod round;
mod signature;
mod split;
mod sum;
mod trim;
mod upper;
mod weekday;

pub use parse_time::parser as time_parser;
pub use signature::{Element, Gives, Occurs, Parameter, Signature, Takes};

use crate::value::Value;

/// The longest text a function takes or makes, in bytes; beyond it the result is missing.
pub const TEXT_BYTES_MAX: usize = 1 << 20;
/// The most elements a list that a function makes may have; beyond it the result is missing.
pub const LIST_ITEMS_MAX: usize = 1 << 16;

/// A builtin function.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// What it is called by.
    pub name: &'static str,
    /// How it is evaluated.
    pub kind: Kind,
    /// What it takes and gives.
    pub signature: Signature,
    /// What it does, in sentences.
    pub doc: &'static str,
    /// When its result is missing, in sentences.
    pub missing: &'static str,
    /// Calls and their results, as the language writes them; `missing` for none, JSON for records.
    pub examples: &'static [(&'static str, &'static str)],
    /// Its body. Options by name (`zone "UTC"`) are a record behind the other arguments.
    ///
    /// Of an aggregate it is the function over one list; of a form it is never called.
    pub call: fn(&[Value]) -> Value,
}

/// How a builtin is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By its body, over values: [`crate::ir::ExprKind::Call`].
    Function,
    /// Over the members of a group, list or window: [`crate::ir::ExprKind::Aggregate`].
    Aggregate,
    /// By a form of its own, as an argument is a condition: [`crate::ir::ExprKind::Pick`].
    Form,
}

/// Every builtin, by subject.
pub const REGISTRY: &[Builtin] = &[
    lower::BUILTIN,
    upper::BUILTIN,
    trim::BUILTIN,
    split::BUILTIN,
    join::BUILTIN,
    replace::BUILTIN,
    extract::BUILTIN,
    len::BUILTIN,
    first::BUILTIN,
    last::BUILTIN,
    count::BUILTIN,
    sum::BUILTIN,
    min::BUILTIN,
    max::BUILTIN,
    avg::BUILTIN,
    distinct::BUILTIN,
    percentile::BUILTIN,
    gaps::BUILTIN,
    cv::BUILTIN,
    abs::BUILTIN,
    round::BUILTIN,
    hash::BUILTIN,
    json::BUILTIN,
    kv::BUILTIN,
    changes::BUILTIN,
    pick::BUILTIN,
    geo::BUILTIN,
    distance::BUILTIN,
    country_of::BUILTIN,
    ip::BUILTIN,
    cidr_host::BUILTIN,
    domain_of::BUILTIN,
    parse_time::BUILTIN,
    hour::BUILTIN,
    weekday::BUILTIN,
    date::BUILTIN,
];

/// Returns the builtin of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Builtin> {
    REGISTRY.iter().find(|builtin| builtin.name == name)
}
