//! Files on other hosts, for those who allow them: bounded in number, size and time.

/// Returns the URL that a reference in a file names, where it leads to a host.
pub(super) fn url(file: &str, reference: &str) -> Option<String> {
    if is_remote(file) {
        // A file of another host leads to hosts only. Without a scheme that is fetched, it's refused.
        return joined(file, reference);
    }
    if let Some(rest) = reference.strip_prefix("//") {
        return Some(format!("https://{rest}"));
    }
    reference.contains("://").then(|| reference.to_owned())
}

fn is_remote(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

#[cfg(not(feature = "remote"))]
use without::joined;
#[cfg(not(feature = "remote"))]
pub(super) use without::{Remote, shown};

#[cfg(feature = "remote")]
use with::joined;
#[cfg(feature = "remote")]
pub(super) use with::{Remote, shown};

#[cfg(not(feature = "remote"))]
mod without {
    /// Nothing is fetched.
    pub(in crate::load) struct Remote;

    impl Remote {
        pub(in crate::load) const fn new() -> Self {
            Self
        }

        #[expect(clippy::unused_self, reason = "it stands in for the one that fetches")]
        pub(in crate::load) fn fetch(&mut self, _: &str) -> Result<Vec<u8>, String> {
            Err("accredit was built without the feature `remote`".to_owned())
        }
    }

    pub(in crate::load) fn shown(_: &str) -> String {
        "a file of another host".to_owned()
    }

    pub(super) const fn joined(_: &str, _: &str) -> Option<String> {
        None
    }
}

#[cfg(feature = "remote")]
mod with {
    use std::time::{Duration, Instant};

    use ureq::Agent;
    use url::Url;

    /// The number of files, bytes and seconds of a run.
    const MAX_FILES: usize = 64;
    const MAX_BYTES: u64 = 32 * 1024 * 1024;
    const MAX_TIME: Duration = Duration::from_secs(30);

    /// What is left of the bounds.
    pub(in crate::load) struct Remote {
        files: usize,
        bytes: u64,
        time: Duration,
    }

    impl Remote {
        pub(in crate::load) const fn new() -> Self {
            Self {
                files: MAX_FILES,
                bytes: MAX_BYTES,
                time: MAX_TIME,
            }
        }

        /// Fetches a file; says why it can't.
        pub(in crate::load) fn fetch(&mut self, url: &str) -> Result<Vec<u8>, String> {
            if !super::is_remote(url) {
                return Err("only `https` and `http` are fetched".to_owned());
            }
            let files = self.files.checked_sub(1);
            self.files = files.ok_or("too many files are referred to")?;
            if self.time.is_zero() {
                return Err("fetching takes too long".to_owned());
            }
            let agent: Agent = Agent::config_builder()
                .timeout_global(Some(self.time))
                .max_redirects(5)
                .build()
                .into();
            let start = Instant::now();
            let fetched = agent
                .get(url)
                .call()
                .and_then(|mut answer| {
                    let body = answer.body_mut().with_config().limit(self.bytes);
                    body.read_to_vec()
                })
                .map_err(|error| error.to_string());
            self.time = self.time.saturating_sub(start.elapsed());
            let bytes = fetched?;
            self.bytes = self.bytes.saturating_sub(bytes.len() as u64);
            Ok(bytes)
        }
    }

    /// Returns a URL as it can be shown and written: what a query has, and who asks, may be secret.
    pub(in crate::load) fn shown(url: &str) -> String {
        let Ok(mut url) = Url::parse(url) else {
            return url.to_owned();
        };
        url.set_query(None);
        url.set_fragment(None);
        // Fails for a URL that can't have any.
        url.set_username("").ok();
        url.set_password(None).ok();
        url.into()
    }

    /// Returns the URL that a reference in a file of a host names.
    pub(super) fn joined(file: &str, reference: &str) -> Option<String> {
        Some(Url::parse(file).ok()?.join(reference).ok()?.into())
    }
}

#[cfg(test)]
#[cfg(feature = "remote")]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_url_are_not_shown() {
        let url = "https://ada:secret@example.com/api.yaml?token=secret#secret";
        assert_eq!(shown(url), "https://example.com/api.yaml");
        assert_eq!(shown("no URL"), "no URL");
    }

    #[test]
    fn what_a_remote_file_refers_to_is_remote() {
        let shown = |file: &str, reference: &str| url(file, reference).unwrap_or_default();
        assert_eq!(shown("api.yaml", "common.yaml"), "");
        assert_eq!(shown("api.yaml", "//a.com/b.yaml"), "https://a.com/b.yaml");
        assert_eq!(shown("api.yaml", "https://a.com/b"), "https://a.com/b");
        assert_eq!(
            shown("https://a.com/x/api.yaml", "../b.yaml"),
            "https://a.com/b.yaml"
        );
        assert_eq!(
            shown("https://a.com/x", "file:///etc/passwd"),
            "file:///etc/passwd"
        );
    }
}
