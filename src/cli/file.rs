//! Files that a command reads: strict JSON that fits a schema, and words about what does not.

use std::path::Path;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::failure::{Exit, Failure, Outcome, describe};
use super::session::read_input;
use crate::domain::code::{Code, Refusal};
use crate::domain::time::reversed_period;
use crate::json::{Bounds, read};
use crate::schema::Registry;

/// Reads JSON as strictly as the gateway does; `-` is standard input.
pub fn read_json(file: &Path) -> Outcome<Value> {
    let text = read_input(file)?;
    read(text.as_bytes(), &Bounds::BULK).map_err(|refusal| {
        let wrong = wrong(file, &[refusal]);
        match serde_json::from_str::<IgnoredAny>(&text) {
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                wrong.hint(format!("第 {line} 行第 {column} 列 / line {line}, column {column}"))
            }
            Ok(_) => wrong,
        }
    })
}

/// Reads a file that fits a schema, such as `case/1`.
pub fn read_as<T: DeserializeOwned>(file: &Path, schema: &str) -> Outcome<T> {
    let value = read_json(file)?;
    let registry = Registry::load().map_err(anyhow::Error::from)?;
    fits(&registry, schema, &value, "").map_err(|refusal| wrong(file, &[refusal]))?;
    typed(value, "").map_err(|refusal| wrong(file, &[refusal]))
}

/// Does a part of a file, at `place`, fit a schema?
pub fn fits(registry: &Registry, schema: &str, value: &Value, place: &str) -> Result<(), Refusal> {
    let Some(schema) = registry.get(schema) else { return Ok(()) };
    schema.validate(value).map_err(|violations| {
        let mut refusal = Refusal::new(Code::SchemaViolation);
        refusal.violations = violations;
        refusal.moved(place)
    })
}

/// What a schema cannot say is said here.
pub fn typed<T: DeserializeOwned>(value: Value, place: &str) -> Result<T, Refusal> {
    let reversed = reversed_period(&value);
    serde_json::from_value(value).map_err(|error| match reversed {
        Some(at) => Refusal::new(Code::DateImpossible)
            .at(format!("{place}{at}"), "a period that ends no earlier than it begins"),
        None => Refusal::new(Code::SchemaViolation).at(place, error.to_string()),
    })
}

/// The file and everything that is wrong with it.
pub fn wrong(file: &Path, refusals: &[Refusal]) -> Failure {
    let found: Vec<_> = refusals.iter().map(describe).collect();
    Failure::text(Exit::Usage, format!("{}: {}", file.display(), found.join("\n")))
}
