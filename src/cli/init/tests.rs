use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::*;
use crate::config::{self, CalendarSection, ConnectorConfig, GatewayConfig, TokeniserConfig};
use crate::service::{StartError, open_gateway};

async fn made(folder: &Path) -> Installation {
    install(folder, PortPlan::Usual, &system_ports(), |_| {}).await.unwrap()
}

#[tokio::test]
async fn an_installation_is_whole_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let installation = made(folder.path()).await;
    assert_eq!(installation.districts.len(), 6);

    let mut config: GatewayConfig = config::load(folder.path()).unwrap();
    config.calendar = Some(CalendarSection { folder: folder.path().join("none") });
    let refused = open_gateway(&config, system_ports()).err();
    assert!(
        matches!(refused, Some(StartError::Config(_))),
        "nobody would notice a missing calendar"
    );
    config.calendar = None;
    let gateway = open_gateway(&config, system_ports()).unwrap();
    let directory = gateway.directory();
    assert_eq!(directory.participants().count(), 8);
    assert_eq!(directory.agreements().len(), 6);
    assert!(directory.has_epoch(1));
    assert!(gateway.check_rebuild().await.unwrap().is_empty());

    config::load::<TokeniserConfig>(&folder.path().join("tokeniser")).unwrap();
    for id in installation.districts {
        let own = folder.path().join("districts").join(id);
        let connector: ConnectorConfig = config::load(&own).unwrap();
        assert_eq!(connector.id.as_str(), id);
    }
}

#[tokio::test]
async fn what_is_private_is_for_the_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path()).await;
    renew(folder.path(), &system_ports()).unwrap();
    let mut private = 0;
    let mut open = vec![folder.path().to_owned()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let secret = String::from_utf8_lossy(&text).contains("PRIVATE KEY")
                || ["vault.key", "pseudonym.key", "oprf.seed", "operators.txt", "gateway.db"]
                    .contains(&name.as_str());
            if secret {
                private += 1;
                let mode = path.metadata().unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{}", path.display());
            }
        }
    }
    // 4 + 1 signing keys of the services, 6 of districts, 4 secrets, 1 database, 6 token lists,
    // the CA's key, 3 + 6 TLS keys.
    assert_eq!(private, 5 + 6 + 3 + 1 + 6 + 1 + 9);
}
