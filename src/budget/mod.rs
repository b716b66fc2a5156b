//! What the balance pays for.

mod eligibility;

pub(crate) use eligibility::{Eligibility, Owned, affordable};
