import type Docker from "dockerode";
import { execa } from "execa";
import type { MachineVersions } from "../../history/test-record.ts";

/** What an image consists of, so that a run can be compared with one that was made from another. */
export async function imageVersions(docker: Docker, image: string): Promise<MachineVersions> {
  const [{ Id: id }, { Version: engine }, { stdout }] = await Promise.all([
    docker.getImage(image).inspect(),
    docker.version(),
    execa("docker", ["run", "--rm", "--network", "none", image, "dpkg-query", "--show"]),
  ]);
  return { engine: `Docker Engine ${engine}`, image: { name: image, id }, packages: parsePackages(stdout) };
}

/** Lines of `PACKAGE TAB VERSION`. */
export function parsePackages(listing: string): Record<string, string> {
  const lines = listing.split("\n").filter((line) => line.includes("\t"));
  return Object.fromEntries(lines.map((line) => line.split("\t") as [string, string]));
}
