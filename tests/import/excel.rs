//! Workbooks and their traps.

use std::path::PathBuf;

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::support::{HEAD, Local, file, imported, numbers, records};
use crate::world::World;

/// A row with real dates; `number` as text.
fn write(sheet: &mut Worksheet, row: u32, id: &str, number: &str) {
    let day = Format::new().set_num_format("yyyy/m/d");
    let texts = [id, "有效", "居民身份证", number, "C-1", "", "", "长期", "D类", "附件4 一（一）4"];
    for (column, text) in (0_u16..).zip(texts).filter(|(_, text)| !text.is_empty()) {
        sheet.write_string(row, column, text).unwrap();
    }
    let date = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
    sheet.write_datetime_with_format(row, 5, &date, &day).unwrap();
    sheet.write_number(row, 6, 46_082).unwrap();
}

fn workbook(world: &World, fill: impl FnOnce(&mut Worksheet)) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in (0_u16..).zip(HEAD.split(',')) {
        sheet.write_string(0, column, head).unwrap();
    }
    fill(sheet);
    let path = world.dir.path().join("台账.xlsx");
    book.save(&path).unwrap();
    path
}

#[tokio::test]
async fn a_workbook_is_read_with_its_dates_and_without_its_damage() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let people = numbers(6);
    let path = workbook(&world, |sheet| {
        write(sheet, 1, "QP-1", &people[0]);
        // The number as a number: Excel has kept 15 digits.
        write(sheet, 2, "QP-2", &people[1]);
        sheet.write_number(2, 3, 310_118_199_001_010_011.0).unwrap();
        // A formula with a computed value, and one without.
        write(sheet, 3, "QP-3", &people[2]);
        sheet.write_formula(3, 8, Formula::new("=\"D\"&\"类\"").set_result("D类")).unwrap();
        // A class that is merged over two rows.
        write(sheet, 5, "QP-4", &people[3]);
        write(sheet, 6, "QP-5", &people[4]);
        sheet.write_blank(6, 8, &Format::new()).unwrap();
        sheet.merge_range(5, 8, 6, 8, "D类", &Format::new()).unwrap();
        sheet.write_string(7, 0, "合 计").unwrap();
    });
    let (summary, _, broken) = local.import(&path).await;
    assert!(broken.is_none());
    assert_eq!((summary.accepted, summary.faulty, summary.skipped), (3, 2, 2), "{summary:?}");
    for code in ["number-for-text", "cell-merged", "row-total", "row-empty"] {
        assert_eq!(summary.codes.get(code), Some(&1), "{code} {summary:?}");
    }
    let records = records(&world, "certification/1").await;
    assert_eq!(records[0]["validity"], serde_json::json!({"from": "2026-03-01"}));
    assert_eq!(records[0]["attestation"]["as_of"], "2026-03-01");

    let mut report: Xlsx<_> = open_workbook(path.with_extension("结果.xlsx")).unwrap();
    let cells = report.worksheet_range_at(0).unwrap().unwrap();
    let text = |row, column| cells.get_value((row, column)).cloned().unwrap_or(Data::Empty);
    assert_eq!(text(0, 11), Data::String("结果".to_owned()));
    assert_eq!(text(1, 3), Data::String(people[0].clone()), "numbers stay text");
    assert_eq!(text(1, 11), Data::String("已受理".to_owned()));
    assert!(text(3, 13).to_string().contains("“认定等级”为公式"), "{:?}", text(3, 13));
    assert_eq!(text(2, 12), Data::String("number-for-text".to_owned()));

    let (again, _, _) = local.import(&path).await;
    assert_eq!((again.accepted, again.unchanged), (0, 3), "{again:?}");
}

/// `1904.xls` holds two rows of the head above: dates of the 1904 system, as date and as bare number,
/// and in the second row the number as a number.
#[tokio::test]
async fn old_workbooks_and_the_1904_system() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let path = file(&world, "old.xls", include_bytes!("1904.xls"));
    let (summary, _, _) = local.import(&path).await;
    assert_eq!((summary.accepted, summary.faulty), (1, 1), "{summary:?}");
    assert_eq!(summary.codes.get("number-for-text"), Some(&1));
    let records = records(&world, "certification/1").await;
    assert_eq!(records[0]["validity"]["from"], "2026-03-01");
    assert_eq!(records[0]["attestation"]["as_of"], "2026-03-01");
    assert!(path.with_extension("结果.xlsx").exists());
}

#[tokio::test]
async fn several_sheets_ask_for_a_name() {
    let world = World::new().await;
    let mut book = Workbook::new();
    book.add_worksheet().set_name("一月").unwrap();
    book.add_worksheet().set_name("二月").unwrap();
    let path = world.dir.path().join("two.xlsx");
    book.save(&path).unwrap();
    let error = imported("certification/1", &path, None).await.unwrap_err().to_string();
    assert!(error.contains("一月, 二月"), "{error}");
    std::fs::write(&path, b"PK\x03\x04 no workbook").unwrap();
    assert!(imported("certification/1", &path, None).await.is_err());
}

/// A workbook with one row of cells that are numbers, under the heads of an example mapping.
fn numbers_under(
    world: &World,
    heads: &[&str],
    texts: &[&str],
    numbers: &[(u16, f64, &str)],
) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, (head, text)) in (0_u16..).zip(heads.iter().zip(texts)) {
        sheet.write_string(0, column, *head).unwrap();
        if !text.is_empty() {
            sheet.write_string(1, column, *text).unwrap();
        }
    }
    for (column, number, format) in numbers {
        let format = Format::new().set_num_format(*format);
        sheet.write_number_with_format(1, *column, *number, &format).unwrap();
    }
    let path = world.dir.path().join("数.xlsx");
    book.save(&path).unwrap();
    path
}

#[tokio::test]
async fn cells_count_as_they_are_shown() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let person = &numbers(1)[0];
    let heads = [
        "入住编号",
        "证件类型",
        "证件号码",
        "房屋编号",
        "数据日期",
        "入住日期",
        "退房日期",
        "住房类型",
        "租金优惠",
    ];
    for (id, discount, format, taken) in [
        // No rent at all is beyond the schema; it was taken for a discount of 1%.
        ("R-1", 1.0, "0%", None),
        ("R-2", 0.2, "0%", Some(20)),
        ("R-3", 0.07, "0.00%", Some(7)),
        ("R-4", 20.0, "General", Some(20)),
        ("R-5", 0.2, "General", None),
        ("R-6", 0.125, "0.0%", None),
    ] {
        let texts = [id, "居民身份证", person, "", "2026-03-01", "", "", "人才公寓", ""];
        let cells = [(5, 46_082.0, "yyyy/m/d"), (8, discount, format)];
        let path = numbers_under(&world, &heads, &texts, &cells);
        let (summary, _, _) = local.import_as("occupancy/1", &path, 20).await;
        assert_eq!(summary.accepted, u64::from(taken.is_some()), "{id} {summary:?}");
        if let Some(percent) = taken {
            let last = records(&world, "occupancy/1").await.pop().unwrap();
            assert_eq!((&last["record"], &last["discount_percent"]), (&id.into(), &percent.into()));
        }
    }
    // Months: typed as a number, and as a day that is shown without its day.
    let heads = ["证件类型", "证件号码", "数据日期", "毕业日期", "学历", "全日制"];
    let texts = ["居民身份证", person, "2026-03-01", "", "硕士研究生", "是"];
    for (number, format) in [(201_006.0, "General"), (40_330.0, "yyyy\"年\"m\"月\"")] {
        let path = numbers_under(&world, &heads, &texts, &[(3, number, format)]);
        let (summary, _, _) = local.import_as("qualification/1", &path, 20).await;
        assert_eq!(summary.accepted + summary.unchanged, 1, "{format} {summary:?}");
        let last = records(&world, "qualification/1").await.pop().unwrap();
        assert_eq!(last["validity"]["from"], "2010-06-30", "{format}");
    }
    let path = numbers_under(&world, &heads, &texts, &[(3, 2024.1, "0.00")]);
    let (summary, _, _) = local.import_as("qualification/1", &path, 20).await;
    assert_eq!(summary.codes.get("date-fraction"), Some(&1), "{summary:?}");
}
