//! The prelude, compiled and ready to normalize.
//!
//! Apart from the suites because each of them needs it.

use std::sync::Arc;

use muster_lang::file::{Files, Origin};
use muster_lang::ir::{Program, SourceId};
use muster_lang::value::Value;
use muster_lang::{CompileOptions, compile};
use muster_runtime::event::{Event, Layout};
use muster_runtime::lookup::Lookups;
use muster_runtime::normalize::{Draft, DraftId, Normalizer};
use muster_runtime::predicate::Evaluator;

/// The prelude with every field kept.
pub(crate) struct Prelude {
    pub(crate) program: Arc<Program>,
    pub(crate) layout: Layout,
    pub(crate) normalizer: Normalizer,
}

impl Prelude {
    /// Compiles the prelude; whatever it is told fails the test.
    pub(crate) fn load() -> Self {
        let mut files = Files::new();
        for (name, text) in muster_stdlib::prelude() {
            files.add(*name, *text, Origin::Prelude);
        }
        let compilation = compile(&files, &CompileOptions::default());
        let told: Vec<String> = compilation
            .diagnostics
            .iter()
            .map(|d| muster_lang::diagnostic::render::render(&files, d, false))
            .collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
        let program = Arc::new(compilation.program.unwrap());
        let lookups = Lookups::load(&program, &mut |table| {
            muster_stdlib::data(&table.path)
                .map(<[u8]>::to_vec)
                .ok_or_else(|| "unknown".to_owned())
        })
        .unwrap();
        let layout = Layout::of_all(&program);
        let evaluator =
            Evaluator::new(Arc::clone(&program), layout.clone(), Arc::new(lookups)).unwrap();
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
