//! What stands between quotes: escapes, and the holes of alert and note text.
//!
//! Apart from the parser because the place of each decoded letter must be remembered.

/// An escape that does not exist, as a range of the text it was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadEscape {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A decoded text with the place each part of it came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoded {
    pub(crate) value: String,
    /// INVARIANT: sorted; from the first offset on, the decoded text stands at the second in the written one.
    shifts: Vec<(usize, usize)>,
    pub(crate) bad: Vec<BadEscape>,
}

impl Decoded {
    /// Returns where a decoded byte was written.
    pub(crate) fn place(&self, offset: usize) -> usize {
        let before = self
            .shifts
            .partition_point(|(decoded, _)| *decoded <= offset);
        match before.checked_sub(1).and_then(|last| self.shifts.get(last)) {
            Some((decoded, written)) => written + (offset - decoded),
            None => offset,
        }
    }
}

/// Returns the text with its escapes decoded; one that does not exist stays as written.
pub(crate) fn decode(written: &str) -> Decoded {
    let mut decoded = Decoded::default();
    let mut rest = written;
    while let Some(slash) = rest.find('\\') {
        let start = written.len() - rest.len() + slash;
        decoded
            .value
            .push_str(rest.get(..slash).unwrap_or_default());
        let tail = rest.get(slash..).unwrap_or_default();
        let (length, letter) = escape(tail);
        let raw = tail.get(..length).unwrap_or(tail);
        match letter {
            Some(letter) => decoded.value.push(letter),
            None => {
                decoded.bad.push(BadEscape {
                    start,
                    end: start + raw.len(),
                });
                decoded.value.push_str(raw);
            }
        }
        decoded
            .shifts
            .push((decoded.value.len(), start + raw.len()));
        rest = tail.get(raw.len()..).unwrap_or_default();
    }
    decoded.value.push_str(rest);
    decoded
}

/// Returns the length of the escape a text starts with, and the letter it stands for.
fn escape(text: &str) -> (usize, Option<char>) {
    let mut letters = text.chars();
    letters.next();
    match letters.next() {
        Some('"') => (2, Some('"')),
        Some('\\') => (2, Some('\\')),
        Some('n') => (2, Some('\n')),
        Some('t') => (2, Some('\t')),
        Some('u') if text.starts_with("\\u{") => unicode_escape(text),
        Some(other) => (1 + other.len_utf8(), None),
        None => (1, None),
    }
}

fn unicode_escape(text: &str) -> (usize, Option<char>) {
    let Some(end) = text.find('}') else {
        return (3, None);
    };
    let hex = text.get(3..end).unwrap_or_default();
    let fits = (1..=6).contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    let letter = u32::from_str_radix(hex, 16)
        .ok()
        .and_then(char::from_u32)
        .filter(|_| fits);
    (end + 1, letter)
}

/// A piece of a template, as ranges of the written text between its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text whose escapes are not decoded; `{{` and `}}` are cut to one.
    Text { start: usize, end: usize },
    /// What stands between `{` and the first `}`.
    Hole { start: usize, end: usize },
    /// A `{` that nothing closes.
    LoneBrace { at: usize },
}

/// Returns the pieces of a template; holes are found before escapes are decoded.
pub(crate) fn pieces(written: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    let last_close = written.rfind('}');
    while let Some(rest) = written.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with('\\') {
            at += escape(rest).0.max(1);
        } else if rest.starts_with("{{") || rest.starts_with("}}") {
            pieces.push(Piece::Text { start, end: at + 1 });
            at += 2;
            start = at;
        } else if rest.starts_with('{') {
            pieces.push(Piece::Text { start, end: at });
            match last_close
                .filter(|close| *close > at)
                .and_then(|_| hole_length(rest))
            {
                Some(length) => {
                    pieces.push(Piece::Hole {
                        start: at + 1,
                        end: at + length,
                    });
                    at += length + 1;
                }
                None => {
                    pieces.push(Piece::LoneBrace { at });
                    at += 1;
                }
            }
            start = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    pieces.push(Piece::Text {
        start,
        end: written.len(),
    });
    pieces.retain(|piece| !matches!(piece, Piece::Text { start, end } if start == end));
    pieces
}

/// Returns where the `}` of a hole stands; another `{` before it, outside of a text, is of a new hole.
fn hole_length(rest: &str) -> Option<usize> {
    let inside = rest.get(1..).unwrap_or_default();
    let first = inside.find(['{', '}', '"'])?;
    match inside.get(first..).and_then(|sign| sign.chars().next()) {
        Some('}') => Some(first + 1),
        Some('"') => inside.find('}').map(|close| close + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_decoding() {
        let decoded = decode(r#"a\"b\u{41}c"#);
        assert_eq!(decoded.value, "a\"bAc");
        assert_eq!(decoded.place(0), 0);
        assert_eq!(decoded.place(2), 3);
        assert_eq!(decoded.place(4), 10);
    }

    #[test]
    fn an_unknown_escape_is_told_and_kept() {
        let decoded = decode(r"a\d");
        assert_eq!(
            (decoded.value.as_str(), decoded.bad),
            (r"a\d", vec![BadEscape { start: 1, end: 3 }])
        );
    }

    #[test]
    fn holes_end_at_the_first_brace() {
        assert_eq!(
            pieces("a {b} }} c}"),
            [
                Piece::Text { start: 0, end: 2 },
                Piece::Hole { start: 3, end: 4 },
                Piece::Text { start: 5, end: 7 },
                Piece::Text { start: 8, end: 11 },
            ]
        );
        assert_eq!(
            pieces("{x"),
            [Piece::LoneBrace { at: 0 }, Piece::Text { start: 1, end: 2 }]
        );
        assert_eq!(pieces(r"\u{41}"), [Piece::Text { start: 0, end: 6 }]);
    }
}
