//! Standard output of the command line.

/// Writes a line to standard output.
#[expect(clippy::print_stdout, reason = "this is what a command line program answers with")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
