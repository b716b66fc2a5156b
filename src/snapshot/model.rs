//! The sections of a model: what cannot be derived.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::bytes::{Put, Take};
use super::encoder::{read_encoder, write_encoder};
use super::format::Section;
use super::{Fingerprint, SnapshotError};
use crate::domain::{
    Amount, Attribute, AttributeKind, Catalogue, Course, DataError, Distance, Label, Participants, Purchases, Scale,
    Schema, TagList, Timestamp, TrainingSet, TypedValue, ValueRef,
};
use crate::model::{People, RecommenderParams, RecommenderValidParams};
use crate::neighbours::IndexKind;
use crate::query::Recommender;

pub(super) const LABELS: Section = Section { tag: *b"LABL", name: "the labels" };
pub(super) const PARAMS: Section = Section { tag: *b"PARM", name: "the parameters" };
pub(super) const INDEX: Section = Section { tag: *b"INDX", name: "the index" };
pub(super) const SCHEMA: Section = Section { tag: *b"SCHM", name: "the schema" };
pub(super) const COURSES: Section = Section { tag: *b"CRSE", name: "the courses" };
pub(super) const ENCODER: Section = Section { tag: *b"ENCD", name: "the encoder" };
pub(super) const NAMES: Section = Section { tag: *b"NAME", name: "the names" };
pub(super) const PEOPLE: Section = Section { tag: *b"PEOP", name: "the participants" };
pub(super) const FINGERPRINT: Section = Section { tag: *b"FPRT", name: "the fingerprint" };

/// The payload of each section but the last, in order.
pub(super) struct Sections {
    pub(super) index: Vec<u8>,
    pub(super) labels: Vec<u8>,
    pub(super) params: Vec<u8>,
    pub(super) schema: Vec<u8>,
    pub(super) courses: Vec<u8>,
    pub(super) encoder: Vec<u8>,
    pub(super) names: Vec<u8>,
    pub(super) people: Vec<u8>,
}

impl Sections {
    pub(super) fn in_order(&self) -> [(Section, &[u8]); 8] {
        [
            (INDEX, &self.index),
            (LABELS, &self.labels),
            (PARAMS, &self.params),
            (SCHEMA, &self.schema),
            (COURSES, &self.courses),
            (ENCODER, &self.encoder),
            (NAMES, &self.names),
            (PEOPLE, &self.people),
        ]
    }

    /// Without the index and the labels, which change no answer. Participants, who have no order, are added one by one.
    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::new(self.in_order()[2..7].iter().map(|&(_, payload)| payload))
    }

    pub(super) fn write(model: &Recommender) -> (Self, Fingerprint) {
        let schema = model.encoder().schema();
        // Courses by id and names in byte order: what stands where does not depend on what came first.
        let mut courses: Vec<&Course> = model.catalogue().iter().collect();
        courses.sort_unstable_by_key(|course| course.id());
        let names = names(schema, &model.model.people);
        let mut sections = Self {
            index: model.fitted_params().index().name().as_bytes().to_vec(),
            labels: write_labels(schema),
            params: write_params(model.fitted_params()),
            schema: write_schema(schema),
            courses: write_courses(&courses),
            encoder: write_encoder(model.encoder()),
            names: write_names(&names),
            people: Vec::new(),
        };
        let mut fingerprint = sections.fingerprint();
        sections.people = write_people(model, &courses, &names, &mut fingerprint);
        (sections, fingerprint)
    }

    pub(super) fn read(&self) -> Result<(Recommender, Fingerprint), SnapshotError> {
        let params = read_params(&self.params, read_index(&self.index)?)?;
        let schema = read_labels(&self.labels, &read_schema(&self.schema)?)?;
        let catalogue = read_courses(&self.courses)?;
        let names = read_names(&self.names, schema.attributes().len())?;
        let encoder = read_encoder(&self.encoder, &schema)?;
        let mut fingerprint = self.fingerprint();
        let data = read_people(&self.people, schema, &catalogue, &names, &mut fingerprint)?;
        let (people, bought): (&Participants, &Purchases) = (data.participants(), data.purchases());
        let model = params.build(people, bought, Some(Arc::new(encoder)));
        Ok((model.map_err(|error| SnapshotError::Model(Box::new(error)))?.into(), fingerprint))
    }
}

fn write_params(params: &RecommenderValidParams) -> Vec<u8> {
    let mut put = Put::default();
    put.number(params.n_neighbours());
    put.float(params.prior());
    put.byte(params.distance().map_or(0, distance_code));
    put.option(params.half_life(), Put::float);
    put.option(params.at(), put_time);
    put.0
}

fn read_index(bytes: &[u8]) -> Result<IndexKind, SnapshotError> {
    let name = std::str::from_utf8(bytes).ok().and_then(|name| name.parse().ok());
    name.ok_or_else(|| Take::new(bytes, INDEX.name).invalid("there is no such index"))
}

fn read_params(bytes: &[u8], index: IndexKind) -> Result<RecommenderValidParams, SnapshotError> {
    use linfa::ParamGuard;

    let mut take = Take::new(bytes, PARAMS.name);
    let (k, prior) = (take.number()?, take.float()?);
    let distance = take_distance(&mut take)?;
    let (half_life, at) = (take.option(Take::float)?, take.option(take_time)?);
    take.end()?;
    let params: RecommenderParams = Recommender::params().n_neighbours(k).prior(prior).index(index).distance(distance);
    let params = params.half_life(half_life).at(at).check();
    params.map_err(|_| take.invalid("a parameter breaks its rule"))
}

/// 0 is none.
fn distance_code(distance: Distance) -> u8 {
    match distance {
        Distance::Gower => 1,
        Distance::Learned => 2,
    }
}

fn take_distance(take: &mut Take<'_>) -> Result<Option<Distance>, SnapshotError> {
    match take.byte()? {
        0 => Ok(None),
        1 => Ok(Some(Distance::Gower)),
        2 => Ok(Some(Distance::Learned)),
        _ => Err(take.invalid("there is no such distance")),
    }
}

pub(crate) fn put_time(put: &mut Put, Timestamp(at): Timestamp) {
    put.0.extend(at.to_le_bytes());
}

pub(crate) fn take_time(take: &mut Take<'_>) -> Result<Timestamp, SnapshotError> {
    let bytes = take.bytes(8)?.try_into().map_err(|_| take.invalid("it is too short for what it says"))?;
    Timestamp::from_seconds(i64::from_le_bytes(bytes))
        .map_err(|_| take.invalid("a time is not within the years 0 to 9999"))
}

fn write_schema(schema: &Schema) -> Vec<u8> {
    let mut put = Put::default();
    put.text(schema.currency().code());
    put.byte(distance_code(schema.distance()));
    put.count(schema.attributes().len());
    for attribute in schema.attributes() {
        put.text(attribute.name());
        put.float(attribute.weight());
        match attribute.kind() {
            AttributeKind::Numeric(Scale::Linear(range)) => {
                put.byte(0);
                put.option(*range, |put, (lo, hi)| {
                    put.float(lo);
                    put.float(hi);
                });
            }
            AttributeKind::Numeric(Scale::Rank) => put.byte(1),
            AttributeKind::Ordinal(levels) => {
                put.byte(2);
                put.texts(levels);
            }
            AttributeKind::Categorical => put.byte(3),
            AttributeKind::Tags => put.byte(4),
        }
    }
    put.0
}

fn read_schema(bytes: &[u8]) -> Result<Schema, SnapshotError> {
    let mut take = Take::new(bytes, SCHEMA.name);
    let mut schema = Schema::new().with_currency(take.text()?);
    schema = schema.with_distance(take_distance(&mut take)?.unwrap_or_default());
    for _ in 0..take.count()? {
        let (name, weight) = (take.text()?, take.float()?);
        let attribute = match take.byte()? {
            0 => match take.option(|take| Ok((take.float()?, take.float()?)))? {
                Some((lo, hi)) => Attribute::numeric(name).with_range(lo, hi),
                None => Attribute::numeric(name),
            },
            1 => Attribute::numeric(name).with_rank_scale(),
            2 => {
                let levels = (0..take.count()?).map(|_| take.text()).collect::<Result<Vec<_>, _>>()?;
                Attribute::ordinal(name, levels)
            }
            3 => Attribute::categorical(name),
            4 => Attribute::tags(name),
            _ => return Err(take.invalid("there is no such kind of attribute")),
        };
        schema = schema.attribute(attribute.with_weight(weight));
    }
    take.end()?;
    schema.check().map_err(|error| SnapshotError::Model(Box::new(DataError::from(error).into())))?;
    Ok(schema)
}

/// For each attribute its labels, and the labels of its values.
fn write_labels(schema: &Schema) -> Vec<u8> {
    let mut put = Put::default();
    for attribute in schema.attributes() {
        let (label, values) = attribute.all_labels();
        put_label(&mut put, label);
        put.count(values.len());
        for (value, label) in values {
            put.text(value);
            put_label(&mut put, label);
        }
    }
    put.0
}

fn put_label(put: &mut Put, label: &Label) {
    put.count(label.iter().len());
    for (language, text) in label.iter() {
        put.text(language);
        put.text(text);
    }
}

fn read_labels(bytes: &[u8], schema: &Schema) -> Result<Schema, SnapshotError> {
    let mut take = Take::new(bytes, LABELS.name);
    let mut labelled = Schema::new().with_currency(schema.currency().code()).with_distance(schema.distance());
    for attribute in schema.attributes() {
        let label = take_label(&mut take)?;
        let values = take_sorted(&mut take, take_label)?;
        labelled = labelled.attribute(attribute.clone().with_all_labels(label, values));
    }
    take.end()?;
    labelled.check().map_err(|error| SnapshotError::Model(Box::new(DataError::from(error).into())))?;
    Ok(labelled)
}

fn take_label(take: &mut Take<'_>) -> Result<Label, SnapshotError> {
    Ok(take_sorted(take, |take| take.text().map(str::to_owned))?.into())
}

/// A list of texts, ascending and distinct, each with what follows it.
fn take_sorted<'b, T>(
    take: &mut Take<'b>,
    mut value: impl FnMut(&mut Take<'b>) -> Result<T, SnapshotError>,
) -> Result<BTreeMap<String, T>, SnapshotError> {
    let mut all = BTreeMap::new();
    for _ in 0..take.count()? {
        let key = take.text()?;
        if all.last_key_value().is_some_and(|(last, _): (&String, _)| last.as_str() >= key) {
            return Err(take.invalid("labels are not in order"));
        }
        all.insert(key.to_owned(), value(take)?);
    }
    Ok(all)
}

fn write_courses(courses: &[&Course]) -> Vec<u8> {
    let mut put = Put::default();
    put.count(courses.len());
    for course in courses {
        put_course(&mut put, course);
    }
    put.0
}

pub(crate) fn put_course(put: &mut Put, course: &Course) {
    put.text(course.id().as_str());
    put.text(course.title());
    put.number(course.price().0);
    put.option(course.provider(), Put::text);
    put.option(course.category(), Put::text);
    put.byte(course.is_open().into());
}

fn read_courses(bytes: &[u8]) -> Result<Catalogue, SnapshotError> {
    let mut take = Take::new(bytes, COURSES.name);
    let mut catalogue = Catalogue::new();
    for _ in 0..take.count()? {
        let added = catalogue.add(take_course(&mut take)?);
        added.map_err(|error| SnapshotError::Model(Box::new(error.into())))?;
    }
    take.end()?;
    Ok(catalogue)
}

pub(crate) fn take_course(take: &mut Take<'_>) -> Result<Course, SnapshotError> {
    let (id, title, price) = (take.text()?, take.text()?, Amount(take.number()?));
    let mut course = Course::new(id, price).with_title(title);
    if let Some(provider) = take.option(Take::text)? {
        course = course.with_provider(provider);
    }
    if let Some(category) = take.option(Take::text)? {
        course = course.with_category(category);
    }
    Ok(course.with_open(take.flag()?))
}

/// For each attribute, the texts and tags that participants have, in byte order.
fn names(schema: &Schema, people: &People) -> Vec<Vec<String>> {
    let mut names = vec![BTreeSet::new(); schema.attributes().len()];
    let mut note = |attribute: usize, name: &str| {
        if !names[attribute].contains(name) {
            names[attribute].insert(name.to_owned());
        }
    };
    for (_, person) in people.iter() {
        person.each_value(|attribute, value| match value {
            ValueRef::Number(_) => {}
            ValueRef::Text(name) => note(attribute, name),
            ValueRef::Tags(tags) => tags.iter().for_each(|tag| note(attribute, tag)),
        });
    }
    names.into_iter().map(|names| names.into_iter().collect()).collect()
}

fn write_names(names: &[Vec<String>]) -> Vec<u8> {
    let mut put = Put::default();
    for names in names {
        put.texts(names);
    }
    put.0
}

fn read_names(bytes: &[u8], n_attributes: usize) -> Result<Vec<Vec<&str>>, SnapshotError> {
    let mut take = Take::new(bytes, NAMES.name);
    let mut all = Vec::new();
    for _ in 0..n_attributes {
        let names = (0..take.count()?).map(|_| take.text()).collect::<Result<Vec<_>, _>>()?;
        if !names.is_sorted_by(|a, b| a < b) || names.first().is_some_and(|name| name.is_empty()) {
            return Err(take.invalid("names are empty, or not in order"));
        }
        all.push(names);
    }
    take.end()?;
    Ok(all)
}

/// Somebody's id; for each attribute what is known, or 0; and the courses bought, with their times.
fn write_people(
    model: &Recommender,
    courses: &[&Course],
    names: &[Vec<String>],
    fingerprint: &mut Fingerprint,
) -> Vec<u8> {
    let mut number_of = vec![0; courses.len()];
    for (place, course) in (0..).zip(courses) {
        if let Some(number) = model.catalogue().number(course.id().as_str()) {
            number_of[number as usize] = place;
        }
    }
    let codes: Vec<HashMap<&str, u64>> =
        names.iter().map(|names| names.iter().map(String::as_str).zip(1..).collect()).collect();
    let code = |attribute: usize, name: &str| codes[attribute].get(name).copied().unwrap_or(0);
    let mut put = Put::default();
    put.count(model.model.people.len());
    let n_attributes = names.len();
    for (id, person) in model.model.people.iter() {
        let start = put.0.len();
        put.text(id);
        let mut next = 0;
        person.each_value(|attribute, value| {
            (next..attribute).for_each(|_| put.byte(0));
            next = attribute + 1;
            match value {
                ValueRef::Number(number) => {
                    put.byte(1);
                    put.float(number);
                }
                ValueRef::Text(name) => put.number(code(attribute, name)),
                ValueRef::Tags(tags) => {
                    let mut all: Vec<u64> = tags.iter().map(|tag| code(attribute, tag)).collect();
                    all.sort_unstable();
                    put.count(all.len());
                    for tag in all {
                        put.number(tag);
                    }
                }
            }
        });
        (next..n_attributes).for_each(|_| put.byte(0));
        let mut bought = Vec::new();
        person.each_bought(|course, at| bought.push((number_of[course as usize], at)));
        bought.sort_unstable();
        put.count(bought.len());
        for (course, at) in bought {
            put.number(course);
            put.option(at, put_time);
        }
        fingerprint.add(&put.0[start..]);
    }
    put.0
}

fn read_people(
    bytes: &[u8],
    schema: Schema,
    catalogue: &Catalogue,
    names: &[Vec<&str>],
    fingerprint: &mut Fingerprint,
) -> Result<TrainingSet, SnapshotError> {
    let mut take = Take::new(bytes, PEOPLE.name);
    let refused = |error: DataError| SnapshotError::Model(Box::new(error.into()));
    let kinds: Vec<AttributeKind> = schema.attributes().iter().map(|attribute| attribute.kind().clone()).collect();
    let n_courses = catalogue.len() as u64;
    let mut data = TrainingSet::builder(schema);
    for course in catalogue {
        data.course(course.clone()).map_err(refused)?;
    }
    let mut values: Vec<Value<'_>> = Vec::new();
    for _ in 0..take.count()? {
        let start = take.place();
        let id = take.text()?;
        values.clear();
        for (kind, names) in kinds.iter().zip(names) {
            values.push(read_value(&mut take, kind, names)?);
        }
        let read = |attribute: usize| {
            Ok(match &values[attribute] {
                Value::Missing => TypedValue::Missing,
                Value::Number(number) => TypedValue::Number(*number),
                Value::Text(name) => TypedValue::Text(name),
                Value::Tags(tags) => TypedValue::Tags(TagList::Names(tags)),
            })
        };
        let participant = data.participants_mut().map_err(refused)?.push_row(id, read).map_err(refused)?;
        let mut last = None;
        for _ in 0..take.count()? {
            let course = take.number()?;
            if last.is_some_and(|last| last >= course) || course >= n_courses {
                return Err(take.invalid("purchases are not in order, or of no course"));
            }
            last = Some(course);
            let at = take.option(take_time)?;
            let course = u32::try_from(course).map_err(|_| take.invalid("there is no such course"))?;
            data.push_purchase(participant, course, at);
        }
        fingerprint.add(take.since(start));
    }
    take.end()?;
    data.build_even_without_purchases().map_err(refused)
}

enum Value<'b> {
    Missing,
    Number(f64),
    Text(&'b str),
    Tags(Vec<&'b str>),
}

fn read_value<'b>(take: &mut Take<'b>, kind: &AttributeKind, names: &[&'b str]) -> Result<Value<'b>, SnapshotError> {
    let name = |take: &Take<'_>, code: u64| {
        let place = usize::try_from(code).ok().and_then(|code| code.checked_sub(1));
        place.and_then(|place| names.get(place).copied()).ok_or_else(|| take.invalid("there is no such name"))
    };
    match kind {
        AttributeKind::Numeric(_) => Ok(take.option(Take::finite)?.map_or(Value::Missing, Value::Number)),
        AttributeKind::Ordinal(_) | AttributeKind::Categorical => match take.number()? {
            0 => Ok(Value::Missing),
            code => Ok(Value::Text(name(take, code)?)),
        },
        AttributeKind::Tags => {
            let (mut tags, mut last) = (Vec::new(), 0);
            for _ in 0..take.count()? {
                let code = take.number()?;
                if code <= last {
                    return Err(take.invalid("tags are not in order"));
                }
                last = code;
                tags.push(name(take, code)?);
            }
            Ok(if tags.is_empty() { Value::Missing } else { Value::Tags(tags) })
        }
    }
}
