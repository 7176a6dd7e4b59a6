//! What the builtin functions take and give.
//!
//! Apart from calls because the registry of builtins decides, and only this file reads it.

/// A function's parameters and result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signature {
    /// The kinds of its parameters; the last repeats where `most` allows more.
    pub(super) parameters: &'static [Kind],
    /// The least number of arguments.
    pub(super) least: usize,
    /// The most.
    pub(super) most: usize,
    /// What it gives.
    pub(super) result: Kind,
}

/// A kind of value a function takes or gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// A number, or one with a unit.
    Number,
    /// A number without a unit.
    Float,
    /// A condition.
    Bool,
    /// A time.
    Time,
    /// An address.
    Ip,
    /// Coordinates.
    Geo,
    /// A distance.
    Distance,
    /// A list of texts.
    Texts,
    /// A list of anything.
    List,
    /// A text or a list.
    TextOrList,
    /// Anything.
    Any,
    /// What the first argument is.
    First,
}

const MANY: usize = 64;

/// Returns the signature of a function.
pub(super) fn find(name: &str) -> Option<Signature> {
    use Kind::{
        Any, Bool, Distance, First, Float, Geo, Int, Ip, List, Number, Text, TextOrList, Texts,
        Time,
    };
    let (parameters, least, most, result): (&'static [Kind], usize, usize, Kind) = match name {
        "lower" | "upper" | "trim" | "domain_of" => (&[Text], 1, 1, Text),
        "split" => (&[Text, Text], 2, 2, Texts),
        "join" => (&[List, Text], 1, 2, Text),
        "replace" => (&[Text, Text, Text], 3, 3, Text),
        "len" => (&[TextOrList], 1, 1, Int),
        "hash" => (&[Any], 1, MANY, Text),
        "json" => (&[Text], 1, 1, Any),
        "kv" => (&[Text, Text, Text], 1, 3, Any),
        "extract" => (&[Text, Text], 2, 2, Text),
        "geo" => (&[Float, Float], 2, 2, Geo),
        "distance" => (&[Geo, Geo], 2, 2, Distance),
        "country_of" => (&[Any], 1, 1, Text),
        "ip" => (&[Any], 1, 1, Ip),
        "cidr_host" => (&[Ip, Int], 2, 2, Ip),
        "parse_time" => (&[Any, Text], 2, MANY, Time),
        "hour" | "weekday" => (&[Time, Text], 1, 2, Int),
        "date" => (&[Time, Text], 1, 2, Text),
        "abs" => (&[Number], 1, 1, First),
        "round" => (&[Number, Int], 1, 2, First),
        "cv" => (&[List], 1, 1, Float),
        "is_private" => (&[Ip], 1, 1, Bool),
        _ => return None,
    };
    Some(Signature {
        parameters,
        least,
        most,
        result,
    })
}

/// Returns the names of all functions, for help.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    [
        "lower",
        "upper",
        "trim",
        "split",
        "join",
        "replace",
        "len",
        "first",
        "last",
        "count",
        "sum",
        "min",
        "max",
        "avg",
        "distinct",
        "percentile",
        "hash",
        "json",
        "kv",
        "pick",
        "extract",
        "geo",
        "distance",
        "country_of",
        "ip",
        "cidr_host",
        "domain_of",
        "parse_time",
        "hour",
        "weekday",
        "date",
        "abs",
        "round",
        "gaps",
        "cv",
    ]
    .into_iter()
}

/// Tells whether the language has a function of this name.
pub(crate) fn is_builtin(name: &str) -> bool {
    find(name).is_some() || names().any(|known| known == name)
}
