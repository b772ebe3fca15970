//! Fills the page: endpoints, codes, schemas.

use std::fmt::Write as _;

use http::StatusCode;
use serde_json::Value;

use super::super::schemas::href;
use crate::domain::code::{Actor, Code};
use crate::domain::text::Language;
use crate::net::status::status_of;
use crate::schema::Document;

const TEMPLATE: &str = include_str!("page.html");

/// The whole page.
pub(super) fn render(api: &Value, schemas: &[&Document]) -> String {
    TEMPLATE
        .replace("{{version}}", &escape(api["info"]["version"].as_str().unwrap_or_default()))
        .replace("{{endpoints}}", &endpoints(api))
        .replace("{{codes}}", &codes())
        .replace("{{schemas}}", &schema_rows(schemas))
}

// Writing into a `String` cannot fail, so the results are dropped.

fn endpoints(api: &Value) -> String {
    let mut out = String::new();
    for (path, item) in api["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let text = |name: &str| operation[name].as_str().unwrap_or_default();
            let _ = write!(
                out,
                "<section class=\"endpoint\" id=\"{}\">\n<h3><span class=\"method\">{}</span> \
                 <code>{}</code></h3>\n<p class=\"summary\">{}</p>\n{}\n{}{}</section>\n",
                escape(text("operationId")),
                escape(&method.to_uppercase()),
                escape(path),
                both("span", text("summary"), " / "),
                both("p", text("description"), "\n\n"),
                parameters(operation),
                responses(operation),
            );
        }
    }
    out
}

fn parameters(operation: &Value) -> String {
    let mut rows = String::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let _ = writeln!(
            rows,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            escape(parameter["name"].as_str().unwrap_or_default()),
            escape(parameter["in"].as_str().unwrap_or_default()),
            both("span", parameter["description"].as_str().unwrap_or_default(), " / "),
        );
    }
    if rows.is_empty() { rows } else { inner_table(&rows) }
}

fn responses(operation: &Value) -> String {
    let mut rows = String::new();
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let types = response["content"].as_object().into_iter().flatten();
        let types: Vec<_> = types.map(|(name, _)| escape(name)).collect();
        let _ = writeln!(
            rows,
            "<tr><td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
            escape(status),
            both("span", response["description"].as_str().unwrap_or_default(), " / "),
            types.join(", "),
        );
    }
    inner_table(&rows)
}

fn inner_table(rows: &str) -> String {
    format!("<table class=\"inner\">\n{rows}</table>\n")
}

fn codes() -> String {
    let mut out = String::new();
    for &code in Code::ALL {
        let (actor_zh, actor_en) = match code.actor() {
            Actor::Integrator => ("集成方", "integrator"),
            Actor::Officer => ("经办人", "officer"),
            Actor::Operator => ("网关运营方", "operator"),
            Actor::Nobody => ("无需处理", "nobody"),
        };
        let retry = if code.retryable() { ("可重试", "retry") } else { ("", "") };
        let _ = writeln!(
            out,
            "<tr id=\"{0}\"><td><code>{0}</code></td><td>{1}</td><td>{2}</td><td>{3}</td><td>{4}</td></tr>",
            code.as_str(),
            StatusCode::from(status_of(code)).as_u16(),
            pair("span", code.title(Language::Zh), code.title(Language::En)),
            pair("span", actor_zh, actor_en),
            pair("span", retry.0, retry.1),
        );
    }
    out
}

fn schema_rows(schemas: &[&Document]) -> String {
    let mut out = String::new();
    for document in schemas {
        let _ = writeln!(
            out,
            "<tr><td><a href=\"{}\"><code>{}</code></a></td><td><code>{}</code></td>\
             <td><code class=\"digest\">{}</code></td></tr>",
            href(document.mt),
            escape(document.mt),
            escape(document.uri),
            document.sha256_hex(),
        );
    }
    out
}

/// A text that holds both languages, the Chinese one first; a text without them stands in both.
fn both(element: &str, text: &str, between: &str) -> String {
    let (zh, en) = text.split_once(between).unwrap_or((text, text));
    pair(element, zh, en)
}

fn pair(element: &str, zh: &str, en: &str) -> String {
    format!(
        "<{element} class=\"zh\" lang=\"zh-Hans\">{}</{element}>\
         <{element} class=\"en\" lang=\"en\">{}</{element}>",
        marked(zh),
        marked(en),
    )
}

/// Escaped text with `code` between back quotes.
fn marked(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escape(part);
        let _ =
            if index % 2 == 1 { write!(out, "<code>{part}</code>") } else { write!(out, "{part}") };
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            both("p", "甲 `<L>` / a \"b\" & c", " / "),
            "<p class=\"zh\" lang=\"zh-Hans\">甲 <code>&lt;L&gt;</code></p>\
             <p class=\"en\" lang=\"en\">a &quot;b&quot; &amp; c</p>"
        );
    }
}
