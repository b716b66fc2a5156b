//! Any `serde::Serialize` struct or text-keyed map, read as a profile.

use std::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::{Profile, ProfileError, Value};

impl ProfileError {
    fn unsupported(found: &str) -> Self {
        Self::Unsupported { field: String::new(), found: found.to_owned() }
    }

    fn in_field(self, name: &str) -> Self {
        match self {
            Self::Unsupported { found, .. } => Self::Unsupported { field: name.to_owned(), found },
            other => other,
        }
    }
}

impl ser::Error for ProfileError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::unsupported(&message.to_string())
    }
}

/// The methods of a serializer that this one answers with "unsupported".
macro_rules! unsupported {
    ($($method:ident($($arg:ty),*) -> $ok:ty = $found:literal;)*) => {
        $(fn $method(self, $(_: $arg),*) -> Result<$ok, ProfileError> {
            Err(ProfileError::unsupported($found))
        })*
    };
    (generic $($method:ident($($arg:ty),*) -> $ok:ty = $found:literal;)*) => {
        $(fn $method<T: Serialize + ?Sized>(self, $(_: $arg,)* _: &T) -> Result<$ok, ProfileError> {
            Err(ProfileError::unsupported($found))
        })*
    };
}

/// Takes the outermost value: a struct or a map.
pub(super) struct ProfileSerializer;

impl Serializer for ProfileSerializer {
    type Ok = Profile;
    type Error = ProfileError;
    type SerializeSeq = Impossible<Profile, ProfileError>;
    type SerializeTuple = Impossible<Profile, ProfileError>;
    type SerializeTupleStruct = Impossible<Profile, ProfileError>;
    type SerializeTupleVariant = Impossible<Profile, ProfileError>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Impossible<Profile, ProfileError>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, ProfileError> {
        Ok(Fields::default())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, ProfileError> {
        Ok(Fields::default())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        inner: &T,
    ) -> Result<Profile, ProfileError> {
        inner.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, inner: &T) -> Result<Profile, ProfileError> {
        inner.serialize(self)
    }

    unsupported! {
        serialize_bool(bool) -> Profile = "a boolean";
        serialize_i8(i8) -> Profile = "a number";
        serialize_i16(i16) -> Profile = "a number";
        serialize_i32(i32) -> Profile = "a number";
        serialize_i64(i64) -> Profile = "a number";
        serialize_u8(u8) -> Profile = "a number";
        serialize_u16(u16) -> Profile = "a number";
        serialize_u32(u32) -> Profile = "a number";
        serialize_u64(u64) -> Profile = "a number";
        serialize_f32(f32) -> Profile = "a number";
        serialize_f64(f64) -> Profile = "a number";
        serialize_char(char) -> Profile = "a character";
        serialize_str(&str) -> Profile = "a string";
        serialize_bytes(&[u8]) -> Profile = "a byte array";
        serialize_none() -> Profile = "nothing";
        serialize_unit() -> Profile = "nothing";
        serialize_unit_struct(&'static str) -> Profile = "a struct without fields";
        serialize_unit_variant(&'static str, u32, &'static str) -> Profile = "an enum";
        serialize_seq(Option<usize>) -> Self::SerializeSeq = "a sequence";
        serialize_tuple(usize) -> Self::SerializeTuple = "a tuple";
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct = "a tuple struct";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant = "an enum";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant = "an enum";
    }
    unsupported! { generic
        serialize_newtype_variant(&'static str, u32, &'static str) -> Profile = "an enum with content";
    }
}

/// Gathers the fields of the outermost value.
#[derive(Default)]
pub(super) struct Fields {
    profile: Profile,
    key: String,
}

impl Fields {
    fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), ProfileError> {
        if let Some(value) = value.serialize(ValueSerializer).map_err(|e| e.in_field(name))? {
            self.profile.set(name, value);
        }
        Ok(())
    }
}

impl ser::SerializeStruct for Fields {
    type Ok = Profile;
    type Error = ProfileError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), ProfileError> {
        self.add(name, value)
    }

    fn end(self) -> Result<Profile, ProfileError> {
        Ok(self.profile)
    }
}

impl ser::SerializeMap for Fields {
    type Ok = Profile;
    type Error = ProfileError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ProfileError> {
        match key.serialize(ValueSerializer)? {
            Some(Value::Text(name)) => self.key = name,
            _ => return Err(ProfileError::unsupported("a map whose keys are not text")),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ProfileError> {
        let name = std::mem::take(&mut self.key);
        self.add(&name, value)
    }

    fn end(self) -> Result<Profile, ProfileError> {
        Ok(self.profile)
    }
}

/// Takes the value of one field; `None` is a missing value.
struct ValueSerializer;

/// The methods that answer with a number or a text.
macro_rules! simple {
    ($($method:ident($value:ident: $arg:ty) = $answer:expr;)*) => {
        $(fn $method(self, $value: $arg) -> Result<Option<Value>, ProfileError> {
            Ok(Some($answer))
        })*
    };
}

impl Serializer for ValueSerializer {
    type Ok = Option<Value>;
    type Error = ProfileError;
    type SerializeSeq = TagSequence;
    type SerializeTuple = TagSequence;
    type SerializeTupleStruct = TagSequence;
    type SerializeTupleVariant = Impossible<Option<Value>, ProfileError>;
    type SerializeMap = Impossible<Option<Value>, ProfileError>;
    type SerializeStruct = Impossible<Option<Value>, ProfileError>;
    type SerializeStructVariant = Impossible<Option<Value>, ProfileError>;

    simple! {
        serialize_i8(n: i8) = n.into();
        serialize_i16(n: i16) = n.into();
        serialize_i32(n: i32) = n.into();
        serialize_i64(n: i64) = n.into();
        serialize_u8(n: u8) = n.into();
        serialize_u16(n: u16) = n.into();
        serialize_u32(n: u32) = n.into();
        serialize_u64(n: u64) = n.into();
        serialize_f32(n: f32) = n.into();
        serialize_f64(n: f64) = n.into();
        serialize_bool(b: bool) = b.into();
        serialize_char(c: char) = c.into();
        serialize_str(s: &str) = s.into();
    }

    fn serialize_none(self) -> Result<Option<Value>, ProfileError> {
        Ok(None)
    }

    fn serialize_unit(self) -> Result<Option<Value>, ProfileError> {
        Ok(None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, inner: &T) -> Result<Option<Value>, ProfileError> {
        inner.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Option<Value>, ProfileError> {
        Ok(Some(variant.into()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        inner: &T,
    ) -> Result<Option<Value>, ProfileError> {
        inner.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<TagSequence, ProfileError> {
        Ok(TagSequence(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<TagSequence, ProfileError> {
        Ok(TagSequence(Vec::new()))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<TagSequence, ProfileError> {
        Ok(TagSequence(Vec::new()))
    }

    unsupported! {
        serialize_bytes(&[u8]) -> Option<Value> = "a byte array";
        serialize_unit_struct(&'static str) -> Option<Value> = "a struct without fields";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant = "an enum with content";
        serialize_map(Option<usize>) -> Self::SerializeMap = "a map";
        serialize_struct(&'static str, usize) -> Self::SerializeStruct = "a struct";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant = "an enum with content";
    }
    unsupported! { generic
        serialize_newtype_variant(&'static str, u32, &'static str) -> Option<Value> = "an enum with content";
    }
}

/// Gathers the texts of a sequence.
struct TagSequence(Vec<String>);

impl TagSequence {
    fn add<T: Serialize + ?Sized>(&mut self, tag: &T) -> Result<(), ProfileError> {
        match tag.serialize(ValueSerializer)? {
            Some(Value::Text(tag)) => self.0.push(tag),
            _ => return Err(ProfileError::unsupported("a sequence of anything but texts")),
        }
        Ok(())
    }
}

macro_rules! sequence {
    ($($trait:ident::$method:ident),*) => {
        $(impl ser::$trait for TagSequence {
            type Ok = Option<Value>;
            type Error = ProfileError;

            fn $method<T: Serialize + ?Sized>(&mut self, tag: &T) -> Result<(), ProfileError> {
                self.add(tag)
            }

            fn end(self) -> Result<Option<Value>, ProfileError> {
                Ok(Some(Value::Tags(self.0)))
            }
        })*
    };
}

sequence!(SerializeSeq::serialize_element, SerializeTuple::serialize_element, SerializeTupleStruct::serialize_field);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;

    use super::Profile;

    #[derive(Serialize)]
    struct Everything {
        big: u64,
        small: i8,
        ratio: f32,
        flag: bool,
        letter: char,
        level: Level,
        absent: Option<u8>,
        present: Option<Wrapped>,
        unit: (),
        tags: Vec<Level>,
        pair: (&'static str, char),
    }

    #[derive(Serialize)]
    struct Wrapped(&'static str);

    #[derive(Serialize)]
    enum Level {
        #[serde(rename = "SMA/SMK")]
        Sma,
    }

    #[test]
    fn every_supported_kind_of_field_is_read() {
        let row = Everything {
            big: 7,
            small: -1,
            ratio: 0.5,
            flag: true,
            letter: 'x',
            level: Level::Sma,
            absent: None,
            present: Some(Wrapped("inner")),
            unit: (),
            tags: vec![Level::Sma],
            pair: ("a", 'b'),
        };
        let expected = Profile::new()
            .with("big", 7)
            .with("small", -1)
            .with("ratio", 0.5)
            .with("flag", "true")
            .with("letter", "x")
            .with("level", "SMA/SMK")
            .with("present", "inner")
            .with("tags", ["SMA/SMK"])
            .with("pair", ["a", "b"]);
        assert_eq!(Profile::from_serialize(&row), Ok(expected));
    }

    #[test]
    fn an_unsupported_field_is_named() {
        let row = BTreeMap::from([("fine", vec!["a"]), ("nested", vec![])]);
        assert!(Profile::from_serialize(&row).is_ok());
        let row = BTreeMap::from([("nested", BTreeMap::from([("a", 1)]))]);
        let error = Profile::from_serialize(&row).unwrap_err();
        assert_eq!(error.to_string(), "nested: a map cannot be a value of a profile");
        assert!(Profile::from_serialize(&3).is_err());
        assert!(Profile::from_serialize(&BTreeMap::from([(1, 2)])).is_err());
    }
}
