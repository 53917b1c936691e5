//! What a new node is like: wishes first, then the cloud's defaults, then the file's.

use cloudmesh_compute::{ErrorKind, NodeSpec, Result, Wishes};

use crate::lab::Lab;

const DEFAULTS: &str = "\
defaults:
  image: debian-12
  size: m1.medium
  key: laptop
  secgroup: [ssh, web]
  network: private
  zone: zone-2
  group: physics
  username: debian
  public: true
  disk: 30
  disk_type: fast
  spot: true
  hibernate: true
  metadata: {course: e516, team: a}
";

fn spec(lab: &Lab, wishes: &Wishes) -> Result<NodeSpec> {
    wishes.spec(&lab.cloud(), "web-1")
}

#[test]
fn defaults_fill_what_is_not_wished() {
    let spec = spec(&Lab::with(DEFAULTS), &Wishes::default()).unwrap();
    assert_eq!((spec.name.as_str(), spec.image.as_str(), spec.flavor.as_str()), ("web-1", "debian-12", "m1.medium"));
    assert_eq!((spec.key.as_deref(), spec.zone.as_deref()), (Some("laptop"), Some("zone-2")));
    assert_eq!((spec.group.as_deref(), spec.username.as_deref()), (Some("physics"), Some("debian")));
    assert_eq!((spec.secgroups, spec.networks), (vec!["ssh".to_owned(), "web".to_owned()], vec!["private".to_owned()]));
    assert_eq!((spec.public, spec.disk_gb, spec.disk_type.as_deref()), (Some(true), Some(30), Some("fast")));
    assert_eq!((spec.spot, spec.hibernate), (true, true));
    assert_eq!((spec.metadata["course"].as_str(), spec.metadata["team"].as_str()), ("e516", "a"));
}

#[test]
fn wishes_win() {
    let wishes = Wishes {
        image: Some("rocky-9".into()),
        flavor: Some("m1.tiny".into()),
        key: Some("desktop".into()),
        secgroups: vec!["icmp".into()],
        networks: vec!["lab".into()],
        zone: Some("zone-1".into()),
        group: Some("chemistry".into()),
        username: Some("rocky".into()),
        public: Some(false),
        disk_gb: Some(8),
        disk_type: Some("slow".into()),
        hibernate: Some(false),
        metadata: [("team".to_owned(), "b".to_owned())].into(),
        ..Wishes::default()
    };
    let spec = spec(&Lab::with(DEFAULTS), &wishes).unwrap();
    assert_eq!((spec.image.as_str(), spec.flavor.as_str()), ("rocky-9", "m1.tiny"));
    assert_eq!((spec.key.as_deref(), spec.zone.as_deref()), (Some("desktop"), Some("zone-1")));
    assert_eq!((spec.group.as_deref(), spec.username.as_deref()), (Some("chemistry"), Some("rocky")));
    assert_eq!((spec.secgroups, spec.networks), (vec!["icmp".to_owned()], vec!["lab".to_owned()]));
    assert_eq!((spec.public, spec.disk_gb, spec.disk_type.as_deref()), (Some(false), Some(8), Some("slow")));
    assert_eq!((spec.spot, spec.hibernate), (true, false));
    assert_eq!((spec.metadata["course"].as_str(), spec.metadata["team"].as_str()), ("e516", "b"));
}

#[test]
fn the_group_and_the_user_of_the_file_are_for_all_clouds() {
    let lab = Lab::new();
    let entry = lab.entry("defaults: {image: a, size: b}");
    lab.write(&format!(
        "cloudmesh:\n  profile: {{user: albert}}\n  default: {{group: everybody}}\n  compute:\n    lab:\n{entry}"
    ));
    let spec = spec(&lab, &Wishes::default()).unwrap();
    assert_eq!((spec.group.as_deref(), spec.user.as_deref()), (Some("everybody"), Some("albert")));
    assert_eq!(spec.tags()["cm-group"], "everybody");
}

#[test]
fn without_image_or_size_the_way_to_say_it_is_told() {
    let table = [
        ("defaults: {size: m1.small}", "image", "cms image list"),
        ("defaults: {image: debian-12}", "size", "cms flavor list"),
    ];
    for (defaults, missing, list) in table {
        let error = spec(&Lab::with(defaults), &Wishes::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let wanted = format!(
            "lab: no {missing} for `web-1`: pass `--{missing}`, or write `defaults: {{{missing}: …}}` under `lab` in \
             the configuration; `{list} --cloud lab` shows what there is"
        );
        assert_eq!(error.to_string(), wanted);
    }
}

#[test]
fn user_data_comes_from_the_file_of_the_defaults() {
    let lab = Lab::new();
    let script = lab.folder.path().join("first-boot.yaml");
    std::fs::write(&script, "#cloud-config\n").unwrap();
    let lab = Lab::with(&format!("defaults: {{image: a, size: b, user_data: {}}}", script.display()));
    let data = spec(&lab, &Wishes::default()).unwrap().user_data.unwrap();
    assert_eq!(data.expose(), "#cloud-config\n");
}

#[test]
fn user_data_that_cannot_be_read_is_told_with_its_file() {
    let lab = Lab::with("defaults: {image: a, size: b, user_data: /nowhere/first-boot.yaml}");
    let error = spec(&lab, &Wishes::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`/nowhere/first-boot.yaml`"), "{error}");
}

#[test]
fn every_node_has_a_token_of_its_own() {
    let lab = Lab::new();
    let [one, two] = [(); 2].map(|()| spec(&lab, &Wishes::default()).unwrap().token);
    assert_ne!(one, two);
}
