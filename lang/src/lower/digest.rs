//! Digests: what is forwarded instead of everything.
//!
//! Apart from rules because a digest raises nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::{Checker, Place, Scope, Typed, quantity};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{self, ClassKind, DigestAction, ExprId, ExprKind};
use crate::resolve::{Declared, dotted};
use crate::syntax::ast::{self, Expr, Name, Path, Quantity, Text};
use crate::units::Duration;

impl Checker<'_> {
    pub(super) fn lower_digests(&mut self, declared: &Declared<'_>) {
        for (digest, span) in &declared.digests {
            if let Some(lowered) = self.lower_digest(digest, *span) {
                self.program.digests.add(lowered);
            }
        }
    }

    fn lower_digest(&mut self, digest: &ast::Digest, span: Span) -> Option<ir::Digest> {
        let class = self.class(&digest.class.name);
        if let Some(class) = class {
            self.report_alerts(class, &digest.class.name);
        }
        let scope = Scope::this(Place::Digest);
        let conditions = self.filters(&digest.filters, &scope);
        let action = self.action(&digest.action, &scope);
        let name = digest.name.text.as_str().into();
        Some(ir::Digest {
            name,
            class: class?,
            conditions,
            action: action?,
            span,
        })
    }

    fn report_alerts(&mut self, class: ir::ClassId, name: &Name) {
        let alerts = self.bases(class).into_iter().any(|class| {
            matches!(
                self.program.classes[class].kind,
                ClassKind::Alert | ClassKind::AlertOf(_)
            )
        });
        if alerts {
            let message = format!(
                "a digest reduces events of the input, and `{}` is a class of alerts",
                name.text
            );
            self.report(Diagnostic::error(Code::BadDigest, name.span, message));
        }
    }

    fn action(&mut self, action: &ast::DigestAction, scope: &Scope<'_>) -> Option<DigestAction> {
        Some(match action {
            ast::DigestAction::First { per, each } => {
                let per = self.key_paths(per, scope);
                let each = match each {
                    None => None,
                    Some((every, zone)) => Some(self.windows_of(every, zone.as_ref(), "each")?),
                };
                DigestAction::First { per: per?, each }
            }
            ast::DigestAction::Changes { of, per } => {
                let of = self.path_value(of, scope).map(|value| value.id);
                let per = self.key_paths(per, scope);
                DigestAction::Changes { of: of?, per: per? }
            }
            ast::DigestAction::Summarize {
                per,
                every,
                zone,
                values,
            } => {
                let keys = self.key_paths(per, scope);
                self.report_taken(per, values);
                let windows = self.windows_of(every, zone.as_ref(), "every");
                let values = self.summary(values, scope);
                let names = per.iter().map(|path| Arc::from(dotted(&path.parts)));
                let per = names.zip(keys?).collect();
                let (every, zone) = windows?;
                DigestAction::Summarize {
                    per,
                    every,
                    zone,
                    values: values?,
                }
            }
            ast::DigestAction::Drop => DigestAction::Drop,
        })
    }

    fn key_paths(&mut self, paths: &[Path], scope: &Scope<'_>) -> Option<Vec<ExprId>> {
        let keys: Vec<Option<ExprId>> = paths
            .iter()
            .map(|path| self.key_path(path, scope))
            .collect();
        keys.into_iter().collect()
    }

    fn windows_of(
        &mut self,
        every: &Quantity,
        zone: Option<&Text>,
        word: &str,
    ) -> Option<(Duration, Option<Arc<str>>)> {
        let span = quantity::quantity_span(every);
        let length = self.positive_duration(every, word);
        let zone = match zone {
            None => Some(None),
            Some(zone) => self.zone(&zone.value, zone.span).map(Some),
        };
        let length = length?;
        self.aligned(length, word, span);
        Some((length, zone?))
    }

    /// Returns the named values of a summary, each over the events of a window.
    fn summary(
        &mut self,
        values: &[(Name, Expr)],
        scope: &Scope<'_>,
    ) -> Option<Vec<(Arc<str>, ExprId)>> {
        let window = Scope {
            window: true,
            ..*scope
        };
        let mut found: Vec<Option<(Arc<str>, ExprId)>> = Vec::new();
        let mut known = BTreeSet::new();
        for (name, expr) in values {
            if !known.insert(name.text.as_str()) {
                let message = format!("`{}` stands twice in the summary", name.text);
                self.report(Diagnostic::error(Code::Twice, name.span, message));
            }
            let value = self.value(expr, &window, None);
            let value = value.and_then(|value| self.over_window(value, expr));
            found.push(value.map(|value| (name.text.as_str().into(), value.id)));
        }
        found.into_iter().collect()
    }

    /// Reports values that would take the place of something else that a summary says.
    fn report_taken(&mut self, per: &[Path], values: &[(Name, Expr)]) {
        for (name, _) in values {
            let is_key = per.iter().any(|path| dotted(&path.parts) == name.text);
            let is_own = ir::SUMMARY_NAMES.contains(&name.text.as_str());
            if is_key || is_own {
                let (name, span) = (&name.text, name.span);
                let what = if is_key { "the key" } else { "every summary" };
                let message = format!("`{name}` is a name of {what} and cannot name a value");
                let diagnostic = Diagnostic::error(Code::BadDigest, span, message);
                self.report(
                    diagnostic.help(format!("choose another name, such as `{name}_value`")),
                );
            }
        }
    }

    /// Looks whether a value of a summary is about all events of the window.
    fn over_window(&mut self, value: Typed, expr: &Expr) -> Option<Typed> {
        let mut lone = None;
        let mut open = vec![value.id];
        while let Some(id) = open.pop() {
            match &self.program.exprs[id].kind {
                ExprKind::Aggregate {
                    over: ir::Over::Window,
                    ..
                } => {}
                ExprKind::Field(..) | ExprKind::Raw(..) => lone = Some(id),
                kind => kind.children(&mut |child| open.push(child)),
            }
        }
        let Some(lone) = lone else { return Some(value) };
        let field = self.quote(self.span(lone));
        let message = format!("`{field}`: of which event of the window?");
        let diagnostic = Diagnostic::error(Code::BadDigest, expr.span, message);
        self.report(diagnostic.help(format!(
            "write `first({field})`, `distinct({field})`, `sum({field})` …"
        )));
        None
    }
}
