//! CPU time and memory of a process, from `/proc` (Linux).

use std::io::{self, ErrorKind};
use std::time::Duration;

/// `USER_HZ`: the unit of times in `/proc/<pid>/stat`, 100 on every architecture that Linux exposes
/// to programs today (proc_pid_stat(5)).
const TICK: Duration = Duration::from_millis(10);
/// Fields between the end of the name and `utime` (proc_pid_stat(5): `utime` is field 14).
const BEFORE_UTIME: usize = 11;

/// User and system time of a process so far, with that of threads which have ended.
pub(super) fn of_process(pid: u32) -> io::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    ticks(&stat).map(|n| TICK * n).ok_or_else(|| ErrorKind::InvalidData.into())
}

/// The name in parentheses may hold anything, so the fields are counted from its end.
fn ticks(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(BEFORE_UTIME);
    let mut field = || fields.next()?.parse::<u32>().ok();
    field()?.checked_add(field()?)
}

/// Memory of a process that is in use, in KiB (`VmRSS`).
pub(super) fn rss_kib(pid: u32) -> io::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| ErrorKind::InvalidData.into())
}

/// CPU time that `f` takes per call in this process, all threads together: called until enough
/// ticks have gone by for one of them to be one per cent.
pub(super) fn per_call(mut f: impl FnMut()) -> io::Result<Duration> {
    const ENOUGH: Duration = Duration::from_secs(1);
    const CHUNK: u32 = 64;
    let pid = std::process::id();
    let before = of_process(pid)?;
    let mut calls = 0_u32;
    loop {
        for _ in 0..CHUNK {
            f();
        }
        calls = calls.saturating_add(CHUNK);
        let spent = of_process(pid)?.saturating_sub(before);
        if spent >= ENOUGH {
            return Ok(spent / calls);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "7 (a) b 1) R 1 7 7 0 -1 4194304 104 0 0 0 30 12 0 0 20 0 1 0 790513 2998272";
        assert_eq!(ticks(stat), Some(42));
        assert_eq!(ticks("7 (a R 1 7"), None);
        assert_eq!(ticks("7 (a) R 1 7"), None);
    }

    #[test]
    fn this_process_uses_memory() {
        assert!(rss_kib(std::process::id()).unwrap() > 0);
    }
}
