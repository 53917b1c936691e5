//! The options that say what new machines are like.

use std::path::PathBuf;

use clap::Args;

use crate::boot::{Wishes, read_user_data};
use crate::cli::Session;
use crate::{Error, ErrorKind, Result};

/// What machines should be like; what is not said here is looked up elsewhere.
#[derive(Debug, Args)]
pub(super) struct What {
    /// Image, by name or id
    #[arg(long, hide_env_values = true, env = "CLOUDMESH_IMAGE")]
    image: Option<String>,
    /// Size, by name or id
    #[arg(long, visible_alias = "flavor", hide_env_values = true, env = "CLOUDMESH_SIZE")]
    size: Option<String>,
    /// Name of the ssh key in the cloud
    #[arg(long, hide_env_values = true, env = "CLOUDMESH_KEY")]
    key: Option<String>,
    /// Security groups, by name or id (repeatable)
    #[arg(long, value_name = "GROUP", value_delimiter = ',', hide_env_values = true, env = "CLOUDMESH_SECGROUP")]
    secgroup: Vec<String>,
    /// Networks, by name or id (repeatable)
    #[arg(long, value_delimiter = ',', hide_env_values = true, env = "CLOUDMESH_NETWORK")]
    network: Vec<String>,
    /// Availability zone
    #[arg(long, hide_env_values = true, env = "CLOUDMESH_ZONE")]
    zone: Option<String>,
    /// With a public address
    #[arg(long, num_args = 0, default_missing_value = "true")]
    #[arg(hide_env_values = true, env = "CLOUDMESH_PUBLIC")]
    public: Option<bool>,
    /// Without a public address
    #[arg(long)]
    no_public: bool,
    /// Group that the machines belong to
    #[arg(long, hide_env_values = true, env = "CLOUDMESH_GROUP")]
    group: Option<String>,
    /// Login name to make, where the cloud lets us choose
    #[arg(long, hide_env_values = true, env = "CLOUDMESH_USERNAME")]
    username: Option<String>,
    /// Who makes the machines, in generated names and in marks
    #[arg(long, hide_env_values = true, env = "CLOUDMESH_USER")]
    user: Option<String>,
    /// File that the first boot is told, such as a cloud-init one
    #[arg(long, value_name = "FILE", hide_env_values = true, env = "CLOUDMESH_USER_DATA")]
    user_data: Option<PathBuf>,
    /// Size of the boot disk in GiB
    #[arg(long, value_name = "GB", hide_env_values = true, env = "CLOUDMESH_DISK")]
    disk: Option<u32>,
    /// Type of the boot disk, in the cloud's own word
    #[arg(long, value_name = "TYPE", hide_env_values = true, env = "CLOUDMESH_DISK_TYPE")]
    disk_type: Option<String>,
    /// Tag of the machines (repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    meta: Vec<(String, String)>,
    /// Let the cloud take the machines away again, for a lower price
    #[arg(long, num_args = 0, default_missing_value = "true")]
    #[arg(hide_env_values = true, env = "CLOUDMESH_SPOT")]
    spot: Option<bool>,
    /// Make the machines so that they can be suspended, where that must be said beforehand
    #[arg(long, num_args = 0, default_missing_value = "true")]
    #[arg(hide_env_values = true, env = "CLOUDMESH_HIBERNATE")]
    hibernate: Option<bool>,
}

impl What {
    /// What is wished: the options and their variables of the environment, then what `cms set` keeps.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for options that exclude each other, user data that cannot be read, or a mistake in
    /// the kept variables.
    pub(super) fn wishes(&self, session: &Session) -> Result<Wishes> {
        // Not by clap, to which a variable would be as good as an option.
        if self.no_public && session.shared.given.source("public").is_some_and(|source| source == "--public") {
            let message = "`--public` and `--no-public` exclude each other; keep one of them";
            return Err(Error::new(ErrorKind::Config, message));
        }
        Ok(self.said()?.or(session.variables()?.wishes()))
    }

    /// What the options and their variables of the environment say.
    fn said(&self) -> Result<Wishes> {
        Ok(Wishes {
            image: self.image.clone(),
            flavor: self.size.clone(),
            key: self.key.clone(),
            secgroups: self.secgroup.clone(),
            networks: self.network.clone(),
            zone: self.zone.clone(),
            group: self.group.clone(),
            username: self.username.clone(),
            public: if self.no_public { Some(false) } else { self.public },
            disk_gb: self.disk,
            disk_type: self.disk_type.clone(),
            user_data: self.user_data.as_deref().map(read_user_data).transpose()?,
            metadata: self.meta.iter().cloned().collect(),
            spot: self.spot,
            hibernate: self.hibernate,
            user: self.user.clone(),
        })
    }
}

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is no KEY=VALUE"))?;
    if key.is_empty() {
        Err(format!("`{text}` has no key before the `=`"))
    } else {
        Ok((key.to_owned(), value.to_owned()))
    }
}
