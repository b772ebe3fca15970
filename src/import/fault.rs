//! What can be wrong with a row, in words for the clerk who keeps the table. Never holds the text of
//! a cell, at most the one character that is wrong in it: the report repeats the row itself.

use super::row::Plan;
use super::wording;
use crate::domain::code::{Code, Refusal};
use crate::domain::text::{Language, Text};

macro_rules! faults {
    ($($variant:ident $code:literal $zh:literal $en:literal;)*) => {
        /// Why a cell or a row was not taken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FaultKind { $(#[doc = $en] $variant,)* }

        impl FaultKind {
            /// Every kind, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code, beside those of [`crate::domain::code::Code`].
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The sentence in both languages.
            pub fn text(self) -> Text {
                match self { $(Self::$variant => Text::new($zh, $en),)* }
            }
        }
    };
}

faults! {
    Empty "cell-empty" "未填写" "the cell is empty";
    Unmapped "value-unmapped" "无法映射：对照表中没有该取值" "the text is not in the mapping's value map";
    NumberForText "number-for-text" "号码以数值保存，第15位以后的数字和首位的0可能已丢失：请把该列设为文本格式，按原件重新录入" "the number is stored as a numeric cell: digits after the 15th and leading zeros may be lost; enter it again as text";
    Scientific "number-scientific" "号码为科学计数法，部分数字已丢失：请把该列设为文本格式，按原件重新录入" "the number is in scientific notation and has lost digits; enter it again as text";
    Rounded "number-rounded" "18位号码末三位为000，疑似被Excel舍入：请按原件核对；确属原号的，在对照表中为该字段设 allow_trailing_zeros" "an 18-digit number ends in 000 and was probably rounded by Excel; compare it with the document";
    DateUnreadable "date-unreadable" "日期无法识别：请写成 2026-03-01、2026/3/1 或 2026年3月1日" "the date is not in a form that is known";
    DateNone "date-nonexistent" "日期不存在" "there is no such day";
    DateIncomplete "date-incomplete" "日期不完整，缺少月或日" "month or day is missing";
    DateOpen "date-open" "此处不能填长期" "an open end is not allowed here";
    DateTime "date-with-time" "日期带有时刻，请只保留日期" "a time of day stands beside the date";
    DateSerial "date-serial" "日期为数值序列，对照表未说明其起点（serial_dates）" "the date is a serial number and the mapping names no date system";
    DateFraction "date-fraction" "日期存为小数，十月的末位0会丢失（2024.10存为2024.1）：请把该列设为文本格式，写成 2024-10" "a date as a decimal number loses the last 0 of October (2024.10 becomes 2024.1); make the column text and write 2024-10";
    NumberUnreadable "number-unreadable" "不是整数" "not a whole number";
    TooPrecise "number-too-precise" "小数位过多，不能精确换算" "more decimals than can be kept exactly";
    AmountUnreadable "amount-unreadable" "金额无法识别：请填写数字，单位与对照表一致" "the sum cannot be read, or its unit is not that of the mapping";
    AmountNegative "amount-negative" "金额为负" "the sum is negative";
    PercentUnreadable "percent-unreadable" "百分比无法识别，或不是整数（0.2 可能是 20%，也可能是 0.2%）：请写成 20% 或 20" "the percentage cannot be read, or is not whole (0.2 may be 20% or 0.2%); write 20% or 20";
    PercentFormat "percent-format" "旧格式工作簿（.xls）中的数值不知是否按百分比显示：请另存为 .xlsx，或写成文本 20%" "how a number of an .xls workbook is shown is not known: save it as .xlsx, or write 20% as text";
    BooleanUnreadable "boolean-unreadable" "请填写 是 或 否" "write 是 or 否";
    Broken "cell-error" "单元格为错误值（如 #REF!、#N/A）" "the cell holds an error value";
    FormulaEmpty "formula-empty" "公式没有计算结果：请用Excel打开并保存一次，或改为数值" "the formula has no computed value";
    Merged "cell-merged" "合并单元格，只有首行有值：请取消合并并逐行填写" "a merged cell gives its value to the first row only; unmerge and fill every row";
    Columns "row-columns" "本行列数多于表头" "the row has more cells than the head";
    QuoteOpen "quote-open" "引号不成对，其后的行并入了本行的一个单元格：请在开头的引号所在处改正" "a quote is not closed, and the rows below lie in one cell of this row; mend it where it opens";
    Duplicate "row-duplicate" "业务编号与前面的行重复" "the record id occurs in an earlier row";
    Contradiction "row-contradiction" "同一业务编号的各行内容不同，均不发送：请核对后只留正确的一行" "rows of one record id say different things, and none is sent: keep the right one";
    EmptyRow "row-empty" "空行" "an empty row";
    TotalRow "row-total" "合计行，不导入" "a row of totals, not imported";
    NotSent "not-sent" "未处理：导入中断，请重新运行同一命令" "the import broke off before; run it again";
}

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The stable code.
    pub code: &'static str,
    /// In which column, where one can be named.
    pub column: Option<String>,
    /// What is wrong.
    pub text: Text,
}

impl Fault {
    /// A fault of a whole row.
    pub fn row(kind: FaultKind) -> Self {
        Self { code: kind.as_str(), column: None, text: kind.text() }
    }

    /// A fault in a column.
    pub fn cell(kind: FaultKind, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..Self::row(kind) }
    }

    /// A fault of a row that lies on these lines of the file, both included.
    pub fn lines(kind: FaultKind, column: Option<&str>, (first, last): (u64, u64)) -> Self {
        let Text { zh, en } = kind.text();
        let text = Text::new(
            format!("{zh}（第{first}至{last}行）"),
            format!("{en} (lines {first} to {last})"),
        );
        Self { code: kind.as_str(), column: column.map(str::to_owned), text }
    }

    /// What a connector or gateway refused, with the column and the name of each place. `odd` finds the
    /// character that keeps a member from its form.
    pub fn refused(
        refusal: &Refusal,
        plan: &Plan,
        odd: impl Fn(&str) -> Option<char>,
    ) -> Vec<Self> {
        let code = refusal.code;
        let title = Text::new(code.title(Language::Zh), code.title(Language::En));
        // The detail of a schema violation speaks of a whole request; any other says all.
        let detail = refusal.detail.as_ref().filter(|_| code != Code::SchemaViolation);
        if refusal.violations.is_empty() {
            let text = detail.cloned().unwrap_or(title);
            return vec![Self { code: code.as_str(), column: None, text }];
        }
        let faults = refusal.violations.iter().map(|violation| {
            let (pointer, missing) = wording::place(&violation.pointer, &violation.expected);
            let column = if missing { plan.column_at(&pointer) } else { plan.column_of(&pointer) };
            let said = match detail {
                _ if missing => both(&title, &lacking(column.is_some())),
                Some(detail) => detail.clone(),
                None => {
                    let by_form = violation.expected.starts_with("pattern");
                    let wanted = wording::wanted(&violation.expected);
                    match by_form.then(|| odd(&pointer)).flatten() {
                        Some(c) => both(&title, &both(&wanted, &without(c))),
                        None => both(&title, &wanted),
                    }
                }
            };
            // A place without a column is called by its name.
            let text = if column.is_some() || pointer.is_empty() {
                said
            } else {
                let name = plan.name_of(&pointer);
                let zh = format!("“{}”（{pointer}）：{}", name.zh, said.zh);
                Text::new(zh, format!("“{}” ({pointer}): {}", name.en, said.en))
            };
            Self { code: code.as_str(), column, text }
        });
        faults.collect()
    }

    /// The sentence with its column, for the report.
    pub fn zh(&self) -> String {
        match &self.column {
            Some(column) => format!("“{column}”：{}", self.text.zh),
            None => self.text.zh.clone(),
        }
    }
}

/// One sentence behind the other, in each language.
fn both(first: &Text, then: &Text) -> Text {
    let joined = |a: &str, b: &str, colon: &str| {
        if b.is_empty() { a.to_owned() } else { format!("{a}{colon}{b}") }
    };
    Text::new(joined(&first.zh, &then.zh, "："), joined(&first.en, &then.en, ": "))
}

/// A member is missing: its cell is empty, or the mapping has no column for it.
fn lacking(has_column: bool) -> Text {
    if has_column {
        Text::new("未填写，本行必填", "the cell is empty, and this row needs it")
    } else {
        Text::new("本行需要，对照表没有给出", "this row needs it, and the mapping does not give it")
    }
}

fn without(c: char) -> Text {
    let Text { zh, en } = wording::character(c);
    Text::new(format!("不能含有{zh}"), format!("it must not hold {en}"))
}
