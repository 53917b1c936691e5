//! The services behind the Query form, and how each wraps its answers.

use hyper::body::Bytes;

use super::xml::Xml;
use crate::exchange::Answer;

/// A service that is asked in the Query form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Ec2,
    Sts,
}

impl Service {
    /// The service that a signature's scope names.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "ec2" => Some(Self::Ec2),
            "sts" => Some(Self::Sts),
            _ => None,
        }
    }

    /// The version of its API.
    pub(crate) fn version(self) -> &'static str {
        match self {
            Self::Ec2 => "2016-11-15",
            Self::Sts => "2011-06-15",
        }
    }

    /// The namespace of its answers.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Self::Ec2 => "http://ec2.amazonaws.com/doc/2016-11-15/",
            Self::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
        }
    }

    /// Wraps what an action has answered.
    pub(crate) fn wrap(self, action: &str, inside: &Xml, request: &str) -> Answer {
        let mut xml = Xml::document();
        xml.element(&format!("{action}Response"), self.namespace(), |xml| match self {
            Self::Ec2 => {
                xml.text("requestId", request);
                xml.put(inside.as_str());
            }
            Self::Sts => {
                xml.group(&format!("{action}Result"), |xml| xml.put(inside.as_str()));
                xml.group("ResponseMetadata", |xml| xml.text("RequestId", request));
            }
        });
        self.answer(200, xml.into_bytes(), request)
    }

    /// XML with the headers of this service.
    pub(crate) fn answer(self, status: u16, body: Bytes, request: &str) -> Answer {
        let kind = match self {
            Self::Ec2 => "text/xml;charset=UTF-8",
            Self::Sts => "text/xml",
        };
        Answer::prepared(status, body).typed(kind).with("x-amzn-requestid", request)
    }
}
