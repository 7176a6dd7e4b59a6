//! What a name that means nothing was probably meant to be.
//!
//! Apart from paths because a good answer takes longer to find than the meaning itself.

use super::meaning::Fault;
use super::{Checker, Scope, constant};
use crate::builtins::{self, Takes};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::resolve::{Global, dotted};
use crate::syntax::ast::{Name, Path};
use crate::types::{EnumType, Type};

impl Checker<'_> {
    /// Reports a path that means nothing.
    pub(super) fn report_fault(
        &mut self,
        fault: &Fault,
        path: &Path,
        scope: &Scope<'_>,
        want: Option<&Type>,
    ) {
        let name = dotted(&path.parts);
        let span = path.span;
        let diagnostic = match fault {
            Fault::Unknown => return self.report_unknown(&name, path, scope, want),
            Fault::Several => several(self.files.text(span), span, scope),
            Fault::GroupField(group) => {
                let field = name.strip_prefix(&format!("{group}.")).unwrap_or(&name);
                let message = format!("`{name}`: which member of the group `{group}`?");
                let help = format!("write `first({group}.{field})`, `distinct({group}.{field})` …");
                Diagnostic::error(Code::GroupField, span, message).help(help)
            }
            Fault::Later(step) => {
                let message = format!("step `{step}` is written later, so it is not known here");
                Diagnostic::error(Code::UnknownStep, span, message)
                    .help("move the condition behind that step, or behind the pattern")
            }
            Fault::NoEvent => {
                let message =
                    format!("a source reads its record, and the field `{name}` is not there yet");
                Diagnostic::error(Code::NotHere, span, message)
                    .help(format!("read the record with a leading dot: `.{name}`"))
            }
            Fault::NoMemory => {
                let message = format!("{} cannot read a memory", scope.place.noun());
                Diagnostic::error(Code::NotHere, span, message)
                    .help("read it in a rule: in a step's `where`, or behind the pattern")
            }
            Fault::NoParts(global) => {
                let head = path
                    .parts
                    .first()
                    .map(|part| part.text.as_str())
                    .unwrap_or_default();
                let message = format!("{} `{head}` has no parts", global.noun());
                let diagnostic = Diagnostic::error(Code::UnknownPart, span, message);
                match global {
                    Global::Table(_) => {
                        diagnostic.help(format!("look a row up first: `{head}[resource.id].class`"))
                    }
                    Global::List(_)
                    | Global::Calendar(_)
                    | Global::Memory(_)
                    | Global::Param(_)
                    | Global::Identity(_) => diagnostic,
                }
            }
        };
        self.report(diagnostic);
    }

    fn report_unknown(&mut self, name: &str, path: &Path, scope: &Scope<'_>, want: Option<&Type>) {
        if let Some(Type::Enum(symbols)) = want
            && path.parts.len() <= 3
        {
            return self.report_symbol(name, symbols, path.span);
        }
        let step = path.parts.first().and_then(|head| scope.find(&head.text));
        let own = scope
            .own
            .filter(|own| path.parts.first().is_some_and(|p| p.text == own.name));
        if (step.is_some() || own.is_some())
            && let Some((head, rest)) = path.parts.split_first()
        {
            let field = dotted(rest);
            if step.is_some_and(|(_, step)| step.group)
                && let Some(diagnostic) = of_group(&field, &head.text, path.span)
            {
                return self.report(diagnostic);
            }
            return self.report_unknown_field(&field, path.span, Some(&head.text));
        }
        if path.parts.len() > 1
            && let Some(head) = path.parts.first()
            && !self.names.begins_field(&head.text)
            && !scope.steps.is_empty()
            && self
                .names
                .fields
                .contains_key(&dotted(path.parts.get(1..).unwrap_or_default()))
        {
            return self.report_unknown_step(&head.text, path.span, scope);
        }
        self.report_unknown_field(name, path.span, None);
    }

    fn report_unknown_step(&mut self, name: &str, span: Span, scope: &Scope<'_>) {
        let message = format!("no step is called `{name}`");
        if scope.absence == Some(name) {
            let diagnostic = Diagnostic::error(Code::UnknownStep, span, message);
            self.report(diagnostic.help(format!(
                "what must not happen is no step: a condition on `{name}` stands in its own `where`"
            )));
            return;
        }
        let steps: Vec<&str> = scope.named().map(|step| step.label.as_str()).collect();
        let diagnostic = Diagnostic::error(Code::UnknownStep, span, message);
        let help = match self.nearest(name, steps.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if steps.is_empty() => "name the steps with `as`: `login as a`".to_owned(),
            None => format!("the steps are {}", steps.join(", ")),
        };
        self.report(diagnostic.help(help));
    }

    /// Reports a field that nobody declared, with the nearest declared name.
    pub(crate) fn report_unknown_field(&mut self, name: &str, span: Span, step: Option<&str>) {
        if self.names.is_torn(name) {
            return;
        }
        let message = format!("no field is called `{name}`");
        let diagnostic = Diagnostic::error(Code::UnknownField, span, message);
        let globals = self
            .names
            .globals
            .keys()
            .copied()
            .filter(|_| step.is_none());
        let known = self.names.fields.keys().map(String::as_str).chain(globals);
        let synonym =
            super::synonym::field(name).filter(|field| self.names.fields.contains_key(*field));
        let diagnostic = match synonym.or_else(|| self.nearest(name, known)) {
            Some(near) => {
                let whole = step.map_or_else(|| near.to_owned(), |step| format!("{step}.{near}"));
                diagnostic
                    .help(format!("did you mean `{whole}`?"))
                    .patch(whole)
            }
            None if step.is_none() && takes_time(name) => diagnostic
                .help(format!("`{name}` is a function: `{name}(time)`"))
                .patch(format!("{name}(time)")),
            None if step.is_none() && builtins::find(name).is_some() => diagnostic.help(format!(
                "`{name}` is a function: give it what it works on, `{name}(…)`"
            )),
            None if self.names.classes.contains_key(name) => diagnostic.help(format!(
                "`{name}` is a class of events; it stands behind `when` or `in`"
            )),
            None => diagnostic.help(format!(
                "declare it, `field {name}: text = raw.{name}`, or read it as `raw.{name}`"
            )),
        };
        self.report(diagnostic);
    }

    /// Reports a part of a field that has none: perhaps another field is meant.
    pub(super) fn report_no_part(&mut self, ty: &Type, part: &Name, span: Span) {
        let whole = self.files.text(span);
        let near = self.nearest(whole, self.names.fields.keys().map(String::as_str));
        if near.is_some() {
            return self.report_unknown_field(whole, span, None);
        }
        let found = constant::with_article(ty);
        let message = format!("{found} has no part `{}`", part.text);
        let diagnostic = Diagnostic::error(Code::UnknownPart, part.span, message);
        self.report(match ty {
            Type::Geo => diagnostic.help("coordinates have `.lat` and `.lon`"),
            _ => diagnostic.help(format!("what a source does not map is `raw.{}`", part.text)),
        });
    }

    /// Reports a symbol that its enum does not have.
    pub(super) fn report_symbol(&mut self, name: &str, symbols: &EnumType, span: Span) {
        let known = || symbols.symbols.iter().map(|symbol| &**symbol);
        let near = self.nearest(name, known());
        let is_class = self
            .names
            .class_symbols
            .as_ref()
            .is_some_and(|class| **class == *symbols);
        let message = if is_class {
            format!("no source makes events of class `{name}`")
        } else {
            let all: Vec<&str> = known().take(12).collect();
            format!("expected one of {}, found `{name}`", all.join(", "))
        };
        let diagnostic = Diagnostic::error(Code::UnknownSymbol, span, message);
        let quoted = self.files.text(span).starts_with('"');
        self.report(match near {
            Some(near) => {
                let patch = if quoted {
                    format!("\"{near}\"")
                } else {
                    near.to_owned()
                };
                diagnostic
                    .help(format!("did you mean `{near}`?"))
                    .patch(patch)
            }
            None if is_class => {
                diagnostic.help("a class is declared by a `class =` line of a source")
            }
            None => diagnostic,
        });
    }
}

/// Returns the diagnostic of `f.count`: a function of a group written like a field.
fn of_group(name: &str, group: &str, span: Span) -> Option<Diagnostic> {
    let counts = ["count", "n", "number", "size", "length"].contains(&name);
    let aggregate = builtins::find(name).is_some_and(|one| one.kind == builtins::Kind::Aggregate);
    let message = format!("a group has no field `{name}`");
    let diagnostic = Diagnostic::error(Code::UnknownField, span, message);
    if counts {
        let mended = format!("count({group})");
        return Some(
            diagnostic
                .help(format!("how many events a group has is `{mended}`"))
                .patch(mended),
        );
    }
    let field = match name {
        "sum" | "avg" | "min" | "max" | "percentile" => "bytes.down",
        _ => "ip",
    };
    aggregate.then(|| {
        diagnostic.help(format!(
            "`{name}` is a function of a field of its events, as in `{name}({group}.{field})`"
        ))
    })
}

/// Tells whether a name is a function of a time alone.
fn takes_time(name: &str) -> bool {
    builtins::find(name).is_some_and(
        |builtin| matches!(builtin.signature.parameters, [only] if only.takes == Takes::Time),
    )
}

/// Returns the diagnostic of a bare name where there are several steps.
fn several(text: &str, span: Span, scope: &Scope<'_>) -> Diagnostic {
    let choices: Vec<String> = scope
        .named()
        .map(|step| format!("`{}.{text}`", step.label))
        .take(4)
        .collect();
    let message = match (&*choices, scope.absence) {
        ([only], Some(_)) => {
            format!("`{text}`: of the step, {only}, or of what must not happen?")
        }
        ([], _) => format!("`{text}`: of which step?"),
        (several, _) => format!("`{text}`: which? {}", several.join(" or ")),
    };
    let diagnostic = Diagnostic::error(Code::Ambiguous, span, message);
    match scope.absence {
        Some(absence) => diagnostic.help(format!(
            "name the step; a condition on `{absence}` stands in its own `where`, before `within` \
             or `between`"
        )),
        None if choices.is_empty() => {
            diagnostic.help("name the steps with `as`: `login as a then login as b`")
        }
        None => diagnostic.help("say which step is meant"),
    }
}
