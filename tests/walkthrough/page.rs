//! The page: prose, and what went over the wire with names in place of tokens, ids and signatures.

use std::fmt::Write as _;

use serde_json::Value;

/// Shortest text in base64url that is a token or a digest of 32 bytes.
const BASE64_32_BYTES: usize = 43;

/// The document as it grows.
#[derive(Default)]
pub struct Page {
    text: String,
    /// Identifiers that never left the office, with what stands for them.
    secrets: Vec<(String, &'static str)>,
    /// Tokens and ids, each named where it first occurs.
    tokens: Vec<String>,
    ids: Vec<String>,
}

impl Page {
    /// Shows `name` wherever the identifier occurs.
    pub fn hide(&mut self, identifier: &str, name: &'static str) {
        self.secrets.push((identifier.to_owned(), name));
    }

    pub fn write(&mut self, prose: &str) {
        self.text.push_str(prose.trim());
        self.text.push_str("\n\n");
    }

    /// A block of JSON under a caption, or under the prose before it.
    pub fn json(&mut self, caption: &str, value: &Value) {
        let mut value = value.clone();
        self.mask("", &mut value);
        let json = serde_json::to_string_pretty(&value).unwrap();
        if !caption.is_empty() {
            self.write(caption);
        }
        write!(self.text, "```json\n{json}\n```\n\n").unwrap();
    }

    /// What an officer reads, as it stands on the screen.
    pub fn screen(&mut self, lines: &[String]) {
        write!(self.text, "```text\n{}\n```\n\n", lines.join("\n")).unwrap();
    }

    pub fn finish(self) -> String {
        for (secret, name) in &self.secrets {
            assert!(!self.text.contains(secret), "{name} is in the document");
        }
        format!("{}\n", self.text.trim_end())
    }

    fn mask(&mut self, key: &str, value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.iter_mut().for_each(|(key, member)| self.mask(key, member));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask(key, item)),
            Value::String(text) => {
                if let Some(masked) = self.masked(key, text) {
                    *text = masked;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn masked(&mut self, key: &str, text: &str) -> Option<String> {
        if let Some((_, name)) = self.secrets.iter().find(|(secret, _)| secret == text) {
            return Some(format!("〈{name}〉"));
        }
        if text.starts_with("eyJ") {
            return Some("〈签名原文，略〉".to_owned());
        }
        if text.starts_with("c2sp.org/tlog-proof") {
            return Some("〈存证证明，略〉".to_owned());
        }
        if text.parse::<uuid::Uuid>().is_ok() {
            return Some(format!("〈编号{}〉", number(&mut self.ids, text)));
        }
        let base64url = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if key == "token" {
            return Some(format!("〈令牌{}〉", number(&mut self.tokens, text)));
        }
        let digest = text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit());
        let digest = digest || (text.len() == BASE64_32_BYTES && text.chars().all(base64url));
        digest.then(|| "〈摘要〉".to_owned())
    }
}

/// The place of `text` among those seen, from 1.
fn number(seen: &mut Vec<String>, text: &str) -> usize {
    let place = seen.iter().position(|s| s == text).unwrap_or_else(|| {
        seen.push(text.to_owned());
        seen.len() - 1
    });
    place + 1
}
