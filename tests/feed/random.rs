//! Random numbers that a seed decides (SplitMix64).

#[derive(Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Whether something happens that happens so often in a thousand times.
    pub(crate) fn happens(&mut self, often: u64) -> bool {
        self.below(1_000) < often
    }

    /// A number of milliseconds that is not more than this off zero.
    pub(crate) fn around(&mut self, most: i64) -> i64 {
        i64::try_from(self.below(2 * most.unsigned_abs() + 1)).unwrap() - most
    }

    /// A number of milliseconds up to this one.
    pub(crate) fn up_to(&mut self, most: i64) -> i64 {
        i64::try_from(self.below(most.unsigned_abs() + 1)).unwrap()
    }
}
