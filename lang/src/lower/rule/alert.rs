//! What a match tells: severity, text, notes, scores and suppression.
//!
//! Apart from conditions because nothing here decides whether there is a match.

use super::{Draft, lacking};
use crate::check::{Checker, KeyName, Meaning, Place, Scope, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, ExprId, FieldId, Row, Score, Severity, StepId, Suppress};
use crate::syntax::ast::{self, AlertOption, AlertOptionKind, Expr, Name, Path};
use crate::types::Type;

impl<'a> Checker<'a> {
    pub(super) fn alert(&mut self, draft: &Draft<'a>) -> ir::Alert {
        let mut lowered = silent();
        let Some(alert) = &draft.ast.alert else {
            let message = format!("rule `{}` has no `alert`", draft.ast.name.text);
            let diagnostic = lacking(Code::MissingAlert, draft.ast, message);
            self.report(
                diagnostic.help("say what a match tells: `alert high \"{identity} did it\"`"),
            );
            return lowered;
        };
        let key: Vec<KeyName> = draft.key.names();
        let scope = draft.alert_scope(&key);
        let severity = self.severity(&alert.severity);
        lowered.severity = severity.unwrap_or(Severity::None);
        match &alert.text {
            Some(text) => lowered.text = self.template(text, &scope),
            None if severity.is_none_or(|severity| severity == Severity::None) => {}
            None => {
                let message = "the alert has no text";
                let diagnostic = Diagnostic::error(Code::MissingAlert, alert.span, message);
                self.report(
                    diagnostic.help("write what happened: `alert high \"{identity} did it\"`"),
                );
            }
        }
        self.report_options_twice(alert);
        for option in &alert.options {
            self.alert_option(option, &scope, draft, &mut lowered);
        }
        lowered
    }

    fn report_options_twice(&mut self, alert: &ast::Alert) {
        let mut suppresses = alert
            .options
            .iter()
            .filter(|option| matches!(option.kind, AlertOptionKind::Suppress { .. }));
        if let (Some(first), Some(second)) = (suppresses.next(), suppresses.next()) {
            let message = "an alert has one `suppress`, found another";
            self.report(
                Diagnostic::error(Code::Twice, second.span, message)
                    .label(first.span, "the first stands here"),
            );
        }
    }

    /// Returns the severity of a name.
    fn severity(&mut self, name: &Name) -> Option<Severity> {
        if let Some(severity) = Severity::parse(&name.text) {
            return Some(severity);
        }
        let known = || Severity::ALL.iter().map(|(_, name)| *name);
        let meant = match name.text.as_str() {
            "informational" | "information" | "notice" => Some("info"),
            "warning" | "moderate" | "med" => Some("medium"),
            "severe" | "fatal" | "emergency" => Some("critical"),
            other => self.nearest(other, known()),
        };
        let message = format!("expected a severity, found `{}`", name.text);
        let diagnostic = Diagnostic::error(Code::BadSeverity, name.span, message);
        self.report(match meant {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .patch(near),
            None => diagnostic.help("severities are none, info, low, medium, high, critical"),
        });
        None
    }

    fn template(&mut self, template: &ast::Template, scope: &Scope<'_>) -> ir::Template {
        let parts = template.parts.iter().filter_map(|part| match part {
            ast::TemplatePart::Text(text) => Some(ir::TemplatePart::Text(text.as_str().into())),
            ast::TemplatePart::Hole(expr) => self
                .value(expr, scope, None)
                .map(|value| ir::TemplatePart::Hole(value.id)),
        });
        ir::Template {
            parts: parts.collect(),
        }
    }

    fn alert_option(
        &mut self,
        option: &AlertOption,
        scope: &Scope<'_>,
        draft: &Draft<'a>,
        lowered: &mut ir::Alert,
    ) {
        match &option.kind {
            AlertOptionKind::Show(paths) => {
                lowered.show.extend(
                    paths
                        .iter()
                        .filter_map(|path| self.shown_field(path, draft)),
                );
            }
            AlertOptionKind::Note { text, when } => {
                let text = self.template(text, scope);
                let when = self.when(when.as_ref(), scope);
                lowered
                    .notes
                    .extend(when.map(|when| ir::Note { text, when }));
            }
            AlertOptionKind::Severity { level, when } => {
                let severity = self.severity(level);
                let when = when.as_ref().and_then(|when| self.condition(when, scope));
                lowered.severities.extend(severity.zip(when));
            }
            AlertOptionKind::Score { points, on, when } => {
                lowered
                    .scores
                    .extend(self.score(points, on, when.as_ref(), scope));
            }
            AlertOptionKind::Suppress { span, per } => {
                let span_of = self.positive_duration(span, "suppress");
                if per.is_empty() && draft.key.is_empty() {
                    let message = "the rule has no key, so `suppress` must say `per` what";
                    let diagnostic =
                        Diagnostic::error(Code::SuppressNeedsPer, option.span, message);
                    self.report(diagnostic.help("write `suppress 1h per identity`"));
                }
                let per: Vec<Option<ExprId>> = per
                    .iter()
                    .map(|path| self.suppressed(path, scope))
                    .collect();
                let per: Option<Vec<ExprId>> = per.into_iter().collect();
                if let (Some(span), Some(per)) = (span_of, per) {
                    lowered.suppress = Some(Suppress { span, per });
                }
            }
        }
    }

    #[expect(
        clippy::option_option,
        reason = "no condition differs from a wrong one"
    )]
    fn when(&mut self, when: Option<&Expr>, scope: &Scope<'_>) -> Option<Option<ExprId>> {
        match when {
            None => Some(None),
            Some(when) => self.condition(when, scope).map(Some),
        }
    }

    fn suppressed(&mut self, path: &Path, scope: &Scope<'_>) -> Option<ExprId> {
        let value = self.path_value(path, scope)?;
        Some(self.convert(value, &Type::Text).id)
    }

    fn score(
        &mut self,
        points: &Expr,
        on: &Path,
        when: Option<&Expr>,
        scope: &Scope<'_>,
    ) -> Option<Score> {
        let value = self.value(points, scope, None);
        let on = self.path_value(on, scope);
        let when = self.when(when, scope);
        let value = value.map(|value| self.convert_number(value))?;
        if !constant::is_number(&value.ty) {
            let found = constant::with_article(&value.ty);
            let message = format!("expected a number of points after `score`, found {found}");
            self.report(Diagnostic::error(Code::TypeMismatch, points.span, message));
            return None;
        }
        let on = self.convert(on?, &Type::Text);
        Some(Score {
            points: value.id,
            on: on.id,
            when: when?,
        })
    }

    /// Returns a field that is shown of one step, or of all where none is named.
    fn shown_field(&mut self, path: &Path, draft: &Draft<'a>) -> Option<(Option<StepId>, FieldId)> {
        let (head, rest) = path.parts.split_first()?;
        let scope = draft.rule_scope();
        let (step, parts) = match scope.find(&head.text) {
            Some((_, step)) if !rest.is_empty() => (Some(step.id), rest),
            Some(_) | None => (None, &*path.parts),
        };
        let bare = Path {
            parts: parts.to_vec(),
            span: path.span,
        };
        let meaning = self.meaning(&bare, &Scope::this(Place::Alert));
        match meaning {
            Ok(Meaning::Field(Row::This, field, ty, rest))
                if rest.is_empty() || ty == Type::Geo =>
            {
                Some((step, field))
            }
            Ok(Meaning::Poisoned) => None,
            Ok(_) => {
                let message = format!(
                    "expected a field to show, found `{}`",
                    self.quote(path.span)
                );
                let diagnostic = Diagnostic::error(Code::NotAValue, path.span, message);
                self.report(diagnostic.help(
                    "give the value a name: `field key.id: text = raw.userIdentity.accessKeyId`",
                ));
                None
            }
            Err(_) => {
                let name = crate::resolve::dotted(parts);
                let label = step.map(|_| head.text.as_str());
                self.report_unknown_field(&name, path.span, label);
                None
            }
        }
    }
}

/// Returns an alert that tells nothing.
pub(super) fn silent() -> ir::Alert {
    ir::Alert {
        severity: Severity::None,
        text: ir::Template::default(),
        show: Vec::new(),
        notes: Vec::new(),
        severities: Vec::new(),
        scores: Vec::new(),
        suppress: None,
    }
}
