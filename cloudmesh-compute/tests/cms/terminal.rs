//! What a person sees on a terminal.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use vt100::{Color, Parser};

use crate::desk::Desk;

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A terminal with `cms` in it.
pub(crate) struct Terminal {
    pub(crate) child: Child,
    keys: Arc<Pty>,
    bytes: Receiver<Vec<u8>>,
    /// Everything that came.
    pub(crate) raw: Vec<u8>,
    screen: Parser,
}

impl Terminal {
    /// A terminal of 24 lines.
    pub(crate) fn open(desk: &Desk, columns: u16, words: &[&str]) -> Self {
        Self::with(desk, columns, words, |command| command)
    }

    /// A terminal that not all of the program's output goes to.
    pub(crate) fn with(desk: &Desk, columns: u16, words: &[&str], change: impl FnOnce(Command) -> Command) -> Self {
        let (pty, inside) = open().unwrap();
        pty.resize(Size::new(24, columns)).unwrap();
        let mut command = desk.command(words);
        if !desk.sets("TERM") {
            command.env("TERM", "xterm-256color");
        }
        let child = change(Command::from(command)).spawn(inside).unwrap();
        let keys = Arc::new(pty);
        let (sender, bytes) = channel();
        let reader = Arc::clone(&keys);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            // The end is an error, or nothing.
            while let Ok(count @ 1..) = (&*reader).read(&mut chunk) {
                if sender.send(chunk[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let size = [24, columns].map(|size| NonZeroU16::new(size).unwrap());
        Self { child, keys, bytes, raw: Vec::new(), screen: Parser::new(size[0], size[1], 100) }
    }

    /// Reads until the screen shows something.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) {
        let began = Instant::now();
        while !self.text().contains(text) {
            assert!(began.elapsed() < PATIENCE, "`{text}` never came:\n{}", self.text());
            match self.bytes.recv_timeout(Duration::from_millis(100)) {
                Ok(chunk) => self.take(&chunk),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("`{text}` never came:\n{}", self.text()),
            }
        }
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        (&*self.keys).write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the end, and tells the exit code and what is left on the screen.
    pub(crate) fn end(&mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        while let Ok(chunk) = self.bytes.recv_timeout(PATIENCE) {
            self.take(&chunk);
        }
        (code, self.text())
    }

    fn take(&mut self, chunk: &[u8]) {
        self.raw.extend_from_slice(chunk);
        self.screen.process(chunk);
    }

    /// The screen as text.
    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// The colour of a word on the screen.
    fn colour(&self, word: &str) -> Color {
        let lines: Vec<String> = self.text().lines().map(str::to_owned).collect();
        let row = lines.iter().position(|line| line.contains(word)).unwrap();
        let column = lines[row].find(word).unwrap();
        let place = [row, column].map(|place| u16::try_from(place).unwrap());
        self.screen.screen().cell(place[0], place[1]).unwrap().fgcolor()
    }
}

#[test]
fn states_are_coloured_on_a_terminal_that_can() {
    let mut desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    desk.cms("vm stop web-2").exits(0);
    let mut terminal = Terminal::open(&desk, 80, &["vm", "list"]);
    assert_eq!(terminal.end().0, Some(0));
    assert_eq!((terminal.colour("running"), terminal.colour("stopped")), (Color::Idx(2), Color::Idx(8)));
    for (words, variable) in [
        (["vm", "list", "--no-color"].as_slice(), None),
        (&["vm", "list"], Some(("NO_COLOR", "1"))),
        (&["vm", "list"], Some(("TERM", "dumb"))),
        (&["vm", "boot", "--help", "--no-color"], None),
        (&["vm", "info", "none", "--no-color"], None),
    ] {
        if let Some((name, value)) = variable {
            desk.set(name, value);
        }
        let mut terminal = Terminal::open(&desk, 80, words);
        terminal.end();
        assert!(!terminal.raw.windows(2).any(|pair| pair == b"\x1b["), "{words:?}: {}", terminal.text());
        if let Some((name, _)) = variable {
            desk.unset(name);
        }
    }
    desk.set("NO_COLOR", "");
    let mut terminal = Terminal::open(&desk, 80, &["vm", "list"]);
    terminal.end();
    assert_eq!(terminal.colour("running"), Color::Idx(2), "a variable that is set to nothing is not set");
}

#[test]
fn a_terminal_and_a_pipe_are_each_told_their_own() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    let mut terminal = Terminal::with(&desk, 80, &["vm", "list,", "none"], |command| command.stdout(Stdio::piped()));
    terminal.end();
    let mut terminal =
        Terminal::with(&desk, 80, &["vm", "info", "web-1,none"], |command| command.stdout(Stdio::piped()));
    let (code, text) = terminal.end();
    let mut out = String::new();
    terminal.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(code, Some(3));
    assert!(out.starts_with("FIELD") && !out.contains('\u{1b}'), "{out}");
    assert!(text.starts_with("error: lab: no node `none`"), "{text}");
    assert_eq!(terminal.colour("error"), Color::Idx(1));
}

#[test]
fn tables_fit_and_no_name_or_id_is_cut() {
    let desk = Desk::new();
    let long = "a-machine-with-a-name-that-is-longer-than-others";
    for name in [long, "名前-🚀", "web-1"] {
        desk.cloud(0).world().plant(name);
    }
    let shown = |columns: u16, words: &[&str]| {
        let mut terminal = Terminal::open(&desk, columns, words);
        assert_eq!(terminal.end().0, Some(0));
        let text: Vec<String> = terminal.text().lines().map(|line| line.trim_end().to_owned()).collect();
        format!("{columns}: {}\n{}\n\n", words.join(" "), text.join("\n"))
    };
    let all: String = [
        shown(120, &["vm", "list"]),
        shown(80, &["vm", "list"]),
        shown(60, &["vm", "list"]),
        shown(40, &["vm", "list"]),
        shown(80, &["image", "list", "--refresh"]),
        shown(40, &["image", "list", "--refresh"]),
        shown(80, &["provider", "list"]),
        shown(40, &["flavor", "list", "--refresh"]),
        shown(40, &["vm", "list", "--columns", "name,cloud,created,status"]),
    ]
    .concat();
    insta::assert_snapshot!(desk.plain(&all));
}

#[test]
fn progress_is_shown_and_then_gone() {
    let desk = Desk::with_clouds(&["a", "b"]);
    let mut terminal = Terminal::open(&desk, 80, &["vm", "boot", "web-[1-2]", "--cloud", "a,b"]);
    let (code, text) = terminal.end();
    assert_eq!((code, text.trim_end().lines().count()), (Some(0), 5), "{text}");
    for interrupted in [false, true] {
        let words = ["vm", "wait", "web-*", "--for", "stopped", "--cloud", "a,b"];
        let mut terminal = Terminal::open(&desk, 80, &words);
        terminal.until("wait for stopped · a");
        terminal.until("wait for stopped · b");
        terminal.until("0/2 stopped, 2 running");
        assert!(terminal.text().lines().all(|line| line.matches('·').count() <= 1), "{}", terminal.text());
        if interrupted {
            terminal.press("\u{3}");
        } else {
            desk.cms("vm stop web-* --cloud a,b").exits(0);
        }
        let (code, text) = terminal.end();
        assert_eq!(code, Some(if interrupted { 130 } else { 0 }), "{text}");
        assert!(!text.contains("wait for stopped") && !terminal.screen.screen().hide_cursor(), "{text}");
        desk.cms("vm start web-* --cloud a,b").exits(0);
    }
}

#[test]
fn there_is_no_progress_where_nobody_wants_it() {
    let mut desk = Desk::new();
    let mut terminal = Terminal::open(&desk, 80, &["vm", "boot", "web-1", "--quiet"]);
    assert!(!terminal.end().1.contains("boot 1"));
    assert!(!String::from_utf8_lossy(&terminal.raw).contains("boot 1"));
    desk.set("TERM", "dumb");
    let mut terminal = Terminal::open(&desk, 80, &["vm", "boot", "web-2"]);
    terminal.end();
    assert!(!terminal.raw.contains(&0x1b) && !String::from_utf8_lossy(&terminal.raw).contains("boot 1"));
}

#[test]
fn deleting_asks() {
    let desk = Desk::new();
    desk.cms("vm boot web-[1-2]").exits(0);
    for (keys, code, left) in [("n\r", 1, 2), ("\r", 1, 2), ("\u{3}", 130, 2), ("\u{4}", 1, 2), ("y\r", 0, 1)] {
        let mut terminal = Terminal::open(&desk, 80, &["vm", "delete", "web-1"]);
        terminal.until("delete 1 machine? [y/N] ");
        terminal.press(keys);
        let (ended, text) = terminal.end();
        assert_eq!((ended, desk.cloud(0).world().node_names().len()), (Some(code), left), "{keys:?}: {text}");
    }
}

#[test]
fn no_format_lets_a_terminal_obey_a_name() {
    let desk = Desk::new();
    let ours = regex::Regex::new("\u{1b}\\[[0-9;]*[mKAB]").unwrap();
    let long = "long-".repeat(200);
    let wild = [
        "\u{1b}]0;owned\u{7}x",
        "\u{9b}2Jx",
        "\u{202e}txt.exe",
        "two\nlines\rover",
        "tab\there",
        "\u{90}q\u{9c}",
        &long,
    ];
    for name in wild {
        desk.cloud(0).world().plant(name);
    }
    for words in [
        "vm list",
        "vm list -o wide",
        "vm list -o json",
        "vm list -o yaml",
        "vm list -o csv",
        "vm list -o name",
        "vm info *",
        "vm status *x*",
        "vm delete *x* --dry-run",
        "vm stop *x*",
        "vm info \u{1b}]0;owned\u{7}",
        "vm list --filter \u{9b}2J=1",
        "vm list --sort \u{1b}[2J",
        "\u{1b}]0;owned\u{7}",
        "vm list --cloud \u{1b}]0;owned\u{7}",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let mut terminal = Terminal::open(&desk, 80, &words);
        terminal.end();
        let text = String::from_utf8(terminal.raw).unwrap();
        let plain = ours.replace_all(&text, "").into_owned();
        let obeyed = plain.chars().find(|sign| {
            (sign.is_control() && !['\r', '\n'].contains(sign)) || matches!(sign, '\u{202a}'..='\u{202e}')
        });
        assert_eq!(obeyed, None, "{words:?}: {plain:?}");
        let said = desk.run(&words);
        assert!(!said.err.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']), "{words:?}: {:?}", said.err);
        if !words.contains(&"csv") {
            assert!(!said.out.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}', '\r']), "{words:?}: {:?}", said.out);
        }
    }
}

#[test]
fn a_dry_run_shows_no_progress() {
    let desk = Desk::new();
    desk.cms("vm boot web-1").exits(0);
    for words in ["vm boot web-2 --dry-run", "vm stop web-1 --dry-run", "vm delete web-1 --dry-run"] {
        let mut terminal = Terminal::open(&desk, 80, &words.split(' ').collect::<Vec<_>>());
        assert_eq!(terminal.end().0, Some(0));
        let text = String::from_utf8(terminal.raw).unwrap();
        assert!(!text.contains("\u{1b}[2K"), "{words}: {text:?}");
    }
}
