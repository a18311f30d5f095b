import { fileChunks } from "./file-chunks.ts";
import { lineRegions, newline } from "./lines.ts";

/** The lines of a text file, without their newlines, however large the file is. The last one may have none. */
export function* fileLines(file: string): Generator<string> {
  for (const { bytes, end, terminated } of lineRegions(fileChunks(file))) {
    for (let at = 0; at < end; ) {
      const to = terminated ? bytes.indexOf(newline, at) : end;
      yield bytes.toString("utf8", at, to);
      at = to + 1;
    }
  }
}
