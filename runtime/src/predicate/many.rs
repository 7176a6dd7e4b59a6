//! Expressions over many: elements of lists, members of groups, events of windows.
//!
//! Apart because each asks an inner expression once for each of them.

use std::sync::Arc;

use muster_lang::ir::{AggregateFunction, ExprId, ExprKind, Over};
use muster_lang::value::{Value, aggregate};

use super::raw::elements;
use super::{Bound, Evaluator, Scope, Truth};
use crate::event::Event;

impl Evaluator {
    /// Returns the first element for which a test is true.
    pub(super) fn pick(&self, list: ExprId, test: ExprId, scope: &Scope<'_>) -> Value {
        let list = self.read(list, scope);
        let fits = |item: &&Value| self.truth(test, &scope.with_element(item)) == Truth::True;
        let found = elements(&list).unwrap_or_default().iter().find(fits);
        found.cloned().unwrap_or_default()
    }

    /// Returns what a function makes of many; missing where there is no list or group at all.
    pub(super) fn aggregate(
        &self,
        id: ExprId,
        over: Over,
        members: &Members<'_>,
        scope: &Scope<'_>,
    ) -> Value {
        let values = match over {
            Over::Group(step) => match scope.bound(step) {
                Some(Bound::None) | None => return Value::Missing,
                Some(bound) => members.of_events(bound.events(), scope),
            },
            Over::Window => match scope.windowed.iter().find(|(of, _)| *of == id) {
                Some((_, value)) => return value.clone(),
                None => members.of_events(scope.window, scope),
            },
            Over::List(list) => match elements(&self.read(list, scope)) {
                Some(items) => members.of_elements(items, scope),
                None => return Value::Missing,
            },
        };
        aggregate::over(members.function, &values, &self.program.exprs[id].ty)
    }

    /// Returns what an event gives a function over a window; `None` if it is no member.
    #[must_use]
    pub fn member(&self, function: ExprId, event: &Event) -> Option<Value> {
        let ExprKind::Aggregate {
            function,
            argument,
            filter,
            over: _,
        } = self.program.exprs[function].kind
        else {
            return None;
        };
        let members = Members {
            evaluator: self,
            function,
            argument,
            filter,
        };
        members.of_event(event, &Scope::default())
    }
}

/// What an aggregate asks of each member.
pub(super) struct Members<'a> {
    /// What evaluates.
    pub(super) evaluator: &'a Evaluator,
    /// What is made of them.
    pub(super) function: AggregateFunction,
    /// What each gives.
    pub(super) argument: Option<ExprId>,
    /// Which count.
    pub(super) filter: Option<ExprId>,
}

impl Members<'_> {
    fn chosen(&self, scope: &Scope<'_>) -> bool {
        self.filter
            .is_none_or(|filter| self.evaluator.truth(filter, scope) == Truth::True)
    }

    /// Returns what each event gives.
    fn of_events(&self, events: &[Arc<Event>], scope: &Scope<'_>) -> Vec<Value> {
        let of = |event: &Arc<Event>| self.of_event(event, scope);
        events.iter().filter_map(of).collect()
    }

    /// Returns what an event gives; without an argument itself, which `gaps` takes for its time.
    fn of_event(&self, event: &Event, scope: &Scope<'_>) -> Option<Value> {
        let scope = scope.with_event(event);
        self.chosen(&scope).then(|| match self.argument {
            Some(argument) => self.evaluator.value(argument, &scope),
            None if self.function == AggregateFunction::Gaps => Value::Time(event.time),
            None => Value::Bool(true),
        })
    }

    fn of_elements(&self, items: &[Value], scope: &Scope<'_>) -> Vec<Value> {
        let of = |item: &Value| {
            let scope = scope.with_element(item);
            self.chosen(&scope).then(|| match self.argument {
                Some(argument) => self.evaluator.value(argument, &scope),
                None => item.clone(),
            })
        };
        items.iter().filter_map(of).collect()
    }
}
