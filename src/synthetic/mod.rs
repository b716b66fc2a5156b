//! A seeded voucher programme of any size, to try the crate on and to measure it.
//!
//! [`Programme`] makes participants, courses and purchases in the image of Kartu Prakerja, Indonesia's training voucher,
//! which had 18.9 million participants by October 2024. The same numbers give the same programme, bit for bit, on every
//! platform and whatever the threads; each participant is made from the seed and its own number alone. A million takes a
//! second or two and 80 MB; all 18.9 million take 1.3 GiB.
//!
//! ```
//! use sebaya::synthetic::Programme;
//!
//! let data = Programme::new(1_000).training_set()?;
//! let someone = data.participants().profile("p17").unwrap();
//! assert!(someone.get("province").is_some());
//! assert!(data.purchases().len() >= 1_000);
//! # Ok::<(), sebaya::DataError>(())
//! ```
//!
//! # Published
//!
//! No record of a participant was ever published, only figures such as these. Where sources disagree, those of the
//! programme's own administration and the later ones were taken; percentages are rounded in the sources.
//!
//! | | figure | source |
//! | --- | --- | --- |
//! | gender | 51 % women | PMO, the programme's management office, for 2020 to 2022 (Republika, 2023-06-18). Sakernas says 41.5 % in August 2020, PMO 54 % in 2023 |
//! | age | 27 % are 18 to 25, 34 % are 26 to 35 | PMO, 2020 to 2022 (Republika, 2023-06-18; Redaksi Harian, 2023-05-31) |
//! | age above 35 | 18.1 : 9.5 : 3.9 for 36 to 45, 46 to 55, 56 and older | Cyrus Network survey, May 2021 (Liputan6, 2021-05-20) |
//! | education | SD 5.8, SMP 9.9, SMA and SMK 57, diploma 7.8, university 19.5 % | the same survey. Sakernas has 30.3 % from university in August 2020 |
//! | employment | 66.47 % employed, of whom 63 % full time and 36 % under 35 hours; 22.24 % unemployed; 11.29 % outside the labour force | BPS Sakernas, August 2020 (detikFinance, 2020-11-25) |
//! | province | recipients in each of 32 | waves 1 to 62, to 17 October 2023 (SPN, October 2023) |
//! | joined | 5.4 million by November 2020, 17.08 by November 2022, 18.36 by October 2023, 18.9 by October 2024 | Sindonews, 2020-11-24; CNBC Indonesia, December 2022; SPN; Kontan, 2024-10-03 |
//! | balance | Rp1.000.000 | scheme of 2020 to 2022 (Riau Pos, 2020-05-08); Rp3.500.000 since 2023 is not used |
//! | prices | Rp24.000 to Rp1.000.000 | first two waves (Riau Pos, 2020-05-08) |
//! | providers | Skill Academy 62,184 of 106,912 trainings, Sisnaker 11,169, and six more | the same |
//! | skill areas | their order by sales; 300,000 of 680,000 recipients in sales and marketing | PMO, waves I to III (Antara, August 2020) |
//! | best sellers | the first with 11.4 % of participants, the tenth with 2.6 % | Sisnaker, 2020 (Bisnis Indonesia, 2021-03-16) |
//! | courses each | "two or more" on average | PMO (Liputan6, 2021-10-11) |
//! | catalogue | more than 3,000 in May 2020, 1,500 in May 2021, 6,000 in all by October 2024 | Berita Satu, 2020-05-19; detikFinance, 2021-05-20; Kontan, 2024-10-03 |
//!
//! Addresses stand beside the tables in `figures.rs`.
//!
//! # Invented
//!
//! * Six provinces are lacking in the published table (Riau, Jambi, Kalimantan Tengah, Kepulauan Bangka Belitung, Sulawesi
//!   Barat, Kalimantan Utara). They share what is missing to its total; the parts are rough.
//! * Attributes are independent of each other, since no joint table was published; ages are spread evenly over their band.
//! * One in twenty graduates has more than an S1.
//! * Twelve skill areas: the ten published ones that are skills, technical trades and transport. Their shares of the sales
//!   keep the published order and little else is known of them. One to three interests each, which follow the profile.
//! * 40 % do not state their interests, 4 % their education, 1 % their age.
//! * 60 % of the catalogue is never bought (more in a small programme). Within an area sales fall with the power
//!   1.5 of the rank, a little shifted.
//! * Titles: topic, level, hours and place, and the batch where a provider has the same course twice.
//! * One to eight courses each: a fixed distribution, cut where the balance is spent.
//! * **Who buys what.** Each skill area suits some better by gender, age, education, employment, group of islands and stated
//!   or unstated interest; each course has an audience of its own around that, and six in ten have a home among the islands.
//!   People look at courses, popular ones more often, and take the first that suits and that they can pay for.
//!
//! How much better neighbours are than best sellers is therefore an assumption, and no finding. Results on this programme show
//! how fast something is; how good it is, only real purchases can show.

mod audience;
mod choice;
mod demand;
mod figures;
mod market;
mod person;
mod programme;
mod tastes;
#[cfg(test)]
mod tests;
mod titles;

pub use programme::Programme;
