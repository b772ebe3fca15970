use super::*;

fn written(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

const CONNECTOR: &str = r#"
id = "qingpu"
pinned = "../../pinned.json"

[listener]
address = "127.0.0.1:9101"

[gateway]
id = "gateway"
url = "https://localhost:8443"

[tokeniser]
id = "tokeniser"
url = "https://localhost:8444"

[client]
certificate = "tls.pem"
key = "tls.key"
roots = "../../pki/ca.pem"
crl = "/etc/crl.pem"

[keys]
message = { kid = "qingpu#message-1", file = "keys/message.pem" }

[operators]
file = "operators.json"

[store]
path = "connector.db"
"#;

#[test]
fn paths_start_at_the_file_and_a_folder_will_do() {
    let (folder, file) = written(CONNECTOR_FILE, CONNECTOR);
    let config: ConnectorConfig = load(&file).unwrap();
    assert_eq!(config.client.certificate, folder.path().join("tls.pem"));
    assert_eq!(config.client.crl, Path::new("/etc/crl.pem"));
    assert_eq!(config.telemetry, TelemetrySection::default());
    assert_eq!(load::<ConnectorConfig>(folder.path()).unwrap(), config);
}

#[test]
fn mistakes_are_shown_with_their_place_and_what_to_do() {
    let table = [
        ("id = \"qingpu\"", "id = \"Qing Pu\"", "2:6", "participant id", "correct"),
        ("[store]", "[store]\nsync = false", ":", "unknown field `sync`", "remove or correct"),
        ("path = \"connector.db\"", "", ":", "missing field `path`", "add that member"),
        ("127.0.0.1:9101", "127.0.0.1", "6:11", "socket address", "correct"),
        ("[operators]", "[operators", ":", "", "correct"),
        ("qingpu#message-1", "message-1", ":", "key id", "correct"),
    ];
    for (from, to, place, what, hint) in table {
        let text = CONNECTOR.replacen(from, to, 1);
        assert_ne!(text, CONNECTOR);
        let (_folder, file) = written(CONNECTOR_FILE, &text);
        let error = load::<ConnectorConfig>(&file).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(&format!("{CONNECTOR_FILE}:")), "{shown}");
        assert!(shown.contains(place) && shown.contains(what), "{shown}");
        assert!(error.hint().starts_with(hint), "{}", error.hint());
    }
    let missing = load::<ConnectorConfig>(Path::new("/nowhere/x.toml")).unwrap_err();
    assert!(missing.hint().contains("init DIR"));
}

#[test]
fn a_file_without_bounds_is_no_configuration() {
    let big = "#".repeat(usize::try_from(FILE_BYTES_MAX).unwrap() + 1);
    let (_folder, file) = written(CONNECTOR_FILE, &big);
    assert!(matches!(load::<ConnectorConfig>(&file), Err(ConfigError::TooLarge { .. })));
}

#[test]
fn a_notice_of_another_year_needs_no_release() {
    use crate::catalogue::Catalogue;
    use crate::domain::calendar::CalendarMissing;

    let folder = tempfile::tempdir().unwrap();
    let section = CalendarSection { folder: folder.path().to_owned() };
    let mut catalogue = Catalogue::clone(&Catalogue::embedded().unwrap());
    let shipped = catalogue.calendar.notices().last().unwrap().clone();
    let day = |year: i16| jiff::civil::date(year, 3, 1);
    let next = shipped.year + 1;
    let notice = |year: i16| {
        let holiday = |from: &str, until: &str| {
            serde_json::json!({ "name": { "zh": "元旦", "en": "New Year" },
                "from": format!("{year}-{from}"), "until": format!("{year}-{until}") })
        };
        serde_json::json!({ "year": year, "sources": ["测试〔1〕号"],
            "holidays": [holiday("01-01", "01-03")], "workdays": [] })
    };
    let write = |name: String, value: &serde_json::Value| {
        std::fs::write(folder.path().join(name), value.to_string()).unwrap();
    };
    let mut add = || {
        section.add_to(&mut catalogue)?;
        Ok::<_, ConfigError>(catalogue.calendar.is_working_day(day(next)))
    };
    std::fs::write(folder.path().join("README.md"), "notices").unwrap();
    assert_eq!(add().unwrap(), Err(CalendarMissing { year: next }), "nothing is there yet");
    write(format!("{next}.json"), &notice(next));
    assert_eq!(add().unwrap(), Ok(true));

    let mut faulty = notice(next);
    faulty["workdays"] = serde_json::json!([format!("{}-01-05", next + 1)]);
    let later = notice(next + 2);
    for (name, value, what) in [
        (format!("{next}.json"), faulty, "调休"),
        (format!("notice-{next}.json"), notice(next), "name it after its year"),
        (format!("{}.json", next + 2), later, "years that no notice speaks about"),
        (format!("{next}.json"), serde_json::json!({ "year": "x" }), "line 1"),
    ] {
        let kept = std::fs::read(folder.path().join(format!("{next}.json"))).unwrap();
        write(name.clone(), &value);
        let error = section.add_to(&mut Catalogue::clone(&Catalogue::embedded().unwrap()));
        let error = error.unwrap_err();
        assert!(error.to_string().contains(what) && error.to_string().contains(&name), "{error}");
        assert!(error.hint().contains("[calendar]"));
        std::fs::remove_file(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(format!("{next}.json")), kept).unwrap();
    }
    let missing = CalendarSection { folder: folder.path().join("none") };
    assert!(missing.add_to(&mut Catalogue::default()).unwrap_err().to_string().contains("none"));
}
