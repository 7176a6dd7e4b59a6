//! JSON text that is safe to show: nothing a log brought reaches a terminal or a file raw.
//!
//! Apart from the encoders because every line that leaves goes through here.

use std::io;

use serde_json::ser::{CompactFormatter, Formatter};

/// Writes compact JSON in which control, bidirectional and invisible characters are escaped.
#[derive(Clone, Copy, Debug, Default)]
pub struct SafeFormatter;

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(muster_lang::escape::is_untrusted) {
            let (before, unsafe_on) = rest.split_at(at);
            CompactFormatter.write_string_fragment(writer, before)?;
            let mut chars = unsafe_on.chars();
            for unit in chars
                .next()
                .iter()
                .flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec())
            {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

/// Returns a value as one line of safe JSON, without a line break.
#[must_use]
pub fn line(value: &serde_json::Value) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, SafeFormatter);
    match serde::Serialize::serialize(value, &mut serializer) {
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        // Writing plain values to memory cannot fail.
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let hostile = json!({"user\u{1b}": "\u{1b}[31m\u{9b}x\u{202e}y\u{7f}\u{2028}é\u{200b}\n"});
        let line = super::line(&hostile);
        assert_eq!(
            line,
            "{\"user\\u001b\":\"\\u001b[31m\\u009bx\\u202ey\\u007f\\u2028é\\u200b\\n\"}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&line).unwrap(),
            hostile
        );
    }
}
