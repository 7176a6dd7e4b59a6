//! Sources: how a record becomes an event.
//!
//! Apart from fields because a source reads a record, and its values are of any type.

use crate::check::{Checker, Scope, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{self, Assign, ExprId};
use crate::resolve::{Declared, dotted};
use crate::syntax::ast::{self, Expr, Path, SourceLine, SourceLineKind};
use crate::types::Type;
use crate::units::{Duration, SECOND};
use crate::value::Value;

/// How far out of order a source may be that does not say.
const LATENESS: Duration = Duration(30 * SECOND);
/// Within what span a repeated id is dropped where a source gives one and does not say.
const DEDUPE: Duration = Duration(600 * SECOND);

impl Checker<'_> {
    pub(super) fn lower_sources(&mut self, declared: &Declared<'_>) {
        for (source, span) in &declared.sources {
            let lowered = self.lower_source(source, *span);
            self.program.sources.add(lowered);
        }
    }

    fn lower_source(&mut self, source: &ast::Source, span: Span) -> ir::Source {
        let item = crate::resolve::exploded(source);
        let scope = Scope::record(item);
        let when = self.when_of(source, &scope);
        let mut lowered = ir::Source {
            name: source.name.text.as_str().into(),
            doc: super::text(source.doc.as_ref()),
            when: when.unwrap_or(ExprId(0)),
            absent: Vec::new(),
            drops: Vec::new(),
            lateness: LATENESS,
            dedupe: None,
            explode: None,
            assigns: Vec::new(),
            fields_from: None,
            span,
        };
        self.report_repeated(source);
        for line in &source.lines {
            self.source_line(line, &scope, &mut lowered);
        }
        self.finish_source(source, &mut lowered);
        lowered
    }

    /// Returns the condition of the records it takes: its first line.
    fn when_of(&mut self, source: &ast::Source, scope: &Scope<'_>) -> Option<ExprId> {
        let whens: Vec<(usize, &SourceLine, &Expr)> = source
            .lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| {
                let SourceLineKind::When(expr) = &line.kind else {
                    return None;
                };
                Some((index, line, expr))
            })
            .collect();
        let name = &source.name;
        match &*whens {
            [] => {
                let message = format!("source `{}` has no `when`", name.text);
                let diagnostic = Diagnostic::error(Code::SourceWhen, name.span, message);
                self.report(
                    diagnostic.help(
                        "its first line says which records it takes: `when .eventType exists`",
                    ),
                );
                None
            }
            [(0, _, expr)] => self.condition(expr, scope),
            [(_, line, expr)] => {
                let message = "expected `when` as the first line of a source, found it later";
                self.report(Diagnostic::error(Code::SourceWhen, line.span, message));
                self.condition(expr, scope)
            }
            [_, (_, second, _), ..] => {
                let message = "a source has one `when`, found another";
                let diagnostic = Diagnostic::error(Code::SourceWhen, second.span, message);
                self.report(diagnostic.help("join them with `and`, or make two sources of it"));
                None
            }
        }
    }

    fn source_line(&mut self, line: &SourceLine, scope: &Scope<'_>, lowered: &mut ir::Source) {
        match &line.kind {
            SourceLineKind::When(_) => {}
            SourceLineKind::Absent(literals) => {
                let values = literals.iter().filter_map(constant::of_literal);
                lowered.absent.extend(values.map(|(value, _)| value));
            }
            SourceLineKind::Drop(expr) => lowered.drops.extend(self.condition(expr, scope)),
            SourceLineKind::Lateness(quantity) => {
                if let Some(lateness) = self.duration(quantity, "lateness") {
                    lowered.lateness = lateness;
                }
            }
            SourceLineKind::Dedupe(quantity) => {
                lowered.dedupe = self.duration(quantity, "dedupe");
            }
            SourceLineKind::Explode { list, .. } => {
                let outer = Scope {
                    item: None,
                    ..*scope
                };
                lowered.explode = self.exploded(list, &outer);
            }
            SourceLineKind::Fields(path) => lowered.fields_from = Some(path.parts.clone()),
            SourceLineKind::Assign { field, value, when } => {
                lowered
                    .assigns
                    .extend(self.assign(field, value, when.as_ref(), scope));
            }
        }
    }

    fn exploded(&mut self, list: &Expr, scope: &Scope<'_>) -> Option<ExprId> {
        let items = self.value(list, scope, None)?;
        if matches!(items.ty, Type::Any | Type::List(_)) {
            return Some(items.id);
        }
        let found = constant::with_article(&items.ty);
        let message = format!("expected a list to explode, found {found}");
        self.report(Diagnostic::error(Code::NotAList, list.span, message));
        None
    }

    fn assign(
        &mut self,
        field: &Path,
        value: &Expr,
        when: Option<&Expr>,
        scope: &Scope<'_>,
    ) -> Option<Assign> {
        let name = dotted(&field.parts);
        let info = self.names.fields.get(&name).cloned();
        if info.is_none() {
            self.report_unknown_field(&name, field.span, None);
        }
        let ty = info.as_ref().and_then(|info| info.ty.clone());
        let found = self.value(value, scope, ty.as_ref());
        let when = match when {
            None => Some(None),
            Some(when) => self.condition(when, scope).map(Some),
        };
        let (info, ty, found) = (info?, ty?, found?);
        let never = found.ty != ty && self.never_converts(found.id, &ty);
        if never || !super::field::assignable(&found.ty, &ty) {
            self.assigned(found.id, &found.ty, &ty, value.span);
            return None;
        }
        Some(Assign {
            field: info.id,
            value: found.id,
            when: when?,
        })
    }

    /// Reports lines that may stand once and stand twice.
    fn report_repeated(&mut self, source: &ast::Source) {
        for word in ["lateness", "dedupe", "explode", "fields"] {
            let mut lines = source.lines.iter().filter(|line| word_of(line) == word);
            let (first, second) = (lines.next(), lines.next());
            if let (Some(first), Some(second)) = (first, second) {
                let message = format!("a source has one line `{word}`, found another");
                self.report(
                    Diagnostic::error(Code::Twice, second.span, message)
                        .label(first.span, "the first stands here"),
                );
            }
        }
    }

    fn finish_source(&mut self, source: &ast::Source, lowered: &mut ir::Source) {
        let assigns = |name: &str| {
            source.lines.iter().any(|line| {
                let SourceLineKind::Assign { field, .. } = &line.kind else {
                    return false;
                };
                dotted(&field.parts) == name
            })
        };
        let whole = lowered.fields_from.is_some();
        let says = source.lines.iter().any(|line| word_of(line) == "dedupe");
        if !says && (whole || assigns("id")) {
            lowered.dedupe = Some(DEDUPE);
        }
        if !whole && !assigns("time") {
            let name = &source.name;
            let message = format!(
                "source `{}` gives no `time`, so none of its records is usable",
                name.text
            );
            let diagnostic = Diagnostic::error(Code::SourceTime, name.span, message);
            self.report(
                diagnostic.help("add a line such as `time = parse_time(.timestamp, \"iso\")`"),
            );
        }
        lowered.absent.retain(|value| *value != Value::Missing);
    }
}

/// Returns the word a line begins with.
fn word_of(line: &SourceLine) -> &'static str {
    match &line.kind {
        SourceLineKind::When(_) => "when",
        SourceLineKind::Absent(_) => "absent",
        SourceLineKind::Drop(_) => "drop",
        SourceLineKind::Lateness(_) => "lateness",
        SourceLineKind::Dedupe(_) => "dedupe",
        SourceLineKind::Explode { .. } => "explode",
        SourceLineKind::Fields(_) => "fields",
        SourceLineKind::Assign { .. } => "=",
    }
}
