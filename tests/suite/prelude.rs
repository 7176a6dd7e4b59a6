//! The prelude, ready to normalize, with every field kept.
//!
//! Apart from the suites because those of our own records and of others' both need it.

use std::sync::Arc;

use muster_lang::ir::{Program, SourceId};
use muster_lang::value::Value;
use muster_runtime::event::{Event, Layout};
use muster_runtime::normalize::{Draft, DraftId, Normalizer};
use muster_runtime::predicate::Evaluator;

use crate::library;

/// The prelude with every field kept.
pub(crate) struct Prelude {
    pub(crate) program: Arc<Program>,
    pub(crate) layout: Layout,
    pub(crate) normalizer: Normalizer,
}

impl Prelude {
    /// Compiles the prelude; whatever it is told fails the test.
    pub(crate) fn load() -> Self {
        let (program, lookups) = library::load(None);
        let layout = Layout::of_all(&program);
        let evaluator = Evaluator::new(Arc::clone(&program), layout.clone(), lookups).unwrap();
        let normalizer = Normalizer::new(Arc::new(evaluator), None);
        Self {
            program,
            layout,
            normalizer,
        }
    }

    /// Returns the name of a source.
    pub(crate) fn source_name(&self, source: SourceId) -> String {
        self.program.sources[source].name.to_string()
    }

    /// Returns the event of a draft, with its defaults.
    pub(crate) fn event(&self, draft: &Draft) -> Event {
        let id = match &draft.id {
            DraftId::Given(id) => Arc::clone(id),
            DraftId::Fingerprint(_) => "fingerprint".into(),
        };
        let mut event = Event {
            time: draft.time,
            id,
            source: self.source_name(draft.source).into(),
            origin: muster_runtime::event::Origin::Input,
            values: draft.values.clone(),
            raw: draft.raw.clone(),
            position: 0,
        };
        self.normalizer.complete(&mut event);
        event
    }

    /// Returns a field of an event by its name.
    pub(crate) fn value(&self, event: &Event, name: &str) -> Value {
        let field = self
            .program
            .fields
            .iter()
            .find(|(_, field)| *field.name == *name);
        let (id, _) = field.unwrap_or_else(|| panic!("no field `{name}`"));
        event.get(&self.layout, id).clone()
    }
}
