import { Option } from "commander";
import { collectKnobs, knobsHelp } from "../../controller/plan/option-arguments.ts";

/** `--set name=value`, for commands that start a store without a plan. */
export function knobOption(): Option {
  return new Option("--set <knob=value>", knobsHelp).argParser(collectKnobs);
}
