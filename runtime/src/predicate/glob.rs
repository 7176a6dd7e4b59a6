//! Globs: `*` for any text, `?` for one character.
//!
//! Apart from regular expressions because a glob that is cut at its stars is found piece by piece,
//! leftmost first, and never goes back: in linear time, unless a piece with `?` stands between stars.

use memchr::memmem::Finder;

/// A glob, cut at its stars.
#[derive(Debug)]
pub(super) struct Glob {
    /// What the text begins with; all of it if there is no star.
    first: Box<str>,
    /// What stands between stars, in order; `None` if there is no star.
    rest: Option<Rest>,
}

#[derive(Debug)]
struct Rest {
    middle: Box<[Piece]>,
    last: Box<str>,
}

/// A piece between two stars, which may stand anywhere.
#[derive(Debug)]
enum Piece {
    /// Plain text.
    Plain(Box<Finder<'static>>),
    /// Text with a `?` in it.
    Holes(Box<str>),
}

impl Glob {
    /// Returns the glob of a folded pattern.
    pub(super) fn new(pattern: &str) -> Self {
        let mut pieces = pattern.split('*');
        let first = pieces.next().unwrap_or_default().into();
        let mut middle: Vec<&str> = pieces.collect();
        let rest = middle.pop().map(|last| Rest {
            middle: middle
                .into_iter()
                .filter(|piece| !piece.is_empty())
                .map(Piece::new)
                .collect(),
            last: last.into(),
        });
        Self { first, rest }
    }

    /// Tells whether a whole folded text fits.
    pub(super) fn fits(&self, text: &str) -> bool {
        let Some(after_first) = strip_start(text, &self.first) else {
            return false;
        };
        let Some(rest) = &self.rest else {
            return after_first.is_empty();
        };
        let Some(mut open) = strip_end(after_first, &rest.last) else {
            return false;
        };
        // The leftmost place of a piece leaves the most to those behind it.
        for piece in &rest.middle {
            match piece.after(open) {
                Some(behind) => open = behind,
                None => return false,
            }
        }
        true
    }
}

impl Piece {
    fn new(piece: &str) -> Self {
        if piece.contains('?') {
            Piece::Holes(piece.into())
        } else {
            Piece::Plain(Box::new(Finder::new(piece).into_owned()))
        }
    }

    /// Returns what stands behind the leftmost place of the piece.
    fn after<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Piece::Plain(finder) => {
                let at = finder.find(text.as_bytes())?;
                text.get(at + finder.needle().len()..)
            }
            Piece::Holes(piece) => text
                .char_indices()
                .filter_map(|(at, _)| text.get(at..))
                .find_map(|text| strip_start(text, piece)),
        }
    }
}

fn fits_char(wanted: char, found: char) -> bool {
    wanted == '?' || wanted == found
}

fn strip_start<'t>(text: &'t str, piece: &str) -> Option<&'t str> {
    let mut chars = text.chars();
    for wanted in piece.chars() {
        chars.next().filter(|found| fits_char(wanted, *found))?;
    }
    Some(chars.as_str())
}

fn strip_end<'t>(text: &'t str, piece: &str) -> Option<&'t str> {
    let mut chars = text.chars();
    for wanted in piece.chars().rev() {
        chars
            .next_back()
            .filter(|found| fits_char(wanted, *found))?;
    }
    Some(chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_fit_whole_texts() {
        for (pattern, text, wanted) in [
            ("", "", true),
            ("", "a", false),
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("*", "anything", true),
            ("a*", "abc", true),
            ("a*", "bac", false),
            ("*c", "abc", true),
            ("*c", "abcd", false),
            ("*b*", "abc", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("?", "é", true),
            ("?", "", false),
            ("??", "é", false),
            ("*é", "café", true),
            ("*ab", "aab", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("**", "x", true),
            ("*?", "", false),
            ("*?", "é", true),
            ("?*", "", false),
            ("aba*aba", "aba", false),
            ("aba*aba", "ababa", false),
            ("aba*aba", "abaaba", true),
            ("*a?c*", "xaabc", true),
            ("*a?c*e", "abcabde", true),
            ("*a?c*", "aacb", true),
            ("*a?c*", "acbb", false),
            ("a*?*b", "ab", false),
            ("a*?*b", "axb", true),
            ("*.exe", "powershell.exe", true),
        ] {
            assert_eq!(Glob::new(pattern).fits(text), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn globs_agree_with_trying_every_split() {
        fn naive(pattern: &[u8], text: &[u8]) -> bool {
            match pattern.split_first() {
                None => text.is_empty(),
                Some((b'*', rest)) => (0..=text.len()).any(|at| naive(rest, &text[at..])),
                Some((wanted, rest)) => text.split_first().is_some_and(|(found, text)| {
                    (*wanted == b'?' || wanted == found) && naive(rest, text)
                }),
            }
        }
        let words = |letters: &[u8], length: usize| {
            let mut words = vec![Vec::new()];
            for _ in 0..length {
                let longer: Vec<Vec<u8>> = words
                    .iter()
                    .flat_map(|word: &Vec<u8>| {
                        letters.iter().map(|l| [word.as_slice(), &[*l]].concat())
                    })
                    .collect();
                words.extend(longer);
                words.sort();
                words.dedup();
            }
            words
        };
        for pattern in words(b"ab*?", 4) {
            let glob = Glob::new(std::str::from_utf8(&pattern).unwrap());
            for text in words(b"ab", 5) {
                let found = glob.fits(std::str::from_utf8(&text).unwrap());
                assert_eq!(found, naive(&pattern, &text), "{pattern:?} {text:?}");
            }
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = "*a".repeat(200) + "b";
        assert!(!Glob::new(&pattern).fits(&"a".repeat(20_000)));
        let holes = "*a?".repeat(50) + "b";
        assert!(!Glob::new(&holes).fits(&"a".repeat(20_000)));
    }
}
