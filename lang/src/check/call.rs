//! Calls: builtin functions by their signature, identities, and the few that are no functions.
//!
//! Apart from functions over many, whose argument is not one value.

use std::sync::Arc;

use super::aggregate::Call;
use super::function;
use super::{Checker, Scope, Typed, constant};
use crate::builtins::{self, Occurs, Signature, Takes};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{ExprId, ExprKind, IdentityId};
use crate::resolve::Global;
use crate::syntax::ast::{Argument, Expr, Name};
use crate::time::TimeParser;
use crate::types::Type;
use crate::value::{Record, Value};

/// Formats of `parse_time` that have a name.
const FORMATS: [&str; 6] = [
    "iso", "epoch", "epoch_ms", "epoch_us", "epoch_ns", "rfc3164",
];

impl Checker<'_> {
    /// Returns a call.
    pub(super) fn call(
        &mut self,
        name: &Name,
        args: &[Argument],
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        if let Some(Global::Identity(identity)) =
            self.names.globals.get(name.text.as_str()).copied()
        {
            return self.identity(identity, args, scope, span);
        }
        if let Some(aggregate) = self.aggregate_call(name, args, scope, span) {
            return aggregate;
        }
        match (name.text.as_str(), args) {
            ("pick", _) => self.pick(args, scope, span),
            ("first", [_, _, ..]) => self.first_of(args, scope, span),
            ("len" | "distance" | "geo", _) => self.builtin(name, args, scope, span),
            (other, _) => match function::function(other) {
                Some(function) => self.list_call(function, &Call { name, args, span }, scope),
                None => self.builtin(name, args, scope, span),
            },
        }
    }

    fn identity(
        &mut self,
        identity: IdentityId,
        args: &[Argument],
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let values: Vec<Option<Typed>> = args
            .iter()
            .map(|argument| self.value(&argument.value, scope, None))
            .collect();
        let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
        let values: Vec<Typed> = values
            .into_iter()
            .map(|value| self.convert(value, &Type::Text))
            .collect();
        for (value, argument) in values.iter().zip(args) {
            if !matches!(value.ty, Type::Text | Type::Enum(_)) {
                let found = constant::with_article(&value.ty);
                let message = format!("expected identifiers, which are texts, found {found}");
                self.report(Diagnostic::error(
                    Code::BadArguments,
                    argument.value.span,
                    message,
                ));
                return None;
            }
        }
        let ids = values.iter().map(|value| value.id).collect();
        Some(self.add(ExprKind::Identity(identity, ids), Type::Text, span))
    }

    /// Returns `pick(LIST, CONDITION)`, the first element for which the condition holds.
    fn pick(&mut self, args: &[Argument], scope: &Scope<'_>, span: Span) -> Option<Typed> {
        let (list, test) = match args {
            [list, test] => (&list.value, &test.value),
            [list] if list.filter.is_some() => (&list.value, list.filter.as_deref()?),
            _ => {
                let message = format!("expected two arguments in `pick`, found {}", args.len());
                let diagnostic = Diagnostic::error(Code::BadArguments, span, message);
                self.report(diagnostic.help("write `pick(.targets, .type is \"User\")`"));
                return None;
            }
        };
        let items = self.value(list, scope, None);
        let element = items
            .as_ref()
            .and_then(|items| self.element_of(items, list));
        let test = self.condition(test, &scope.with_element());
        Some(self.add(ExprKind::Pick(items?.id, test?), element?, span))
    }

    /// Returns `first(a, b)`, the first that is there.
    fn first_of(&mut self, args: &[Argument], scope: &Scope<'_>, span: Span) -> Option<Typed> {
        let values: Vec<Option<Typed>> = args
            .iter()
            .map(|argument| self.value(&argument.value, scope, None))
            .collect();
        let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
        let ty = self.default_type(&values)?;
        self.fold_default(values, &ty, span)
    }

    fn builtin(
        &mut self,
        name: &Name,
        args: &[Argument],
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let Some(builtin) = builtins::find(&name.text) else {
            return self.report_unknown_function(name);
        };
        let signature = &builtin.signature;
        let (plain, named): (Vec<&Argument>, Vec<&Argument>) =
            args.iter().partition(|argument| argument.label.is_none());
        if !fits_count(signature, plain.len()) {
            return self.report_count(name, signature, plain.len(), span);
        }
        let mut values = Vec::with_capacity(args.len());
        for (index, argument) in plain.iter().enumerate() {
            let parameter = signature
                .parameters
                .get(index)
                .or(signature.parameters.last())?;
            values.push(self.argument(name, parameter.takes, &argument.value, scope));
        }
        let options = self.options(name, signature, &named, span);
        let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
        let types: Vec<Type> = values.iter().map(|value| value.ty.clone()).collect();
        let mut ids: Vec<_> = values.iter().map(|value| value.id).collect();
        ids.extend(options?);
        let ty = signature.gives.of(&types);
        Some(self.add(ExprKind::Call(builtin.name.into(), ids), ty, span))
    }

    fn report_unknown_function(&mut self, name: &Name) -> Option<Typed> {
        let globals = self.names.globals.iter();
        let identities = globals
            .filter(|(_, global)| matches!(global, Global::Identity(_)))
            .map(|(name, _)| *name);
        let known = builtins::REGISTRY.iter().map(|builtin| builtin.name);
        let near = self
            .nearest(&name.text, known.chain(identities))
            .map(str::to_owned);
        let message = format!("no function is called `{}`", name.text);
        let diagnostic = Diagnostic::error(Code::UnknownFunction, name.span, message);
        self.report(match near {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .patch(near),
            None => match foreign(&name.text) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            },
        });
        None
    }

    fn report_count(
        &mut self,
        name: &Name,
        signature: &Signature,
        found: usize,
        span: Span,
    ) -> Option<Typed> {
        let message = format!("expected other arguments in `{}`, found {found}", name.text);
        let diagnostic = Diagnostic::error(Code::BadArguments, span, message);
        self.report(diagnostic.help(format!("it takes `{}{signature}`", name.text)));
        None
    }

    /// Returns an argument as a function takes it.
    fn argument(
        &mut self,
        name: &Name,
        takes: Takes,
        expr: &Expr,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let wanted = wanted(takes);
        let value = self.value(expr, scope, wanted.as_ref())?;
        let value = match (takes, wanted) {
            (Takes::Number | Takes::Quantity, _) => self.convert_number(value),
            (_, Some(ty)) => self.convert(value, &ty),
            (_, None) => value,
        };
        if !takes.accepts(&value.ty) {
            let found = constant::with_article(&value.ty);
            let quoted = self.quote(expr.span);
            let message = format!(
                "expected {takes} in `{}`, found {found}: `{quoted}`",
                name.text
            );
            self.report(Diagnostic::error(Code::BadArguments, expr.span, message));
            return None;
        }
        if !takes.is_constant() {
            return Some(value);
        }
        let Some(constant) = self.constant(value.id).cloned() else {
            let message = format!("expected a literal {takes} in `{}`", name.text);
            self.report(Diagnostic::error(Code::BadArguments, expr.span, message));
            return None;
        };
        self.literal_argument(takes, &constant, expr.span)?;
        Some(value)
    }

    /// Looks at an argument that is written out.
    fn literal_argument(&mut self, takes: Takes, value: &Value, span: Span) -> Option<()> {
        match (takes, value) {
            (Takes::Pattern, Value::Text(text)) => self.regex(text, span),
            (Takes::TimeFormat, Value::Text(text)) => self.time_format(text, span),
            (Takes::Zone, Value::Text(text)) => self.zone(text, span).map(|_| ()),
            (Takes::IntUpTo(most), Value::Int(number)) => {
                if (0..=i64::from(most)).contains(number) {
                    return Some(());
                }
                let message = format!("expected a whole number up to {most}, found `{number}`");
                self.report(Diagnostic::error(Code::BadArguments, span, message));
                None
            }
            (_, _) => Some(()),
        }
    }

    /// Returns the options of a call as one record, if it has any.
    #[expect(clippy::option_option, reason = "no options differ from wrong ones")]
    fn options(
        &mut self,
        name: &Name,
        signature: &Signature,
        args: &[&Argument],
        span: Span,
    ) -> Option<Option<ExprId>> {
        let mut entries = Vec::new();
        for argument in args {
            let label = argument.label.as_ref()?;
            let option = signature
                .options
                .iter()
                .find(|option| option.name == label.text);
            let Some(option) = option else {
                let message = format!("`{}` has no option `{}`", name.text, label.text);
                let diagnostic = Diagnostic::error(Code::BadArguments, label.span, message);
                self.report(diagnostic.help(format!("it takes `{}{signature}`", name.text)));
                return None;
            };
            if entries
                .iter()
                .any(|(known, _): &(Arc<str>, Value)| **known == *option.name)
            {
                let message = format!("option `{}` stands twice", option.name);
                self.report(Diagnostic::error(Code::BadArguments, label.span, message));
                return None;
            }
            let scope = Scope::this(super::Place::Test);
            let value = self.argument(name, option.takes, &argument.value, &scope)?;
            let constant = self.constant(value.id).cloned().unwrap_or_default();
            entries.push((Arc::from(option.name), constant));
        }
        if entries.is_empty() {
            return Some(None);
        }
        let record = Value::Record(Arc::new(Record { entries }));
        Some(Some(self.add_constant(record, Type::Any, span).id))
    }

    fn time_format(&mut self, text: &str, span: Span) -> Option<()> {
        let Err(error) = TimeParser::new([text], None) else {
            return Some(());
        };
        let diagnostic = Diagnostic::error(Code::BadArguments, span, error.to_string());
        self.report(match self.nearest(text, FORMATS) {
            Some(near) => diagnostic
                .help(format!("did you mean `\"{near}\"`?"))
                .patch(format!("\"{near}\"")),
            None => diagnostic,
        });
        None
    }
}

/// Returns what to write for functions of other languages.
fn foreign(name: &str) -> Option<&'static str> {
    Some(match name {
        "now" | "current_time" | "ago" => {
            "there is no clock in a rule: bound it with `within`, or remember with a `memory`"
        }
        "tolower" | "lcase" => "write `lower(…)`; `is` and the like ignore case already",
        "toupper" | "ucase" => "write `upper(…)`",
        "length" | "strlen" | "size" => "write `len(…)`",
        "count_distinct" | "dcount" | "dc" | "distinct_count" => "write `distinct(f.ip)`",
        "mean" | "average" => "write `avg(…)`",
        "coalesce" | "ifnull" | "if" | "iff" | "case" => "write `first(a, b)`, or `a or b`",
        "regex" | "regex_match" | "rlike" => "write `x matches r\"…\"`",
        "cidrmatch" | "cidr_match" | "ipv4_is_in_range" => "write `ip in \"10.0.0.0/8\"`",
        "md5" | "sha1" | "sha256" => "write `hash(…)`",
        "strftime" | "format_time" => "write `date(time)` or `hour(time)`",
        "geo_distance" | "haversine" => {
            "write `distance(a.geo, b.geo)`, or `geo distance` between steps"
        }
        _ => return None,
    })
}

/// Tells whether a function takes so many arguments.
fn fits_count(signature: &Signature, found: usize) -> bool {
    let occurs = |which: Occurs| {
        signature
            .parameters
            .iter()
            .filter(|parameter| parameter.occurs == which)
            .count()
    };
    let least = signature.parameters.len() - occurs(Occurs::Optional);
    found >= least && (found <= signature.parameters.len() || occurs(Occurs::Many) > 0)
}

/// Returns the type that unmapped input and literals are read as.
fn wanted(takes: Takes) -> Option<Type> {
    match takes {
        Takes::Text | Takes::Pattern | Takes::TimeFormat | Takes::Zone => Some(Type::Text),
        Takes::Int | Takes::IntUpTo(_) => Some(Type::Int),
        Takes::Time => Some(Type::Time),
        Takes::Geo => Some(Type::Geo),
        Takes::Any
        | Takes::TextOrList
        | Takes::Number
        | Takes::Quantity
        | Takes::Address
        | Takes::List(_)
        | Takes::Condition => None,
    }
}

/// Tells whether the language has a function of this name.
pub(crate) fn is_builtin(name: &str) -> bool {
    builtins::find(name).is_some()
}
