//! A small valid data directory with a queries file, in memory, to be changed and read.

#![allow(clippy::unwrap_used, dead_code, reason = "a test may panic, and none uses everything")]

use std::path::Path;

use sebaya::TrainingSet;
use sebaya::io::{QueryRow, ReadError, read_dir, read_queries};
use tempfile::TempDir;

pub(crate) const SCHEMA: &str = r#"currency = "IDR"

[[attribute]]
name = "age"
kind = "numeric"
weight = 2.0
range = [18, 64]

[[attribute]]
name = "wage"
kind = "numeric"
scale = "rank"

[[attribute]]
name = "education"
kind = "ordinal"
levels = ["SD", "SMP", "SMA"]

[[attribute]]
name = "province"
kind = "categorical"

[[attribute]]
name = "interests"
kind = "tags"
"#;

pub(crate) const COURSES: &str = r#"id,title,price,provider,category,open
excel,Excel,250000,Pijar,office,true
sewing,"Sewing, basics",100000,,craft,
welding,Welding,900000,,,false
"#;

pub(crate) const PARTICIPANTS: &str = r#"id,age,wage,education,province,interests
ani,24,1500000,SMA,Bali,excel|sewing
budi,31.5,,SD,"Jawa Barat",
cici,,,,,
"#;

pub(crate) const PURCHASES: &str = "participant,course,at
ani,excel,2024-03-01
budi,sewing,2024-03-01T10:00:00+07:00
ani,sewing,
";

pub(crate) const QUERIES: &str = "id,balance,age,wage,education,province,interests,owned
ani,300000,24,,SMA,Bali,excel,
x,0,,,,,,excel||sewing|
";

pub(crate) const FILES: [(&str, &str); 5] = [
    ("schema.toml", SCHEMA),
    ("courses.csv", COURSES),
    ("participants.csv", PARTICIPANTS),
    ("purchases.csv", PURCHASES),
    ("queries.csv", QUERIES),
];

/// The files above on disk.
pub(crate) struct Directory(TempDir);

impl Directory {
    pub(crate) fn new() -> Self {
        let directory = Self(tempfile::tempdir().unwrap());
        for (file, text) in FILES {
            directory.put(file, text);
        }
        directory
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn put(&self, file: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(file), contents).unwrap();
    }

    pub(crate) fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap()
    }

    /// Reads all files.
    pub(crate) fn read(&self) -> Result<(TrainingSet, Vec<QueryRow>), ReadError> {
        let data = read_dir(self.path())?;
        let queries = read_queries(self.path().join("queries.csv"), data.participants().schema(), data.catalogue())?;
        Ok((data, queries))
    }

    /// The message that reading ends with.
    pub(crate) fn message(&self) -> String {
        match self.read() {
            Ok(_) => "read without an error".to_owned(),
            Err(error) => error.to_string(),
        }
    }
}

/// A set as text, equal for equal sets.
pub(crate) fn text_of(data: &TrainingSet) -> String {
    serde_json::to_string(data).unwrap()
}
