//! Parameters with the values given on the command line.
//!
//! Apart from naming because an override is read by the kind of the default's literal.

use crate::check::constant;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{FileId, Files, Origin, Span};
use crate::resolve::{Constant, Declared};
use crate::suggest::nearest;
use crate::syntax;
use crate::syntax::ast::{self, DeclarationKind, ParamValue};
use crate::types::Type;
use crate::value::Value;
use crate::written::quoted;

/// The command line has no place in any file.
const NOWHERE: Span = Span {
    file: FileId(u32::MAX),
    start: 0,
    end: 0,
};

/// Returns the value of each parameter, overrides applied; `None` where one is wrong.
pub(crate) fn params(
    declared: &Declared<'_>,
    overrides: &[(String, String)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Option<Constant>> {
    unknown(declared, overrides, diagnostics);
    declared
        .params
        .iter()
        .map(|(param, _)| value(param, overrides, diagnostics))
        .collect()
}

/// Reports overrides of parameters that nobody declared.
fn unknown(
    declared: &Declared<'_>,
    overrides: &[(String, String)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let names = || {
        declared
            .params
            .iter()
            .map(|(param, _)| param.name.text.as_str())
    };
    for (name, _) in overrides {
        if names().any(|known| known == name) {
            continue;
        }
        // Without a place nothing is drawn but the message.
        let near = nearest(name, names());
        let meant = near
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        let message = format!("no param is called `{name}`, which `--set` names{meant}");
        diagnostics.push(Diagnostic::error(Code::BadOverride, NOWHERE, message));
    }
}

fn value(
    param: &ast::Param,
    overrides: &[(String, String)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Constant> {
    let default = constant_of(&param.value);
    let Some(default) = default else {
        let message = "expected a literal of one kind as the value of a param";
        diagnostics.push(Diagnostic::error(Code::MixedList, param.name.span, message));
        return None;
    };
    let Some((_, text)) = overrides
        .iter()
        .rev()
        .find(|(name, _)| *name == param.name.text)
    else {
        return Some(default);
    };
    let given = read(text, &default.ty);
    if given.is_none() {
        let name = &param.name.text;
        let message = format!(
            "expected {} for param `{name}`, found `{text}` in `--set`",
            constant::with_article(&default.ty)
        );
        let help = format!(
            "its default shows the form: `{}`",
            constant::written(&default.value)
        );
        diagnostics.push(Diagnostic::error(Code::BadOverride, param.name.span, message).help(help));
    }
    given
}

fn constant_of(value: &ParamValue) -> Option<Constant> {
    match value {
        ParamValue::Literal(literal) => {
            let (value, ty) = constant::of_literal(literal)?;
            Some(Constant {
                value,
                ty,
                items: Vec::new(),
            })
        }
        ParamValue::List(items, _) => {
            let (values, element) = constant::of_list(items)?;
            let ty = Type::List(Box::new(element));
            Some(Constant {
                value: Value::List(values.into()),
                ty,
                items: items.clone(),
            })
        }
    }
}

/// Reads an override as a literal of a type; texts need no quotes.
fn read(text: &str, ty: &Type) -> Option<Constant> {
    let given = constant_of(&parse(&literal(text, ty))?)?;
    match (&given.ty, ty) {
        (found, wanted) if found == wanted => Some(given),
        (Type::Int, Type::Float) => Some(Constant {
            ty: Type::Float,
            ..given
        }),
        (_, _) => None,
    }
}

/// Returns an override as it would stand in a file.
fn literal(text: &str, ty: &Type) -> String {
    let bare = !text.trim_start().starts_with(['"', '[']) && !text.trim_start().starts_with("r\"");
    match ty {
        Type::Text if bare => quoted(text),
        Type::List(element) if bare => {
            let items: Vec<String> = match **element {
                Type::Text => text.split(',').map(|item| quoted(item.trim())).collect(),
                _ => vec![text.to_owned()],
            };
            format!("[{}]", items.join(", "))
        }
        _ => text.to_owned(),
    }
}

fn parse(literal: &str) -> Option<ParamValue> {
    let mut files = Files::new();
    let file = files.add("--set", format!("param value = {literal}"), Origin::User);
    let parsed = syntax::parse(&files, file);
    if !parsed.diagnostics.is_empty() || parsed.module.declarations.len() != 1 {
        return None;
    }
    parsed
        .module
        .declarations
        .into_iter()
        .find_map(|declaration| match declaration.kind {
            DeclarationKind::Param(param) => Some(param.value),
            DeclarationKind::Source(_)
            | DeclarationKind::Field(_)
            | DeclarationKind::Event(_)
            | DeclarationKind::Identity(_)
            | DeclarationKind::Table(_)
            | DeclarationKind::List(_)
            | DeclarationKind::Calendar(_)
            | DeclarationKind::Memory(_)
            | DeclarationKind::Rule(_)
            | DeclarationKind::Digest(_)
            | DeclarationKind::Test(_)
            | DeclarationKind::Use(_) => None,
        })
}
