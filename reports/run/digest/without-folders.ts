/**
 * A sentence with the folders of absolute paths left out (`/home/me/store/a/history.jsonl` becomes `history.jsonl`):
 * a report is handed to others, and what machine it was made on is none of their business.
 */
export function withoutFolders(sentence: string): string {
  return sentence.replace(/(?<![\w./:])\/(?:[^\s/:"',;]+\/)+/g, "");
}
