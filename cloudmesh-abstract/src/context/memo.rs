//! Looking something up once for many that need it at the same time.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::Context;
use crate::Result;

/// How long an answer is good for.
const FRESH: Duration = Duration::from_mins(1);

type Answer = Arc<dyn Any + Send + Sync>;
type Cell = Arc<OnceCell<Result<Answer>>>;

/// The answers of the last minute, by what was asked.
#[derive(Debug, Default)]
pub(super) struct Memo(Mutex<HashMap<String, (Instant, Cell)>>);

impl Memo {
    fn cell(&self, key: &str) -> Cell {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cells.retain(|_, (born, _)| born.elapsed() < FRESH);
        let (_, cell) = cells.entry(key.to_owned()).or_insert_with(|| (Instant::now(), Arc::default()));
        Arc::clone(cell)
    }

    /// Lets the next who asks look it up anew.
    fn forget(&self, key: &str, cell: &Cell) {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cells.retain(|known, (_, held)| known != key || !Arc::ptr_eq(held, cell));
    }
}

impl Context {
    /// The answer to `key`, looked up once for all who ask within a minute; those who come meanwhile wait for it. It
    /// suits what rarely changes, such as the id of an image's name, when twenty nodes are made from it. All who wait for
    /// it get the same error; it is not kept for those who ask later.
    ///
    /// # Errors
    ///
    /// The error of `look_up`.
    pub async fn look_up_once<T, F, Fut>(&self, key: &str, look_up: F) -> Result<T>
    where
        T: Clone + Send + Sync + 'static,
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T>> + Send,
    {
        let cell = self.0.memo.cell(key);
        let fetch = async || look_up().await.map(|answer| Arc::new(answer) as Answer);
        let answer = match cell.get_or_init(fetch).await {
            Ok(answer) => answer,
            Err(error) => {
                self.0.memo.forget(key, &cell);
                return Err(error.clone());
            }
        };
        match answer.downcast_ref::<T>() {
            Some(answer) => Ok(answer.clone()),
            // Somebody uses one key for two types of answers; each is right for itself.
            None => look_up().await,
        }
    }
}
