//! Adding up marked ballots: for each place, how many hold no name, some, too many, or something unclear.
//!
//! What these classes mean is for the law to say; here they are only counted.

/// How many classes a ballot can fall into: no name left, at least one and not too many, too many, unclear.
pub const CLASSES: usize = 4;

/// How many ballots are added up at a time: few enough to stay in the nearest cache.
const BLOCK: usize = 1024;

/// Sums of ballots by place; memory does not grow with the ballots.
pub struct MarkTally {
    contests: Vec<u32>,
    stands: Vec<bool>,
    most: Vec<u32>,
    width: usize,
    counts: Vec<i64>,
    votes: Vec<i64>,
}

/// A ballot that cannot be added up.
#[derive(Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The columns of a batch differ in number or length from what was declared.
    Shape,
    /// A place or contest that was not declared, in this row.
    Place(usize),
    /// A mark at a name that does not stand in the contest: row and column.
    Name(usize, usize),
}

impl MarkTally {
    /// `contests`: the contest of each place. `stands`: for each contest and column, whether a name stands there.
    /// `most`: for each contest, the most names that may be left.
    pub fn new(contests: Vec<u32>, stands: Vec<bool>, most: Vec<u32>) -> Result<Self, Misfit> {
        let width = if most.is_empty() { 0 } else { stands.len() / most.len() };
        if stands.len() != width * most.len() {
            return Err(Misfit::Shape);
        }
        if let Some(place) = contests.iter().position(|&contest| contest as usize >= most.len()) {
            return Err(Misfit::Place(place));
        }
        let (counts, votes) = (vec![0; contests.len() * CLASSES], vec![0; contests.len() * width]);
        Ok(Self { contests, stands, most, width, counts, votes })
    }

    /// Add ballots, one a row: its place, and one mark a column (1 left, 0 struck, anything else unclear; where no name
    /// stands, only 1 is wrong). Nothing is added where a ballot does not fit.
    pub fn add(&mut self, places: &[i32], marks: &[Vec<i8>]) -> Result<(), Misfit> {
        if marks.len() != self.width || marks.iter().any(|column| column.len() != places.len()) {
            return Err(Misfit::Shape);
        }
        let known = self.contests.len();
        if let Some(row) =
            places.iter().position(|&place| usize::try_from(place).map_or(true, |p| p >= known))
        {
            return Err(Misfit::Place(row));
        }
        self.refuse_marks_for_nobody(places, marks)?;
        // Ballots come from the box of one place together: a run of one place is added up without looking at it again.
        let mut start = 0;
        for run in places.chunk_by(|one, next| one == next) {
            let place = index(run[0]);
            let end = start + run.len();
            for first in (start..end).step_by(BLOCK) {
                self.add_block(place, marks, first, end.min(first + BLOCK));
            }
            start = end;
        }
        Ok(())
    }

    fn refuse_marks_for_nobody(&self, places: &[i32], marks: &[Vec<i8>]) -> Result<(), Misfit> {
        for (position, column) in marks.iter().enumerate() {
            if self.stands.iter().skip(position).step_by(self.width).all(|&stands| stands) {
                continue;
            }
            let stray = |(&place, &mark): (&i32, &i8)| {
                mark == 1 && !self.stands[self.contests[index(place)] as usize * self.width + position]
            };
            if let Some(row) = places.iter().zip(column).position(stray) {
                return Err(Misfit::Name(row, position));
            }
        }
        Ok(())
    }

    /// Add the ballots of one place from row `first` to row `last`, at most `BLOCK`. The loops over columns are plain
    /// enough for the vector instructions of the processor, which is where the time goes.
    fn add_block(&mut self, place: usize, marks: &[Vec<i8>], first: usize, last: usize) {
        let contest = self.contests[place] as usize;
        let size = last - first;
        let stands = &self.stands[contest * self.width..(contest + 1) * self.width];
        let mut left = [0_u16; BLOCK];
        let mut unclear = [0_u8; BLOCK];
        for (column, _) in marks.iter().zip(stands).filter(|(_, stands)| **stands) {
            let rows = left.iter_mut().zip(&mut unclear).zip(&column[first..last]);
            for ((left, unclear), &mark) in rows {
                *left = left.saturating_add(u16::from(mark == 1));
                *unclear |= u8::from(mark & !1 != 0);
            }
        }
        let most = u16::try_from(self.most[contest]).unwrap_or(u16::MAX);
        let mut good = [0_u8; BLOCK];
        let (mut none, mut some, mut many) = (0_u32, 0_u32, 0_u32);
        for ((good, &left), &unclear) in good.iter_mut().zip(&left).zip(&unclear).take(size) {
            let (clear, fits) = (u8::from(unclear == 0), u8::from(left <= most));
            *good = clear & fits & u8::from(left > 0);
            some = some.wrapping_add(u32::from(*good));
            none = none.wrapping_add(u32::from(clear & u8::from(left == 0)));
            many = many.wrapping_add(u32::from(1 - fits));
        }
        let doubtful =
            i64::try_from(size).unwrap_or(i64::MAX) - i64::from(none) - i64::from(some) - i64::from(many);
        let counts = &mut self.counts[place * CLASSES..(place + 1) * CLASSES];
        for (sum, number) in
            counts.iter_mut().zip([i64::from(none), i64::from(some), i64::from(many), doubtful])
        {
            *sum += number;
        }
        for (position, (column, _)) in
            marks.iter().zip(stands).enumerate().filter(|(_, (_, stands))| **stands)
        {
            let for_it = |sum: u32, (&good, &mark): (&u8, &i8)| {
                sum.wrapping_add(u32::from(good & u8::from(mark == 1)))
            };
            let votes = good.iter().zip(&column[first..last]).fold(0_u32, for_it);
            self.votes[place * self.width + position] += i64::from(votes);
        }
    }

    /// For each place, the ballots of each class.
    pub fn counts(&self) -> &[i64] {
        &self.counts
    }

    /// For each place and column, the ballots with at least one name and not too many on which this one is left.
    pub fn votes(&self) -> &[i64] {
        &self.votes
    }
}

/// A place that was checked to be one.
fn index(place: i32) -> usize {
    usize::try_from(place).unwrap_or(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_class_is_counted_and_only_good_ballots_are_votes() {
        let mut tally = MarkTally::new(vec![0], vec![true; 3], vec![1]).unwrap();
        // One left, none, two, one and an unclear one, two and an unclear one.
        let marks = [vec![1, 0, 1, 1, 1], vec![0, 0, 1, 0, 1], vec![0, 0, 0, -1, -1]];
        tally.add(&[0; 5], &marks).unwrap();
        assert_eq!(tally.counts(), [1, 1, 2, 1]);
        assert_eq!(tally.votes(), [1, 0, 0]);
    }

    #[test]
    fn a_blank_is_no_doubt_where_nobody_stands() {
        let mut tally = MarkTally::new(vec![0, 1], vec![true, true, true, false], vec![1, 1]).unwrap();
        tally.add(&[0, 1], &[vec![0, 1], vec![1, -1]]).unwrap();
        assert_eq!(tally.counts(), [0, 1, 0, 0, 0, 1, 0, 0]);
        assert_eq!(tally.votes(), [0, 1, 1, 0]);
        assert_eq!(tally.add(&[1], &[vec![0], vec![1]]), Err(Misfit::Name(0, 1)));
        assert_eq!(tally.counts().iter().sum::<i64>(), 2);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(MarkTally::new(vec![1], vec![true], vec![1]).is_err());
        assert!(MarkTally::new(vec![0], vec![true; 3], vec![1, 1]).is_err());
        let mut tally = MarkTally::new(vec![0], vec![true], vec![1]).unwrap();
        assert_eq!(tally.add(&[-1], &[vec![1]]), Err(Misfit::Place(0)));
        assert_eq!(tally.add(&[1], &[vec![1]]), Err(Misfit::Place(0)));
        assert_eq!(tally.add(&[0], &[]), Err(Misfit::Shape));
        assert_eq!(tally.add(&[0], &[vec![]]), Err(Misfit::Shape));
    }
}
