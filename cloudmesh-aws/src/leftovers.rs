//! What was left behind: addresses, volumes and interfaces that carry our marks and lead to nothing.

use async_trait::async_trait;
use aws_sdk_ec2::types::{Address, Filter, NetworkInterface, NetworkInterfaceStatus, Tag, Volume, VolumeState};
use cloudmesh_abstract::{Effect, Error, ErrorKind, Leftover, Leftovers, Page, Result, all_pages};

use crate::Aws;
use crate::addresses::{addresses, release};
use crate::client::Client;
use crate::filter::exactly;
use crate::map::address::end;
use crate::map::marks::{NAME_KEY, is_ours, tag};

/// The kinds, in the words of EC2's tags.
const ELASTIC_IP: &str = "elastic-ip";
const VOLUME: &str = "volume";
const INTERFACE: &str = "network-interface";
/// How many of them a page has.
const PAGE: i32 = 1000;

#[async_trait]
impl Leftovers for Aws {
    async fn leftovers(&self) -> Result<Vec<Leftover>> {
        let ours = || exactly("tag-key", [NAME_KEY]);
        let unused = || vec![ours(), exactly("status", ["available"])];
        let client = &self.client;
        let (held, volumes, interfaces) = futures::try_join!(
            addresses(client, vec![ours()]),
            volumes(client, unused()),
            interfaces(client, unused())
        )?;
        let held = held.iter().filter(|address| address.is_unused() && is_ours(address.tags()));
        let volumes = volumes.iter().filter(|volume| volume.is_unused() && is_ours(volume.tags()));
        let interfaces = interfaces.iter().filter(|interface| interface.is_unused() && is_ours(interface.tag_set()));
        let all = held.map(Lost::leftover).chain(volumes.map(Lost::leftover)).chain(interfaces.map(Lost::leftover));
        Ok(all.flatten().collect())
    }

    async fn remove_leftover(&self, leftover: &Leftover) -> Result<()> {
        let (client, id) = (&self.client, leftover.id.as_str());
        let found = match leftover.what.as_str() {
            ELASTIC_IP => look(leftover, &addresses(client, vec![exactly("allocation-id", [id])]).await?),
            VOLUME => look(leftover, &volumes(client, vec![exactly("volume-id", [id])]).await?),
            INTERFACE => look(leftover, &interfaces(client, vec![exactly("network-interface-id", [id])]).await?),
            other => {
                let known = format!("there are `{ELASTIC_IP}`, `{VOLUME}` and `{INTERFACE}`");
                Err(Error::new(ErrorKind::InvalidInput, format!("no `{other}` is left behind here; {known}")))
            }
        };
        if !found? {
            return Ok(());
        }
        let removed = match leftover.what.as_str() {
            ELASTIC_IP => release(client, id).await,
            VOLUME => delete_volume(client, id).await,
            _ => delete_interface(client, id).await,
        };
        match removed {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) if is_use(&error) => {
                Err(error.with_kind(ErrorKind::Conflict).with_message(in_use(leftover).message()))
            }
            settled => settled,
        }
    }
}

/// Something that can be left behind.
trait Lost {
    /// Its tags.
    fn marks(&self) -> &[Tag];
    /// Whether it belongs to nothing.
    fn is_unused(&self) -> bool;
    fn leftover(&self) -> Option<Leftover>;
}

impl Lost for Address {
    fn marks(&self) -> &[Tag] {
        self.tags()
    }

    fn is_unused(&self) -> bool {
        end(self).is_none()
    }

    fn leftover(&self) -> Option<Leftover> {
        Some(Leftover::new(self.allocation_id()?, self.public_ip()?, ELASTIC_IP))
    }
}

impl Lost for Volume {
    fn marks(&self) -> &[Tag] {
        self.tags()
    }

    fn is_unused(&self) -> bool {
        self.state() == Some(&VolumeState::Available) && self.attachments().is_empty()
    }

    fn leftover(&self) -> Option<Leftover> {
        Some(Leftover::new(self.volume_id()?, name(self.tags(), self.volume_id()?), VOLUME))
    }
}

impl Lost for NetworkInterface {
    fn marks(&self) -> &[Tag] {
        self.tag_set()
    }

    fn is_unused(&self) -> bool {
        self.status() == Some(&NetworkInterfaceStatus::Available) && self.attachment().is_none()
    }

    fn leftover(&self) -> Option<Leftover> {
        let id = self.network_interface_id()?;
        Some(Leftover::new(id, name(self.tag_set(), id), INTERFACE))
    }
}

/// The name that something was given, or its id.
fn name<'a>(tags: &'a [Tag], id: &'a str) -> &'a str {
    tag(tags, "Name").or_else(|| tag(tags, NAME_KEY)).unwrap_or(id)
}

/// Whether it is still there, to be removed.
///
/// # Errors
///
/// [`ErrorKind::Conflict`] for what belongs to something by now; [`ErrorKind::InvalidInput`] for what never was ours.
fn look<T: Lost>(leftover: &Leftover, found: &[T]) -> Result<bool> {
    match found.first() {
        None => Ok(false),
        Some(found) if !found.is_unused() => Err(in_use(leftover)),
        Some(found) if !is_ours(found.marks()) => {
            let message =
                format!("the {} `{}` does not carry our mark, and is not ours to remove", leftover.what, leftover.id);
            Err(Error::new(ErrorKind::InvalidInput, format!("{message}; remove it with the cloud's own tools")))
        }
        Some(_) => Ok(true),
    }
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html>.
async fn volumes(client: &Client, filters: Vec<Filter>) -> Result<Vec<Volume>> {
    let filters = &filters;
    all_pages(|next| async move {
        let request = |ec2: aws_sdk_ec2::Client| {
            let request = ec2.describe_volumes().set_filters(Some(filters.clone()));
            request.max_results(PAGE).set_next_token(next.clone()).send()
        };
        let answer = client.send(Effect::Read, "DescribeVolumes", request).await?;
        Ok(Page::new(answer.volumes.unwrap_or_default(), answer.next_token.filter(|token| !token.is_empty())))
    })
    .await
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html>.
async fn interfaces(client: &Client, filters: Vec<Filter>) -> Result<Vec<NetworkInterface>> {
    let filters = &filters;
    all_pages(|next| async move {
        let request = |ec2: aws_sdk_ec2::Client| {
            let request = ec2.describe_network_interfaces().set_filters(Some(filters.clone()));
            request.max_results(PAGE).set_next_token(next.clone()).send()
        };
        let answer = client.send(Effect::Read, "DescribeNetworkInterfaces", request).await?;
        let next = answer.next_token.filter(|token| !token.is_empty());
        Ok(Page::new(answer.network_interfaces.unwrap_or_default(), next))
    })
    .await
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVolume.html>.
async fn delete_volume(client: &Client, id: &str) -> Result<()> {
    let request = |ec2: aws_sdk_ec2::Client| ec2.delete_volume().volume_id(id).send();
    client.send(Effect::Idempotent, "DeleteVolume", request).await.map(|_| ())
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html>.
async fn delete_interface(client: &Client, id: &str) -> Result<()> {
    let request = |ec2: aws_sdk_ec2::Client| ec2.delete_network_interface().network_interface_id(id).send();
    client.send(Effect::Idempotent, "DeleteNetworkInterface", request).await.map(|_| ())
}

/// Whether a refusal says that something is in use. That of an interface is a wrong value to EC2.
fn is_use(error: &Error) -> bool {
    let code = error.code().unwrap_or_default();
    error.kind() == ErrorKind::Conflict || code.ends_with("InUse") || code == "InvalidParameterValue"
}

fn in_use(leftover: &Leftover) -> Error {
    let message = format!("the {} `{}` is in use by now; leave it there", leftover.what, leftover.name);
    Error::new(ErrorKind::Conflict, message)
}

#[cfg(test)]
mod tests {
    use super::{Lost, look, name};
    use aws_sdk_ec2::types::{
        Address, NetworkInterface, NetworkInterfaceStatus, Tag, Volume, VolumeAttachment, VolumeState,
    };
    use cloudmesh_abstract::{ErrorKind, Leftover};

    fn mark() -> Tag {
        Tag::builder().key("cm-name").value("web-1").build()
    }

    fn volume(state: VolumeState) -> aws_sdk_ec2::types::builders::VolumeBuilder {
        Volume::builder().volume_id("vol-1").state(state)
    }

    #[test]
    fn only_what_is_ours_and_leads_to_nothing_is_removed() {
        let leftover = Leftover::new("vol-1", "web-1", "volume");
        let free = || volume(VolumeState::Available).tags(mark());
        assert!(!look::<Volume>(&leftover, &[]).unwrap());
        assert!(look(&leftover, &[free().build()]).unwrap());
        let attached = free().attachments(VolumeAttachment::builder().instance_id("i-1").build()).build();
        for used in [attached, volume(VolumeState::InUse).tags(mark()).build()] {
            assert_eq!(look(&leftover, &[used]).unwrap_err().kind(), ErrorKind::Conflict);
        }
        let foreign = look(&leftover, &[volume(VolumeState::Available).build()]).unwrap_err();
        assert_eq!(foreign.kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn a_leftover_is_called_by_its_name() {
        let named = Tag::builder().key("Name").value("web-1").build();
        assert_eq!(name(&[mark(), named], "vol-1"), "web-1");
        assert_eq!((name(&[mark()], "vol-1"), name(&[], "vol-1")), ("web-1", "vol-1"));
        let address = Address::builder().allocation_id("eipalloc-1").public_ip("198.51.100.7").build();
        assert_eq!(address.leftover(), Some(Leftover::new("eipalloc-1", "198.51.100.7", "elastic-ip")));
        let status = NetworkInterfaceStatus::Available;
        let interface = NetworkInterface::builder().network_interface_id("eni-1").status(status).build();
        assert_eq!(interface.leftover(), Some(Leftover::new("eni-1", "eni-1", "network-interface")));
        assert!(interface.is_unused());
    }
}
