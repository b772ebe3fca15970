//! Refusals in words for the clerk who keeps the table: which column, what it should be. What services
//! expect of a place is a short English phrase or a schema keyword; here it is said in both languages.

use super::shape::Shape;
use crate::domain::text::Text;
use crate::schema::Registry;

/// Members of plain identifiers, which the connector turns into tokens: no message schema has them.
const IDENTIFIERS: [(&str, &str, &str); 8] = [
    ("document_type", "证件类型", "document type"),
    ("number", "证件号码", "document number"),
    ("nationality", "国籍", "nationality"),
    ("birth", "出生日期", "date of birth"),
    ("latin_name", "护照上的拉丁字母姓名", "name in Latin letters, as in the passport"),
    ("uscc", "统一社会信用代码", "unified social credit code"),
    ("property_unit", "不动产单元", "property unit"),
    ("state", "状态", "state"),
];

/// What is expected of a place, as connector, gateway and catalogue say it, and the same in Chinese.
const EXPECTED: [(&str, &str); 33] = [
    ("a body that fits its message type", "含有不可能的值（例如不存在的日期）"),
    ("a class of its scheme", "须为该体系的等级"),
    ("a date YYYY-MM-DD", "须为日期 YYYY-MM-DD"),
    (
        "a document type of persons: 111, 114, 414, 511, 516, 553",
        "须为个人证件类型：111、114、414、511、516、553",
    ),
    ("a document whose number stands for one person", "须为号码只属于一人的证件"),
    ("a grant of the sender", "须为本单位已登记的资助"),
    ("a new id", "编号已被使用"),
    ("a new voucher", "凭证号已被使用"),
    ("a period that ends no earlier than it begins", "结束不得早于开始"),
    ("a policy of the sender", "须为本单位的政策"),
    ("a published policy and version", "须为已发布的政策和版本"),
    ("a scheme of its authority", "须为该机关的体系"),
    ("a scheme of this kind of object", "须为该类对象的体系"),
    ("a scheme whose id begins with its authority", "体系编号须以所属机关开头"),
    ("a text, or derive (1 to 8 texts) and a short prefix", "须为文字，或由 1 至 8 项导出"),
    ("a whole number from 1", "须为不小于 1 的整数"),
    ("above the revision that was accepted", "须大于已受理的修订号"),
    ("active", "首次推送须为有效"),
    ("active, suspended or revoked", "须为 active、suspended 或 revoked"),
    ("an action that the state allows", "记录当前状态不允许此变更"),
    ("at most 1200 months", "不得超过 1200 个月"),
    ("entries that can hold together", "与其他各项矛盾"),
    (
        "issued from a district of the authority's region alone",
        "该机关的记录由其辖区内的单位报送时才可填“本机关作出”",
    ),
    ("left out: it follows from state", "不要填写，由状态推出"),
    ("months of the grant", "须为资助期内的月份"),
    ("months that are not paid yet", "这些月份已付足"),
    ("more than nothing", "须大于 0"),
    ("more than nothing, at most 10^11 fen in all", "须大于 0，合计不超过 10 亿元"),
    ("not in the future", "不得晚于今天"),
    ("once", "不得重复"),
    ("order", "结束不得早于开始"),
    ("reason and two operators", "须写理由，并由两名操作员确认"),
    ("the subject of the first revision", "须与首次登记的主体一致"),
];

/// The keyword of a schema, or the phrase of a service, in words. Chinese words are empty where there
/// are none: the title of the code then has to do.
pub fn wanted(expected: &str) -> Text {
    if let Ok(at) = EXPECTED.binary_search_by_key(&expected, |(en, _)| en) {
        let zh = EXPECTED.get(at).map_or("", |(_, zh)| zh);
        return Text::new(zh, format!("expected {expected}"));
    }
    let (keyword, rest) = expected.split_once(' ').unwrap_or((expected, ""));
    let (zh, en) = match keyword {
        "enum" | "const" => (format!("取值须为 {rest}"), format!("must be {rest}")),
        "maxLength" => (format!("不得超过 {rest} 个字符"), format!("at most {rest} characters")),
        "minLength" => (format!("不得少于 {rest} 个字符"), format!("at least {rest} characters")),
        "maximum" => (format!("不得大于 {rest}"), format!("at most {rest}")),
        "minimum" => (format!("不得小于 {rest}"), format!("at least {rest}")),
        "exclusiveMaximum" => (format!("须小于 {rest}"), format!("less than {rest}")),
        "exclusiveMinimum" => (format!("须大于 {rest}"), format!("more than {rest}")),
        "pattern" => ("格式不符".to_owned(), "not of the expected form".to_owned()),
        "format" if rest == "date" => ("须为日期".to_owned(), "must be a date".to_owned()),
        "format" => (format!("格式须为 {rest}"), format!("must be a {rest}")),
        "not" => ("不得含有个人信息".to_owned(), "must hold no personal data".to_owned()),
        "additionalProperties" | "unevaluatedProperties" => (
            "有不属于该类消息的字段".to_owned(),
            "holds members that the message type has not".to_owned(),
        ),
        "falseSchema" | "false" => ("此处不得填写".to_owned(), "must be left out".to_owned()),
        "type" => (format!("须为{}", kind_zh(rest)), format!("must be a {rest}")),
        _ if expected.split(", ").all(|part| !part.contains(' ')) => {
            (format!("须为 {}", expected.replace(", ", "、")), format!("must be {expected}"))
        }
        _ => (String::new(), format!("expected {expected}")),
    };
    Text::new(zh, en)
}

fn kind_zh(kind: &str) -> &str {
    match kind {
        "string" => "文字",
        "integer" | "number" => "整数",
        "boolean" => "是或否",
        "array" => "列表",
        "object" => "一组字段",
        other => other,
    }
}

/// Where the member lies that a violation is about, and whether it is missing: `required` stands at
/// the object that lacks it.
pub fn place(pointer: &str, expected: &str) -> (String, bool) {
    let pointer = pointer.strip_prefix("/body").unwrap_or(pointer);
    match expected.strip_prefix("required ") {
        Some(member) => (format!("{pointer}/{member}"), true),
        None => (pointer.to_owned(), expected == "required, a string"),
    }
}

/// A character by its name, where it cannot be seen.
pub fn character(c: char) -> Text {
    match c {
        '\n' | '\r' => Text::new("换行", "a line break"),
        '\t' => Text::new("制表符", "a tabulator"),
        ' ' => Text::new("空格", "a blank"),
        '\u{3000}' => Text::new("全角空格", "an ideographic blank"),
        c if c.is_whitespace() || c.is_control() || ('\u{200b}'..='\u{200f}').contains(&c) => {
            let code = format!("U+{:04X}", u32::from(c));
            Text::new(format!("不可见字符 {code}"), format!("the invisible character {code}"))
        }
        c => Text::new(format!("“{c}”"), format!("“{c}”")),
    }
}

/// Names of the members of one message type, as its schema gives them.
pub struct Names(Shape);

impl Names {
    /// Those of message type `mt`.
    pub fn new(schemas: &Registry, mt: &str) -> Self {
        Self(Shape::new(schemas, mt))
    }

    /// The name of the member at a pointer.
    pub fn of(&self, pointer: &str) -> Option<Text> {
        let last = pointer.rsplit('/').next().unwrap_or_default();
        let title = self.0.title(pointer).and_then(|title| title.split_once(" / "));
        if let Some((zh, en)) = title {
            return Some(Text::new(zh, en));
        }
        let (_, zh, en) = IDENTIFIERS.iter().find(|(name, ..)| *name == last)?;
        Some(Text::new(*zh, *en))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_in_order_and_said_in_one_language_each() {
        assert!(EXPECTED.is_sorted_by_key(|(en, _)| en));
        for (en, zh) in EXPECTED {
            assert_eq!(wanted(en).zh, zh);
        }
        for (expected, zh) in [
            ("pattern ^a$", "格式不符"),
            ("type integer", "须为整数"),
            ("2018, 2020", "须为 2018、2020"),
            ("a sentence that nobody has put into Chinese", ""),
        ] {
            assert_eq!(wanted(expected).zh, zh);
        }
    }

    #[test]
    fn members_have_the_names_of_their_schema() {
        let schemas = Registry::load().unwrap();
        let names = Names::new(&schemas, "certification/1");
        let zh = |pointer| names.of(pointer).map(|text| text.zh);
        assert_eq!(zh("/record").as_deref(), Some("记录编号"));
        assert_eq!(zh("/subject/birth").as_deref(), Some("出生日期"));
        assert!(zh("/validity/from").is_some() && zh("/members/0/role").is_some());
        assert_eq!(zh("/nothing/of/that/kind"), None);
    }

    #[test]
    fn what_is_required_is_named_itself() {
        assert_eq!(place("/body/basis", "required article"), ("/basis/article".into(), true));
        assert_eq!(place("/subject/birth", "required, a string"), ("/subject/birth".into(), true));
        assert_eq!(place("/body/class", "maxLength 9"), ("/class".into(), false));
    }
}
