//! What the remedies of many usages would lead to.

use crate::attribution::Usage;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape;
use crate::input::value::Value;
use crate::insight::RemedyOutcome;

use super::attribution::read_usage;

/// What each remedy of each usage of a list would lead to, as [`explain_usage`](super::explain_usage) tells it. A usage that cannot be attributed has none. The
/// directory is the same afterwards.
///
/// # Errors
/// As [`attribute_many`](super::attribute_many); a usage that cannot be read is an error too, at its position.
pub fn try_remedies(directory: &mut Directory, usages: &Value<'_>, now: Instant) -> Result<Vec<Vec<RemedyOutcome>>, Error> {
    Ok(read(usages, now)?.iter().map(|usage| directory.remedies_of(usage)).collect())
}

/// As [`try_remedies`], each usage with the directory that was in force at its instant. One from before the beginning has none.
///
/// # Errors
/// As [`try_remedies`]; `snapshot_corrupt` if the timeline does not fit together.
#[cfg(feature = "timeline")]
pub fn try_remedies_by_time(
    timeline: &crate::timeline::Timeline,
    usages: &Value<'_>,
    now: Instant,
) -> Result<Vec<Vec<RemedyOutcome>>, Error> {
    let usages = read(usages, now)?;
    let instants: Vec<Instant> = usages.iter().map(|usage| usage.at).collect();
    let mut outcomes = vec![Vec::new(); usages.len()];
    timeline.visit(&instants, |number, directory| {
        if let (Some(usage), Some(place)) = (usages.get(number), outcomes.get_mut(number)) {
            *place = directory.remedies_of(usage);
        }
    })?;
    Ok(outcomes)
}

fn read<'u>(usages: &'u Value<'_>, now: Instant) -> Result<Vec<Usage<'u>>, Error> {
    shape::list(usages, &Path::Root, |usage, path| read_usage(usage, now, path))
}
