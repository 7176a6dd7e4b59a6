//! The pattern of a rule made flat: steps, elements and local windows.
//!
//! Apart from windows because here the tree is taken apart and nothing is judged twice.

use std::collections::BTreeMap;

use super::lacking;
use crate::check::{Checker, StepName, quantity};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{Element, StepId, Window, WindowKind};
use crate::syntax::ast::{self, ClassRef, CompareOp, Expr, Filter, Name, Path, Quantity};

/// The most steps of one rule.
const STEPS_MAX: usize = 32;
/// The most steps inside one `all of` or `N of`.
const SET_MAX: usize = 16;

/// A pattern made flat.
#[derive(Default)]
pub(super) struct Shape<'a> {
    /// Its steps in the order written.
    pub(super) steps: Vec<StepDraft<'a>>,
    /// Their names.
    pub(super) names: Vec<StepName>,
    /// Its elements.
    pub(super) elements: Vec<Element>,
    /// Its local windows and gaps.
    pub(super) windows: Vec<Window>,
    /// Filters behind brackets with several steps: they are the rule's.
    pub(super) filters: Vec<&'a Filter>,
}

/// A step as written.
pub(super) struct StepDraft<'a> {
    /// Its class.
    pub(super) class: &'a ClassRef,
    /// Its `as` name.
    pub(super) name: Option<&'a Name>,
    /// One event or many.
    pub(super) kind: StepForm<'a>,
    /// Its own filters.
    pub(super) filters: Vec<&'a Filter>,
    /// Where it stands.
    pub(super) span: Span,
}

/// One event or many, as written.
#[derive(Clone, Copy)]
pub(super) enum StepForm<'a> {
    /// One event.
    One,
    /// `N+`
    Count(&'a Quantity),
    /// `N+ different PATH in`
    Different(&'a Quantity, &'a Path),
    /// `AGG of PATH in … CMP VALUE`
    Aggregate {
        function: &'a Name,
        path: &'a Path,
        op: CompareOp,
        value: &'a Expr,
    },
}

impl StepDraft<'_> {
    /// Returns what the step is called: its name, or its class.
    pub(super) fn label(&self) -> &str {
        &self.name.unwrap_or(&self.class.name).text
    }

    /// Tells whether it is a group.
    pub(super) fn is_group(&self) -> bool {
        !matches!(self.kind, StepForm::One)
    }
}

impl<'a> Checker<'a> {
    /// Returns the pattern of a rule made flat, its names looked at.
    pub(super) fn shape(&mut self, rule: &'a ast::Rule) -> Shape<'a> {
        let mut shape = Shape::default();
        let Some(pattern) = &rule.pattern else {
            let message = format!("rule `{}` has no `when`", rule.name.text);
            let diagnostic = lacking(Code::MissingPattern, rule, message);
            self.report(
                diagnostic.help("say what it looks for: `when login as a then login as b`"),
            );
            return shape;
        };
        let steps = count_steps(pattern);
        if steps > STEPS_MAX {
            let message = format!("a rule may have {STEPS_MAX} steps, found {steps}");
            self.report(Diagnostic::error(Code::BadCount, pattern.span, message));
            return shape;
        }
        self.flatten(pattern, &mut shape);
        self.name_steps(&mut shape);
        self.report_neighbors(&shape);
        shape
    }

    fn flatten(&mut self, pattern: &'a ast::Pattern, shape: &mut Shape<'a>) {
        for ast::PatternStep { gap, step } in &pattern.steps {
            let first = shape.elements.len();
            self.flatten_step(step, shape);
            let gap = gap.as_ref().and_then(|gap| self.duration(gap, "within"));
            if let (Some(within), Some(last)) = (gap, shape.elements.len().checked_sub(1))
                && first > 0
                && last >= first
            {
                shape.windows.push(Window {
                    first,
                    last,
                    within,
                    kind: WindowKind::Gap,
                });
            }
        }
    }

    fn flatten_step(&mut self, step: &'a ast::Step, shape: &mut Shape<'a>) {
        if let Some(id) = shape.add(step, &step.filters) {
            let group = shape.steps.last().is_some_and(StepDraft::is_group);
            shape.elements.push(if group {
                Element::Group(id)
            } else {
                Element::One(id)
            });
            return;
        }
        match &step.kind {
            ast::StepKind::Set { least, steps } => {
                self.flatten_set(step, least.as_ref(), steps, shape);
            }
            ast::StepKind::Local { pattern, within } => {
                self.flatten_local(step, pattern, within.as_ref(), shape);
            }
            ast::StepKind::Event { .. }
            | ast::StepKind::Count { .. }
            | ast::StepKind::Different { .. }
            | ast::StepKind::Aggregate { .. } => {}
        }
    }

    fn flatten_set(
        &mut self,
        step: &'a ast::Step,
        least: Option<&Quantity>,
        steps: &'a [ast::Step],
        shape: &mut Shape<'a>,
    ) {
        let mut members = Vec::new();
        for inner in steps {
            match shape.add(inner, &inner.filters) {
                Some(id) => members.push(id),
                None => self.report_nested(inner),
            }
        }
        let all = steps.len();
        if all > SET_MAX {
            let message = format!("`all of` and `N of` take {SET_MAX} steps at most, found {all}");
            self.report(Diagnostic::error(Code::BadCount, step.span, message));
        }
        let least = least.map_or(Some(all), |least| self.least_of(least, all));
        shape.filters.extend(&step.filters);
        shape.elements.push(Element::Set {
            least: least.unwrap_or(all),
            members,
        });
    }

    fn report_nested(&mut self, inner: &ast::Step) {
        let message = match &inner.kind {
            ast::StepKind::Set { .. } => "`all of` and `N of` may not stand inside each other",
            _ => "a sequence in brackets may not stand inside `all of` or `N of`",
        };
        let diagnostic = Diagnostic::error(Code::NestedPattern, inner.span, message);
        self.report(diagnostic.help(
            "write each of them as a rule of its own with `alert none`, and relate those rules",
        ));
    }

    fn least_of(&mut self, least: &Quantity, all: usize) -> Option<usize> {
        let count = self.count(least, "the number of steps")?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if count <= all {
            return Some(count);
        }
        let message =
            format!("expected at most {all} in `N of`, which has {all} steps, found {count}");
        let span = quantity::quantity_span(least);
        let help = "write `all of` where each must happen, or add steps";
        self.report(Diagnostic::error(Code::BadCount, span, message).help(help));
        None
    }

    fn flatten_local(
        &mut self,
        step: &'a ast::Step,
        pattern: &'a ast::Pattern,
        within: Option<&Quantity>,
        shape: &mut Shape<'a>,
    ) {
        let (first, steps) = (shape.elements.len(), shape.steps.len());
        self.flatten(pattern, shape);
        let lone = shape.steps.len() == steps + 1;
        match shape.steps.last_mut() {
            Some(only) if lone => only.filters.extend(&step.filters),
            Some(_) | None => shape.filters.extend(&step.filters),
        }
        let Some(within) = within else {
            let message = "expected `within` and a duration inside the brackets";
            let diagnostic = Diagnostic::error(Code::Unbounded, step.span, message);
            self.report(diagnostic.help("write `(5+ login_failed as f within 10m)`"));
            return;
        };
        let within = self.duration(within, "within");
        if let (Some(within), Some(last)) = (within, shape.elements.len().checked_sub(1)) {
            shape.windows.push(Window {
                first,
                last,
                within,
                kind: WindowKind::Span,
            });
        }
    }

    /// Gives the steps their names, and reports those that cannot be.
    fn name_steps(&mut self, shape: &mut Shape<'a>) {
        let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
        for step in shape.steps.iter().filter(|step| step.name.is_none()) {
            *classes.entry(&step.class.name.text).or_default() += 1;
        }
        let mut names: Vec<StepName> = Vec::new();
        for (index, step) in shape.steps.iter().enumerate() {
            let label = step.label().to_owned();
            let callable = match step.name {
                Some(name) => self.step_name(name, &names, &classes),
                None => classes.get(label.as_str()) == Some(&1) && !self.names.begins_field(&label),
            };
            let id = StepId::from(index);
            let (element, optional) = shape.place(id);
            let group = step.is_group();
            names.push(StepName {
                label,
                id,
                group,
                callable,
                optional,
                element,
            });
        }
        shape.names = names;
    }

    /// Tells whether an `as` name may be used, or what is wrong with it.
    fn step_name(
        &mut self,
        name: &Name,
        names: &[StepName],
        classes: &BTreeMap<&str, usize>,
    ) -> bool {
        let text = name.text.as_str();
        if self.names.begins_field(text) || text == "raw" {
            let message =
                format!("a step may not be called `{text}`, which is the first word of a field");
            let diagnostic = Diagnostic::error(Code::StepNamedAsField, name.span, message);
            let field = self.names.fields.iter().find(|(path, _)| {
                path.strip_prefix(text)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            let diagnostic = match field {
                Some((path, info)) if info.span != Span::default() => {
                    diagnostic.label(info.span, format!("the field `{path}`"))
                }
                Some(_) | None => diagnostic,
            };
            self.report(diagnostic.help("choose another name for the step"));
            return true;
        }
        if names.iter().any(|earlier| earlier.label == text) || classes.contains_key(text) {
            let message = format!("two steps are called `{text}`");
            let diagnostic = Diagnostic::error(Code::DuplicateStep, name.span, message);
            self.report(diagnostic.help("give each step a name of its own"));
            return false;
        }
        true
    }

    /// Reports groups that follow each other: no one could say where one ends.
    fn report_neighbors(&mut self, shape: &Shape<'a>) {
        for (left, right) in shape.elements.iter().zip(shape.elements.iter().skip(1)) {
            let (Some(left), Some(right)) = (shape.group_of(left), shape.group_of(right)) else {
                continue;
            };
            let message = format!(
                "the groups `{}` and `{}` follow each other, so no one can say where one ends",
                left.label(),
                right.label()
            );
            let diagnostic = Diagnostic::error(Code::NeighboringGroups, right.span, message);
            self.report(
                diagnostic
                    .label(left.span, "the group before it")
                    .help("put a plain step between them, or write `all of (…, …)`"),
            );
        }
    }
}

impl<'a> Shape<'a> {
    /// Adds a step that has no steps inside, and returns its id.
    fn add(&mut self, step: &'a ast::Step, filters: &'a [Filter]) -> Option<StepId> {
        let (class, name, kind) = match &step.kind {
            ast::StepKind::Event { class, name } => (class, name, StepForm::One),
            ast::StepKind::Count { least, class, name } => (class, name, StepForm::Count(least)),
            ast::StepKind::Different {
                least,
                path,
                class,
                name,
            } => (class, name, StepForm::Different(least, path)),
            ast::StepKind::Aggregate {
                function,
                path,
                class,
                name,
                op,
                value,
            } => (
                class,
                name,
                StepForm::Aggregate {
                    function,
                    path,
                    op: *op,
                    value,
                },
            ),
            ast::StepKind::Set { .. } | ast::StepKind::Local { .. } => return None,
        };
        let id = StepId::from(self.steps.len());
        self.steps.push(StepDraft {
            class,
            name: name.as_ref(),
            kind,
            filters: filters.iter().collect(),
            span: step.span,
        });
        Some(id)
    }

    /// Returns the element of a step, and whether a match may lack it.
    fn place(&self, step: StepId) -> (usize, bool) {
        for (index, element) in self.elements.iter().enumerate() {
            match element {
                Element::One(id) | Element::Group(id) if *id == step => return (index, false),
                Element::Set { least, members } if members.contains(&step) => {
                    return (index, *least < members.len());
                }
                Element::One(_) | Element::Group(_) | Element::Set { .. } => {}
            }
        }
        (0, false)
    }

    /// Returns a group in an element.
    fn group_of(&self, element: &Element) -> Option<&StepDraft<'a>> {
        let ids = match element {
            Element::One(_) => return None,
            Element::Group(id) => std::slice::from_ref(id),
            Element::Set { members, .. } => members,
        };
        ids.iter()
            .filter_map(|id| self.steps.get(id.index()))
            .find(|step| step.is_group())
    }
}

/// Returns the number of steps of a pattern, those inside of brackets counted.
fn count_steps(pattern: &ast::Pattern) -> usize {
    let mut open: Vec<&ast::Step> = pattern.steps.iter().map(|step| &step.step).collect();
    let mut count = 0;
    while let Some(step) = open.pop() {
        match &step.kind {
            ast::StepKind::Set { steps, .. } => open.extend(steps),
            ast::StepKind::Local { pattern, .. } => {
                open.extend(pattern.steps.iter().map(|step| &step.step));
            }
            ast::StepKind::Event { .. }
            | ast::StepKind::Count { .. }
            | ast::StepKind::Different { .. }
            | ast::StepKind::Aggregate { .. } => count += 1,
        }
    }
    count
}
