//! Tests of text: patterns made ready, and texts folded to meet them.
//!
//! Apart because it runs for every text of every event: nothing is allocated for a text of ASCII
//! that is not longer than a line.

use memchr::memmem::Finder;
use muster_lang::builtins::extract;
use muster_lang::ir::TextTest;
use muster_lang::value::fold;
use regex::Regex;

use super::glob::Glob;

/// The longest text that is folded without allocating, in bytes.
const FOLDED_IN_PLACE_BYTES_MAX: usize = 512;

/// The patterns of a test: true if any fits.
#[derive(Debug)]
pub(super) enum Patterns {
    /// Patterns that folded texts meet.
    Folded(Vec<Folded>),
    /// Regular expressions, which meet texts as they are.
    Regexes(Vec<Regex>),
}

/// A folded pattern.
#[derive(Debug)]
pub(super) enum Folded {
    /// It stands somewhere.
    Contains(Box<Finder<'static>>),
    /// It stands at the start.
    StartsWith(Box<str>),
    /// It stands at the end.
    EndsWith(Box<str>),
    /// The whole text fits a glob.
    Like(Glob),
}

impl Patterns {
    /// Makes patterns ready.
    ///
    /// # Errors
    ///
    /// The first that is no regular expression, or one that takes too much memory, and why.
    pub(super) fn new<'a>(
        test: TextTest,
        patterns: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, (String, regex::Error)> {
        let make = match test {
            TextTest::Contains => {
                |pattern: &str| Folded::Contains(Box::new(Finder::new(pattern).into_owned()))
            }
            TextTest::StartsWith => |pattern: &str| Folded::StartsWith(pattern.into()),
            TextTest::EndsWith => |pattern: &str| Folded::EndsWith(pattern.into()),
            TextTest::Like => |pattern: &str| Folded::Like(Glob::new(pattern)),
            TextTest::Matches => return Self::regexes(patterns),
        };
        Ok(Self::Folded(
            patterns
                .into_iter()
                .map(|pattern| make(&fold(pattern)))
                .collect(),
        ))
    }

    fn regexes<'a>(
        patterns: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, (String, regex::Error)> {
        let compile =
            |pattern: &str| extract::compile(pattern).map_err(|error| (pattern.to_owned(), error));
        patterns
            .into_iter()
            .map(compile)
            .collect::<Result<_, _>>()
            .map(Self::Regexes)
    }

    /// Tells whether a text fits one of the patterns.
    pub(super) fn fits(&self, text: &str) -> bool {
        match self {
            Self::Regexes(patterns) => patterns.iter().any(|pattern| pattern.is_match(text)),
            Self::Folded(patterns) => with_folded(text, |text| {
                patterns.iter().any(|pattern| pattern.fits(text))
            }),
        }
    }
}

impl Folded {
    fn fits(&self, text: &str) -> bool {
        match self {
            Folded::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Folded::StartsWith(pattern) => text.starts_with(&**pattern),
            Folded::EndsWith(pattern) => text.ends_with(&**pattern),
            Folded::Like(glob) => glob.fits(text),
        }
    }
}

/// Calls a function with the folded text, which for ASCII of usual length lies on the stack.
pub(super) fn with_folded<R>(text: &str, then: impl FnOnce(&str) -> R) -> R {
    let mut buffer = [0; FOLDED_IN_PLACE_BYTES_MAX];
    let in_place = buffer.get_mut(..text.len()).filter(|_| text.is_ascii());
    if let Some(folded) = in_place {
        folded.copy_from_slice(text.as_bytes());
        folded.make_ascii_lowercase();
        if let Ok(folded) = std::str::from_utf8(folded) {
            return then(folded);
        }
    }
    then(&fold(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(test: TextTest, pattern: &str, text: &str) -> bool {
        Patterns::new(test, [pattern]).unwrap().fits(text)
    }

    #[test]
    fn tests_by_word_ignore_case_and_regular_expressions_do_not() {
        for (test, pattern, text, wanted) in [
            (TextTest::Contains, "CURL", "libcurl/8", true),
            (TextTest::Contains, "", "", true),
            (TextTest::Contains, "curl", "wget", false),
            (TextTest::StartsWith, "Old", "oldValue", true),
            (TextTest::StartsWith, "old", "gold", false),
            (TextTest::EndsWith, ".EXE", "cmd.exe", true),
            (TextTest::EndsWith, ".exe", "cmd.exe.txt", false),
            (TextTest::Like, "*Chrome*", "mozilla chrome/120", true),
            (TextTest::Like, "chrome", "a chrome", false),
            (TextTest::Contains, "straße", "STRAßE 5", true),
            (TextTest::Contains, "STRASSE", "straße", false),
            (TextTest::Contains, "İ", "xi\u{307}y", true),
            (TextTest::EndsWith, "ΟΔΟΣ", "οδος", true),
            (TextTest::Contains, "k", "\u{212a}elvin", true),
            (TextTest::Matches, "^a.c$", "abc", true),
            (TextTest::Matches, "abc", "ABC", false),
            (TextTest::Matches, "(?i)abc", "xABCx", true),
            (TextTest::Matches, r"\d+", "no digits", false),
        ] {
            assert_eq!(fits(test, pattern, text), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn texts_of_every_length_are_folded_whole() {
        for length in [0, 1, 511, 512, 513, 100_000] {
            let text = "A".repeat(length);
            assert_eq!(with_folded(&text, str::to_owned), "a".repeat(length));
            let text = format!("{text}É");
            assert!(with_folded(&text, |folded| folded.ends_with('é')));
        }
    }

    #[test]
    fn a_pattern_that_takes_too_much_memory_is_refused() {
        assert!(Patterns::new(TextTest::Matches, ["(?:a{1000}){1000}"]).is_err());
        assert!(Patterns::new(TextTest::Matches, ["("]).is_err());
        assert!(
            Patterns::new(TextTest::Matches, [r"(?:a+)+$"])
                .unwrap()
                .fits("aaa")
        );
    }
}
