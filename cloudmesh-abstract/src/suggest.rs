//! What somebody may have meant.

/// How alike two names must be, from 0 to 1, for one to be suggested instead of the other.
const ALIKE: f64 = 0.8;

/// The one of `names` that is most like `name`, if any is like it; upper and lower case count alike.
///
/// ```
/// use cloudmesh_abstract::nearest;
///
/// assert_eq!(nearest("auth_ulr", ["auth_url", "username"]), Some("auth_url"));
/// assert_eq!(nearest("colour", ["auth_url", "username"]), None);
/// ```
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase());
    let rated = names.into_iter().map(|other| (likeness(other), other)).filter(|(likeness, _)| *likeness >= ALIKE);
    rated.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, other)| other)
}
