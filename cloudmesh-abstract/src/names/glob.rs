//! Shell globs.

/// What makes a pattern a glob.
pub(super) const GLOB_SIGNS: [char; 2] = ['*', '?'];

/// Whether a pattern is a glob: it has a `*` or a `?`. Every other pattern is a range pattern.
pub fn is_glob(pattern: &str) -> bool {
    pattern.contains(GLOB_SIGNS)
}

/// Whether all of `name` fits `glob`, as a shell decides it, upper and lower case apart.
///
/// `*` is any text, even none; `?` is one character; `[abc0-9]` is one character of a class, `[!abc]` and `[^abc]` one
/// that is not in it. A bracket that is not closed stands for itself.
///
/// ```
/// use cloudmesh_abstract::names::matches;
///
/// assert!(matches("web-[0-9]*", "web-12"));
/// assert!(!matches("web-?", "web-12"));
/// ```
pub fn matches(glob: &str, name: &str) -> bool {
    let signs = signs(glob);
    let name: Vec<char> = name.chars().collect();
    let (mut sign, mut at) = (0, 0);
    // Where to go on when the text after the last star does not fit: one character later.
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match signs.get(sign) {
            Some(Sign::Any) => {
                star = Some((sign + 1, at));
                sign += 1;
            }
            Some(Sign::One(class)) if class.fits(name[at]) => {
                sign += 1;
                at += 1;
            }
            _ => {
                let Some((after, tried)) = star else { return false };
                star = Some((after, tried + 1));
                (sign, at) = (after, tried + 1);
            }
        }
    }
    signs[sign..].iter().all(|sign| matches!(sign, Sign::Any))
}

enum Sign {
    Any,
    One(Class),
}

/// A class of characters.
struct Class {
    ranges: Vec<(char, char)>,
    negated: bool,
}

impl Class {
    fn of(sign: char) -> Self {
        Self { ranges: vec![(sign, sign)], negated: false }
    }

    /// Every character.
    fn all() -> Self {
        Self { ranges: Vec::new(), negated: true }
    }

    fn fits(&self, sign: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&sign)) != self.negated
    }

    /// The class at the beginning of `rest`, which follows a `[`, and how many characters it takes.
    fn read(rest: &[char]) -> Option<(Self, usize)> {
        let negated = matches!(rest.first(), Some('!' | '^'));
        let begin = usize::from(negated);
        // A `]` at the very beginning belongs to the class.
        let end = begin + 1 + rest.get(begin + 1..)?.iter().position(|sign| *sign == ']')?;
        let mut ranges = Vec::new();
        let mut inside = &rest[begin..end];
        while let [first, more @ ..] = inside {
            let (last, after) = if let ['-', last, after @ ..] = more { (last, after) } else { (first, more) };
            ranges.push((*first, *last));
            inside = after;
        }
        Some((Self { ranges, negated }, end + 1))
    }
}

fn signs(glob: &str) -> Vec<Sign> {
    let glob: Vec<char> = glob.chars().collect();
    let mut signs = Vec::new();
    let mut rest = glob.as_slice();
    while let [sign, after @ ..] = rest {
        rest = after;
        signs.push(match sign {
            '*' => Sign::Any,
            '?' => Sign::One(Class::all()),
            '[' => match Class::read(after) {
                Some((class, length)) => {
                    rest = &after[length..];
                    Sign::One(class)
                }
                None => Sign::One(Class::of('[')),
            },
            other => Sign::One(Class::of(*other)),
        });
    }
    signs
}
