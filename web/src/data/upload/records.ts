/**
 * Record boundaries of delimited text (RFC 4180), found in a stream.
 *
 * The states are those of Python's csv reader, which reads the parts on the other side: a quote opens only at the start of a
 * field, a doubled quote is a quote, what follows a closing quote belongs to the field. CRLF, LF and CR all end a record.
 */

export interface CsvRecord {
  /** The record with its line end, exactly as in the file. */
  text: string;
  /** Line of the file on which the record begins; the file's first line is 1. */
  line: number;
  /** True for a line of nothing but its line end. */
  blank: boolean;
  /** True when a quote was opened and never closed: the record then ends with the line the quote stands on. */
  broken: boolean;
}

/** A quoted field longer than this is an opening quote that nobody closed (a spreadsheet's cell holds 32,767 characters). */
export const QUOTED_LIMIT = 33_000;
/** ... and so is one over this many lines. */
export const QUOTED_LINES_LIMIT = 500;

const LF = 10;
const CR = 13;
const QUOTE = 34;

type State = "field start" | "plain" | "quoted" | "quote in quoted";

export class RecordSplitter {
  private readonly delimiter: number | null;
  private rest = "";
  /** Line of the file on which the unfinished record begins. */
  line: number;

  /** Without a delimiter every line is a record, and a quote is a character like any other. */
  constructor(delimiter: string | null, firstLine = 1) {
    this.delimiter = delimiter === null ? null : delimiter.charCodeAt(0);
    this.line = firstLine;
  }

  /** Characters held back because their record is not complete yet. */
  get held(): number {
    return this.rest.length;
  }

  /** Records completed by `text`; the unfinished one is kept for the next call. */
  push(text: string): CsvRecord[] {
    return this.scan(this.rest + text, false);
  }

  /** The records that remain when the file ends. */
  end(): CsvRecord[] {
    return this.scan(this.rest, true);
  }

  private scan(text: string, last: boolean): CsvRecord[] {
    const found: CsvRecord[] = [];
    let start = 0;
    for (;;) {
      const next = this.next(text, start, last);
      if (!next) break;
      const body = text.slice(start, next.end);
      found.push({ text: body, line: this.line, blank: next.blank, broken: next.broken });
      this.line += next.lines;
      start = next.end;
    }
    this.rest = text.slice(start);
    return found;
  }

  /** End of the record that begins at `start`, or null when more text is needed. */
  private next(text: string, start: number, last: boolean): Found | null {
    let state = "field start" as State;
    let lines = 0;
    let quoteAt = start;
    let linesAtQuote = 0;
    let at = start;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === CR || code === LF) {
        // A line end cut in two: whether LF follows the CR is in the next piece.
        if (code === CR && at + 1 === text.length && !last) return null;
        const end = code === CR && text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
        lines += 1;
        if (state !== "quoted") return { end, lines, blank: at === start, broken: false };
        at = end - 1;
      } else if (this.delimiter === null) {
        state = "plain";
      } else if (state === "field start") {
        if (code === QUOTE) {
          state = "quoted";
          quoteAt = at;
          linesAtQuote = lines;
        } else if (code !== this.delimiter) state = "plain";
      } else if (state === "plain") {
        if (code === this.delimiter) state = "field start";
      } else if (state === "quoted") {
        if (code === QUOTE) state = "quote in quoted";
      } else if (code === QUOTE) state = "quoted";
      else state = code === this.delimiter ? "field start" : "plain";

      if (state === "quoted" && (at - quoteAt > QUOTED_LIMIT || lines - linesAtQuote > QUOTED_LINES_LIMIT)) {
        return brokenAt(text, quoteAt, linesAtQuote, last);
      }
    }
    if (!last || start === text.length) return null;
    if (state === "quoted") return brokenAt(text, quoteAt, linesAtQuote, last);
    return { end: text.length, lines: lines + 1, blank: false, broken: false };
  }
}

interface Found {
  end: number;
  lines: number;
  blank: boolean;
  broken: boolean;
}

function brokenAt(text: string, quoteAt: number, linesBefore: number, last: boolean): Found | null {
  for (let at = quoteAt; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === CR && at + 1 === text.length && !last) return null;
    if (code === CR || code === LF) {
      const end = code === CR && text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
      return { end, lines: linesBefore + 1, blank: false, broken: true };
    }
  }
  // One endless line: it ends with the file, and `parts` refuses it when it grows over a part's size before that.
  return last ? { end: text.length, lines: linesBefore + 1, blank: false, broken: true } : null;
}
