//! Listings of declarations other than rules.
//!
//! Apart from rules because each of these is a few atoms.

use crate::syntax::ast::{
    Calendar, CalendarLineKind, CalendarSpan, Column, Declaration, DeclarationKind, Digest,
    DigestAction, Expr, Field, Identity, IdentityFrom, Memory, MemoryKind, Param, ParamValue, Path,
    Quantity, Source, SourceLineKind, Table, TableMode, Test, TestLineKind, TestTime, TestTimeKind,
    TypeExpr, TypeKind,
};
use crate::syntax::listing::expression::{expr, filters, literal, quantity};
use crate::syntax::listing::rule::rule;
use crate::syntax::listing::{Tree, atom, name, node, path, paths, text};
use crate::syntax::print;

pub(super) fn declaration(declaration: &Declaration) -> Tree {
    match &declaration.kind {
        DeclarationKind::Source(it) => source(it),
        DeclarationKind::Field(it) => field(it),
        DeclarationKind::Event(it) => {
            let base = it.base.as_ref().map_or_else(|| atom("any"), name);
            let head = [name(&it.name), base].into_iter();
            node(
                "event",
                head.chain(filters(&it.filters))
                    .chain(it.doc.as_ref().map(text)),
            )
        }
        DeclarationKind::Identity(it) => identity(it),
        DeclarationKind::Table(it) => table(it),
        DeclarationKind::List(it) => {
            let items = std::iter::once(name(&it.name)).chain(it.items.iter().map(literal));
            node(
                "list",
                items.chain(it.doc.as_ref().map(|doc| node("doc", [text(doc)]))),
            )
        }
        DeclarationKind::Calendar(it) => calendar(it),
        DeclarationKind::Memory(it) => memory(it),
        DeclarationKind::Rule(it) => rule(it),
        DeclarationKind::Digest(it) => digest(it),
        DeclarationKind::Test(it) => test(it),
        DeclarationKind::Param(it) => param(it),
        DeclarationKind::Use(it) => node("use", [path(&it.path)]),
    }
}

fn source(source: &Source) -> Tree {
    let lines = source.lines.iter().map(|line| source_line(&line.kind));
    node(
        "source",
        [name(&source.name)]
            .into_iter()
            .chain(source.doc.as_ref().map(text))
            .chain(lines),
    )
}

fn source_line(line: &SourceLineKind) -> Tree {
    match line {
        SourceLineKind::When(it) => node("when", [expr(it)]),
        SourceLineKind::Absent(values) => node("absent", values.iter().map(literal)),
        SourceLineKind::Drop(it) => node("drop", [expr(it)]),
        SourceLineKind::Lateness(it) => node("lateness", [quantity(it)]),
        SourceLineKind::Dedupe(it) => node("dedupe", [quantity(it)]),
        SourceLineKind::Explode { list, name: root } => node("explode", [name(root), expr(list)]),
        SourceLineKind::Fields(from) => node("fields", [atom(print::raw_path(from))]),
        SourceLineKind::Assign { field, value, when } => {
            let when = when.iter().map(|it| node("when", [expr(it)]));
            node("assign", [path(field), expr(value)].into_iter().chain(when))
        }
    }
}

fn field(field: &Field) -> Tree {
    let value = field.value.iter().map(expr);
    let doc = field.doc.iter().map(|doc| node("doc", [text(doc)]));
    node(
        "field",
        [path(&field.path), type_expr(&field.ty)]
            .into_iter()
            .chain(value)
            .chain(doc),
    )
}

fn type_expr(ty: &TypeExpr) -> Tree {
    match &ty.kind {
        TypeKind::Name(text) => atom(print::name(text)),
        TypeKind::Enum {
            symbols,
            ordered: false,
        } => node("enum", symbols.iter().map(path)),
        TypeKind::Enum {
            symbols,
            ordered: true,
        } => node("ordered", symbols.iter().map(path)),
        TypeKind::List(element) => node("list", [type_expr(element)]),
    }
}

fn identity(identity: &Identity) -> Tree {
    let from = identity.from.iter().map(identity_from);
    let clean = identity.clean.iter().map(|cleaner| {
        node(
            "clean",
            [name(&cleaner.name)]
                .into_iter()
                .chain(cleaner.args.iter().map(text)),
        )
    });
    let never =
        (!identity.never.is_empty()).then(|| node("never", identity.never.iter().map(text)));
    node(
        "identity",
        [name(&identity.name)]
            .into_iter()
            .chain(from)
            .chain(clean)
            .chain(never),
    )
}

fn identity_from(from: &IdentityFrom) -> Tree {
    let columns = node("match", from.columns.iter().map(column));
    node(
        "from",
        [
            name(&from.table),
            columns,
            node("give", [column(&from.give)]),
        ],
    )
}

fn column(column: &Column) -> Tree {
    atom(print::name(&column.text))
}

fn table(table: &Table) -> Tree {
    let mode = match table.mode {
        TableMode::Exact => "key",
        TableMode::Net => "cidr",
        TableMode::Prefix => "prefix",
    };
    node(
        "table",
        [
            name(&table.name),
            text(&table.file),
            node(mode, [column(&table.key)]),
        ],
    )
}

fn calendar(calendar: &Calendar) -> Tree {
    let lines = calendar.lines.iter().map(|line| match &line.kind {
        CalendarLineKind::Zone(zone) => node("zone", [text(zone)]),
        CalendarLineKind::Days { items, except } => {
            let except = except.iter().map(|it| node("except", [name(it)]));
            node("days", items.iter().map(calendar_span).chain(except))
        }
        CalendarLineKind::From {
            table,
            start,
            end,
            per,
        } => {
            let per = per.iter().map(|it| node("per", [column(it)]));
            node(
                "from",
                [name(table), column(start), column(end)]
                    .into_iter()
                    .chain(per),
            )
        }
    });
    node("calendar", [name(&calendar.name)].into_iter().chain(lines))
}

fn calendar_span(span: &CalendarSpan) -> Tree {
    let days = span
        .days
        .iter()
        .map(|(first, last)| atom(format!("{first}-{last}")));
    let hours = [atom(print::clock(span.start)), atom(print::clock(span.end))];
    node("span", days.chain(hours))
}

fn memory(memory: &Memory) -> Tree {
    let kind = match &memory.kind {
        MemoryKind::Seen(it) => node("seen", [path(it)]),
        MemoryKind::Last(it) => node("last", [path(it)]),
        MemoryKind::Count => node("count", []),
        MemoryKind::Distinct(it) => node("distinct", [path(it)]),
        MemoryKind::Profile { aggregate, every } => {
            node("profile", [expr(aggregate), quantity(every)])
        }
    };
    let class = memory.class.as_ref().map_or_else(|| atom("any"), name);
    let head = [name(&memory.name), class, kind].into_iter();
    let options = [
        ("for", &memory.keep),
        ("learn", &memory.learn),
        ("max", &memory.max),
    ];
    let options = options
        .into_iter()
        .filter_map(|(word, it)| it.as_ref().map(|it| node(word, [quantity(it)])));
    node(
        "memory",
        head.chain(filters(&memory.filters))
            .chain(paths("per", &memory.per))
            .chain(options),
    )
}

fn digest(digest: &Digest) -> Tree {
    let head = [name(&digest.name), name(&digest.class.name)].into_iter();
    let filters = filters(&digest.filters);
    node(
        "digest",
        head.chain(filters).chain([digest_action(&digest.action)]),
    )
}

fn digest_action(action: &DigestAction) -> Tree {
    match action {
        DigestAction::First { per, each } => {
            let each = each
                .iter()
                .map(|(every, zone)| window("each", every, zone.as_ref()));
            node("first", paths("per", per).into_iter().chain(each))
        }
        DigestAction::Changes { of, per } => {
            node("changes", [path(of)].into_iter().chain(paths("per", per)))
        }
        DigestAction::Summarize {
            per,
            every,
            zone,
            values,
        } => {
            let values = values
                .iter()
                .map(|(key, value)| node("value", [name(key), expr(value)]));
            let head = paths("per", per)
                .into_iter()
                .chain([window("every", every, zone.as_ref())]);
            node("summarize", head.chain(values))
        }
        DigestAction::Drop => node("drop", []),
    }
}

pub(super) fn window(
    head: &'static str,
    every: &Quantity,
    zone: Option<&crate::syntax::ast::Text>,
) -> Tree {
    node(head, [quantity(every)].into_iter().chain(zone.map(text)))
}

fn test(test: &Test) -> Tree {
    let lines = test.lines.iter().map(|line| test_line(&line.kind));
    node(
        "test",
        [text(&test.name)]
            .into_iter()
            .chain(test.rule.iter().map(name))
            .chain(lines),
    )
}

fn test_line(line: &TestLineKind) -> Tree {
    match line {
        TestLineKind::Event { at, class, fields } => node(
            "at",
            [moment(at), name(&class.name)]
                .into_iter()
                .chain(record(fields)),
        ),
        TestLineKind::Feed(file) => node("feed", [text(file)]),
        TestLineKind::Advance(to) => node("advance", [moment(to)]),
        TestLineKind::Alerts { count, at, fields } => {
            let at = at.iter().map(|at| node("at", [moment(at)]));
            node(
                "alerts",
                [atom(count.to_string())]
                    .into_iter()
                    .chain(at)
                    .chain(record(fields)),
            )
        }
        TestLineKind::Pending => node("pending", []),
        TestLineKind::Forwarded(count) => node("forwarded", [atom(count.to_string())]),
    }
}

fn record(fields: &[(Path, Expr)]) -> impl Iterator<Item = Tree> {
    fields
        .iter()
        .map(|(key, value)| node("field", [path(key), expr(value)]))
}

fn moment(time: &TestTime) -> Tree {
    match time.kind {
        TestTimeKind::Clock { day: None, time } => atom(print::clock(time)),
        TestTimeKind::Clock {
            day: Some(day),
            time,
        } => node("day", [atom(day.to_string()), atom(print::clock(time))]),
        TestTimeKind::After(span) => atom(format!("+{}", print::duration(span))),
        TestTimeKind::Instant(micros) => atom(print::instant(micros)),
    }
}

fn param(param: &Param) -> Tree {
    let value = match &param.value {
        ParamValue::Literal(it) => literal(it),
        ParamValue::List(items, _) => node("list", items.iter().map(literal)),
    };
    let doc = param.doc.iter().map(|doc| node("doc", [text(doc)]));
    node("param", [name(&param.name), value].into_iter().chain(doc))
}
