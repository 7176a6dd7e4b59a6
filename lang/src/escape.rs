//! Text of strangers, made safe to show.
//!
//! Apart from printing because every place that shows such text must use the same function.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns the text with control, bidirectional and invisible characters written as `\u{..}`.
///
/// Line feeds and tabs stay, because messages show whole lines; see [`escape_line`].
#[must_use]
pub fn escape_untrusted(text: &str) -> Cow<'_, str> {
    escape_where(text, |c| c != '\n' && c != '\t' && is_untrusted(c))
}

/// Returns the text as [`escape_untrusted`] does, with line feeds and tabs escaped too.
#[must_use]
pub fn escape_line(text: &str) -> Cow<'_, str> {
    escape_where(text, is_untrusted)
}

/// Returns whether a character can change what a terminal or a reader sees around it.
#[must_use]
pub fn is_untrusted(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns the text between quotes as JSON writes it, with every untrusted character as `\uXXXX`.
#[must_use]
pub fn json_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_untrusted(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn escape_where(text: &str, escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if escaped(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_text_is_borrowed() {
        assert!(matches!(escape_untrusted("ana\tbo\nñ"), Cow::Borrowed(_)));
    }

    #[test]
    fn control_and_bidirectional_characters_are_escaped() {
        assert_eq!(
            escape_untrusted("a\u{1b}[31m\u{202e}b\u{9b}\r\u{200b}"),
            "a\\u{1b}[31m\\u{202e}b\\u{9b}\\u{d}\\u{200b}"
        );
        assert_eq!(escape_line("a\n\t"), "a\\u{a}\\u{9}");
    }
}
