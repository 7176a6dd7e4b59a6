//! Identities: from what sources call somebody to one canonical id.
//!
//! Apart from tables because identifiers are cleaned on both sides before they are compared.

use std::borrow::Cow;

use ahash::{HashMap, HashSet};
use muster_lang::ir::{self, Cleaner};
use muster_lang::units::Timestamp;
use muster_lang::value::{Value, fold};

use super::table::{Table, key_text};

/// An identity in memory.
#[derive(Debug)]
pub(super) struct Identity {
    clean: Vec<Cleaner>,
    /// Cleaned and folded.
    never: HashSet<Box<str>>,
    people: Option<People>,
}

/// Who is known.
#[derive(Debug)]
struct People {
    table: usize,
    canonical: String,
    /// Places of rows by each of their identifiers, cleaned and folded; ascending.
    by_identifier: HashMap<Box<str>, Vec<u32>>,
}

impl Identity {
    /// Returns an identity over tables that were read, in the order of the program.
    pub(super) fn new(declared: &ir::Identity, tables: &[Table]) -> Result<Self, String> {
        let clean = declared.clean.clone();
        let never = declared
            .never
            .iter()
            .map(|name| folded(&clean, name))
            .collect();
        let people = match &declared.from {
            None => None,
            Some((id, columns, canonical)) => match tables.get(id.index()) {
                None => None,
                Some(table) => {
                    table.required(canonical)?;
                    Some(People {
                        table: id.index(),
                        canonical: canonical.to_string(),
                        by_identifier: identifiers(table, columns, canonical, &clean)?,
                    })
                }
            },
        };
        Ok(Self {
            clean,
            never,
            people,
        })
    }

    /// Returns the canonical id of the first argument that resolves; else the first, cleaned,
    /// unless it identifies nobody.
    pub(super) fn resolve(&self, arguments: &[Value], at: Timestamp, tables: &[Table]) -> Value {
        let cleaned = || {
            arguments
                .iter()
                .filter_map(|argument| self.cleaned(argument))
        };
        if let Some(people) = &self.people
            && let Some(table) = tables.get(people.table)
        {
            let known = cleaned().filter(|name| !self.is_nobody(name));
            if let Some(id) = known
                .filter_map(|name| people.find(table, &name, at))
                .next()
            {
                return id;
            }
        }
        match cleaned().next() {
            Some(name) if !self.is_nobody(&name) => Value::text(&*name),
            Some(_) | None => Value::Missing,
        }
    }

    fn cleaned<'a>(&self, argument: &'a Value) -> Option<Cow<'a, str>> {
        Some(clean(&self.clean, key_text(argument)?)).filter(|name| !name.is_empty())
    }

    fn is_nobody(&self, name: &str) -> bool {
        self.never.contains(&*fold(name))
    }
}

impl People {
    fn find(&self, table: &Table, name: &str, at: Timestamp) -> Option<Value> {
        let rows = self.by_identifier.get(&*fold(name))?;
        let id = table.last_valid(rows, at)?.get(&self.canonical);
        key_text(&id).map(|id| Value::text(&*id))
    }
}

/// Returns the places of rows by each identifier; a row that gives no id is found by none.
fn identifiers(
    table: &Table,
    columns: &[std::sync::Arc<str>],
    canonical: &str,
    clean: &[Cleaner],
) -> Result<HashMap<Box<str>, Vec<u32>>, String> {
    let mut by_identifier: HashMap<Box<str>, Vec<u32>> = HashMap::default();
    let given = table.required(canonical)?;
    for column in columns {
        let cells = table.cells(table.required(column)?);
        for (place, (cell, id)) in (0u32..).zip(cells.zip(table.cells(given))) {
            if key_text(id).is_none() {
                continue;
            }
            let Some(text) = key_text(cell) else { continue };
            let name = folded(clean, &text);
            if !name.is_empty() {
                by_identifier.entry(name).or_default().push(place);
            }
        }
    }
    for places in by_identifier.values_mut() {
        places.sort_unstable();
        places.dedup();
    }
    Ok(by_identifier)
}

fn folded(cleaners: &[Cleaner], text: &str) -> Box<str> {
    fold(&clean(cleaners, Cow::Borrowed(text))).into()
}

fn clean<'a>(cleaners: &[Cleaner], text: Cow<'a, str>) -> Cow<'a, str> {
    cleaners.iter().fold(text, |text, cleaner| match cleaner {
        Cleaner::Lower => match fold(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(lower) => Cow::Owned(lower),
        },
        Cleaner::Trim => part(text, str::trim),
        Cleaner::StripDomain(domain) => part(text, |text| without_domain(text, domain)),
    })
}

/// Returns a part of a text, copied only if the text was.
fn part<'a>(text: Cow<'a, str>, of: impl Fn(&str) -> &str) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(of(text)),
        Cow::Owned(text) => Cow::Owned(of(&text).to_owned()),
    }
}

fn without_domain<'a>(text: &'a str, domain: &str) -> &'a str {
    if let Some((before, name)) = text.split_once('\\')
        && fold(before) == fold(domain)
    {
        return name;
    }
    if let Some((name, behind)) = text.rsplit_once('@')
        && fold(behind) == fold(domain)
    {
        return name;
    }
    text
}
