// @vitest-environment node
import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { guessEncoding } from "./encoding";
import { cutHead, NotTextError, openFile, textOf } from "./open";
import { JSON_LINES, LineTooLong, splitParts, utf8Length, type Part, type PartLimits } from "./parts";
import { QUOTED_LIMIT, RecordSplitter } from "./records";
import { sendParts } from "./send";

/** A small seeded generator (mulberry32), so that a failing case can be run again. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

async function* pieces(text: string, cut: () => number): AsyncGenerator<string> {
  for (let at = 0; at < text.length;) {
    const length = 1 + Math.floor(cut() * 40);
    yield text.slice(at, at + length);
    at += length;
  }
}

async function partsOf(text: string, limits: PartLimits, cut = () => 0.5, delimiter = ","): Promise<Part[]> {
  const found: Part[] = [];
  for await (const part of splitParts(pieces(text, cut), delimiter, limits)) found.push(part);
  return found;
}

const small: PartLimits = { rows: 7, bytes: 300 };

describe("splitParts", () => {
  it("cuts JSON lines at line ends only, leaves none out, whatever quotes they hold", async () => {
    const lines = [
      '{"id":1,"text":"he said \\"hello, you\\", and left"}',
      '{"id":2,"tags":["a","b, \\"c"]}',
      "",
      '{"id":3,"text":"\\"',
      '"not even an object',
      '{"id":4}',
    ];
    for (const end of ["\n", "\r\n"]) {
      const parts = await partsOf(lines.join(end), { rows: 2, bytes: 300 }, () => 0.3, JSON_LINES);
      expect(parts.map((part) => part.firstLine)).toEqual([1, 4, 6]);
      expect(parts.map((part) => part.rows)).toEqual([2, 2, 1]);
      expect(parts.map((part) => part.text).join("")).toBe(lines.join(end));
    }
  });

  it("gives parts that joined equal the body, with true line numbers, for any table and any cut", async () => {
    const alphabet = ["a", "b", "7", " ", ",", '"', "\n", "\r\n", "é", "水", "😀", ";"];
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomOf(seed);
      const end = ["\n", "\r\n", "\r"][seed % 3] ?? "\n";
      const lines: { text: string; line: number }[] = [];
      let line = 2;
      const count = Math.floor(random() * 40);
      for (let row = 0; row < count; row += 1) {
        const fields = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
          const value = Array.from({ length: Math.floor(random() * 9) }, () => {
            return alphabet[Math.floor(random() * alphabet.length)] ?? "";
          }).join("");
          return /[",\r\n]/.test(value) || random() < 0.2 ? `"${value.replaceAll('"', '""')}"` : value;
        });
        const text = (fields.join(",") || "x") + (row === count - 1 && random() < 0.5 ? "" : end);
        lines.push({ text, line });
        line += text.split(/\r\n|\r|\n/).length - 1;
      }
      const body = lines.map((row) => row.text).join("");
      const parts = await partsOf(`h1,h2${end}${body}`, small, random);

      expect(parts.map((part) => part.text).join(""), `seed ${seed}`).toBe(body);
      let at = 0;
      for (const [index, part] of parts.entries()) {
        expect(part.index).toBe(index);
        expect(part.rows).toBeLessThanOrEqual(small.rows);
        expect(part.bytes).toBeLessThanOrEqual(small.bytes);
        expect(part.bytes).toBe(Buffer.byteLength(part.text));
        expect(part.firstLine, `seed ${seed}`).toBe(lines[at]?.line);
        at += part.rows;
      }
      expect(at).toBe(lines.length);
    }
  });

  it("gives the same parts however the stream is cut", async () => {
    const body = Array.from({ length: 60 }, (_, row) => `${row},"a ""b""\r\n水",x\r\n`).join("");
    const once = await partsOf(`h\r\n${body}`, small, randomOf(1));
    const again = await partsOf(`h\r\n${body}`, small, randomOf(2));
    expect(again).toEqual(once);
  });

  it("leaves out the header wherever it stands: behind blank lines, behind sep=, over two lines", async () => {
    expect(await partsOf("\n\nid,name\n1,a\n", small)).toMatchObject([{ firstLine: 4, rows: 1, text: "1,a\n" }]);
    expect(await partsOf("sep=;\r\nid;name\r\n1;a", small, () => 0, ";")).toMatchObject([
      { firstLine: 3, text: "1;a" },
    ]);
    expect(await partsOf('id,"full\nname"\n1,a\n', small)).toMatchObject([{ firstLine: 3, text: "1,a\n" }]);
  });

  it("counts no blank line as a row and begins no part with one", async () => {
    const parts = await partsOf("h\na\n\n\nb\n\nc\n", { rows: 1, bytes: 100 });
    expect(parts.map(({ firstLine, rows, text }) => [firstLine, rows, text])).toEqual([
      [2, 1, "a\n\n\n"],
      [5, 1, "b\n\n"],
      [7, 1, "c\n"],
    ]);
  });

  it("puts a line whose quote is never closed in a part of its own, also at the end of the file", async () => {
    const parts = await partsOf('h\n1,a\n2,"b\n3,c\n4,d', small);
    expect(parts.map(({ firstLine, text }) => [firstLine, text])).toEqual([
      [2, "1,a\n"],
      [3, '2,"b\n'],
      [4, "3,c\n4,d"],
    ]);
    expect((await partsOf('h\n1,a\n2,"b', small)).map((part) => part.text)).toEqual(["1,a\n", '2,"b']);
  });

  it("gives a quote up after a spreadsheet cell, so that memory does not hold the rest of the file", async () => {
    const splitter = new RecordSplitter(",");
    const rows = "1,abcdefgh\n".repeat(200);
    let found = splitter.push('x,"open\n').length;
    for (let piece = 0; piece < 60; piece += 1) {
      found += splitter.push(rows).length;
      expect(splitter.held).toBeLessThan(QUOTED_LIMIT + rows.length);
    }
    found += splitter.end().length;
    expect(found).toBe(1 + 60 * 200);
  });

  it("keeps a quote in the middle of a field as a character", async () => {
    expect(await partsOf('h\n1,5" pipe\n2,b\n', small)).toMatchObject([{ rows: 2 }]);
  });

  it("refuses a line that fits no part, by its number", async () => {
    const refused = partsOf(`h\n1\n${"x".repeat(500)}\n`, small);
    await expect(refused).rejects.toThrow(LineTooLong);
    await expect(refused).rejects.toMatchObject({ line: 3 });
  });

  it("gives nothing for a header alone", async () => {
    expect(await partsOf("a,b\n", small)).toEqual([]);
    expect(await partsOf("a,b", small)).toEqual([]);
  });
});

describe("utf8Length", () => {
  it("equals the encoder", () => {
    for (const text of ["", "abc", "é", "水😀", "a\u0000ß€𝄞"]) expect(utf8Length(text)).toBe(Buffer.byteLength(text));
  });
});

describe("guessEncoding", () => {
  const gb = new Uint8Array([0xc4, 0xe3, 0xba, 0xc3, 0x2c, 0xca, 0xc0, 0xbd, 0xe7, 0x0a]); // 你好,世界
  it.each([
    ["utf-8", Buffer.from("naïve,水\n")],
    ["utf-8", Buffer.from("plain,ascii\n")],
    ["utf-8", Buffer.from("\uFEFFid,name\n")],
    ["utf-16le", Buffer.from("\uFEFFid,name\n", "utf16le")],
    ["utf-16le", Buffer.from("id,name\n1,2\n", "utf16le")],
    ["utf-16be", Buffer.from("id,name\n1,2\n", "utf16le").swap16()],
    ["gb18030", gb],
    ["windows-1252", Buffer.from("café,élan,señor,Müller,Übung\n", "latin1")],
  ])("tells %s", (encoding, bytes) => {
    expect(guessEncoding(new Uint8Array(bytes)).encoding).toBe(encoding);
  });
  it("lets a head cut within a character pass as UTF-8", () => {
    expect(guessEncoding(new Uint8Array(Buffer.from("a水").subarray(0, 3))).encoding).toBe("utf-8");
  });
});

describe("openFile", () => {
  async function all(file: Blob): Promise<string> {
    let text = "";
    for await (const piece of textOf(file, await openFile(file)).text) text += piece;
    return text;
  }
  it("reads plain and gzip files by their bytes, whatever they are called", async () => {
    const csv = "id,name\n1,水\n";
    const packed = new File([gzipSync(csv)], "plain.csv");
    expect(await openFile(packed)).toMatchObject({ gzip: true, encoding: "utf-8", head: csv });
    expect(await all(packed)).toBe(csv);
    expect(await all(new File([csv], "not-packed.csv.gz"))).toBe(csv);
    expect(await all(new File([Buffer.from("\uFEFFid\n1\n", "utf16le")], "a.csv"))).toBe("id\n1\n");
  });
  it("says what is no text", async () => {
    for (const [kind, bytes] of [
      ["spreadsheet", [0x50, 0x4b, 3, 4]],
      ["pdf", [0x25, 0x50, 0x44, 0x46]],
      ["binary", [1, 0, 2, 0, 0, 0, 0, 9]],
      ["empty", []],
      ["gzip", [0x1f, 0x8b, 8, 0, 0, 0]],
    ] as const) {
      const refused = openFile(new Blob([new Uint8Array(bytes)]));
      await expect(refused, kind).rejects.toThrow(NotTextError);
      await expect(refused).rejects.toMatchObject({ kind });
    }
  });
  it("counts bytes as taken and characters that could not be read", async () => {
    const file = new Blob(["ok\n", new Uint8Array([0x61, 0xff, 0x0a])]);
    const stream = textOf(file, { encoding: "utf-8", gzip: false });
    let text = "";
    for await (const piece of stream.text) text += piece;
    expect([text, stream.taken(), stream.unreadable()]).toEqual(["ok\na\uFFFD\n", 6, 1]);
  });
  it("reads no further than is taken", async () => {
    const file = new Blob([new Uint8Array(8 << 20).fill(97)]);
    const stream = textOf(file, { encoding: "utf-8", gzip: false });
    for await (const piece of stream.text) if (piece) break;
    expect(stream.taken()).toBeLessThan(1 << 20);
  });
  it("hands detection whole lines from the header on", () => {
    expect(cutHead("\n\na,b\n1,2", true)).toBe("a,b\n1,2");
    expect(cutHead("a,b\n1,2", false)).toBe("a,b\n");
    const long = cutHead(`a\n${"水".repeat(9)}\n`.repeat(5000), true);
    expect(utf8Length(long)).toBeLessThanOrEqual(64 * 1024);
    expect(long.endsWith("\n")).toBe(true);
  });
});

describe("sendParts", () => {
  function numbered(count: number, made: number[] = []): AsyncGenerator<Part> {
    return (async function* () {
      for (let index = 0; index < count; index += 1) {
        made.push(index);
        yield { index, firstLine: index + 2, rows: 1, bytes: 1, text: `${index}\n` };
      }
    })();
  }
  const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
  const passing = (error: unknown) => (error as Error).message === "lost";

  it("sends two at a time, reads no further ahead, and adds up", async () => {
    const made: number[] = [];
    let flying = 0;
    let most = 0;
    let ahead = 0;
    let sent = 0;
    const result = await sendParts(numbered(20, made), {
      upload: async () => {
        flying += 1;
        most = Math.max(most, flying);
        ahead = Math.max(ahead, made.length - sent);
        await tick();
        flying -= 1;
        sent += 1;
        return { rows: 3, rejected: 1 };
      },
      passing,
    });
    expect(result).toEqual({ parts: 20, rows: 60, rejected: 20 });
    expect(most).toBe(2);
    expect(ahead).toBeLessThanOrEqual(2);
  });

  it("repeats what may pass with the same part, waiting longer each time", async () => {
    const waits: number[] = [];
    let failures = 5;
    const seen: number[] = [];
    await sendParts(numbered(3), {
      upload: async (part) => {
        seen.push(part.index);
        if (part.index === 1 && failures > 0) {
          failures -= 1;
          throw new Error("lost");
        }
        return { rows: 1, rejected: 0 };
      },
      passing,
      wait: async (milliseconds) => {
        waits.push(milliseconds);
      },
    });
    expect(seen.filter((index) => index === 1)).toHaveLength(6);
    expect(waits).toHaveLength(5);
    expect(waits[4]).toBeGreaterThan(waits[0] ?? Infinity);
  });

  it("ends at the first lasting error and closes the file", async () => {
    const made: number[] = [];
    const sent = sendParts(numbered(100, made), {
      upload: async (part) => {
        await tick();
        if (part.index === 3) throw new Error("no permission");
        return { rows: 1, rejected: 0 };
      },
      passing,
    });
    await expect(sent).rejects.toThrow("no permission");
    expect(made.length).toBeLessThan(8);
  });

  it("stops when told to", async () => {
    const stop = new AbortController();
    const sent = sendParts(numbered(100), {
      upload: async (part) => {
        if (part.index === 2) stop.abort();
        await tick();
        return { rows: 1, rejected: 0 };
      },
      passing,
      signal: stop.signal,
    });
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
  });
});
