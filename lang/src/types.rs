//! The types of expressions.
//!
//! Apart from the checker because fields, builtins and the runtime's conversions name them too.

use std::sync::Arc;

/// The type of a field or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// An exact 64-bit integer.
    Int,
    /// A 64-bit float.
    Float,
    /// True or false.
    Bool,
    /// An instant.
    Time,
    /// A span of time.
    Duration,
    /// A distance.
    Distance,
    /// A speed.
    Speed,
    /// A number of bytes.
    Size,
    /// An address.
    Ip,
    /// Coordinates.
    Geo,
    /// One of a fixed set of symbols, held as text.
    Enum(Arc<EnumType>),
    /// A list.
    List(Box<Type>),
    /// Anything: unmapped input, converted to what it is compared with.
    Any,
}

/// The symbols of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumType {
    /// Its symbols, lowest first where ordered.
    pub symbols: Vec<Arc<str>>,
    /// Whether `<` and the like apply.
    pub ordered: bool,
}

impl Type {
    /// Returns the type of the elements of a list, or `None` for what is no list.
    #[must_use]
    pub fn element(&self) -> Option<&Type> {
        if let Type::List(element) = self {
            Some(element)
        } else {
            None
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Type::Text => f.write_str("text"),
            Type::Int => f.write_str("int"),
            Type::Float => f.write_str("float"),
            Type::Bool => f.write_str("bool"),
            Type::Time => f.write_str("time"),
            Type::Duration => f.write_str("duration"),
            Type::Distance => f.write_str("distance"),
            Type::Speed => f.write_str("speed"),
            Type::Size => f.write_str("size"),
            Type::Ip => f.write_str("ip"),
            Type::Geo => f.write_str("geo"),
            Type::Any => f.write_str("any"),
            Type::List(element) => write!(f, "list<{element}>"),
            Type::Enum(symbols) => {
                let separator = if symbols.ordered { " < " } else { ", " };
                write!(f, "enum({})", symbols.symbols.join(separator))
            }
        }
    }
}
