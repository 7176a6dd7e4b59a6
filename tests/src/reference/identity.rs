//! Identities: who is meant by the names that sources have for one person.
//!
//! Apart from functions because an identity reads a table, and cleans what it compares.

use muster_lang::syntax::ast::{Argument, Identity};
use muster_lang::value::Value;

use super::expression::value;
use super::names::{Expected, Scope};
use super::table::{Row, key_text};
use super::value::fold;
use super::{Answer, unsupported};

/// The canonical id of the first name that resolves, else the first name cleaned, unless it is in
/// `never`: then nobody.
pub(crate) fn person(identity: &Identity, args: &[Argument], scope: Scope<'_>) -> Answer<Value> {
    let mut names = Vec::new();
    for argument in args {
        let found = value(&argument.value, scope, &Expected::Nothing)?;
        names.extend(key_text(&found));
    }
    let mut cleaned = Vec::new();
    for name in &names {
        cleaned.push(clean(identity, name)?);
    }
    cleaned.retain(|name| !name.is_empty());
    let mut never = Vec::new();
    for name in &identity.never {
        never.push(fold(&clean(identity, &name.value)?));
    }
    for name in &cleaned {
        if !never.contains(&fold(name))
            && let Some(id) = resolved(identity, name, scope)?
        {
            return Ok(id);
        }
    }
    let first = cleaned.first().filter(|name| !never.contains(&fold(name)));
    Ok(first.map_or(Value::Missing, |name| Value::text(name.as_str())))
}

/// The id in the last valid row that has a name in any of its columns.
fn resolved(identity: &Identity, name: &str, scope: Scope<'_>) -> Answer<Option<Value>> {
    let Some(from) = &identity.from else {
        return Ok(None);
    };
    let Some(table) = scope.world.program.tables.get(from.table.text.as_str()) else {
        return unsupported(format!("the table `{}`", from.table.text));
    };
    let at = match (scope.this, scope.input) {
        (Some(event), _) => Some(event.time),
        (None, Some(input)) => input.time,
        (None, None) => return unsupported("an identity without an event"),
    };
    let mut id = None;
    for row in table.rows().iter().filter(|row| row.is_valid(at)) {
        if has_name(identity, row, name)? {
            id = row.text(&from.give.text).or(id);
        }
    }
    Ok(id.map(Value::text))
}

fn has_name(identity: &Identity, row: &Row, name: &str) -> Answer<bool> {
    let columns = identity.from.iter().flat_map(|from| &from.columns);
    for column in columns {
        if let Some(own) = row.text(&column.text)
            && fold(&clean(identity, &own)?) == fold(name)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Cleans a name: lower case, without a domain before it or behind it.
fn clean(identity: &Identity, name: &str) -> Answer<String> {
    let mut name = name.trim().to_owned();
    for cleaner in &identity.clean {
        name = match cleaner.name.text.as_str() {
            "lower" => name.to_lowercase(),
            "strip_domain" => {
                let domains = cleaner.args.iter().map(|domain| fold(&domain.value));
                let domains: Vec<String> = domains.collect();
                let stripped = name
                    .split_once('\\')
                    .filter(|(domain, _)| domains.contains(&fold(domain)));
                stripped.map_or(name.clone(), |(_, rest)| rest.to_owned())
            }
            other => return unsupported(format!("the cleaner `{other}`")),
        };
    }
    Ok(name)
}
