//! A desk with a home of its own, a configuration, emulated clouds, and `cms`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use cloudmesh_emulator::{Builder, CLOUD, Emulator};
use regex::Regex;
use serde_yaml::{Mapping, Value};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Everything that a session needs. Nothing of the real home or environment is seen.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    variables: BTreeMap<OsString, OsString>,
    clouds: Vec<Emulator>,
    said: RefCell<String>,
    runtime: Runtime,
}

/// What `cms` said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    /// A desk without any cloud or configuration.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().as_os_str();
        let variables = ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "CLOUDMESH_CONFIG_DIR"];
        let variables = variables.map(|name| (OsString::from(name), home.to_owned()));
        let patience = (OsString::from("CLOUDMESH_TIMEOUT"), OsString::from("30"));
        Self {
            variables: variables.into_iter().chain([patience]).collect(),
            folder,
            clouds: Vec::new(),
            said: RefCell::default(),
            runtime: Runtime::new().unwrap(),
        }
    }

    /// A desk with one emulated cloud, `lab`.
    pub(crate) fn new() -> Self {
        Self::with_clouds(&["lab"])
    }

    /// A desk with emulated clouds, the first of which is the default.
    pub(crate) fn with_clouds(names: &[&str]) -> Self {
        Self::with_clouds_like(names, &Emulator::builder())
    }

    /// A desk with one emulated AWS, `lab`.
    pub(crate) fn aws() -> Self {
        Self::with_clouds_like(&["lab"], &Emulator::builder().kind("aws"))
    }

    /// A desk with an emulated OpenStack, `lab`, which is the default, and an emulated AWS, `work`.
    pub(crate) fn both() -> Self {
        Self::with_each(&[("lab", Emulator::builder()), ("work", Emulator::builder().kind("aws"))])
    }

    /// A desk with one emulated cloud, `lab`, whose machines run at once.
    pub(crate) fn quick() -> Self {
        Self::with_clouds_like(&["lab"], &Emulator::builder().build_time(Duration::ZERO))
    }

    /// A desk with one emulated cloud, `lab`, whose machines take an hour to be built.
    pub(crate) fn slow() -> Self {
        Self::with_clouds_like(&["lab"], &Emulator::builder().build_time(Duration::from_hours(1)))
    }

    /// A desk with such emulated clouds, the first of which is the default.
    pub(crate) fn with_clouds_like(names: &[&str], cloud: &Builder) -> Self {
        Self::with_each(&names.iter().map(|name| (*name, cloud.clone())).collect::<Vec<_>>())
    }

    /// A desk with these emulated clouds, the first of which is the default.
    pub(crate) fn with_each(clouds: &[(&str, Builder)]) -> Self {
        let mut desk = Self::empty();
        desk.clouds = clouds.iter().map(|(_, cloud)| desk.runtime.block_on(cloud.clone().start()).unwrap()).collect();
        let entries = clouds.iter().zip(&desk.clouds).map(|((name, _), cloud)| ((*name).into(), entry(cloud)));
        let mut file = Mapping::new();
        file.insert("compute".into(), Value::Mapping(entries.collect()));
        file.insert("default".into(), Value::Mapping([("cloud".into(), clouds[0].0.into())].into_iter().collect()));
        let file: Mapping = [("cloudmesh".into(), Value::Mapping(file))].into_iter().collect();
        desk.write("cloudmesh.yaml", &serde_yaml::to_string(&file).unwrap());
        desk
    }

    /// The emulator of a cloud, by its number.
    pub(crate) fn cloud(&self, number: usize) -> &Emulator {
        &self.clouds[number]
    }

    /// Ends a cloud: nobody listens at its address any more.
    pub(crate) fn end(&mut self, number: usize) {
        drop(self.clouds.remove(number));
    }

    /// Waits for something in the emulated clouds.
    pub(crate) fn wait_for<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// The password of the first cloud.
    pub(crate) fn password(&self) -> String {
        self.value("password")
    }

    /// What the configuration says first under a key.
    pub(crate) fn value(&self, key: &str) -> String {
        let file = fs::read_to_string(self.folder.path().join("cloudmesh.yaml")).unwrap();
        let start = format!("{key}: ");
        file.lines().find_map(|line| line.trim().strip_prefix(&start)).unwrap().to_owned()
    }

    /// All files below the folder.
    pub(crate) fn files(&self) -> BTreeSet<PathBuf> {
        let (mut found, mut folders) = (BTreeSet::new(), vec![self.folder.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.insert(path);
                }
            }
        }
        found
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Changes the configuration: each first text becomes the second.
    pub(crate) fn edit(&self, changes: &[(&str, &str)]) {
        let path = self.folder.path().join("cloudmesh.yaml");
        let mut text = fs::read_to_string(&path).unwrap();
        for (from, to) in changes {
            assert!(text.contains(from), "`{from}` is not in\n{text}");
            text = text.replace(from, to);
        }
        self.write("cloudmesh.yaml", &text);
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, name: &str, value: impl AsRef<Path>) -> &mut Self {
        self.variables.insert(name.into(), value.as_ref().into());
        self
    }

    /// Whether a variable of the environment is set.
    pub(crate) fn sets(&self, name: &str) -> bool {
        self.variables.contains_key(&OsString::from(name))
    }

    /// Unsets a variable of the environment.
    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.variables.remove(&OsString::from(name));
        self
    }

    /// The command with these words, to be run.
    pub(crate) fn command<S: AsRef<str>>(&self, words: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cms"));
        command.args(words.iter().map(AsRef::as_ref)).env_clear().envs(&self.variables);
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs `cms` with a line of words.
    pub(crate) fn cms(&self, line: &str) -> Said {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs `cms` with words that may hold blanks.
    pub(crate) fn run<S: AsRef<str>>(&self, words: &[S]) -> Said {
        let said = Said::from(self.command(words).output().unwrap());
        let line: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        *self.said.borrow_mut() += &said.shown(&line.join(" "));
        said
    }

    /// The session so far, without what differs each time.
    pub(crate) fn session(&self) -> String {
        self.plain(&self.said.borrow())
    }

    /// A text without what differs each time.
    pub(crate) fn plain(&self, text: &str) -> String {
        let text = text.replace(&self.folder.path().display().to_string(), "~");
        CHANGING.iter().fold(text, |text, (pattern, shown)| pattern.replace_all(&text, *shown).into_owned())
    }
}

/// What differs each time, and what is shown instead.
static CHANGING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let patterns = [
        (r"\b(i|ami|sg|sgr|key|vol|eni|eipalloc|eipassoc|subnet|vpc)-[0-9a-f]{8,17}\b", "$1-<id>"),
        (r"\bAKIA[A-Z0-9]{16}\b", "<access key>"),
        (r"\b172\.31\.\d+\.\d+", "172.31.N.N"),
        (r"\b198\.18\.\d+\.\d+", "198.18.N.N"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
        (r"\b[0-9a-f]{32}\b", "<project>"),
        (r"\b20\d\d-\d\d-\d\dT[0-9:.]+Z", "<time>"),
        (r"\b([a-z]+)-20\d{6}\b", "$1-<day>"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:<port>"),
        (r"\b10\.0\.0\.\d+", "10.0.0.N"),
        (r"\(\d+ ms", "(<n> ms"),
        (r"verification time \d+", "verification time <now>"),
        (r"\(\d+ seconds ago\)", "(<n> seconds ago)"),
    ];
    patterns.map(|(pattern, shown)| (Regex::new(pattern).unwrap(), shown)).into()
});

/// An emulator's entry in a configuration.
fn entry(cloud: &Emulator) -> Value {
    let file: Value = serde_yaml::from_str(&cloud.cloudmesh_yaml()).unwrap();
    let mut entry = file["cloudmesh"]["compute"][CLOUD].clone();
    let mark = [("kind".into(), entry["cm"]["kind"].clone())];
    entry["cm"] = Value::Mapping(mark.into_iter().collect());
    entry
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Said {
    /// A line of words, and what was said to it: stdout, stderr after `!`, the exit code where it is not 0.
    fn shown(&self, line: &str) -> String {
        let complaints: Vec<String> = self.err.lines().map(|line| format!("! {line}\n")).collect();
        let code = self.code.filter(|code| *code != 0).map_or_else(String::new, |code| format!("exit {code}\n"));
        format!("$ cms {line}\n{}{}{code}\n", self.out, complaints.concat())
    }

    /// What stands on stdout as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The field of every node, in order.
    pub(crate) fn nodes(&self, field: &str) -> Vec<String> {
        let json = self.json();
        let nodes = json["nodes"].as_array().unwrap();
        nodes.iter().map(|node| node[field].as_str().unwrap().to_owned()).collect()
    }

    /// The exit code, which there must be.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// Something that must stand on stderr.
    #[track_caller]
    pub(crate) fn complains(self, sentence: &str) -> Self {
        assert!(self.err.contains(sentence), "`{sentence}` is not in\n{}", self.err);
        self
    }
}
