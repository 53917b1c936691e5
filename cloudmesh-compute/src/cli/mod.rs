//! The program `cms`: arguments in, tables and JSON out, a meaningful exit code.

mod age;
mod arguments;
mod begun;
mod chosen;
mod complete;
mod confirm;
mod exit;
mod given;
mod help;
mod interrupt;
mod known;
mod margin;
mod meant;
mod outcome;
mod output;
mod plan;
mod progress;
mod report;
mod session;
mod trace;
mod view;
mod watch;

use std::process::ExitCode;

use clap::ArgMatches;

pub(crate) use self::age::Ages;
use self::arguments::{Arguments, Object};
pub(crate) use self::arguments::{DryRun, Format, Shared};
pub(crate) use self::begun::quoted;
pub(crate) use self::confirm::{confirm, typed_line};
pub(crate) use self::exit::failed;
pub(crate) use self::interrupt::Interrupt;
pub(crate) use self::known::not_written;
pub(crate) use self::outcome::{Done, Item, outcomes};
pub(crate) use self::output::{Column, answer, cell, field, heading, json, text, yaml};
pub(crate) use self::progress::Progress;
pub(crate) use self::report::Report;
pub(crate) use self::session::{Session, usage};
use crate::Result;
use crate::command;

/// Runs `cms` with the arguments of this process.
pub fn main() -> ExitCode {
    if let Some(code) = complete::answer() {
        return code;
    }
    // Bad arguments, `--help` and `--version` end here, before anything is read or started.
    let (arguments, words) = Arguments::read();
    let (changes, shown_by) = (arguments.object.changes(), arguments.object.shown_by());
    let session = Session::open(arguments.shared.for_object(&arguments.object));
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return session.fail(&failed("start", error)),
    };
    let done = runtime.block_on(interrupt::until_interrupted(
        &session,
        (changes && !session.dry_run()).then_some(shown_by),
        run(&session, arguments.object, &words),
    ));
    // A thread that still waits, for an answer or for a name server, is not waited for.
    runtime.shutdown_background();
    done.unwrap_or_else(|error| session.fail(&error))
}

async fn run(session: &Session, object: Object, words: &ArgMatches) -> Result<ExitCode> {
    session.check(&object)?;
    match session.shared.view.watch {
        Some(every) => watch::rounds(session, words, every).await,
        None => once(session, object).await,
    }
}

async fn once(session: &Session, object: Object) -> Result<ExitCode> {
    match object {
        Object::Vm(verb) => command::vm::run(session, verb).await,
        Object::Image(verb) => command::image::run(session, verb).await,
        Object::Flavor(verb) => command::flavor::run(session, verb).await,
        Object::Key(verb) => command::key::run(session, verb).await,
        Object::Sec(verb) => command::sec::run(session, verb).await,
        Object::Ip(verb) => command::ip::run(session, verb).await,
        Object::Gc(verb) => command::gc::run(session, &verb).await,
        Object::Api(api) => api.run(session).await,
        Object::Cloud(verb) => command::cloud::run(session, &verb).await,
        Object::Provider(verb) => command::provider::run(session, &verb),
        Object::Config(verb) => command::config::run(session, &verb),
        Object::Set(set) => command::set::run(session, &set),
        Object::Completion(completion) => complete::script(completion.shell),
    }
}
