//! What an instance wrote to its console:
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html>.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cloudmesh_abstract::{Console, Effect, Error, ErrorKind, NodeId, Result};

use crate::Aws;
use crate::node::missing;

#[async_trait]
impl Console for Aws {
    /// AWS shows the text only.
    async fn console(&self, id: &NodeId) -> Result<String> {
        let text = self.log(id).await?;
        if !text.is_empty() {
            return Ok(text);
        }
        let message = "it has not written anything that AWS shows yet, which may take some minutes; try again then";
        Err(Error::new(ErrorKind::Conflict, message))
    }

    /// The newest text where AWS can tell it, which it does of instances on Nitro; else the one it keeps from the last
    /// start, reboot or stop.
    async fn log(&self, id: &NodeId) -> Result<String> {
        match self.console_output(id, true).await {
            Err(error) if matches!(error.code(), Some("UnsupportedOperation" | "IncorrectInstanceState")) => {
                self.console_output(id, false).await
            }
            settled => settled,
        }
    }
}

impl Aws {
    async fn console_output(&self, id: &NodeId, latest: bool) -> Result<String> {
        let line = format!("GetConsoleOutput {id}");
        let ask = |ec2: aws_sdk_ec2::Client| {
            let ask = ec2.get_console_output().instance_id(id.as_str());
            ask.set_latest(latest.then_some(true)).send()
        };
        let answer = self.client.send(Effect::Read, &line, ask).await.map_err(missing)?;
        text(answer.output().unwrap_or_default())
    }
}

/// The text in base64, with what is no text in it as such.
fn text(output: &str) -> Result<String> {
    let packed: String = output.split_whitespace().collect();
    let bytes = STANDARD.decode(packed).map_err(|error| {
        Error::new(ErrorKind::Unexpected, "AWS sent a console's text that is not in base64").with_source(error)
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::text;
    use cloudmesh_abstract::ErrorKind;

    #[test]
    fn a_text_is_unpacked() {
        let table = [("", ""), ("bG9naW46\n", "login:"), ("bG9n\r\naW46", "login:"), ("/w==", "\u{fffd}")];
        for (packed, expected) in table {
            assert_eq!(text(packed).unwrap(), expected);
        }
        assert_eq!(text("?").unwrap_err().kind(), ErrorKind::Unexpected);
    }
}
