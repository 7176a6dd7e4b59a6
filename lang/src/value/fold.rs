//! Folding: how texts are compared by word, ignoring case.
//!
//! Apart because indexes, patterns and keys must fold exactly as comparisons do.
//!
//! Every character is replaced by its Unicode lower case, and a final sigma by a plain one, each by
//! itself, so that folding a whole is folding its parts and `contains` agrees with `starts with`.
//! `ß` stays `ß` and is not `ss`; `İ` becomes `i` with a dot above, as Unicode says; accents count;
//! nothing is normalized.

use std::borrow::Cow;

/// Returns the text as it is compared by word: in lower case.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    if fold_chars(text).eq(text.chars()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(fold_chars(text).collect())
}

/// Tells whether two texts are the same when folded; allocates nothing.
#[must_use]
pub fn same_folded(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    fold_chars(left).eq(fold_chars(right))
}

/// Returns the folded characters of a text.
pub(super) fn fold_chars(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_ascii_without_capitals_is_borrowed() {
        assert!(matches!(fold("ana@corp.example"), Cow::Borrowed(_)));
        assert!(matches!(fold("straße"), Cow::Borrowed(_)));
        assert_eq!(fold("Ana@Corp.Example"), "ana@corp.example");
    }

    #[test]
    fn folding_is_the_lower_case_of_unicode() {
        for (text, folded) in [
            ("ÁRBOL", "árbol"),
            ("İ", "i\u{307}"),
            ("ẞ", "ß"),
            ("STRASSE", "strasse"),
            ("\u{212a}", "k"),
            ("ΟΔΟΣ", "οδοσ"),
            ("οδος", "οδοσ"),
            ("ǅ", "ǆ"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(folded), folded, "folding twice changes nothing");
        }
    }

    #[test]
    fn texts_are_the_same_as_their_folded_forms_are() {
        let texts = [
            "", "a", "A", "ß", "SS", "ss", "İ", "i", "ı", "I", "K", "\u{212a}", "ς", "Σ",
        ];
        for left in texts {
            for right in texts {
                assert_eq!(
                    same_folded(left, right),
                    fold(left) == fold(right),
                    "{left} {right}"
                );
            }
        }
    }
}
