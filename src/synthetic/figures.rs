//! Published figures on Kartu Prakerja, and where they stand.
//!
//! Sources disagree with each other and round; each figure here follows the one that it names.

/// Women, in percent: programme office, 2020 to 2022, in Republika, 18 June 2023.
pub(super) const FEMALE_PERCENT: u32 = 51;

/// Age bands, both ends inclusive, with their share in tenths of a percent. 18 to 25 and 26 to 35: programme office,
/// 2023, in Republika, 18 June 2023. The rest is shared out as in the Cyrus Network survey of May 2021 (36 to 45: 18.1 %,
/// 46 to 55: 9.5 %, 56 and older: 3.9 %), in Liputan6, 20 May 2021.
pub(super) const AGES: [(u32, u32, u32); 5] = [(18, 25, 360), (26, 35, 330), (36, 45, 178), (46, 55, 94), (56, 64, 38)];

/// Levels of education with their share in hundredths of a percent: Statistics Indonesia, labour force survey (Sakernas)
/// of August 2020, in detikFinance, 25 November 2020. General and vocational secondary schools are one level here;
/// universities are given as one, of which a twentieth is taken to be master's degrees.
pub(super) const EDUCATION: [(&str, u32); 6] =
    [("SD", 258), ("SMP", 623), ("SMA", 5_383), ("Diploma", 709), ("S1", 2_876), ("S2", 150)];

/// Employment in hundredths of a percent: the same survey.
pub(super) const EMPLOYMENT: [(&str, u32); 3] =
    [("employed", 6_647), ("unemployed", 2_224), ("outside the labour force", 1_129)];

/// Provinces: participants of waves 1 to 62, to 17 October 2023, in hundreds, as listed by SPN, October 2023; and the part
/// of the country, in which tastes differ here. The list lacks six provinces; what the total of 18.36 million leaves is
/// shared out equally among them.
pub(super) const PROVINCES: [(&str, u32, Region); 38] = [
    ("Jawa Barat", 28_233, Region::Java),
    ("Jawa Timur", 19_322, Region::Java),
    ("Jawa Tengah", 16_236, Region::Java),
    ("DKI Jakarta", 13_084, Region::Capital),
    ("Banten", 9_052, Region::Capital),
    ("Sumatera Utara", 8_395, Region::Sumatra),
    ("Sulawesi Selatan", 6_497, Region::East),
    ("Sumatera Selatan", 5_772, Region::Sumatra),
    ("Lampung", 5_658, Region::Sumatra),
    ("Sumatera Barat", 4_823, Region::Sumatra),
    ("Aceh", 4_696, Region::Sumatra),
    ("Kalimantan Selatan", 4_353, Region::Kalimantan),
    ("Nusa Tenggara Barat", 4_007, Region::East),
    ("Kalimantan Barat", 3_891, Region::Kalimantan),
    ("Bali", 3_522, Region::East),
    ("Kalimantan Timur", 3_493, Region::Kalimantan),
    ("DI Yogyakarta", 3_177, Region::Java),
    ("Nusa Tenggara Timur", 2_869, Region::East),
    ("Kepulauan Riau", 2_842, Region::Sumatra),
    ("Sulawesi Tengah", 2_758, Region::East),
    ("Sulawesi Tenggara", 2_750, Region::East),
    ("Bengkulu", 2_716, Region::Sumatra),
    ("Sulawesi Utara", 2_416, Region::East),
    ("Maluku", 1_841, Region::East),
    ("Gorontalo", 1_745, Region::East),
    ("Maluku Utara", 1_161, Region::East),
    ("Papua", 1_136, Region::East),
    ("Papua Barat", 867, Region::East),
    ("Papua Barat Daya", 2, Region::East),
    ("Papua Selatan", 1, Region::East),
    ("Papua Pegunungan", 1, Region::East),
    ("Papua Tengah", 1, Region::East),
    ("Jambi", 2_700, Region::Sumatra),
    ("Riau", 2_700, Region::Sumatra),
    ("Kalimantan Tengah", 2_700, Region::Kalimantan),
    ("Kalimantan Utara", 2_700, Region::Kalimantan),
    ("Kepulauan Bangka Belitung", 2_700, Region::Sumatra),
    ("Sulawesi Barat", 2_700, Region::East),
];

/// A part of the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    Capital,
    Java,
    Sumatra,
    Kalimantan,
    East,
}

/// What a participant has to spend, in rupiah: 2020 to 2022, finance ministry, in Riau Pos, 8 May 2020.
pub(super) const BALANCE: u64 = 1_000_000;

/// The cheapest and the dearest course bought in the first two waves, in rupiah: the same.
pub(super) const PRICES: (u32, u32) = (24_000, 1_000_000);

/// Courses on offer: "more than 3,000" in May 2020, Beritasatu, 19 May 2020.
pub(super) const COURSES: u32 = 3_000;

/// Platforms with the courses bought there in the first two waves: Riau Pos, 8 May 2020.
pub(super) const PROVIDERS: [(&str, u32); 8] = [
    ("Skill Academy", 62_184),
    ("Sisnaker", 11_169),
    ("Bukalapak", 8_466),
    ("Pintaria", 6_529),
    ("Tokopedia", 6_356),
    ("Sekolahmu", 6_337),
    ("Pijar Mahir", 3_206),
    ("Mau Belajar Apa", 2_665),
];

/// How many courses one participant buys, 1 to 8, in percent. Published are a mean of "two or more" to October 2021
/// (programme office, in Liputan6, 11 October 2021) and single cases of ten; the shape is assumed.
pub(super) const PURCHASES_PERCENT: [u32; 8] = [40, 30, 16, 7, 4, 1, 1, 1];

/// The share of courses that nobody buys, in percent: assumed.
pub(super) const UNSOLD_PERCENT: u32 = 60;

/// Participants who say nothing about their interests, in percent: assumed. Age and education are missing in 1 and 3 of a
/// hundred, assumed too.
pub(super) const NO_INTERESTS_PERCENT: u32 = 40;
pub(super) const NO_AGE_PERCENT: u32 = 1;
pub(super) const NO_EDUCATION_PERCENT: u32 = 3;
