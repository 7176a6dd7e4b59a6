//! The numbers of a JSON text as they are written.
//!
//! Apart because only a record with an integer beyond 64 bits is read with them.

/// The texts of the numbers of a valid JSON text, in order.
pub(super) struct Numbers<'a> {
    rest: &'a str,
}

impl<'a> Numbers<'a> {
    /// Returns the numbers of a text that is known to be JSON.
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }
}

impl<'a> Iterator for Numbers<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            let start = self
                .rest
                .find(|c: char| matches!(c, '"' | '-' | '0'..='9'))?;
            let (_, from_start) = self.rest.split_at_checked(start)?;
            if let Some(text) = from_start.strip_prefix('"') {
                self.rest = after_text(text);
                continue;
            }
            let end = from_start
                .find(|c| !is_of_number(c))
                .unwrap_or(from_start.len());
            let (number, rest) = from_start.split_at_checked(end)?;
            self.rest = rest;
            return Some(number);
        }
    }
}

/// Tells whether a character may stand in a number.
fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')
}

/// Returns what follows the quote that ends a text.
fn after_text(mut text: &str) -> &str {
    while let Some(place) = text.find(['"', '\\']) {
        let quoted = text.get(place..).is_some_and(|text| text.starts_with('\\'));
        let next = if quoted { place + 2 } else { place + 1 };
        text = text.get(next..).unwrap_or_default();
        if !quoted {
            return text;
        }
    }
    ""
}

/// Tells whether a number is written as an integer.
pub(super) fn is_integer(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}
