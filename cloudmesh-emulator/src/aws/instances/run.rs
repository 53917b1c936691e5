//! Making instances: `RunInstances`.

use super::{disks, nics, options, shown};
use crate::aws::call::{Call, Reply};
use crate::aws::fault::Fault;
use crate::aws::form::Params;
use crate::aws::land::instance::State;
use crate::aws::land::launch::{Launch, no_quota};
use crate::aws::land::tags::{self, Tag};
use crate::aws::land::{Land, ids, instance_type};
use crate::aws::tagging;
use crate::aws::xml::Xml;
use crate::exchange::Twist;

/// The type of an instance when none is named.
const TYPE: &str = "m1.small";
/// What can be tagged when it is made.
const TAGGED: [ids::Kind; 4] = [ids::INSTANCE, ids::VOLUME, ids::INTERFACE, ids::SPOT_REQUEST];
/// How long a client's token may be.
const TOKEN: usize = 64;

/// What is asked for, as far as it can be read without knowing what there is.
#[derive(Debug)]
struct Wish<'a> {
    image: &'a str,
    kind: &'a str,
    least: usize,
    most: usize,
    key: Option<&'a str>,
    token: Option<&'a str>,
    nics: nics::Wish<'a>,
    disks: Vec<disks::Wish<'a>>,
    options: options::Wish,
    tags: Vec<(ids::Kind, Vec<Tag>)>,
}

impl<'a> Wish<'a> {
    fn read(params: &Params<'a>) -> Result<Self, Fault> {
        let image = params.required("ImageId")?;
        let (least, most) = counts(params)?;
        Ok(Self {
            image,
            kind: params.text("InstanceType").unwrap_or(TYPE),
            least,
            most,
            key: params.text("KeyName"),
            token: token(params)?,
            nics: nics::Wish::read(params)?,
            disks: disks::read(params)?,
            options: options::Wish::read(params)?,
            tags: tagging::specified(params, &TAGGED)?,
        })
    }

    /// The tags for a kind of resource.
    fn tags(&self, kind: ids::Kind) -> &[Tag] {
        self.tags.iter().find(|(own, _)| *own == kind).map_or(&[], |(_, tags)| tags.as_slice())
    }

    /// The same with everything that is named in it, or why it cannot be.
    fn find(&self, land: &Land, hidden: usize) -> Result<Launch, Fault> {
        let image = land.image(self.image)?.clone();
        let kind = instance_type::find(self.kind)?;
        if image.state(land.now) != "available" {
            let told = format!("The image id '[{}]' is not in the 'available' state", image.id);
            return Err(Fault::new("InvalidAMIID.Unavailable", told));
        }
        if !kind.boots(image.arch) {
            return Err(misfit(kind, image.arch.name()));
        }
        if let Some(name) = self.key.filter(|name| land.key(name).is_none()) {
            return Err(Land::no_key(name));
        }
        let disks = disks::find(&self.disks, &image)?;
        let options = self.options.find(&image, kind, &disks)?;
        let nics = self.nics.find(land, kind, self.most, self.tags(ids::INTERFACE))?;
        if options.metadata.tags {
            tags::check_readable(self.tags(ids::INSTANCE))?;
        }
        Ok(Launch {
            key: self.key.map(str::to_owned),
            nics,
            disks,
            options,
            tags: self.tags(ids::INSTANCE).to_vec(),
            volume_tags: self.tags(ids::VOLUME).to_vec(),
            spot_tags: self.tags(ids::SPOT_REQUEST).to_vec(),
            token: self.token.map(str::to_owned),
            hidden,
            ..Launch::plain(image, kind)
        })
    }
}

pub(super) fn run(call: &mut Call<'_>) -> Reply {
    let params = call.params();
    let wish = Wish::read(&params)?;
    let (twist, asked) = (call.twist(), call.parameters());
    let land = call.change()?;
    if let Some((earlier, made)) = wish.token.and_then(|token| land.tokens.get(token)) {
        if *earlier == asked && has_ended(land, made) {
            let told = "The client token was used before, for instances that have been terminated.";
            return Err(Fault::new("IdempotentInstanceTerminated", told));
        }
        if *earlier == asked {
            return Ok(answer(land, made));
        }
        let told = "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).";
        return Err(Fault::new("IdempotentParameterMismatch", told));
    }
    let launch = wish.find(land, twist.hidden)?;
    let made = make(land, &launch, &wish, twist)?;
    if let Some(token) = wish.token {
        land.tokens.insert(token.to_owned(), (asked, made.clone()));
    }
    Ok(answer(land, &made))
}

/// Makes as many as there can be, and gives their ids.
fn make(land: &mut Land, launch: &Launch, wish: &Wish<'_>, twist: Twist) -> Result<Vec<String>, Fault> {
    if twist.quota {
        return Err(no_quota(0));
    }
    if twist.no_room {
        return Err(land.no_room(launch));
    }
    let fits = |count: &usize| land.check_room(launch, *count).is_ok();
    let count = (wish.least..=wish.most).rev().find(fits).unwrap_or(wish.most);
    land.check_room(launch, count)?;
    land.launch(launch, count)
}

fn has_ended(land: &Land, made: &[String]) -> bool {
    made.iter().all(|id| land.instances.get(id).is_none_or(|one| one.state == State::Terminated))
}

fn answer(land: &Land, made: &[String]) -> Xml {
    let mut xml = Xml::new();
    let found: Vec<_> = made.iter().filter_map(|id| land.instances.get(id)).collect();
    shown::reservation(&mut xml, land, &found);
    xml
}

fn counts(params: &Params<'_>) -> Result<(usize, usize), Fault> {
    let count = |name: &str| {
        params.required(name)?;
        let count = params.number::<i64>(name)?.unwrap_or_default();
        let told = || Fault::value(&lower(name), count, "The value must be 1 or more.");
        usize::try_from(count).ok().filter(|count| *count > 0).ok_or_else(told)
    };
    let (least, most) = (count("MinCount")?, count("MaxCount")?);
    if least > most {
        let told = format!("The value of maxCount ({most}) must not be less than that of minCount ({least}).");
        return Err(Fault::new("InvalidParameterValue", told));
    }
    Ok((least, most))
}

fn lower(name: &str) -> String {
    name.replacen('M', "m", 1)
}

fn token<'a>(params: &Params<'a>) -> Result<Option<&'a str>, Fault> {
    let token = params.text("ClientToken").filter(|token| !token.is_empty());
    match token {
        Some(token) if token.len() > TOKEN || !token.is_ascii() => {
            Err(Fault::value("clientToken", token, &format!("It has up to {TOKEN} ASCII characters.")))
        }
        _ => Ok(token),
    }
}

fn misfit(kind: &instance_type::InstanceType, image: &str) -> Fault {
    let own: Vec<&str> = kind.arches().iter().map(|arch| arch.name()).collect();
    let told = format!(
        "The architecture '{}' of the specified instance type does not match the architecture '{image}' of the specified \
         AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use \
         'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.",
        own.join(",")
    );
    Fault::new("InvalidParameterValue", told)
}
