//! An answer counts when it is whole: the SDK's parser takes what it has of a document that was cut off for the rest of
//! it, so that a listing would end early and nobody were told.

use aws_sdk_ec2::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_ec2::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ec2::error::BoxError;

/// Takes answers whose document is not closed for broken off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole;

impl Intercept for Whole {
    fn name(&self) -> &'static str {
        "holds that answers are whole"
    }

    // Before, nobody has read the body.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response();
        let body = answer.body().bytes().unwrap_or_default();
        if answer.status().is_success() && is_cut_off(body) { Err("the document is not closed".into()) } else { Ok(()) }
    }
}

/// Whether a document lacks the end tag of its root. What has no root is the parser's affair.
fn is_cut_off(body: &[u8]) -> bool {
    root(body).is_some_and(|root| !is_closed(body.trim_ascii_end(), root))
}

/// The name of the first element.
fn root(body: &[u8]) -> Option<&[u8]> {
    let first = elements(body).next()?;
    let end = first.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    Some(&first[..end.unwrap_or(first.len())])
}

/// What follows on each `<` of an element's tag.
fn elements(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let tags = body.split(|byte| *byte == b'<').skip(1);
    tags.filter(|tag| tag.first().is_some_and(|byte| !matches!(byte, b'?' | b'!')))
}

/// Whether a document ends with the end tag of that name, or has nothing but an empty element.
fn is_closed(body: &[u8], root: &[u8]) -> bool {
    let Some(open) = body.strip_suffix(b">") else { return false };
    let open = open.trim_ascii_end();
    let closed = open.strip_suffix(root).is_some_and(|rest| rest.ends_with(b"</"));
    let empty = || open.ends_with(b"/") && elements(open).nth(1).is_none();
    closed || empty()
}

#[cfg(test)]
mod tests {
    use super::is_cut_off;

    #[test]
    fn a_document_is_whole_when_its_root_is_closed() {
        let table = [
            ("<?xml version=\"1.0\"?>\n<A xmlns=\"http://a\"><set/></A>\n", false),
            ("<A><set/></A >", false),
            ("<?xml version=\"1.0\"?><A/>", false),
            ("<?xml version=\"1.0\"?><A xmlns=\"http://a\"><set>", true),
            ("<A><set/></A", true),
            ("<A><set/>", true),
            ("<A><set><item/>", true),
            ("<A><item></item>", true),
            ("<A", true),
            ("", false),
            ("not at all", false),
        ];
        for (document, cut) in table {
            assert_eq!(is_cut_off(document.as_bytes()), cut, "{document}");
        }
        let whole = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R xmlns=\"x\"><a>1</a><b/></R>";
        let start = whole.find("<R").unwrap() + 2;
        assert!((start..whole.len()).all(|end| is_cut_off(&whole.as_bytes()[..end])));
    }
}
