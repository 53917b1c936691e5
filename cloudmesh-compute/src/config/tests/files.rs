use std::path::{Path, PathBuf};

use cloudmesh_abstract::ErrorKind;
use tempfile::TempDir;

use crate::config::{Config, Environment, Variables, Warning, folder, path};

const PLAIN: &str = "cloudmesh:\n  compute:\n    c: {cm: {kind: lab}, credentials: {password: '${OS_PASSWORD}'}}\n";

fn home() -> (TempDir, Variables) {
    let home = tempfile::tempdir().unwrap();
    let environment = Variables::new([("HOME", home.path())]);
    (home, environment)
}

/// Writes a file that others can read only if `mode` says so.
fn write(file: &Path, text: impl AsRef<[u8]>, mode: u32) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
    set_mode(file, mode);
}

#[cfg(unix)]
fn set_mode(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

fn complaint(file: &Path, environment: Variables) -> String {
    let error = Config::load_with(Some(file), environment).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    error.to_string()
}

#[test]
fn the_usual_file_is_found_and_can_be_moved() {
    let (home, environment) = home();
    let usual = home.path().join(".cloudmesh");
    assert_eq!(folder(&environment).unwrap(), usual);
    assert_eq!(path(&environment).unwrap(), usual.join("cloudmesh.yaml"));
    write(&usual.join("cloudmesh.yaml"), PLAIN, 0o600);
    let config = Config::load_with(None, environment).unwrap();
    assert_eq!(config.file(), Some(usual.join("cloudmesh.yaml").as_path()));
    assert_eq!((config.origin(), config.folder()), ("~/.cloudmesh/cloudmesh.yaml", Some(usual.as_path())));
    assert_eq!(config.warnings(), []);

    let moved = Variables::new([("HOME", home.path().as_os_str()), ("CLOUDMESH_CONFIG_DIR", "/etc/mesh".as_ref())]);
    assert_eq!(path(&moved).unwrap(), PathBuf::from("/etc/mesh/cloudmesh.yaml"));
    let emptied = Variables::new([("HOME", "/home/albert"), ("CLOUDMESH_CONFIG_DIR", "")]);
    assert_eq!(folder(&emptied).unwrap(), PathBuf::from("/home/albert/.cloudmesh"));
    let nowhere = path(&Variables::default()).unwrap_err();
    let message = "there is no home directory to look for `.cloudmesh` in; set `HOME` or `CLOUDMESH_CONFIG_DIR`";
    assert_eq!((nowhere.kind(), nowhere.message()), (ErrorKind::Config, message));
}

#[test]
fn a_named_file_is_read_and_nothing_is_kept_beside_it() {
    let (home, environment) = home();
    let file = home.path().join("other.yaml");
    write(&file, PLAIN, 0o600);
    let config = Config::load_with(Some(&file), environment).unwrap();
    assert_eq!((config.origin(), config.folder()), ("~/other.yaml", None));
    let error = config.cloud("c").unwrap_err();
    assert!(error.message().starts_with("~/other.yaml:3:50: the environment variable `OS_PASSWORD`"), "{error}");
}

#[test]
fn what_cannot_be_read_is_told() {
    let (home, environment) = home();
    let missing = "there is no configuration `~/none.yaml`; `cms config init` writes one, `--config` or `CLOUDMESH_CONFIG_DIR` names another";
    assert_eq!(complaint(&home.path().join("none.yaml"), environment.clone()), missing);
    let folder = "`~/` is a folder; name the file in it, such as `~/cloudmesh.yaml`";
    assert_eq!(complaint(home.path(), environment.clone()), folder);

    let file = home.path().join("latin1.yaml");
    write(&file, b"cloudmesh:\n  profile: {user: J\xfcrgen}\n", 0o600);
    assert_eq!(complaint(&file, environment.clone()), "~/latin1.yaml:2:20: not UTF-8 text; save the file as UTF-8");
    write(&file, vec![b' '; (1 << 20) + 1], 0o600);
    assert_eq!(complaint(&file, environment.clone()), "`~/latin1.yaml` is larger than 1024 KiB");
    write(&file, "", 0o600);
    let empty = "~/latin1.yaml:1:1: the file is empty; it must begin with `cloudmesh:`";
    assert_eq!(complaint(&file, environment), empty);
}

#[cfg(unix)]
#[test]
fn endless_and_forbidden_files_are_refused() {
    let (home, environment) = home();
    assert_eq!(complaint(Path::new("/dev/zero"), environment.clone()), "`/dev/zero` is larger than 1024 KiB");
    let file = home.path().join("closed.yaml");
    write(&file, PLAIN, 0o000);
    if std::fs::File::open(&file).is_err() {
        let message = "`~/closed.yaml` must not be read by you; see its permissions and its folder's";
        assert_eq!(complaint(&file, environment), message);
    }
}

#[cfg(unix)]
#[test]
fn a_file_with_secrets_that_others_can_read_is_warned_of() {
    let secret =
        |credentials: &str| format!("cloudmesh: {{compute: {{c: {{cm: {{kind: lab}}, credentials: {credentials}}}}}}}");
    let (home, environment) = home();
    let file = home.path().join("x.yaml");
    for (credentials, mode, warned) in [
        ("{password: hunter2}", 0o644, true),
        ("{password: hunter2}", 0o640, true),
        ("{password: hunter2}", 0o600, false),
        ("{auth: {password: hunter2}}", 0o644, true),
        ("{EC2_SECRET_KEY: abc}", 0o644, true),
        ("{password: '${A:-hunter2}'}", 0o644, true),
        ("{password: 12345}", 0o644, true),
        ("{password: '${OS_PASSWORD}'}", 0o644, false),
        ("{key_file: /x, region: r}", 0o644, false),
        ("{}", 0o644, false),
    ] {
        write(&file, secret(credentials), mode);
        let config = Config::load_with(Some(&file), environment.clone()).unwrap();
        assert_eq!(config.warnings().len(), usize::from(warned), "{credentials} {mode:o}");
        for warning in config.warnings() {
            let text = "`~/x.yaml` holds secrets and others can read it; run `chmod 600 ~/x.yaml`";
            assert_eq!(warning.to_string(), text);
        }
    }
}

#[test]
fn a_warning_quotes_odd_paths_for_the_shell() {
    let file = PathBuf::from("/home/albert/my config/it's.yaml");
    let warning = Warning::Readable { file, shown: "~/my config/it's.yaml".to_owned() };
    assert!(warning.to_string().ends_with(r"run `chmod 600 '/home/albert/my config/it'\''s.yaml'`"), "{warning}");
}

#[test]
fn the_process_has_an_environment() {
    let process = crate::config::ProcessEnvironment;
    assert_eq!(process.variable("PATH"), std::env::var_os("PATH"));
    assert_eq!(process.variable("CLOUDMESH_NO_SUCH_VARIABLE"), None);
}
