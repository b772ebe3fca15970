//! Bytes of a text file become UTF-8, strictly: a byte that does not belong to the encoding is an
//! error, never a replacement character. Lines end in LF, the last one too, whatever the file has
//! (CR LF, CR), so that counting them is counting LF.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use encoding_rs::{Decoder, DecoderResult, GB18030, UTF_8};

use crate::import::ImportError;

/// Text that is decoded at once, in bytes.
const CHUNK: usize = 16 * 1024;

/// An encoding of text files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// GB 18030, which GBK and GB 2312 are parts of.
    Gb18030,
}

impl Encoding {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB 18030",
        }
    }

    fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Self::Gb18030 => GB18030.new_decoder_with_bom_removal(),
        }
    }

    /// The encoding that the whole file is well-formed in, UTF-8 before GB 18030, and its number of
    /// lines. Text in GB 18030 that is well-formed UTF-8 by chance does not occur in practice: every
    /// Chinese character would have to fall on such a pair.
    pub fn detect(path: &Path) -> Result<(Self, u64), ImportError> {
        let mut magic = [0; 2];
        let n = File::open(path)?.read(&mut magic)?;
        if matches!(magic.get(..n), Some([0xff, 0xfe] | [0xfe, 0xff])) {
            return Err(ImportError::Utf16);
        }
        for encoding in [Self::Utf8, Self::Gb18030] {
            if let Some(lines) = encoding.lines(path)? {
                return Ok((encoding, lines));
            }
        }
        Err(ImportError::Encoding)
    }

    /// The number of lines of a file; `None` when it is not well-formed in this encoding.
    pub fn lines(self, path: &Path) -> Result<Option<u64>, ImportError> {
        let mut text = BufReader::new(Decoding::new(File::open(path)?, self));
        let mut lines = 0;
        loop {
            let bytes = match text.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            if bytes.is_empty() {
                return Ok(Some(lines));
            }
            lines += bytes.iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
            let n = bytes.len();
            text.consume(n);
        }
    }
}

/// Reads UTF-8 out of a file in any [`Encoding`]; `InvalidData` at the first byte that does not fit.
pub struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    input_at: usize,
    ended: bool,
    finished: bool,
    /// The last byte of the file's text so far; LF before the first.
    last: u8,
    output: Vec<u8>,
    output_at: usize,
}

impl<R: Read> Decoding<R> {
    /// From the first byte on.
    pub fn new(inner: R, encoding: Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.decoder(),
            input: Vec::new(),
            input_at: 0,
            ended: false,
            finished: false,
            last: b'\n',
            output: Vec::new(),
            output_at: 0,
        }
    }

    /// Decodes until there is output or nothing more to come.
    fn advance(&mut self) -> io::Result<()> {
        if self.input_at >= self.input.len() && !self.ended {
            self.input.resize(CHUNK, 0);
            let n = self.inner.read(&mut self.input)?;
            self.input.truncate(n);
            self.input_at = 0;
            self.ended = n == 0;
        }
        self.output.resize(CHUNK * 3, 0);
        self.output_at = 0;
        let input = self.input.get(self.input_at..).unwrap_or_default();
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(input, &mut self.output, self.ended);
        self.input_at += read;
        self.output.truncate(written);
        match result {
            DecoderResult::InputEmpty => self.finished = self.ended,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return Err(io::ErrorKind::InvalidData.into()),
        }
        self.end_lines_in_lf();
        Ok(())
    }

    /// CR LF and CR become LF in what was decoded last, and the last line gets one.
    fn end_lines_in_lf(&mut self) {
        let last = &mut self.last;
        self.output.retain_mut(|byte| {
            let pair = *last == b'\r' && *byte == b'\n';
            *last = *byte;
            if *byte == b'\r' {
                *byte = b'\n';
            }
            !pair
        });
        if self.finished && !matches!(self.last, b'\r' | b'\n') {
            self.output.push(b'\n');
        }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.output_at >= self.output.len() {
            if self.finished {
                return Ok(0);
            }
            self.advance()?;
        }
        let rest = self.output.get(self.output_at..).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.output_at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], encoding: Encoding) -> Option<String> {
        let mut text = String::new();
        Decoding::new(bytes, encoding).read_to_string(&mut text).ok().map(|_| text)
    }

    #[test]
    fn both_encodings_are_read_strictly() {
        let text = "证件号码,姓名\n1,㐀𠀀龥\n".repeat(2_000);
        let gb = GB18030.encode(&text).0.into_owned();
        assert_eq!(decoded(&gb, Encoding::Gb18030).as_ref(), Some(&text));
        assert_eq!(decoded(&gb, Encoding::Utf8), None);
        let with_mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(decoded(&with_mark, Encoding::Utf8).as_ref(), Some(&text));
        assert_eq!(decoded(b"\xd6", Encoding::Gb18030), None, "cut in a character");
        assert_eq!(decoded(b"", Encoding::Utf8).as_deref(), Some(""));
    }

    #[test]
    fn lines_end_in_lf_wherever_a_chunk_ends() {
        for (text, is) in [
            ("a\r\nb", "a\nb\n"),
            ("a\rb\r", "a\nb\n"),
            ("a\n\r\n\n", "a\n\n\n"),
            ("a\r\r\n", "a\n\n"),
            ("\n", "\n"),
        ] {
            assert_eq!(decoded(text.as_bytes(), Encoding::Utf8).as_deref(), Some(is), "{text:?}");
        }
        for before in CHUNK - 3..CHUNK + 3 {
            let text = format!("{}\r\nb\r\n", "a".repeat(before));
            let lf = decoded(text.as_bytes(), Encoding::Utf8).unwrap();
            assert_eq!(lf, text.replace('\r', ""));
        }
    }
}
