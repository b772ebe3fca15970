//! `import`: tables of a district become records, through its connector.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::failure::{Exit, Failure, Outcome, describe};
use super::file::read_input;
use super::output::{Form, line, pairs, progress, table};
use crate::catalogue::Catalogue;
use crate::domain::ports::Clock as _;
use crate::import::{
    self, BATCH_ROWS, Connector, Encoding, ImportError, Job, Mapping, Options, SCHEMA, Summary,
};
use crate::net::client::Client;
use crate::schema::Registry;
use crate::service::StartError;
use crate::system::SystemClock;

/// Longest wait for the receipts of one batch, in seconds.
const WAIT_SECONDS_MAX: u64 = 600;

const EXAMPLES: &str = "\
Examples:
  talent-gateway import columns 台账.xlsx                      what is in the table
  talent-gateway import mapping --example certification > m.json   a mapping to start from
  talent-gateway import 台账.xlsx --mapping m.json --dry-run   check every row, send nothing
  talent-gateway import 台账.xlsx --mapping m.json \\
    --connector http://127.0.0.1:9101 --token-file op.token

The report lies beside the table (台账.结果.xlsx): a copy with 结果, 错误代码, 说明 and 位置 beside each
row, readable by its owner alone. Mend the rows in the report and import that: what was accepted is
known by its record id and content and is not sent again, what changed becomes the next revision.

Grants of the past had no hold, so each needs an override with a reason (a field for the place
/override/reason) and two operators. The first imports the table, and its rows wait (待复核); the
second runs the same command with --approve and a token of their own, once for the whole table.

Exit codes of import:
  0  every row was accepted, or is known and unchanged (dry run: every row is valid)
  1  the table broke off in the middle (damaged, too large)
  2  command line, mapping or table cannot be used; nothing was sent
  3  rows were refused by the connector or the gateway
  4  rows are wrong in the table; the others were sent
  5  the connector or the gateway did not answer for some rows: run the same command again; or
     rows wait for a second operator, who runs it with --approve";

/// Turn a table (CSV, Excel) into records, through the connector (导入)
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, args_conflicts_with_subcommands = true)]
#[command(subcommand_negates_reqs = true)]
pub struct Import {
    /// Table: CSV in UTF-8 or GB 18030, .xlsx or .xls
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Mapping file: which column becomes which member (docs/import.md)
    #[arg(long, value_name = "MAP.json", required = true)]
    mapping: Option<PathBuf>,
    /// The connector's address on this machine
    #[arg(long, value_name = "URL", required_unless_present = "dry_run", requires = "token_file")]
    connector: Option<String>,
    /// File with an operator's token
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Check every row and write the report, but connect to nobody
    #[arg(long)]
    dry_run: bool,
    /// Approve, as the second operator, what another one imported from this very table; sends
    /// nothing else (historical grants and other rows with an override)
    #[arg(long, conflicts_with = "dry_run")]
    approve: bool,
    /// Where to write the report; beside the table unless given
    #[arg(long, value_name = "REPORT")]
    out: Option<PathBuf>,
    /// Longest wait in seconds for the receipts of 200 rows; what has none yet is reported as 在途
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    #[arg(value_parser = clap::value_parser!(u64).range(0..=WAIT_SECONDS_MAX))]
    wait: u64,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// How to read the table.
#[derive(Debug, Default, Args)]
struct ReadingArgs {
    /// Sheet of the workbook; the mapping may name it
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Encoding of CSV; found out from the whole file unless given
    #[arg(long, value_enum)]
    encoding: Option<EncodingArg>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EncodingArg {
    /// With or without byte order mark
    #[value(name = "utf-8")]
    Utf8,
    /// Also GBK and GB 2312
    #[value(name = "gb18030")]
    Gb18030,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Print a mapping to start from
    Mapping {
        /// Record type: certification, qualification, affiliation, occupancy, fact, funding.grant,
        /// funding.payment
        #[arg(long, value_name = "TYPE")]
        example: String,
    },
    /// List the columns of a table with what seems to be in them; shows no cell
    Columns {
        /// The table
        file: PathBuf,
        /// Row of the heads, from 1
        #[arg(long, default_value_t = 1)]
        header_row: u64,
        #[command(flatten)]
        reading: ReadingArgs,
    },
}

impl Import {
    pub(super) async fn run(self, form: Form) -> Outcome {
        match self.verb {
            Some(Verb::Mapping { example }) => starter(&example),
            Some(Verb::Columns { file, header_row, reading }) => {
                let options = Options { header_row, ..reading.options() };
                columns(&file, &options, form)
            }
            None => self.import(form).await,
        }
    }

    async fn import(self, form: Form) -> Outcome {
        let schemas = Registry::load().map_err(StartError::from)?;
        let mapping = read_input(&self.mapping.clone().unwrap_or_default())?;
        let mapping = Mapping::parse(&mapping, &schemas).map_err(failed)?;
        let mut options = self.reading.options();
        options.sheet = options.sheet.or_else(|| mapping.sheet.clone());
        options.header_row = mapping.header_row.unwrap_or(1);
        options.delimiter = mapping.delimiter.map(import::Delimiter::byte);
        let connector = self.connector()?;
        let catalogue = Catalogue::embedded().map_err(anyhow::Error::from)?;
        let job = Job {
            file: self.file.unwrap_or_default(),
            mapping,
            options,
            report: self.out,
            connector,
            schemas: &schemas,
            catalogue: &catalogue,
            today: SystemClock.now().date_cst(),
        };
        let bar = progress(0, "rows");
        let told = |rows, about| {
            bar.set_length(about);
            bar.set_position(rows);
        };
        let done = import::run(&job, told).await;
        bar.finish_and_clear();
        let (summary, report, broken) = done.map_err(failed)?;
        let value = json!({ "counts": summary, "report": report, "dry_run": self.dry_run });
        form.print(&value, |_| words(&summary, &report.display().to_string()))?;
        ending(&summary, broken)
    }

    /// The connector to send to; none in a dry run.
    fn connector(&self) -> Outcome<Option<Connector>> {
        let Some(url) = self.connector.as_ref().filter(|_| !self.dry_run) else { return Ok(None) };
        let client = Client::loopback(url).map_err(|error| {
            Failure::new(Exit::Usage, error).hint(
                "identifiers go in the clear: the connector must listen on this machine, \
                 http://127.0.0.1:PORT",
            )
        })?;
        let token = read_input(&self.token_file.clone().unwrap_or_default())?;
        let patience = Duration::from_secs(self.wait);
        let (token, approve) = (token.trim().to_owned(), self.approve);
        Ok(Some(Connector { client, token, approve, patience }))
    }
}

impl ReadingArgs {
    fn options(&self) -> Options {
        let encoding = self.encoding.map(|encoding| match encoding {
            EncodingArg::Utf8 => Encoding::Utf8,
            EncodingArg::Gb18030 => Encoding::Gb18030,
        });
        Options { sheet: self.sheet.clone(), encoding, ..Options::default() }
    }
}

/// The example of the mapping's schema for a type.
fn starter(example: &str) -> Outcome {
    let registry = Registry::load().map_err(StartError::from)?;
    let schema = registry.get(SCHEMA).map_or("{}", |schema| schema.document.text);
    let schema: Value = serde_json::from_str(schema).map_err(anyhow::Error::from)?;
    let examples = schema["examples"].as_array().cloned().unwrap_or_default();
    let name = |mapping: &Value| {
        let mt = mapping["type"].as_str().unwrap_or_default();
        mt.split('/').next().unwrap_or_default().to_owned()
    };
    let asked = example.split('/').next().unwrap_or_default();
    if let Some(found) = examples.iter().find(|mapping| name(mapping) == asked) {
        return line(&serde_json::to_string_pretty(found).map_err(anyhow::Error::from)?);
    }
    let names: Vec<_> = examples.iter().map(name).collect();
    Err(Failure::text(Exit::Usage, format!("one of {}", names.join(", "))))
}

fn columns(file: &std::path::Path, options: &Options, form: Form) -> Outcome {
    let (columns, read_as) = import::columns(file, options).map_err(failed)?;
    form.print(&json!({ "read_as": read_as, "columns": columns }), |_| {
        let rows = columns.iter().map(|column| {
            vec![
                column.head.clone(),
                column.kinds.join(" "),
                column.filled.to_string(),
                column.formulas.to_string(),
                column.damaged.to_string(),
            ]
        });
        let heads = ["column", "kinds", "filled", "formulas", "digits lost"];
        format!("{read_as}\n{}", table(&heads, rows))
    })
}

fn words(summary: &Summary, report: &str) -> String {
    let counts = [
        ("校验通过 valid", summary.valid),
        ("已受理 accepted", summary.accepted),
        ("未变化 unchanged", summary.unchanged),
        ("在途 waiting", summary.waiting),
        ("待复核 parked", summary.parked),
        ("错误 faulty", summary.faulty),
        ("被拒绝 refused", summary.refused),
        ("跳过 skipped", summary.skipped),
        ("未处理 not sent", summary.not_sent),
    ];
    let counts = counts.into_iter().filter(|(_, n)| *n > 0).map(|(name, n)| (name, n.to_string()));
    let rows = std::iter::once(("行 rows", summary.rows.to_string()));
    let report = std::iter::once(("结果文件 report", report.to_owned()));
    let mut text = pairs(rows.chain(counts).chain(report));
    if !summary.codes.is_empty() {
        let codes = summary.codes.iter().map(|(code, n)| vec![code.clone(), n.to_string()]);
        text.push('\n');
        text.push_str(&table(&["code", "rows"], codes));
    }
    text
}

/// The exit code that the counts ask for, the most urgent first.
fn ending(summary: &Summary, broken: Option<ImportError>) -> Outcome {
    let again = format!(
        "run the same command again: what was accepted is not sent twice (batches of {BATCH_ROWS} rows)"
    );
    match broken {
        None => {}
        Some(
            error @ (ImportError::Unreachable(_)
            | ImportError::Refused(_)
            | ImportError::NotAConnector),
        ) => return Err(failed(error).hint(again)),
        Some(error) => {
            let hint = "the report says what became of the rows before that place";
            return Err(Failure::new(Exit::Failed, error).hint(hint));
        }
    }
    let (exit, text) = match summary {
        Summary { waiting: 1.., .. } => (Exit::Unreachable, "rows have no receipt yet"),
        Summary { refused: 1.., .. } => (Exit::Refused, "rows were refused"),
        Summary { faulty: 1.., .. } => (Exit::Unverified, "rows are wrong"),
        Summary { parked: 1.., .. } => (Exit::Unreachable, "rows wait for a second operator"),
        _ => return Ok(()),
    };
    let hint = match (summary.waiting, exit) {
        (1.., _) => again,
        (0, Exit::Unreachable) => {
            "another operator runs the same command with a token of their own and --approve".into()
        }
        _ => "mend the rows that the report names".into(),
    };
    Err(Failure::text(exit, text).hint(hint))
}

fn failed(error: ImportError) -> Failure {
    match error {
        ImportError::Refused(refusal) => Failure::text(Exit::Refused, describe(&refusal)),
        ImportError::Unreachable(error) => {
            Failure::new(Exit::Unreachable, error).hint("is the connector running?")
        }
        ImportError::Report => Failure::new(Exit::Failed, error),
        ImportError::NotAConnector => Failure::new(Exit::Unreachable, error),
        error => Failure::new(Exit::Usage, error),
    }
}
