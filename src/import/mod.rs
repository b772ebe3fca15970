//! Import: districts that keep their records in spreadsheets. A table (CSV, .xlsx, .xls) becomes
//! records of the connector by a mapping file, and every row gets its answer written beside it.
//!
//! Owns files, encodings, columns and the report. Leaves identifiers, schemas, revisions and sending
//! to `connector`: what is checked before sending is checked by its own code ([`rehearse`]).
//!
//! ```text
//! file ─ table ─▶ row ─ mapping ─▶ item ─ rehearse ─▶ batch ─ PUT ─▶ connector ─▶ gateway
//!                  └───────────── what became of it ─────────▶ report beside the file
//! ```
//!
//! Plain identifiers are read here and go to the connector on this machine alone; nothing of a row
//! appears on the screen, in errors or in logs.
//!
//! [`rehearse`]: crate::connector::rehearse

mod columns;
pub mod date;
mod fault;
mod identifier;
mod mapping;
mod number;
mod report;
mod row;
mod run;
mod send;
mod shape;
mod table;
mod twins;
mod wording;

pub use self::columns::{Column, columns};
pub use self::fault::{Fault, FaultKind};
pub use self::mapping::{Delimiter, Mapping, SCHEMA};
pub use self::report::ADDED;
pub use self::run::{BATCH_ROWS, Job, Summary, run};
pub use self::send::Connector;
pub use self::table::{COLUMNS_MAX, Encoding, FILE_BYTES_MAX, Options, ROWS_MAX};

use crate::domain::code::{Refusal, Violation};
use crate::net::client::ClientError;

/// Why a whole import stopped. Carries heads and places of the mapping, nothing of a row.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read or written.
    #[error("文件无法读写 / a file cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// Larger than the bounds.
    #[error(
        "表格过大 / the table is larger than {rows} rows, {columns} columns or {mib} MiB",
        rows = ROWS_MAX, columns = COLUMNS_MAX, mib = FILE_BYTES_MAX / 1024 / 1024
    )]
    TooLarge,
    /// Neither UTF-8 nor GB 18030, or not the encoding that was given.
    #[error("文件编码不符，应为 UTF-8 或 GB 18030 / the file is not well-formed in the encoding")]
    Encoding,
    /// UTF-16.
    #[error("文件为 UTF-16，请另存为“CSV UTF-8” / the file is UTF-16: save it as CSV UTF-8")]
    Utf16,
    /// Not a workbook or CSV file that can be read.
    #[error("文件损坏，或不是 CSV、xlsx、xls / the file is damaged, or no CSV, xlsx or xls")]
    Damaged,
    /// No row of heads.
    #[error("没有表头 / the table has no head")]
    NoHead,
    /// No sheet of that name, or several and none was named.
    #[error("请用 --sheet 指定工作表 / name a sheet with --sheet: {}", sheets.join(", "))]
    Sheet {
        /// Those that there are.
        sheets: Vec<String>,
    },
    /// The mapping is wrong.
    #[error("对照表有误 / the mapping is wrong: {}", told(places))]
    Mapping {
        /// Where, and what it should be.
        places: Vec<Violation>,
    },
    /// Columns of the mapping are missing or occur twice.
    #[error(
        "表头缺少列 / columns missing: [{}]; 列名重复 / more than once: [{}]",
        missing.join(", "), twice.join(", ")
    )]
    Columns {
        /// Not in the head.
        missing: Vec<String>,
        /// In the head more than once.
        twice: Vec<String>,
    },
    /// The report cannot be written.
    #[error("结果文件无法写入 / the report cannot be written")]
    Report,
    /// The operator's token is not one.
    #[error("操作员令牌格式有误 / the operator token is malformed")]
    Token,
    /// The connector does not answer.
    #[error("前置机无应答 / the connector does not answer: {0}")]
    Unreachable(ClientError),
    /// The connector refused the whole request.
    #[error("前置机拒绝 / the connector refused: {0}")]
    Refused(Refusal),
    /// Whatever answered is no connector.
    #[error("应答的不是前置机 / what answered is no connector")]
    NotAConnector,
}

fn told(places: &[Violation]) -> String {
    let places = places.iter().map(|v| format!("{} → {}", v.pointer, v.expected));
    places.collect::<Vec<_>>().join("; ")
}
