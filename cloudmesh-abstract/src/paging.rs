//! Listings that come in pages.

use std::collections::HashSet;

use crate::{Error, ErrorKind, Result};

/// One page of a listing, converted already, and where the next one begins.
#[derive(Debug)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The vendor's mark of the next page; `None` on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page and the mark of the next one.
    pub fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next }
    }
}

/// Fetches all pages, one after the other, each once. `fetch` is given the mark of the page.
///
/// # Errors
///
/// The error of `fetch`; [`ErrorKind::Unexpected`] when the cloud sends us round in a circle.
///
/// ```
/// use cloudmesh_abstract::{Page, all_pages};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let numbers = all_pages(|mark: Option<String>| async move {
///     Ok(match mark.as_deref() {
///         None => Page::new(vec![1, 2], Some("two".to_owned())),
///         Some(_) => Page::new(vec![3], None),
///     })
/// })
/// .await?;
/// assert_eq!(numbers, [1, 2, 3]);
/// # Ok::<(), cloudmesh_abstract::Error>(())
/// # }).unwrap();
/// ```
pub async fn all_pages<T, F, Fut>(fetch: F) -> Result<Vec<T>>
where
    F: Fn(Option<String>) -> Fut + Send,
    Fut: Future<Output = Result<Page<T>>> + Send,
{
    let first = fetch(None).await?;
    let (mut items, mut next) = (first.items, first.next);
    let mut marks = HashSet::new();
    while let Some(mark) = next {
        if !marks.insert(mark.clone()) {
            return Err(Error::new(ErrorKind::Unexpected, "the cloud's listing leads back to a page that was read"));
        }
        let page = fetch(Some(mark)).await?;
        items.extend(page.items);
        next = page.next;
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::{Page, all_pages};
    use crate::ErrorKind;

    #[tokio::test]
    async fn a_listing_in_a_circle_ends_in_an_error() {
        let listing = all_pages(|_| async { Ok(Page::new(vec![1], Some("again".to_owned()))) }).await;
        assert_eq!(listing.unwrap_err().kind(), ErrorKind::Unexpected);
    }
}
