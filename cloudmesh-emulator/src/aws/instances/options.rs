//! What else an instance to be shall have: user data, metadata service, hibernation, spot, protection.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cloudmesh_abstract::Secret;

use super::metadata::Metadata;
use crate::aws::fault::Fault;
use crate::aws::form::Params;
use crate::aws::land::image::Image;
use crate::aws::land::instance::{MetadataOptions, Options, Spot};
use crate::aws::land::instance_type::InstanceType;
use crate::aws::land::launch::{Disk, spot};

/// How many bytes user data may have, before it is put into base64.
const USER_DATA: usize = 16_384;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Wish {
    options: Options,
    metadata: Metadata,
}

impl Wish {
    pub(super) fn read(params: &Params<'_>) -> Result<Self, Fault> {
        let placement = params.part("Placement");
        let tenancy = placement.map(|part| part.choice("Tenancy", &["default", "dedicated", "host"])).transpose()?;
        let monitoring = params.part("Monitoring").map(|part| part.flag("Enabled")).transpose()?;
        let hibernation = params.part("HibernationOptions").map(|part| part.flag("Configured")).transpose()?;
        let shutdown = params.choice("InstanceInitiatedShutdownBehavior", &["stop", "terminate"])?;
        pass_over(params)?;
        let options = Options {
            user_data: params.text("UserData").map(user_data).transpose()?.flatten(),
            hibernates: hibernation.flatten().unwrap_or(false),
            spot: params.part("InstanceMarketOptions").map(|part| market(&part)).transpose()?.flatten(),
            metadata: MetadataOptions::default(),
            monitored: monitoring.flatten().unwrap_or(false),
            ebs_optimized: params.flag("EbsOptimized")?.unwrap_or(false),
            protected: params.flag("DisableApiTermination")?.unwrap_or(false),
            stop_protected: params.flag("DisableApiStop")?.unwrap_or(false),
            terminates_on_shutdown: shutdown == Some("terminate"),
            source_dest_check: true,
            profile: params.part("IamInstanceProfile").map(|part| profile(&part)).transpose()?,
            tenancy: tenancy.flatten().unwrap_or("default"),
        };
        let metadata = params.part("MetadataOptions").map(|part| Metadata::read(&part)).transpose()?;
        Ok(Self { options, metadata: metadata.unwrap_or_default() })
    }

    /// The same for an image, a type and volumes, if they allow it.
    pub(super) fn find(&self, image: &Image, kind: &InstanceType, disks: &[Disk]) -> Result<Options, Fault> {
        if self.options.hibernates {
            check_hibernation(image, kind, disks)?;
        }
        let before = MetadataOptions {
            tokens_required: image.imds_v2,
            hops: if image.imds_v2 { 2 } else { 1 },
            ..MetadataOptions::default()
        };
        Ok(Options { metadata: self.metadata.over(before), ..self.options.clone() })
    }
}

/// Reads what makes no difference here, so that it is not taken for unknown.
fn pass_over(params: &Params<'_>) -> Result<(), Fault> {
    if let Some(part) = params.part("Placement") {
        for name in ["GroupName", "GroupId", "Affinity", "HostId", "AvailabilityZoneId"] {
            part.text(name);
        }
    }
    if let Some(part) = params.part("CreditSpecification") {
        part.choice("CpuCredits", &["standard", "unlimited"])?;
    }
    if let Some(part) = params.part("EnclaveOptions") {
        part.flag("Enabled")?;
    }
    if let Some(part) = params.part("MaintenanceOptions") {
        part.choice("AutoRecovery", &["default", "disabled"])?;
    }
    if let Some(part) = params.part("PrivateDnsNameOptions") {
        part.choice("HostnameType", &["ip-name", "resource-name"])?;
        part.flag("EnableResourceNameDnsARecord")?;
        part.flag("EnableResourceNameDnsAAAARecord")?;
    }
    params.text("AdditionalInfo");
    Ok(())
}

/// User data as it is kept; nothing when it is empty.
pub(super) fn user_data(text: &str) -> Result<Option<Secret>, Fault> {
    let invalid = |_| Fault::new("InvalidParameterValue", "Invalid BASE64 encoding of user data");
    let data = STANDARD.decode(text.trim()).map_err(invalid)?;
    if data.len() > USER_DATA {
        let told = format!("User data is limited to {USER_DATA} bytes");
        return Err(Fault::new("InvalidParameterValue", told));
    }
    Ok((!data.is_empty()).then(|| Secret::from(text.trim())))
}

fn profile(part: &Params<'_>) -> Result<String, Fault> {
    match (part.text("Name"), part.text("Arn")) {
        (Some(_), Some(_)) => {
            let told = "The parameter 'iamInstanceProfile.name' may not be used in combination with \
                        'iamInstanceProfile.arn'";
            Err(Fault::combination(told))
        }
        (Some(name), None) => Ok(name.to_owned()),
        (None, Some(arn)) => match arn.split_once(":instance-profile/") {
            Some((_, name)) => Ok(name.rsplit('/').next().unwrap_or(name).to_owned()),
            None => Err(Fault::value("iamInstanceProfile.arn", arn, "Invalid IAM Instance Profile ARN")),
        },
        (None, None) => Err(Fault::missing("IamInstanceProfile.Name")),
    }
}

fn market(part: &Params<'_>) -> Result<Option<Spot>, Fault> {
    let kind = part.choice("MarketType", &["spot", "capacity-block", "on-demand"])?;
    let Some(options) = part.part("SpotOptions") else {
        return Ok((kind == Some("spot")).then(|| spot(false, "terminate", None)));
    };
    let persistent = options.choice("SpotInstanceType", &["one-time", "persistent"])? == Some("persistent");
    let interruption = options.choice("InstanceInterruptionBehavior", &["hibernate", "stop", "terminate"])?;
    let price = options.text("MaxPrice");
    options.text("ValidUntil");
    if kind != Some("spot") {
        let told = "The parameter SpotOptions can only be used with the market type spot";
        return Err(Fault::combination(told));
    }
    if price.is_some_and(|price| price.parse::<f64>().map_or(true, |price| price <= 0.0)) {
        return Err(Fault::value("MaxPrice", price.unwrap_or_default(), "The price must be a number greater than 0."));
    }
    let interruption = interruption.unwrap_or("terminate");
    if !persistent && interruption != "terminate" {
        let told = format!("The interruption behavior '{interruption}' is not supported for one-time Spot Instances");
        return Err(Fault::combination(told));
    }
    Ok(Some(spot(persistent, interruption, price)))
}

fn check_hibernation(image: &Image, kind: &InstanceType, disks: &[Disk]) -> Result<(), Fault> {
    let refused = |told: String| Err(Fault::new("UnsupportedHibernationConfiguration", told));
    if !kind.hibernates() {
        return refused(format!("The instance type '{}' does not support hibernation", kind.name));
    }
    let Some(root) = disks.first() else { return Ok(()) };
    if !root.wish.encrypted {
        return refused(format!("The root volume '{}' must be encrypted for hibernation", root.device));
    }
    let size = root.wish.size.unwrap_or(image.size);
    if size.saturating_mul(1024) < kind.memory {
        return refused(format!(
            "The root volume of {size} GiB cannot hold the memory of '{}', which is {} MiB",
            kind.name, kind.memory
        ));
    }
    Ok(())
}
