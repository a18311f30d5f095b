/** How much virtual time a search for a smaller run may take when nothing is said: this many times the run's own. */
export const usualBudgetRuns = 200;
