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
