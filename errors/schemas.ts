import { z } from "zod";

/** The words of a schema for what it accepts, whatever is wrong with a value. */
export const expected = (what: string): { error: () => string } => ({ error: () => `expected ${what}` });

/** The same of an object as a whole; what is wrong inside of it has words of its own. */
export const expectedObject = (what: string): { error: (issue: { code: string }) => string | undefined } => ({
  error: ({ code }) => (code === "invalid_type" ? `expected ${what}` : undefined),
});

const decimal = /^\s*-?\d+(\.\d+)?\s*$/;

/** A number, or its text from a command line. Unlike coercion, it takes no empty text and no null for 0. */
export const number = (what: string, accepts: (value: number) => boolean) =>
  z
    .union([z.number(), z.string().regex(decimal).transform(Number)], expected(what))
    .refine((value) => accepts(value), expected(what));

export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) => {
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} up` : `${least} to ${most}`;
  return number(`a whole number from ${range}`, (value) => Number.isInteger(value) && value >= least && value <= most);
};

/** A part of a whole. */
export const share = (example: number) =>
  number(`a share from 0 to 1 such as ${example}`, (value) => value >= 0 && value <= 1);

/** True or false, or their text from a command line. */
export const flag = z.union(
  [z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")],
  expected("true or false"),
);
