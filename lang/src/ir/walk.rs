//! Walking expressions.
//!
//! Apart from the tree so that every pass that asks "what does this read?" shares one list of
//! children.

use super::{
    ExprId, ExprKind, MemoryRead, Over, Patterns, Program, Row, Rule, Set, StepId, StepKind,
    TemplatePart,
};

impl ExprKind {
    /// Calls `visit` with each direct child, left to right.
    pub fn children(&self, visit: &mut dyn FnMut(ExprId)) {
        match self {
            ExprKind::Constant(_)
            | ExprKind::Field(..)
            | ExprKind::Raw(..)
            | ExprKind::GeoDistance
            | ExprKind::GeoSpeed
            | ExprKind::Elapsed
            | ExprKind::Key(_)
            | ExprKind::Notes => {}
            ExprKind::List(items)
            | ExprKind::And(items)
            | ExprKind::Or(items)
            | ExprKind::Call(_, items)
            | ExprKind::Identity(_, items)
            | ExprKind::Same(items)
            | ExprKind::Differs(items) => items.iter().copied().for_each(visit),
            ExprKind::Latitude(one)
            | ExprKind::Longitude(one)
            | ExprKind::Convert(one)
            | ExprKind::Not(one)
            | ExprKind::Exists(one)
            | ExprKind::Negate(one)
            | ExprKind::Part(one, _)
            | ExprKind::Lookup { key: one, .. } => visit(*one),
            ExprKind::Geo(left, right)
            | ExprKind::Default(left, right)
            | ExprKind::Compare(_, left, right)
            | ExprKind::CompareRank(_, _, left, right)
            | ExprKind::Arithmetic(_, left, right)
            | ExprKind::Index(left, right)
            | ExprKind::Pick(left, right)
            | ExprKind::Holds {
                list: left,
                value: right,
            }
            | ExprKind::Quantified {
                list: left,
                test: right,
                ..
            } => {
                visit(*left);
                visit(*right);
            }
            ExprKind::Match(_, text, patterns) => {
                visit(*text);
                patterns.computed().into_iter().for_each(visit);
            }
            ExprKind::In(value, set) => {
                visit(*value);
                set.computed().into_iter().for_each(visit);
            }
            ExprKind::During { time, key, .. } => {
                visit(*time);
                key.iter().copied().for_each(visit);
            }
            ExprKind::Aggregate {
                over,
                argument,
                filter,
                ..
            } => {
                match over {
                    Over::List(list) => visit(*list),
                    Over::Group(_) | Over::Window => {}
                }
                argument.iter().chain(filter).copied().for_each(visit);
            }
            ExprKind::Memory(_, _, read) => read.computed().into_iter().for_each(visit),
        }
    }
}

impl Patterns {
    /// Returns the expression that makes the pattern, if one does.
    fn computed(&self) -> Option<ExprId> {
        match self {
            Patterns::Expr(pattern) => Some(*pattern),
            Patterns::Texts(_) | Patterns::List(_) => None,
        }
    }
}

impl Set {
    /// Returns the expression that makes the set, if one does.
    fn computed(&self) -> Option<ExprId> {
        match self {
            Set::Expr(list) => Some(*list),
            Set::Values(_) | Set::Networks(_) | Set::List(_) | Set::Table(_) => None,
        }
    }
}

impl MemoryRead {
    /// Returns the expression whose value is asked for, if one is.
    fn computed(&self) -> Option<ExprId> {
        match self {
            MemoryRead::Contains(value) => Some(*value),
            MemoryRead::Value
            | MemoryRead::Size
            | MemoryRead::At
            | MemoryRead::Previous
            | MemoryRead::Statistic(_) => None,
        }
    }
}

impl Program {
    /// Calls `visit` with an expression and everything below it, parents first.
    pub fn walk(&self, id: ExprId, visit: &mut dyn FnMut(ExprId, &ExprKind)) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let kind = &self.exprs[id].kind;
            visit(id, kind);
            let first = open.len();
            kind.children(&mut |child| open.push(child));
            if let Some(children) = open.get_mut(first..) {
                children.reverse();
            }
        }
    }

    /// Returns the steps an expression names, each once, in order of first mention.
    #[must_use]
    pub fn steps_read(&self, id: ExprId) -> Vec<StepId> {
        let mut steps = Vec::new();
        self.walk(id, &mut |_, kind| {
            let step = match kind {
                ExprKind::Field(Row::Step(step), _)
                | ExprKind::Raw(super::RawRoot::Event(Row::Step(step)), _)
                | ExprKind::Memory(_, Row::Step(step), _)
                | ExprKind::Aggregate {
                    over: Over::Group(step),
                    ..
                } => *step,
                _ => return,
            };
            if !steps.contains(&step) {
                steps.push(step);
            }
        });
        steps
    }

    /// Tells whether an expression ranges over the whole match: `same`, `geo speed`, `elapsed` …
    #[must_use]
    pub fn reads_match(&self, id: ExprId) -> bool {
        let mut found = false;
        self.walk(id, &mut |_, kind| {
            found |= matches!(
                kind,
                ExprKind::Same(_)
                    | ExprKind::Differs(_)
                    | ExprKind::GeoDistance
                    | ExprKind::GeoSpeed
                    | ExprKind::Elapsed
            );
        });
        found
    }
}

impl Rule {
    /// Returns every expression it evaluates over bound steps; the terms of its key are not among them.
    #[must_use]
    pub fn expressions(&self) -> Vec<ExprId> {
        let mut conditions: Vec<_> = self.conditions.iter().collect();
        for (_, step) in self.steps.iter() {
            conditions.extend(&step.conditions);
            match &step.kind {
                StepKind::One => {}
                StepKind::Group(group) => conditions.extend(&group.conditions),
            }
        }
        let absences = self.absences.iter();
        conditions.extend(absences.flat_map(|absence| &absence.conditions));
        let mut all: Vec<ExprId> = conditions.into_iter().map(|one| one.expr).collect();
        all.extend(self.alert_expressions());
        all
    }

    /// Returns every expression of its alert.
    fn alert_expressions(&self) -> Vec<ExprId> {
        let alert = &self.alert;
        let texts = alert.notes.iter().map(|note| &note.text);
        let parts = texts.chain([&alert.text]).flat_map(|text| &text.parts);
        let mut all: Vec<ExprId> = parts
            .filter_map(|part| match part {
                TemplatePart::Hole(expr) => Some(*expr),
                TemplatePart::Text(_) => None,
            })
            .collect();
        all.extend(alert.notes.iter().filter_map(|note| note.when));
        all.extend(alert.severities.iter().map(|(_, when)| *when));
        for score in &alert.scores {
            all.extend([score.points, score.on].into_iter().chain(score.when));
        }
        let suppress = alert.suppress.iter();
        all.extend(suppress.flat_map(|suppress| suppress.per.iter().copied()));
        all
    }
}
