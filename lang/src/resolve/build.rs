//! Gives every declaration its id and every field its type.
//!
//! Apart from gathering because ids follow the order of what counts, not of what was written.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Declared, FieldInfo, Global, ListInfo, Names, class_type, field_type, params};
use crate::check::constant;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{CalendarId, ClassId, FieldId, IdentityId, ListId, MemoryId, RuleId, TableId};
use crate::syntax::ast::CalendarLineKind;
use crate::types::Type;

/// Fields the engine itself reads, with their types; `class` is an enum of what sources make.
pub(crate) const CORE: [(&str, Type); 7] = [
    ("time", Type::Time),
    ("id", Type::Text),
    ("source", Type::Text),
    ("tenant", Type::Text),
    ("class", Type::Text),
    ("geo", Type::Geo),
    ("identity", Type::Text),
];

/// The classes that need no declaration.
const CLASSES: [(&str, ClassId); 2] = [("any", ClassId(0)), ("alert", ClassId(1))];

/// Returns what every name means, memories and their answers excepted.
pub(crate) fn build<'a>(
    declared: &Declared<'a>,
    broken: BTreeSet<String>,
    overrides: &[(String, String)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Names<'a> {
    let mut names = Names {
        torn: broken,
        ..Names::default()
    };
    fields(declared, &mut names, diagnostics);
    core_fields(declared, &mut names, diagnostics);
    classes(declared, &mut names, diagnostics);
    globals(declared, &mut names);
    names.params = params(declared, overrides, diagnostics);
    names.lists = declared
        .lists
        .iter()
        .map(|(list, _)| list_info(list, diagnostics))
        .collect();
    for (index, (calendar, _)) in declared.calendars.iter().enumerate() {
        let found = (CalendarId::from(index), is_keyed(calendar));
        names.calendars.insert(&calendar.name.text, found);
    }
    names
}

fn fields(declared: &Declared<'_>, names: &mut Names<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (index, (field, _)) in declared.fields.iter().enumerate() {
        let path = super::dotted(&field.path.parts);
        let ty = field_type(&field.ty, diagnostics);
        if path.starts_with("raw.")
            || path == "raw" && ty.as_ref().is_some_and(|ty| *ty != Type::Any)
        {
            let message =
                "`raw` is the input record, of type `any`, and no field may begin with it";
            diagnostics.push(Diagnostic::error(
                Code::ReservedName,
                field.path.span,
                message,
            ));
        }
        let info = FieldInfo {
            id: FieldId::from(index),
            ty,
            span: field.path.span,
        };
        names.fields.insert(path, info);
    }
}

/// Adds the fields the engine needs where nobody declared them, and looks at the types of others.
fn core_fields(declared: &Declared<'_>, names: &mut Names<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let missing = CORE
        .into_iter()
        .filter(|(name, _)| !names.fields.contains_key(*name));
    let missing: Vec<(&str, Type)> = missing.collect();
    for (place, (name, ty)) in missing.into_iter().enumerate() {
        let id = FieldId::from(declared.fields.len() + place);
        let info = FieldInfo {
            id,
            ty: Some(ty),
            span: Span::default(),
        };
        names.fields.insert(name.to_owned(), info);
    }
    for (name, want) in CORE {
        let Some(field) = names.fields.get_mut(name) else {
            continue;
        };
        let fits = match &field.ty {
            None => true,
            Some(Type::Enum(_)) => name == "class",
            Some(found) => *found == want,
        };
        if !fits {
            let message =
                format!("expected {want} as the type of `{name}`, which the engine reads");
            diagnostics.push(Diagnostic::error(Code::CoreField, field.span, message));
            field.ty = None;
        }
    }
    if let Some(class) = names.fields.get_mut("class") {
        let ty = class_type(class.ty.as_ref(), declared);
        if let Type::Enum(symbols) = &ty {
            names.class_symbols = Some(Arc::clone(symbols));
        }
        class.ty = Some(ty);
    }
}

fn classes<'a>(declared: &Declared<'a>, names: &mut Names<'a>, diagnostics: &mut Vec<Diagnostic>) {
    names.classes.extend(CLASSES);
    let events = declared.events.iter().map(|(event, _)| &event.name);
    let rules = declared.rules.iter().map(|(rule, _)| &rule.name);
    for (index, name) in events.chain(rules).enumerate() {
        if CLASSES.iter().any(|(known, _)| *known == name.text) {
            let message = format!("`{}` is a class of the language", name.text);
            diagnostics.push(
                Diagnostic::error(Code::ReservedName, name.span, message)
                    .help("choose another name"),
            );
            continue;
        }
        names
            .classes
            .insert(&name.text, ClassId::from(CLASSES.len() + index));
    }
    for (index, (rule, _)) in declared.rules.iter().enumerate() {
        names.rules.insert(&rule.name.text, RuleId::from(index));
    }
}

fn globals<'a>(declared: &Declared<'a>, names: &mut Names<'a>) {
    let globals = &mut names.globals;
    for (index, (list, _)) in declared.lists.iter().enumerate() {
        globals.insert(&list.name.text, Global::List(ListId::from(index)));
    }
    for (index, (table, _)) in declared.tables.iter().enumerate() {
        globals.insert(&table.name.text, Global::Table(TableId::from(index)));
    }
    for (index, (memory, _)) in declared.memories.iter().enumerate() {
        globals.insert(&memory.name.text, Global::Memory(MemoryId::from(index)));
    }
    for (index, (param, _)) in declared.params.iter().enumerate() {
        globals.insert(&param.name.text, Global::Param(index));
    }
    for (index, (identity, _)) in declared.identities.iter().enumerate() {
        globals.insert(
            &identity.name.text,
            Global::Identity(IdentityId::from(index)),
        );
    }
}

fn list_info<'a>(
    list: &'a crate::syntax::ast::List,
    diagnostics: &mut Vec<Diagnostic>,
) -> ListInfo<'a> {
    let element = constant::of_list(&list.items).map(|(_, element)| element);
    if element.is_none() {
        let message = format!(
            "expected elements of one type in the list `{}`",
            list.name.text
        );
        let span = list.items.first().map_or(list.name.span, |item| item.span);
        let kinds = list.items.iter().filter_map(constant::of_literal);
        let first = kinds.clone().next().map(|(_, ty)| ty);
        let odd = list
            .items
            .iter()
            .zip(kinds)
            .find(|(_, (_, ty))| Some(ty) != first.as_ref());
        let at = odd.map_or(span, |(item, _)| item.span);
        diagnostics.push(Diagnostic::error(Code::MixedList, at, message));
    }
    ListInfo {
        items: &list.items,
        element,
    }
}

fn is_keyed(calendar: &crate::syntax::ast::Calendar) -> bool {
    calendar
        .lines
        .iter()
        .any(|line| matches!(&line.kind, CalendarLineKind::From { per: Some(_), .. }))
}
