//! Range patterns: from text to items, from items to names.

use super::glob::{GLOB_SIGNS, is_glob};
use super::{At, MAX_LENGTH, PatternError};

/// How many digits a number may have: what surely fits in 64 bits.
pub(super) const MAX_DIGITS: usize = 18;

type Result<T> = std::result::Result<T, PatternError>;

/// A piece of a pattern, with its place in the whole.
#[derive(Clone, Copy)]
struct Piece<'a> {
    pattern: &'a str,
    offset: usize,
    text: &'a str,
}

/// What stands between two commas: text and brackets.
pub(super) struct Item<'a> {
    piece: Piece<'a>,
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    Text(&'a str),
    Numbers(Vec<Range>),
}

#[derive(Clone, Copy)]
struct Range {
    start: u64,
    end: u64,
    width: usize,
}

/// The items of a pattern.
pub(super) fn parse(pattern: &str) -> Result<Vec<Item<'_>>> {
    split(pattern)?.into_iter().map(Item::parse).collect()
}

/// Cuts at the commas outside of brackets, and checks that brackets come in pairs.
fn split(pattern: &str) -> Result<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut open = None;
    for (index, sign) in pattern.char_indices() {
        let at = || At::new(pattern, index);
        match (sign, open) {
            ('[', None) => open = Some(index),
            ('[', Some(_)) => return Err(PatternError::Nested { at: at() }),
            (']', None) => return Err(PatternError::Stray { at: at() }),
            (']', Some(_)) => open = None,
            (',', None) => {
                pieces.push(Piece { pattern, offset: begin, text: &pattern[begin..index] });
                begin = index + 1;
            }
            _ => {}
        }
    }
    if let Some(index) = open {
        return Err(PatternError::Open { at: At::new(pattern, index) });
    }
    pieces.push(Piece { pattern, offset: begin, text: &pattern[begin..] });
    Ok(pieces)
}

impl<'a> Piece<'a> {
    fn at(self, index: usize) -> At {
        At::new(self.pattern, self.offset + index)
    }

    fn trim(self) -> Self {
        let text = self.text.trim_start();
        Self { offset: self.offset + self.text.len() - text.len(), text: text.trim_end(), ..self }
    }

    fn part(self, begin: usize, end: usize) -> Self {
        Self { offset: self.offset + begin, text: &self.text[begin..end], ..self }
    }

    /// The parts between commas.
    fn list(self) -> impl Iterator<Item = Self> + use<'a> {
        let mut begin = 0;
        self.text.split(',').map(move |part| {
            let piece = self.part(begin, begin + part.len());
            begin += part.len() + 1;
            piece.trim()
        })
    }
}

impl<'a> Item<'a> {
    fn parse(piece: Piece<'a>) -> Result<Self> {
        let piece = piece.trim();
        if piece.text.is_empty() {
            return Err(PatternError::EmptyName { at: piece.at(0) });
        }
        // The brackets of a glob are classes of characters: there is nothing to expand.
        let parts = if is_glob(piece.text) { vec![Part::Text(piece.text)] } else { parts(piece)? };
        if parts.iter().map(Part::longest).sum::<usize>() > MAX_LENGTH {
            return Err(PatternError::LongName { at: piece.at(0) });
        }
        Ok(Self { piece, parts })
    }

    /// The item as it was written.
    pub(super) fn text(&self) -> &'a str {
        self.piece.text
    }

    /// The place of a byte of the item.
    pub(super) fn at(&self, index: usize) -> At {
        self.piece.at(index)
    }

    /// Where the first sign of a glob is, if it is one.
    pub(super) fn glob_sign(&self) -> Option<At> {
        self.text().find(GLOB_SIGNS).map(|index| self.at(index))
    }

    /// How many names it makes, duplicates included.
    pub(super) fn count(&self) -> usize {
        self.parts.iter().fold(1, |product, part| product.saturating_mul(part.count()))
    }

    /// The names, the numbers of the first bracket changing slowest.
    pub(super) fn expand(&self) -> Vec<String> {
        let mut names = vec![String::new()];
        for part in &self.parts {
            match part {
                Part::Text(text) => names.iter_mut().for_each(|name| name.push_str(text)),
                Part::Numbers(ranges) => names = multiply(&names, ranges),
            }
        }
        names
    }
}

fn multiply(names: &[String], ranges: &[Range]) -> Vec<String> {
    let numbers = || ranges.iter().flat_map(|range| (range.start..=range.end).map(|number| (number, range.width)));
    names.iter().flat_map(|name| numbers().map(move |(number, width)| format!("{name}{number:0width$}"))).collect()
}

impl Part<'_> {
    fn count(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::Numbers(ranges) => ranges.iter().fold(0, |sum, range| sum.saturating_add(range.count())),
        }
    }

    /// How many characters it adds to a name at most.
    fn longest(&self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::Numbers(ranges) => {
                ranges.iter().map(|range| range.width.max(range.end.to_string().len())).max().unwrap_or(0)
            }
        }
    }
}

fn parts(piece: Piece<'_>) -> Result<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = 0;
    while let Some(open) = piece.text[rest..].find('[').map(|index| rest + index) {
        let close = piece.text[open..].find(']').map_or(piece.text.len(), |index| open + index);
        parts.push(Part::Text(&piece.text[rest..open]));
        let ranges = piece.part(open + 1, close).list().map(Range::parse);
        parts.push(Part::Numbers(ranges.collect::<Result<_>>()?));
        rest = close + 1;
    }
    parts.push(Part::Text(&piece.text[rest..]));
    Ok(parts)
}

impl Range {
    fn parse(piece: Piece<'_>) -> Result<Self> {
        let Some(dash) = piece.text.find('-') else {
            let (number, width) = number(piece)?;
            return Ok(Self { start: number, end: number, width });
        };
        let first = piece.part(0, dash).trim();
        let last = piece.part(dash + 1, piece.text.len()).trim();
        let ((start, width), (end, end_width)) = (number(first)?, number(last)?);
        let range = || piece.text.to_owned();
        if end_width != width && last.text.starts_with('0') {
            return Err(PatternError::Padding { range: range(), at: piece.at(0) });
        }
        if start > end {
            return Err(PatternError::Descending { range: range(), at: piece.at(0) });
        }
        Ok(Self { start, end, width })
    }

    fn count(self) -> usize {
        usize::try_from(self.end - self.start).map_or(usize::MAX, |steps| steps.saturating_add(1))
    }
}

/// A whole number, and how many digits it was written with.
fn number(piece: Piece<'_>) -> Result<(u64, usize)> {
    let text = piece.text;
    if text.is_empty() {
        return Err(PatternError::EmptyRange { at: piece.at(0) });
    }
    if !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(PatternError::NotANumber { found: text.to_owned(), at: piece.at(0) });
    }
    let long = || PatternError::LongNumber { at: piece.at(0) };
    if text.len() > MAX_DIGITS {
        return Err(long());
    }
    text.parse().map(|number| (number, text.len())).map_err(|_| long())
}
