//! `/openapi.json` and `/docs`: the contract, and a page of our own that shows it.
//!
//! The page is made once, out of the description, the catalogue of codes and the registry of
//! schemas, so that it cannot be out of date. It needs no network, no script to be read and none of
//! a framework's; the script only switches the language.

mod page;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use utoipa::openapi::OpenApi;

use super::openapi::finished;
use super::respond::{cached, with_type};
use super::standing::Active;
use super::state::ApiState;
use crate::schema::Registry;

/// Only our own style and script; nothing inline, nothing from elsewhere, in no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The pages change with a release only, and are small.
const CACHE: &str = "no-cache";

/// The pages, ready to serve.
#[derive(Clone)]
pub struct Pages {
    /// `/openapi.json`.
    pub openapi: Bytes,
    /// `/docs`.
    pub page: Bytes,
}

impl Pages {
    /// Made of the description, the codes and the schemas of this release.
    pub fn new(description: &OpenApi, schemas: &Registry) -> Self {
        // Made of strings and maps only: this cannot fail.
        let value = serde_json::to_value(finished(description.clone())).unwrap_or_default();
        let page = page::render(&value, &schemas.documents());
        Self { openapi: Bytes::from(value.to_string()), page: Bytes::from(page) }
    }
}

/// The routes of the pages.
pub(super) fn routes(pages: Pages) -> Router<ApiState> {
    let pages = Arc::new(pages);
    let openapi = Arc::clone(&pages);
    Router::new()
        .route(
            "/openapi.json",
            get(|_: Active| async move { page_of("application/json", openapi.openapi.clone()) }),
        )
        .route(
            "/docs",
            get(|_: Active| async move { page_of("text/html; charset=utf-8", pages.page.clone()) }),
        )
        .route(
            "/docs/style.css",
            get(|_: Active| async {
                page_of("text/css; charset=utf-8", include_str!("style.css"))
            }),
        )
        .route(
            "/docs/script.js",
            get(|_: Active| async {
                page_of("text/javascript; charset=utf-8", include_str!("script.js"))
            }),
        )
}

fn page_of(content_type: &'static str, content: impl Into<axum::body::Body>) -> Response {
    let mut response = cached(with_type(content_type, content), CACHE);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::openapi::description;
    use crate::domain::code::Code;

    #[test]
    fn the_page_shows_every_endpoint_code_and_schema() {
        let schemas = Registry::load().unwrap();
        let api = description();
        let pages = Pages::new(&api, &schemas);
        let page = std::str::from_utf8(&pages.page).unwrap();
        for path in api.paths.paths.keys() {
            assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
            assert!(!path.contains('*'), "{path}");
        }
        for code in Code::ALL {
            assert!(page.contains(&format!("id=\"{}\"", code.as_str())), "{}", code.as_str());
        }
        for document in schemas.documents() {
            assert!(page.contains(&super::super::schemas::href(document.mt)), "{}", document.mt);
        }
    }

    #[test]
    fn the_page_keeps_its_own_policy() {
        let pages = Pages::new(&description(), &Registry::load().unwrap());
        let page = std::str::from_utf8(&pages.page).unwrap();
        for forbidden in ["<script>", "style=\"", "onclick", "http://", "https://", "{{"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(page.starts_with("<!doctype html>\n<html lang=\"zh-Hans\">"));
    }

    #[test]
    fn every_text_has_both_languages() {
        let api = serde_json::to_value(description()).unwrap();
        for (path, item) in api["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                let summary = operation["summary"].as_str().unwrap();
                let (zh, en) = summary.split_once(" / ").unwrap();
                assert!(!zh.is_ascii() && en.is_ascii(), "{path}");
                let (zh, en) =
                    operation["description"].as_str().unwrap().split_once("\n\n").unwrap();
                assert!(!zh.is_ascii() && en.is_ascii(), "{path}");
            }
        }
        assert_eq!(api["openapi"], "3.1.0");
    }
}
