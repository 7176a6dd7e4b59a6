//! Calls: builtin functions by their signature, identities, and the few that are no functions.
//!
//! Apart from functions over many, whose argument is not one value.

use super::signature::{self, Kind, Signature};
use super::{Checker, Scope, Typed, aggregate, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{ExprKind, IdentityId};
use crate::resolve::Global;
use crate::suggest::nearest;
use crate::syntax::ast::{self, Argument, Expr, LiteralKind, Name};
use crate::types::Type;
use crate::value::Value;

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
            (other, _) => match aggregate::function(other) {
                Some(function) => self.list_call(function, name, args, scope, span),
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
        let Some(signature) = signature::find(&name.text) else {
            return self.report_unknown_function(name);
        };
        let (plain, zone): (Vec<&Argument>, Vec<&Argument>) =
            args.iter().partition(|argument| argument.label.is_none());
        if plain.len() < signature.least || plain.len() > signature.most {
            return self.report_count(name, &signature, plain.len(), span);
        }
        let mut values = Vec::with_capacity(args.len());
        for (index, argument) in plain.iter().enumerate() {
            let last = signature.parameters.last().copied().unwrap_or(Kind::Any);
            let kind = signature.parameters.get(index).copied().unwrap_or(last);
            values.push(self.argument(name, kind, &argument.value, scope));
        }
        for argument in &zone {
            values.push(self.zone_argument(name, argument));
        }
        let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
        self.literal_arguments(name, &plain)?;
        let ty = result(signature.result, values.first());
        let ids: Vec<_> = values.iter().map(|value| value.id).collect();
        if let ("geo", [latitude, longitude]) = (name.text.as_str(), &*ids) {
            return Some(self.add(ExprKind::Geo(*latitude, *longitude), Type::Geo, span));
        }
        Some(self.add(ExprKind::Call(name.text.as_str().into(), ids), ty, span))
    }

    fn report_unknown_function(&mut self, name: &Name) -> Option<Typed> {
        let globals = self.names.globals.iter();
        let identities = globals
            .filter(|(_, global)| matches!(global, Global::Identity(_)))
            .map(|(name, _)| *name);
        let known: Vec<&str> = signature::names().collect();
        let near = nearest(&name.text, known.into_iter().chain(identities)).map(str::to_owned);
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
        let expected = match (signature.least, signature.most) {
            (1, 1) => "one argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) if most > 8 => format!("at least {least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        let message = format!("expected {expected} in `{}`, found {found}", name.text);
        self.report(Diagnostic::error(Code::BadArguments, span, message));
        None
    }

    /// Returns an argument of the kind a function takes.
    fn argument(
        &mut self,
        name: &Name,
        kind: Kind,
        expr: &Expr,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        let wanted = wanted(kind);
        let value = self.value(expr, scope, wanted.as_ref())?;
        let value = match (kind, wanted) {
            (Kind::Float | Kind::Number, _) => self.convert_number(value),
            (_, Some(ty)) => self.convert(value, &ty),
            (_, None) => value,
        };
        if fits(kind, &value.ty) {
            return Some(value);
        }
        let found = constant::with_article(&value.ty);
        let message = format!(
            "expected {} in `{}`, found {found}: `{}`",
            noun(kind),
            name.text,
            self.quote(expr.span)
        );
        self.report(Diagnostic::error(Code::BadArguments, expr.span, message));
        None
    }

    fn zone_argument(&mut self, name: &Name, argument: &Argument) -> Option<Typed> {
        let label = argument.label.as_ref()?;
        if label.text != "zone" {
            let message = format!("`{}` has no option `{}`", name.text, label.text);
            self.report(Diagnostic::error(Code::BadArguments, label.span, message));
            return None;
        }
        let span = argument.value.span;
        let Some(zone) = text_of(&argument.value) else {
            let message = "expected a literal zone, such as `\"Europe/Madrid\"`";
            self.report(Diagnostic::error(Code::BadZone, span, message));
            return None;
        };
        let zone = self.zone(&zone, span)?;
        Some(self.add_constant(Value::Text(zone), Type::Text, span))
    }

    /// Looks at arguments that must be literals of a certain form.
    fn literal_arguments(&mut self, name: &Name, args: &[&Argument]) -> Option<()> {
        match name.text.as_str() {
            "parse_time" => {
                let checked: Vec<Option<()>> = args
                    .iter()
                    .skip(1)
                    .map(|argument| self.time_format(&argument.value))
                    .collect();
                checked.into_iter().collect()
            }
            "extract" => {
                let pattern = &args.get(1)?.value;
                let Some(text) = text_of(pattern) else {
                    let message = "expected a literal regular expression in `extract`";
                    self.report(Diagnostic::error(Code::BadPattern, pattern.span, message));
                    return None;
                };
                self.regex(&text, pattern.span)
            }
            _ => Some(()),
        }
    }

    fn time_format(&mut self, expr: &Expr) -> Option<()> {
        let text = text_of(expr);
        if text
            .as_ref()
            .is_some_and(|text| FORMATS.contains(&text.as_str()) || text.contains('%'))
        {
            return Some(());
        }
        let found = self.quote(expr.span);
        let message = format!("expected a time format, found `{found}`");
        let diagnostic = Diagnostic::error(Code::BadArguments, expr.span, message);
        let near = text.and_then(|text| nearest(&text, FORMATS));
        self.report(match near {
            Some(near) => diagnostic
                .help(format!("did you mean `\"{near}\"`?"))
                .patch(format!("\"{near}\"")),
            None => diagnostic
                .help("formats are iso, epoch, epoch_ms, epoch_us, epoch_ns, rfc3164, or strftime"),
        });
        None
    }
}

/// Returns a text literal.
fn text_of(expr: &Expr) -> Option<String> {
    let ast::ExprKind::Literal(literal) = &super::bare(expr).kind else {
        return None;
    };
    let LiteralKind::Text { value, .. } = &literal.kind else {
        return None;
    };
    Some(value.clone())
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

/// Returns the type that literals of a kind are read as.
fn wanted(kind: Kind) -> Option<Type> {
    match kind {
        Kind::Text => Some(Type::Text),
        Kind::Int => Some(Type::Int),
        Kind::Bool => Some(Type::Bool),
        Kind::Time => Some(Type::Time),
        Kind::Ip => Some(Type::Ip),
        Kind::Geo => Some(Type::Geo),
        Kind::Distance => Some(Type::Distance),
        Kind::Float
        | Kind::Number
        | Kind::Texts
        | Kind::List
        | Kind::TextOrList
        | Kind::Any
        | Kind::First => None,
    }
}

/// Tells whether a value of a type may be an argument of a kind.
fn fits(kind: Kind, ty: &Type) -> bool {
    match (kind, ty) {
        (Kind::Any | Kind::First, _) => true,
        (Kind::Text, Type::Text | Type::Enum(_)) => true,
        (Kind::Int, ty) => *ty == Type::Int,
        (Kind::Float, ty) => constant::is_number(ty),
        (Kind::Number, ty) => constant::is_number(ty) || constant::unit_of(ty).is_some(),
        (Kind::Bool, ty) => *ty == Type::Bool,
        (Kind::Time, ty) => *ty == Type::Time,
        (Kind::Ip, ty) => *ty == Type::Ip,
        (Kind::Geo, ty) => *ty == Type::Geo,
        (Kind::Distance, ty) => *ty == Type::Distance,
        (Kind::Texts | Kind::List, Type::List(_) | Type::Any) => true,
        (Kind::TextOrList, Type::Text | Type::Enum(_) | Type::List(_) | Type::Any) => true,
        (Kind::Text | Kind::Texts | Kind::List | Kind::TextOrList, _) => false,
    }
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Int => "a whole number",
        Kind::Number | Kind::Float => "a number",
        Kind::Bool => "a condition",
        Kind::Time => "a time",
        Kind::Ip => "an address",
        Kind::Geo => "coordinates",
        Kind::Distance => "a distance",
        Kind::Texts | Kind::List => "a list",
        Kind::TextOrList => "a text or a list",
        Kind::Any | Kind::First => "a value",
    }
}

/// Returns the type of a result.
fn result(kind: Kind, first: Option<&Typed>) -> Type {
    match kind {
        Kind::Text => Type::Text,
        Kind::Int => Type::Int,
        Kind::Number | Kind::Float => Type::Float,
        Kind::Bool => Type::Bool,
        Kind::Time => Type::Time,
        Kind::Ip => Type::Ip,
        Kind::Geo => Type::Geo,
        Kind::Distance => Type::Distance,
        Kind::Texts => Type::List(Box::new(Type::Text)),
        Kind::List => Type::List(Box::new(Type::Any)),
        Kind::TextOrList | Kind::Any => Type::Any,
        Kind::First => first.map_or(Type::Any, |first| first.ty.clone()),
    }
}
