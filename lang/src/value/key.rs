//! Keys: values as bytes that are equal exactly if the values are.
//!
//! Apart because joins, memories and `distinct` hash what `is` would compare.

use super::{Record, Value, fold, number};

/// How texts in a key are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyTexts {
    /// Ignoring case, as `is`.
    Folded,
    /// Byte for byte, as `==`.
    Exact,
}

impl Value {
    /// Appends bytes that are the same for two values of one kind exactly if they are equal.
    ///
    /// Whole floats give the bytes of the integer. Every value ends where its bytes say, so that
    /// several may follow each other in one key. A missing value has bytes of its own; whether it
    /// may join is for the caller to decide.
    pub fn write_key(&self, texts: KeyTexts, key: &mut Vec<u8>) {
        match self {
            Value::Missing => key.push(0),
            Value::Bool(value) => key.extend([1, u8::from(*value)]),
            Value::Int(value) => write_int(2, *value, key),
            Value::Float(value) => match number::exact_int(*value) {
                Some(value) => write_int(2, value, key),
                None => write_float(3, *value, key),
            },
            Value::Text(text) => write_text(4, text, texts, key),
            Value::Time(time) => write_int(5, time.0, key),
            Value::Duration(span) => write_int(6, span.0, key),
            Value::Distance(metres) => write_float(7, *metres, key),
            Value::Speed(speed) => write_float(8, *speed, key),
            Value::Size(bytes) => write_int(9, *bytes, key),
            Value::Ip(ip) => {
                key.push(10);
                match ip {
                    std::net::IpAddr::V4(ip) => key.extend(ip.to_ipv6_mapped().octets()),
                    std::net::IpAddr::V6(ip) => key.extend(ip.octets()),
                }
            }
            Value::Geo(place) => {
                write_float(11, place.lat, key);
                write_float(11, place.lon, key);
            }
            Value::List(items) => {
                write_length(12, items.len(), key);
                items.iter().for_each(|item| item.write_key(texts, key));
            }
            Value::Record(record) => write_record(record, texts, key),
        }
    }
}

fn write_int(tag: u8, value: i64, key: &mut Vec<u8>) {
    key.push(tag);
    key.extend(value.to_be_bytes());
}

fn write_float(tag: u8, value: f64, key: &mut Vec<u8>) {
    key.push(tag);
    // Zero and negative zero are equal and must have one form.
    key.extend((value + 0.0).to_bits().to_be_bytes());
}

fn write_length(tag: u8, length: usize, key: &mut Vec<u8>) {
    key.push(tag);
    key.extend((length as u64).to_be_bytes());
}

fn write_text(tag: u8, text: &str, texts: KeyTexts, key: &mut Vec<u8>) {
    let text = match texts {
        KeyTexts::Folded => fold(text),
        KeyTexts::Exact => text.into(),
    };
    write_length(tag, text.len(), key);
    key.extend(text.as_bytes());
}

fn write_record(record: &Record, texts: KeyTexts, key: &mut Vec<u8>) {
    let mut entries: Vec<_> = record.entries.iter().collect();
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    write_length(13, entries.len(), key);
    for (name, value) in entries {
        write_text(4, name, KeyTexts::Exact, key);
        value.write_key(texts, key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::address;

    fn key(value: &Value, texts: KeyTexts) -> Vec<u8> {
        let mut key = Vec::new();
        value.write_key(texts, &mut key);
        key
    }

    #[test]
    fn keys_are_equal_exactly_where_values_are() {
        let ip = |text: &str| address::parse(text).map_or(Value::Missing, Value::Ip);
        let values = [
            Value::Bool(true),
            Value::Int(0),
            Value::Float(-0.0),
            Value::Float(0.5),
            Value::Int((1 << 53) + 1),
            Value::Float(9_007_199_254_740_992.0),
            Value::text("Ana"),
            Value::text("ana"),
            Value::text("an"),
            Value::text("Σ"),
            Value::text("ς"),
            Value::Distance(-0.0),
            Value::Distance(0.0),
            ip("::1"),
            ip("::ffff:1.2.3.4"),
            ip("1.2.3.4"),
            Value::List([Value::text("A"), Value::Int(1)].into()),
            Value::List([Value::text("a"), Value::Float(1.0)].into()),
            Value::List([].into()),
        ];
        for left in &values {
            for right in &values {
                let is = left.is(right) == Some(true);
                let equal = left.equal(right) == Some(true);
                assert_eq!(
                    key(left, KeyTexts::Folded) == key(right, KeyTexts::Folded),
                    is
                );
                assert_eq!(
                    key(left, KeyTexts::Exact) == key(right, KeyTexts::Exact),
                    equal
                );
            }
        }
    }

    #[test]
    fn a_text_cannot_pretend_to_be_two() {
        let mut one = key(&Value::text("a"), KeyTexts::Exact);
        Value::text("b").write_key(KeyTexts::Exact, &mut one);
        let mut other = key(&Value::text("ab"), KeyTexts::Exact);
        Value::text("").write_key(KeyTexts::Exact, &mut other);
        assert_ne!(one, other);
    }
}
