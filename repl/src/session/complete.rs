//! The words a line may go on with: commands, classes, fields, rules, and values seen.
//!
//! Apart from the shell because what fits depends on the line alone, and is tested without a terminal.

use muster_lang::syntax::DECLARATIONS;
use muster_lang::types::Type;

use super::Session;
use super::command::COMMANDS;
use super::look::values_of;

/// Words of the language that may stand in a line.
const KEYWORDS: [&str; 24] = [
    "where", "unless", "and", "or", "not", "is", "in", "like", "contains", "matches", "exists",
    "during", "outside", "count", "by", "every", "show", "when", "then", "within", "without",
    "alert", "as", "same",
];

/// All that a line may go on with, as it stood when the line was begun.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    classes: Vec<String>,
    fields: Vec<(String, Vec<String>)>,
    rules: Vec<String>,
    memories: Vec<String>,
    others: Vec<String>,
}

impl Session {
    /// Returns the words there are now.
    pub(crate) fn words(&self) -> Words {
        let Some(history) = &self.history else {
            return Words::default();
        };
        let program = history.evaluator().program();
        let values = |id: muster_lang::ir::FieldId, ty: &Type| match ty {
            Type::Enum(symbols) => symbols.symbols.iter().map(ToString::to_string).collect(),
            Type::Bool => vec!["true".into(), "false".into()],
            Type::Text => values_of(history, id)
                .iter()
                .map(|value| format!("\"{}\"", super::safe(value).replace('"', "\\\"")))
                .collect(),
            Type::Int
            | Type::Float
            | Type::Time
            | Type::Duration
            | Type::Distance
            | Type::Speed
            | Type::Size
            | Type::Ip
            | Type::Geo
            | Type::List(_)
            | Type::Any => Vec::new(),
        };
        let names = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
        Words {
            classes: names(
                program
                    .classes
                    .as_slice()
                    .iter()
                    .map(|one| &*one.name)
                    .collect(),
            ),
            fields: program
                .fields
                .iter()
                .map(|(id, field)| (field.name.to_string(), values(id, &field.ty)))
                .collect(),
            rules: names(
                program
                    .rules
                    .as_slice()
                    .iter()
                    .map(|one| &*one.name)
                    .collect(),
            ),
            memories: names(
                program
                    .memories
                    .as_slice()
                    .iter()
                    .map(|one| &*one.name)
                    .collect(),
            ),
            others: names(
                program
                    .lists
                    .as_slice()
                    .iter()
                    .map(|one| &*one.name)
                    .chain(program.tables.as_slice().iter().map(|one| &*one.name))
                    .chain(program.calendars.as_slice().iter().map(|one| &*one.name))
                    .collect(),
            ),
        }
    }
}

impl Words {
    /// Returns where the word under the cursor begins, and what may stand there.
    pub(crate) fn complete(&self, line: &str, cursor: usize) -> (usize, Vec<String>) {
        let before = line.get(..cursor).unwrap_or(line);
        let is_word =
            |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '"' | '@' | '-');
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_word(*c))
            .last()
            .map_or(before.len(), |(at, _)| at);
        let word = before.get(start..).unwrap_or_default();
        let head = before.get(..start).unwrap_or_default();
        let mut found: Vec<String> = self
            .fitting(head, word)
            .into_iter()
            .filter(|one| one.starts_with(word) && one != word)
            .collect();
        found.sort();
        found.dedup();
        (start, found)
    }

    fn fitting(&self, head: &str, word: &str) -> Vec<String> {
        let before: Vec<&str> = head.split_whitespace().collect();
        if before.is_empty() && word.starts_with(':') {
            return COMMANDS
                .iter()
                .map(|command| format!(":{}", command.name))
                .collect();
        }
        if let Some(command) = before.first().filter(|first| first.starts_with(':')) {
            return self.arguments(command);
        }
        if let Some(values) = self.values(&before) {
            return values;
        }
        let fields = self.fields.iter().map(|(name, _)| name.clone());
        let all = self
            .classes
            .iter()
            .chain(&self.memories)
            .chain(&self.rules)
            .chain(&self.others)
            .cloned();
        let words = KEYWORDS
            .iter()
            .chain(DECLARATIONS)
            .map(|word| (*word).to_owned());
        fields.chain(all).chain(words).collect()
    }

    /// Returns the values of a field behind `FIELD is`.
    fn values(&self, before: &[&str]) -> Option<Vec<String>> {
        let last = before.last()?;
        if !matches!(*last, "is" | "==" | "!=" | "not" | "<" | ">" | "<=" | ">=") {
            return None;
        }
        let named = before
            .iter()
            .rev()
            .find(|word| !matches!(**word, "is" | "not" | "==" | "!=" | "<" | ">" | "<=" | ">="))?;
        let field = self.fields.iter().find(|(name, _)| name == named)?;
        (!field.1.is_empty()).then(|| field.1.clone())
    }

    fn arguments(&self, command: &str) -> Vec<String> {
        match command {
            ":why" => self
                .rules
                .iter()
                .cloned()
                .chain(["not".to_owned()])
                .collect(),
            ":alerts" | ":state" | ":test" | ":explain" => self.rules.clone(),
            ":memory" => self.memories.clone(),
            ":show" => self
                .rules
                .iter()
                .chain(&self.memories)
                .chain(&self.classes)
                .chain(&self.others)
                .cloned()
                .collect(),
            ":help" => COMMANDS
                .iter()
                .map(|command| command.name.to_owned())
                .chain(["asking".into(), "writing".into()])
                .collect(),
            ":fields" => self.fields.iter().map(|(name, _)| name.clone()).collect(),
            ":save" => vec!["test".into()],
            _ => Vec::new(),
        }
    }

    /// Returns how a word that is all but typed ends, if only one way fits.
    pub(crate) fn hint(&self, line: &str, cursor: usize) -> Option<String> {
        if cursor != line.len() {
            return None;
        }
        let (start, found) = self.complete(line, cursor);
        let word = line.get(start..)?;
        if word.len() >= 2
            && let [only] = found.as_slice()
        {
            return only.get(word.len()..).map(str::to_owned);
        }
        let name = line.strip_prefix(':')?.trim_end();
        let command = COMMANDS.iter().find(|command| command.name == name)?;
        let gap = if line.ends_with(' ') { "" } else { " " };
        (!command.takes.is_empty()).then(|| format!("{gap}{}", command.takes))
    }

    /// Tells what a word is, for color.
    pub(crate) fn kind(&self, word: &str) -> Kind {
        if KEYWORDS.contains(&word) || DECLARATIONS.contains(&word) {
            return Kind::Keyword;
        }
        if self.classes.iter().any(|class| class == word) {
            return Kind::Class;
        }
        Kind::Other
    }
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of the language.
    Keyword,
    /// A class.
    Class,
    /// Anything else.
    Other,
}
