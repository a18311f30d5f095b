/** A module in the folder of another, in the form in which that one runs: source under Node's type stripping, or compiled. */
export function scriptBeside(url: string, name: string): URL {
  return new URL(`./${name}${url.endsWith(".ts") ? ".ts" : ".js"}`, url);
}
