//! The layout of memories: options on one line where they fit.
//!
//! Apart from other declarations because their options have an order of their own.

use crate::syntax::ast::{Memory, MemoryKind, Path};
use crate::syntax::format::doc::Doc;
use crate::syntax::format::layout::Layout;

impl Layout<'_> {
    pub(super) fn memory(&mut self, memory: &Memory) -> Doc {
        let name = self.name(&memory.name);
        let head = self.after("memory", name);
        let kind = self.memory_kind(&memory.kind);
        let (class, end) = match &memory.class {
            Some(class) => (self.name(class), class.span.end),
            None => (Doc::text("any"), memory.name.span.end),
        };
        let filters = self.filters(end, &memory.filters);
        let end = memory.filters.last().map_or(end, |last| last.span.end);
        let options = self.memory_options(end, memory);
        let head = Doc::Concat(vec![head, Doc::text(" = "), kind, Doc::text(" in "), class]);
        Doc::group(Doc::Concat(vec![
            head,
            Doc::indent(Doc::Concat(vec![filters, options])),
        ]))
    }

    /// Returns `per`, `for`, `learn` and `max`, on one line where they fit.
    fn memory_options(&mut self, mut end: u32, memory: &Memory) -> Doc {
        let mut options = Vec::new();
        if let (Some(first), Some(last)) = (memory.per.first(), memory.per.last()) {
            let line = self.separate(end, first.span.start, Doc::Line);
            options.push((line, self.per(&memory.per)));
            end = last.span.end;
        }
        let quantities = [
            ("for", &memory.keep),
            ("learn", &memory.learn),
            ("max", &memory.max),
        ];
        for (word, quantity) in quantities {
            let Some(quantity) = quantity else { continue };
            let line = self.separate(end, quantity.span().start, Doc::Line);
            end = quantity.span().end;
            let quantity = self.quantity(quantity);
            options.push((line, self.after(word, quantity)));
        }
        let mut options = options.into_iter();
        let Some((line, first)) = options.next() else {
            return Doc::none();
        };
        let rest = options.flat_map(|(line, option)| [line, option]);
        let options = std::iter::once(first).chain(rest).collect();
        Doc::Concat(vec![line, Doc::group(Doc::Concat(options))])
    }

    fn memory_kind(&mut self, kind: &MemoryKind) -> Doc {
        let (word, path) = match kind {
            MemoryKind::Count => return Doc::text("count"),
            MemoryKind::Profile { aggregate, every } => {
                let aggregate = self.value(aggregate);
                let every = self.quantity(every);
                let every = self.after("every", every);
                return Doc::Concat(vec![
                    Doc::text("profile "),
                    aggregate,
                    Doc::text(" "),
                    every,
                ]);
            }
            MemoryKind::Seen(path) => ("seen", path),
            MemoryKind::Last(path) => ("last", path),
            MemoryKind::Distinct(path) => ("distinct", path),
        };
        let path = self.path(path);
        self.after(word, path)
    }

    /// Returns `per` with its paths.
    pub(super) fn per(&mut self, paths: &[Path]) -> Doc {
        let paths = self.paths(paths);
        self.after("per", Doc::group(Doc::indent(paths)))
    }
}
