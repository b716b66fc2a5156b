//! Many questions in one file.

use std::path::Path;

use super::csv_table::CsvTable;
use super::{ReadError, ReadProblem};
use crate::domain::{
    Amount, Attribute, Catalogue, CourseId, DataError, Profile, ProfileError, Schema, TypedValue, Value,
};

/// One row of a queries file.
///
/// ```
/// use sebaya::io::read_queries;
/// use sebaya::{Amount, Catalogue, Course, Profile, Schema};
///
/// let mut catalogue = Catalogue::new();
/// catalogue.add(Course::new("excel", Amount(250_000)))?;
/// # let dir = tempfile::tempdir()?;
/// let path = dir.path().join("queries.csv");
/// std::fs::write(&path, "id,balance,age,owned\nani,300000,24,excel\n")?;
///
/// let rows = read_queries(&path, &Schema::new().numeric("age"), &catalogue)?;
/// assert_eq!((rows[0].id.as_str(), rows[0].balance), ("ani", Amount(300_000)));
/// assert_eq!(rows[0].profile, Profile::new().with("age", 24));
/// assert_eq!(rows[0].owned, ["excel"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct QueryRow {
    /// Who asks; it may be a participant of the data.
    pub id: String,
    /// The row's own cells.
    pub profile: Profile,
    /// What is left to spend.
    pub balance: Amount,
    /// Courses that are owned besides those bought in the data.
    pub owned: Vec<CourseId>,
}

/// Reads a queries file: the columns `id`, `balance`, every attribute, and optionally `owned`, course ids separated by
/// `|`. Ids may repeat, a file with only a header has no rows, and the whole file is checked before anything is returned.
///
/// The path may be that of a pipe that is open already: `/dev/stdin`, or what a shell makes of `<(command)`. Of a pipe or a
/// device at most 2^24 bytes are read.
///
/// # Errors
///
/// [`ReadError`] with file, line, column and value for the first thing that is wrong: besides what is wrong in any table,
/// an empty id or balance, or an unknown course in `owned`.
///
/// ```
/// use sebaya::{Catalogue, Schema, io::read_queries};
///
/// # let dir = tempfile::tempdir()?;
/// let path = dir.path().join("queries.csv");
/// std::fs::write(&path, "id,balance,age\nani,Rp5,24\n")?;
/// let error = read_queries(&path, &Schema::new().numeric("age"), &Catalogue::new()).unwrap_err();
/// assert_eq!(error.to_string(), r#"queries.csv:2: balance: "Rp5" is not a whole number in digits only"#);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_queries(
    path: impl AsRef<Path>,
    schema: &Schema,
    catalogue: &Catalogue,
) -> Result<Vec<QueryRow>, ReadError> {
    let path = path.as_ref();
    schema.check().map_err(|error| ReadError::new(path, None, error))?;
    let mut table = CsvTable::open_stream(path)?;
    let (id, balance, owned) = (table.column("id")?, table.column("balance")?, table.find("owned"));
    let attributes = schema.attributes();
    let columns = attributes.iter().map(|a| table.column(a.name())).collect::<Result<Vec<_>, _>>()?;
    let mut rows = Vec::new();
    while table.next_row()? {
        let cells = attributes.iter().zip(columns.iter().map(|&column| table.cell(column)));
        let row = read_row(table.cell(id), table.cell(balance), cells, owned.map_or("", |o| table.cell(o)), catalogue);
        rows.push(row.map_err(|problem| table.error(problem))?);
    }
    Ok(rows)
}

/// Reads amounts of participants: the column `id` and another one of any table. Rows whose cell is empty have none.
///
/// # Errors
///
/// [`ReadError`] with file, line, column and value for the first thing that is wrong.
///
/// ```
/// use sebaya::{Amount, io::read_amounts};
///
/// # let dir = tempfile::tempdir()?;
/// let path = dir.path().join("participants.csv");
/// std::fs::write(&path, "id,age,voucher\nani,24,300000\nbudi,31,\n")?;
/// assert_eq!(read_amounts(&path, "voucher")?, [("ani".to_owned(), Amount(300_000))]);
/// assert_eq!(read_amounts(&path, "age")?[1].1, Amount(31));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_amounts(path: impl AsRef<Path>, column: &str) -> Result<Vec<(String, Amount)>, ReadError> {
    let mut table = CsvTable::open(path.as_ref())?;
    let (id, amounts) = (table.column("id")?, table.column(column)?);
    let mut rows = Vec::new();
    while table.next_row()? {
        if table.cell(amounts).is_empty() {
            continue;
        }
        let amount = table.cell(amounts).parse();
        let problem = |source| ReadProblem::Amount { column: column.to_owned(), source };
        rows.push((table.cell(id).to_owned(), amount.map_err(|source| table.error(problem(source)))?));
    }
    Ok(rows)
}

fn read_row<'t>(
    id: &str,
    balance: &str,
    cells: impl Iterator<Item = (&'t Attribute, &'t str)>,
    owned: &str,
    catalogue: &Catalogue,
) -> Result<QueryRow, ReadProblem> {
    if id.is_empty() {
        return Err(DataError::EmptyId { what: "query" }.into());
    }
    if balance.is_empty() {
        return Err(ReadProblem::NoAmount { column: "balance", what: "query" });
    }
    let balance = balance.parse().map_err(|source| ReadProblem::Amount { column: "balance".to_owned(), source })?;
    let mut profile = Profile::new();
    for (attribute, cell) in cells {
        if let Some(value) = value(attribute, cell)? {
            profile.set(attribute.name(), value);
        }
    }
    let owned = owned.split('|').filter(|course| !course.is_empty()).map(|course| match catalogue.get(course) {
        Some(known) => Ok(known.id().clone()),
        None => Err(ReadProblem::UnknownOwned { course: course.to_owned() }),
    });
    Ok(QueryRow { id: id.to_owned(), profile, balance, owned: owned.collect::<Result<_, _>>()? })
}

fn value(attribute: &Attribute, cell: &str) -> Result<Option<Value>, ProfileError> {
    Ok(match attribute.read_cell(cell)? {
        TypedValue::Missing => None,
        TypedValue::Number(number) => Some(Value::Number(number)),
        TypedValue::Text(text) => {
            attribute.check_level(text)?;
            Some(Value::Text(text.to_owned()))
        }
        TypedValue::Tags(tags) => {
            let mut list = Vec::new();
            tags.for_each(|tag| list.push(tag.to_owned()));
            list.sort_unstable();
            list.dedup();
            Some(Value::Tags(list))
        }
    })
}
