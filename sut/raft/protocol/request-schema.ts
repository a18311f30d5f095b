import { z } from "zod";
import type { Json, KvCommand, KvMicroOp, LogCommand } from "../kv/commands.ts";
import type { ClientRequest } from "./client-messages.ts";

/** Checked and passed on as it is: a schema would make objects anew, without a key `__proto__`. */
export const json = z.custom<Json>(isJson, "expected a JSON value");

/** Of what `JSON.parse` makes, only numbers beyond all doubles (`1e999`) are none. Nesting is limited before. */
function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return typeof value === "string" || typeof value === "boolean";
  return value === null || Object.values(value).every(isJson);
}

const key = z.string();
const id = z.number().int();

export const microOpSchema = z.union([
  z.tuple([z.literal("r"), key, z.null()]),
  z.tuple([z.literal("w"), key, json]),
  z.tuple([z.literal("append"), key, json]),
  z.tuple([z.literal("cas"), key, z.tuple([json, json])]),
]) satisfies z.ZodType<KvMicroOp>;

const kvCommandSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("put"), key, value: json }),
  z.strictObject({ type: z.literal("cas"), key, expected: json, value: json }),
  z.strictObject({ type: z.literal("delete"), key }),
  z.strictObject({ type: z.literal("append"), key, element: json }),
  z.strictObject({ type: z.literal("incr"), key, by: z.number() }),
  z.strictObject({ type: z.literal("txn"), steps: z.array(microOpSchema) }),
]) satisfies z.ZodType<KvCommand>;

const positive = z.number().int().min(1);

/** What a client may have in the log. */
export const commandSchema = z.discriminatedUnion("type", [
  kvCommandSchema,
  z.strictObject({ type: z.literal("open-session") }),
  z.strictObject({ type: z.literal("once"), session: positive, sequence: positive, command: kvCommandSchema }),
]) satisfies z.ZodType<LogCommand>;

/** A request as it arrives, but for the command in it. */
export const requestSchema = z.union([
  z.strictObject({ id, read: key }),
  z.strictObject({ id, command: z.instanceof(Uint8Array) }),
]) satisfies z.ZodType<ClientRequest>;
