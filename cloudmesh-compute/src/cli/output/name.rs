//! Names alone, one a line, as arguments for another command.

use serde_json::Value;

/// The name of each row on a line of its own. Where a name is missing or would not be one argument that means this row
/// alone, as with blanks, line ends, quotes, `*` or a `-` in front, the id stands instead.
pub(crate) fn names(rows: &[Value], key: &str) -> String {
    rows.iter().map(|row| name(row, key) + "\n").collect()
}

fn name(row: &Value, key: &str) -> String {
    let text = |key: &str| row.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = text("name").or_else(|| text("subject")).or_else(|| text(key)).unwrap_or_default();
    match text("id") {
        Some(id) if !is_word(name) => id.to_owned(),
        _ => super::tame(name).into_owned(),
    }
}

/// Whether a text is one argument to `xargs` and a shell, and to us a name that means itself.
fn is_word(text: &str) -> bool {
    let plain =
        |sign: char| !sign.is_whitespace() && !super::tame::is_wild(sign) && !"'\"\\`$&|;<>()*?[]{},!#~".contains(sign);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::names;
    use serde_json::json;

    #[test]
    fn a_line_is_an_argument_that_means_one_row() {
        let wild = ["", "a b", "a\nb", "-y", "*", "web[1-3]", "a,b", "o'web", "a\u{1b}[2J", "$(ls)", "a\\b"];
        for name in wild {
            assert_eq!(names(&[json!({ "name": name, "id": "42" })], "name"), "42\n", "{name:?}");
        }
        for name in ["web-1", "web.1_x", "m1.small", "büro", "名前", "a=b", "a:b@c/d+e%f"] {
            assert_eq!(names(&[json!({ "name": name, "id": "42" })], "name"), format!("{name}\n"));
        }
        let rows = [json!({ "kind": "openstack" }), json!({ "kind": "aws" })];
        assert_eq!(names(&rows, "kind"), "openstack\naws\n");
    }
}
