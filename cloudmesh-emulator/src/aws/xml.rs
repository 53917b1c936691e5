//! Writing XML as EC2 does: elements without attributes, lists as `item` elements.

use std::fmt::{Display, Write};

use hyper::body::Bytes;

/// XML that is being written.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Xml(String);

impl Xml {
    /// Nothing yet; for what stands inside of a document.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A document's beginning.
    pub(crate) fn document() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned())
    }

    /// An element with a text in it.
    pub(crate) fn text(&mut self, name: &str, value: impl Display) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "<{name}>");
        let _ = write!(Escaped(&mut self.0), "{value}");
        let _ = write!(self.0, "</{name}>");
    }

    /// An element with a text in it, where there is one.
    pub(crate) fn maybe(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// An element with others in it.
    pub(crate) fn group(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        let _ = write!(self.0, "<{name}>");
        let begin = self.0.len();
        inside(self);
        if self.0.len() == begin {
            self.0.truncate(begin - 1);
            self.0.push_str("/>");
        } else {
            let _ = write!(self.0, "</{name}>");
        }
    }

    /// An element with a namespace and others in it.
    pub(crate) fn element(&mut self, name: &str, namespace: &str, inside: impl FnOnce(&mut Self)) {
        let _ = write!(self.0, "<{name} xmlns=\"{namespace}\">");
        inside(self);
        let _ = write!(self.0, "</{name}>");
    }

    /// A list: an element with an `item` for each.
    pub(crate) fn set<T>(&mut self, name: &str, all: impl IntoIterator<Item = T>, mut one: impl FnMut(&mut Self, T)) {
        self.group(name, |xml| {
            for item in all {
                xml.group("item", |xml| one(xml, item));
            }
        });
    }

    /// A list of texts.
    pub(crate) fn texts<T: Display>(&mut self, name: &str, all: impl IntoIterator<Item = T>) {
        self.group(name, |xml| {
            for item in all {
                xml.text("item", item);
            }
        });
    }

    /// What most changes answer.
    pub(crate) fn done() -> Self {
        let mut xml = Self::new();
        xml.text("return", true);
        xml
    }

    /// What was written before.
    pub(crate) fn written(bytes: &[u8]) -> Self {
        Self(String::from_utf8_lossy(bytes).into_owned())
    }

    /// Puts what is written already.
    pub(crate) fn put(&mut self, written: &str) {
        self.0.push_str(written);
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.0.into()
    }
}

/// Writes text so that XML means it.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\r' => self.0.push_str("&#xd;"),
                // XML 1.0 cannot say them at all.
                '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => self.0.push('\u{fffd}'),
                _ => self.0.push(character),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn elements_lists_and_texts() {
        let mut xml = Xml::new();
        xml.group("a", |xml| {
            xml.text("b", "x < y & \"z\"");
            xml.maybe("c", None::<&str>);
            xml.set("dSet", [1, 2], |xml, number| xml.text("d", number));
            xml.texts("eSet", ["1"]);
            xml.group("empty", |_| ());
        });
        let written = "<a><b>x &lt; y &amp; &quot;z&quot;</b><dSet><item><d>1</d></item><item><d>2</d></item></dSet>\
                       <eSet><item>1</item></eSet><empty/></a>";
        assert_eq!(xml.as_str(), written);
    }
}
