//! Ctrl-C: the first one lets what is under way end well, the second ends at once.

use std::process::ExitCode;
use std::task::Poll;

use futures::future::{Either, select};
use tokio::sync::watch;

use super::output::{say, tame};
use super::{Session, exit};
use crate::work::not_begun;
use crate::{Error, ErrorKind, Result};

/// Whether the user has asked to stop. From then on nothing new is begun, and nothing is waited for.
#[derive(Debug, Default)]
pub(crate) struct Interrupt(watch::Sender<bool>);

impl Interrupt {
    /// Whether the user has asked to stop.
    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// What tells somebody else whether the user has asked to stop.
    pub(crate) fn asks(&self) -> watch::Receiver<bool> {
        self.0.subscribe()
    }

    /// Waits until the user asks to stop.
    pub(crate) async fn asked(&self) {
        // It cannot fail: the sender is our own.
        _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }

    /// The result of work that only looks; it is given up when the user asks to stop.
    ///
    /// # Errors
    ///
    /// That of the work, or [`ErrorKind::Cancelled`].
    pub(crate) async fn unless_asked<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        if self.is_asked() {
            return Err(not_begun());
        }
        tokio::select! {
            biased;
            done = work => done,
            () = self.asked() => Err(not_begun()),
        }
    }

    fn ask(&self) {
        self.0.send_replace(true);
    }
}

/// Does the work, or as much of it as the user lets it do. What changes nothing ends at the first interruption; of a
/// change, `shown_by` says where one sees how far it came.
pub(super) async fn until_interrupted(
    session: &Session,
    shown_by: Option<&str>,
    work: impl Future<Output = Result<ExitCode>>,
) -> Result<ExitCode> {
    let mut signals = Signals::new().map_err(|error| exit::failed("listen for Ctrl-C", error))?;
    let mut work = std::pin::pin!(work);
    if let Either::Left((done, _)) = select(work.as_mut(), std::pin::pin!(signals.next())).await {
        return done;
    }
    if session.shared.view.watch.is_some() {
        // That is how watching ends.
        return Ok(ExitCode::SUCCESS);
    }
    let Some(shown_by) = shown_by else {
        session.leave_the_line();
        return Err(Error::new(ErrorKind::Cancelled, "interrupted"));
    };
    session.interrupt.ask();
    // A question, or a look at the cloud, ends right now; there is nothing to finish then.
    let done = match futures::poll!(work.as_mut()) {
        Poll::Ready(done) => done,
        Poll::Pending => {
            session.say_that_it_finishes();
            match select(work, std::pin::pin!(signals.next())).await {
                Either::Left((done, _)) => done,
                Either::Right(_) => return Err(session.cut_off(shown_by)),
            }
        }
    };
    Ok(session.stopped(&done))
}

impl Session {
    /// Says at the first interruption that it goes on for a moment.
    fn say_that_it_finishes(&self) {
        self.leave_the_line();
        self.note("finishing what is under way; Ctrl-C again ends at once");
    }

    /// Says that the work was cut off, and what it leaves behind.
    fn cut_off(&self, shown_by: &str) -> Error {
        self.leave_the_line();
        let left = self.begun.tell();
        for line in &left {
            say(&tame(line));
        }
        let taken = format!("; what was under way may have taken effect, {shown_by}");
        let advice = if left.is_empty() { taken } else { String::new() };
        Error::new(ErrorKind::Cancelled, format!("interrupted{advice}"))
    }

    /// Ends the work that was interrupted once, and says what to do about what the report shows.
    fn stopped(&self, done: &Result<ExitCode>) -> ExitCode {
        if let Err(error) = done {
            _ = self.fail(error);
        }
        for line in self.begun.advise() {
            say(&tame(&line));
        }
        ExitCode::from(exit::code(ErrorKind::Cancelled))
    }

    /// The line that `^C` stands in may have been begun.
    fn leave_the_line(&self) {
        if !self.shared.quiet && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            say("");
        }
    }
}

/// The signals that ask to stop: those of Ctrl-C, and of a polite `kill`.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The signal that asks to stop.
#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self(tokio::signal::windows::ctrl_c()?))
    }

    async fn next(&mut self) {
        _ = self.0.recv().await;
    }
}
