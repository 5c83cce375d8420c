//! Files and functions that have grown too long to be read at once. The cure is to split them by meaning.

use super::{Finding, SourceFile, Sources};

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 70;

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let code =
        |file: &&SourceFile| ["rs", "ts", "css", "html", "sql", "mjs"].contains(&file.extension()) && !file.is_test();
    sources.files.iter().filter(code).flat_map(of_file).collect()
}

pub(super) fn summary(findings: &[&Finding]) -> Vec<String> {
    let files = findings.iter().filter(|finding| finding.line == 0).count();
    vec![
        format!("files over {LONGEST_FILE} lines: {files}"),
        format!("functions over {LONGEST_FUNCTION} lines: {}", findings.len() - files),
    ]
}

fn of_file(file: &SourceFile) -> Vec<Finding> {
    let lines = file.text.lines().count();
    let mut findings = Vec::new();
    if lines > LONGEST_FILE {
        findings.push(Finding::error(&file.path, 0, format!("{lines} lines; split it by meaning ({LONGEST_FILE})")));
    }
    if file.extension() == "rs" {
        let long = functions(&file.text).into_iter().filter(|(_, _, length)| *length > LONGEST_FUNCTION);
        findings.extend(long.map(|(line, name, length)| {
            Finding::error(
                &file.path,
                line,
                format!("fn {name} has {length} lines; split it by meaning ({LONGEST_FUNCTION})"),
            )
        }));
    }
    findings
}

/// The functions of a formatted file: line, name and length. A function ends at the first closing brace that is
/// indented as its first line is.
fn functions(text: &str) -> Vec<(usize, &str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let starts = lines.iter().enumerate().filter_map(|(index, line)| Some((index, function_name(line)?)));
    let measured = starts.filter_map(|(index, name)| {
        let indent = &lines[index][..lines[index].len() - lines[index].trim_start().len()];
        let is_end = |line: &&str| line.strip_prefix(indent) == Some("}");
        let is_bodiless = lines[index].ends_with(';') || lines[index].ends_with('}');
        let length = lines[index..].iter().position(is_end)? + 1;
        (!is_bodiless).then_some((index + 1, name, length))
    });
    measured.collect()
}

fn function_name(line: &str) -> Option<&str> {
    const BEFORE: [&str; 8] = ["pub", "pub(crate)", "pub(super)", "async", "const", "unsafe", "extern", "\"C\""];
    let mut words = line.trim_start();
    loop {
        let (word, rest) = words.split_once(' ')?;
        match word {
            "fn" => return rest.split(['(', '<']).next(),
            word if BEFORE.contains(&word) || word.starts_with("pub(") => words = rest,
            _ => return None,
        }
    }
}
