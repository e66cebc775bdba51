export { guessEncoding, type Encoding } from "./encoding";
export { NotTextError, openFile, textOf, type NotText, type OpenedFile } from "./open";
export { JSON_LINES, LineTooLong, splitParts, PART_LIMITS, type Part } from "./parts";
export { sendParts, type PartAnswer, type SendProgress } from "./send";
