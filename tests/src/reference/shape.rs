//! A rule laid out flat: its steps as written, its windows and gaps over them, its keys.
//!
//! Apart from matching because here the sentences about writing are read, there those about time.

use muster_lang::syntax::ast::{
    ClauseKind, CompareOp, Expr, Filter, Name, Pattern, Rule, Step as Written, StepKind, Without,
};

use super::condition::{Condition, Join};
use super::program::{Program, dotted};
use super::{Answer, unsupported};

/// A rule laid out flat.
#[derive(Debug, Default)]
pub(crate) struct Shape<'a> {
    pub(crate) name: &'a str,
    pub(crate) steps: Vec<Step<'a>>,
    /// What `then` joins, in order.
    pub(crate) atoms: Vec<Atom>,
    /// Bounds of last minus first.
    pub(crate) windows: Vec<Window>,
    /// Bounds of the distance to the step before.
    pub(crate) gaps: Vec<Gap>,
    pub(crate) conditions: Vec<Condition<'a>>,
    /// The paths of top-level `same`.
    pub(crate) same: Vec<String>,
    /// Top-level equalities between fields of two steps.
    pub(crate) joins: Vec<Join>,
    /// The parts of the key in the order of the rule.
    pub(crate) order: Vec<Part>,
    pub(crate) absences: Vec<&'a Without>,
    pub(crate) keep: bool,
    pub(crate) each: Option<(i64, Option<&'a str>)>,
    pub(crate) session: Option<(i64, i64)>,
    pub(crate) tolerate: Option<i64>,
    pub(crate) across_tenants: bool,
}

/// A part of the key, by its number among its like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// A `same`.
    Same(usize),
    /// An equality.
    Join(usize),
}

/// A plain step or a group.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) name: String,
    pub(crate) class: &'a str,
    pub(crate) kind: StepForm<'a>,
}

/// What a step binds, and how much of it.
#[derive(Debug)]
pub(crate) enum StepForm<'a> {
    /// One event.
    Plain,
    /// At least so many events.
    Count(usize),
    /// At least so many different values.
    Different(usize, String),
    /// A comparison of an aggregate.
    Aggregate {
        function: &'a str,
        path: String,
        op: CompareOp,
        value: &'a Expr,
    },
}

impl Step<'_> {
    pub(crate) fn is_group(&self) -> bool {
        !matches!(self.kind, StepForm::Plain)
    }
}

/// One member of a chain of `then`.
#[derive(Debug)]
pub(crate) enum Atom {
    /// A step, by number.
    One(usize),
    /// `all of`, or `N of`, steps.
    Set {
        least: Option<usize>,
        steps: Vec<usize>,
    },
}

impl Atom {
    /// Returns the steps of the atom.
    pub(crate) fn steps(&self) -> Vec<usize> {
        match self {
            Atom::One(step) => vec![*step],
            Atom::Set { steps, .. } => steps.clone(),
        }
    }
}

/// A bound of last minus first over some atoms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// The only step it is about, where it stands inside a set.
    pub(crate) only: Option<usize>,
    pub(crate) span: i64,
}

/// A bound of the distance of some atoms to the one before them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gap {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) span: i64,
}

impl<'a> Shape<'a> {
    /// Lays a rule out.
    pub(crate) fn new(program: &Program<'_>, rule: &'a Rule) -> Answer<Self> {
        let mut shape = Shape {
            name: &rule.name.text,
            ..Shape::default()
        };
        let Some(pattern) = &rule.pattern else {
            return unsupported("a rule without a pattern");
        };
        let mut filters = Vec::new();
        shape.lay_pattern(program, pattern, &mut filters)?;
        shape.name_steps(rule)?;
        for (owner, filter) in filters {
            shape.add_filter(program, filter, Some(owner));
        }
        for clause in &rule.clauses {
            shape.add_clause(program, &clause.kind)?;
        }
        if shape.tolerate.is_some() && shape.has_unordered() {
            return unsupported("`tolerate` with a group or `all of`");
        }
        Ok(shape)
    }

    fn has_unordered(&self) -> bool {
        self.steps.iter().any(Step::is_group)
            || self
                .atoms
                .iter()
                .any(|atom| matches!(atom, Atom::Set { .. }))
    }

    fn lay_pattern(
        &mut self,
        program: &Program<'_>,
        pattern: &'a Pattern,
        filters: &mut Vec<(usize, &'a Filter)>,
    ) -> Answer<()> {
        for unit in &pattern.steps {
            let first = self.atoms.len();
            self.lay_unit(program, &unit.step, filters)?;
            if let Some(gap) = &unit.gap {
                let last = self.atoms.len() - 1;
                self.gaps.push(Gap {
                    first,
                    last,
                    span: program.span(gap)?,
                });
            }
        }
        Ok(())
    }

    fn lay_unit(
        &mut self,
        program: &Program<'_>,
        step: &'a Written,
        filters: &mut Vec<(usize, &'a Filter)>,
    ) -> Answer<()> {
        match &step.kind {
            StepKind::Set { least, steps } => {
                if !step.filters.is_empty() {
                    return unsupported("a condition behind a set");
                }
                let least = least
                    .as_ref()
                    .map(|least| program.count(least))
                    .transpose()?;
                let mut numbers = Vec::new();
                for step in steps {
                    numbers.push(self.lay_member(program, step, filters)?);
                }
                self.atoms.push(Atom::Set {
                    least,
                    steps: numbers,
                });
            }
            StepKind::Local { pattern, within } => {
                if !step.filters.is_empty() {
                    return unsupported("a condition behind a local window");
                }
                let first = self.atoms.len();
                self.lay_pattern(program, pattern, filters)?;
                let Some(within) = within else {
                    return unsupported("a window without a bound");
                };
                let last = self.atoms.len() - 1;
                self.windows.push(Window {
                    first,
                    last,
                    only: None,
                    span: program.span(within)?,
                });
            }
            StepKind::Event { .. }
            | StepKind::Count { .. }
            | StepKind::Different { .. }
            | StepKind::Aggregate { .. } => {
                let number = self.lay_step(program, step, filters)?;
                self.atoms.push(Atom::One(number));
            }
        }
        Ok(())
    }

    /// A member of a set: a step, or a local window of one step.
    fn lay_member(
        &mut self,
        program: &Program<'_>,
        step: &'a Written,
        filters: &mut Vec<(usize, &'a Filter)>,
    ) -> Answer<usize> {
        let StepKind::Local {
            pattern,
            within: Some(within),
        } = &step.kind
        else {
            return self.lay_step(program, step, filters);
        };
        let ([only], true) = (pattern.steps.as_slice(), step.filters.is_empty()) else {
            return unsupported("a local window of several steps inside a set");
        };
        let number = self.lay_step(program, &only.step, filters)?;
        let atom = self.atoms.len();
        let span = program.span(within)?;
        self.windows.push(Window {
            first: atom,
            last: atom,
            only: Some(number),
            span,
        });
        Ok(number)
    }

    fn lay_step(
        &mut self,
        program: &Program<'_>,
        step: &'a Written,
        filters: &mut Vec<(usize, &'a Filter)>,
    ) -> Answer<usize> {
        let (class, name, kind) = form(program, &step.kind)?;
        let number = self.steps.len();
        let name = name
            .as_ref()
            .map_or_else(String::new, |name| name.text.clone());
        self.steps.push(Step { name, class, kind });
        filters.extend(step.filters.iter().map(|filter| (number, filter)));
        Ok(number)
    }

    /// A step without `as` is called by its class where that is unique in the rule.
    fn name_steps(&mut self, rule: &Rule) -> Answer<()> {
        let classes: Vec<&str> = self.steps.iter().map(|step| step.class).collect();
        for step in &mut self.steps {
            let unique = classes.iter().filter(|class| **class == step.class).count() == 1;
            if step.name.is_empty() && unique {
                step.name = step.class.to_owned();
            }
        }
        let named = |step: &&Step<'_>| step.name.is_empty();
        match self.steps.iter().find(named) {
            Some(step) => unsupported(format!(
                "two steps `{}` in `{}`",
                step.class, rule.name.text
            )),
            None => Ok(()),
        }
    }

    fn add_clause(&mut self, program: &Program<'_>, clause: &'a ClauseKind) -> Answer<()> {
        match clause {
            ClauseKind::Within(span) => {
                let last = self.atoms.len() - 1;
                self.windows.push(Window {
                    first: 0,
                    last,
                    only: None,
                    span: program.span(span)?,
                });
            }
            ClauseKind::Filter(filter) => {
                // Bare names in a rule's condition are those of its only step.
                let owner = (self.steps.len() == 1).then_some(0);
                self.add_filter(program, filter, owner);
            }
            ClauseKind::Without(without) => self.absences.push(without),
            ClauseKind::OnMatch(name) => self.keep = name.text == "keep",
            ClauseKind::Each { every, zone } => {
                let zone = zone.as_ref().map(|zone| zone.value.as_str());
                self.each = Some((program.span(every)?, zone));
            }
            ClauseKind::Session { gap, up_to } => {
                let Some(up_to) = up_to else {
                    return unsupported("a session without a bound");
                };
                self.session = Some((program.span(gap)?, program.span(up_to)?));
            }
            ClauseKind::Tolerate(span) => self.tolerate = Some(program.span(span)?),
            ClauseKind::Global => {}
            ClauseKind::AcrossTenants => self.across_tenants = true,
        }
        Ok(())
    }

    /// Returns the number of a step by its name.
    pub(crate) fn step(&self, name: &Name) -> Answer<usize> {
        match self.steps.iter().position(|step| step.name == name.text) {
            Some(number) => Ok(number),
            None => unsupported(format!("the step `{}`", name.text)),
        }
    }

    /// Returns the number of the atom that holds a step.
    pub(crate) fn atom_of(&self, step: usize) -> usize {
        self.atoms
            .iter()
            .position(|atom| atom.steps().contains(&step))
            .unwrap_or_default()
    }

    /// Tells whether a step is a group of the pattern's last atom.
    pub(crate) fn ends_as_group(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(Step::is_group)
            && self.atom_of(step) + 1 == self.atoms.len()
    }

    /// Tells whether an atom holds a group.
    pub(crate) fn has_group(&self, atom: usize) -> bool {
        self.atoms.get(atom).is_some_and(|atom| {
            atom.steps()
                .iter()
                .any(|step| self.steps.get(*step).is_some_and(Step::is_group))
        })
    }
}

fn form<'a>(
    program: &Program<'_>,
    kind: &'a StepKind,
) -> Answer<(&'a str, &'a Option<Name>, StepForm<'a>)> {
    Ok(match kind {
        StepKind::Event { class, name } => (&class.name.text, name, StepForm::Plain),
        StepKind::Count { least, class, name } => (
            &class.name.text,
            name,
            StepForm::Count(program.count(least)?),
        ),
        StepKind::Different {
            least,
            path,
            class,
            name,
        } => {
            let form = StepForm::Different(program.count(least)?, dotted(path));
            (&class.name.text, name, form)
        }
        StepKind::Aggregate {
            function,
            path,
            class,
            name,
            op,
            value,
        } => {
            let function = function.text.as_str();
            let form = StepForm::Aggregate {
                function,
                path: dotted(path),
                op: *op,
                value,
            };
            (&class.name.text, name, form)
        }
        StepKind::Set { .. } | StepKind::Local { .. } => {
            return unsupported("a set or a local window inside a set");
        }
    })
}
