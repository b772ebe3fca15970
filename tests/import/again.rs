//! The same table again: nothing twice, changes as revisions, and after a kill.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use talent_gateway::import::SCHEMA;
use talent_gateway::schema::Registry;

use crate::support::{HEAD, Local, file, numbers, records, row};
use crate::world::{WINDOW, World};

fn table(rows: &[String]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

#[tokio::test]
async fn unchanged_rows_are_skipped_and_changed_ones_become_the_next_revision() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let people = numbers(3);
    let mut rows: Vec<_> =
        people.iter().enumerate().map(|(i, n)| row(&format!("QP-{i}"), n, "D类")).collect();
    let path = file(&world, "t.csv", table(&rows));
    let (first, _, _) = local.import(&path).await;
    assert_eq!((first.accepted, first.unchanged), (3, 0));
    let (again, _, _) = local.import(&path).await;
    assert_eq!((again.accepted, again.unchanged), (0, 3));
    assert_eq!(world.logged("certification/1").await, 1, "one bulk message");

    // The order of rows does not matter; one is changed, one suspended. The connector starts anew.
    drop(local);
    let local = Local::start(&world).await;
    rows[1] = rows[1].replace("D类", "E类");
    rows[2] = rows[2].replace("有效", "暂停");
    rows.reverse();
    file(&world, "t.csv", table(&rows));
    let (changed, report, _) = local.import(&path).await;
    assert_eq!((changed.accepted, changed.unchanged), (2, 1), "{changed:?}");
    assert!(report.contains("已受理,,第2版") && report.contains("未变化,,第1版"), "{report}");
    let records = records(&world, "certification/1").await;
    let last: Vec<_> =
        records[3..].iter().map(|r| (r["revision"].as_u64(), r["action"].as_str())).collect();
    assert_eq!(last, [(Some(2), Some("suspend")), (Some(2), Some("amend"))]);

    // Revoked for good: what follows is refused, and nothing goes out.
    rows[0] = rows[0].replace("暂停", "撤销");
    file(&world, "t.csv", table(&rows));
    assert_eq!(local.import(&path).await.0.accepted, 1);
    rows[0] = rows[0].replace("撤销", "有效");
    file(&world, "t.csv", table(&rows));
    let (closed, report, _) = local.import(&path).await;
    assert_eq!((closed.refused, closed.unchanged), (1, 2), "{closed:?}");
    assert!(report.contains("record-closed"), "{report}");
}

#[tokio::test]
async fn ids_that_are_derived_stay_the_same_and_tell_nothing() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let number = &numbers(1)[0];
    let head = "证件类型,证件号码,数据日期,毕业日期,有效期至,学历,全日制";
    let text = format!("{head}\n居民身份证,{number},2026-01-01,2021年6月,,硕士研究生,是\n");
    let path = file(&world, "q.csv", text);
    let (first, report, _) = local.import_as("qualification/1", &path, 20).await;
    assert_eq!(first.accepted, 1, "{report}");
    let (again, _, _) = local.import_as("qualification/1", &path, 20).await;
    assert_eq!(again.unchanged, 1);
    let records = records(&world, "qualification/1").await;
    let id = records[0]["record"].as_str().unwrap();
    assert!(id.starts_with("XL-") && id.len() == 35 && !id.contains(&number[6..14]), "{id}");
    assert_eq!(records[0]["validity"]["from"], "2021-06-30");
}

#[tokio::test]
async fn while_the_gateway_is_down_rows_wait_and_are_not_stated_twice() {
    let mut world = World::new().await;
    let local = Local::start(&world).await;
    let people = numbers(3);
    let path = file(&world, "a.csv", table(&[row("QP-0", &people[0], "D类")]));
    assert_eq!(local.import(&path).await.0.accepted, 1);
    world.hub_down().await;
    let rows = [row("QP-0", &people[0], "D类"), row("QP-1", &people[1], "D类")];
    file(&world, "a.csv", table(&rows));
    for _ in 0..2 {
        let (down, report, _) = local.import_as("certification/1", &path, 1).await;
        assert_eq!((down.unchanged, down.waiting), (1, 1), "{down:?}");
        assert!(report.contains("在途") && report.contains("发件箱 "), "{report}");
    }
    // A change of what is under way has to wait for its turn.
    file(&world, "a.csv", table(&[rows[1].replace("D类", "E类")]));
    let (busy, _, _) = local.import_as("certification/1", &path, 1).await;
    assert_eq!(busy.codes.get("record-state"), Some(&1), "{busy:?}");
    world.hub_up().await;
    file(&world, "a.csv", table(&rows));
    let (up, _, _) = local.import_as("certification/1", &path, 60).await;
    assert_eq!(up.accepted + up.unchanged, 2, "{up:?}");
    assert_eq!(records(&world, "certification/1").await.len(), 2);
}

#[tokio::test]
async fn killed_in_the_middle_and_run_again_every_row_is_there_once() {
    const ROWS: usize = 450;
    let world = World::new().await;
    let local = Local::start(&world).await;
    let people = numbers(ROWS);
    assert_eq!(people.len(), ROWS);
    let rows: Vec<_> =
        people.iter().enumerate().map(|(i, n)| row(&format!("QP-{i}"), n, "D类")).collect();
    let path = file(&world, "big.csv", table(&rows));
    let schemas = Registry::load().unwrap();
    let schema: Value = serde_json::from_str(schemas.get(SCHEMA).unwrap().document.text).unwrap();
    let map = file(&world, "map.json", schema["examples"][0].to_string());
    let token = file(&world, "token", format!("{WINDOW}\n"));
    let import = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_talent-gateway"));
        command.args(["import", "--json", "--connector", &local.url]).arg(&path);
        command.arg("--mapping").arg(&map).arg("--token-file").arg(&token);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let mut child = import();
    while world.logged("certification/1").await == 0 && child.try_wait().unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let child = import();
    let done = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert_eq!(done.status.code(), Some(0), "{out} {err}");
    let counts: Value = serde_json::from_str(&out).unwrap();
    let n = |name: &str| counts["counts"][name].as_u64().unwrap();
    assert_eq!((n("rows"), n("accepted") + n("unchanged")), (450, 450), "{counts}");
    assert!(n("unchanged") >= 1, "{counts}");
    assert!(people.iter().all(|number| !out.contains(number) && !err.contains(number)));
    let records = records(&world, "certification/1").await;
    let ids: BTreeSet<_> = records.iter().map(|r| r["record"].as_str().unwrap()).collect();
    assert_eq!((records.len(), ids.len()), (ROWS, ROWS));
}
