//! One request to EC2 or STS, as an action sees it.

use sha2::{Digest, Sha256};

use super::access::Caller;
use super::account::Account;
use super::fault::Fault;
use super::form::{Form, Params};
use super::land::Land;
use super::page::Page;
use super::xml::Xml;
use crate::exchange::{Ask, Twist};
use crate::hex::hex;

/// What an action answers: what stands inside of its response.
pub(crate) type Reply = Result<Xml, Fault>;

/// Something that can be asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut Call<'_>) -> Reply,
}

/// A request whose signature is right.
///
/// An action reads its parameters first. What there is comes from [`look`](Self::look) and [`change`](Self::change),
/// which refuse parameters that nobody has read; so no action can forget to.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) ask: &'a Ask,
    form: &'a Form,
    /// Who asks; nobody for what needs no signature.
    pub(crate) who: Option<Caller>,
    /// The region that is asked.
    pub(crate) region: String,
    account: &'a mut Account,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        ask: &'a Ask,
        form: &'a Form,
        who: Option<Caller>,
        region: &str,
        account: &'a mut Account,
    ) -> Self {
        Self { ask, form, who, region: region.to_owned(), account }
    }

    /// The parameters.
    pub(crate) fn params(&self) -> Params<'a> {
        self.form.params()
    }

    /// How the request is to end otherwise than the client wants.
    pub(crate) fn twist(&self) -> Twist {
        self.ask.twist
    }

    /// All that the answer depends on beside what there is. It tells nothing of what the parameters say.
    pub(crate) fn parameters(&self) -> String {
        let pairs: Vec<String> = self.form.pairs().map(|(name, value)| format!("{name}={value}\n")).collect();
        hex(&Sha256::digest(pairs.concat()))
    }

    /// The page that is asked for, of such sizes.
    pub(crate) fn page(&self, sizes: std::ops::RangeInclusive<usize>) -> Result<Page, Fault> {
        Page::read(&self.params(), sizes, self.account.secret)
    }

    /// What there is in the region, to be described.
    pub(crate) fn look(&mut self) -> Result<&mut Land, Fault> {
        self.form.finish()?;
        Ok(self.account.land(&self.region))
    }

    /// What there is in the region, to be changed.
    pub(crate) fn change(&mut self) -> Result<&mut Land, Fault> {
        let land = self.look()?;
        land.prepared.forget();
        Ok(land)
    }

    /// What all regions have in common, such as access keys.
    pub(crate) fn account(&mut self) -> Result<&mut Account, Fault> {
        self.form.finish()?;
        Ok(self.account)
    }
}
