import { UsageError } from "../../errors/errors.ts";

/** Why a machine cannot be used, and what helps. */
export class HostProblem extends UsageError {
  readonly reason: string;
  readonly remedy: string;

  constructor(reason: string, remedy: string, options?: ErrorOptions) {
    super(`${reason}; ${remedy}`, options);
    this.reason = reason;
    this.remedy = remedy;
  }
}
