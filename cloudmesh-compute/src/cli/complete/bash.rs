//! Bash, which cuts a line into words at `=` and `:` too.

use std::ffi::OsString;
use std::io::{Result, Write};
use std::path::Path;

use clap::Command;
use clap_complete::env::{Bash as Inner, EnvCompleter};

/// Puts the pieces of a word together, asks for what it can be, and cuts off what bash holds for other words. The answers
/// are read, not expanded, so that a `[` in a name matches no file.
const SCRIPT: &str = r#"_cms_complete() {
    local line=${COMP_LINE:0:COMP_POINT} words=() last=-1 piece prefix i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        if ((last < 0)) || [[ $line == [[:space:]]* ]]; then
            line=${line#"${line%%[![:space:]]*}"}
            words[++last]=
        fi
        ((i < COMP_CWORD)) || piece=$line
        words[last]+=$piece
        line=${line#"$piece"}
    done
    prefix=${words[last]%"$2"}
    prefix=${prefix//[\"\']/}
    words[last]=$prefix$2
    COMPREPLY=()
    IFS=$'\013' read -r -d '' -a COMPREPLY < <(
        _CLAP_IFS=$'\013' _CLAP_COMPLETE_INDEX=$last VARIABLE=bash PROGRAM -- "${words[@]}"
    )
    for i in "${!COMPREPLY[@]}"; do
        COMPREPLY[i]=${COMPREPLY[i]#"$prefix"}
    done
    [[ ${COMPREPLY-} != *[=/:] ]] || compopt -o nospace 2> /dev/null
}
complete -o bashdefault -o nosort -F _cms_complete NAME 2> /dev/null || complete -o bashdefault -F _cms_complete NAME"#;

/// As clap's, with a script of our own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        Inner.name()
    }

    fn is(&self, name: &str) -> bool {
        Inner.is(name)
    }

    fn write_registration(&self, var: &str, _: &str, bin: &str, program: &str, to: &mut dyn Write) -> Result<()> {
        let program = format!("'{}'", program.replace('\'', r"'\''"));
        writeln!(to, "{}", SCRIPT.replace("VARIABLE", var).replace("NAME", bin).replace("PROGRAM", &program))
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        to: &mut dyn Write,
    ) -> Result<()> {
        Inner.write_complete(command, words, folder, to)
    }
}
