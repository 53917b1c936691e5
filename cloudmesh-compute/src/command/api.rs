//! `cms api`: one call in the vendor's own words.

use std::io::Read as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use crate::cli::{Done, Format, Report, Session, answer, json, yaml};
use crate::partial::Partial;
use crate::{Capability, Error, ErrorKind, Raw, RawCall, Result, nearest};

/// The methods of HTTP that an API may know.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// `cms api CLOUD METHOD PATH`
#[derive(Debug, Args)]
pub(crate) struct Api {
    /// Name of one cloud
    #[arg(id = "api_cloud", value_name = "CLOUD")]
    pub(crate) place: String,
    /// GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS
    #[arg(value_name = "METHOD", value_parser = method)]
    method: String,
    /// Path below the cloud's address: on OpenStack the service comes first, as in `compute/servers`; on AWS it is the
    /// action, as in `Action=DescribeRegions`, behind `sts?` one of STS
    #[arg(value_name = "PATH")]
    path: String,
    /// Body: JSON, `@FILE`, or `-` for what comes in on stdin
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
}

impl Api {
    /// Whether it may change anything in the cloud.
    pub(crate) fn changes(&self) -> bool {
        !RawCall::new(&self.method, &self.path).is_read()
    }

    /// Sends it, and prints the answer as the vendor gave it.
    pub(crate) async fn run(self, session: &Session) -> Result<ExitCode> {
        session.needs_the_cloud()?;
        let format = session.format();
        if matches!(format, Format::Csv | Format::Name) || session.shared.view.picks() {
            let message = "an answer in the vendor's own words has no columns; print it with `-o json` or `-o yaml`";
            return Err(Error::new(ErrorKind::Config, message));
        }
        let call = self.call().await?;
        let clouds = session.chosen()?;
        if clouds.names().count() > 1 {
            let message = format!("`{}` fits several clouds; a call is sent to one, name it", self.place);
            return Err(Error::new(ErrorKind::Config, message));
        }
        let send = async |cloud: crate::Provider| {
            cloud.requires(Capability::Raw)?;
            cloud.raw(&call).await
        };
        let answers = clouds.each(send).await;
        if session.dry_run() {
            let failed = Partial { done: Vec::<Done>::new(), failed: answers.failed };
            return Report::of_clouds(failed, &clouds).finish_outcomes(session);
        }
        let answers = answers.into_result()?;
        answers.iter().try_for_each(|answer| print(answer, format))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn call(&self) -> Result<RawCall> {
        let call = RawCall::new(&self.method, &self.path);
        Ok(match &self.data {
            Some(data) => call.with_data(read(data).await?),
            None => call,
        })
    }
}

/// Prints an answer; to people a text as it is, and of nothing nothing.
fn print(value: &Value, format: Format) -> Result<()> {
    match (value, format) {
        (_, Format::Yaml) => yaml(value),
        (Value::Null, Format::Table | Format::Wide) => Ok(()),
        (Value::String(text), Format::Table | Format::Wide) => answer(text.strip_suffix('\n').unwrap_or(text)),
        _ => json(value),
    }
}

/// Reads a method, in whatever letters.
fn method(text: &str) -> Result<String, String> {
    let upper = text.to_uppercase();
    if METHODS.contains(&upper.as_str()) {
        return Ok(upper);
    }
    let meant = nearest(&upper, METHODS).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Err(format!("no method of HTTP, which are {}{meant}", METHODS.join(", ")))
}

/// Reads a body. What is wrong with it is told by its place: it may hold secrets.
async fn read(data: &str) -> Result<Value> {
    let (text, origin) = match (data, data.strip_prefix('@')) {
        ("-", _) => (from_stdin().await, "stdin".to_owned()),
        (_, Some(file)) => (std::fs::read_to_string(file), format!("`{file}`")),
        _ => (Ok(data.to_owned()), "`--data`".to_owned()),
    };
    let text = text.map_err(|error| {
        Error::new(ErrorKind::Config, format!("cannot read the body from {origin}")).with_source(error)
    })?;
    serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let file = if data.starts_with('@') || data == "-" { "" } else { "; a file is named by `@FILE`" };
        let message = format!("{origin} is no JSON at line {line}, column {column}{file}");
        Error::new(ErrorKind::Config, message)
    })
}

/// Reads all that comes in, on a thread of its own: an interruption need not wait for it.
async fn from_stdin() -> std::io::Result<String> {
    let read = || {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map(|_| text)
    };
    tokio::task::spawn_blocking(read).await?
}
