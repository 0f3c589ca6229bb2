//! Documents: what each says of itself, and what it shares with the others.

use std::mem;

use openapiv3::{Components, OpenAPI};

use super::{Lowerer, operation};
use crate::diagnostics::Code;
use crate::model::{Api, Info, Server, ServerVariable};
use crate::openapi::Head;
use crate::pointer::Pointer;

/// A document and its share of the operations of all.
#[derive(Debug)]
pub(super) struct Share {
    api: Api,
    first_group: usize,
    first_operation: usize,
}

impl<'a> Lowerer<'a, '_> {
    /// Lowers a document, the definitions of types apart. Its operations stand after those of the
    /// documents before it until all are lowered.
    pub(super) fn document(&mut self, head: &'a Head) -> Share {
        self.document = &head.openapi;
        self.further = Some(&head.further);
        self.place = head.place.clone();
        let first_group = self.api.groups.len();
        self.first_operation = self.api.operations.len();
        self.lower_schemes();
        self.lower_operations();
        self.assume_requirements();
        let servers = self.servers(&head.openapi.servers, &head.place.child("servers"));
        self.demand_base_url(&servers);
        Share {
            api: Api {
                source: head.path.clone(),
                specification: head.version.clone(),
                info: info(&head.openapi),
                servers,
                operation_servers: mem::take(&mut self.api.operation_servers),
                schemes: mem::take(&mut self.api.schemes),
                ..Api::default()
            },
            first_group,
            first_operation: self.first_operation,
        }
    }

    /// Returns the components in which a section is: security schemes are a document's own.
    pub(super) fn components_of(&self, section: &str) -> Option<&'a Components> {
        if section == "securitySchemes" {
            self.document.components.as_ref()
        } else {
            Some(self.components_of_all)
        }
    }

    /// Returns where a section of the components is.
    pub(super) fn components_at(&self, section: &str) -> Pointer {
        let at = if section == "securitySchemes" {
            self.place.clone()
        } else {
            Pointer::root()
        };
        at.child("components").child(section)
    }

    /// Returns servers, wherever they are declared.
    pub(super) fn servers(&mut self, declared: &[openapiv3::Server], at: &Pointer) -> Vec<Server> {
        declared
            .iter()
            .enumerate()
            .map(|(index, server)| self.server(server, &at.child(index.to_string())))
            .collect()
    }

    /// Tells that the base URL must be set, where the first server has no absolute URL: it may be relative
    /// to the document's place, which isn't known.
    fn demand_base_url(&mut self, servers: &[Server]) {
        let at = self.place.child("servers");
        let (message, at) = match servers.first() {
            Some(server) if is_absolute(server) => return,
            Some(server) => (
                format!("the URL `{}` of the server is relative", server.url),
                at.child("0").child("url"),
            ),
            None => ("no server is declared".to_owned(), at),
        };
        let message = format!("{message}; the base URL is a required setting");
        self.warn_with_hint(
            Code::NoBaseUrl,
            &at,
            message,
            "add the server by an overlay, or set the base URL where the client runs",
        );
    }

    fn server(&mut self, server: &openapiv3::Server, at: &Pointer) -> Server {
        let declared = server.variables.iter().flatten();
        let mut variables: Vec<_> = declared
            .map(|(name, variable)| ServerVariable {
                name: name.clone(),
                default: variable.default.clone(),
                values: variable.enumeration.clone(),
            })
            .collect();
        for segment in operation::segments(&server.url) {
            if let operation::Segment::Variable(name) = segment
                && !variables.iter().any(|variable| variable.name == name)
            {
                let message = format!("the URL has a variable `{name}` that isn't declared");
                self.warn(Code::InvalidPart, &at.child("url"), message);
                variables.push(ServerVariable {
                    name,
                    default: String::new(),
                    values: Vec::new(),
                });
            }
        }
        Server {
            url: server.url.trim().to_owned(),
            description: server.description.clone(),
            variables,
        }
    }
}

/// Returns whether a server's URL names a host, as the defaults of its variables fill it in.
fn is_absolute(server: &Server) -> bool {
    let url = server
        .variables
        .iter()
        .fold(server.url.clone(), |url, variable| {
            url.replace(&format!("{{{}}}", variable.name), &variable.default)
        });
    url.contains("://")
}

/// Gives each document its operations, and all of them the types.
pub(super) fn divide(mut all: Api, shares: Vec<Share>) -> Vec<Api> {
    let mut apis = Vec::new();
    for share in shares.into_iter().rev() {
        let mut api = share.api;
        api.groups = all.groups.split_off(share.first_group);
        api.operations = all.operations.split_off(share.first_operation);
        for operation in &mut api.operations {
            operation.group -= share.first_group;
        }
        api.types = all.types.share();
        apis.push(api);
    }
    apis.reverse();
    if let Some(first) = apis.first_mut() {
        first.exemplified = all.exemplified;
    }
    apis
}

fn info(document: &OpenAPI) -> Info {
    let info = &document.info;
    Info {
        title: info.title.clone(),
        version: info.version.clone(),
        description: info.description.clone(),
        license: info
            .license
            .as_ref()
            .map(|license| (license.name.clone(), license.url.clone())),
        documentation: document.external_docs.as_ref().map(|docs| docs.url.clone()),
    }
}
