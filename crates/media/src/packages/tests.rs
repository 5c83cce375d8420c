//! Archives that everyone can open, with nothing in them that could hurt.

use super::*;
use crate::content_address::ContentAddress;
use crate::images::samples::{files, photo};
use proptest::prelude::*;
use std::io::{Cursor, Read as _};
use std::process::Command;
use time::macros::datetime;

const LICENCE: &str = "利用許諾書\nLicence number: OWM-2026-000001\n…\n";

fn package() -> (Vec<u8>, Package) {
    let original = files(&photo(300, 200, 1))[0].clone();
    let package = build_design_package(&original, LICENCE, datetime!(2026-11-21 12:34:56 +9)).unwrap();
    (original, package)
}

#[test]
fn a_package_holds_the_original_and_the_licence() {
    let (original, package) = package();
    let mut archive = zip::ZipArchive::new(Cursor::new(&package.bytes)).unwrap();
    assert_eq!(archive.file_names().map(Result::unwrap).collect::<Vec<_>>(), ["design.png", "LICENSE.txt"]);
    let mut picture = Vec::new();
    let mut entry = archive.by_name("design.png").unwrap();
    assert_eq!(entry.compression(), zip::CompressionMethod::Stored);
    assert_eq!(entry.last_modified().unwrap().to_string(), "2026-11-21 12:34:56");
    entry.read_to_end(&mut picture).unwrap();
    drop(entry);
    assert!(picture == original);
    let mut licence = String::new();
    archive.by_name("LICENSE.txt").unwrap().read_to_string(&mut licence).unwrap();
    assert_eq!(licence, LICENCE);
    assert_eq!(package.content, ContentAddress::of(&package.bytes));
    assert_eq!(package.crc32, crc32fast::hash(&package.bytes));
}

#[test]
fn the_extension_is_the_real_type() {
    for (file, extension) in files(&photo(30, 20, 1)).iter().zip(["png", "jpg", "webp"]) {
        let package = build_design_package(file, LICENCE, datetime!(2026-11-21 0:00 UTC)).unwrap();
        assert_eq!(package.picture_name.as_str(), format!("design.{extension}"));
    }
    let error = build_design_package(b"no picture", LICENCE, datetime!(2026-11-21 0:00 UTC)).unwrap_err();
    assert_eq!(error.code(), "not_a_picture");
}

#[test]
fn the_same_content_and_time_give_the_same_bytes() {
    assert_eq!(package().1, package().1);
    let (original, first) = package();
    let later = build_design_package(&original, LICENCE, datetime!(2026-11-21 12:34:58 +9)).unwrap();
    assert_ne!(first.content, later.content);
}

#[test]
fn years_that_a_zip_does_not_know_are_no_obstacle() {
    let (original, _) = package();
    for at in [datetime!(1970-01-01 0:00 UTC), datetime!(2300-01-01 0:00 UTC)] {
        assert!(build_design_package(&original, LICENCE, at).is_ok());
    }
}

#[test]
fn other_programs_open_it() {
    let (original, package) = package();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("package.zip");
    std::fs::write(&path, &package.bytes).unwrap();
    let script = "import sys, zipfile, hashlib\n\
                  z = zipfile.ZipFile(sys.argv[1])\n\
                  assert z.testzip() is None\n\
                  assert z.namelist() == ['design.png', 'LICENSE.txt'], z.namelist()\n\
                  assert '利用許諾書' in z.read('LICENSE.txt').decode('utf-8')\n\
                  print(hashlib.sha256(z.read('design.png')).hexdigest())";
    let programs = [("python3", vec!["-c", script]), ("unzip", vec!["-t"])];
    let mut opened = 0;
    for (program, arguments) in programs {
        // A machine may lack one of the two, but a test that ran nothing is no test.
        let Ok(output) = Command::new(program).args(arguments).arg(&path).output() else { continue };
        let (reported, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{program}: {reported} {complained}");
        if program == "python3" {
            assert_eq!(reported.trim(), ContentAddress::of(&original).to_hex());
        }
        opened += 1;
    }
    assert!(opened > 0, "neither python3 nor unzip is on this machine");
}

#[test]
fn names_that_leave_their_folder_or_confuse_are_refused() {
    let refused = [
        "",
        "/etc/passwd",
        "../x",
        "a/../x",
        "..",
        ".",
        "a/./b",
        "a//b",
        "a/",
        "C:\\x",
        "c:x",
        "a\\b",
        "a\0b",
        "a\nb",
        "x\u{7f}",
        "\u{202e}gnp.exe",
        "a\u{200b}b",
        "con",
        "NUL.txt",
        "com1.png",
        "LPT9",
        "dot.",
        "space ",
        " space",
        "a*b",
        "a?b",
        "\"",
        "<",
        ">",
        "|",
    ];
    for name in refused {
        let error = EntryName::new(name).expect_err(name);
        assert_eq!(error.code(), "unsafe_entry_name");
        assert!(!error.to_string().chars().any(char::is_control));
    }
    assert!(EntryName::new(&"a".repeat(161)).is_err());
    for name in ["design.png", "LICENSE.txt", "prompt/本文.md", "a b (1).txt", ".hidden", "comet.txt"] {
        assert_eq!(EntryName::new(name).unwrap().as_str(), name);
    }
}

#[test]
fn two_entries_of_one_name_are_refused_before_anything_is_written() {
    let entry = |name: &str| PackageEntry { name: EntryName::new(name).unwrap(), content: EntryContent::Text("x") };
    let entries = [entry("Readme.txt"), entry("README.TXT")];
    let error = write_package(Cursor::new(Vec::new()), &entries, datetime!(2026-11-21 0:00 UTC)).unwrap_err();
    assert_eq!(error.code(), "duplicate_entry_name");
}

proptest! {
    #[test]
    fn a_name_that_is_taken_stays_inside(name in "\\PC{0,30}|[./\\\\a:]{0,12}") {
        if let Ok(name) = EntryName::new(&name) {
            let path = std::path::Path::new(name.as_str());
            prop_assert!(path.components().all(|part| matches!(part, std::path::Component::Normal(_))));
            prop_assert!(!name.as_str().contains(['\\', ':']));
        }
    }

    #[test]
    fn any_content_comes_back(stored in proptest::collection::vec(any::<u8>(), 0..2000), text in "\\PC{0,300}") {
        let entries = [
            PackageEntry { name: EntryName::new("a.bin").unwrap(), content: EntryContent::Stored(&stored) },
            PackageEntry { name: EntryName::new("b/c.txt").unwrap(), content: EntryContent::Text(&text) },
        ];
        let bytes = write_package(Cursor::new(Vec::new()), &entries, datetime!(2026-11-21 0:00 UTC)).unwrap().into_inner();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| { let mut b = Vec::new(); archive.by_name(name).unwrap().read_to_end(&mut b).unwrap(); b };
        prop_assert_eq!(read("a.bin"), stored);
        prop_assert_eq!(read("b/c.txt"), text.into_bytes());
    }
}
