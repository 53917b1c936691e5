//! Making tables as narrow as a terminal.

use unicode_width::UnicodeWidthStr;

use super::table::Strip;

/// Makes columns narrower until they fit, and tells which of them are left.
///
/// What may be broken between words is, the widest first. Then the column of the greatest rank goes, if any may. Where
/// nothing helps, the table stays wider than the terminal.
pub(super) fn fit(strips: &mut [Strip], width: Option<usize>, drops: bool) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..strips.len()).collect();
    let Some(width) = width else { return kept };
    let least = |strips: &[Strip], kept: &[usize]| kept.iter().map(|at| strips[*at].least + 2).sum::<usize>();
    while drops && least(strips, &kept) > width {
        // Of equal ranks the one on the right goes first.
        let Some((place, _)) = kept
            .iter()
            .enumerate()
            .filter(|(_, at)| strips[**at].rank > 0)
            .max_by_key(|(place, at)| (strips[**at].rank, *place))
        else {
            break;
        };
        kept.remove(place);
    }
    let mut excess = kept.iter().map(|at| strips[*at].width + 2).sum::<usize>().saturating_sub(width);
    while excess > 0 {
        let shrinks = kept.iter().copied().filter(|at| strips[*at].width > strips[*at].least);
        let Some(widest) = shrinks.max_by_key(|at| strips[*at].width) else { break };
        strips[widest].width -= 1;
        excess -= 1;
    }
    kept
}

/// The lines of a text that is broken between words and after commas, none wider than `width` unless a word is.
pub(super) fn wrapped(text: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.filter(|text| !text.is_empty())?;
        let mut end = None;
        for (at, sign) in text.char_indices().filter(|(_, sign)| " ,".contains(*sign)) {
            let after = if sign == ',' { at + 1 } else { at };
            if end.is_some() && text[..after].width() > width {
                break;
            }
            end = Some(after);
            if text[..after].width() > width {
                break;
            }
        }
        let end = match end {
            Some(end) if text.width() > width => end,
            _ => text.len(),
        };
        let (line, more) = text.split_at(end);
        rest = Some(more.trim_start_matches(' '));
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::wrapped;
    use proptest::prelude::proptest;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn words_stay_whole() {
        let table: [(&str, usize, &[&str]); 7] = [
            ("one two three", 7, &["one two", "three"]),
            ("one two three", 13, &["one two three"]),
            ("one two three", 0, &["one", "two", "three"]),
            ("10.0.0.1,10.0.0.2,10.0.0.3", 20, &["10.0.0.1,10.0.0.2,", "10.0.0.3"]),
            ("unbreakable", 4, &["unbreakable"]),
            ("名前 名前", 5, &["名前", "名前"]),
            ("", 4, &[]),
        ];
        for (text, width, lines) in table {
            assert_eq!(wrapped(text, width).collect::<Vec<_>>(), lines, "{text} in {width}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[a-c名, ]{0,30}", width in 0usize..12) {
            let lines: Vec<&str> = wrapped(&text, width).collect();
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
            for line in lines {
                assert!(line.width() <= width || !line.trim_end_matches(',').trim().contains([' ', ',']), "{line:?}");
            }
        }
    }
}
