//! What an installation consists of: who takes part, on which ports.

use std::net::{Ipv4Addr, SocketAddr};

use crate::domain::id::region::FOUNDING_DISTRICTS;
use crate::domain::text::Text;

/// Participant id of the gateway.
pub const GATEWAY: &str = "gateway";
/// Participant id of the tokeniser.
pub const TOKENISER: &str = "tokeniser";
/// Origin of a development log.
pub const ORIGIN: &str = "gateway.talent.example/log";

/// The ports of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// Gateway 8443, operations 8081, tokeniser 8444, connectors 9101 to 9106.
    Usual,
    /// Any free ones, told when a role starts.
    Free,
    /// Gateway at the base, operations +1, tokeniser +2, connectors from +11 on.
    From(u16),
}

impl Ports {
    /// From `--port-base`.
    pub fn of(base: Option<u16>) -> Self {
        match base {
            None => Self::Usual,
            Some(0) => Self::Free,
            Some(base) => Self::From(base),
        }
    }

    /// Where participants reach the gateway.
    pub fn gateway(self) -> SocketAddr {
        self.address(8443, 0)
    }

    /// Where monitoring reaches it.
    pub fn operations(self) -> SocketAddr {
        self.address(8081, 1)
    }

    /// Where participants reach the tokeniser.
    pub fn tokeniser(self) -> SocketAddr {
        self.address(8444, 2)
    }

    /// Where the systems of the `n`-th district (from 0) reach its connector.
    pub fn connector(self, n: u16) -> SocketAddr {
        self.address(9101 + n, 11 + n)
    }

    fn address(self, usual: u16, offset: u16) -> SocketAddr {
        let port = match self {
            Self::Usual => usual,
            Self::Free => 0,
            Self::From(base) => base.saturating_add(offset),
        };
        (Ipv4Addr::LOCALHOST, port).into()
    }
}

/// A district office of the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// Its participant id.
    pub id: &'static str,
    /// GB/T 2260 code.
    pub region: String,
    /// Name of the office, which is invented.
    pub name: Text,
    /// Its contact, which leads nowhere (RFC 2606).
    pub contact: String,
}

/// The six founding districts. The offices are invented, the districts and their codes are not.
pub fn districts() -> Vec<District> {
    const NAMES: [(&str, &str); 6] = [
        ("青浦区", "Qingpu"),
        ("嘉善县", "Jiashan"),
        ("吴江区", "Wujiang"),
        ("长宁区", "Changning"),
        ("虹口区", "Hongkou"),
        ("杨浦区", "Yangpu"),
    ];
    FOUNDING_DISTRICTS
        .iter()
        .zip(NAMES)
        .map(|((id, region), (zh, en))| District {
            id,
            region: region.to_string(),
            name: Text::new(
                format!("{zh}人才服务窗口（演示）"),
                format!("{en} talent service office (demonstration)"),
            ),
            contact: format!("office@talent.{id}.example"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_beside_their_codes() {
        use crate::domain::id::region::{RegionCode, Standing};

        for district in districts() {
            let code = RegionCode::parse(&district.region).unwrap();
            let Standing::Current(division) = code.standing() else { panic!("{}", district.id) };
            assert!(district.name.zh.starts_with(division.name), "{}", district.id);
        }
    }

    #[test]
    fn ports_never_meet() {
        for ports in [Ports::Usual, Ports::From(20_000)] {
            let mut all = vec![ports.gateway(), ports.operations(), ports.tokeniser()];
            all.extend((0..6).map(|n| ports.connector(n)));
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 9);
        }
        assert_eq!(Ports::Free.connector(3).port(), 0);
    }
}
