//! `accredit generate --bump`: the version that follows from what changed.

use std::path::Path;

use super::voice::Voice;
use crate::difference::{self, Difference};
use crate::error::Error;
use crate::generate::Package;
use crate::surface::{SURFACE, Surface};
use crate::write::Plan;

/// Raises the version of a crate that changes, and adds an entry to its changelog.
pub(super) fn raise(
    package: &Package,
    output: &Path,
    plan: &mut Plan,
    voice: Voice,
) -> Result<(), Error> {
    let kept = output.join(SURFACE);
    if plan.changes().is_empty() || !kept.is_file() {
        return Ok(());
    }
    let old = Surface::load(&kept)?;
    // What was generated just now can be read.
    let new = package.files().get(SURFACE).map(Surface::read);
    let difference = Difference::between(&old, &new.and_then(Result::ok).unwrap_or_default());
    let version = plan.version()?;
    let next = difference::next(&version, difference.level());
    let entry = if difference.changes.is_empty() {
        "Generated again; callers see no difference.".to_owned()
    } else {
        difference.entry()
    };
    plan.release(&next, &entry);
    voice.say(&format_args!("version {next} follows {version}"));
    Ok(())
}
