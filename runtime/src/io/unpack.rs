//! Unpacking: an input as it was before compression.
//!
//! Apart from reading because gzip is found by its first bytes, may have several members, and may
//! be damaged, none of which a reader of records should know.

use std::io::{self, BufRead, BufReader, Chain, Cursor, ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// The two bytes every gzip member starts with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How much packed data is read at once.
const PACKED_BYTES: usize = 64 * 1024;

type Sniffed<R> = Chain<Cursor<Vec<u8>>, R>;
type Packed<R> = BufReader<Sniffed<R>>;

/// Bytes of an input, unpacked where it is gzip.
pub(super) struct Unpacker<R: Read> {
    state: State<R>,
}

enum State<R: Read> {
    Plain(Sniffed<R>),
    Gzip(Box<GzDecoder<Packed<R>>>),
    Ended,
}

/// Why no more bytes come.
#[derive(Debug)]
pub(super) enum UnpackError {
    /// The data is not what it claims to be; the words say how.
    Damaged(String),
    /// The system failed.
    System(io::Error),
}

impl<R: Read> Unpacker<R> {
    /// Looks at the first bytes and returns the unpacked input.
    ///
    /// # Errors
    ///
    /// Reading may fail.
    pub(super) fn new(mut bytes: R) -> io::Result<Self> {
        let mut head = Vec::with_capacity(GZIP.len());
        bytes
            .by_ref()
            .take(GZIP.len() as u64)
            .read_to_end(&mut head)?;
        let packed = head == GZIP;
        let bytes = Cursor::new(head).chain(bytes);
        let state = if packed {
            State::Gzip(Box::new(GzDecoder::new(BufReader::with_capacity(
                PACKED_BYTES,
                bytes,
            ))))
        } else {
            State::Plain(bytes)
        };
        Ok(Self { state })
    }

    /// Fills the front of a buffer and returns how much; 0 is the end.
    ///
    /// # Errors
    ///
    /// Damaged data, and whatever reading fails with. There is nothing to be read behind an error.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, UnpackError> {
        loop {
            let step = match &mut self.state {
                State::Plain(bytes) => bytes.read(buffer).map_err(UnpackError::System),
                State::Gzip(member) => member.read(buffer).map_err(of_gzip),
                State::Ended => return Ok(0),
            };
            match step {
                Err(UnpackError::System(error)) if error.kind() == ErrorKind::Interrupted => {}
                Ok(0) => self.next_member()?,
                Ok(count) => return Ok(count),
                Err(error) => {
                    self.state = State::Ended;
                    return Err(error);
                }
            }
        }
    }

    /// Goes on with the member behind the one that has ended.
    fn next_member(&mut self) -> Result<(), UnpackError> {
        let State::Gzip(member) = std::mem::replace(&mut self.state, State::Ended) else {
            return Ok(());
        };
        let mut packed = member.into_inner();
        skip_zeros(&mut packed).map_err(UnpackError::System)?;
        let rest = packed.fill_buf().map_err(UnpackError::System)?;
        match rest.first() {
            None => Ok(()),
            Some(first) if *first == GZIP[0] => {
                self.state = State::Gzip(Box::new(GzDecoder::new(packed)));
                Ok(())
            }
            Some(_) => Err(UnpackError::Damaged(
                "bytes that are not gzip follow gzip data".into(),
            )),
        }
    }
}

/// Skips the zeros with which some writers fill up a block.
fn skip_zeros(packed: &mut impl BufRead) -> io::Result<()> {
    loop {
        let held = packed.fill_buf()?;
        let zeros = held.iter().take_while(|byte| **byte == 0).count();
        let only_zeros = zeros == held.len() && zeros > 0;
        packed.consume(zeros);
        if !only_zeros {
            return Ok(());
        }
    }
}

fn of_gzip(error: io::Error) -> UnpackError {
    match error.kind() {
        ErrorKind::UnexpectedEof => UnpackError::Damaged("gzip data ends early".into()),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
            UnpackError::Damaged("gzip data is damaged".into())
        }
        _ => UnpackError::System(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Gives one byte at a time, as a slow pipe may.
    struct Slow(Vec<u8>);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() || buffer.is_empty() {
                return Ok(0);
            }
            buffer[0] = self.0.remove(0);
            Ok(1)
        }
    }

    fn unpack(bytes: Vec<u8>) -> (Vec<u8>, Option<String>) {
        let mut unpacker = Unpacker::new(Slow(bytes)).unwrap();
        let mut out = Vec::new();
        let mut buffer = [0; 7];
        loop {
            match unpacker.read(&mut buffer) {
                Ok(0) => return (out, None),
                Ok(count) => out.extend_from_slice(&buffer[..count]),
                Err(UnpackError::Damaged(words)) => return (out, Some(words)),
                Err(UnpackError::System(error)) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn plain_bytes_pass_as_they_are() {
        for text in [&b""[..], b"a", b"ab", b"\x1f", b"{\"a\":1}\n"] {
            assert_eq!(unpack(text.to_vec()), (text.to_vec(), None));
        }
    }

    #[test]
    fn several_members_are_one_input() {
        let packed = [gzip(b"first\n"), gzip(b""), gzip(b"second\n"), vec![0; 100]].concat();
        assert_eq!(unpack(packed), (b"first\nsecond\n".to_vec(), None));
    }

    #[test]
    fn a_cut_member_gives_what_it_holds_and_then_an_error() {
        let whole = gzip(b"one\ntwo\nthree\n");
        for cut in 3..whole.len() {
            let (text, error) = unpack(whole[..cut].to_vec());
            assert!(b"one\ntwo\nthree\n".starts_with(&text));
            assert_eq!(
                error.as_deref(),
                Some("gzip data ends early"),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn a_wrong_checksum_and_bytes_behind_the_end_are_damage() {
        let mut whole = gzip(b"one\n");
        let place = whole.len() - 6;
        whole[place] ^= 1;
        assert_eq!(
            unpack(whole),
            (b"one\n".to_vec(), Some("gzip data is damaged".into()))
        );
        let behind = [gzip(b"one\n"), b"two\n".to_vec()].concat();
        let words = "bytes that are not gzip follow gzip data";
        assert_eq!(unpack(behind), (b"one\n".to_vec(), Some(words.into())));
    }
}
