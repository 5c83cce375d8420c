//! The README's walk with curl does what it says.

use crate::process::Program;

fn readme(name: &str) -> String {
    let path = format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the README is there")
}

/// The first block of shell that walks the whole path.
fn walk_of(readme: &str) -> &str {
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.into_iter().find(|block| block.starts_with("app=")).expect("a block that begins with app=")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_with_curl_makes_publishes_buys_and_downloads() {
    let text = readme("README.md");
    let walk = walk_of(&text);
    let program = Program::start().await;
    let here = walk.replace("http://127.0.0.1:8080", &program.url);
    assert_ne!(here, walk, "the walk names the address that the program starts with");
    let folder = std::env::temp_dir().join(format!("machiya-readme-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    // Whoever tries it tries it again; the second time nothing may be in the way.
    for time in ["first", "second"] {
        let done = tokio::process::Command::new("bash")
            .args(["-euo", "pipefail", "-c", &here])
            .current_dir(&folder)
            .output()
            .await
            .expect("bash runs");
        let printed = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "the {time} time: {printed}");
        assert!(printed.contains("design.png") && printed.contains("LICENSE.txt"), "the package is listed: {printed}");
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    program.verify().await;
}

#[test]
fn both_readmes_show_the_same_walk_but_for_its_comments() {
    let commands = |name: &str| {
        let text = readme(name);
        let lines: Vec<String> =
            walk_of(&text).lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
        lines
    };
    assert_eq!(commands("README.md"), commands("README.ja.md"));
}
