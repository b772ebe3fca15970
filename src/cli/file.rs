//! Files that a command reads: text, strict JSON that fits a schema, and words about what does not.

use std::io::{self, Read as _};
use std::path::Path;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::failure::{Exit, Failure, Outcome, describe};
use crate::domain::code::{Code, Refusal};
use crate::domain::time::reversed_period;
use crate::json::{Bounds, read};
use crate::schema::Registry;

/// Reads a text file; `-` is standard input.
pub fn read_input(file: &Path) -> Outcome<String> {
    String::from_utf8(read_bytes(file)?).map_err(|error| {
        let (line, byte) = place(error.as_bytes(), error.utf8_error().valid_up_to());
        let text = format!(
            "{}: 第 {line} 行，第 {byte} 字节不是 UTF-8，请另存为 UTF-8 / line {line}, byte {byte} is not \
             UTF-8: save the file as UTF-8",
            file.display()
        );
        Failure::text(Exit::Usage, text)
    })
}

/// Reads a file as it stands; `-` is standard input.
pub fn read_bytes(file: &Path) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    read.map_err(|error| unreadable(file, error))
}

/// Line and byte of an offset, both from 1.
fn place(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.split(|byte| *byte == b'\n').count();
    let last = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    (line, last.len() + 1)
}

fn unreadable(file: &Path, error: io::Error) -> Failure {
    let (zh, en) = match error.kind() {
        io::ErrorKind::NotFound => ("没有这个文件", "there is no such file"),
        io::ErrorKind::PermissionDenied => ("没有读取权限", "it may not be read"),
        io::ErrorKind::IsADirectory => ("是文件夹，不是文件", "it is a folder and no file"),
        _ => ("读取失败", "it cannot be read"),
    };
    let error = anyhow::Error::from(error).context(format!("{}: {zh} / {en}", file.display()));
    Failure::new(Exit::Usage, error).hint(
        "给出可读的文本文件，- 表示标准输入 / give a readable text file, or - for standard input",
    )
}

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

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_place_is_counted_from_one() {
        let text = b"ab\n\xffc\n";
        assert_eq!(
            [0, 2, 3, 4, 6].map(|at| place(text, at)),
            [(1, 1), (1, 3), (2, 1), (2, 2), (3, 1)]
        );
        assert_eq!(place(text, 99), (3, 1));
    }
}
