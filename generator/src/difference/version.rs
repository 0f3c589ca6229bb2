//! The version that follows (<https://semver.org/>, and for versions before 1.0 what Cargo makes of it).

use semver::Version;

use super::Level;

/// Returns the version after a release that changed so much, if callers see any of it.
pub(crate) fn next(version: &Version, level: Option<Level>) -> Version {
    let Version {
        major,
        minor,
        patch,
        ..
    } = *version;
    match (level, major, minor) {
        (Some(Level::Breaking), 1.., _) => Version::new(major + 1, 0, 0),
        (Some(Level::Breaking), 0, 1..) => Version::new(0, minor + 1, 0),
        (Some(Level::Compatible), 1.., _) => Version::new(major, minor + 1, 0),
        // Before 1.0, the last number is that of compatible changes; before 0.1, of all.
        _ => Version::new(major, minor, patch + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_that_isn_t_zero_is_that_of_breaking_changes() {
        let (none, compatible, breaking) = (None, Some(Level::Compatible), Some(Level::Breaking));
        for (version, level, expected) in [
            ("1.4.2", none, "1.4.3"),
            ("1.4.2", compatible, "1.5.0"),
            ("1.4.2", breaking, "2.0.0"),
            ("0.3.1", none, "0.3.2"),
            ("0.3.1", compatible, "0.3.2"),
            ("0.3.1", breaking, "0.4.0"),
            ("0.0.7", compatible, "0.0.8"),
            ("0.0.7", breaking, "0.0.8"),
            ("1.0.0-rc.1", compatible, "1.1.0"),
        ] {
            let version = version.parse().expect("a version");
            assert_eq!(next(&version, level).to_string(), expected);
        }
    }
}
