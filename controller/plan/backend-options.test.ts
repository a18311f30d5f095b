import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dashed } from "../../errors/option-names.ts";
import type { BackendOption } from "../../hosts/backend-option.ts";
import { backendOptions, backends } from "../../hosts/registry.ts";
import { makePlan } from "./plan.ts";
import { planOption } from "./plan-options.ts";
import { commandLine, optionsOf } from "./repeat.ts";

test("an option of a backend is a plan's, and is in the command and the schedule file that repeat it", () => {
  const plan = makePlan({ backend: "docker", image: "registry.example:5000/my-store:1.2" }, 1);
  expect(plan.backendOptions).toEqual({ image: "registry.example:5000/my-store:1.2" });
  expect(commandLine(plan)).toContain("--backend docker --image registry.example:5000/my-store:1.2 ");
  expect(makePlan(optionsOf(plan), 1).backendOptions).toEqual(plan.backendOptions);
  expect(commandLine(makePlan({ backend: "docker" }, 1))).not.toContain("--image");
});

test("an option of a backend is refused with another backend, and checked by its schema", () => {
  expect(() => makePlan({ image: "my-store" }, 1)).toThrow(
    "--image: works only with --backend docker; this run uses local",
  );
  expect(() => makePlan({ backend: "docker", image: "-v /:/host" }, 1)).toThrow(
    '--image: got "-v /:/host"; expected the name of an image such as my-store:1.2',
  );
});

test("every option that a backend declares is a plan's, and stands in docs/backends.md", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "backends.md"), "utf8");
  const declared = backends.flatMap(({ name, options }) =>
    Object.entries<BackendOption>(options).map(([option, { argument, help, usually }]) => ({
      name,
      option,
      argument,
      help,
      usually,
    })),
  );
  expect(declared.map(({ option }) => option).sort()).toEqual(Object.keys(backendOptions).sort());
  for (const { name, option, argument, help, usually } of declared) {
    const { flag } = planOption(option as keyof typeof backendOptions);
    expect(flag).toMatchObject({ argument, help: `with --backend ${name}: ${help}`, usually });
    expect(page).toContain(`| \`--${dashed(option)} ${argument}\` | \`${name}\` | ${help} | ${usually} |`);
  }
});
