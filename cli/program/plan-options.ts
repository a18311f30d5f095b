import { type Command, Option } from "commander";
import { backendPlanOptions } from "../../controller/plan/backend-options.ts";
import type { OptionFlag, OptionGroup, PlanOption } from "../../controller/plan/option.ts";
import { optionNames, planOption } from "../../controller/plan/plan-options.ts";
import { dashed } from "../../errors/option-names.ts";

/** Adds the options of a plan that belong to a group of the help, in the order of their table. */
export function addPlanOptions(command: Command, group: OptionGroup): Command {
  command.optionsGroup(group);
  for (const name of optionNames) {
    const option = planOption(name);
    if (option.flag?.group !== group) continue;
    if (option.flag.argument !== undefined)
      command.addOption(optionWith(name, option.flag, helpOf(option, option.flag)));
    else addSwitch(command, dashed(name), option, option.flag);
  }
  return command;
}

/** Adds those that can be fixed for all runs of a campaign. */
export function addCampaignOptions(command: Command): Command {
  for (const name of optionNames) {
    const { flag } = planOption(name);
    if (flag?.inCampaigns === undefined) continue;
    command.addOption(optionWith(name, flag, flag.inCampaigns === true ? flag.help : flag.inCampaigns));
  }
  return command;
}

/** Adds those that backends have of their own. */
export function addBackendOptions(command: Command): Command {
  for (const [name, option] of Object.entries<PlanOption>(backendPlanOptions)) {
    if (option.flag !== undefined) command.addOption(optionWith(name, option.flag, helpOf(option, option.flag)));
  }
  return command;
}

function optionWith(name: string, { argument, parse }: OptionFlag, help: string): Option {
  const option = new Option(`--${dashed(name)} ${argument}`, help);
  return parse === undefined ? option : option.argParser(parse);
}

/**
 * A switch that is on by default is given as `--no-…`. Its opposite comes first: a `--no-…` alone would count as given
 * where it is not.
 */
function addSwitch(command: Command, flagName: string, { usual }: PlanOption, { help }: OptionFlag): void {
  if (usual !== "true") return void command.option(`--${flagName}`, help);
  command.addOption(new Option(`--${flagName}`).hideHelp()).option(`--no-${flagName}`, help);
}

function helpOf({ usual }: PlanOption, { help, usually = usual }: OptionFlag): string {
  return usually === undefined ? help : `${help} (default: ${usually})`;
}
