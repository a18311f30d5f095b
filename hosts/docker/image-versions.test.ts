import { expect, test } from "vitest";
import { parsePackages } from "./image-versions.ts";

test("packages are read as dpkg lists them", () => {
  expect(parsePackages("iptables\t1.8.9-2\nlibc6:amd64\t2.36-9+deb12u10\n")).toEqual({
    iptables: "1.8.9-2",
    "libc6:amd64": "2.36-9+deb12u10",
  });
});
