//! What builtins take and give.
//!
//! Apart because types as rules have them own memory, while signatures are constants.

use std::fmt;
use std::sync::Arc;

use crate::types::{EnumType, Type};

/// What a builtin takes and gives.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Its arguments in order.
    pub parameters: &'static [Parameter],
    /// Its options, written with their name before them, `zone "UTC"`; each at most once.
    pub options: &'static [Parameter],
    /// Its result.
    pub gives: Gives,
}

/// An argument.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// What it is called in the reference.
    pub name: &'static str,
    /// What it may be.
    pub takes: Takes,
    /// How often it may stand.
    pub occurs: Occurs,
}

/// How often an argument may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurs {
    /// Once.
    Once,
    /// Once or not at all; only the last ones.
    Optional,
    /// Once or more; only the last one.
    Many,
}

/// What an argument may be. Any of type `any` fits everywhere and is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Anything.
    Any,
    /// Text or a symbol.
    Text,
    /// Text or a list of anything.
    TextOrList,
    /// A regular expression with a group, written out.
    Pattern,
    /// A time format, written out: one that `time::TimeParser` compiles.
    TimeFormat,
    /// The name of a time zone, written out.
    Zone,
    /// An integer.
    Int,
    /// An integer, written out, inside `0..=` this.
    IntUpTo(u16),
    /// An integer or a float.
    Number,
    /// A number or a quantity with a unit.
    Quantity,
    /// A time.
    Time,
    /// An address, or text that holds one.
    Address,
    /// Coordinates.
    Geo,
    /// A list.
    List(Element),
    /// A condition on an element.
    Condition,
}

/// What elements of a list, or members of a group, may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Anything.
    Any,
    /// What has an order: numbers, quantities, times, texts.
    Ordered,
    /// What can be added: numbers and quantities.
    Quantity,
    /// A time; of a group the times of its events.
    Time,
}

/// What a builtin gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Text.
    Text,
    /// An integer.
    Int,
    /// A float.
    Float,
    /// A time.
    Time,
    /// A distance.
    Distance,
    /// An address.
    Ip,
    /// Coordinates.
    Geo,
    /// A list of texts.
    Texts,
    /// A list of durations.
    Durations,
    /// A day of the week, `mon` to `sun`.
    Weekday,
    /// Unmapped input.
    Any,
    /// What the first argument is.
    First,
    /// What the elements of the first argument are.
    Element,
    /// The mean of the elements: a float of numbers, else what the elements are.
    Mean,
    /// An integer, or with a second argument a float.
    Rounded,
}

/// The days of the week as symbols, Monday first.
pub(super) const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Parameter {
    pub(super) const fn new(name: &'static str, takes: Takes) -> Self {
        Self {
            name,
            takes,
            occurs: Occurs::Once,
        }
    }

    pub(super) const fn optional(self) -> Self {
        Self {
            occurs: Occurs::Optional,
            ..self
        }
    }

    pub(super) const fn many(self) -> Self {
        Self {
            occurs: Occurs::Many,
            ..self
        }
    }
}

/// The time zone of functions that tell the parts of a time.
pub(super) const ZONE: Parameter = Parameter::new("zone", Takes::Zone).optional();

impl Takes {
    /// Tells whether an argument of a type fits.
    #[must_use]
    pub fn accepts(self, ty: &Type) -> bool {
        if matches!(ty, Type::Any) {
            return self != Takes::Condition;
        }
        match self {
            Takes::Any => true,
            Takes::Text => matches!(ty, Type::Text | Type::Enum(_)),
            Takes::TextOrList => matches!(ty, Type::Text | Type::Enum(_) | Type::List(_)),
            Takes::Pattern | Takes::TimeFormat | Takes::Zone => matches!(ty, Type::Text),
            Takes::Int | Takes::IntUpTo(_) => matches!(ty, Type::Int),
            Takes::Number => matches!(ty, Type::Int | Type::Float),
            Takes::Quantity => Element::Quantity.accepts(ty),
            Takes::Time => matches!(ty, Type::Time),
            Takes::Address => matches!(ty, Type::Ip | Type::Text),
            Takes::Geo => matches!(ty, Type::Geo),
            Takes::List(element) => ty.element().is_some_and(|ty| element.accepts(ty)),
            Takes::Condition => matches!(ty, Type::Bool),
        }
    }

    /// Tells whether the argument must be written out, so that it can be compiled once.
    #[must_use]
    pub fn is_constant(self) -> bool {
        match self {
            Takes::Pattern | Takes::TimeFormat | Takes::Zone | Takes::IntUpTo(_) => true,
            Takes::Any
            | Takes::Text
            | Takes::TextOrList
            | Takes::Int
            | Takes::Number
            | Takes::Quantity
            | Takes::Time
            | Takes::Address
            | Takes::Geo
            | Takes::List(_)
            | Takes::Condition => false,
        }
    }
}

impl Element {
    /// Tells whether an element or a member's value of a type fits.
    #[must_use]
    pub fn accepts(self, ty: &Type) -> bool {
        let quantity = matches!(
            ty,
            Type::Int
                | Type::Float
                | Type::Duration
                | Type::Distance
                | Type::Speed
                | Type::Size
                | Type::Any
        );
        match self {
            Element::Any => true,
            Element::Ordered => quantity || matches!(ty, Type::Time | Type::Text | Type::Enum(_)),
            Element::Quantity => quantity,
            Element::Time => matches!(ty, Type::Time | Type::Any),
        }
    }
}

impl Gives {
    /// Returns the type of the result for the types of the arguments.
    #[must_use]
    pub fn of(self, arguments: &[Type]) -> Type {
        let first = arguments.first();
        let element = first.and_then(Type::element).cloned();
        match self {
            Gives::Text => Type::Text,
            Gives::Int => Type::Int,
            Gives::Float => Type::Float,
            Gives::Time => Type::Time,
            Gives::Distance => Type::Distance,
            Gives::Ip => Type::Ip,
            Gives::Geo => Type::Geo,
            Gives::Texts => Type::List(Box::new(Type::Text)),
            Gives::Durations => Type::List(Box::new(Type::Duration)),
            Gives::Weekday => Type::Enum(Arc::new(EnumType {
                symbols: WEEKDAYS.map(Arc::from).into(),
                ordered: true,
            })),
            Gives::Any => Type::Any,
            Gives::First => first.cloned().unwrap_or(Type::Any),
            Gives::Element => element.unwrap_or(Type::Any),
            Gives::Mean => mean_of(&element.unwrap_or(Type::Any)),
            Gives::Rounded if arguments.len() < 2 => Type::Int,
            Gives::Rounded => Type::Float,
        }
    }
}

/// Returns the type of a mean of values of a type.
fn mean_of(element: &Type) -> Type {
    match element {
        Type::Int | Type::Float => Type::Float,
        Type::Text
        | Type::Bool
        | Type::Time
        | Type::Duration
        | Type::Distance
        | Type::Speed
        | Type::Size
        | Type::Ip
        | Type::Geo
        | Type::Enum(_)
        | Type::List(_)
        | Type::Any => element.clone(),
    }
}

impl fmt::Display for Takes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Takes::Any => "any",
            Takes::Text => "text",
            Takes::TextOrList => "text or list",
            Takes::Pattern => "pattern",
            Takes::TimeFormat => "time format",
            Takes::Zone => "time zone",
            Takes::Int => "int",
            Takes::IntUpTo(_) => "whole number",
            Takes::Number => "int or float",
            Takes::Quantity => "number or quantity",
            Takes::Time => "time",
            Takes::Address => "ip or text",
            Takes::Geo => "geo",
            Takes::List(Element::Any) => "list",
            Takes::List(Element::Ordered) => "list of ordered values",
            Takes::List(Element::Quantity) => "list of numbers or quantities",
            Takes::List(Element::Time) => "list of times",
            Takes::Condition => "condition",
        })
    }
}

impl fmt::Display for Gives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Gives::Text => "text",
            Gives::Int => "int",
            Gives::Float => "float",
            Gives::Time => "time",
            Gives::Distance => "distance",
            Gives::Ip => "ip",
            Gives::Geo => "geo",
            Gives::Texts => "list<text>",
            Gives::Durations => "list<duration>",
            Gives::Weekday => "enum(mon < tue < wed < thu < fri < sat < sun)",
            Gives::Any => "any",
            Gives::First => "the type of its argument",
            Gives::Element => "the type of the elements",
            Gives::Mean => "float, or the dimension of the elements",
            Gives::Rounded => "int, or float with digits",
        })
    }
}

impl fmt::Display for Signature {
    /// Prints what stands behind the name: `(text: text, separator: text) -> list<text>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (at, parameter) in self.parameters.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            let (open, close) = parameter.occurs.marks();
            write!(
                f,
                "{comma}{open}{}: {}{close}",
                parameter.name, parameter.takes
            )?;
        }
        for option in self.options {
            write!(f, ", [{} {}]", option.name, option.takes)?;
        }
        write!(f, ") -> {}", self.gives)
    }
}

impl Occurs {
    fn marks(self) -> (&'static str, &'static str) {
        match self {
            Occurs::Once => ("", ""),
            Occurs::Optional => ("[", "]"),
            Occurs::Many => ("", ", …"),
        }
    }
}
