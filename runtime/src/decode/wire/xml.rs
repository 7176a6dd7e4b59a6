//! Events of Windows as XML.
//!
//! Apart because XML has attributes, texts and children where a record has one value: an attribute
//! is a key, a text with attributes is the key `text`, and `<Data Name="X">` is the key `X`.

use muster_lang::value::{RecordBuilder, Value};
use roxmltree::{Document, Node, ParsingOptions};

/// More nodes than any event has; what has more is no event.
const NODES_MAX: u32 = 20_000;

/// How deep elements are followed.
const DEPTH_MAX: u32 = 32;

/// Reads an XML text; anything else is none.
pub(super) fn read(text: &str) -> Option<Value> {
    let options = ParsingOptions {
        nodes_limit: NODES_MAX,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).ok()?;
    let root = document.root_element();
    Some(super::single(root.tag_name().name(), value_of(root, 0)))
}

fn value_of(element: Node<'_, '_>, depth: u32) -> Value {
    let mut record = RecordBuilder::default();
    for attribute in element.attributes() {
        record.put(attribute.name().into(), Value::text(attribute.value()));
    }
    let children = element.children().filter(Node::is_element);
    for child in children.filter(|_| depth < DEPTH_MAX) {
        let named = child
            .attribute("Name")
            .filter(|_| child.tag_name().name() == "Data");
        match named {
            Some(name) => record.put(name.into(), Value::text(text_in(child))),
            None => record.put(child.tag_name().name().into(), value_of(child, depth + 1)),
        }
    }
    let text = text_in(element);
    if record.is_empty() {
        return Value::text(text);
    }
    if !text.is_empty() {
        record.put("text".into(), Value::text(text));
    }
    record.build()
}

fn text_in(element: Node<'_, '_>) -> String {
    let texts = element.children().filter(Node::is_text);
    let texts = texts.filter_map(|child| child.text());
    texts.collect::<String>().trim().to_owned()
}
