import { z } from "zod";
import { type ReadMode, readModes } from "../../core/types.ts";
import type { Json, KvCommand } from "../../kv/commands.ts";
import { json as jsonSchema, microOpSchema } from "../../protocol/request-schema.ts";
import { type AskOptions, ask } from "./ask.ts";
import { readBody } from "./body.ts";
import { HttpError } from "./http-error.ts";
import type { Answer, Call, Route } from "./router.ts";

/** The store for people: a key's value is JSON, and an absent key is 404. Answers are JSON too. */
export function kvRoutes(options: AskOptions): readonly Route[] {
  const carryOut = async (call: Call, command: KvCommand): Promise<Answer> => ({
    body: await ask(options, call, { command }),
  });
  const write = async (call: Call, command: KvCommand, value: Json): Promise<Answer> => {
    await carryOut(call, command);
    return { body: value };
  };
  return [
    {
      method: "GET",
      path: "/kv/KEY",
      handle: async (call) => {
        const value = await ask(options, call, { read: call.name }, readModeOf(call));
        if (value === null) throw new HttpError(404, "not-found", `there is no key ${JSON.stringify(call.name)}`);
        return { body: value };
      },
    },
    {
      method: "PUT",
      path: "/kv/KEY",
      handle: async (call) => {
        const value = await readBody(call.request, jsonSchema);
        return write(call, { type: "put", key: call.name, value }, value);
      },
    },
    {
      method: "DELETE",
      path: "/kv/KEY",
      handle: (call) => carryOut(call, { type: "delete", key: call.name }),
    },
    {
      method: "POST",
      path: "/kv/KEY/cas",
      handle: async (call) => {
        const { expected, value } = await readBody(call.request, casSchema);
        return write(call, { type: "cas", key: call.name, expected, value }, value);
      },
    },
    {
      method: "POST",
      path: "/kv/KEY/incr",
      handle: async (call) => {
        const { by } = await readBody(call.request, incrSchema);
        return carryOut(call, { type: "incr", key: call.name, by });
      },
    },
    {
      method: "POST",
      path: "/kv/KEY/append",
      handle: async (call) => {
        const element = await readBody(call.request, jsonSchema);
        return write(call, { type: "append", key: call.name, element }, element);
      },
    },
    {
      method: "POST",
      path: "/txn",
      handle: async (call) => carryOut(call, { type: "txn", steps: await readBody(call.request, txnSchema) }),
    },
  ];
}

const casSchema = z.strictObject({ expected: jsonSchema, value: jsonSchema }, { error: objectLike("expected, value") });
const incrSchema = z.strictObject({ by: z.number().default(1) }, { error: objectLike("by") }).prefault({});

const txnSchema = z.array(
  z.union([z.tuple([z.literal("r"), z.string()]).transform(([, key]) => ["r", key, null] as const), microOpSchema], {
    error: 'expected ["r", key], ["w", key, value], ["append", key, element] or ["cas", key, [old, new]]',
  }),
  { error: "expected a list of steps" },
);

function objectLike(fields: string): (issue: { code?: string }) => string | undefined {
  return ({ code }) => (code === "invalid_type" ? `expected an object with ${fields}` : undefined);
}

function readModeOf({ query }: Call): ReadMode | undefined {
  const wanted = query.get("read");
  if (wanted === null) return undefined;
  const mode = readModes.find((known) => known === wanted);
  if (mode !== undefined) return mode;
  throw new HttpError(400, "bad-read-mode", `?read=${wanted}: expected one of ${readModes.join(", ")}`);
}
