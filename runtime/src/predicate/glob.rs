//! Globs: `*` for any text, `?` for one character.
//!
//! Apart from regular expressions because a glob needs no compiling, and its worst case is plain to see.

/// Tells whether a whole text fits a glob; both are folded already.
///
/// Goes back to the last `*` only, so it takes at most pattern length times text length.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    let mut star: Option<(&str, &str)> = None;
    loop {
        let (wanted, found) = (pattern.chars().next(), text.chars().next());
        match (wanted, found) {
            (Some('*'), _) => {
                pattern = after(pattern, '*');
                star = Some((pattern, text));
            }
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                pattern = after(pattern, wanted);
                text = after(text, found);
            }
            (None, None) => return true,
            (_, _) => match star {
                // What follows the star did not fit here: the star takes one character more.
                Some((behind, from)) if !from.is_empty() => {
                    let taken = from.chars().next().unwrap_or_default();
                    text = after(from, taken);
                    pattern = behind;
                    star = Some((behind, text));
                }
                Some(_) | None => return false,
            },
        }
    }
}

/// Returns what follows a first character.
fn after(text: &str, first: char) -> &str {
    text.get(first.len_utf8()..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn globs_fit_whole_texts() {
        for (pattern, text, wanted) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "anything", true),
            ("a*", "abc", true),
            ("a*", "bac", false),
            ("*c", "abc", true),
            ("*b*", "abc", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("?", "é", true),
            ("*é", "café", true),
            ("*ab", "aab", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("**", "x", true),
            ("*?", "", false),
        ] {
            assert_eq!(fits(pattern, text), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = "*a".repeat(200);
        assert!(!fits(&(pattern + "b"), &"a".repeat(20_000)));
    }
}
