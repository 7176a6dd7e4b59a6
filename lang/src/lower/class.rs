//! Classes: events, and the alerts of each rule.
//!
//! Apart from rules because a class is a predicate over one event and knows no time.

use crate::check::{Checker, Place, Scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, ClassId, ClassKind, RuleId};
use crate::resolve::Declared;

/// `any`.
pub(crate) const ANY: ClassId = ClassId(0);
/// `alert`.
pub(crate) const ALERT: ClassId = ClassId(1);

impl Checker<'_> {
    pub(super) fn lower_classes(&mut self, declared: &Declared<'_>) {
        let none = crate::file::Span::default();
        self.program.classes.add(ir::Class {
            name: "any".into(),
            kind: ClassKind::Any,
            span: none,
        });
        self.program.classes.add(ir::Class {
            name: "alert".into(),
            kind: ClassKind::Alert,
            span: none,
        });
        for (event, span) in &declared.events {
            let base = match &event.base {
                None => Some(ANY),
                Some(base) => self.class(base),
            };
            let conditions = self.filters(&event.filters, &Scope::this(Place::Event));
            let kind = ClassKind::Where {
                base: base.unwrap_or(ANY),
                conditions,
            };
            let name = event.name.text.as_str().into();
            self.program.classes.add(ir::Class {
                name,
                kind,
                span: *span,
            });
        }
        for (index, (rule, span)) in declared.rules.iter().enumerate() {
            let kind = ClassKind::AlertOf(RuleId::from(index));
            let name = rule.name.text.as_str().into();
            self.program.classes.add(ir::Class {
                name,
                kind,
                span: *span,
            });
        }
        self.report_class_cycles(declared);
    }

    /// Reports events that build on themselves, and cuts the cycle.
    fn report_class_cycles(&mut self, declared: &Declared<'_>) {
        let mut stamps = vec![0; self.program.classes.len()];
        for (index, (event, _)) in declared.events.iter().enumerate() {
            let start = ClassId::from(index + 2);
            let stamp = index + 1;
            let mut next = Some(start);
            while let Some(class) = next {
                let Some(seen) = stamps.get_mut(class.index()).filter(|seen| **seen != stamp)
                else {
                    self.cut_cycle(class, &event.name);
                    break;
                };
                if *seen != 0 {
                    break;
                }
                *seen = stamp;
                next = self.base(class);
            }
        }
    }

    fn cut_cycle(&mut self, start: ClassId, name: &crate::syntax::ast::Name) {
        const NAMES_MAX: usize = 8;
        let mut names = vec![self.program.classes[start].name.to_string()];
        let mut next = self.base(start);
        while let Some(class) = next.filter(|_| names.len() < NAMES_MAX) {
            names.push(self.program.classes[class].name.to_string());
            next = self.base(class).filter(|_| class != start);
        }
        let message = format!("an event cannot build on itself: {}", names.join(" = "));
        self.report(Diagnostic::error(Code::Cycle, name.span, message));
        if let ClassKind::Where { base, .. } = &mut self.program.classes[start].kind {
            *base = ANY;
        }
    }

    fn base(&self, class: ClassId) -> Option<ClassId> {
        match &self.program.classes[class].kind {
            ClassKind::Where { base, .. } => Some(*base),
            ClassKind::Any | ClassKind::Alert | ClassKind::AlertOf(_) => None,
        }
    }

    /// Returns a class and what it builds on, itself first.
    pub(crate) fn bases(&self, class: ClassId) -> Vec<ClassId> {
        let mut chain = vec![class];
        while let Some(base) = chain.last().and_then(|last| self.base(*last)) {
            chain.push(base);
        }
        chain
    }
}
