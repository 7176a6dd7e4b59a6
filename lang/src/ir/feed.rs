//! Which sources can make an event of a class, as far as their lines say.
//!
//! Apart from sources because nothing at run time asks: only who explains and advises.

use super::{
    ClassId, ClassKind, Comparison, Condition, ExprId, ExprKind, FieldId, Program, Row, Set,
    Source, TableId,
};
use crate::value::Value;

/// What is known of the tables of a program: the values of a column, or `None` where they were not read.
pub type Columns<'a> = &'a dyn Fn(TableId, &str) -> Option<Vec<Value>>;

/// The classes a source can make, as values of the field `class`.
#[derive(Clone, Debug, PartialEq)]
pub enum Makes {
    /// Any: the source takes the class of its record as it comes.
    Any,
    /// Some that only its records or tables know.
    Unknown,
    /// These.
    These(Vec<Value>),
}

impl Makes {
    /// Returns what a source makes.
    #[must_use]
    pub fn of(program: &Program, source: &Source, columns: Columns<'_>) -> Self {
        if source.fields_from.is_some() {
            return Self::Any;
        }
        let class = program.core.class;
        let lines = source.assigns.iter().filter(|line| line.field == class);
        let mut made = Vec::new();
        for line in lines {
            match values(program, line.value, columns) {
                Some(values) => made.extend(values),
                None => return Self::Unknown,
            }
        }
        Self::These(made)
    }
}

/// Returns the values an expression can have, where constants and tables tell.
fn values(program: &Program, id: ExprId, columns: Columns<'_>) -> Option<Vec<Value>> {
    let mut open = vec![id];
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        match &program.exprs[id].kind {
            ExprKind::Constant(value) => found.push(value.clone()),
            ExprKind::Default(left, right) => open.extend([*left, *right]),
            ExprKind::Convert(inner) => open.push(*inner),
            ExprKind::Lookup { table, column, .. } => found.extend(columns(*table, column)?),
            _ => return None,
        }
    }
    Some(found)
}

/// What a class asks of the field `class`.
#[derive(Clone, Debug, PartialEq)]
pub enum Asks {
    /// Nothing: an event of any kind may belong.
    Nothing,
    /// One of these values.
    OneOf(Vec<Value>),
    /// An alert, which no source makes.
    Alert,
}

impl Asks {
    /// Returns what a class asks.
    #[must_use]
    pub fn of(program: &Program, class: ClassId) -> Self {
        let mut asked: Option<Vec<Value>> = None;
        for class in chain(program, class) {
            match &program.classes[class].kind {
                ClassKind::Any => {}
                ClassKind::Alert | ClassKind::AlertOf(_) => return Self::Alert,
                ClassKind::Where { conditions, .. } => {
                    let keeping = conditions.iter().filter(|one| !one.unless);
                    for condition in keeping {
                        asked = both(asked, classes(program, condition.expr));
                    }
                }
            }
        }
        asked.map_or(Self::Nothing, Self::OneOf)
    }

    /// Tells whether a source that makes some classes can serve; `None` if only its records know.
    #[must_use]
    pub fn is_served_by(&self, makes: &Makes) -> Option<bool> {
        match (self, makes) {
            (Self::Alert, _) => Some(false),
            (Self::Nothing, _) | (Self::OneOf(_), Makes::Any) => Some(true),
            (Self::OneOf(_), Makes::Unknown) => None,
            (Self::OneOf(asked), Makes::These(made)) => {
                Some(asked.iter().any(|value| is_among(value, made)))
            }
        }
    }
}

/// Returns a class and what it builds on, nearest first.
#[must_use]
pub fn chain(program: &Program, class: ClassId) -> Vec<ClassId> {
    let mut chain = vec![class];
    while let Some(ClassKind::Where { base, .. }) =
        chain.last().map(|class| &program.classes[*class].kind)
    {
        chain.push(*base);
    }
    chain
}

/// Returns the conditions of a class and of what it builds on.
pub fn class_conditions(program: &Program, class: ClassId) -> Vec<&Condition> {
    let conditions = |class: ClassId| match &program.classes[class].kind {
        ClassKind::Where { conditions, .. } => conditions.as_slice(),
        ClassKind::Any | ClassKind::Alert | ClassKind::AlertOf(_) => &[],
    };
    chain(program, class)
        .into_iter()
        .flat_map(conditions)
        .collect()
}

/// Returns the values that a condition leaves to the field `class`; `None` for all.
fn classes(program: &Program, id: ExprId) -> Option<Vec<Value>> {
    let constant = |id: ExprId| match &program.exprs[id].kind {
        ExprKind::Constant(value) => Some(vec![value.clone()]),
        _ => None,
    };
    let is_class = |id: ExprId| matches!(program.exprs[id].kind, ExprKind::Field(Row::This, field) if field == program.core.class);
    match &program.exprs[id].kind {
        ExprKind::Compare(Comparison::Is | Comparison::Equal, left, right) if is_class(*left) => {
            constant(*right)
        }
        ExprKind::In(left, Set::Values(values)) if is_class(*left) => Some(values.clone()),
        ExprKind::And(parts) => parts
            .iter()
            .fold(None, |asked, part| both(asked, classes(program, *part))),
        ExprKind::Or(parts) => {
            let parts: Option<Vec<Vec<Value>>> =
                parts.iter().map(|part| classes(program, *part)).collect();
            Some(parts?.concat())
        }
        _ => None,
    }
}

fn both(left: Option<Vec<Value>>, right: Option<Vec<Value>>) -> Option<Vec<Value>> {
    match (left, right) {
        (Some(left), Some(right)) => Some(
            left.into_iter()
                .filter(|one| is_among(one, &right))
                .collect(),
        ),
        (left, right) => left.or(right),
    }
}

fn is_among(value: &Value, values: &[Value]) -> bool {
    values
        .iter()
        .any(|other| value.is(other).unwrap_or(value == other))
}

/// Returns the field that a source cannot give although it is needed, if there is one.
///
/// A field that is computed where no source gives it counts as given.
#[must_use]
pub fn lacks(program: &Program, source: &Source, needed: &[FieldId]) -> Option<FieldId> {
    if source.fields_from.is_some() {
        return None;
    }
    let core = program.core;
    let given = |field: &FieldId| {
        [core.time, core.id, core.source, core.tenant].contains(field)
            || program.fields[*field].default.is_some()
            || source.assigns.iter().any(|line| line.field == *field)
    };
    needed.iter().copied().find(|field| !given(field))
}
