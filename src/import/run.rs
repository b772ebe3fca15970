//! One import, from the first row to the last line of the report.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::ImportError;
use super::fault::{Fault, FaultKind};
use super::mapping::Mapping;
use super::report::{Report, Verdict};
use super::row::{Converted, Plan};
use super::send::{Connector, Outcome, Standing};
use super::table::{Form, Options, Row, Table};
use super::twins::Twins;
use super::wording::Names;
use crate::catalogue::Catalogue;
use crate::connector;
use crate::domain::code::Refusal;
use crate::domain::registry::MessageType;
use crate::schema::Registry;

/// Rows that are put at once: with four identifiers each well below what one request may hold, and
/// few enough that a kill loses little of the report.
pub const BATCH_ROWS: usize = 200;

/// Most different characters of a cell that are tried when its form is wrong.
const ODD_CHARACTERS_MAX: usize = 64;

/// What to import.
pub struct Job<'a> {
    /// The table.
    pub file: PathBuf,
    /// Which column is what.
    pub mapping: Mapping,
    /// How to read the table.
    pub options: Options,
    /// Where the report goes; beside the table when absent.
    pub report: Option<PathBuf>,
    /// Where to send; `None` for a dry run, which sends nothing at all.
    pub connector: Option<Connector>,
    /// The schemas of this release.
    pub schemas: &'a Registry,
    /// Its catalogue, which knows schemes and classes.
    pub catalogue: &'a Catalogue,
    /// Today, against which birth dates are checked.
    pub today: Date,
}

/// Counts of an import; nothing of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows below the head.
    pub rows: u64,
    /// Valid, in a dry run.
    pub valid: u64,
    /// Accepted by the gateway, with a verified receipt.
    pub accepted: u64,
    /// Accepted before with the same content.
    pub unchanged: u64,
    /// Durable at the connector, without a receipt yet.
    pub waiting: u64,
    /// Durable at the connector until a second operator approves them.
    pub parked: u64,
    /// Wrong in the table; not sent.
    pub faulty: u64,
    /// Refused by connector or gateway.
    pub refused: u64,
    /// Blank rows and rows of totals.
    pub skipped: u64,
    /// Not looked at, because the import broke off.
    pub not_sent: u64,
    /// Rows by code of what was wrong.
    pub codes: BTreeMap<String, u64>,
}

/// A row and what is known of it so far.
struct Pending {
    row: Row,
    item: Option<Value>,
    verdict: Verdict,
}

struct Import<'a> {
    plan: Plan,
    ty: MessageType,
    job: &'a Job<'a>,
    report: Report,
    summary: Summary,
    /// Rows that bear one id.
    twins: Twins,
    batch: Vec<Pending>,
    /// Why nothing is sent any more.
    broken: Option<ImportError>,
}

/// Imports a table; `progress` is told how many of about how many rows are done.
///
/// # Errors
/// [`ImportError`] when nothing could be done at all. When the connection or the table breaks off in
/// the middle the report is completed all the same, and the error comes with the counts.
pub async fn run(
    job: &Job<'_>,
    progress: impl Fn(u64, u64),
) -> Result<(Summary, PathBuf, Option<ImportError>), ImportError> {
    let mut table = Table::open(&job.file, &job.options)?;
    let ty = job.mapping.message_type()?;
    let names = Names::new(job.schemas, &job.mapping.mt);
    let plan = Plan::new(job.mapping.clone(), &table, names)?;
    let report = job.report.clone().unwrap_or_else(|| report_beside(&job.file, table.form));
    if report == job.file {
        return Err(ImportError::Report);
    }
    let twins = Twins::find(&mut table, &plan);
    // Read again from its first row; a workbook lies in memory as a whole, and once is enough.
    drop(table);
    let mut table = Table::open(&job.file, &job.options)?;
    let about = table.rows_about;
    let report = Report::create(&report, table.form, &table.heads)?;
    let mut import = Import {
        plan,
        ty,
        job,
        report,
        summary: Summary::default(),
        twins,
        batch: Vec::new(),
        broken: None,
    };
    loop {
        match table.next() {
            Ok(Some(row)) => import.take(row),
            Ok(None) => break,
            // What was sent is sent: the report says so up to here.
            Err(error) => {
                import.broken.get_or_insert(error);
                break;
            }
        }
        if import.batch.len() >= BATCH_ROWS {
            import.flush().await?;
            progress(import.summary.rows, about);
        }
    }
    import.flush().await?;
    let Import { report, summary, broken, .. } = import;
    Ok((summary, report.finish()?, broken))
}

impl Import<'_> {
    /// Reads a row as far as that goes without the connector.
    fn take(&mut self, row: Row) {
        self.summary.rows += 1;
        if let Some(kind) = self.plan.skips(&row) {
            self.summary.skipped += 1;
            let verdict = self.told("跳过", &[Fault::row(kind)]);
            self.batch.push(Pending { row, item: None, verdict });
            return;
        }
        let Converted { item, mut remarks } = self.plan.convert(&row);
        let checked = item.and_then(|item| self.check(&row, item));
        let (item, mut verdict) = match checked {
            Ok((item, said)) => {
                remarks.extend(said);
                (Some(item), Verdict::default())
            }
            Err(faults) => {
                self.summary.faulty += 1;
                (None, self.told("错误", &faults))
            }
        };
        add(&mut verdict.text, &remarks);
        self.batch.push(Pending { row, item, verdict });
    }

    /// The connector's own checks, and that no other row is the same record; with what the
    /// connector has to say about identifiers that it takes.
    fn check(&self, row: &Row, item: Value) -> Result<(Value, Vec<String>), Vec<Fault>> {
        let remarks = self.rehearse(item.clone()).map_err(|refusal| {
            Fault::refused(&refusal, &self.plan, |at| self.odd_character(&item, at))
        })?;
        match self.twins.fault(&self.plan, row) {
            None => Ok((item, remarks.iter().map(|remark| self.said(remark)).collect())),
            Some(fault) => Err(vec![fault]),
        }
    }

    fn rehearse(&self, item: Value) -> Result<Vec<connector::Remark>, Refusal> {
        let Job { schemas, catalogue, today, .. } = *self.job;
        connector::rehearse(schemas, catalogue, self.ty, item, today)
    }

    /// The character without which the member at a pointer has the form that its schema asks for.
    fn odd_character(&self, item: &Value, pointer: &str) -> Option<char> {
        let text = item.pointer(pointer)?.as_str()?;
        let mut tried = BTreeSet::new();
        let mut each = text.chars().filter(|c| tried.insert(*c)).take(ODD_CHARACTERS_MAX);
        each.find(|c| {
            let mut other = item.clone();
            if let Some(place) = other.pointer_mut(pointer) {
                *place = Value::from(text.replace(*c, ""));
            }
            let left = self.rehearse(other).err().map_or_else(Vec::new, |r| r.violations);
            !left.iter().any(|violation| violation.pointer == pointer)
        })
    }

    /// A remark of the connector in words: the column, 提示 or 异常, the sentence.
    fn said(&self, remark: &connector::Remark) -> String {
        let places = ["/number", "/uscc", ""].iter();
        let mut columns =
            places.map(|end| self.plan.column_of(&format!("{}{end}", remark.pointer)));
        let column = columns.find_map(|found| found);
        let column = column.map_or(String::new(), |head| format!("“{head}”"));
        let (severity, text) = (remark.notice.severity().text(), remark.notice.text());
        format!("{column}{}：{}", severity.zh, text.zh)
    }

    /// Sends the items of the batch and writes its rows into the report.
    async fn flush(&mut self) -> Result<(), ImportError> {
        let mut batch = std::mem::take(&mut self.batch);
        let mut items = Vec::new();
        let mut places = Vec::new();
        for (place, pending) in batch.iter_mut().enumerate() {
            if let Some(item) = pending.item.take() {
                items.push(item);
                places.push(place);
            }
        }
        let outcomes = self.send(&items).await;
        for (n, place) in places.into_iter().enumerate() {
            let verdict = match &outcomes {
                None => self.valid(),
                Some(outcomes) => self.judged(outcomes.get(n)),
            };
            if let Some(pending) = batch.get_mut(place) {
                let remarks = std::mem::replace(&mut pending.verdict, verdict).text;
                add(&mut pending.verdict.text, &[remarks]);
            }
        }
        for pending in &batch {
            self.report.row(&pending.row, &pending.verdict)?;
        }
        Ok(())
    }

    /// `None` in a dry run; nothing for an item that could not be sent.
    async fn send(&mut self, items: &[Value]) -> Option<Vec<Outcome>> {
        let connector = self.job.connector.as_ref()?;
        if items.is_empty() || self.broken.is_some() {
            return Some(Vec::new());
        }
        match connector.put(self.ty, items).await {
            Ok(outcomes) => Some(outcomes),
            Err(error) => {
                self.broken = Some(error);
                Some(Vec::new())
            }
        }
    }

    fn valid(&mut self) -> Verdict {
        self.summary.valid += 1;
        Verdict { outcome: "校验通过", ..Verdict::default() }
    }

    fn judged(&mut self, outcome: Option<&Outcome>) -> Verdict {
        let Some(outcome) = outcome else {
            self.summary.not_sent += 1;
            return self.told("未处理", &[Fault::row(FaultKind::NotSent)]);
        };
        let place = match (outcome.position, outcome.outbox) {
            (Some(position), _) => format!("日志 {position}"),
            (None, Some(outbox)) => format!("发件箱 {outbox}"),
            (None, None) => String::new(),
        };
        let revision = outcome.revision.map_or(String::new(), |n| format!("第{n}版"));
        let mut verdict = match outcome.standing {
            Standing::Accepted => {
                self.summary.accepted += 1;
                Verdict { outcome: "已受理", text: revision, ..Verdict::default() }
            }
            Standing::Unchanged => {
                self.summary.unchanged += 1;
                Verdict { outcome: "未变化", text: revision, ..Verdict::default() }
            }
            Standing::Waiting => {
                self.summary.waiting += 1;
                let text = "已存入发件箱，尚无回执：稍后重新运行可查看结果".to_owned();
                Verdict { outcome: "在途", text, ..Verdict::default() }
            }
            Standing::Parked => {
                self.summary.parked += 1;
                let text = "须由另一名操作员复核：以其令牌加 --approve 运行同一命令".to_owned();
                Verdict { outcome: "待复核", text, ..Verdict::default() }
            }
            Standing::Refused => {
                self.summary.refused += 1;
                let faults = outcome
                    .problem
                    .as_ref()
                    .map_or_else(Vec::new, |problem| Fault::refused(problem, &self.plan, |_| None));
                self.told("被拒绝", &faults)
            }
        };
        verdict.place = place;
        verdict
    }

    /// The verdict about a row with faults; counts their codes, each once.
    fn told(&mut self, outcome: &'static str, faults: &[Fault]) -> Verdict {
        let mut codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in &codes {
            *self.summary.codes.entry((*code).to_owned()).or_default() += 1;
        }
        let text: Vec<_> = faults.iter().map(Fault::zh).collect();
        Verdict { outcome, codes: codes.join(" "), text: text.join("；"), place: String::new() }
    }
}

fn add(text: &mut String, more: &[String]) {
    for more in more.iter().filter(|more| !more.is_empty()) {
        if !text.is_empty() {
            text.push('；');
        }
        text.push_str(more);
    }
}

/// Where the report lies unless another place is named: `名单.结果.csv` for `名单.csv`.
fn report_beside(file: &Path, form: Form) -> PathBuf {
    file.with_extension(match form {
        Form::Csv(_) => "结果.csv",
        Form::Excel { .. } => "结果.xlsx",
    })
}
