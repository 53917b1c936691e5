//! One look at the cloud for all who need one at the same time.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::Result;

/// A look that all share who ask before it begins. So each gets an answer that is newer than its question, and hundreds
/// who ask at once cost one request.
///
/// It suits what each of many operations must see as it is now, such as the addresses of the account when three hundred
/// nodes are deleted. What may be a minute old is better [looked up once](super::Context::look_up_once).
///
/// ```
/// use cloudmesh_abstract::SharedLook;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let (look, looks) = (SharedLook::default(), AtomicU32::new(0));
/// let ask = || look.ask(|| async { Ok(looks.fetch_add(1, Ordering::Relaxed)) });
/// let (one, other) = futures::join!(ask(), ask());
/// assert_eq!((one?, other?), (0, 0));
/// assert_eq!(ask().await?, 1);
/// # Ok::<(), cloudmesh_abstract::Error>(())
/// # }).unwrap();
/// ```
pub struct SharedLook<T> {
    /// How often somebody has asked.
    asked: AtomicU64,
    last: Mutex<Last<T>>,
}

/// The last look.
struct Last<T> {
    /// Those who had asked when it began.
    answers: u64,
    answer: Option<Result<T>>,
}

impl<T> Default for SharedLook<T> {
    fn default() -> Self {
        Self { asked: AtomicU64::default(), last: Mutex::new(Last { answers: 0, answer: None }) }
    }
}

impl<T: Clone + Send> SharedLook<T> {
    /// What a look shows that begins after this question. The first who waits for one looks for all others; where it is
    /// dropped meanwhile, the next does.
    ///
    /// # Errors
    ///
    /// The error of `look`, the same for all who share it.
    pub async fn ask<F, Fut>(&self, look: F) -> Result<T>
    where
        F: FnOnce() -> Fut + Send,
        Fut: Future<Output = Result<T>> + Send,
    {
        let mine = self.asked.fetch_add(1, Ordering::AcqRel) + 1;
        let mut last = self.last.lock().await;
        if let Some(answer) = last.answer.as_ref().filter(|_| last.answers >= mine) {
            return answer.clone();
        }
        // Those who begin at the same time have asked after this.
        tokio::task::yield_now().await;
        let answers = self.asked.load(Ordering::Acquire);
        let answer = look().await;
        *last = Last { answers, answer: Some(answer.clone()) };
        answer
    }
}

impl<T> fmt::Debug for SharedLook<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedLook").field("asked", &self.asked).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::future::join_all;
    use tokio::sync::Notify;

    use super::SharedLook;
    use crate::{Error, ErrorKind};

    #[tokio::test]
    async fn hundreds_who_ask_at_once_share_one_look() {
        let (look, looks) = (SharedLook::default(), AtomicU32::new(0));
        let ask = || look.ask(|| async { Ok(looks.fetch_add(1, Ordering::Relaxed)) });
        let answers = join_all((0..300).map(|_| ask())).await;
        assert!(answers.into_iter().all(|answer| answer.unwrap() == 0));
        assert_eq!(looks.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn who_asks_while_a_look_is_under_way_gets_the_next_one() {
        let (look, looks, (began, may_end)) =
            (SharedLook::default(), AtomicU32::new(0), (Notify::new(), Notify::new()));
        let slow = look.ask(|| async {
            began.notify_one();
            may_end.notified().await;
            Ok(looks.fetch_add(1, Ordering::Relaxed))
        });
        let late = || look.ask(|| async { Ok(looks.fetch_add(1, Ordering::Relaxed)) });
        let later = async {
            began.notified().await;
            let both = futures::future::join(late(), late());
            may_end.notify_one();
            both.await
        };
        let (first, (second, third)) = futures::join!(slow, later);
        assert_eq!((first.unwrap(), second.unwrap(), third.unwrap()), (0, 1, 1));
    }

    #[tokio::test]
    async fn a_look_that_is_dropped_leaves_the_others_theirs() {
        let look = SharedLook::default();
        {
            let stuck = std::pin::pin!(look.ask(std::future::pending));
            assert!(futures::poll!(stuck).is_pending());
        }
        assert_eq!(look.ask(|| async { Ok(7) }).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn an_error_is_shared_and_not_kept() {
        let look = SharedLook::<u32>::default();
        let fail = || look.ask(|| async { Err(Error::new(ErrorKind::Unavailable, "no")) });
        let (one, other) = futures::join!(fail(), fail());
        assert!(one.is_err() && other.is_err());
        assert_eq!(look.ask(|| async { Ok(1) }).await.unwrap(), 1);
    }
}
