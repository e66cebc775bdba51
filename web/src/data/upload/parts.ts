/** Parts of a file's body: whole records, small enough for one call, each with the line of the file it begins on. */

import { RecordSplitter, type CsvRecord } from "./records";

export interface Part {
  /** 0, 1, 2, ... in the order of the file. The same file and delimiter always give the same parts. */
  index: number;
  /** Line of the file on which the part's first record begins. */
  firstLine: number;
  /** Records, blank lines not counted. */
  rows: number;
  /** UTF-8 length of `text`. */
  bytes: number;
  text: string;
}

export interface PartLimits {
  rows: number;
  bytes: number;
}

export const PART_LIMITS: PartLimits = { rows: 2000, bytes: 700_000 };

/** What the server calls the "delimiter" of a file of JSON objects, one a line. */
export const JSON_LINES = "{";

/** A line that fits no part: not a row of any table. */
export class LineTooLong extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`Line ${line} is too long`);
    this.name = "LineTooLong";
    this.line = line;
  }
}

/**
 * Split the text of a file into parts, leaving a table's header out.
 *
 * Takes text only as parts are asked for, so that memory holds one part and one unfinished record whatever the file's size.
 * A record with a quote that is never closed travels in a part of its own: the reader on the other side, meeting the open
 * quote, cannot swallow the rows behind it.
 */
export async function* splitParts(
  text: AsyncIterable<string>,
  delimiter: string,
  limits: PartLimits = PART_LIMITS,
): AsyncGenerator<Part, void, void> {
  const json = delimiter === JSON_LINES;
  const splitter = new RecordSplitter(json ? null : delimiter);
  const builder = new PartBuilder(limits);
  // JSON lines have no header.
  let header = json;

  function* take(records: CsvRecord[]): Generator<Part> {
    for (const record of records) {
      if (!header) {
        header = !record.blank && !isSeparatorLine(record);
        continue;
      }
      yield* builder.add(record);
    }
  }

  for await (const piece of text) {
    yield* take(splitter.push(piece));
    if (splitter.held > limits.bytes) throw new LineTooLong(splitter.line);
  }
  yield* take(splitter.end());
  yield* builder.flush();
}

/** Excel writes `sep=;` before the header in some languages. */
export function isSeparatorLine(record: Pick<CsvRecord, "text" | "line">): boolean {
  return record.line === 1 && /^\uFEFF?"?sep=.?"?\s*$/i.test(record.text);
}

class PartBuilder {
  private texts: string[] = [];
  private rows = 0;
  private bytes = 0;
  private firstLine = 0;
  private index = 0;
  private readonly limits: PartLimits;

  constructor(limits: PartLimits) {
    this.limits = limits;
  }

  *add(record: CsvRecord): Generator<Part> {
    const bytes = utf8Length(record.text);
    if (bytes > this.limits.bytes) throw new LineTooLong(record.line);
    if (record.blank) {
      // Blank lines stay with the record before them, so that no part begins with one and `firstLine` is a row's line.
      if (this.rows > 0 && this.bytes + bytes <= this.limits.bytes) this.append(record.text, bytes);
      return;
    }
    const full = this.rows >= this.limits.rows || this.bytes + bytes > this.limits.bytes;
    if (full || record.broken) yield* this.flush();
    if (this.rows === 0) this.firstLine = record.line;
    this.rows += 1;
    this.append(record.text, bytes);
    if (record.broken) yield* this.flush();
  }

  *flush(): Generator<Part> {
    if (this.rows === 0) return;
    const part: Part = {
      index: this.index,
      firstLine: this.firstLine,
      rows: this.rows,
      bytes: this.bytes,
      text: this.texts.join(""),
    };
    this.index += 1;
    this.texts = [];
    this.rows = 0;
    this.bytes = 0;
    yield part;
  }

  private append(text: string, bytes: number): void {
    this.texts.push(text);
    this.bytes += bytes;
  }
}

/** Bytes of `text` in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else if (code >= 0xd800 && code <= 0xdbff) {
      bytes += 2;
      at += 1;
    } else bytes += 2;
  }
  return bytes;
}
