import { defaultBudget } from "../../analysis/budget.ts";
import type { CheckerBudget } from "../../analysis/checker.ts";
import { type CheckerName, checkerNames } from "../../analysis/checker-names.ts";
import type { BankTerms } from "../../analysis/checkers/bank.ts";
import {
  type ChosenModelName,
  isTransactionModel,
  modelDescriptions,
  type SearchTerms,
} from "../../analysis/chosen-model.ts";
import type { ModelOptions } from "../../analysis/models/model.ts";
import { judgeConsistency } from "../../analysis/registry.ts";
import type { ModelName as Consistency } from "../../analysis/transactions/model-table.ts";
import { consistencyNames, modelsNamed } from "../../analysis/transactions/models.ts";
import { parseDurationMs } from "../../controller/plan/duration.ts";
import { UsageError } from "../../errors/errors.ts";
import { quote } from "../../errors/quote.ts";
import { unknownName } from "../../errors/suggest.ts";
import { canonical } from "../../history/canonical.ts";
import { defaultMaxHistoryBytes } from "../../history/decompressed-size.ts";
import { parseJson } from "../../history/exact-json.ts";
import type { ImportFormat } from "../../history/import/format.ts";
import { importFormats } from "../../history/import/registry.ts";
import { parseBytes } from "../size.ts";
import type { ReportWish } from "./report-target.ts";

/** The options of `keelhaul analyze`, as they were typed. */
export interface AnalyzeFlags {
  readonly format?: string;
  readonly model?: string;
  readonly initial?: string;
  readonly nilRead?: string;
  readonly independent?: true;
  readonly checker?: string;
  readonly consistency?: string;
  readonly maxHistoryBytes?: string;
  readonly report?: string | false;
  readonly checkTime?: string;
  readonly checkMemory?: string;
  readonly allViolations?: true;
  readonly bankAccounts?: string;
  readonly bankTotal?: string;
  readonly bankOverdraft?: true;
  readonly json?: true;
}

/** What was asked for; what is left out is to be guessed. Throws UsageError. */
export interface AnalyzeRequest {
  readonly format?: ImportFormat;
  readonly model?: ChosenModelName;
  readonly options: ModelOptions;
  readonly independent: boolean;
  /** Instead of a model. */
  readonly checkers?: readonly CheckerName[];
  readonly consistency?: readonly Consistency[];
  /** Of a compressed history, when it is decompressed. */
  readonly maxHistoryBytes: number;
  readonly report?: ReportWish;
  /** What the analysis may spend. */
  readonly budget: CheckerBudget;
  readonly search: SearchTerms;
  readonly bank?: BankTerms;
}

export function readFlags(flags: AnalyzeFlags): AnalyzeRequest {
  const format = flags.format === undefined ? undefined : formatNamed(flags.format);
  const model = flags.model === undefined ? undefined : modelNamed(flags.model);
  const options = {
    ...(flags.initial === undefined ? {} : { initial: parseInitial(flags.initial) }),
    ...(flags.nilRead === undefined ? {} : { nilReads: nilReads(flags.nilRead) }),
  };
  const chosen = flags.checker === undefined ? undefined : checkersNamed(flags.checker);
  const consistency = flags.consistency === undefined ? undefined : consistencyNamed(flags.consistency);
  if (chosen !== undefined && (model !== undefined || Object.keys(options).length > 0)) {
    throw new UsageError("--checker: a checker has its own model; omit --model, --initial and --nil-read");
  }
  if (chosen !== undefined && consistency !== undefined) requireConsistency(chosen.join(", "), chosen);
  return {
    ...(format === undefined ? {} : { format }),
    ...(model === undefined ? {} : { model }),
    options,
    independent: flags.independent === true,
    ...(chosen === undefined ? {} : { checkers: chosen }),
    ...(consistency === undefined ? {} : { consistency }),
    maxHistoryBytes: readMaxHistoryBytes(flags.maxHistoryBytes),
    ...(flags.report === undefined ? {} : { report: flags.report }),
    ...readCost(flags),
    ...readBank(flags),
  };
}

function readCost({ checkTime, checkMemory, allViolations }: AnalyzeFlags): Pick<AnalyzeRequest, "budget" | "search"> {
  const timeMs = checkTime === undefined ? undefined : readCheckTime(checkTime);
  const memoryMb = checkMemory === undefined ? defaultBudget.memoryMb : readCheckMemory(checkMemory);
  return {
    budget: { timeMs: timeMs ?? defaultBudget.timeMs, memoryMb },
    search: { ...(timeMs === undefined ? {} : { timeMs }), ...(allViolations === undefined ? {} : { allViolations }) },
  };
}

function readCheckTime(text: string): number {
  const timeMs = parseDurationMs(text);
  if (timeMs !== null && timeMs > 0) return timeMs;
  throw new UsageError(`--check-time: got ${quote(text)}; expected a duration such as 30s or 10m`);
}

function readCheckMemory(text: string): number {
  const bytes = parseBytes(text);
  if (bytes !== null && bytes > 0) return bytes / 1024 ** 2;
  throw new UsageError(`--check-memory: got ${quote(text)}; expected a size such as 500MB or 4GB`);
}

function readBank({ bankAccounts, bankTotal, bankOverdraft }: AnalyzeFlags): Pick<AnalyzeRequest, "bank"> {
  if (bankAccounts === undefined && bankTotal === undefined && bankOverdraft === undefined) return {};
  const total = bankTotal === undefined ? undefined : Number(bankTotal);
  if (total !== undefined && (bankTotal?.trim() === "" || !Number.isSafeInteger(total))) {
    throw new UsageError(`--bank-total: got ${quote(bankTotal)}; expected a whole number`);
  }
  return {
    bank: {
      ...(bankAccounts === undefined ? {} : { accounts: bankAccounts.split(",").map((name) => name.trim()) }),
      ...(total === undefined ? {} : { total }),
      ...(bankOverdraft === undefined ? {} : { mayOverdraw: true }),
    },
  };
}

/** The limit of a compressed history. Throws UsageError. */
export function readMaxHistoryBytes(text: string | undefined): number {
  if (text === undefined) return defaultMaxHistoryBytes;
  const bytes = /^\d+$/.test(text) ? Number(text) : parseBytes(text);
  if (bytes !== null && bytes > 0) return bytes;
  throw new UsageError(`--max-history-bytes: got ${quote(text)}; expected bytes such as 500000000, 500MB or 4GB`);
}

/** Throws UsageError when none of the checkers judges by a consistency model. */
export function requireConsistency(judged: string, names: readonly string[]): void {
  if (judgeConsistency(names)) return;
  throw new UsageError(`--consistency: no effect on ${judged}; it works with list-append and rw-register`);
}

function checkersNamed(text: string): CheckerName[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !isChecker(name));
  if (unknown === undefined) return names.filter(isChecker);
  throw new UsageError(`--checker: ${unknownName(unknown, checkerNames, `some of ${checkerNames.join(", ")}`)}`);
}

const isChecker = (name: string): name is CheckerName => (checkerNames as readonly string[]).includes(name);

function consistencyNamed(text: string): readonly Consistency[] {
  const named = modelsNamed(text);
  if ("models" in named) return named.models;
  const some = `some of ${consistencyNames.join(", ")}`;
  throw new UsageError(`--consistency: ${unknownName(named.unknown, consistencyNames, some)}`);
}

/** Transactions read nothing where there is nothing, and their lists begin empty: their checkers know no other way. */
export function refuseOptions(model: ChosenModelName, options: ModelOptions): void {
  if (!isTransactionModel(model)) return;
  if (model === "rw-register" && typeof options.initial === "object" && options.initial !== null) {
    throw new UsageError("--initial: registers of transactions begin with text, a number, a truth value or null");
  }
  const refused = Object.keys(options).filter((name) => name !== "initial" || model !== "rw-register");
  const given = refused.map((name) => (name === "initial" ? "--initial" : "--nil-read"));
  if (given.length === 0) return;
  throw new UsageError(`${given.join(" and ")}: no effect on model ${model}; omit it or choose another --model`);
}

function formatNamed(name: string): ImportFormat {
  const format = importFormats.find((known) => known.name === name);
  if (format !== undefined) return format;
  const names = importFormats.map((known) => known.name);
  throw new UsageError(`--format: ${unknownName(name, names, `one of ${formatNames}`)}`);
}

const formatNames = importFormats.map(({ name }) => name).join(", ");

function modelNamed(name: string): ChosenModelName {
  if (Object.hasOwn(modelDescriptions, name)) return name as ChosenModelName;
  const names = Object.keys(modelDescriptions);
  throw new UsageError(`--model: ${unknownName(name, names, `one of ${names.join(", ")}`)}`);
}

function parseInitial(text: string): unknown {
  try {
    return canonical(parseJson(text));
  } catch {
    throw new UsageError(`--initial: got ${quote(text)}; expected JSON, such as 0, '"text"' or '{"x":0}'`);
  }
}

function nilReads(text: string): "absent" | "unknown" {
  if (text === "absent" || text === "unknown") return text;
  throw new UsageError(`--nil-read: got ${quote(text)}; expected absent or unknown`);
}
