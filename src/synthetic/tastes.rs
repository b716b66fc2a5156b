//! What is invented: who likes what, how much people buy, and what they leave blank.
//!
//! The order of the skill areas by sales is published (see [`SKILL_AREAS`]); no source says how profiles and courses go
//! together.

use super::figures::{EAST, JAVA, KALIMANTAN, LESSER_SUNDA, SULAWESI, SUMATRA};

/// Of 16 people whom nothing else keeps from a course, as many take it as this says.
pub(super) const EVERYONE: u8 = 16;

/// What a course can be about, and what a participant can be interested in.
#[derive(Debug)]
pub(super) struct SkillArea {
    pub(super) name: &'static str,
    /// How much of ten thousand sales are of its courses, but for what people cannot pay for or own.
    pub(super) share: u32,
    /// How much its courses lean towards women, or, below 0, towards men; within -5..=5.
    pub(super) women: i8,
    /// The age that its courses suit best on average.
    pub(super) age: u8,
    /// The education, as a level counted from 0, that its courses suit best on average.
    pub(super) education: u8,
    /// Of 16 people of each kind of employment, how many it suits.
    pub(super) employments: [u8; 4],
    /// The groups of islands where it is liked most.
    pub(super) islands: &'static [usize],
    pub(super) topics: &'static [&'static str],
}

/// In the order published for waves I to III by the PMO (Antara, August 2020,
/// <https://www.antaranews.com/berita/1655726/pmo-penjualan-dan-pemasaran-paling-laku-di-kartu-prakerja>): sales and marketing first, with 300,000 of about 680,000 recipients, then
/// IT, finance, languages, lifestyle, management, office, social and behavioural skills, food and beverage, agriculture.
/// "Bundling" is no skill and left out; the last two are added to make a dozen. The shares are invented but for their
/// order; several topics are among the ten courses that sold best on Sisnaker in 2020 (Minister of Manpower, Bisnis
/// Indonesia, 2021-03-16).
pub(super) const SKILL_AREAS: [SkillArea; 12] = [
    SkillArea {
        name: "sales and marketing",
        share: 3000,
        women: 1,
        age: 32,
        education: 2,
        employments: [8, 13, 16, 12],
        islands: &[JAVA, SUMATRA, KALIMANTAN],
        topics: &[
            "Social media marketing",
            "Jualan di marketplace",
            "YouTube content creator",
            "Copywriting",
            "Reseller",
        ],
    },
    SkillArea {
        name: "information technology",
        share: 1300,
        women: -3,
        age: 25,
        education: 4,
        employments: [14, 10, 15, 6],
        islands: &[JAVA],
        topics: &["Pengenalan komputer dan internet", "Pemrograman web", "Desain grafis", "Analisis data", "Python"],
    },
    SkillArea {
        name: "finance",
        share: 1080,
        women: 1,
        age: 36,
        education: 4,
        employments: [16, 9, 6, 7],
        islands: &[JAVA, SUMATRA],
        topics: &["Keuangan pribadi", "Akuntansi", "Pajak", "Pembukuan usaha kecil", "Investasi"],
    },
    SkillArea {
        name: "languages",
        share: 940,
        women: 2,
        age: 23,
        education: 3,
        employments: [9, 9, 15, 12],
        islands: &[LESSER_SUNDA, JAVA, EAST],
        topics: &["Bahasa Inggris", "Bahasa Jepang", "Bahasa Korea", "Bahasa Mandarin", "TOEFL"],
    },
    SkillArea {
        name: "lifestyle",
        share: 840,
        women: 5,
        age: 29,
        education: 2,
        employments: [7, 11, 14, 16],
        islands: &[SUMATRA, SULAWESI, KALIMANTAN],
        topics: &["Make up natural", "Tata rias pengantin", "Menjahit", "Perawatan rambut", "Fotografi"],
    },
    SkillArea {
        name: "management",
        share: 720,
        women: -1,
        age: 40,
        education: 4,
        employments: [16, 8, 5, 4],
        islands: &[JAVA, KALIMANTAN],
        topics: &["Manajemen proyek", "Kepemimpinan", "Sumber daya manusia", "Rantai pasok", "Manajemen usaha"],
    },
    SkillArea {
        name: "office skills",
        share: 600,
        women: 3,
        age: 26,
        education: 3,
        employments: [15, 8, 13, 5],
        islands: &[JAVA, SUMATRA, EAST],
        topics: &["Microsoft Excel", "Administrasi perkantoran", "Sekretaris", "Korespondensi", "Presentasi"],
    },
    SkillArea {
        name: "social and behavioural skills",
        share: 500,
        women: 2,
        age: 34,
        education: 4,
        employments: [13, 10, 9, 12],
        islands: &[SULAWESI, EAST, LESSER_SUNDA],
        topics: &["Berbicara di depan umum", "Pengasuhan anak", "Layanan pelanggan", "Guru kreatif", "Wawancara kerja"],
    },
    SkillArea {
        name: "food and beverage",
        share: 420,
        women: 3,
        age: 42,
        education: 1,
        employments: [6, 13, 11, 16],
        islands: &[SUMATRA, SULAWESI, LESSER_SUNDA],
        topics: &["Barista", "Roti dan kue", "Katering rumahan", "Makanan beku", "Keamanan pangan"],
    },
    SkillArea {
        name: "agriculture",
        share: 280,
        women: -3,
        age: 48,
        education: 0,
        employments: [7, 16, 8, 10],
        islands: &[SUMATRA, KALIMANTAN, SULAWESI, EAST],
        topics: &["Hidroponik", "Budidaya lele", "Budidaya jamur", "Ternak ayam", "Pupuk organik"],
    },
    SkillArea {
        name: "technical trades",
        share: 190,
        women: -5,
        age: 30,
        education: 2,
        employments: [12, 16, 13, 4],
        islands: &[KALIMANTAN, JAVA, EAST],
        topics: &["Servis sepeda motor", "Instalasi listrik", "Las", "Servis telepon genggam", "Pendingin ruangan"],
    },
    SkillArea {
        name: "transport",
        share: 130,
        women: -5,
        age: 38,
        education: 1,
        employments: [8, 16, 12, 3],
        islands: &[JAVA, LESSER_SUNDA],
        topics: &["Ojek online", "Mengemudi", "Kurir", "Logistik", "Keselamatan berkendara"],
    },
];

/// Of 16 people of the gender that a course suits less, how many it suits, by how much it leans.
pub(super) fn gender_suits(lean: u8) -> u8 {
    EVERYONE - 3 * lean
}

/// Of 16 people so many years younger or older than a course suits best, how many it suits.
pub(super) fn age_suits(years: u8) -> u8 {
    EVERYONE.saturating_sub(years - years / 4).max(2)
}

/// Of 16 people so many levels of education away from what a course suits best, how many it suits.
pub(super) const EDUCATION_SUITS: [u8; 6] = [16, 11, 6, 3, 2, 2];
/// Of 16 people of another kind of employment than a course is made for, how many it suits.
pub(super) const OTHER_EMPLOYMENT_SUITS: u8 = 10;
/// Of 16 people from elsewhere, how many a course with a home suits.
pub(super) const ELSEWHERE_SUITS: u8 = 4;
/// Of 16 people not interested in its area, how many a course suits.
pub(super) const NOT_INTERESTED_SUITS: u8 = 3;

/// How many courses of a hundred have a home, one of the islands where their area is liked most.
pub(super) const WITH_HOME_PERCENT: u32 = 60;

/// How many of a hundred leave an answer blank.
pub(super) const AGE_MISSING_PERCENT: u32 = 1;
pub(super) const EDUCATION_MISSING_PERCENT: u32 = 4;
pub(super) const INTERESTS_MISSING_PERCENT: u32 = 40;

/// How many are interested in one, two and three skill areas.
pub(super) const INTERESTS: [u64; 3] = [40, 40, 20];

/// How many want to buy one to eight courses. The published average is "two or more" (PMO, Liputan6, 2021-10-11).
pub(super) const WANTED: [u64; 8] = [40, 31, 14, 7, 3, 2, 2, 1];
/// Who wants more courses keeps so much for each of them.
pub(super) const KEPT_FOR_EACH: u32 = 75_000;
/// Courses that a participant looks at before giving up.
pub(super) const PATIENCE: u32 = 2_000;
/// Days from a purchase to the next one, at the most.
pub(super) const DAYS_BETWEEN: u32 = 7;

/// How many courses of a hundred anybody buys at all.
pub(super) const SOLD_PERCENT: u32 = 40;

/// Prices in thousands of rupiah that most courses have, in steps that shops use; some stand twice to weigh more.
pub(super) const PRICE_POINTS: [u32; 40] = [
    24, 49, 75, 99, 100, 100, 120, 125, 149, 150, 150, 168, 175, 199, 200, 200, 225, 249, 250, 250, 275, 299, 300, 300,
    325, 335, 350, 375, 399, 400, 450, 499, 500, 550, 600, 650, 700, 750, 900, 1000,
];
