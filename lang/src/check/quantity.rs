//! Quantities: literals with a unit, or params in their place.
//!
//! Apart from expressions because windows, gaps and counts are no expressions.

use std::sync::Arc;

use super::{Checker, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::resolve::Global;
use crate::syntax::ast::{Name, Quantity};
use crate::time::Zone;
use crate::units::Duration;
use crate::value::Value;

impl Checker<'_> {
    /// Returns a span of time that is not negative; `word` is what stands before it.
    pub(crate) fn duration(&mut self, quantity: &Quantity, word: &str) -> Option<Duration> {
        let (value, span) = self.quantity(quantity, "10m")?;
        match value {
            Value::Duration(found) if found.0 >= 0 => Some(found),
            Value::Duration(_) => {
                let message = format!("expected a duration of at least 0 after `{word}`");
                self.report(Diagnostic::error(Code::BadDuration, span, message));
                None
            }
            _ if self.is_told(span) => None,
            other => {
                let found = constant::written(&other);
                let message = format!("expected a duration after `{word}`, found `{found}`");
                let bare = matches!(other, Value::Int(_) | Value::Float(_));
                let code = if bare {
                    Code::MissingUnit
                } else {
                    Code::WrongDimension
                };
                let diagnostic = Diagnostic::error(code, span, message);
                let literal = matches!(quantity, Quantity::Literal(_));
                self.report(match (bare, literal) {
                    (true, true) => diagnostic.help(format!(
                        "write a unit: `{found}m` for minutes, `{found}s` for seconds"
                    )),
                    (true, false) => diagnostic.help("give the param a unit where it is declared"),
                    (false, _) => diagnostic.help("units of time are ms, s, m, h, d, w"),
                });
                None
            }
        }
    }

    /// Returns a span of time greater than 0.
    pub(crate) fn positive_duration(
        &mut self,
        quantity: &Quantity,
        word: &str,
    ) -> Option<Duration> {
        let found = self.duration(quantity, word)?;
        if found.0 > 0 {
            return Some(found);
        }
        let message = format!("expected a duration greater than 0 after `{word}`");
        self.report(Diagnostic::error(
            Code::BadDuration,
            quantity_span(quantity),
            message,
        ));
        None
    }

    /// Returns the span of time that a quantity is, without telling anyone.
    pub(crate) fn span_of(&self, quantity: &Quantity) -> Option<Duration> {
        let value = match quantity {
            Quantity::Literal(literal) => constant::of_literal(literal)?.0,
            Quantity::Param(name) => {
                let Some(Global::Param(index)) = self.names.globals.get(name.text.as_str()) else {
                    return None;
                };
                self.names.params.get(*index)?.as_ref()?.value.clone()
            }
        };
        if let Value::Duration(span) = value {
            Some(span)
        } else {
            None
        }
    }

    /// Returns a whole number of at least one.
    pub(crate) fn count(&mut self, quantity: &Quantity, what: &str) -> Option<u64> {
        let (value, span) = self.quantity(quantity, "10")?;
        let number = if let Value::Int(number) = &value {
            u64::try_from(*number).ok()
        } else {
            None
        };
        if let Some(number) = number.filter(|number| *number > 0) {
            return Some(number);
        }
        if self.is_told(span) {
            return None;
        }
        let found = constant::written(&value);
        let message = format!("expected a whole number of at least 1 as {what}, found `{found}`");
        self.report(Diagnostic::error(Code::BadCount, span, message));
        None
    }

    fn quantity(&mut self, quantity: &Quantity, example: &str) -> Option<(Value, Span)> {
        match quantity {
            Quantity::Literal(literal) => match constant::of_literal(literal) {
                Some((value, _)) => Some((value, literal.span)),
                None => {
                    let message = "expected a quantity, found a time of day";
                    self.report(Diagnostic::error(
                        Code::WrongDimension,
                        literal.span,
                        message,
                    ));
                    None
                }
            },
            Quantity::Param(name) => self.param(name, example).map(|value| (value, name.span)),
        }
    }

    fn param(&mut self, name: &Name, example: &str) -> Option<Value> {
        if let Some(Global::Param(index)) = self.names.globals.get(name.text.as_str()) {
            return self
                .names
                .params
                .get(*index)?
                .as_ref()
                .map(|constant| constant.value.clone());
        }
        let globals = self.names.globals.iter();
        let names = globals
            .filter(|(_, global)| matches!(global, Global::Param(_)))
            .map(|(name, _)| *name);
        let near = self.nearest(&name.text, names);
        let message = format!("expected a literal or a param, found `{}`", name.text);
        let diagnostic = Diagnostic::error(Code::UnknownName, name.span, message);
        self.report(match near {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .patch(near),
            None => diagnostic.help(format!("declare it: `param {} = {example}`", name.text)),
        });
        None
    }

    /// Returns a zone that the time-zone database knows.
    pub(crate) fn zone(&mut self, zone: &str, span: Span) -> Option<Arc<str>> {
        if let Some(found) = Zone::find(zone) {
            return Some(found.name().into());
        }
        let near = self.nearest(zone, Zone::names());
        let message = format!(
            "expected a zone of the IANA database, found {}",
            constant::quoted(zone)
        );
        let diagnostic = Diagnostic::error(Code::BadZone, span, message);
        self.report(match near {
            Some(near) => diagnostic
                .help(format!("did you mean `\"{near}\"`?"))
                .patch(format!("\"{near}\"")),
            None => diagnostic.help("zones are called as in `\"Europe/Madrid\"` or `\"UTC\"`"),
        });
        None
    }
}

/// Returns where a quantity stands.
pub(crate) fn quantity_span(quantity: &Quantity) -> Span {
    match quantity {
        Quantity::Literal(literal) => literal.span,
        Quantity::Param(name) => name.span,
    }
}
