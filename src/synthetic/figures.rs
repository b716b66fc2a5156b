//! Published figures of the Kartu Prakerja programme. What no source gives is in `tastes.rs`.
//!
//! Weights only need to be in proportion within a table.

/// PMO (the programme's management office), administrative data of 2020 to 2022, told by Republika on 2023-06-18
/// (<https://news.republika.co.id/berita/rwecma409/jawa-barat-jadi-provinsi-dengan-jumlah-penerima-program-kartu-prakerja-terbanyak>): 51 % women.
pub(super) const GENDERS: [(&str, u64); 2] = [("male", 49), ("female", 51)];
pub(super) const FEMALE: usize = 1;

/// First and last age, and weight. 18 to 25 and 26 to 35: PMO, 2020 to 2022, told by Republika on 2023-06-18 and Redaksi
/// Harian on 2023-05-31 (<https://redaksiharian.com/?p=149492>): 27 and 34 %. The other 39 % in the proportion 18.1 : 9.5 :
/// 3.9 of the Cyrus Network survey of May 2021
/// (<https://m.liputan6.com/bisnis/read/4562281/survei-mayoritas-penerima-kartu-prakerja-adalah-laki-laki>).
pub(super) const AGES: [(u8, u8, u64); 5] =
    [(18, 25, 2700), (26, 35, 3400), (36, 45, 2241), (46, 55, 1176), (56, 64, 483)];

/// Cyrus Network survey, May 2021, 2,000 participants: university 19.5 %, of which one in twenty is taken to be above S1.
pub(super) const EDUCATIONS: [(&str, u64); 6] =
    [("SD", 580), ("SMP", 990), ("SMA", 5700), ("Diploma", 780), ("S1", 1853), ("S2", 97)];

/// BPS Sakernas, August 2020, told by the head of BPS on 2020-11-25
/// (<https://finance.detik.com/berita-ekonomi-bisnis/d-5270000/survei-bps-ungkap-fakta-yang-bikin-kaget-kartu-prakerja-salah-sasaran>): 66.47 % employed (63 % of them full time, 36 % under 35
/// hours), 22.24 % unemployed, 11.29 % outside the labour force.
pub(super) const EMPLOYMENTS: [(&str, u64); 4] =
    [("full time", 4230), ("part time", 2417), ("unemployed", 2224), ("outside the labour force", 1129)];

/// Groups of islands, by which tastes differ.
pub(super) const SUMATRA: usize = 0;
pub(super) const JAVA: usize = 1;
pub(super) const LESSER_SUNDA: usize = 2;
pub(super) const KALIMANTAN: usize = 3;
pub(super) const SULAWESI: usize = 4;
pub(super) const EAST: usize = 5;
pub(super) const ISLANDS: usize = 6;

/// Recipients of waves 1 to 62, to 17 October 2023, published by SPN
/// (<https://spn.or.id/penerima-manfaat-program-kartu-prakerja-gelombang-1-62-di-indonesia-capai-183-juta-orang/>). The
/// table lacks the last six provinces. They share what is missing to the published total of 18,360,000; their parts
/// are assumed, roughly by population.
pub(super) const PROVINCES: [(&str, usize, u64); 38] = [
    ("Jawa Barat", JAVA, 2_823_278),
    ("Jawa Timur", JAVA, 1_932_155),
    ("Jawa Tengah", JAVA, 1_623_640),
    ("DKI Jakarta", JAVA, 1_308_415),
    ("Banten", JAVA, 905_202),
    ("Sumatera Utara", SUMATRA, 839_526),
    ("Sulawesi Selatan", SULAWESI, 649_746),
    ("Sumatera Selatan", SUMATRA, 577_194),
    ("Lampung", SUMATRA, 565_780),
    ("Sumatera Barat", SUMATRA, 482_261),
    ("Aceh", SUMATRA, 469_581),
    ("Kalimantan Selatan", KALIMANTAN, 435_333),
    ("Nusa Tenggara Barat", LESSER_SUNDA, 400_704),
    ("Kalimantan Barat", KALIMANTAN, 389_145),
    ("Bali", LESSER_SUNDA, 352_164),
    ("Kalimantan Timur", KALIMANTAN, 349_270),
    ("DI Yogyakarta", JAVA, 317_714),
    ("Nusa Tenggara Timur", LESSER_SUNDA, 286_902),
    ("Kepulauan Riau", SUMATRA, 284_233),
    ("Sulawesi Tengah", SULAWESI, 275_790),
    ("Sulawesi Tenggara", SULAWESI, 274_956),
    ("Bengkulu", SUMATRA, 271_621),
    ("Sulawesi Utara", SULAWESI, 241_626),
    ("Maluku", EAST, 184_110),
    ("Gorontalo", SULAWESI, 174_478),
    ("Maluku Utara", EAST, 116_077),
    ("Papua", EAST, 113_592),
    ("Papua Barat", EAST, 86_745),
    ("Papua Barat Daya", EAST, 159),
    ("Papua Selatan", EAST, 29),
    ("Papua Pegunungan", EAST, 14),
    ("Papua Tengah", EAST, 2),
    ("Riau", SUMATRA, 643_223),
    ("Jambi", SUMATRA, 356_939),
    ("Kalimantan Tengah", KALIMANTAN, 268_590),
    ("Kepulauan Bangka Belitung", SUMATRA, 146_436),
    ("Sulawesi Barat", SULAWESI, 142_770),
    ("Kalimantan Utara", KALIMANTAN, 70_600),
];

/// Trainings bought in the first two waves, to 8 May 2020: Minister of Finance, told by Riau Pos on 2020-05-08
/// (<https://riaupos.co/nasional/08/05/2020/28085/ruangguru-jadi-mitra-pelatihan-paling-banyak-diakses>).
pub(super) const PROVIDERS: [(&str, u64); 8] = [
    ("Skill Academy", 62_184),
    ("Sisnaker", 11_169),
    ("Bukalapak", 8_466),
    ("Pintaria", 6_529),
    ("Tokopedia", 6_356),
    ("Sekolahmu", 6_337),
    ("Pijar Mahir", 3_206),
    ("Mau Belajar Apa", 2_665),
];

/// The cheapest and the dearest training of the first two waves (the same source as [`PROVIDERS`]).
pub(super) const PRICES: (u32, u32) = (24_000, 1_000_000);

/// The training balance of the scheme of 2020 to 2022 (the same source).
pub(super) const BALANCE: u32 = 1_000_000;

/// Days since 1970 and how many had joined by then: the first wave opened in April 2020; 5.4 million by 2020-11-24
/// (Coordinating Ministry for Economic Affairs, Sindonews), 17.08 million by November 2022 (Ministry of Manpower, CNBC
/// Indonesia), 18.36 million by 2023-10-17 (SPN), 18.9 million by 2024-10-03 (PMO, Kontan).
pub(super) const JOINED: [(u32, u64); 5] =
    [(18_363, 0), (18_590, 5_400_000), (19_326, 17_080_000), (19_647, 18_360_000), (19_999, 18_900_000)];

/// Days to the first purchase, at the most (rules of 2024, Pos Kota, 2024-07-11).
pub(super) const DAYS_TO_BUY: u32 = 15;
