//! Where the API is: servers, their variables, and what is set in their place.

use url::Url;

use super::{Connection, Origin};
use crate::api::Server;
use crate::settings_error::Problem;

impl Connection {
    /// Sets the base URL of the API, in place of the document's servers: also of those of single
    /// operations, so that a call never leaves the environment that is meant. Where these have another
    /// URL, [`Connection::base_url_of`] sets it.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url.set(Origin::Code, url.into());
        self
    }

    /// Sets the base URL of the operations that have a server of their own, by the server's URL in the
    /// document.
    #[must_use]
    pub fn base_url_of(mut self, server: impl Into<String>, url: impl Into<String>) -> Self {
        let setting = self.base_urls.entry(server.into()).or_default();
        setting.set(Origin::Code, url.into());
        self
    }

    /// Chooses one of the document's servers, by index; the first is the default. Operations with
    /// servers of their own take the one of the same index, or the first.
    #[must_use]
    pub fn server(mut self, index: usize) -> Self {
        self.server.set(Origin::Code, index);
        self
    }

    /// Sets a variable of the servers' URLs.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let variable = self.variables.entry(name.into()).or_default();
        variable.set(Origin::Code, value.into());
        self
    }

    /// Returns the names of all variables that servers have, those of operations included.
    pub(super) fn variable_names(&self) -> Vec<&'static str> {
        let lists = self.api.operation_servers.iter().copied();
        let servers = lists.chain([self.api.servers]).flatten();
        let mut names: Vec<_> = servers
            .flat_map(|server| server.variables)
            .map(|variable| variable.name)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(super) fn resolve_base_url(&self, problems: &mut Vec<Problem>) -> Option<Url> {
        let text = match self.base_url.get() {
            Some(url) => url.trim().to_owned(),
            None => match self.server_url() {
                Ok(url) => url,
                Err(problem) => {
                    problems.push(problem);
                    return None;
                }
            },
        };
        match Url::parse(&text) {
            Ok(url) if is_usable(&url) => Some(url),
            // A server's URL may be relative to the document, whose place isn't known any more.
            Err(url::ParseError::RelativeUrlWithoutBase) if self.base_url.get().is_none() => {
                problems.push(self.missing("base_url"));
                None
            }
            _ => {
                problems.push(Problem::unusable(
                    "base_url",
                    "expected an absolute `https` or `http` URL",
                ));
                None
            }
        }
    }

    /// Fills the template of the chosen server.
    pub(super) fn server_url(&self) -> Result<String, Problem> {
        let index = self.server.get().copied().unwrap_or_default();
        let Some(server) = self.api.servers.get(index) else {
            if self.server.get().is_some() {
                let count = self.api.servers.len();
                let message = format!("there is no server {index}; the document has {count}");
                return Err(Problem::unusable("server", message));
            }
            return Err(self.missing("base_url"));
        };
        self.fill(server)
    }

    fn fill(&self, server: &Server) -> Result<String, Problem> {
        let declared = self.variable_names();
        for name in self.variables.keys() {
            if !declared.contains(&name.as_str()) {
                let message = "no server has such a variable";
                return Err(Problem::unusable(format!("variables.{name}"), message));
            }
        }
        let mut url = server.url.to_owned();
        for variable in server.variables {
            let set = self.variables.get(variable.name).and_then(|set| set.get());
            let value = set.map_or(variable.default, String::as_str);
            if !variable.values.is_empty() && !variable.values.contains(&value) {
                let message = format!("expected one of {}", variable.values.join(", "));
                let setting = format!("variables.{}", variable.name);
                return Err(Problem::unusable(setting, message));
            }
            url = url.replace(&format!("{{{}}}", variable.name), value);
        }
        if url.contains('{') {
            return Err(self.missing("base_url"));
        }
        Ok(url)
    }

    /// Returns the base URLs of operations with servers of their own.
    pub(super) fn resolve_operation_urls(
        &self,
        base_url: Option<&Url>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Url> {
        let lists = self.api.operation_servers;
        for template in self.base_urls.keys() {
            let mut servers = lists.iter().copied().flatten();
            if !servers.any(|server| server.url == template) {
                let message = "no operation has such a server";
                problems.push(Problem::unusable(format!("base_urls.{template}"), message));
            }
        }
        let mut urls = Vec::with_capacity(lists.len());
        for list in lists {
            match self.operation_url(list, base_url) {
                Ok(url) => urls.extend(url),
                // The same variable can be at fault in several URLs.
                Err(problem) if problems.contains(&problem) => {}
                Err(problem) => problems.push(problem),
            }
        }
        urls
    }

    /// Returns the base URL of operations with these servers; `None` only if the base URL of the API
    /// is missing too, which is told elsewhere.
    fn operation_url(
        &self,
        servers: &[Server],
        base_url: Option<&Url>,
    ) -> Result<Option<Url>, Problem> {
        let index = self.server.get().copied().unwrap_or_default();
        let Some(server) = servers.get(index).or(servers.first()) else {
            return Ok(base_url.cloned());
        };
        let set = self.base_urls.get(server.url).and_then(|set| set.get());
        let text = match set {
            Some(url) => url.trim().to_owned(),
            None if self.base_url.get().is_some() => return Ok(base_url.cloned()),
            None => self.fill(server)?,
        };
        let url = match Url::parse(&text) {
            Err(url::ParseError::RelativeUrlWithoutBase) => match base_url {
                Some(base_url) => base_url.join(&text),
                None => return Ok(None),
            },
            parsed => parsed,
        };
        url.ok().filter(is_usable).map(Some).ok_or_else(|| {
            let setting = format!("base_urls.{}", server.url);
            Problem::unusable(setting, "expected an `https` or `http` URL")
        })
    }
}

fn is_usable(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "http") && url.has_host()
}
