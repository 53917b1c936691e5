//! What AWS says when it refuses, in EC2's form and in that of STS.

use std::fmt::Display;

use super::service::Service;
use super::xml::Xml;
use crate::exchange::Answer;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Fault {
    /// A request that is wrong, 400.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self::with_status(400, code, message)
    }

    pub(crate) fn with_status(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// A parameter is not given.
    pub(crate) fn missing(name: &str) -> Self {
        Self::new("MissingParameter", format!("The request must contain the parameter {name}"))
    }

    /// A parameter cannot have this value.
    pub(crate) fn value(name: &str, value: impl Display, why: &str) -> Self {
        let told = format!("Value ({value}) for parameter {name} is invalid. {why}");
        Self::new("InvalidParameterValue", told.trim_end())
    }

    /// Parameters that cannot stand together.
    pub(crate) fn combination(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterCombination", message)
    }

    /// What a rehearsal ends with when the request would succeed.
    pub(crate) fn dry_run() -> Self {
        let told = "Request would have succeeded, but DryRun flag is set.";
        Self::with_status(412, "DryRunOperation", told)
    }

    /// What it looks like on the wire.
    pub(crate) fn answer(&self, service: Service, request: &str) -> Answer {
        let mut xml = Xml::document();
        match service {
            Service::Ec2 => xml.group("Response", |xml| {
                xml.group("Errors", |xml| {
                    xml.group("Error", |xml| {
                        xml.text("Code", self.code);
                        xml.text("Message", &self.message);
                    });
                });
                xml.text("RequestID", request);
            }),
            Service::Sts => xml.element("ErrorResponse", service.namespace(), |xml| {
                xml.group("Error", |xml| {
                    xml.text("Type", if self.status < 500 { "Sender" } else { "Receiver" });
                    xml.text("Code", self.code);
                    xml.text("Message", &self.message);
                });
                xml.text("RequestId", request);
            }),
        }
        service.answer(self.status, xml.into_bytes(), request)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Service};

    fn shown(service: Service) -> String {
        let fault = Fault::missing("A<B");
        String::from_utf8(fault.answer(service, "7").body.to_vec()).unwrap()
    }

    #[test]
    fn each_service_has_its_form() {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        let error = "<Code>MissingParameter</Code><Message>The request must contain the parameter A&lt;B</Message>";
        let ec2 = format!("{head}<Response><Errors><Error>{error}</Error></Errors><RequestID>7</RequestID></Response>");
        assert_eq!(shown(Service::Ec2), ec2);
        let sts = format!(
            "{head}<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>{error}\
             </Error><RequestId>7</RequestId></ErrorResponse>"
        );
        assert_eq!(shown(Service::Sts), sts);
    }
}
