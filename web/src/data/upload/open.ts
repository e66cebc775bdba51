/** A chosen file as a stream of text: unpacked when it is gzip, decoded by the encoding its first bytes tell. */

import { guessEncoding, type Encoding } from "./encoding";
import { isSeparatorLine, utf8Length } from "./parts";

/** Bytes looked at to tell the encoding. */
const ENCODING_HEAD = 1 << 20;
/** Bytes of text that the server looks at to tell the columns. */
export const DETECT_HEAD = 64 * 1024;
/** Bytes read from the disk at once. */
const SLICE = 256 * 1024;

export type NotText = "spreadsheet" | "pdf" | "binary" | "empty" | "gzip";

/** The file is no text at all; `kind` says what it seems to be. */
export class NotTextError extends Error {
  readonly kind: NotText;
  constructor(kind: NotText) {
    super(`Not a text file: ${kind}`);
    this.name = "NotTextError";
    this.kind = kind;
  }
}

export interface OpenedFile {
  encoding: Encoding;
  /** False when the encoding is a guess among legacy ones, worth showing to the person. */
  sure: boolean;
  gzip: boolean;
  /** Up to 64 KiB of text, whole lines, from the header on. */
  head: string;
}

export interface TextStream {
  text: AsyncIterable<string>;
  /** Bytes of the file taken so far, before unpacking. */
  taken: () => number;
  /** Characters so far that the encoding could not read. */
  unreadable: () => number;
}

/** Look into a file: is it text, packed, in which encoding, how does it begin? Throws `NotTextError`. */
export async function openFile(file: Blob): Promise<OpenedFile> {
  const gzip = await isGzip(file);
  const bytes = await firstBytes(
    unpacked(file, gzip, () => undefined),
    ENCODING_HEAD,
  );
  refuseBinary(bytes);
  const { encoding, sure } = guessEncoding(bytes);
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  return { encoding, sure, gzip, head: cutHead(text, bytes.length < ENCODING_HEAD) };
}

/** The whole text, piece by piece, read only as fast as it is taken. */
export function textOf(file: Blob, opened: Pick<OpenedFile, "encoding" | "gzip">): TextStream {
  let taken = 0;
  let unreadable = 0;
  async function* pieces(): AsyncGenerator<string, void, void> {
    const decoder = new TextDecoder(opened.encoding);
    const reader = unpacked(file, opened.gzip, (bytes) => {
      taken += bytes;
    }).getReader();
    let finished = false;
    try {
      for (;;) {
        const { done, value } = await readOr(reader);
        const text = done ? decoder.decode() : decoder.decode(value, { stream: true });
        for (let at = text.indexOf("\uFFFD"); at >= 0; at = text.indexOf("\uFFFD", at + 1)) unreadable += 1;
        if (text) yield text;
        if (done) break;
      }
      finished = true;
    } finally {
      if (!finished) await reader.cancel().catch(() => undefined);
    }
  }
  return { text: pieces(), taken: () => taken, unreadable: () => unreadable };
}

type Bytes = Uint8Array<ArrayBuffer>;

async function readOr(reader: ReadableStreamDefaultReader<Bytes>) {
  try {
    return await reader.read();
  } catch (error) {
    // The file itself could not be read (moved, changed on disk): not a matter of what is in it.
    if (error instanceof DOMException) throw error;
    throw new NotTextError("gzip");
  }
}

async function isGzip(file: Blob): Promise<boolean> {
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return magic[0] === 0x1f && magic[1] === 0x8b;
}

/** `Blob.stream()` reads as much at once as the browser likes; slices are read only when they are asked for. */
function unpacked(file: Blob, gzip: boolean, onBytes: (bytes: number) => void): ReadableStream<Bytes> {
  let at = 0;
  const slices = new ReadableStream<Bytes>(
    {
      async pull(controller) {
        if (at >= file.size) {
          controller.close();
          return;
        }
        const slice = new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
        at += slice.byteLength;
        onBytes(slice.byteLength);
        controller.enqueue(slice);
      },
    },
    { highWaterMark: 0 },
  );
  return gzip ? slices.pipeThrough(new DecompressionStream("gzip")) : slices;
}

async function firstBytes(stream: ReadableStream<Bytes>, limit: number): Promise<Uint8Array> {
  const reader = stream.getReader();
  const found = new Uint8Array(limit);
  let length = 0;
  while (length < limit) {
    const { done, value } = await readOr(reader);
    if (done) break;
    const piece = value.subarray(0, limit - length);
    found.set(piece, length);
    length += piece.length;
  }
  await reader.cancel().catch(() => undefined);
  return found.slice(0, length);
}

function refuseBinary(bytes: Uint8Array): void {
  const starts = (...magic: number[]) => magic.every((byte, at) => bytes[at] === byte);
  if (bytes.length === 0) throw new NotTextError("empty");
  if (starts(0x50, 0x4b, 0x03, 0x04) || starts(0xd0, 0xcf, 0x11, 0xe0)) throw new NotTextError("spreadsheet");
  if (starts(0x25, 0x50, 0x44, 0x46)) throw new NotTextError("pdf");
  const { encoding } = guessEncoding(bytes);
  // Text has no zero bytes but in UTF-16.
  if (!encoding.startsWith("utf-16") && bytes.subarray(0, 4096).includes(0)) throw new NotTextError("binary");
}

/** The text from the header on, at most 64 KiB, ended at a line end unless the file itself ends there. */
export function cutHead(text: string, whole: boolean): string {
  let from = 0;
  for (let line = 1; ; line += 1) {
    const end = text.indexOf("\n", from);
    if (end < 0) break;
    const first = text.slice(from, end + 1);
    if (first.trim() !== "" && !isSeparatorLine({ text: first, line })) break;
    from = end + 1;
  }
  let head = text.slice(from);
  if (utf8Length(head) > DETECT_HEAD) {
    let bytes = 0;
    let at = 0;
    for (const character of head) {
      bytes += utf8Length(character);
      if (bytes > DETECT_HEAD) break;
      at += character.length;
    }
    head = head.slice(0, at);
    whole = false;
  }
  if (whole) return head;
  const last = head.lastIndexOf("\n");
  return last > 0 ? head.slice(0, last + 1) : head;
}
