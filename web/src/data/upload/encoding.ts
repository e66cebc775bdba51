/** Which text encoding a file is in, told from its first bytes. */

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030" | "windows-1252";

export interface EncodingGuess {
  encoding: Encoding;
  /** True when a byte order mark or strict decoding settled it; false for the two legacy guesses. */
  sure: boolean;
}

/**
 * Tell the encoding of `head`, the first bytes of the (unpacked) file.
 *
 * A byte order mark decides; else zero bytes at every other place mean UTF-16; else what decodes strictly as UTF-8 is UTF-8.
 * Of the two legacy encodings, Chinese text comes in pairs of high bytes while Western letters with accents stand alone.
 */
export function guessEncoding(head: Uint8Array): EncodingGuess {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: "utf-8", sure: true };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", sure: true };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", sure: true };
  const wide = utf16WithoutMark(head);
  if (wide) return { encoding: wide, sure: true };
  if (decodes(head, "utf-8")) return { encoding: "utf-8", sure: true };
  if (decodes(head, "gb18030") && mostlyPairs(head)) return { encoding: "gb18030", sure: false };
  return { encoding: "windows-1252", sure: false };
}

function utf16WithoutMark(head: Uint8Array): Encoding | null {
  const length = Math.min(head.length, 4096);
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 1) {
    if (head[at] === 0) {
      if (at % 2 === 0) even += 1;
      else odd += 1;
    }
  }
  const half = length / 2;
  if (length < 4) return null;
  if (odd > half * 0.4 && even < half * 0.05) return "utf-16le";
  if (even > half * 0.4 && odd < half * 0.05) return "utf-16be";
  return null;
}

function decodes(head: Uint8Array, encoding: Encoding): boolean {
  try {
    // `stream` lets a character that the head cuts in two pass.
    new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function mostlyPairs(head: Uint8Array): boolean {
  let pairs = 0;
  let alone = 0;
  for (let at = 0; at < head.length - 1; at += 1) {
    if ((head[at] ?? 0) < 0x81) continue;
    if ((head[at + 1] ?? 0) >= 0xa1) pairs += 1;
    else alone += 1;
    at += 1;
  }
  return pairs > 0 && pairs >= 4 * alone;
}
