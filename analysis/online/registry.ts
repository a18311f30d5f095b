import type { CheckerName } from "../checker-names.ts";
import type { OnlineChecker } from "./online-checker.ts";
import { OnlineRegister } from "./register.ts";

/** Checkers that can also judge while a run goes on, by the name of the checker that judges when it is over. */
export const onlineCheckers: Partial<Readonly<Record<CheckerName, () => OnlineChecker>>> = {
  register: () => new OnlineRegister(),
};
