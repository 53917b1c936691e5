//! Lists of volumes.

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::body::refuse;
use super::volumes::{brief, full};
use super::{Call, Refusal};
use crate::exchange::Answer;
use crate::openstack::urls::Urls;
use crate::world::volume::Volume;

/// The most that one page holds.
const LARGEST: usize = 1000;
/// Parameters that choose no volumes.
const OTHERS: [&str; 7] = ["limit", "marker", "offset", "sort", "sort_key", "sort_dir", "with_count"];

/// The volumes that the query asks for, the newest first.
pub(super) fn list(call: &Call<'_>, detail: bool) -> Result<Answer, Refusal> {
    let parameters = call.ask.parameters();
    let limit = limit(&parameters)?;
    let mine = |volume: &&Volume| volume.project == call.caller.project;
    let mut all: Vec<&Volume> = call.state.volumes.iter().rev().filter(mine).collect();
    if let Some((_, marker)) = parameters.iter().find(|(key, _)| key == "marker") {
        let place = all.iter().position(|volume| volume.id == *marker);
        let Some(place) = place else { return refuse(404, format!("Volume {marker} could not be found.")) };
        all.drain(..=place);
    }
    all.retain(|volume| parameters.iter().all(|(key, value)| wanted(volume, key, value)));
    all.truncate(limit);
    let show = |volume: &&Volume| if detail { full(call, volume) } else { brief(call, volume) };
    let mut body = json!({"volumes": all.iter().map(show).collect::<Vec<Value>>()});
    if let Some(last) = all.last().filter(|_| limit > 0 && all.len() == limit) {
        body["volumes_links"] = json!([{"rel": "next", "href": next(call, detail, &parameters, &last.id)}]);
    }
    Ok(Answer::json(200, &body))
}

fn limit(parameters: &[(String, String)]) -> Result<usize, Refusal> {
    let Some((_, text)) = parameters.iter().find(|(key, _)| key == "limit") else { return Ok(LARGEST) };
    match text.parse::<i64>() {
        Err(_) => refuse(400, "limit param must be an integer"),
        Ok(number) => match usize::try_from(number) {
            Err(_) => refuse(400, "limit param must be positive"),
            Ok(number) => Ok(number.min(LARGEST)),
        },
    }
}

fn wanted(volume: &Volume, key: &str, value: &str) -> bool {
    match key {
        "name" | "display_name" => volume.name == value,
        "status" => volume.stage.word() == value,
        "id" => volume.id == value,
        "bootable" => volume.bootable.to_string() == value.to_lowercase(),
        "metadata" => value.split([',', '{', '}']).filter(|part| !part.trim().is_empty()).all(|part| {
            let pair = part.split_once(':').map(|(key, value)| (bare(key), bare(value)));
            pair.is_some_and(|(key, value)| volume.labels.get(key).is_some_and(|label| label == value))
        }),
        // A plain user's wish to see all is not heard.
        key => OTHERS.contains(&key) || matches!(key, "all_tenants" | "project_id"),
    }
}

fn bare(text: &str) -> &str {
    text.trim().trim_matches(['\'', '"'])
}

fn next(call: &Call<'_>, detail: bool, parameters: &[(String, String)], marker: &str) -> String {
    let kept = parameters.iter().filter(|(key, _)| key != "marker").map(|(key, value)| (key.as_str(), value.as_str()));
    let pairs: Vec<(&str, &str)> = kept.chain([("marker", marker)]).collect();
    let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    let path = if detail { "/detail" } else { "" };
    format!("{}/v3/{}/volumes{path}?{query}", Urls::new(call.ask).volume(), call.caller.project)
}
