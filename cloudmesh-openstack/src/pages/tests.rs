use cloudmesh_abstract::Result;
use serde_json::{Value, json};

use super::{Body, Record, next, read};
use crate::refusal::Answer;
use crate::wire;

fn page<R: Record>(text: &str, raw: bool) -> Result<Body<R>> {
    let answer = Answer { status: 200, body: text.as_bytes().to_vec(), ..Answer::default() };
    read(&answer, "GET /", raw)
}

fn marker<R: Record>(page_of: &Value) -> Result<Option<String>> {
    let straight = page::<R>(&page_of.to_string(), false).and_then(|body| next(body.links, body.next));
    let by_values = page::<R>(&page_of.to_string(), true).and_then(|body| next(body.links, body.next));
    assert_eq!(straight.as_ref().ok(), by_values.as_ref().ok());
    straight
}

#[test]
fn the_marker_of_the_next_page_is_found() {
    let nova = json!({"servers": [], "servers_links": [{"rel": "previous", "href": "x"},
        {"rel": "next", "href": "http://elsewhere/v2.1/servers/detail?limit=1&marker=a%20b"}]});
    assert_eq!(marker::<wire::Server>(&nova).unwrap().as_deref(), Some("a b"));
    let glance = json!({"images": [], "next": "/v2/images?marker=7&limit=1"});
    assert_eq!(marker::<wire::Image>(&glance).unwrap().as_deref(), Some("7"));
    for last in [
        json!({"servers": []}),
        json!({"servers": [], "servers_links": null, "next": null}),
        json!({"servers": [], "servers_links": [], "next": 7}),
        json!({"servers": [], "servers_links": {"rel": 1}}),
    ] {
        assert_eq!(marker::<wire::Server>(&last).unwrap(), None);
    }
    assert!(marker::<wire::Image>(&json!({"images": [], "next": "/v2/images?page=2"})).is_err());
}

#[test]
fn the_vendors_records_are_kept_only_when_asked_for() {
    let text = r#"{"servers": [null, 7, [], {"id": "1", "x": {"y": 2}}, {"id": 2, "name": 3}]}"#;
    for raw in [false, true] {
        let records = page::<wire::Server>(text, raw).unwrap().records;
        assert_eq!(records.iter().map(|(server, _)| server.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
        let kept = records[0].1.as_ref();
        assert_eq!(kept, raw.then(|| json!({"id": "1", "x": {"y": 2}})).as_ref());
    }
}

#[test]
fn a_field_that_is_there_twice_hides_nothing() {
    let text = r#"{"servers": [{"id": "1", "name": "a", "name": "b"}, {"id": "2"}]}"#;
    let records = page::<wire::Server>(text, false).unwrap().records;
    assert_eq!((records.len(), records[0].0.name.as_str()), (2, "b"));
}

#[test]
fn what_is_no_page_is_an_error() {
    for text in
        ["", "[]", "7", "{}", r#"{"servers": {}}"#, r#"{"servers": null}"#, r#"{"servers": [{"id": "1"}"#, "<html>"]
    {
        for raw in [false, true] {
            assert!(page::<wire::Server>(text, raw).is_err(), "{text}");
        }
    }
}
