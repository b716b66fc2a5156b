//! What can happen to a live model.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::domain::{Course, CourseId, DataError, ParticipantId, Profile, Timestamp};

/// One change of a [`LiveRecommender`](crate::LiveRecommender).
///
/// ```
/// use sebaya::Change;
///
/// let change = Change::ForgetParticipant { id: "ani".into() };
/// let json = serde_json::to_string(&change)?;
/// assert_eq!(json, r#"{"op":"forget_participant","id":"ani"}"#);
/// assert_eq!(serde_json::from_str::<Change>(&json)?, change);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// Somebody new, who has bought nothing yet.
    AddParticipant {
        /// A new id.
        id: ParticipantId,
        /// What is known.
        profile: Profile,
    },
    /// Somebody's profile is another one now.
    UpdateProfile {
        /// Whose.
        id: ParticipantId,
        /// All that is known now.
        profile: Profile,
    },
    /// Somebody bought a course. The same pair again changes nothing but the time, of which the earliest stays.
    RecordPurchase {
        /// Who bought.
        participant: ParticipantId,
        /// What was bought; it may be closed by now.
        course: CourseId,
        /// When, if that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// A purchase is as if it had not been made, whenever that was. Whoever has no other one is no past participant any more.
    CancelPurchase {
        /// Who bought.
        participant: ParticipantId,
        /// What was bought.
        course: CourseId,
    },
    /// A new course, or other facts about one: its price, or whether it is open.
    UpsertCourse {
        /// The course as it is now.
        course: Course,
    },
    /// A course is not offered any more. Purchases of it still count.
    CloseCourse {
        /// Which.
        id: CourseId,
    },
    /// Somebody is to be forgotten, with all purchases.
    ForgetParticipant {
        /// Who.
        id: ParticipantId,
    },
}

/// Why changes were refused. Nothing has changed then.
///
/// ```
/// # use sebaya::prelude::*;
/// # let live = LiveRecommender::new(sebaya::example_world::model()?)?;
/// let error = live.forget_participant("zaki").unwrap_err();
/// assert_eq!(error.to_string(), "change 1: participant: \"zaki\" is unknown");
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Error)]
#[error("change {}: {source}", position + 1)]
pub struct ChangeError {
    /// Which one of the batch, from 0 on.
    pub position: usize,
    /// What is wrong with it.
    pub r#source: DataError,
}
