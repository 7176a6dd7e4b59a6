//! Tests: times resolved, events made to belong to their class, values of the fields' types.
//!
//! Apart from rules because a test is written against what a rule came out as.

use crate::check::{Checker, Meaning, Place, Scope, bare, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{
    self, ClassId, ClassKind, Comparison, ExprId, ExprKind, FieldId, Row, RuleId, Set, Severity,
    TestLineKind,
};
use crate::resolve::{Declared, Global, dotted};
use crate::syntax::ast::{self, Expr, Name, Path, TestTime, TestTimeKind};
use crate::types::{EnumType, Type};
use crate::units::{DAY, Timestamp};
use crate::value::Value;

/// Day 1 of every test: Monday 2026-01-05, 00:00 UTC.
const DAY_ONE: i64 = 20_458 * DAY;

impl Checker<'_> {
    pub(super) fn lower_tests(&mut self, declared: &Declared<'_>) {
        for (test, span) in &declared.tests {
            let lowered = self.lower_test(test, *span);
            self.program.tests.push(lowered);
        }
    }

    fn lower_test(&mut self, test: &ast::Test, span: Span) -> ir::Test {
        let rule = test.rule.as_ref().and_then(|name| self.tested_rule(name));
        let mut now = Timestamp(DAY_ONE);
        let mut lines = Vec::new();
        for line in &test.lines {
            let kind = self.test_line(&line.kind, rule, &mut now);
            lines.extend(kind.map(|kind| ir::TestLine {
                kind,
                span: line.span,
            }));
        }
        ir::Test {
            name: test.name.value.as_str().into(),
            rule,
            lines,
            span,
        }
    }

    fn tested_rule(&mut self, name: &Name) -> Option<RuleId> {
        if let Some(rule) = self.names.rules.get(name.text.as_str()) {
            return Some(*rule);
        }
        if self.names.is_torn(&name.text) {
            return None;
        }
        let message = format!("no rule is called `{}`", name.text);
        let diagnostic = Diagnostic::error(Code::UnknownRule, name.span, message);
        self.report(
            match self.nearest(&name.text, self.names.rules.keys().copied()) {
                Some(near) => diagnostic
                    .help(format!("did you mean `{near}`?"))
                    .patch(near),
                None => diagnostic,
            },
        );
        None
    }

    fn test_line(
        &mut self,
        kind: &ast::TestLineKind,
        rule: Option<RuleId>,
        now: &mut Timestamp,
    ) -> Option<TestLineKind> {
        Some(match kind {
            ast::TestLineKind::Event { at, class, fields } => {
                let time = self.test_time(at, now);
                let class_id = self.class(&class.name);
                let given = self.test_fields(fields);
                let (time, class_id, given) = (time?, class_id?, given?);
                self.made(class_id, &class.name)?;
                let fields = self.filled(class_id, given);
                TestLineKind::Event {
                    time,
                    class: class_id,
                    fields,
                }
            }
            ast::TestLineKind::Feed(text) => TestLineKind::Feed(text.value.as_str().into()),
            ast::TestLineKind::Advance(at) => TestLineKind::Advance(self.test_time(at, now)?),
            ast::TestLineKind::Alerts { count, at, fields } => {
                let at = match at {
                    Some(at) => Some(self.test_time(at, now)?),
                    None => None,
                };
                let fields = self.expected(fields, rule)?;
                TestLineKind::Alerts {
                    count: *count,
                    at,
                    fields,
                }
            }
            ast::TestLineKind::Pending => TestLineKind::Pending,
            ast::TestLineKind::Forwarded(count) => TestLineKind::Forwarded(*count),
        })
    }

    /// Returns the instant of a line, which the next line may count from.
    fn test_time(&mut self, at: &TestTime, now: &mut Timestamp) -> Option<Timestamp> {
        let time = match at.kind {
            TestTimeKind::Clock { day, time } => {
                let day = i64::from(day.unwrap_or(1));
                if day == 0 {
                    let message = "expected a day from 1, found day 0";
                    self.report(Diagnostic::error(Code::BadTestValue, at.span, message));
                    return None;
                }
                Timestamp(
                    DAY_ONE
                        .saturating_add((day - 1).saturating_mul(DAY))
                        .saturating_add(time),
                )
            }
            TestTimeKind::After(span) => now.plus(span),
            TestTimeKind::Instant(instant) => Timestamp(instant),
        };
        if time < Timestamp::MIN || time > Timestamp::MAX {
            let message = "expected a time between the years 1970 and 9999";
            self.report(Diagnostic::error(Code::BadTestValue, at.span, message));
            return None;
        }
        *now = time;
        Some(time)
    }

    /// Looks whether a test can make an event of a class.
    fn made(&mut self, class: ClassId, name: &Name) -> Option<()> {
        let alerts = self.bases(class).into_iter().any(|class| {
            matches!(
                self.program.classes[class].kind,
                ClassKind::Alert | ClassKind::AlertOf(_)
            )
        });
        if !alerts {
            return Some(());
        }
        let message = format!(
            "a test cannot make an alert, and `{}` is a class of alerts",
            name.text
        );
        let diagnostic = Diagnostic::error(Code::BadTestEvent, name.span, message);
        self.report(diagnostic.help("make the events that raise it"));
        None
    }

    fn test_fields(&mut self, fields: &[(Path, Expr)]) -> Option<Vec<(FieldId, Value)>> {
        let values: Vec<Option<(FieldId, Value)>> = fields
            .iter()
            .map(|(path, expr)| self.test_field(path, expr))
            .collect();
        values.into_iter().collect()
    }

    fn test_field(&mut self, path: &Path, expr: &Expr) -> Option<(FieldId, Value)> {
        let name = dotted(&path.parts);
        let Some(info) = self.names.fields.get(&name).cloned() else {
            self.report_unknown_field(&name, path.span, None);
            return None;
        };
        let value = self.test_value(expr, &info.ty?)?;
        Some((info.id, value))
    }

    /// Returns a value written in a test, of the type of its field.
    fn test_value(&mut self, expr: &Expr, want: &Type) -> Option<Value> {
        self.not_a_list(expr, want)?;
        self.not_a_word(expr, want)?;
        let found = self.value(expr, &Scope::this(Place::Test), Some(want))?;
        let Some(value) = self.folded(found.id) else {
            let message = format!("expected a literal, found `{}`", self.quote(expr.span));
            self.report(Diagnostic::error(Code::BadTestValue, expr.span, message));
            return None;
        };
        let narrowed = *want == Type::Int && found.ty != Type::Int;
        let fits = *want == Type::Any || found.ty == *want || self.comparable(&found.ty, want);
        if fits && !narrowed {
            let converted = crate::value::convert(&value, want);
            return Some(converted.unwrap_or(value));
        }
        let message = format!(
            "expected {}, found {}",
            constant::with_article(want),
            constant::with_article(&found.ty)
        );
        let text = self.quote(expr.span);
        let diagnostic = Diagnostic::error(Code::BadTestValue, expr.span, message);
        self.report(match (constant::unit_of(want), want) {
            (Some(unit), _) if constant::is_number(&found.ty) => diagnostic
                .help(format!("write a unit: `{text}{unit}`"))
                .patch(format!("{text}{unit}")),
            (_, Type::Text) => diagnostic
                .help(format!("write `\"{text}\"`"))
                .patch(format!("\"{text}\"")),
            (_, Type::List(_)) => diagnostic
                .help(format!("write `[{text}]`"))
                .patch(format!("[{text}]")),
            (_, _) => diagnostic,
        });
        None
    }

    /// Looks whether a list stands where one value should.
    fn not_a_list(&mut self, expr: &Expr, want: &Type) -> Option<()> {
        let is_list = matches!(bare(expr).kind, ast::ExprKind::List(_));
        if !is_list || matches!(want, Type::List(_) | Type::Any) {
            return Some(());
        }
        let message = format!("expected {}, found a list", constant::with_article(want));
        self.report(Diagnostic::error(Code::BadTestValue, expr.span, message));
        None
    }

    /// Looks whether a bare word stands where a literal should, in a list too.
    fn not_a_word(&mut self, expr: &Expr, want: &Type) -> Option<()> {
        if let ast::ExprKind::List(items) = &bare(expr).kind {
            let element = want.element().unwrap_or(want);
            let words: Vec<Option<()>> = items
                .iter()
                .map(|item| self.not_a_word(item, element))
                .collect();
            return words.into_iter().collect();
        }
        let ast::ExprKind::Path(path) = &bare(expr).kind else {
            return Some(());
        };
        let is_param = matches!(
            self.meaning(path, &Scope::this(Place::Test)),
            Ok(Meaning::Global(Global::Param(_)))
        );
        if is_param || matches!(want, Type::Enum(_)) {
            return Some(());
        }
        let text = self.quote(expr.span);
        let message = format!(
            "expected {}, found the word `{text}`",
            constant::with_article(want)
        );
        let diagnostic = Diagnostic::error(Code::BadTestValue, expr.span, message);
        self.report(if *want == Type::Text {
            diagnostic
                .help(format!("write `\"{text}\"`"))
                .patch(format!("\"{text}\""))
        } else {
            diagnostic
        });
        None
    }

    /// Returns the value of an expression that is made of literals alone, and of functions of them.
    fn folded(&self, id: ExprId) -> Option<Value> {
        match &self.program.exprs[id].kind {
            ExprKind::Constant(value) => Some(value.clone()),
            ExprKind::List(items) => {
                let items: Option<Vec<Value>> = items.iter().map(|id| self.folded(*id)).collect();
                items.map(|items| Value::List(items.into()))
            }
            ExprKind::Geo(lat, lon) => {
                let (lat, lon) = (self.folded(*lat)?.number()?, self.folded(*lon)?.number()?);
                let place = crate::value::geo::coordinates(lat, lon);
                Some(place.map_or(Value::Missing, Value::Geo))
            }
            ExprKind::Call(name, arguments) => {
                let arguments: Option<Vec<Value>> =
                    arguments.iter().map(|id| self.folded(*id)).collect();
                let builtin = crate::builtins::find(name)?;
                arguments.map(|arguments| (builtin.call)(&arguments))
            }
            _ => None,
        }
    }

    /// Returns the fields given, then those that the class's definition asks for.
    fn filled(&self, class: ClassId, mut fields: Vec<(FieldId, Value)>) -> Vec<(FieldId, Value)> {
        for class in self.bases(class) {
            let ClassKind::Where { conditions, .. } = &self.program.classes[class].kind else {
                continue;
            };
            for condition in conditions.iter().filter(|condition| !condition.unless) {
                self.fill(condition.expr, &mut fields);
            }
        }
        fields
    }

    /// Adds what a condition asks of a field, where it asks for one value or the first of several.
    fn fill(&self, id: ExprId, fields: &mut Vec<(FieldId, Value)>) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            match &self.program.exprs[id].kind {
                ExprKind::And(parts) => open.extend(parts.iter().rev()),
                ExprKind::Or(parts) => open.extend(parts.first()),
                kind => {
                    if let Some((field, value)) = self.asked(kind)
                        && !fields.iter().any(|(given, _)| *given == field)
                    {
                        fields.push((field, value));
                    }
                }
            }
        }
    }

    fn asked(&self, kind: &ExprKind) -> Option<(FieldId, Value)> {
        match kind {
            ExprKind::Compare(Comparison::Is | Comparison::Equal, left, right) => {
                let sides = self.this_field(*left).zip(self.constant(*right));
                let turned = || self.this_field(*right).zip(self.constant(*left));
                sides
                    .or_else(turned)
                    .map(|(field, value)| (field, value.clone()))
            }
            ExprKind::In(left, set) => {
                let first = match set {
                    Set::Values(values) => values.first().cloned(),
                    Set::Networks(networks) => {
                        networks.first().map(|network| Value::Ip(network.address))
                    }
                    Set::List(list) => self.program.lists[*list].items.first().cloned(),
                    Set::Table(_) | Set::Expr(_) => None,
                };
                self.this_field(*left).zip(first)
            }
            ExprKind::Holds { list, value } => {
                let value = self.constant(*value)?.clone();
                Some((self.this_field(*list)?, Value::List([value].into())))
            }
            ExprKind::Field(Row::This, field) => Some((*field, Value::Bool(true))),
            ExprKind::Not(inner) => {
                let inner = &self.program.exprs[*inner];
                let ExprKind::Field(Row::This, field) = inner.kind else {
                    return None;
                };
                (inner.ty == Type::Bool).then_some((field, Value::Bool(false)))
            }
            _ => None,
        }
    }

    fn this_field(&self, id: ExprId) -> Option<FieldId> {
        let ExprKind::Field(Row::This, field) = &self.program.exprs[id].kind else {
            return None;
        };
        Some(*field)
    }

    /// Returns what an alert must carry: parts of its key, fields, or attributes of its own.
    fn expected(
        &mut self,
        fields: &[(Path, Expr)],
        rule: Option<RuleId>,
    ) -> Option<Vec<(std::sync::Arc<str>, Value)>> {
        let found: Vec<Option<(std::sync::Arc<str>, Value)>> = fields
            .iter()
            .map(|(path, expr)| self.expected_one(path, expr, rule))
            .collect();
        found.into_iter().collect()
    }

    fn expected_one(
        &mut self,
        path: &Path,
        expr: &Expr,
        rule: Option<RuleId>,
    ) -> Option<(std::sync::Arc<str>, Value)> {
        let name = dotted(&path.parts);
        let Some(ty) = self.carried(&name, rule) else {
            self.report_not_carried(&name, path.span, rule);
            return None;
        };
        let is_list = matches!(bare(expr).kind, ast::ExprKind::List(_));
        let ty = if is_list && ty.element().is_none() {
            Type::List(Box::new(ty))
        } else {
            ty
        };
        let value = self.test_value(expr, &ty)?;
        Some((name.into(), value))
    }

    /// Returns the type of something that an alert carries.
    fn carried(&self, name: &str, rule: Option<RuleId>) -> Option<Type> {
        let rule = rule.and_then(|rule| self.program.rules.as_slice().get(rule.index()));
        let components = rule.map(|rule| &*rule.key.components).unwrap_or_default();
        let is_called = |component: &&ir::KeyComponent| {
            *component.name == *name || component.shown.iter().any(|(shown, _)| **shown == *name)
        };
        if let Some(component) = components.iter().find(is_called) {
            let (_, term) = component.terms.first()?;
            let ty = &self.program.exprs[*term].ty;
            return Some(ty.element().unwrap_or(ty).clone());
        }
        attribute(name).or_else(|| self.names.fields.get(name)?.ty.clone())
    }

    fn report_not_carried(&mut self, name: &str, span: Span, rule: Option<RuleId>) {
        let rule = rule.and_then(|rule| self.program.rules.as_slice().get(rule.index()));
        let keys: Vec<String> = rule
            .map(|rule| {
                rule.key
                    .components
                    .iter()
                    .map(|part| part.name.to_string())
                    .collect()
            })
            .unwrap_or_default();
        let known = keys
            .iter()
            .map(String::as_str)
            .chain(ATTRIBUTES.iter().map(|(name, _)| *name))
            .chain(self.names.fields.keys().map(String::as_str));
        let near = self.nearest(name, known).map(str::to_owned);
        let message = format!("no alert of the rule carries `{name}`");
        let diagnostic = Diagnostic::error(Code::BadExpectation, span, message);
        self.report(match near {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .patch(near),
            None => {
                diagnostic.help("it carries its key, what it shows, severity, text, score, notes")
            }
        });
    }
}

/// What every alert carries besides its key and fields.
const ATTRIBUTES: [(&str, Type); 14] = [
    ("severity", Type::Text),
    ("rule", Type::Text),
    ("title", Type::Text),
    ("text", Type::Text),
    ("time", Type::Time),
    ("from", Type::Time),
    ("to", Type::Time),
    ("score", Type::Float),
    ("score_on", Type::Text),
    ("suppressed", Type::Int),
    ("complete", Type::Bool),
    ("note", Type::Text),
    ("notes", Type::Any),
    ("alert_id", Type::Text),
];

/// Returns the type of an attribute of an alert.
fn attribute(name: &str) -> Option<Type> {
    if name == "severity" {
        let symbols = Severity::ALL
            .iter()
            .map(|(_, name)| (*name).into())
            .collect();
        return Some(Type::Enum(std::sync::Arc::new(EnumType {
            symbols,
            ordered: true,
        })));
    }
    ATTRIBUTES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, ty)| ty.clone())
}

#[cfg(test)]
mod tests {
    use super::DAY_ONE;
    use crate::time::parse_rfc3339;

    #[test]
    fn day_one_is_the_monday_the_tests_begin_on() {
        assert_eq!(
            parse_rfc3339("2026-01-05T00:00:00Z").map(|time| time.0),
            Some(DAY_ONE)
        );
    }
}
