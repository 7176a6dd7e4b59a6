//! What the events of a match have in common: `same`, and equalities that connect steps.
//!
//! Apart from conditions because a key decides which events ever meet.

use super::join::{Join, Side, is_key};
use super::{Draft, lacking};
use crate::check::{Checker, KeyName, StepName, Typed};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::file::Span;
use crate::ir::{Absence, ExprId, Key, KeyComponent, StepId};
use crate::syntax::ast::{ClauseKind, Path, Rule};
use crate::types::Type;

/// The most components of a key; further equalities stay conditions.
const COMPONENTS_MAX: usize = 16;

/// A key while it is gathered.
#[derive(Default)]
pub(super) struct KeyDraft {
    components: Vec<Component>,
    /// Paths whose declaration is wrong: the rule has a key, and no one knows which.
    poisoned: bool,
    /// Where the first `same` stands.
    first: Option<Span>,
}

/// A component of a key.
enum Component {
    /// `PATH same`
    Same { path: String, value: Typed },
    /// Paths of different steps that are equal.
    Join {
        sides: Vec<Side>,
        exact: bool,
        /// Of each equality the side of the earlier step.
        shown: Vec<Side>,
    },
}

impl Checker<'_> {
    /// Adds the paths of a `same` to the key.
    pub(super) fn same_key(&mut self, paths: &[Path], draft: &mut Draft<'_>) {
        for path in paths {
            draft.key.first.get_or_insert(path.span);
            let name = crate::resolve::dotted(&path.parts);
            if draft.key.poisoned || draft.key.same(&name).is_some() {
                continue;
            }
            if draft.key.components.len() >= COMPONENTS_MAX {
                let message = format!("a key may have {COMPONENTS_MAX} parts, found more");
                self.report(Diagnostic::error(Code::BadCount, path.span, message));
                draft.key.poisoned = true;
                continue;
            }
            match self.same_value(path, draft) {
                Some(value) => draft
                    .key
                    .components
                    .push(Component::Same { path: name, value }),
                None => draft.key.poisoned = true,
            }
        }
    }

    /// Returns the value of a path that all events of a match have in common.
    fn same_value(&mut self, path: &Path, draft: &Draft<'_>) -> Option<Typed> {
        if let Some(head) = path.parts.first()
            && path.parts.len() > 1
            && draft.rule_scope().find(&head.text).is_some()
        {
            let rest = crate::resolve::dotted(path.parts.get(1..).unwrap_or_default());
            let message = format!(
                "`same` is about all events of the match, found one step's `{}`",
                head.text
            );
            let diagnostic = Diagnostic::error(Code::NotHere, path.span, message);
            self.report(diagnostic.help(format!(
                "write `{rest} same`, or `b.{rest} is a.{rest}` for two steps"
            )));
            return None;
        }
        let value = self.path_of_every(path)?;
        let value = self.convert(value, &Type::Text);
        let element = value.ty.element().unwrap_or(&value.ty);
        if is_key(element) || matches!(element, Type::Float | Type::Any) {
            return Some(value);
        }
        let message = format!(
            "expected a value that can be equal in `same`, found {}",
            value.ty
        );
        let diagnostic = Diagnostic::error(Code::TypeMismatch, path.span, message);
        self.report(diagnostic.help("compare places with `geo distance`"));
        None
    }

    /// Adds an equality to the key; tells whether it could be added, and is no condition then.
    pub(super) fn add_join(&mut self, join: Join, draft: &mut Draft<'_>) -> bool {
        draft.key.join(join)
    }

    /// Reports a rule whose events nothing connects.
    pub(super) fn required_key(&mut self, draft: &Draft<'_>, absences: &[Absence]) {
        let steps = &draft.shape.names;
        let relates = steps.len() > 1
            || steps.iter().any(|step| step.group)
            || !draft.clauses.absences.is_empty();
        if !relates || steps.is_empty() || draft.key.poisoned {
            return;
        }
        let same = draft.key.has_same();
        let apart = draft.key.unconnected(steps);
        let lone_group = steps.len() == 1 && steps.iter().any(|step| step.group);
        let connected = apart.is_none() && !lone_group;
        let hangs = absences
            .iter()
            .all(|absence| !absence.joins.is_empty() || absence.key.iter().any(Option::is_some));
        match draft.clauses.global {
            Some(span) if same || (connected && steps.len() > 1) => {
                let message = "`global` beside a key: the rule has one already";
                let mut diagnostic = Diagnostic::error(Code::GlobalWithKey, span, message)
                    .help("leave out `global`, or the key");
                if let Some(key) = draft.key.first {
                    diagnostic = diagnostic.label(key, "the key");
                }
                self.report(diagnostic);
            }
            Some(_) => {}
            None if same => {}
            None if connected && hangs => {}
            None => self.report_missing_key(draft, apart, connected),
        }
    }

    /// Tells whether a condition that may be meant as the key is wrong in itself, and told already.
    fn is_key_in_doubt(&self, rule: &Rule) -> bool {
        let wrong = self
            .diagnostics
            .iter()
            .filter(|told| told.level == Level::Error)
            .map(|told| told.span);
        let holds = |whole: Span, part: Span| {
            whole.file == part.file && whole.start <= part.start && part.end <= whole.end
        };
        let mut conditions = rule.clauses.iter().filter_map(|clause| match &clause.kind {
            ClauseKind::Filter(filter) => Some(filter.span),
            ClauseKind::Without(_)
            | ClauseKind::Within(_)
            | ClauseKind::OnMatch(_)
            | ClauseKind::Each { .. }
            | ClauseKind::Session { .. }
            | ClauseKind::Tolerate(_)
            | ClauseKind::Global
            | ClauseKind::AcrossTenants => None,
        });
        let wrong: Vec<Span> = wrong.collect();
        conditions.any(|condition| wrong.iter().any(|wrong| holds(condition, *wrong)))
    }

    fn report_missing_key(&mut self, draft: &Draft<'_>, apart: Option<String>, connected: bool) {
        let rule = draft.ast;
        if self.is_key_in_doubt(rule) {
            return;
        }
        let message = match apart {
            Some(step) if draft.key.has_joins() => {
                format!(
                    "nothing connects step `{step}` of rule `{}` with the others",
                    rule.name.text
                )
            }
            Some(_) | None if connected => format!(
                "nothing connects what must not happen in rule `{}` with its steps",
                rule.name.text
            ),
            Some(_) | None => {
                format!(
                    "rule `{}` does not say what its events have in common",
                    rule.name.text
                )
            }
        };
        let help = if self.names.fields.contains_key("identity") {
            "add `where identity same`; if any events may meet, say `global`"
        } else {
            "add a `where … same`; if any events may meet, say `global`"
        };
        self.report(lacking(Code::MissingKey, rule, message).help(help));
    }
}

impl KeyDraft {
    fn same(&self, name: &str) -> Option<usize> {
        self.components
            .iter()
            .position(|component| match component {
                Component::Same { path, .. } => path == name,
                Component::Join { .. } => false,
            })
    }

    fn has_same(&self) -> bool {
        self.components
            .iter()
            .any(|component| matches!(component, Component::Same { .. }))
    }

    fn has_joins(&self) -> bool {
        self.components
            .iter()
            .any(|component| matches!(component, Component::Join { .. }))
    }

    /// Tells whether there is no component at all, wrong ones counted.
    pub(super) fn is_empty(&self) -> bool {
        self.components.is_empty() && !self.poisoned
    }

    /// Adds an equality of two steps, if a component can hold it.
    fn join(&mut self, join: Join) -> bool {
        let Join { left, right, exact } = join;
        if self.components.len() >= COMPONENTS_MAX {
            return false;
        }
        let earlier = if left.step <= right.step {
            left.clone()
        } else {
            right.clone()
        };
        let index = match (self.holding(&left, exact), self.holding(&right, exact)) {
            (None, None) => {
                self.components.push(Component::Join {
                    sides: vec![left, right],
                    exact,
                    shown: Vec::new(),
                });
                Some(self.components.len() - 1)
            }
            (Some(index), None) => self.extend(index, vec![right]).then_some(index),
            (None, Some(index)) => self.extend(index, vec![left]).then_some(index),
            (Some(left), Some(right)) if left == right => Some(left),
            (Some(left), Some(right)) => {
                let (first, second) = (left.min(right), left.max(right));
                self.merge(first, second).then_some(first)
            }
        };
        index.is_some_and(|index| self.show(index, earlier))
    }

    /// Shows a component under the path of an equality's earlier step, once.
    fn show(&mut self, index: usize, side: Side) -> bool {
        if let Some(Component::Join { shown, .. }) = self.components.get_mut(index)
            && !shown
                .iter()
                .any(|known| known.step == side.step && known.path == side.path)
        {
            shown.push(side);
        }
        true
    }

    /// Returns the component that holds a side already.
    fn holding(&self, side: &Side, exact: bool) -> Option<usize> {
        self.components
            .iter()
            .position(|component| match component {
                Component::Same { .. } => false,
                Component::Join {
                    sides,
                    exact: other,
                    ..
                } => {
                    *other == exact
                        && sides
                            .iter()
                            .any(|known| known.step == side.step && known.path == side.path)
                }
            })
    }

    fn extend(&mut self, index: usize, more: Vec<Side>) -> bool {
        let Some(Component::Join { sides, .. }) = self.components.get_mut(index) else {
            return false;
        };
        let twice = |side: &Side| sides.iter().any(|known| known.step == side.step);
        let alike = |side: &Side| {
            sides.iter().all(|known| {
                let symbols = |ty: &Type| matches!(ty, Type::Text | Type::Enum(_));
                known.value.ty == side.value.ty
                    || symbols(&known.value.ty) && symbols(&side.value.ty)
            })
        };
        if more.iter().any(twice) || !more.iter().all(alike) {
            return false;
        }
        sides.extend(more);
        true
    }

    fn merge(&mut self, first: usize, second: usize) -> bool {
        let Some(Component::Join { sides, shown, .. }) = self.components.get(second) else {
            return false;
        };
        let (more, names) = (sides.clone(), shown.clone());
        let merged = self.extend(first, more);
        if merged {
            self.components.remove(second);
            for name in names {
                self.show(first, name);
            }
        }
        merged
    }

    /// Returns a step that no equality connects with the first, or nothing where all are.
    fn unconnected(&self, steps: &[StepName]) -> Option<String> {
        let mut group: Vec<usize> = (0..steps.len()).collect();
        for component in &self.components {
            match component {
                Component::Same { .. } => return None,
                Component::Join { sides, .. } => {
                    let ids: Vec<usize> = sides
                        .iter()
                        .filter_map(|side| side.step.map(StepId::index))
                        .collect();
                    let least = ids.iter().filter_map(|id| group.get(*id)).min().copied()?;
                    let joined: Vec<usize> = ids
                        .iter()
                        .filter_map(|id| group.get(*id))
                        .copied()
                        .collect();
                    for mark in &mut group {
                        if joined.contains(mark) {
                            *mark = least;
                        }
                    }
                }
            }
        }
        let first = group.first().copied()?;
        let apart = group.iter().position(|mark| *mark != first)?;
        steps.get(apart).map(|step| step.label.clone())
    }

    /// Returns for each component the value of an absence's event, where `same` asks for it.
    pub(super) fn of_absence(&self) -> Vec<Option<ExprId>> {
        self.components
            .iter()
            .map(|component| match component {
                Component::Same { value, .. } => Some(value.id),
                Component::Join { .. } => None,
            })
            .collect()
    }

    /// Returns the component that holds a side of a step.
    pub(super) fn component_of(&self, side: &Side, exact: bool) -> Option<usize> {
        self.holding(side, exact)
    }

    /// Returns the names of the paths that are the same.
    pub(super) fn names(&self) -> Vec<KeyName> {
        self.components
            .iter()
            .enumerate()
            .filter_map(|(index, component)| match component {
                Component::Same { path, value } => {
                    let ty = value.ty.element().unwrap_or(&value.ty).clone();
                    Some(KeyName {
                        path: path.clone(),
                        index,
                        ty,
                    })
                }
                Component::Join { .. } => None,
            })
            .collect()
    }

    /// Returns the key of the program.
    pub(super) fn finish(self, steps: &[StepName], across_tenants: bool) -> Key {
        let components = self
            .components
            .into_iter()
            .map(|component| component.finish(steps))
            .collect();
        Key {
            components,
            across_tenants,
        }
    }
}

impl Component {
    fn finish(self, steps: &[StepName]) -> KeyComponent {
        match self {
            Component::Same { path, value } => KeyComponent {
                name: path.into(),
                shown: Vec::new(),
                exact: false,
                same: true,
                terms: steps.iter().map(|step| (step.id, value.id)).collect(),
            },
            Component::Join {
                sides,
                exact,
                shown,
            } => {
                let mut sides: Vec<(StepId, String, ExprId)> = sides
                    .into_iter()
                    .filter_map(|side| Some((side.step?, side.path, side.value.id)))
                    .collect();
                sides.sort_by_key(|(step, _, _)| *step);
                let name = sides
                    .first()
                    .and_then(|(step, path, _)| {
                        steps
                            .get(step.index())
                            .map(|name| format!("{}.{path}", name.label))
                    })
                    .unwrap_or_default();
                let terms = sides
                    .into_iter()
                    .map(|(step, _, value)| (step, value))
                    .collect();
                let shown = shown.into_iter().filter_map(|side| {
                    let step = side.step?;
                    let label = &steps.get(step.index())?.label;
                    Some((format!("{label}.{}", side.path).into(), step))
                });
                KeyComponent {
                    name: name.into(),
                    shown: shown.collect(),
                    exact,
                    same: false,
                    terms,
                }
            }
        }
    }
}
