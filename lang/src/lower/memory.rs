//! Memories: what is kept, per key, for how long.
//!
//! Apart from rules, which read them, because all memories are known before the first rule.

use crate::check::{Checker, Place, Scope, Typed, constant, quantity};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{self, ExprId, ExprKind, MemoryKind};
use crate::resolve::{Declared, MemoryForm, MemoryInfo};
use crate::syntax::ast::{self, Expr, Path, Quantity};
use crate::types::Type;
use crate::units::Duration;

/// What a memory keeps, with what it answers.
struct Kept {
    kind: MemoryKind,
    info: MemoryInfo,
}

impl Checker<'_> {
    pub(super) fn lower_memories(&mut self, declared: &Declared<'_>) {
        for (memory, span) in &declared.memories {
            let lowered = self.lower_memory(memory, *span);
            self.program.memories.add(lowered);
        }
    }

    fn lower_memory(&mut self, memory: &ast::Memory, span: Span) -> ir::Memory {
        let class = match &memory.class {
            None => Some(super::class::ANY),
            Some(class) => self.class(class),
        };
        let scope = Scope::this(Place::Memory);
        let conditions = self.filters(&memory.filters, &scope);
        let kept = self.kept(memory, &scope);
        self.names.memories.push(kept.info.clone());
        let per = memory
            .per
            .iter()
            .filter_map(|path| self.key_path(path, &scope))
            .collect();
        let keep = self.keep_of(memory);
        let learn = memory
            .learn
            .as_ref()
            .and_then(|learn| self.duration(learn, "learn"));
        if let (Some(keep), Some(learn), Some(quantity)) = (keep, learn, &memory.learn)
            && learn > keep
        {
            let message = "expected `learn` to be no longer than `for`";
            let span = quantity::quantity_span(quantity);
            let diagnostic = Diagnostic::error(Code::BadMemory, span, message);
            self.report(diagnostic.help("what is learned would be forgotten before it is used"));
        }
        ir::Memory {
            name: memory.name.text.as_str().into(),
            kind: kept.kind,
            class: class.unwrap_or(super::class::ANY),
            conditions,
            per,
            keep: keep.unwrap_or_default(),
            learn,
            max: self.max_of(memory, &kept.info),
            span,
        }
    }

    fn keep_of(&mut self, memory: &ast::Memory) -> Option<Duration> {
        let Some(keep) = &memory.keep else {
            let name = &memory.name;
            let message = format!("memory `{}` does not say how long it remembers", name.text);
            let diagnostic = Diagnostic::error(Code::MissingFor, name.span, message);
            self.report(diagnostic.help("add `for 30d`: what is kept must have an end"));
            return None;
        };
        self.positive_duration(keep, "for")
    }

    fn max_of(&mut self, memory: &ast::Memory, info: &MemoryInfo) -> Option<u64> {
        let max = memory.max.as_ref()?;
        match info.kind {
            MemoryForm::Seen | MemoryForm::Distinct => self.count(max, "the most values kept"),
            MemoryForm::Last | MemoryForm::Count | MemoryForm::Profile => {
                let span = quantity::quantity_span(max);
                let message = "expected `max` on a `seen` or `distinct` memory, found another kind";
                self.report(Diagnostic::error(Code::BadMemory, span, message));
                None
            }
        }
    }

    /// Returns a path that is a key: a field or a place of the raw record, as a text.
    pub(super) fn key_path(&mut self, path: &Path, scope: &Scope<'_>) -> Option<ExprId> {
        let value = self.path_value(path, scope)?;
        Some(self.convert(value, &Type::Text).id)
    }

    /// Returns a path whose values are told apart; unmapped input as text.
    fn counted_path(&mut self, path: &Path, scope: &Scope<'_>) -> Option<Typed> {
        let value = self.path_value(path, scope)?;
        Some(self.convert(value, &Type::Text))
    }

    /// Returns the value of a path.
    pub(super) fn path_value(&mut self, path: &Path, scope: &Scope<'_>) -> Option<Typed> {
        let expr = Expr {
            kind: ast::ExprKind::Path(path.clone()),
            span: path.span,
        };
        self.value(&expr, scope, None)
    }

    fn kept(&mut self, memory: &ast::Memory, scope: &Scope<'_>) -> Kept {
        let form = |kind, ty| MemoryInfo { kind, ty };
        let none = ExprId(0);
        match &memory.kind {
            ast::MemoryKind::Seen(path) => {
                let value = self.counted_path(path, scope);
                let id = value.as_ref().map_or(none, |value| value.id);
                let info = form(MemoryForm::Seen, value.map(|value| value.ty));
                Kept {
                    kind: MemoryKind::Seen(id),
                    info,
                }
            }
            ast::MemoryKind::Last(path) => {
                let value = self.path_value(path, scope);
                let id = value.as_ref().map_or(none, |value| value.id);
                let info = form(MemoryForm::Last, value.map(|value| value.ty));
                Kept {
                    kind: MemoryKind::Last(id),
                    info,
                }
            }
            ast::MemoryKind::Count => Kept {
                kind: MemoryKind::Count,
                info: form(MemoryForm::Count, Some(Type::Int)),
            },
            ast::MemoryKind::Distinct(path) => {
                let value = self.counted_path(path, scope);
                let id = value.map_or(none, |value| value.id);
                let info = form(MemoryForm::Distinct, Some(Type::Int));
                Kept {
                    kind: MemoryKind::Distinct(id),
                    info,
                }
            }
            ast::MemoryKind::Profile { aggregate, every } => {
                self.profile(memory, aggregate, every, scope)
            }
        }
    }

    fn profile(
        &mut self,
        memory: &ast::Memory,
        aggregate: &Expr,
        every: &Quantity,
        scope: &Scope<'_>,
    ) -> Kept {
        let window = Scope {
            window: true,
            ..*scope
        };
        let value = self.value(aggregate, &window, None);
        let value = value.and_then(|value| self.profiled(value, aggregate));
        let span = quantity::quantity_span(every);
        let every = self.positive_duration(every, "every").unwrap_or_default();
        let keep = memory.keep.as_ref().and_then(|keep| self.span_of(keep));
        if keep.is_some_and(|keep| keep < every) {
            let message = "expected buckets no longer than what the memory keeps";
            let help = "let it remember longer, `for 30d`, or take shorter buckets";
            self.report(Diagnostic::error(Code::BadMemory, span, message).help(help));
        } else if every.0 > 0 {
            self.aligned(every, "every", span);
        }
        let id = value.as_ref().map_or(ExprId(0), |value| value.id);
        let info = MemoryInfo {
            kind: MemoryForm::Profile,
            ty: value.map(|value| value.ty),
        };
        Kept {
            kind: MemoryKind::Profile {
                aggregate: id,
                every,
            },
            info,
        }
    }

    /// Returns the aggregate of a profile, which is a number of some dimension.
    fn profiled(&mut self, value: Typed, expr: &Expr) -> Option<Typed> {
        let is_aggregate = matches!(
            self.program.exprs[value.id].kind,
            ExprKind::Aggregate { .. }
        );
        let measured = constant::is_number(&value.ty) || constant::unit_of(&value.ty).is_some();
        if is_aggregate && measured {
            return Some(value);
        }
        let message = format!(
            "expected an aggregate that is a number, found `{}`",
            self.quote(expr.span)
        );
        let diagnostic = Diagnostic::error(Code::BadMemory, expr.span, message);
        self.report(
            diagnostic
                .help("write `profile sum(bytes.down) every 1d` or `profile count() every 1h`"),
        );
        None
    }

    /// Looks whether windows of a length start at midnight: it divides a day, or is whole days.
    pub(super) fn aligned(&mut self, every: Duration, word: &str, span: Span) {
        let day = crate::units::DAY;
        if every.0 > 0 && (day % every.0 == 0 || every.0 % day == 0) {
            return;
        }
        let message =
            format!("expected a duration after `{word}` that divides a day, or whole days");
        let diagnostic = Diagnostic::error(Code::BadDuration, span, message);
        self.report(
            diagnostic.help("windows start at midnight: `15m`, `1h`, `8h`, `1d`, `1w` fit"),
        );
    }
}
