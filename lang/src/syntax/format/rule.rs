//! The layout of rules: metadata, pattern, clauses, alert, a line each.
//!
//! Apart from patterns because here lines are counted, not columns.

use crate::file::Span;
use crate::syntax::ast::{
    Alert, AlertOptionKind, Clause, ClauseKind, Interval, IntervalKind, Meta, MetaKind, Name, Rule,
    Without,
};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::Layout;

/// A line of a rule, in the order they stand.
enum Line<'r> {
    Meta(&'r Meta),
    When,
    Clause(&'r Clause),
    /// `within D where EXPR`
    Bounded(&'r Clause, &'r Clause),
    Alert(&'r Alert),
}

impl Layout<'_> {
    pub(super) fn rule(&mut self, rule: &Rule, span: Span) -> Doc {
        let head = self.head("rule", &rule.name, rule.title.as_ref());
        let lines = lines_of(rule);
        let spans: Vec<Span> = lines
            .iter()
            .map(|(span, line)| self.line_span(*span, line))
            .collect();
        self.block(head, &spans, span.end, |layout, at| {
            match lines.get(at).map(|(_, line)| line) {
                Some(Line::Meta(meta)) => layout.meta(meta),
                Some(Line::When) => layout.rule_pattern(rule),
                Some(Line::Clause(clause)) => layout.clause(clause),
                Some(Line::Bounded(within, filter)) => layout.bounded(within, filter),
                Some(Line::Alert(alert)) => layout.alert(alert),
                None => Doc::none(),
            }
        })
    }

    /// A pattern stands without its `when`; other lines have their first word.
    fn line_span(&self, span: Span, line: &Line<'_>) -> Span {
        match line {
            Line::When => self.starting_at("when", span),
            Line::Meta(_) | Line::Clause(_) | Line::Bounded(..) | Line::Alert(_) => span,
        }
    }

    fn meta(&mut self, meta: &Meta) -> Doc {
        let (word, rest) = match &meta.kind {
            MetaKind::About(text) => ("about", self.text(text)),
            MetaKind::FalsePositives(text) => ("false positives", self.text(text)),
            MetaKind::Status(level) => ("status", self.name(level)),
            MetaKind::Attack(ids) => ("attack", self.commas(ids, |id| id.span, Self::name)),
            MetaKind::Tags(tags) => ("tags", self.commas(tags, |tag| tag.span, Self::name)),
            MetaKind::References(texts) => (
                "references",
                self.commas(texts, |text| text.span, Self::text),
            ),
        };
        self.after(word, Doc::group(Doc::indent(rest)))
    }

    fn rule_pattern(&mut self, rule: &Rule) -> Doc {
        let Some(pattern) = &rule.pattern else {
            return Doc::none();
        };
        let pattern = self.pattern(pattern);
        self.after("when", Doc::group(pattern))
    }

    fn bounded(&mut self, within: &Clause, filter: &Clause) -> Doc {
        let first = self.clause(within);
        let line = self.separate(within.span.end, filter.span.start, Doc::Line);
        let second = self.clause(filter);
        Doc::group(Doc::Concat(vec![first, line, second]))
    }

    fn clause(&mut self, clause: &Clause) -> Doc {
        match &clause.kind {
            ClauseKind::Within(span) => {
                let span = self.quantity(span);
                self.after("within", span)
            }
            ClauseKind::Filter(filter) => self.filter(filter),
            ClauseKind::Without(without) => self.without(without),
            ClauseKind::OnMatch(mode) => {
                let mode = self.name(mode);
                self.after("on match", mode)
            }
            ClauseKind::Each { every, zone } => self.window("each", every, zone.as_ref()),
            ClauseKind::Session { gap, up_to } => {
                let gap = self.quantity(gap);
                let mut docs = vec![self.after("session gap", gap)];
                if let Some(up_to) = up_to {
                    let up_to = self.quantity(up_to);
                    docs.extend([Doc::text(" "), self.after("up to", up_to)]);
                }
                Doc::Concat(docs)
            }
            ClauseKind::Tolerate(span) => {
                let span = self.quantity(span);
                self.after("tolerate", span)
            }
            ClauseKind::Global => Doc::text("global"),
            ClauseKind::AcrossTenants => Doc::text("across tenants"),
        }
    }

    fn without(&mut self, without: &Without) -> Doc {
        let class = self.class(&without.class, without.name.as_ref());
        let mut docs = vec![self.after("without", class)];
        let end = without
            .name
            .as_ref()
            .unwrap_or(&without.class.name)
            .span
            .end;
        let mut rest = vec![self.filters(end, &without.filters)];
        if let Some(interval) = &without.interval {
            let end = without.filters.last().map_or(end, |filter| filter.span.end);
            rest.push(self.separate(end, interval.span.start, Doc::Line));
            rest.push(self.interval(interval));
        }
        docs.push(Doc::indent(Doc::Concat(rest)));
        Doc::group(Doc::Concat(docs))
    }

    fn interval(&mut self, interval: &Interval) -> Doc {
        match &interval.kind {
            IntervalKind::Between(first, second) => {
                let first = self.name(first);
                let second = self.name(second);
                Doc::Concat(vec![
                    self.after("between", first),
                    Doc::text(" and "),
                    second,
                ])
            }
            IntervalKind::Inside(group) => {
                let group = self.name(group);
                self.after("between", group)
            }
            IntervalKind::Around { before, after } => {
                let mut docs = vec![Doc::text("within ")];
                let sides = [("before", before), ("after", after)];
                for (word, side) in sides {
                    let Some((span, step)) = side else { continue };
                    if docs.len() > 1 {
                        docs.push(Doc::text(" or "));
                    }
                    docs.push(self.side(word, span, step));
                }
                Doc::Concat(docs)
            }
        }
    }

    fn side(&mut self, word: &str, span: &crate::syntax::ast::Quantity, step: &Name) -> Doc {
        let span = self.quantity(span);
        let step = self.name(step);
        Doc::Concat(vec![span, Doc::text(" "), self.after(word, step)])
    }

    fn alert(&mut self, alert: &Alert) -> Doc {
        let severity = self.name(&alert.severity);
        let mut docs = vec![self.after("alert", severity)];
        let mut end = alert.severity.span.end;
        if let Some(text) = &alert.text {
            docs.extend([Doc::text(" "), self.written(text.span)]);
            end = text.span.end;
        }
        let spans: Vec<Span> = alert.options.iter().map(|option| option.span).collect();
        if let Some(first) = spans.first() {
            docs.push(self.trailing(end, first.start));
            let options = self.lines(&spans, alert.span.end, |layout, at| {
                alert
                    .options
                    .get(at)
                    .map_or_else(Doc::none, |option| layout.alert_option(&option.kind))
            });
            docs.push(Doc::indent(options));
        }
        Doc::Concat(docs)
    }

    fn alert_option(&mut self, option: &AlertOptionKind) -> Doc {
        match option {
            AlertOptionKind::Show(paths) => {
                let paths = self.paths(paths);
                self.after("show", Doc::group(Doc::indent(paths)))
            }
            AlertOptionKind::Note { text, when } => {
                let end = text.span.end;
                let text = self.written(text.span);
                let head = self.after("note", text);
                Doc::group(Doc::Concat(vec![head, self.when(end, when.as_ref())]))
            }
            AlertOptionKind::Severity { level, when } => {
                let level_doc = self.name(level);
                let head = self.after("severity", level_doc);
                Doc::group(Doc::Concat(vec![
                    head,
                    self.when(level.span.end, when.as_ref()),
                ]))
            }
            AlertOptionKind::Score { points, on, when } => {
                let points = self.expression(points);
                let end = on.span.end;
                let on = self.path(on);
                let head = Doc::Concat(vec![Doc::text("score "), points, Doc::text(" on "), on]);
                Doc::group(Doc::Concat(vec![head, self.when(end, when.as_ref())]))
            }
            AlertOptionKind::Suppress { span, per } => {
                let span = self.quantity(span);
                let mut docs = vec![self.after("suppress", span)];
                if !per.is_empty() {
                    docs.extend([Doc::text(" "), self.per(per)]);
                }
                Doc::Concat(docs)
            }
        }
    }
}

/// Returns the lines of a rule; a bound and the condition behind it share one.
fn lines_of(rule: &Rule) -> Vec<(Span, Line<'_>)> {
    let mut lines: Vec<(Span, Line<'_>)> = rule
        .meta
        .iter()
        .map(|meta| (meta.span, Line::Meta(meta)))
        .collect();
    if let Some(pattern) = &rule.pattern {
        lines.push((pattern.span, Line::When));
    }
    let mut clauses = rule.clauses.iter().peekable();
    while let Some(clause) = clauses.next() {
        let bound = matches!(clause.kind, ClauseKind::Within(_));
        let filter = clauses.next_if(|next| bound && is_where(next));
        lines.push(match filter {
            Some(filter) => (clause.span.to(filter.span), Line::Bounded(clause, filter)),
            None => (clause.span, Line::Clause(clause)),
        });
    }
    lines.extend(
        rule.alert
            .iter()
            .map(|alert| (alert.span, Line::Alert(alert))),
    );
    lines
}

fn is_where(clause: &Clause) -> bool {
    matches!(&clause.kind, ClauseKind::Filter(filter) if !filter.unless)
}
