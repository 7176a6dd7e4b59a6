//! Bounds in time: the window of the whole, and whether everything is bounded.
//!
//! Apart from the pattern because bounds are judged over all of it.

use super::{Draft, lacking};
use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Element, Window, WindowKind};
use crate::units::Duration;

impl<'a> Checker<'a> {
    /// Adds the window of the whole pattern, and reports what nothing bounds.
    pub(super) fn windows(&mut self, draft: &mut Draft<'a>) {
        let within = draft
            .clauses
            .within
            .map(|within| self.duration(within, "within"));
        let Some(last) = draft.shape.elements.len().checked_sub(1) else {
            return;
        };
        if let Some(Some(within)) = within {
            let whole = Window {
                first: 0,
                last,
                within,
                kind: WindowKind::Span,
            };
            draft.shape.windows.insert(0, whole);
        }
        if within.is_none() && !draft.clauses.has_frame() {
            self.report_unbounded(draft);
        }
    }

    fn report_unbounded(&mut self, draft: &Draft<'a>) {
        let elements = &draft.shape.elements;
        if let [Element::One(_)] = &**elements {
            return;
        }
        let windows = &draft.shape.windows;
        for (index, element) in elements.iter().enumerate() {
            let label = draft.shape.label(element);
            let what = if index > 0 && !joined(windows, index) {
                let before = elements
                    .get(index - 1)
                    .map(|before| draft.shape.label(before));
                format!(
                    "the time between `{}` and `{label}`",
                    before.unwrap_or_default()
                )
            } else if !matches!(element, Element::One(_)) && !held(windows, index) {
                format!("the time of `{label}`")
            } else {
                continue;
            };
            let message = format!("nothing bounds {what}");
            let diagnostic = lacking(Code::Unbounded, draft.ast, message);
            self.report(diagnostic.help("add `within 15m` after the pattern, or `each 1h`"));
            return;
        }
    }

    /// Returns how much earlier than its predecessor a step may be.
    pub(super) fn tolerate(&mut self, draft: &Draft<'a>) -> Option<Duration> {
        let (quantity, span) = draft.clauses.tolerate?;
        let tolerate = self.duration(quantity, "tolerate");
        if !draft.shape.is_plain() {
            let message = "`tolerate` fits a sequence of plain steps, and this is none";
            let diagnostic = Diagnostic::error(Code::BadTolerate, span, message);
            self.report(
                diagnostic.help("groups and `all of` take their events in any order already"),
            );
        }
        tolerate
    }
}

impl super::pattern::Shape<'_> {
    /// Returns what an element is called in a message.
    fn label(&self, element: &Element) -> String {
        let name = |id: &crate::ir::StepId| {
            self.names
                .get(id.index())
                .map(|name| name.label.clone())
                .unwrap_or_default()
        };
        match element {
            Element::One(id) | Element::Group(id) => name(id),
            Element::Set { members, .. } => members.iter().map(name).collect::<Vec<_>>().join(", "),
        }
    }

    /// Tells whether all elements are plain steps, and there are several.
    fn is_plain(&self) -> bool {
        self.elements.len() > 1
            && self
                .elements
                .iter()
                .all(|element| matches!(element, Element::One(_)))
    }
}

/// Tells whether a window bounds the step from the element before `index` to it.
fn joined(windows: &[Window], index: usize) -> bool {
    windows.iter().any(|window| match window.kind {
        WindowKind::Gap => window.first <= index && index <= window.last,
        WindowKind::Span => window.first < index && index <= window.last,
    })
}

/// Tells whether a window bounds the events of one element.
fn held(windows: &[Window], index: usize) -> bool {
    windows
        .iter()
        .any(|window| window.first <= index && index <= window.last)
}
