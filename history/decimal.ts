/** Beyond this an exponent is left as it is: nobody writes out so many zeros. */
const mostZeros = 1000;

/** A decimal number without its exponent, and without zeros that say nothing: 1.50, 15e-1 and 1.5 are 1.5. */
export function canonicalDecimal(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const shift = Number(exponent);
  if (Math.abs(shift) > mostZeros) return text;
  const leading = "0".repeat(Math.max(0, -shift - whole.length));
  const point = Math.max(0, whole.length + shift);
  const digits = (leading + whole + fraction).padEnd(point, "0");
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const rest = digits.slice(point).replace(/0+$/, "");
  const isZero = /^0*$/.test(integer + rest);
  return `${sign === "-" && !isZero ? "-" : ""}${integer === "" ? "0" : integer}${rest === "" ? "" : `.${rest}`}`;
}
