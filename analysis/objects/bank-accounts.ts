/** The bank that the workload sets up and the checker knows: fixed accounts, each begun with the same balance. */
export const bank = {
  accounts: ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"],
  initialBalance: 10,
  /** What all accounts hold together at any time: transfers neither make nor lose money. */
  total: 80,
  /** A transfer is refused where it would take an account below zero. */
  mayOverdraw: false,
} as const;
